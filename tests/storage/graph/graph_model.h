#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "storage/graph/graph_view.h"

namespace tupu {

/// The slow, obvious property graph that the store is compared with.
struct GraphModel {
  struct VertexState {
    std::set<LabelId> labels;
    std::map<PropertyKeyId, Value> properties;
    std::optional<ExternalId> external_id;
  };
  struct EdgeState {
    VertexId start;
    EdgeTypeId type;
    VertexId end;
    std::map<PropertyKeyId, Value> properties;
  };
  std::map<VertexId, VertexState> vertices;
  std::map<EdgeId, EdgeState> edges;

  std::vector<Neighbour> Expand(VertexId vertex, Direction direction, const std::vector<EdgeTypeId>& types) const;
  std::vector<VertexId> WithLabel(std::optional<LabelId> label) const;
  std::vector<VertexId> WithName(PropertyKeyId name, PropertyKeyId aliases, const std::string& text) const;
};

/// Every question that a view answers, asked of both; failures are reported to the running test.
void ExpectSame(const GraphModel& model, const GraphView& view);

}  // namespace tupu
