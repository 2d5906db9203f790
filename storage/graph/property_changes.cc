#include "storage/graph/property_changes.h"

#include "storage/base/check.h"
#include "storage/keys/vertex_record.h"

namespace tupu {

namespace {

void VisitVertex(VertexId vertex, std::string_view record, const PropertyChangeVisitor& visit) {
  PropertyChange change{.id = ToInteger(vertex), .row = std::nullopt};
  if (record.data() != nullptr) {
    Result<VertexRecordView> view = DecodeVertexRecord(record);
    TUPU_CHECK(view.has_value());  // this process encoded it
    change.row = view->row;
    change.labels = std::move(view->labels);
  }
  visit(change);
}

void VisitEdge(EdgeTypeId type, EdgeId edge, bool deleted, std::string_view row, const PropertyChangeVisitor& visit) {
  visit({EntityKind::kEdge, type, ToInteger(edge), deleted ? std::nullopt : std::optional(row)});
}

}  // namespace

void VisitPropertyChanges(std::span<const GraphOverlay* const> overlays, const PropertyChangeVisitor& visit) {
  for (const GraphOverlay* const overlay : overlays) {
    for (const auto& [vertex, changed] : overlay->changed_vertices()) VisitVertex(vertex, changed.record, visit);
    size_t position = 0;
    for (const auto& vertex : overlay->created_vertices()) {
      if (vertex.record.data() != nullptr) VisitVertex(overlay->CreatedVertexAt(position), vertex.record, visit);
      ++position;
    }
    for (const auto& [edge, changed] : overlay->changed_edges()) {
      VisitEdge(changed.reference.type, edge, changed.deleted, changed.row, visit);
    }
    position = 0;
    for (const auto& edge : overlay->created_edges()) {
      if (!edge.deleted()) VisitEdge(edge.type, overlay->CreatedEdgeAt(position), false, edge.row, visit);
      ++position;
    }
  }
}

}  // namespace tupu
