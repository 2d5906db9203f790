#include "storage/graph/ontology_check.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "storage/keys/property_row.h"

namespace tupu {

namespace {

class OntologyCheck {
 public:
  explicit OntologyCheck(const GraphOverlay& overlay) : overlay_(overlay), ontology_(overlay.ontology()) {}

  Status CheckTouched() {
    size_t position = 0;
    for (const auto& created : overlay_.created_vertices()) {
      if (created.record.data() != nullptr) TUPU_TRY(CheckVertex(overlay_.CreatedVertexAt(position), created.record));
      ++position;
    }
    for (const auto& [vertex, changed] : overlay_.changed_vertices()) {
      if (changed.record.data() != nullptr) TUPU_TRY(CheckChanged(vertex, changed));
    }
    position = 0;
    for (const auto& edge : overlay_.created_edges()) {
      if (!edge.deleted()) {
        TUPU_TRY(CheckEdge({overlay_.CreatedEdgeAt(position), edge.start, edge.end, edge.type}, edge.row));
      }
      ++position;
    }
    for (const auto& [edge_id, changed] : overlay_.changed_edges()) {
      if (!changed.deleted) TUPU_TRY(CheckEdge(changed.reference, changed.row));
    }
    return {};
  }

  Status CheckAll() {
    return overlay_.VisitVertices([&](VertexId vertex, std::string_view bytes) -> Status {
      TUPU_TRY(CheckVertex(vertex, bytes));
      return CheckEdgesOf(vertex, Direction::kOut);
    });
  }

 private:
  Status CheckChanged(VertexId vertex, const GraphOverlay::ChangedVertex& changed) {
    TUPU_TRY(CheckVertex(vertex, changed.record));
    TUPU_TRY_ASSIGN(const VertexRecordView before, DecodeVertexRecord(changed.before));
    TUPU_TRY_ASSIGN(const VertexRecordView after, DecodeVertexRecord(changed.record));
    return before.labels == after.labels ? Status() : CheckEdgesOf(vertex, Direction::kBoth);
  }

  Status CheckEdgesOf(VertexId vertex, Direction direction) {
    std::vector<Neighbour> steps;
    TUPU_TRY(overlay_.Expand(vertex, direction, {}, steps));
    for (const Neighbour& step : steps) {
      if (!IsDeclared(step.type)) continue;
      const EdgeReference edge{step.edge, step.outgoing ? vertex : step.vertex, step.outgoing ? step.vertex : vertex,
                               step.type};
      TUPU_TRY_ASSIGN(const auto row, overlay_.FindEdgeRow(edge));
      TUPU_TRY(CheckEdge(edge, row.value_or("")));
    }
    return {};
  }

  Status CheckVertex(VertexId vertex, std::string_view bytes) {
    TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(bytes));
    const std::vector<std::string>& labels = NamesOf(record.labels);
    const bool declared = std::any_of(labels.begin(), labels.end(),
                                      [&](const std::string& label) { return ontology_.FindLabel(label) != nullptr; });
    if (!declared) return {};
    TUPU_TRY_ASSIGN(const Map properties, ToMap(record.row));
    const Status status = ontology_.CheckVertex(labels, properties);
    return status ? status : Named(status.error(), DescribeVertex(vertex, properties));
  }

  Status CheckEdge(const EdgeReference& edge, std::string_view row) {
    if (!IsDeclared(edge.type)) return {};
    TUPU_TRY_ASSIGN(const std::vector<LabelId> start_labels, overlay_.VertexLabels(edge.start));
    TUPU_TRY_ASSIGN(const std::vector<LabelId> end_labels, overlay_.VertexLabels(edge.end));
    TUPU_TRY_ASSIGN(const Map properties, ToMap(row));
    const Status status = ontology_.CheckEdge(overlay_.catalog().edge_types().GetName(edge.type), NamesOf(start_labels),
                                              NamesOf(end_labels), properties);
    if (status) return status;
    TUPU_TRY_ASSIGN(const std::string start, DescribeStored(edge.start));
    TUPU_TRY_ASSIGN(const std::string end, DescribeStored(edge.end));
    return Named(status.error(), fmt::format("edge {} from {} to {}", ToInteger(edge.id), start, end));
  }

  bool IsDeclared(EdgeTypeId type) {
    const auto [found, is_new] = declared_types_.try_emplace(type, false);
    if (is_new) {
      found->second = ontology_.FindEdgeType(overlay_.catalog().edge_types().GetName(type)) != nullptr;
    }
    return found->second;
  }

  /// Label sets are few: their names are looked up once.
  const std::vector<std::string>& NamesOf(const std::vector<LabelId>& labels) {
    const auto [found, is_new] = label_names_.try_emplace(labels);
    if (is_new) {
      for (const LabelId label : labels) found->second.emplace_back(overlay_.catalog().labels().GetName(label));
    }
    return found->second;
  }

  Result<Map> ToMap(std::string_view row) const {
    TUPU_TRY_ASSIGN(const Properties properties, DecodeRow(row));
    Map map;
    for (const auto& [key, value] : properties) {
      map.emplace(std::string(overlay_.catalog().property_keys().GetName(key)), value);
    }
    return map;
  }

  static Error Named(const Error& error, const std::string& entity) {
    Error named = error;
    named.message = fmt::format("{}: {}", entity, error.message);
    return named;
  }

  static std::string DescribeVertex(VertexId vertex, const Map& properties) {
    const auto name = properties.find("name");
    if (name == properties.end()) return fmt::format("vertex {}", ToInteger(vertex));
    return fmt::format("vertex {} {}", ToInteger(vertex), name->second.ToString());
  }

  Result<std::string> DescribeStored(VertexId vertex) const {
    TUPU_TRY_ASSIGN(const auto record, overlay_.FindVertex(vertex));
    Map name;
    if (const auto key = overlay_.catalog().property_keys().Find("name"); key && record) {
      if (const Value* value = FindProperty(record->properties, *key)) name.emplace("name", *value);
    }
    return DescribeVertex(vertex, name);
  }

  const GraphOverlay& overlay_;
  const Ontology& ontology_;
  std::map<EdgeTypeId, bool> declared_types_;
  std::map<std::vector<LabelId>, std::vector<std::string>> label_names_;
};

}  // namespace

Status CheckAgainstOntology(const GraphOverlay& overlay) {
  if (overlay.ontology().empty()) return {};
  OntologyCheck check(overlay);
  return overlay.ontology_changed() ? check.CheckAll() : check.CheckTouched();
}

}  // namespace tupu
