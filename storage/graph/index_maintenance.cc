#include "storage/graph/index_maintenance.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "storage/catalog/catalog.h"
#include "storage/graph/graph_overlay.h"
#include "storage/graph/index_writer.h"
#include "storage/keys/bytes.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

bool Carries(const VertexRecordView* record, LabelId label) {
  return record != nullptr && std::binary_search(record->labels.begin(), record->labels.end(), label);
}

std::string_view WordFor(EntityKind entity) {
  return entity == EntityKind::kVertex ? "vertex" : "edge";
}

std::string_view SchemaName(const SchemaTarget& target, const Catalog& names) {
  return target.entity == EntityKind::kVertex ? names.labels().GetName(target.label())
                                              : names.edge_types().GetName(target.edge_type());
}

Error Violation(std::string_view condition, std::string message) {
  return Error{ErrorCode::kConstraint, std::move(message), std::nullopt,
               fmt::format("ConstraintValidationFailed.{}", condition)};
}

}  // namespace

Status CheckConstraint(const ConstraintDefinition& constraint, const Catalog& names, uint64_t entity,
                       std::string_view row) {
  if (constraint.kind == ConstraintKind::kUnique) return {};
  for (const PropertyKeyId key : constraint.target.properties) {
    TUPU_TRY_ASSIGN(const Value value, DecodeRowProperty(row, key));
    if (value.is_null() && constraint.RequiresPresence()) {
      return Violation("MissingProperty",
                       fmt::format("{} {} of \"{}\" has no {}; the constraint \"{}\" requires it: give it a value",
                                   WordFor(constraint.target.entity), entity, SchemaName(constraint.target, names),
                                   names.property_keys().GetName(key), constraint.name));
    }
    if (!value.is_null() && constraint.kind == ConstraintKind::kType && !constraint.types.Allows(value)) {
      return Violation("PropertyType",
                       fmt::format("{} {} of \"{}\" has {} = {}; the constraint \"{}\" requires {}",
                                   WordFor(constraint.target.entity), entity, SchemaName(constraint.target, names),
                                   names.property_keys().GetName(key), value.ToString(), constraint.name,
                                   constraint.types.ToString()));
    }
  }
  return {};
}

Status IndexMaintenance::ChangeVertex(VertexId vertex, const VertexRecordView* before, const VertexRecordView* after) {
  for (const ConstraintDefinition& constraint : indexes_.constraints()) {
    if (constraint.target.entity != EntityKind::kVertex || !Carries(after, constraint.target.label())) continue;
    TUPU_TRY(CheckConstraint(constraint, names_, ToInteger(vertex), after->row));
  }
  for (const IndexDefinition& index : indexes_.indexes()) {
    if (index.target.entity != EntityKind::kVertex || !index.kept()) continue;
    const bool was = Carries(before, index.target.label());
    const bool is = Carries(after, index.target.label());
    TUPU_TRY(Change(index, ToInteger(vertex), {}, was ? &before->row : nullptr, is ? &after->row : nullptr));
  }
  return {};
}

Status IndexMaintenance::ChangeEdge(const EdgeReference& edge, const std::string_view* before,
                                    const std::string_view* after) {
  for (const ConstraintDefinition& constraint : indexes_.constraints()) {
    if (constraint.target.entity != EntityKind::kEdge || constraint.target.edge_type() != edge.type) continue;
    if (after != nullptr) TUPU_TRY(CheckConstraint(constraint, names_, ToInteger(edge.id), *after));
  }
  for (const IndexDefinition& index : indexes_.indexes()) {
    if (index.target.entity != EntityKind::kEdge || index.target.edge_type() != edge.type || !index.kept()) continue;
    TUPU_TRY(Change(index, ToInteger(edge.id), EncodeEdgeEnds(edge.start, edge.end), before, after));
  }
  return {};
}

Status IndexMaintenance::Change(const IndexDefinition& index, uint64_t entity, std::string ends,
                                const std::string_view* before, const std::string_view* after) {
  std::optional<std::string> old_values;
  std::optional<std::string> new_values;
  if (before != nullptr) {
    TUPU_TRY_ASSIGN(old_values, IndexedValues(index, *before));
  }
  if (after != nullptr) {
    TUPU_TRY_ASSIGN(new_values, IndexedValues(index, *after));
  }
  if (old_values == new_values) return {};
  if (old_values) {
    std::string key = IndexEntryKey(index.id, *old_values, entity);
    if (index.unique) {
      unique_items_.push_back(ItemOf(ItemKind::kKey, std::string_view(key).substr(0, key.size() - 8)));
      released_.insert(key);
    }
    writes_.push_back({Keyspace::kIndex, std::move(key), std::nullopt});
  }
  return new_values ? Take(index, entity, std::move(ends), *new_values) : Status();
}

Status IndexMaintenance::Take(const IndexDefinition& index, uint64_t entity, std::string ends,
                              const std::string& values) {
  std::string key = IndexEntryKey(index.id, values, entity);
  if (index.unique) {
    const std::string shared = key.substr(0, key.size() - 8);
    unique_items_.push_back(ItemOf(ItemKind::kKey, shared));
    const auto [found, is_new] = claims_.try_emplace(shared, Claim{&index, entity});
    if (!is_new && found->second.entity != entity)
      return DuplicateEntries(index, names_, IndexEntryKey(index.id, values, found->second.entity), key);
  }
  writes_.push_back({Keyspace::kIndex, std::move(key), std::move(ends)});
  return {};
}

