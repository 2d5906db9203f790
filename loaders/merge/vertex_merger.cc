#include "loaders/merge/vertex_merger.h"

#include <algorithm>

#include <fmt/format.h>

#include "loaders/merge/property_merge.h"
#include "storage/base/check.h"
#include "storage/catalog/catalog.h"
#include "storage/ontology/ontology.h"

namespace tupu {

Error IdGivenTwice(std::string_view id, std::string_view group, const RowPlace& first,
                   const std::deque<std::string>& file_names) {
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the id \"{}\" of group \"{}\" was given at {}:{} already; keep one of the rows", id, group,
                           file_names[first.file], first.line)};
}

VertexMerger::VertexMerger(GraphTransaction& transaction, const Ontology& ontology,
                           const std::deque<std::string>& file_names)
    : transaction_(transaction), ontology_(ontology), file_names_(file_names) {
  store_has_vertices_ = transaction.view().CountVertices(std::nullopt) > 0;
  united_ = {transaction.InternPropertyKey("sources"), transaction.InternPropertyKey("aliases")};
}

uint32_t VertexMerger::GroupIndex(std::string_view name) {
  for (size_t i = 0; i < groups_.size(); ++i) {
    if (groups_[i].name == name) return static_cast<uint32_t>(i);
  }
  groups_.push_back({std::string(name), {}});
  return static_cast<uint32_t>(groups_.size() - 1);
}

Status VertexMerger::Merge(const VertexRow& row) {
  TUPU_TRY_ASSIGN(Entry* const entry, FindEntry(row.group, row.id));
  if (entry == nullptr) return Create(row);
  if (entry->has_place && entry->place.data_set == row.place.data_set) {
    return IdGivenTwice(row.id, GroupName(row.group), entry->place, file_names_);
  }
  TUPU_TRY(MergeKnown(entry->vertex, row));
  entry->has_place = true;
  entry->place = row.place;
  return {};
}

Status VertexMerger::Create(const VertexRow& row) {
  TUPU_TRY(Check(row, row.labels, row.properties));
  TUPU_TRY_ASSIGN(
      const VertexId vertex,
      transaction_.CreateVertex(row.labels, row.properties, ExternalId{GroupName(row.group), std::string(row.id)}));
  Entry& entry = Remember(row.group, row.id, vertex);
  entry.has_place = true;
  entry.place = row.place;
  ++counts_.created;
  return {};
}

Status VertexMerger::MergeKnown(VertexId vertex, const VertexRow& row) {
  const auto pending = pending_.find(vertex);
  VertexRecord record;
  if (pending != pending_.end()) {
    record = pending->second.record;
  } else {
    TUPU_TRY_ASSIGN(std::optional<VertexRecord> stored, transaction_.view().FindVertex(vertex));
    TUPU_CHECK(stored.has_value());
    record = std::move(*stored);
  }
  const size_t labels_before = record.labels.size();
  std::vector<LabelId> labels;
  std::set_union(record.labels.begin(), record.labels.end(), row.labels.begin(), row.labels.end(),
                 std::back_inserter(labels));
  record.labels = std::move(labels);
  const bool changed = MergeProperties(record.properties, row.properties, united_);
  if (!changed && record.labels.size() == labels_before) {
    ++(pending == pending_.end() ? counts_.unchanged : pending->second.rows);
    return {};
  }
  TUPU_TRY(Check(row, record.labels, record.properties));
  Pending& slot = pending_[vertex];
  slot.record = std::move(record);
  ++slot.rows;
  return {};
}

Status VertexMerger::Flush() {
  for (const auto& [vertex, pending] : pending_) TUPU_TRY(Write(vertex, pending.record, pending.rows));
  pending_.clear();
  return {};
}

Status VertexMerger::Write(VertexId vertex, const VertexRecord& record, uint64_t rows) {
  TUPU_TRY_ASSIGN(const std::optional<VertexRecord> stored, transaction_.view().FindVertex(vertex));
  TUPU_CHECK(stored.has_value());
  bool changed = false;
  for (const LabelId label : record.labels) {
    if (std::binary_search(stored->labels.begin(), stored->labels.end(), label)) continue;
    TUPU_TRY(transaction_.AddLabel(vertex, label));
    changed = true;
  }
  for (const auto& [key, value] : record.properties) {
    const Value* before = FindProperty(stored->properties, key);
    if (before != nullptr && *before == value) continue;
    TUPU_TRY(transaction_.SetVertexProperty(vertex, key, value));
    changed = true;
  }
  (changed ? counts_.merged : counts_.unchanged) += rows;
  return {};
}

