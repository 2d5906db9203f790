#include "storage/graph/index_writer.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "storage/graph/declared_keys.h"
#include "storage/keys/bytes.h"
#include "storage/keys/membership.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

class VertexWriter {
 public:
  VertexWriter(const GraphOverlay& overlay, PreparedCommit& commit)
      : overlay_(overlay),
        batch_(commit.writes),
        membership_(commit.memberships),
        footprint_(commit.footprint),
        old_keys_(overlay.base().ontology(), overlay.catalog()),
        new_keys_(overlay.ontology(), overlay.catalog()) {}

  Status Write() {
    size_t position = 0;
    for (const auto& created : overlay_.created_vertices()) {
      if (created.record.data() != nullptr) TUPU_TRY(Put(overlay_.CreatedVertexAt(position), {}, created.record));
      ++position;
    }
    for (const auto& [vertex, changed] : overlay_.changed_vertices()) {
      footprint_.writes.push_back(ItemOf(ItemKind::kVertex, ToInteger(vertex)));
      TUPU_TRY(Put(vertex, changed.before, changed.record));
    }
    if (overlay_.ontology_changed()) TUPU_TRY(RebuildKeys());
    TUPU_TRY(WriteKeys());
    WriteExternalIds();
    return {};
  }

 private:
  /// `before` and `after` are records; empty: the vertex is not there.
  Status Put(VertexId vertex, std::string_view before, std::string_view after) {
    VertexRecordView old_record;
    VertexRecordView new_record;
    if (!before.empty()) {
      TUPU_TRY_ASSIGN(old_record, DecodeVertexRecord(before));
    }
    std::optional<std::string> value;
    if (!after.empty()) {
      TUPU_TRY_ASSIGN(new_record, DecodeVertexRecord(after));
      value = std::string(after);
    }
    batch_.push_back({Keyspace::kVertex, VertexKey(vertex), std::move(value)});
    if (before.empty()) membership_.push_back({kAllVertices, vertex, true});
    if (after.empty()) membership_.push_back({kAllVertices, vertex, false});
    PutLabels(vertex, old_record.labels, new_record.labels);
    const bool same_shape = !before.empty() && !after.empty() && old_record.labels == new_record.labels;
    if (!before.empty() && !same_shape) {
      footprint_.writes.push_back(ItemOf(ItemKind::kVertexShape, ToInteger(vertex)));
    }
    PutExternalId(vertex, old_record, new_record);
    TUPU_TRY(PutNames(vertex, old_record.row, new_record.row));
    return overlay_.ontology_changed() ? Status()
                                       : PutKeys(vertex, !before.empty(), old_record, !after.empty(), new_record);
  }

  void PutLabels(VertexId vertex, const std::vector<LabelId>& before, const std::vector<LabelId>& after) {
    for (const LabelId label : before) {
      if (!std::binary_search(after.begin(), after.end(), label)) membership_.push_back({label, vertex, false});
    }
    for (const LabelId label : after) {
      if (!std::binary_search(before.begin(), before.end(), label)) membership_.push_back({label, vertex, true});
    }
  }

  void PutExternalId(VertexId vertex, const VertexRecordView& before, const VertexRecordView& after) {
    if (before.external_id == after.external_id) return;
    if (before.external_id) freed_ids_.push_back(ExternalIdKey(before.external_id->group, before.external_id->id));
    if (after.external_id) {
      taken_ids_.emplace_back(ExternalIdKey(after.external_id->group, after.external_id->id), vertex);
    }
  }

  /// Frees first: an id may pass from a deleted vertex to a new one, and the last write of a key is the one that stays.
  void WriteExternalIds() {
    for (std::string& key : freed_ids_) {
      footprint_.writes.push_back(ItemOf(ItemKind::kKey, key));
      batch_.push_back({Keyspace::kIndex, std::move(key), std::nullopt});
    }
    for (auto& [key, vertex] : taken_ids_) {
      footprint_.writes.push_back(ItemOf(ItemKind::kKey, key));
      batch_.push_back({Keyspace::kIndex, std::move(key), EncodeVertexId(vertex)});
    }
  }

  Status PutNames(VertexId vertex, std::string_view before, std::string_view after) {
    TUPU_TRY_ASSIGN(const std::vector<std::string> old_names, IndexedNames(overlay_.catalog(), before));
    TUPU_TRY_ASSIGN(const std::vector<std::string> new_names, IndexedNames(overlay_.catalog(), after));
    for (const std::string& name : old_names) {
      if (!std::binary_search(new_names.begin(), new_names.end(), name)) {
        batch_.push_back({Keyspace::kIndex, NameKey(name, vertex), std::nullopt});
      }
    }
    for (const std::string& name : new_names) {
      if (!std::binary_search(old_names.begin(), old_names.end(), name)) {
        batch_.push_back({Keyspace::kIndex, NameKey(name, vertex), std::string()});
      }
    }
    return {};
  }

