#include "storage/bulk/bulk_vertices.h"

#include <iterator>

#include "storage/base/check.h"
#include "storage/keys/bytes.h"
#include "storage/keys/key_codec.h"
#include "storage/keys/membership.h"
#include "storage/keys/vertex_record.h"

namespace tupu {

void VertexBatch::Add(StoredExternalId id, uint32_t label_set, const std::vector<LabelId>& labels, std::string_view row,
                      std::span<const std::string> names) {
  Row added;
  added.hash = ExternalIdMap::Hash(ToInteger(id.group), id.id);
  added.group = id.group;
  added.id_size = static_cast<uint32_t>(id.id.size());
  added.label_set = label_set;
  bytes_.append(id.id);
  const size_t record = bytes_.size();
  AppendVertexRecord(bytes_, labels, id, row);
  added.record_size = static_cast<uint32_t>(bytes_.size() - record);
  for (const std::string& name : names) AppendSized(bytes_, name);
  added.names_size = static_cast<uint32_t>(bytes_.size() - record - added.record_size);
  rows_.push_back(added);
}

std::string_view VertexBatch::IdOf(size_t row) const {
  size_t at = 0;
  for (size_t i = 0; i < row; ++i) at += size_t{rows_[i].id_size} + rows_[i].record_size + rows_[i].names_size;
  return std::string_view(bytes_).substr(at, rows_[row].id_size);
}

BulkVertices::BulkVertices(SpillPool& pool, std::shared_ptr<const GraphSnapshot> base)
    : pool_(pool),
      base_(std::move(base)),
      first_vertex_(base_->counts().next_vertex),
      counts_(base_->counts()),
      names_(pool, NamePrefix("").substr(0, 1)) {}

uint32_t BulkVertices::LabelSet(const std::vector<LabelId>& labels) {
  const std::scoped_lock lock(mutex_);
  const auto [found, is_new] = label_set_numbers_.try_emplace(labels, static_cast<uint32_t>(label_sets_.size()));
  if (is_new) label_sets_.push_back(labels);
  return found->second;
}

const std::vector<LabelId>& BulkVertices::LabelsOf(uint32_t set) const {
  const std::scoped_lock lock(mutex_);
  return label_sets_[set];  // a deque: it does not move
}

Result<std::optional<VertexId>> BulkVertices::FindStored(IdGroupId group, std::string_view id) const {
  if (base_->counts().vertices == 0) return std::optional<VertexId>();
  return base_->FindByStoredId({group, id});
}

void BulkVertices::RememberStored(IdGroupId group, std::string_view id, VertexId vertex) {
  stored_ids_.Insert(ExternalIdMap::Hash(ToInteger(group), id), ToInteger(group), id, vertex);
}

Result<const std::vector<LabelId>*> BulkVertices::LabelsOfVertex(VertexId vertex) {
  if (ToInteger(vertex) >= first_vertex_) return &LabelsOf(label_set_of_[ToInteger(vertex) - first_vertex_]);
  TUPU_TRY_ASSIGN(const std::vector<LabelId> labels, base_->VertexLabels(vertex));
  return &LabelsOf(LabelSet(labels));
}

Status BulkVertices::Admit(VertexBatch& batch) {
  size_t at = 0;
  for (VertexBatch::Row& row : batch.rows_) {
    const auto id = std::string_view(batch.bytes_).substr(at, row.id_size);
    at += row.id_size + row.record_size + row.names_size;
    row.vertex = static_cast<VertexId>(counts_.next_vertex);
    row.rejected = !ids_.Insert(row.hash, ToInteger(row.group), id, row.vertex);
    if (row.rejected) continue;
    const uint64_t vertex = counts_.next_vertex++;
    ++counts_.vertices;
    if (keeps_label_sets_) label_set_of_.push_back(row.label_set);
    for (const LabelId label : LabelsOf(row.label_set)) {
      counts_.AddToLabel(label, +1);
      TUPU_TRY(AddMember(label, vertex));
    }
    TUPU_TRY(AddMember(kAllVertices, vertex));
  }
  return {};
}

Status BulkVertices::AddMember(LabelId label, uint64_t vertex) {
  OpenContainer& open = open_[label];
  if (open.chunk != vertex >> 16) {
    TUPU_TRY(CloseContainer(label, open));
    open.chunk = vertex >> 16;
  }
  open.ids.push_back(static_cast<uint16_t>(vertex));
  return {};
}

Status BulkVertices::CloseContainer(LabelId label, OpenContainer& container) {
  if (container.ids.empty()) return {};
  std::string key = MembershipKey(label, container.chunk);
  std::string stored;
  if (container.chunk << 16 < first_vertex_) {
    TUPU_TRY_ASSIGN(auto found, base_->kv().Get(Keyspace::kIndex, key));
    stored = std::move(found).value_or("");
  }
  TUPU_TRY_ASSIGN(std::string updated, UpdateMembership(stored, container.ids, {}));
  containers_.emplace(std::move(key), std::move(updated));
  container.ids.clear();
  return {};
}

KeySorter& BulkVertices::SorterOf(IdGroupId group) {
  const std::scoped_lock lock(mutex_);
  return id_sorters_.try_emplace(group, pool_, ExternalIdKey(group, "")).first->second;
}

Status BulkVertices::Feed::Add(const VertexBatch& batch) {
  std::string records;
  std::string key;
  std::optional<uint64_t> first;
  size_t at = 0;
  for (const VertexBatch::Row& row : batch.rows()) {
    const std::string_view bytes(batch.bytes_);
    const std::string_view id = bytes.substr(at, row.id_size);
    const std::string_view record = bytes.substr(at + row.id_size, row.record_size);
    ByteReader names(bytes.substr(at + row.id_size + row.record_size, row.names_size));
    at += row.id_size + row.record_size + row.names_size;
    if (row.rejected) continue;
    if (!first) first = ToInteger(row.vertex);
    AppendSized(records, record);
    while (names.remaining() > 0) {
      key.clear();
      AppendOrderedText(key, names.Sized());
      AppendU64(key, ToInteger(row.vertex));
      TUPU_TRY(names_.Add(key, {}));
    }
    auto feed = ids_.find(row.group);
    if (feed == ids_.end()) feed = ids_.try_emplace(row.group, vertices_.SorterOf(row.group)).first;
    char vertex[8];
    for (int i = 0; i < 8; ++i) vertex[i] = static_cast<char>(ToInteger(row.vertex) >> (56 - 8 * i));
    TUPU_TRY(feed->second.Add(id, {vertex, sizeof vertex}));
    if (indexes_.takes_vertices()) TUPU_TRY(indexes_.AddVertex(row.vertex, record));
  }
  if (!first) return {};
  TUPU_TRY_ASSIGN(SpilledPiece piece, vertices_.pool_.Keep(std::move(records)));
  const std::scoped_lock lock(vertices_.mutex_);
  vertices_.records_.emplace(*first, Records{*first, std::move(piece)});
  return {};
}

Status BulkVertices::Feed::Finish() {
  TUPU_TRY(names_.Finish());
  for (auto& [group, feed] : ids_) TUPU_TRY(feed.Finish());
  return indexes_.Finish();
}

size_t BulkVertices::index_runs() const {
  return 2 + id_sorters_.size();
}

Status BulkVertices::WriteIndexRun(size_t number, KvRun& run) {
  if (number == 0) return WriteMembership(run);
  if (number == 1) return names_.MergeInto(run);
  return std::next(id_sorters_.begin(), static_cast<ptrdiff_t>(number - 2))->second.MergeInto(run);
}

Status BulkVertices::WriteMembership(KvRun& run) {
  for (auto& [label, open] : open_) TUPU_TRY(CloseContainer(label, open));
  for (const auto& [key, value] : containers_) TUPU_TRY(run.Put(key, value));
  return {};
}

Status BulkVertices::WriteRecords(size_t number, size_t parts, KvRun& run) {
  const auto begin = std::next(records_.begin(), static_cast<ptrdiff_t>(records_.size() * number / parts));
  const auto end = std::next(records_.begin(), static_cast<ptrdiff_t>(records_.size() * (number + 1) / parts));
  for (auto at = begin; at != end; ++at) {
    TUPU_TRY_ASSIGN(const std::string bytes, pool_.Take(std::move(at->second.piece)));
    ByteReader reader(bytes);
    for (uint64_t vertex = at->second.first; reader.remaining() > 0; ++vertex) {
      TUPU_TRY(run.Put(VertexKey(static_cast<VertexId>(vertex)), reader.Sized()));
    }
  }
  return {};
}

}  // namespace tupu
