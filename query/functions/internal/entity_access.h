#pragma once

#include <cstdint>
#include <string_view>

#include <tupu/ids.h>
#include <tupu/result.h>
#include <tupu/value.h>

namespace tupu {

class GraphView;

/// kNotFound, "EntityNotFound.DeletedEntityAccess".
Error DeletedEntity(std::string_view kind, uint64_t id);
Status CheckVertexExists(VertexId vertex, const GraphView& view);
Status CheckEdgeExists(const EdgeReference& edge, const GraphView& view);

}  // namespace tupu
