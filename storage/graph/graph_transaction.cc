#include "storage/graph/graph_transaction.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "storage/base/check.h"
#include "storage/graph/adjacency_writer.h"
#include "storage/graph/index_maintenance.h"
#include "storage/graph/index_writer.h"
#include "storage/graph/ontology_check.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

Error NoVertex(VertexId vertex) {
  return Error{ErrorCode::kNotFound, fmt::format("there is no vertex {}; it may have been deleted", ToInteger(vertex)),
               std::nullopt, "EntityNotFound.DeletedEntityAccess"};
}

Error NoEdge(EdgeId edge) {
  return Error{ErrorCode::kNotFound, fmt::format("there is no edge {}; it may have been deleted", ToInteger(edge)),
               std::nullopt, "EntityNotFound.DeletedEntityAccess"};
}

/// Sorts, drops nulls, keeps the last of equal keys, refuses what cannot be stored.
Status Prepare(Properties& properties) {
  std::erase_if(properties, [](const auto& property) { return property.second.is_null(); });
  for (const auto& [key, value] : properties) TUPU_TRY(CheckStorable(value));
  const auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
  if (!std::is_sorted(properties.begin(), properties.end(), by_key)) {
    std::stable_sort(properties.begin(), properties.end(), by_key);
  }
  const auto same_key = [](const auto& a, const auto& b) { return a.first == b.first; };
  // unique keeps the first of a run, so the order is turned for it.
  const auto kept = std::unique(properties.rbegin(), properties.rend(), same_key);
  properties.erase(properties.begin(), kept.base());
  return {};
}

struct ChangedRow {
  std::string row;
  bool changed = false;
};

/// `row` with the property set, or removed if the value is null.
Result<ChangedRow> WithProperty(std::string_view row, PropertyKeyId key, const Value& value) {
  std::string encoded;
  if (!value.is_null()) {
    TUPU_TRY(CheckStorable(value));
    AppendValue(encoded, value);
  }
  std::vector<RowEntry> entries;
  TUPU_TRY(ParseRow(row, entries));
  auto at = std::lower_bound(entries.begin(), entries.end(), key,
                             [](const RowEntry& entry, PropertyKeyId wanted) { return entry.key < wanted; });
  const bool found = at != entries.end() && at->key == key;
  ChangedRow result;
  result.changed = found ? at->value != encoded : !value.is_null();
  if (value.is_null()) {
    if (found) entries.erase(at);
  } else if (found) {
    at->value = encoded;
  } else {
    entries.insert(at, RowEntry{key, encoded});
  }
  AppendRow(result.row, entries);
  return result;
}

/// The number of properties in a row that was encoded by this process or checked before.
uint64_t CountProperties(std::string_view row) {
  std::vector<RowEntry> entries;
  return ParseRow(row, entries) ? entries.size() : 0;
}

}  // namespace

Result<std::string> StoreTransaction::GetVertexBytes(VertexId vertex) const {
  std::string buffer;
  TUPU_TRY_ASSIGN(const auto bytes, overlay_.FindVertexBytes(vertex, buffer));
  if (!bytes) return NoVertex(vertex);
  return std::string(*bytes);
}

Status StoreTransaction::RequireVertex(VertexId vertex) const {
  TUPU_TRY_ASSIGN(const bool found, overlay_.HasVertex(vertex));
  return found ? Status() : NoVertex(vertex);
}

Status StoreTransaction::CheckMayWrite() const {
  if (options_.read_only) {
    return Error{ErrorCode::kInvalidArgument, "the transaction is read-only; begin one that writes", std::nullopt,
                 "Statement.AccessMode"};
  }
  const uint64_t limit = core_->options().max_transaction_bytes;
  if (overlay_.memory_bytes() <= limit) return {};
  return Error{
      ErrorCode::kResourceExhausted,
      fmt::format("the transaction has grown above its limit of {} MiB and is not split, since a part of it would "
                  "be a state that nobody asked for; commit in between, or load files with tupu load",
                  limit >> 20)};
}

/// Counted are distinct labels that came into the graph or left it, not vertices.
void StoreTransaction::CountLabelChange(LabelId label, bool added) {
  const bool was_there = overlay_.base().counts().OfLabel(label) > 0;
  const uint64_t now = overlay_.counts().OfLabel(label);
  if (added && now == 1) was_there ? --counters_.labels_removed : ++counters_.labels_added;
  if (!added && now == 0) was_there ? ++counters_.labels_removed : --counters_.labels_added;
}