  Status PutKeys(VertexId vertex, bool was, const VertexRecordView& before, bool is, const VertexRecordView& after) {
    if (was) {
      TUPU_TRY_ASSIGN(auto released, old_keys_.Of(before));
      for (auto& [key, declared] : released) released_.insert(std::move(key));
    }
    if (!is) return {};
    TUPU_TRY_ASSIGN(auto claims, new_keys_.Of(after));
    for (auto& [key, declared] : claims) TUPU_TRY(Claim(std::move(key), vertex));
    return {};
  }

  Status Claim(std::string key, VertexId vertex) {
    const auto [found, is_new] = claimed_.try_emplace(std::move(key), vertex);
    if (!is_new) return new_keys_.Taken(found->first, found->second, vertex);
    claim_order_.push_back({&found->first, vertex});
    return {};
  }

  /// Under a new ontology every vertex is asked again.
  Status RebuildKeys() {
    TUPU_TRY(overlay_.base().kv().Scan(Keyspace::kIndex, OntologyKeyPrefix(),
                                       PrefixUpperBound(OntologyKeyPrefix()).value_or(""),
                                       [&](std::string_view key, std::string_view) {
                                         released_.insert(std::string(key));
                                         return true;
                                       }));
    if (new_keys_.empty()) return {};
    return overlay_.VisitVertices([&](VertexId vertex, std::string_view bytes) -> Status {
      TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(bytes));
      return PutKeys(vertex, false, {}, true, record);
    });
  }

  Status WriteKeys() {
    for (const ClaimedKey& claim : claim_order_) {
      if (released_.contains(*claim.key)) continue;
      TUPU_TRY_ASSIGN(const auto owner, overlay_.base().kv().Get(Keyspace::kIndex, *claim.key));
      if (!owner) continue;
      TUPU_TRY_ASSIGN(const VertexId other, DecodeVertexId(*owner));
      return new_keys_.Taken(*claim.key, other, claim.vertex);
    }
    for (const std::string& key : released_) {
      footprint_.writes.push_back(ItemOf(ItemKind::kKey, key));
      if (!claimed_.contains(key)) batch_.push_back({Keyspace::kIndex, key, std::nullopt});
    }
    for (const auto& [key, vertex] : claimed_) {
      footprint_.writes.push_back(ItemOf(ItemKind::kKey, key));
      batch_.push_back({Keyspace::kIndex, key, EncodeVertexId(vertex)});
    }
    return {};
  }

  struct ClaimedKey {
    const std::string* key;  // in claimed_, whose elements do not move
    VertexId vertex;
  };

  const GraphOverlay& overlay_;
  std::vector<KvWrite>& batch_;
  std::vector<MembershipChange>& membership_;
  Footprint& footprint_;
  const DeclaredKeys old_keys_;
  const DeclaredKeys new_keys_;
  std::vector<std::string> freed_ids_;
  std::vector<std::pair<std::string, VertexId>> taken_ids_;
  std::unordered_set<std::string> released_;
  std::unordered_map<std::string, VertexId> claimed_;
  std::vector<ClaimedKey> claim_order_;
};

}  // namespace

Status PrepareVertices(const GraphOverlay& overlay, PreparedCommit& commit) {
  return VertexWriter(overlay, commit).Write();
}

Status WriteMemberships(std::vector<MembershipChange> changes, const KvSnapshot& stored, std::vector<KvWrite>& batch) {
  std::sort(changes.begin(), changes.end(), [](const MembershipChange& a, const MembershipChange& b) {
    return std::tie(a.label, a.vertex) < std::tie(b.label, b.vertex);
  });
  std::vector<uint16_t> added;
  std::vector<uint16_t> removed;
  for (size_t i = 0; i < changes.size();) {
    const LabelId label = changes[i].label;
    const uint64_t chunk = ToInteger(changes[i].vertex) >> 16;
    added.clear();
    removed.clear();
    for (; i < changes.size() && changes[i].label == label && ToInteger(changes[i].vertex) >> 16 == chunk; ++i) {
      (changes[i].added ? added : removed).push_back(static_cast<uint16_t>(ToInteger(changes[i].vertex)));
    }
    std::string key = MembershipKey(label, chunk);
    TUPU_TRY_ASSIGN(const auto bytes, stored.Get(Keyspace::kIndex, key));
    TUPU_TRY_ASSIGN(std::string updated, UpdateMembership(bytes.value_or(""), added, removed));
    std::optional<std::string> value;
    if (!updated.empty()) value = std::move(updated);
    batch.push_back({Keyspace::kIndex, std::move(key), std::move(value)});
  }
  return {};
}

}  // namespace tupu
