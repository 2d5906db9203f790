#include "storage/graph/graph_view.h"

#include <array>

#include "storage/columns/property_cache.h"
#include "storage/csr/topology.h"

namespace tupu {

Status GraphView::ExpandBatch(std::span<const VertexId> vertices, Direction direction,
                              std::span<const EdgeTypeId> types, size_t max_steps, NeighbourLists& out) const {
  out.Clear();
  out.offsets.push_back(0);
  for (const VertexId vertex : vertices) {
    TUPU_TRY(Expand(vertex, direction, types, out.neighbours));
    out.offsets.push_back(out.neighbours.size());
    if (out.neighbours.size() >= max_steps) break;
  }
  return {};
}

Status GraphView::VisitSteps(Direction direction, std::span<const EdgeTypeId> types,
                             const std::function<Status(VertexId, std::span<const Neighbour>)>& visit) const {
  TUPU_TRY_ASSIGN(const std::unique_ptr<VertexCursor> cursor, ScanVertices(std::nullopt));
  std::array<VertexId, 256> batch;
  NeighbourLists lists;
  while (true) {
    TUPU_TRY_ASSIGN(const size_t count, cursor->Next(batch));
    if (count == 0) return {};
    TUPU_TRY(ExpandBatch(std::span(batch).first(count), direction, types, SIZE_MAX, lists));
    for (size_t i = 0; i < count; ++i) {
      if (!lists[i].empty()) TUPU_TRY(visit(batch[i], lists[i]));
    }
  }
}

Status GraphView::ExpandTargets(std::span<const VertexId> vertices, Direction direction,
                                std::span<const EdgeTypeId> types, size_t max_steps, TargetLists& out) const {
  NeighbourLists lists;
  TUPU_TRY(ExpandBatch(vertices, direction, types, max_steps, lists));
  out.offsets = std::move(lists.offsets);
  out.targets.clear();
  for (const Neighbour& step : lists.neighbours) out.targets.push_back(step.vertex);
  return {};
}

Status GraphView::Degrees(std::span<const VertexId> vertices, Direction direction, std::span<const EdgeTypeId> types,
                          std::span<uint64_t> out) const {
  for (size_t i = 0; i < vertices.size(); ++i) {
    TUPU_TRY_ASSIGN(out[i], Degree(vertices[i], direction, types));
  }
  return {};
}

Status GraphView::ReadLabel(std::span<const VertexId> ids, LabelId label, std::span<uint8_t> out) const {
  for (size_t i = 0; i < ids.size(); ++i) {
    TUPU_TRY_ASSIGN(const std::vector<LabelId> labels, VertexLabels(ids[i]));
    out[i] = std::find(labels.begin(), labels.end(), label) != labels.end() ? 1 : 0;
  }
  return {};
}

Status GraphView::ReadVertexProperty(std::span<const VertexId> ids, PropertyKeyId key, PropertySink& out) const {
  for (const VertexId id : ids) {
    TUPU_TRY_ASSIGN(const Value value, VertexProperty(id, key));
    out.Append(value);
  }
  return {};
}

Status GraphView::ReadEdgeProperty(std::span<const EdgeReference> edges, PropertyKeyId key, PropertySink& out) const {
  for (const EdgeReference& edge : edges) {
    TUPU_TRY_ASSIGN(const Value value, EdgeProperty(edge, key));
    out.Append(value);
  }
  return {};
}

std::vector<PropertyForm> GraphView::PropertyForms() const {
  return {};
}

std::vector<AdjacencyForm> GraphView::AdjacencyForms() const {
  return {};
}

}  // namespace tupu
