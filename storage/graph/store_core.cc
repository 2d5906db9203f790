#include "storage/graph/store_core.h"

#include <fmt/format.h>

#include "storage/keys/bytes.h"

namespace tupu {

namespace {

template <class Id>
void AppendNamesFrom(std::vector<KvWrite>& batch, Dictionary dictionary, const NameTable<Id>& table, size_t& stored) {
  const size_t size = table.size();
  for (; stored < size; ++stored) {
    const auto id = static_cast<uint32_t>(stored);
    batch.push_back({Keyspace::kMeta, DictionaryKey(dictionary, id), std::string(table.GetName(static_cast<Id>(id)))});
  }
}

/// Ids are dense and scanned in order, so that interning gives them again.
template <class Id>
Status Restore(NameTable<Id>& table, uint32_t id, std::string_view name) {
  if (ToInteger(table.Intern(name)) == id) return {};
  return CorruptionOf("dictionary", fmt::format("a name is missing or doubled near \"{}\"", name));
}

std::string EncodeFormat(uint32_t version) {
  std::string bytes;
  AppendU32(bytes, version);
  return bytes;
}

Status CheckFormat(std::string_view bytes) {
  ByteReader reader(bytes);
  const uint32_t version = reader.U32();
  TUPU_TRY(reader.Finish("format version"));
  if (version > kFormatVersion) {
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("the database has format {}, this tupu reads up to {}; use a newer tupu", version, kFormatVersion)};
  }
  if (version == 0) return CorruptionOf("format version", "0 was never used");
  return {};
}

}  // namespace

void StoreCore::TakeWriterSlot() {
  std::unique_lock lock(mutex_);
  writer_left_.wait(lock, [&] { return !has_writer_; });
  has_writer_ = true;
}

void StoreCore::GiveWriterSlot() {
  {
    std::lock_guard lock(mutex_);
    has_writer_ = false;
  }
  writer_left_.notify_one();
}

void StoreCore::AppendNewNames(std::vector<KvWrite>& batch, StoredNames& stored) const {
  AppendNamesFrom(batch, Dictionary::kLabel, names_->catalog.labels(), stored.labels);
  AppendNamesFrom(batch, Dictionary::kEdgeType, names_->catalog.edge_types(), stored.edge_types);
  AppendNamesFrom(batch, Dictionary::kPropertyKey, names_->catalog.property_keys(), stored.property_keys);
  AppendNamesFrom(batch, Dictionary::kIdGroup, names_->id_groups, stored.id_groups);
}

Status StoreCore::Commit(std::vector<KvWrite> batch, GraphCounts counts, std::shared_ptr<const Ontology> ontology) {
  StoredNames stored = stored_names_;
  AppendNewNames(batch, stored);
  if (ontology != published()->shared_ontology()) {
    batch.push_back({Keyspace::kMeta, std::string(kOntologyKey), ontology->json()});
  }
  ++counts.commit;
  batch.push_back({Keyspace::kMeta, std::string(kCountsKey), EncodeGraphCounts(counts)});
  TUPU_TRY(kv_->Write(batch, {}, options_.sync));
  stored_names_ = stored;
  return Publish(std::move(counts), std::move(ontology));
}

Status StoreCore::Publish(GraphCounts counts, std::shared_ptr<const Ontology> ontology) {
  TUPU_TRY_ASSIGN(auto kv, kv_->Snapshot());
  auto snapshot = std::make_shared<const GraphSnapshot>(std::move(kv), names_, std::move(counts), std::move(ontology));
  std::lock_guard lock(mutex_);
  published_.swap(snapshot);
  return {};
}

Status StoreCore::LoadNames(const KvSnapshot& kv) {
  Status failed;
  const auto restore = [&](std::string_view key, std::string_view name) -> Status {
    TUPU_TRY_ASSIGN(const DecodedDictionaryKey entry, DecodeDictionaryKey(key));
    switch (entry.dictionary) {
      case Dictionary::kLabel: return Restore(names_->catalog.labels(), entry.id, name);
      case Dictionary::kEdgeType: return Restore(names_->catalog.edge_types(), entry.id, name);
      case Dictionary::kPropertyKey: return Restore(names_->catalog.property_keys(), entry.id, name);
      case Dictionary::kIdGroup: return Restore(names_->id_groups, entry.id, name);
    }
    return {};
  };
  TUPU_TRY(kv.Scan(Keyspace::kMeta, DictionaryPrefix(), PrefixUpperBound(DictionaryPrefix()).value_or(""),
                   [&](std::string_view key, std::string_view name) {
                     failed = restore(key, name);
                     return failed.has_value();
                   }));
  TUPU_TRY(std::move(failed));
  stored_names_ = {names_->catalog.labels().size(), names_->catalog.edge_types().size(),
                   names_->catalog.property_keys().size(), names_->id_groups.size()};
  return {};
}

Status StoreCore::Load() {
  TUPU_TRY_ASSIGN(const auto kv, kv_->Snapshot());
  TUPU_TRY_ASSIGN(const auto format, kv->Get(Keyspace::kMeta, kFormatKey));
  if (!format) {
    bool has_data = false;
    TUPU_TRY(kv->Scan(Keyspace::kMeta, "", "", [&](std::string_view, std::string_view) {
      has_data = true;
      return false;
    }));
    if (has_data) {
      return Error{ErrorCode::kCorruption,
                   "this is not a tupu database: it has no format version; name another folder"};
    }
    if (options_.read_only || !options_.create_if_missing) {
      return Error{ErrorCode::kNotFound, "the database was never written; load data into it first"};
    }
    const std::vector<KvWrite> batch = {
        {Keyspace::kMeta, std::string(kFormatKey), EncodeFormat(kFormatVersion)},
        {Keyspace::kMeta, std::string(kCountsKey), EncodeGraphCounts({})},
    };
    TUPU_TRY(kv_->Write(batch, {}, options_.sync));
    return Publish({}, std::make_shared<const Ontology>());
  }
  TUPU_TRY(CheckFormat(*format));
  TUPU_TRY(LoadNames(*kv));
  TUPU_TRY_ASSIGN(const auto counts_bytes, kv->Get(Keyspace::kMeta, kCountsKey));
  if (!counts_bytes) return CorruptionOf("database", "its counts are missing");
  TUPU_TRY_ASSIGN(GraphCounts counts, DecodeGraphCounts(*counts_bytes));
  TUPU_TRY_ASSIGN(const auto json, kv->Get(Keyspace::kMeta, kOntologyKey));
  auto ontology = std::make_shared<const Ontology>();
  if (json) {
    TUPU_TRY_ASSIGN(Ontology parsed, Ontology::Parse(*json));
    ontology = std::make_shared<const Ontology>(std::move(parsed));
  }
  return Publish(std::move(counts), std::move(ontology));
}

}  // namespace tupu
