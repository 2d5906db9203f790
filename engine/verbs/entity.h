#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>
#include <tupu/value.h>

#include "storage/graph/graph_view.h"

namespace tupu {

/// The label of documents that assert facts: verbs and pictures leave its vertices out unless they are named.
inline constexpr std::string_view kSourceLabel = "Source";

/// A vertex or edge as results carry it, with all of its properties. Errors: kNotFound if it is not in `view`.
Result<Vertex> ReadVertex(const GraphView& view, VertexId id);
Result<Edge> ReadEdge(const GraphView& view, const EdgeReference& reference);
Result<Path> ReadPath(const GraphView& view, const PathReference& reference);

/// What people call a vertex: its property `name`, else `title`, `key` or `id`, else "#" and the number.
std::string CaptionOf(const Vertex& vertex);
Result<std::string> ReadCaption(const GraphView& view, VertexId id);

/// True if the vertex is a document (kSourceLabel).
Result<bool> IsSource(const GraphView& view, VertexId id);

/// Reads `step`, taken from `vertex`, as the stored edge.
inline EdgeReference ReferenceOf(VertexId vertex, const Neighbour& step) {
  return step.outgoing ? EdgeReference{step.edge, vertex, step.vertex, step.type}
                       : EdgeReference{step.edge, step.vertex, vertex, step.type};
}

/// The string, or the strings of the list, that a property holds; empty for any other value.
std::vector<std::string> TextsOf(const Map& properties, std::string_view key);

}  // namespace tupu