Result<VertexId> StoreTransaction::CreateVertex(std::vector<LabelId> labels, Properties properties,
                                                std::optional<ExternalId> external_id) {
  TUPU_TRY(CheckMayWrite());
  TUPU_TRY(Prepare(properties));
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  std::optional<StoredExternalId> stored_id;
  if (external_id) {
    stored_id = StoredExternalId{core_->names()->id_groups.Intern(external_id->group), external_id->id};
    TUPU_TRY_ASSIGN(const auto taken, overlay_.FindByStoredId(*stored_id));
    if (taken) {
      return Error{ErrorCode::kAlreadyExists,
                   fmt::format("the id \"{}\" of group \"{}\" belongs to vertex {} already; use another id or group",
                               external_id->id, external_id->group, ToInteger(*taken))};
    }
  }
  std::string row;
  AppendRow(row, properties);
  const VertexId vertex = overlay_.AddVertex(labels, stored_id, row);
  for (const LabelId label : labels) CountLabelChange(label, true);
  ++counters_.vertices_created;
  counters_.properties_set += properties.size();
  return vertex;
}

Status StoreTransaction::SetVertexProperty(VertexId vertex, PropertyKeyId key, Value value) {
  TUPU_TRY(CheckMayWrite());
  TUPU_TRY_ASSIGN(const std::string bytes, GetVertexBytes(vertex));
  TUPU_TRY_ASSIGN(VertexRecordView record, DecodeVertexRecord(bytes));
  TUPU_TRY_ASSIGN(const ChangedRow changed, WithProperty(record.row, key, value));
  if (!changed.changed) return {};
  record.row = changed.row;
  overlay_.ReplaceVertex(vertex, bytes, record);
  ++counters_.properties_set;
  return {};
}

Status StoreTransaction::AddLabel(VertexId vertex, LabelId label) {
  TUPU_TRY(CheckMayWrite());
  TUPU_TRY_ASSIGN(const std::string bytes, GetVertexBytes(vertex));
  TUPU_TRY_ASSIGN(VertexRecordView record, DecodeVertexRecord(bytes));
  const auto at = std::lower_bound(record.labels.begin(), record.labels.end(), label);
  if (at != record.labels.end() && *at == label) return {};
  record.labels.insert(at, label);
  overlay_.ReplaceVertex(vertex, bytes, record);
  CountLabelChange(label, true);
  return {};
}

Status StoreTransaction::RemoveLabel(VertexId vertex, LabelId label) {
  TUPU_TRY(CheckMayWrite());
  TUPU_TRY_ASSIGN(const std::string bytes, GetVertexBytes(vertex));
  TUPU_TRY_ASSIGN(VertexRecordView record, DecodeVertexRecord(bytes));
  const auto at = std::lower_bound(record.labels.begin(), record.labels.end(), label);
  if (at == record.labels.end() || *at != label) return {};
  record.labels.erase(at);
  overlay_.ReplaceVertex(vertex, bytes, record);
  CountLabelChange(label, false);
  return {};
}

Status StoreTransaction::DeleteVertex(VertexId vertex, bool detach) {
  TUPU_TRY(CheckMayWrite());
  TUPU_TRY_ASSIGN(const std::string bytes, GetVertexBytes(vertex));
  std::vector<Neighbour> steps;
  TUPU_TRY(overlay_.Expand(vertex, Direction::kBoth, {}, steps));
  if (!steps.empty() && !detach) {
    return Error{ErrorCode::kConstraint,
                 fmt::format("vertex {} still has {} edges; delete them first, or use DETACH DELETE", ToInteger(vertex),
                             steps.size()),
                 std::nullopt, "ConstraintVerificationFailed.DeleteConnectedNode"};
  }
  for (const Neighbour& step : steps) {
    TUPU_TRY(
        RemoveEdge({step.edge, step.outgoing ? vertex : step.vertex, step.outgoing ? step.vertex : vertex, step.type}));
  }
  TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(bytes));
  overlay_.RemoveVertex(vertex, bytes);
  for (const LabelId label : record.labels) CountLabelChange(label, false);
  if (overlay_.IsCreated(vertex)) {
    // Made and taken back by one transaction: no effect.
    --counters_.vertices_created;
    counters_.properties_set -= std::min(counters_.properties_set, CountProperties(record.row));
  } else {
    ++counters_.vertices_deleted;
  }
  return {};
}

bool StoreTransaction::IsSymmetric(EdgeTypeId type) {
  const auto [found, is_new] = symmetric_types_.try_emplace(type, false);
  if (is_new) found->second = overlay_.ontology().IsSymmetric(overlay_.catalog().edge_types().GetName(type));
  return found->second;
}

Result<EdgeReference> StoreTransaction::CreateEdge(VertexId start, EdgeTypeId type, VertexId end,
                                                   Properties properties) {
  TUPU_TRY(CheckMayWrite());
  TUPU_TRY(RequireVertex(start));
  TUPU_TRY(RequireVertex(end));
  TUPU_TRY(Prepare(properties));
  if (overlay_.created_edges().size() >= GraphOverlay::kMaxCreatedEdges) {
    return Error{ErrorCode::kResourceExhausted, "a transaction can create 4,294,967,295 edges; commit in between"};
  }
  if (IsSymmetric(type) && end < start) std::swap(start, end);
  std::string row;
  AppendRow(row, properties);
  const EdgeId id = overlay_.AddEdge(start, type, end, row);
  ++counters_.edges_created;
  counters_.properties_set += properties.size();
  return EdgeReference{id, start, end, type};
}

