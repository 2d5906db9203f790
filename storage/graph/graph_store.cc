#include "storage/graph/graph_store.h"

#include <algorithm>

#include "storage/bulk/graph_bulk_load.h"
#include "storage/graph/graph_transaction.h"
#include "storage/graph/store_core.h"
#include "storage/kv/kv_store.h"

namespace tupu {

namespace {

template <class Id>
std::vector<std::pair<std::string, uint64_t>> CountsByName(const NameTable<Id>& names,
                                                           const std::vector<uint64_t>& counts) {
  std::vector<std::pair<std::string, uint64_t>> by_name;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) by_name.emplace_back(std::string(names.GetName(static_cast<Id>(i))), counts[i]);
  }
  std::sort(by_name.begin(), by_name.end());
  return by_name;
}

class KvGraphStore : public GraphStore {
 public:
  explicit KvGraphStore(std::shared_ptr<StoreCore> core) : core_(std::move(core)) {}

  Result<std::shared_ptr<const GraphView>> Snapshot() const override {
    TUPU_TRY_ASSIGN(std::shared_ptr<const GraphSnapshot> latest, core_->Latest());
    return std::shared_ptr<const GraphView>(std::move(latest));
  }

  Result<std::unique_ptr<GraphTransaction>> BeginWrite(const TransactionOptions& options) override {
    if (core_->options().read_only && !options.read_only) {
      return Error{ErrorCode::kUnsupported, "the database was opened for reading only; open it for writing"};
    }
    TUPU_TRY_ASSIGN(const auto latest, core_->Latest());  // on a store that follows: not older than any query's
    return std::unique_ptr<GraphTransaction>(std::make_unique<StoreTransaction>(core_, options));
  }

  Result<std::unique_ptr<GraphBulkLoad>> BeginBulkLoad(const BulkLoadOptions& options) override {
    if (core_->options().read_only) {
      return Error{ErrorCode::kUnsupported, "the database was opened for reading only; open it for writing"};
    }
    return GraphBulkLoad::Begin(core_, options);
  }

  const std::shared_ptr<MemoryBudget>& memory_budget() const override { return core_->memory_budget(); }

  Result<GraphStoreStats> Stats() const override {
    TUPU_TRY_ASSIGN(const auto snapshot, core_->Latest());
    const GraphCounts& counts = snapshot->counts();
    GraphStoreStats stats;
    stats.vertices = counts.vertices;
    stats.edges = counts.edges;
    stats.vertices_by_label = CountsByName(catalog().labels(), counts.by_label);
    stats.edges_by_type = CountsByName(catalog().edge_types(), counts.by_type);
    TUPU_TRY_ASSIGN(KvStats kv, core_->kv().Stats());
    stats.bytes_on_disk = kv.bytes_on_disk;
    stats.bytes_by_keyspace = std::move(kv.bytes_by_keyspace);
    stats.format_version = kFormatVersion;
    TUPU_TRY_ASSIGN(const auto saved, snapshot->kv().Get(Keyspace::kMeta, kSavedCsrKey));
    if (const auto record = DecodeSavedCsrRecord(saved.value_or("")); record && core_->HasSavedCsrs(*record)) {
      stats.saved_csrs = {record->length, record->commit};
    }
    return stats;
  }

  const Catalog& catalog() const override { return core_->names()->catalog; }

  Result<SavedCsrs> SaveCsrs(CsrSaving when) override {
    if (core_->options().read_only) {
      return Error{ErrorCode::kUnsupported, "the database was opened for reading only; open it for writing"};
    }
    return core_->SaveCsrs(when);
  }

  Result<SchemaCounters> CreateIndex(const IndexRequest& request, const SchemaOptions& options) override {
    return ChangeSchema([&](SchemaChanger& changer) { return changer.CreateIndex(request, options); });
  }
  Result<SchemaCounters> CreateConstraint(const ConstraintRequest& request, const SchemaOptions& options) override {
    return ChangeSchema([&](SchemaChanger& changer) { return changer.CreateConstraint(request, options); });
  }
  Result<SchemaCounters> DropIndex(const std::string& name, bool if_exists) override {
    return ChangeSchema([&](SchemaChanger& changer) { return changer.DropIndex(name, if_exists); });
  }
  Result<SchemaCounters> DropConstraint(const std::string& name, bool if_exists) override {
    return ChangeSchema([&](SchemaChanger& changer) { return changer.DropConstraint(name, if_exists); });
  }
  Status RefreshStatistics(StatisticsScope scope, const CancellationToken& cancellation) override {
    return ChangeSchema([&](SchemaChanger& changer) { return changer.RefreshStatistics(scope, cancellation); });
  }

 private:
  template <class Change>
  auto ChangeSchema(const Change& change) -> decltype(change(std::declval<SchemaChanger&>())) {
    if (core_->options().read_only) {
      return Error{ErrorCode::kUnsupported, "the database was opened for reading only; open it for writing"};
    }
    const std::scoped_lock lock(core_->schema_mutex());
    // As a writer it waits for an exclusive one, whose work its collision would waste, and keeps the next one waiting.
    const TransactionOptions options;
    const uint64_t base = core_->EnterWriter(options)->counts().commit;
    SchemaChanger changer(*core_);
    auto result = change(changer);
    core_->LeaveWriter(base, options);
    return result;
  }

  const std::shared_ptr<StoreCore> core_;  // shared with transactions
};

}  // namespace

Result<std::unique_ptr<GraphStore>> GraphStore::OpenOn(std::unique_ptr<KvStore> kv, const GraphStoreOptions& options) {
  auto core = std::make_shared<StoreCore>(std::move(kv), options);
  TUPU_TRY(core->Load());
  return std::unique_ptr<GraphStore>(std::make_unique<KvGraphStore>(std::move(core)));
}

Result<std::unique_ptr<GraphStore>> GraphStore::OpenInMemory(const GraphStoreOptions& options) {
  return OpenOn(OpenMemoryStore(), options);
}

Result<std::unique_ptr<GraphStore>> GraphStore::Open(const std::string& directory, const GraphStoreOptions& options) {
  RocksDbOptions kv_options;
  kv_options.read_only = options.read_only;
  kv_options.follow = options.read_only;
  kv_options.create_if_missing = options.create_if_missing;
  kv_options.cache_bytes = options.cache_bytes;
  kv_options.environment = options.environment;
  TUPU_TRY_ASSIGN(auto kv, OpenRocksDbStore(directory, kv_options));
  auto store = OpenOn(std::move(kv), options);
  if (store) return store;
  Error error = store.error();
  error.message = directory + ": " + error.message;
  return error;
}

}  // namespace tupu