Status IndexMaintenance::BuildVertex(const IndexDefinition& index, VertexId vertex, std::string_view row) {
  return Change(index, ToInteger(vertex), {}, nullptr, &row);
}
Status IndexMaintenance::BuildEdge(const IndexDefinition& index, const EdgeReference& edge, std::string_view row) {
  return Change(index, ToInteger(edge.id), EncodeEdgeEnds(edge.start, edge.end), nullptr, &row);
}

Status IndexMaintenance::CheckClaim(const std::string& shared, const Claim& claim) const {
  std::optional<std::string> other;
  TUPU_TRY(base_.Scan(Keyspace::kIndex, shared, PrefixUpperBound(shared).value_or(""),
                      [&](std::string_view entry, std::string_view) {
                        const Result<VertexId> owner = DecodeVertexEntry(entry);
                        const bool own = owner && ToInteger(*owner) == claim.entity;
                        if (!own && !released_.contains(std::string(entry))) other = std::string(entry);
                        return !other.has_value();
                      }));
  if (!other) return {};
  std::string key = shared;
  AppendU64(key, claim.entity);
  return DuplicateEntries(*claim.index, names_, *other, key);
}

Status IndexMaintenance::Finish(std::vector<KvWrite>& batch) {
  for (const auto& [key, claim] : claims_) TUPU_TRY(CheckClaim(key, claim));
  batch.insert(batch.end(), std::make_move_iterator(writes_.begin()), std::make_move_iterator(writes_.end()));
  writes_.clear();
  return {};
}

Error DuplicateEntries(const IndexDefinition& index, const Catalog& names, std::string_view first_key,
                       std::string_view second_key) {
  std::vector<std::string> values;
  if (const auto decoded = DecodeEntryValues(first_key, index.target.properties.size())) {
    for (size_t i = 0; i < decoded->size(); ++i)
      values.push_back(
          fmt::format("{}: {}", names.property_keys().GetName(index.target.properties[i]), (*decoded)[i].ToString()));
  }
  const auto entity = [](std::string_view key) {
    const Result<VertexId> id = DecodeVertexEntry(key);
    return id ? ToInteger(*id) : 0;
  };
  return Violation(
      "Uniqueness",
      fmt::format("{} {} and {} of \"{}\" have the same {{{}}}; the constraint \"{}\" forbids it: change "
                  "one, or merge them",
                  index.target.entity == EntityKind::kVertex ? "vertices" : "edges",
                  std::min(entity(first_key), entity(second_key)), std::max(entity(first_key), entity(second_key)),
                  SchemaName(index.target, names), fmt::join(values, ", "), index.name));
}

namespace {

/// The property row of a stored edge before the transaction changed it.
Result<std::string> StoredRow(const GraphOverlay& overlay, const EdgeReference& edge) {
  TUPU_TRY_ASSIGN(const Properties properties, overlay.base().EdgeProperties(edge));
  std::string row;
  AppendRow(row, properties);
  return row;
}

Status MaintainVertex(VertexId vertex, std::string_view before, std::string_view after, IndexMaintenance& maintenance) {
  VertexRecordView old_record;
  VertexRecordView new_record;
  if (!before.empty()) {
    TUPU_TRY_ASSIGN(old_record, DecodeVertexRecord(before));
  }
  if (!after.empty()) {
    TUPU_TRY_ASSIGN(new_record, DecodeVertexRecord(after));
  }
  return maintenance.ChangeVertex(vertex, before.empty() ? nullptr : &old_record,
                                  after.empty() ? nullptr : &new_record);
}

Status MaintainVertices(const GraphOverlay& overlay, IndexMaintenance& maintenance) {
  size_t position = 0;
  for (const auto& created : overlay.created_vertices()) {
    TUPU_TRY(MaintainVertex(overlay.CreatedVertexAt(position++), {}, created.record, maintenance));
  }
  for (const auto& [vertex, changed] : overlay.changed_vertices()) {
    TUPU_TRY(MaintainVertex(vertex, changed.before, changed.record, maintenance));
  }
  return {};
}

Status MaintainEdges(const GraphOverlay& overlay, IndexMaintenance& maintenance) {
  size_t position = 0;
  for (const auto& edge : overlay.created_edges()) {
    const EdgeReference reference{overlay.CreatedEdgeAt(position++), edge.start, edge.end, edge.type};
    if (!edge.deleted()) TUPU_TRY(maintenance.ChangeEdge(reference, nullptr, &edge.row));
  }
  for (const auto& [edge_id, changed] : overlay.changed_edges()) {
    TUPU_TRY_ASSIGN(const std::string before, StoredRow(overlay, changed.reference));
    const std::string_view before_row = before;
    TUPU_TRY(maintenance.ChangeEdge(changed.reference, &before_row, changed.deleted ? nullptr : &changed.row));
  }
  return {};
}

}  // namespace

Status PrepareIndexes(const GraphOverlay& overlay, PreparedCommit& commit) {
  const IndexCatalog& indexes = overlay.base().indexes();
  if (indexes.empty()) return {};
  IndexMaintenance maintenance(overlay.base().kv(), indexes, overlay.catalog());
  if (indexes.Concerns(EntityKind::kVertex)) TUPU_TRY(MaintainVertices(overlay, maintenance));
  if (indexes.Concerns(EntityKind::kEdge)) TUPU_TRY(MaintainEdges(overlay, maintenance));
  TUPU_TRY(maintenance.Finish(commit.writes));
  commit.footprint.writes.insert(commit.footprint.writes.end(), maintenance.unique_items().begin(),
                                 maintenance.unique_items().end());
  return {};
}

}  // namespace tupu