Status StoreTransaction::SetEdgeProperty(const EdgeReference& edge, PropertyKeyId key, Value value) {
  TUPU_TRY(CheckMayWrite());
  TUPU_TRY_ASSIGN(const auto row, overlay_.FindEdgeRow(edge));
  if (!row) return NoEdge(edge.id);
  TUPU_TRY_ASSIGN(const ChangedRow changed, WithProperty(*row, key, value));
  if (!changed.changed) return {};
  overlay_.ReplaceEdgeRow(edge, changed.row);
  ++counters_.properties_set;
  return {};
}

Status StoreTransaction::RemoveEdge(const EdgeReference& edge) {
  TUPU_TRY(CheckMayWrite());
  TUPU_TRY_ASSIGN(const auto row, overlay_.FindEdgeRow(edge));
  if (!row) return NoEdge(edge.id);
  overlay_.RemoveEdge(edge);
  if (overlay_.IsCreated(edge.id)) {
    --counters_.edges_created;
    counters_.properties_set -= std::min(counters_.properties_set, CountProperties(*row));
  } else {
    ++counters_.edges_deleted;
  }
  return {};
}

Status StoreTransaction::DeleteEdge(const EdgeReference& edge) {
  return RemoveEdge(edge);
}

Status StoreTransaction::SetOntology(std::string_view json) {
  TUPU_TRY(CheckMayWrite());
  TUPU_TRY_ASSIGN(Ontology parsed, Ontology::Parse(json));
  auto ontology = std::make_shared<const Ontology>(std::move(parsed));
  // The key index names labels by id, also a label that only the labels below it bring to vertices.
  for (const auto& [name, rule] : ontology->labels()) {
    if (rule.key.empty()) continue;
    InternLabel(name);
    for (const std::string& property : rule.key) InternPropertyKey(property);
  }
  std::vector<EdgeTypeId> now_symmetric;
  for (const auto& [name, rule] : ontology->edge_types()) {
    if (!rule.symmetric) continue;
    const EdgeTypeId type = InternEdgeType(name);
    if (!IsSymmetric(type) && overlay_.CountEdges(type) > 0) now_symmetric.push_back(type);
  }
  overlay_.ReplaceOntology(std::move(ontology));
  symmetric_types_.clear();
  for (const EdgeTypeId type : now_symmetric) TUPU_TRY(OrientEdgesOf(type));
  return {};
}

/// The lesser vertex id becomes the start of every edge of a type that turned symmetric. A turned edge gets a new id.
Status StoreTransaction::OrientEdgesOf(EdgeTypeId type) {
  TUPU_TRY_ASSIGN(const auto cursor, overlay_.ScanVertices(std::nullopt));
  const WriteCounters before = counters_;
  std::array<VertexId, 1024> ids;
  std::vector<Neighbour> steps;
  while (true) {
    TUPU_TRY_ASSIGN(const size_t count, cursor->Next(ids));
    if (count == 0) break;
    for (size_t i = 0; i < count; ++i) {
      steps.clear();
      TUPU_TRY(overlay_.Expand(ids[i], Direction::kOut, std::array{type}, steps));
      for (const Neighbour& step : steps) {
        if (step.vertex >= ids[i]) continue;
        const EdgeReference edge{step.edge, ids[i], step.vertex, type};
        TUPU_TRY_ASSIGN(const auto row, overlay_.FindEdgeRow(edge));
        overlay_.RemoveEdge(edge);
        overlay_.AddEdge(step.vertex, type, ids[i], row.value_or(""));
      }
    }
  }
  counters_ = before;
  return {};
}

Status StoreTransaction::Commit() {
  TUPU_CHECK(!ended_);
  const auto commit = [&]() -> Status {
    if (!overlay_.any_change()) return {};
    TUPU_TRY(CheckAgainstOntology(overlay_));
    CommitRequest request(overlay_);
    if (options_.isolation == Isolation::kSerializable) request.reads = &reads_;
    request.prepared.footprint.changes_schema = overlay_.ontology_changed();
    TUPU_TRY(PrepareVertices(overlay_, request.prepared));
    PrepareEdges(overlay_, request.prepared.footprint);
    TUPU_TRY(PrepareIndexes(overlay_, request.prepared));
    request.adjacency = DraftAdjacency(overlay_);
    return core_->Commit(request);
  };
  Status status = commit();
  End();
  return status;
}

void StoreTransaction::End() {
  if (!ended_) core_->LeaveWriter(overlay_.base().counts().commit, options_);
  ended_ = true;
}

}  // namespace tupu
