#include "storage/graph/graph_overlay.h"

#include <algorithm>
#include <array>
#include <functional>

#include "storage/base/check.h"
#include "storage/graph/declared_keys.h"
#include "storage/graph/index_reader.h"
#include "storage/keys/bytes.h"
#include "storage/keys/property_row.h"
#include "storage/text/normalize.h"

namespace tupu {

namespace {

std::string ExternalIdMapKey(const StoredExternalId& id) {
  return ExternalIdKey(id.group, id.id);
}

KeyRange OneKey(std::string key) {
  KeyRange range{key, std::move(key)};
  range.end += '\0';
  return range;
}

void AppendNames(std::vector<std::string>& names, const Value& value) {
  if (value.type() == ValueType::kString) {
    names.push_back(NormalizeName(value.AsString()));
  } else if (value.type() == ValueType::kList) {
    for (const Value& element : value.AsList()) {
      if (element.type() == ValueType::kString) names.push_back(NormalizeName(element.AsString()));
    }
  }
}

}  // namespace

Result<std::vector<std::string>> IndexedNames(const Catalog& catalog, std::string_view row) {
  std::vector<std::string> names;
  for (const std::string_view property : {"name", "aliases"}) {
    const std::optional<PropertyKeyId> key = catalog.property_keys().Find(property);
    if (!key) continue;
    TUPU_TRY_ASSIGN(const Value value, DecodeRowProperty(row, *key));
    AppendNames(names, value);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (!names.empty() && names.front().empty()) names.erase(names.begin());
  return names;
}

GraphOverlay::GraphOverlay(std::shared_ptr<const GraphSnapshot> base, std::shared_ptr<StoreNames> names, EntityIds& ids,
                           ReadSet* reads)
    : base_(std::move(base)),
      names_(std::move(names)),
      reads_(reads),
      ontology_(base_->shared_ontology()),
      counts_(base_->counts()),
      vertex_ids_(ids.vertices),
      edge_ids_(ids.edges) {}

bool GraphOverlay::any_change() const {
  return ontology_changed_ || !created_vertices_.empty() || !changed_vertices_.empty() || !created_edges_.empty() ||
         !changed_edges_.empty();
}

uint64_t GraphOverlay::memory_bytes() const {
  constexpr uint64_t kMapNode = 32;  // beside the element: its links, its part of the table
  return arena_.size() + created_vertices_.size() * (sizeof(CreatedVertex) + sizeof(VertexId)) +
         created_edges_.size() * sizeof(CreatedEdge) + changed_vertices_.size() * (sizeof(ChangedVertex) + kMapNode) +
         changed_edges_.size() * (sizeof(ChangedEdge) + kMapNode) + chains_.size() * (sizeof(Chain) + kMapNode) +
         external_ids_.size() * (sizeof(std::string) + sizeof(VertexId) + 2 * kMapNode);
}

// --- Writing ---

void GraphOverlay::CountLabels(const std::vector<LabelId>& labels, int64_t change) {
  for (const LabelId label : labels) counts_.AddToLabel(label, change);
}

VertexId GraphOverlay::AddVertex(const std::vector<LabelId>& labels, const std::optional<StoredExternalId>& external_id,
                                 std::string_view row) {
  const auto id = static_cast<VertexId>(vertex_ids_.Append());
  std::string record;
  AppendVertexRecord(record, labels, external_id, row);
  created_vertices_.push_back({arena_.Add(record), kNone, kNone});
  record_log_.push_back(id);
  if (external_id) external_ids_[ExternalIdMapKey(*external_id)] = id;
  for (const LabelId label : labels) gained_[label].push_back(id);
  CountLabels(labels, +1);
  ++counts_.vertices;
  return id;
}

void GraphOverlay::ReplaceVertex(VertexId vertex, std::string_view before, const VertexRecordView& record) {
  const Result<VertexRecordView> old = DecodeVertexRecord(before);
  TUPU_CHECK(old.has_value());  // the caller decoded it
  CountLabels(old->labels, -1);
  CountLabels(record.labels, +1);
  for (const LabelId label : record.labels) {
    if (!std::binary_search(old->labels.begin(), old->labels.end(), label)) gained_[label].push_back(vertex);
  }
  std::string bytes;
  AppendVertexRecord(bytes, record.labels, record.external_id, record.row);
  const std::string_view stored = arena_.Add(bytes);
  if (const auto position = vertex_ids_.PositionOf(ToInteger(vertex))) {
    created_vertices_[*position].record = stored;
  } else {
    const auto [found, is_new] = changed_vertices_.try_emplace(vertex);
    if (is_new) found->second.before = arena_.Add(before);
    found->second.record = stored;
  }
  record_log_.push_back(vertex);
}

void GraphOverlay::RemoveVertex(VertexId vertex, std::string_view before) {
  const Result<VertexRecordView> old = DecodeVertexRecord(before);
  TUPU_CHECK(old.has_value());
  CountLabels(old->labels, -1);
  --counts_.vertices;
  if (old->external_id) external_ids_[ExternalIdMapKey(*old->external_id)] = std::nullopt;
  if (const auto position = vertex_ids_.PositionOf(ToInteger(vertex))) {
    created_vertices_[*position].record = {};
    return;
  }
  const auto [found, is_new] = changed_vertices_.try_emplace(vertex);
  if (is_new) found->second.before = arena_.Add(before);
  found->second.record = {};
}

uint32_t& GraphOverlay::ChainHead(VertexId vertex, AdjacencySide side) {
  if (const auto position = vertex_ids_.PositionOf(ToInteger(vertex))) {
    CreatedVertex& created = created_vertices_[*position];
    return side == AdjacencySide::kOut ? created.first_out : created.first_in;
  }
  Chain& chain = chains_[vertex];
  return side == AdjacencySide::kOut ? chain.first_out : chain.first_in;
}

EdgeId GraphOverlay::AddEdge(VertexId start, EdgeTypeId type, VertexId end, std::string_view row) {
  const auto id = static_cast<EdgeId>(edge_ids_.Append());
  const auto position = static_cast<uint32_t>(created_edges_.size());
  uint32_t& out = ChainHead(start, AdjacencySide::kOut);
  CreatedEdge edge{start, end, type, out, kNone, arena_.Add(row)};
  out = position;
  uint32_t& in = ChainHead(end, AdjacencySide::kIn);
  edge.next_in = in;
  in = position;
  created_edges_.push_back(edge);
  ++counts_.edges;
  counts_.AddToType(type, +1);
  return id;
}

void GraphOverlay::ReplaceEdgeRow(const EdgeReference& edge, std::string_view row) {
  const std::string_view stored = arena_.Add(row);
  edge_row_log_.push_back(edge.id);
  if (const auto position = edge_ids_.PositionOf(ToInteger(edge.id))) {
    created_edges_[*position].row = stored;
  } else {
    changed_edges_[edge.id] = {edge, false, stored};
  }
}

void GraphOverlay::RemoveEdge(const EdgeReference& edge) {
  if (const auto position = edge_ids_.PositionOf(ToInteger(edge.id))) {
    created_edges_[*position].row = {};
  } else {
    changed_edges_[edge.id] = {edge, true, {}};
    ++deleted_stored_edges_;
  }
  --counts_.edges;
  counts_.AddToType(edge.type, -1);
}

// --- Vertices ---

const GraphOverlay::CreatedVertex* GraphOverlay::Created(VertexId id) const {
  const auto position = vertex_ids_.PositionOf(ToInteger(id));
  return position ? &created_vertices_[*position] : nullptr;
}

const GraphOverlay::CreatedEdge* GraphOverlay::Created(EdgeId id) const {
  const auto position = edge_ids_.PositionOf(ToInteger(id));
  return position ? &created_edges_[*position] : nullptr;
}

Result<std::optional<std::string_view>> GraphOverlay::FindVertexBytes(VertexId id, std::string& buffer) const {
  const auto unless_deleted = [](std::string_view record) {
    return record.data() == nullptr ? std::nullopt : std::optional(record);
  };
  if (const CreatedVertex* created = Created(id)) return unless_deleted(created->record);
  if (const auto changed = changed_vertices_.find(id); changed != changed_vertices_.end()) {
    return unless_deleted(changed->second.record);
  }
  TUPU_TRY_ASSIGN(auto bytes, base_->FindVertexBytes(id));
  if (!bytes) return std::optional<std::string_view>();
  buffer = std::move(*bytes);
  return std::optional(std::string_view(buffer));
}

Status GraphOverlay::VisitVertices(const std::function<Status(VertexId, std::string_view)>& visit) const {
  TUPU_TRY_ASSIGN(const auto cursor, ScanVertices(std::nullopt));
  std::array<VertexId, 1024> ids;
  std::string buffer;
  while (true) {
    TUPU_TRY_ASSIGN(const size_t count, cursor->Next(ids));
    if (count == 0) return {};
    for (size_t i = 0; i < count; ++i) {
      TUPU_TRY_ASSIGN(const auto bytes, FindVertexBytes(ids[i], buffer));
      if (bytes) TUPU_TRY(visit(ids[i], *bytes));
    }
  }
}

Result<bool> GraphOverlay::HasVertex(VertexId id) const {
  NoteRead(ItemKind::kVertexShape, ToInteger(id));
  if (const CreatedVertex* created = Created(id)) return created->record.data() != nullptr;
  if (const auto changed = changed_vertices_.find(id); changed != changed_vertices_.end()) {
    return changed->second.record.data() != nullptr;
  }
  // A stored vertex with new edges was looked up when the first one was made.
  return chains_.contains(id) ? Result<bool>(true) : base_->HasVertex(id);
}

Result<std::optional<VertexRecord>> GraphOverlay::FindVertex(VertexId id) const {
  NoteRead(ItemKind::kVertex, ToInteger(id));
  std::string buffer;
  TUPU_TRY_ASSIGN(const auto bytes, FindVertexBytes(id, buffer));
  if (!bytes) return std::optional<VertexRecord>();
  TUPU_TRY_ASSIGN(VertexRecord record, base_->ToRecord(*bytes));
  return std::optional(std::move(record));
}

Result<std::vector<LabelId>> GraphOverlay::VertexLabels(VertexId id) const {
  NoteRead(ItemKind::kVertexShape, ToInteger(id));
  std::string buffer;
  TUPU_TRY_ASSIGN(const auto bytes, FindVertexBytes(id, buffer));
  if (!bytes) return std::vector<LabelId>();
  TUPU_TRY_ASSIGN(VertexRecordView view, DecodeVertexRecord(*bytes));
  return std::move(view.labels);
}

Status GraphOverlay::ReadLabel(std::span<const VertexId> ids, LabelId label, std::span<uint8_t> out) const {
  if (!created_vertices_.empty() || !changed_vertices_.empty()) return GraphView::ReadLabel(ids, label, out);
  for (const VertexId id : ids) NoteRead(ItemKind::kVertexShape, ToInteger(id));
  return base_->ReadLabel(ids, label, out);
}

Result<Value> GraphOverlay::VertexProperty(VertexId id, PropertyKeyId key) const {
  NoteRead(ItemKind::kVertex, ToInteger(id));
  if (!IsCreated(id) && !changed_vertices_.contains(id)) return base_->VertexProperty(id, key);
  std::string buffer;
  TUPU_TRY_ASSIGN(const auto bytes, FindVertexBytes(id, buffer));
  if (!bytes) return Value();
  TUPU_TRY_ASSIGN(const VertexRecordView view, DecodeVertexRecord(*bytes));
  return DecodeRowProperty(view.row, key);
}

Status GraphOverlay::ReadVertexProperty(std::span<const VertexId> ids, PropertyKeyId key, PropertySink& out) const {
  if (!created_vertices_.empty() || !changed_vertices_.empty()) return GraphView::ReadVertexProperty(ids, key, out);
  for (const VertexId id : ids) NoteRead(ItemKind::kVertex, ToInteger(id));
  return base_->ReadVertexProperty(ids, key, out);
}

uint64_t GraphOverlay::CountVertices(std::optional<LabelId> label) const {
  NoteRead(ItemKind::kMembers, ToInteger(label.value_or(kAllVertices)));
  return label ? counts_.OfLabel(*label) : counts_.vertices;
}

Result<bool> GraphOverlay::HasNow(VertexId vertex, LabelId label) const {
  if (label == kAllVertices) return HasVertex(vertex);
  TUPU_TRY_ASSIGN(const std::vector<LabelId> labels, VertexLabels(vertex));
  return std::binary_search(labels.begin(), labels.end(), label);
}

/// Stored members that still carry the label, merged with those that gained it. Writes made while it is open do not add
/// to it.
class OverlayCursor : public VertexCursor {
 public:
  OverlayCursor(const GraphOverlay& overlay, LabelId label, std::unique_ptr<VertexCursor> stored,
                std::vector<VertexId> gained)
      : overlay_(overlay), label_(label), stored_(std::move(stored)), gained_(std::move(gained)) {}

  Result<size_t> Next(std::span<VertexId> out) override {
    size_t filled = 0;
    while (filled < out.size()) {
      TUPU_TRY_ASSIGN(const std::optional<VertexId> candidate, NextCandidate());
      if (!candidate) break;
      TUPU_TRY_ASSIGN(const bool still, IsMember(*candidate));
      if (still) out[filled++] = *candidate;
    }
    return filled;
  }

 private:
  Result<std::optional<VertexId>> NextCandidate() {
    if (at_ == size_ && !stored_ended_) {
      TUPU_TRY_ASSIGN(size_, stored_->Next(buffer_));
      at_ = 0;
      stored_ended_ = size_ == 0;
    }
    const bool has_stored = at_ < size_;
    const bool has_gained = gained_at_ < gained_.size();
    if (!has_stored && !has_gained) return std::optional<VertexId>();
    if (has_stored && (!has_gained || buffer_[at_] <= gained_[gained_at_])) {
      if (has_gained && buffer_[at_] == gained_[gained_at_]) ++gained_at_;  // lost and gained again
      return std::optional(buffer_[at_++]);
    }
    return std::optional(gained_[gained_at_++]);
  }

  Result<bool> IsMember(VertexId vertex) const {
    if (!overlay_.IsCreated(vertex) && !overlay_.changed_vertices_.contains(vertex)) return true;
    return overlay_.HasNow(vertex, label_);
  }

  const GraphOverlay& overlay_;
  const LabelId label_;
  const std::unique_ptr<VertexCursor> stored_;
  const std::vector<VertexId> gained_;
  size_t gained_at_ = 0;
  std::array<VertexId, 512> buffer_{};
  size_t size_ = 0;
  size_t at_ = 0;
  bool stored_ended_ = false;
};

Result<std::unique_ptr<VertexCursor>> GraphOverlay::ScanVertices(std::optional<LabelId> label) const {
  const LabelId wanted = label.value_or(kAllVertices);
  NoteRead(ItemKind::kMembers, ToInteger(wanted));
  std::vector<VertexId> gained;
  if (wanted == kAllVertices) {
    gained.reserve(created_vertices_.size());
    for (size_t i = 0; i < created_vertices_.size(); ++i) gained.push_back(CreatedVertexAt(i));
    std::sort(gained.begin(), gained.end());
  } else if (const auto found = gained_.find(wanted); found != gained_.end()) {
    gained = found->second;
    std::sort(gained.begin(), gained.end());
    gained.erase(std::unique(gained.begin(), gained.end()), gained.end());
  }
  TUPU_TRY_ASSIGN(auto stored, base_->ScanMembers(wanted));
  return std::unique_ptr<VertexCursor>(
      std::make_unique<OverlayCursor>(*this, wanted, std::move(stored), std::move(gained)));
}

Result<std::optional<VertexId>> GraphOverlay::FindByStoredId(const StoredExternalId& id) const {
  if (reads_ != nullptr) reads_->AddKeys(OneKey(ExternalIdKey(id.group, id.id)));
  if (const auto found = external_ids_.find(ExternalIdMapKey(id)); found != external_ids_.end()) return found->second;
  if (base_->counts().next_vertex == 0) return std::optional<VertexId>();  // a first load asks once per vertex
  return base_->FindByStoredId(id);
}

Result<std::optional<VertexId>> GraphOverlay::FindByExternalId(const ExternalId& id) const {
  const std::optional<IdGroupId> group = names_->id_groups.Find(id.group);
  if (!group) return std::optional<VertexId>();
  return FindByStoredId({*group, id.id});
}

void GraphOverlay::IndexNames() const {
  std::string buffer;
  for (; names_upto_ < record_log_.size(); ++names_upto_) {
    const VertexId vertex = record_log_[names_upto_];
    const auto bytes = FindVertexBytes(vertex, buffer);
    if (!bytes || !*bytes) continue;
    const auto record = DecodeVertexRecord(**bytes);
    TUPU_CHECK(record.has_value());  // this transaction encoded it
    const auto names = IndexedNames(catalog(), record->row);
    TUPU_CHECK(names.has_value());
    for (const std::string& name : *names) names_by_hash_.emplace(std::hash<std::string_view>()(name), vertex);
  }
}

Result<std::vector<VertexId>> GraphOverlay::FindByName(std::string_view name) const {
  const std::string normalized = NormalizeName(name);
  if (reads_ != nullptr) {
    const std::string prefix = NamePrefix(normalized);
    reads_->AddKeys({prefix, PrefixUpperBound(prefix).value_or("")});
  }
  IndexNames();
  TUPU_TRY_ASSIGN(std::vector<VertexId> found, base_->FindByNormalizedName(normalized));
  std::erase_if(found, [&](VertexId vertex) { return changed_vertices_.contains(vertex); });
  std::string buffer;
  const auto [first, last] = names_by_hash_.equal_range(std::hash<std::string_view>()(normalized));
  for (auto at = first; at != last; ++at) {
    TUPU_TRY_ASSIGN(const auto bytes, FindVertexBytes(at->second, buffer));
    if (!bytes) continue;
    TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(*bytes));
    TUPU_TRY_ASSIGN(const std::vector<std::string> names, IndexedNames(catalog(), record.row));
    if (std::binary_search(names.begin(), names.end(), normalized)) found.push_back(at->second);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

Result<std::optional<std::vector<VertexId>>> GraphOverlay::FindByDeclaredKey(std::string_view label,
                                                                             std::span<const Value> values) const {
  const auto forms = DeclaredKeyForms(*ontology_, catalog(), label, values);
  if (!forms || ontology_changed_) return std::optional<std::vector<VertexId>>();
  if (reads_ != nullptr) {
    for (const std::string& form : *forms) reads_->AddKeys({form, form + '\0'});
  }
  TUPU_TRY_ASSIGN(const auto stored, base_->FindByDeclaredKey(label, values));
  if (!stored) return stored;
  std::vector<VertexId> found;
  for (const VertexId vertex : *stored) {
    if (!changed_vertices_.contains(vertex)) found.push_back(vertex);
  }
  const DeclaredKeys declared(*ontology_, catalog());
  std::string buffer;
  const auto keys_of = [&](VertexId vertex) -> Result<std::vector<std::string>> {
    std::vector<std::string> keys;
    TUPU_TRY_ASSIGN(const auto bytes, FindVertexBytes(vertex, buffer));
    if (!bytes) return keys;
    TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(*bytes));
    TUPU_TRY_ASSIGN(auto entries, declared.Of(record));
    for (auto& [key, each] : entries) keys.push_back(std::move(key));
    return keys;
  };
  for (; declared_keys_upto_ < record_log_.size(); ++declared_keys_upto_) {
    const VertexId vertex = record_log_[declared_keys_upto_];
    TUPU_TRY_ASSIGN(std::vector<std::string> keys, keys_of(vertex));
    for (std::string& key : keys) declared_keys_.emplace(std::move(key), vertex);
  }
  for (const std::string& form : *forms) {
    const auto [first, last] = declared_keys_.equal_range(form);
    for (auto at = first; at != last; ++at) {
      TUPU_TRY_ASSIGN(const std::vector<std::string> now, keys_of(at->second));
      if (std::find(now.begin(), now.end(), form) != now.end()) found.push_back(at->second);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return std::optional(std::move(found));
}

Result<std::unique_ptr<VertexCursor>> GraphOverlay::SeekVertices(IndexId index, const IndexRange& range) const {
  TUPU_TRY_ASSIGN(const IndexDefinition* definition, OnlineIndex(*this, index, EntityKind::kVertex));
  if (reads_ != nullptr) NoteSeek(index, range);
  return indexes_.SeekVertices(*definition, range);
}

Result<std::unique_ptr<EdgeCursor>> GraphOverlay::SeekEdges(IndexId index, const IndexRange& range) const {
  TUPU_TRY_ASSIGN(const IndexDefinition* definition, OnlineIndex(*this, index, EntityKind::kEdge));
  if (reads_ != nullptr) NoteSeek(index, range);
  return indexes_.SeekEdges(*definition, range);
}

void GraphOverlay::NoteSeek(IndexId index, const IndexRange& range) const {
  if (std::optional<KeyRange> keys = KeysOf(index, range)) reads_->AddKeys(std::move(*keys));
}

}  // namespace tupu