Status VertexMerger::Check(const VertexRow& row, const std::vector<LabelId>& labels, const Properties& properties) {
  if (ontology_.labels().empty()) return {};
  const std::vector<std::string>& names = NamesOf(labels);
  const bool declared = std::any_of(names.begin(), names.end(),
                                    [&](const std::string& name) { return ontology_.FindLabel(name) != nullptr; });
  if (!declared) return {};
  const Map named = NamedProperties(transaction_.view().catalog(), properties);
  TUPU_TRY(ontology_.CheckVertex(names, named));
  return TakeKeys(row, names, named);
}

Status VertexMerger::TakeKeys(const VertexRow& row, const std::vector<std::string>& labels, const Map& properties) {
  std::vector<std::string> taken;
  for (const auto& [label, rule] : ontology_.labels()) {
    const bool carried = !rule.key.empty() && std::any_of(labels.begin(), labels.end(), [&](const std::string& own) {
      return ontology_.IsA(own, label);
    });
    if (!carried) continue;
    List values;
    for (const std::string& name : rule.key) values.push_back(properties.at(name));
    std::string key = label + '\0' + Value(std::move(values)).ToString();
    const auto owner = key_owners_.find(key);
    if (owner != key_owners_.end() && (owner->second.group != row.group || owner->second.id != row.id)) {
      return Error{
          ErrorCode::kConstraint,
          fmt::format("the key {} of label \"{}\" was given to the vertex \"{}\" at {}:{} already; give both rows the "
                      "same id, or mend the key",
                      key.substr(label.size() + 1), label, owner->second.id, file_names_[owner->second.place.file],
                      owner->second.place.line)};
    }
    taken.push_back(std::move(key));
  }
  for (std::string& key : taken)
    key_owners_.try_emplace(std::move(key), KeyOwner{row.group, std::string(row.id), row.place});
  return {};
}

const std::vector<std::string>& VertexMerger::NamesOf(const std::vector<LabelId>& labels) {
  const auto [entry, is_new] = label_names_.try_emplace(labels);
  if (is_new) {
    for (const LabelId label : labels)
      entry->second.emplace_back(transaction_.view().catalog().labels().GetName(label));
  }
  return entry->second;
}

VertexMerger::Entry& VertexMerger::Remember(uint32_t group, std::string_view id, VertexId vertex) {
  ids_.emplace_back(id);
  Entry& entry = groups_[group].entries[ids_.back()];
  entry.vertex = vertex;
  return entry;
}

Result<VertexMerger::Entry*> VertexMerger::FindEntry(uint32_t group, std::string_view id) {
  auto& entries = groups_[group].entries;
  if (const auto found = entries.find(id); found != entries.end()) return &found->second;
  if (!store_has_vertices_) return nullptr;
  TUPU_TRY_ASSIGN(const std::optional<VertexId> stored,
                  transaction_.view().FindByExternalId({GroupName(group), std::string(id)}));
  if (!stored) return nullptr;
  return &Remember(group, id, *stored);
}

Result<std::optional<VertexId>> VertexMerger::Resolve(uint32_t group, std::string_view id) {
  TUPU_TRY_ASSIGN(const Entry* const entry, FindEntry(group, id));
  if (entry == nullptr) return std::optional<VertexId>();
  return std::optional(entry->vertex);
}

Result<const std::vector<std::string>*> VertexMerger::LabelNames(VertexId vertex) {
  const std::vector<std::string>*& names = labels_of_vertex_[ToInteger(vertex)];
  if (names == nullptr) {
    TUPU_TRY_ASSIGN(const std::vector<LabelId> labels, transaction_.view().VertexLabels(vertex));
    names = &NamesOf(labels);
  }
  return names;
}

}  // namespace tupu
