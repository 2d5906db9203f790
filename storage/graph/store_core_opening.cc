// How a store comes by its first state: read from its keys, migrated before if its format is older.

#include <fmt/format.h>

#include "storage/graph/index_reader.h"
#include "storage/graph/schema_change.h"
#include "storage/graph/store_core.h"
#include "storage/keys/bytes.h"
#include "storage/keys/key_codec.h"
#include "storage/migration/migration.h"

namespace tupu {

namespace {

/// Ids are dense and scanned in order, so that interning gives them again.
template <class Id>
Status Restore(NameTable<Id>& table, uint32_t id, std::string_view name) {
  if (ToInteger(table.Intern(name)) == id) return {};
  return CorruptionOf("dictionary", fmt::format("a name is missing or doubled near \"{}\"", name));
}

}  // namespace

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

Result<std::shared_ptr<const GraphSnapshot>> StoreCore::Latest() {
  if (!options_.read_only) return published();
  const std::scoped_lock refreshing(refresh_mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (auto current = published()) {
    if (now - loaded_at_ < kMaxAge) return current;
    if (!kv_->HasNews()) {
      loaded_at_ = now;
      return current;
    }
  }
  {
    // A state that nobody reads is given up first: the store can then catch up without opening its files again.
    const std::scoped_lock lock(mutex_);
    if (published_.use_count() == 1) published_.reset();
  }
  if (!published()) {  // they hold the state as well
    topology_->Restart(0);
    columns_->Restart(0);
    seeks_->Restart(0);
  }
  TUPU_TRY(kv_->CatchUp());
  TUPU_TRY(Load());
  loaded_at_ = now;
  return published();
}

Status StoreCore::Load() {
  TUPU_TRY_ASSIGN(auto kv, kv_->Snapshot());
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
        {Keyspace::kMeta, std::string(kFormatKey), EncodeFormatVersion(kFormatVersion)},
        {Keyspace::kMeta, std::string(kCountsKey), EncodeGraphCounts({})},
    };
    TUPU_TRY(kv_->Write(batch, {}, options_.sync));
    return Publish({}, std::make_shared<const Ontology>(), std::make_shared<const SchemaState>(), {}, {});
  }
  TUPU_TRY_ASSIGN(const uint32_t version, DecodeFormatVersion(*format, kFormatVersion));
  if (version < kFormatVersion) {
    if (options_.read_only) return NeedsMigration(version, kFormatVersion);
    TUPU_TRY(Migrate(*kv_, version, kFormatVersion, AllMigrations(), options_.sync));
    TUPU_TRY_ASSIGN(kv, kv_->Snapshot());
  }
  TUPU_TRY(LoadNames(*kv));
  TUPU_TRY_ASSIGN(const auto counts_bytes, kv->Get(Keyspace::kMeta, kCountsKey));
  if (!counts_bytes) return CorruptionOf("database", "its counts are missing");
  TUPU_TRY_ASSIGN(GraphCounts counts, DecodeGraphCounts(*counts_bytes));
  topology_->Restart(counts.commit);
  columns_->Restart(counts.commit);
  seeks_->Restart(counts.commit);
  TUPU_TRY(saved_csrs_.Load(*kv));
  if (!options_.read_only) saved_csrs_.LookAtFiles();
  topology_->ExpectSaved(saved_csrs_.record());
  TUPU_TRY_ASSIGN(const auto json, kv->Get(Keyspace::kMeta, kOntologyKey));
  auto ontology = std::make_shared<const Ontology>();
  if (json) {
    TUPU_TRY_ASSIGN(Ontology parsed, Ontology::Parse(*json));
    ontology = std::make_shared<const Ontology>(std::move(parsed));
  }
  ids_.vertices.Reset(counts.next_vertex);
  ids_.edges.Reset(counts.next_edge);
  last_commit_ = counts.commit;
  TUPU_TRY_ASSIGN(SchemaState schema, LoadSchema(*kv));
  TUPU_TRY(
      Publish(std::move(counts), std::move(ontology), std::make_shared<const SchemaState>(std::move(schema)), {}, {}));
  return options_.read_only ? Status() : SchemaChanger(*this).RemoveUnfinished();
}

}  // namespace tupu
