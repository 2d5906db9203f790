#include "storage/bulk/bulk_indexes.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "storage/bulk/stored_keys.h"
#include "storage/graph/index_maintenance.h"
#include "storage/keys/bytes.h"
#include "storage/keys/index_record.h"
#include "storage/keys/vertex_record.h"

namespace tupu {

namespace {

/// What all sorters of all threads gather before they sort.
constexpr size_t kGatheredBytes = 64 << 20;
constexpr size_t kLeastRunBytes = 1 << 20;
constexpr size_t kEntitySize = 8;  // the id at the end of a sorted key

size_t RunBytes(size_t sorters, size_t threads) {
  return std::clamp(kGatheredBytes / (std::max<size_t>(sorters, 1) * std::max<size_t>(threads, 1)), kLeastRunBytes,
                    KeySorter::kRunBytes);
}

uint64_t EntityOf(std::string_view sorted_key) {
  return ByteReader(sorted_key.substr(sorted_key.size() - kEntitySize)).U64();
}

}  // namespace

BulkIndexes::Index::Index(const IndexDefinition& index, SpillPool& pool, size_t run_bytes)
    : definition(index), sorter(pool, IndexPrefix(index.id), run_bytes) {}

BulkIndexes::BulkIndexes(SpillPool& pool, std::shared_ptr<const GraphSnapshot> base,
                         std::shared_ptr<const Ontology> ontology, size_t threads)
    : base_(std::move(base)),
      ontology_(std::move(ontology)),
      declared_(*ontology_, base_->catalog()),
      keys_(pool, OntologyKeyPrefix(), RunBytes(base_->indexes().indexes().size() + 1, threads)) {
  const IndexCatalog& catalog = base_->indexes();
  takes_vertices_ = catalog.Concerns(EntityKind::kVertex) || !declared_.empty();
  takes_edges_ = catalog.Concerns(EntityKind::kEdge);
  for (const IndexDefinition& index : catalog.indexes()) {
    if (index.kept()) indexes_.emplace_back(index, pool, RunBytes(catalog.indexes().size() + 1, threads));
  }
}

// --- Gathering ---

BulkIndexes::Feed::Feed(BulkIndexes& indexes) : indexes_(indexes) {
  for (Index& index : indexes.indexes_) feeds_.emplace_back(index.sorter);
  if (!indexes.declared_.empty()) keys_.emplace(indexes.keys_);
}

/// `is_on` tells whether the entity is one that a target means.
template <class IsOn>
Status BulkIndexes::Feed::Add(EntityKind entity, uint64_t id, const IsOn& is_on, std::string_view row,
                              std::string_view ends) {
  const GraphSnapshot& base = *indexes_.base_;
  for (const ConstraintDefinition& constraint : base.indexes().constraints()) {
    if (constraint.target.entity != entity || !is_on(constraint.target)) continue;
    Status kept = CheckConstraint(constraint, base.catalog(), id, row);
    if (kept) continue;
    if (kept.error().code != ErrorCode::kConstraint) return kept;
    indexes_.Note(entity, id, std::move(kept).error());
  }
  for (size_t i = 0; i < feeds_.size(); ++i) {
    const IndexDefinition& index = indexes_.indexes_[i].definition;
    if (index.target.entity != entity || !is_on(index.target)) continue;
    TUPU_TRY_ASSIGN(std::optional<std::string> values, IndexedValues(index, row));
    if (!values) continue;
    AppendU64(*values, id);
    TUPU_TRY(feeds_[i].Add(*values, ends));
  }
  return {};
}

Status BulkIndexes::Feed::AddVertex(VertexId vertex, std::string_view record) {
  TUPU_TRY_ASSIGN(const VertexRecordView view, DecodeVertexRecord(record));
  const auto carries = [&](const SchemaTarget& target) {
    return std::binary_search(view.labels.begin(), view.labels.end(), target.label());
  };
  TUPU_TRY(Add(EntityKind::kVertex, ToInteger(vertex), carries, view.row, {}));
  if (!keys_) return {};
  TUPU_TRY_ASSIGN(auto keys, indexes_.declared_.Of(view));
  for (auto& [key, declared] : keys) {
    key.erase(0, OntologyKeyPrefix().size());
    AppendU64(key, ToInteger(vertex));
    TUPU_TRY(keys_->Add(key, {}));
  }
  return {};
}

Status BulkIndexes::Feed::AddEdge(const EdgeReference& edge, std::string_view row) {
  const auto is_of_type = [&](const SchemaTarget& target) { return target.edge_type() == edge.type; };
  return Add(EntityKind::kEdge, ToInteger(edge.id), is_of_type, row, EncodeEdgeEnds(edge.start, edge.end));
}

Status BulkIndexes::Feed::Finish() {
  for (KeySorter::Feed& feed : feeds_) TUPU_TRY(feed.Finish());
  return keys_ ? keys_->Finish() : Status();
}

// --- Constraints ---

void BulkIndexes::Note(EntityKind entity, uint64_t id, Error error) {
  const std::scoped_lock lock(mutex_);
  if (!broken_ || std::tie(entity, id) < std::tie(broken_->entity, broken_->id))
    broken_ = {entity, id, std::move(error)};
}

bool BulkIndexes::IsStored(EntityKind entity, uint64_t id) const {
  return id < (entity == EntityKind::kVertex ? base_->counts().next_vertex : base_->counts().next_edge);
}

std::string BulkIndexes::PlaceFor(EntityKind entity, uint64_t id) const {
  return place_of_ && !IsStored(entity, id) ? place_of_(entity, id) : std::string();
}

Status BulkIndexes::CheckPresence() const {
  if (!broken_) return {};
  Error error = broken_->error;
  const std::string place = PlaceFor(broken_->entity, broken_->id);
  if (!place.empty()) error.message = fmt::format("{}: {}", place, error.message);
  return error;
}

/// `error` of two entities with the places of both, that of the later one before it.
Error BulkIndexes::WithPlaces(EntityKind entity, uint64_t first, uint64_t second, Error error) const {
  const std::string_view word = entity == EntityKind::kVertex ? "vertex" : "edge";
  const std::string place = PlaceFor(entity, second);
  const std::string other = PlaceFor(entity, first);
  if (!place.empty()) error.message = fmt::format("{}: {}", place, error.message);
  if (IsStored(entity, first)) {
    error.message += fmt::format("; {} {} is in the database already", word, first);
  } else if (!other.empty()) {
    error.message += fmt::format("; {} {} was given at {}", word, first, other);
  }
  return error;
}

// --- Writing ---

Status BulkIndexes::WriteRun(size_t number, KvRun& run) {
  return number < indexes_.size() ? WriteIndex(indexes_[number], run) : WriteKeys(run);
}

Status BulkIndexes::WriteIndex(Index& index, KvRun& run) {
  const IndexDefinition& definition = index.definition;
  if (!definition.unique) return index.sorter.MergeInto(run);
  const EntityKind entity = definition.target.entity;
  StoredKeys stored(base_->kv(), Keyspace::kIndex, IndexKeyRange(definition.id).end);
  std::string last;
  return index.sorter.Merge([&](std::string_view key, std::string_view value) -> Status {
    const std::string_view values = key.substr(0, key.size() - kEntitySize);
    TUPU_TRY_ASSIGN(const StoredKeys::Pair* const found, stored.Find(values));
    const bool twice = last.size() == key.size() && last.starts_with(values);
    if (twice || found != nullptr) {
      const std::string_view other = twice ? std::string_view(last) : found->first;
      return WithPlaces(entity, EntityOf(other), EntityOf(key),
                        DuplicateEntries(definition, base_->catalog(), other, key));
    }
    last.assign(key);
    return run.Put(key, value);
  });
}

Status BulkIndexes::WriteKeys(KvRun& run) {
  StoredKeys stored(base_->kv(), Keyspace::kIndex, PrefixUpperBound(OntologyKeyPrefix()).value_or(""));
  std::string last;
  return keys_.Merge([&](std::string_view sorted, std::string_view) -> Status {
    const std::string_view key = sorted.substr(0, sorted.size() - kEntitySize);
    const auto vertex = static_cast<VertexId>(EntityOf(sorted));
    const auto taken_by = [&](VertexId owner) {
      return WithPlaces(EntityKind::kVertex, ToInteger(owner), ToInteger(vertex), declared_.Taken(key, owner, vertex));
    };
    if (last.size() == sorted.size() && last.starts_with(key)) {
      key_given_twice_ = true;
      return taken_by(static_cast<VertexId>(EntityOf(last)));
    }
    TUPU_TRY_ASSIGN(const StoredKeys::Pair* const found, stored.Find(key));
    if (found != nullptr) {
      TUPU_TRY_ASSIGN(const VertexId owner, DecodeVertexId(found->second));
      return taken_by(owner);
    }
    last.assign(sorted);
    return run.Put(key, sorted.substr(sorted.size() - kEntitySize));
  });
}

}  // namespace tupu
