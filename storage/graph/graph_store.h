#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/transaction_options.h>

#include "storage/graph/graph_view.h"
#include "storage/graph/schema_change.h"

namespace tupu {

class Environment;
class GraphBulkLoad;
class KvStore;
class MemoryBudget;
struct BulkLoadOptions;

struct GraphStoreOptions {
  bool read_only = false;
  bool create_if_missing = true;
  bool sync = true;                              // a commit is on disk before it returns
  uint64_t cache_bytes = 2ull << 30;             // the MemoryBudget of the store
  uint64_t max_transaction_bytes = 16ull << 30;  // a transaction whose changes occupy more is refused, never split
  /// A store that is closed saves its CSRs beside it (storage/csr/saved_topology.h) if building them costs so much.
  std::chrono::milliseconds csr_worth_saving{20};
  std::shared_ptr<Environment> environment = nullptr;  // storage/kv/environment.h; null: the operating system
};

/// What a transaction did, in entities and distinct names; as openCypher counts side effects.
struct WriteCounters {
  uint64_t vertices_created = 0;
  uint64_t vertices_deleted = 0;
  uint64_t edges_created = 0;
  uint64_t edges_deleted = 0;
  uint64_t properties_set = 0;
  uint64_t labels_added = 0;
  uint64_t labels_removed = 0;
  bool any() const {
    return (vertices_created | vertices_deleted | edges_created | edges_deleted | properties_set | labels_added |
            labels_removed) != 0;
  }
};

/// One writer's changes: seen by its own view at once, by others after Commit, all or nothing.
/// Dropped without Commit, it leaves nothing. Threads: one at a time; several transactions may be open at once.
///
/// Two transactions collide when both write one vertex record, one edge or one unique key, or when one deletes or
/// relabels the vertex to which the other ties an edge: the first to commit wins, the other gets kConflict and is to be
/// run again. New edges on one vertex do not collide.
///
/// The ontology is enforced by CheckVertex/CheckEdge semantics at Commit for everything touched; a loader asks earlier, row by
/// row, through Ontology itself. Errors: kConstraint names the entity, the rule and the way to mend it.
class GraphTransaction {
 public:
  virtual ~GraphTransaction() = default;

  virtual const GraphView& view() const = 0;

  /// The id of a name, made if it is new (it reaches the disk with the commit that first uses it).
  virtual LabelId InternLabel(std::string_view name) = 0;
  virtual EdgeTypeId InternEdgeType(std::string_view name) = 0;
  virtual PropertyKeyId InternPropertyKey(std::string_view name) = 0;

  /// `properties` need not be sorted; null values are dropped. kAlreadyExists if the external id is taken.
  virtual Result<VertexId> CreateVertex(std::vector<LabelId> labels, Properties properties,
                                        std::optional<ExternalId> external_id = {}) = 0;
  /// kNotFound for a vertex that is not there (also in the following).
  virtual Status SetVertexProperty(VertexId vertex, PropertyKeyId key, Value value) = 0;  // null removes
  virtual Status AddLabel(VertexId vertex, LabelId label) = 0;
  virtual Status RemoveLabel(VertexId vertex, LabelId label) = 0;
  /// kConstraint if edges remain and `detach` is false.
  virtual Status DeleteVertex(VertexId vertex, bool detach) = 0;

  /// A symmetric type is stored with the lesser vertex id as start: the reference says how it was stored.
  virtual Result<EdgeReference> CreateEdge(VertexId start, EdgeTypeId type, VertexId end, Properties properties) = 0;
  virtual Status SetEdgeProperty(const EdgeReference& edge, PropertyKeyId key, Value value) = 0;  // null removes
  virtual Status DeleteEdge(const EdgeReference& edge) = 0;

  /// Declares or replaces the ontology (its JSON text); what is stored must fit it: kConstraint names the first misfit.
  virtual Status SetOntology(std::string_view json) = 0;

  virtual const WriteCounters& counters() const = 0;

  /// Requires: not committed before. After an error the transaction has no effect; kConflict: run it again. Commits that
  /// wait at the same time reach the disk together.
  virtual Status Commit() = 0;
};

/// The file of saved CSRs.
struct SavedCsrs {
  uint64_t bytes = 0;   // 0: there is none
  uint64_t commit = 0;  // whose state it holds; later changes are laid over it
};

struct GraphStoreStats {
  uint64_t vertices = 0;
  uint64_t edges = 0;
  std::vector<std::pair<std::string, uint64_t>> vertices_by_label;  // sorted by name
  std::vector<std::pair<std::string, uint64_t>> edges_by_type;      // sorted by name
  uint64_t bytes_on_disk = 0;
  std::vector<std::pair<std::string, uint64_t>> bytes_by_keyspace;  // of tables; empty in memory
  SavedCsrs saved_csrs;                                             // if their file is there and fits
  uint32_t format_version = 0;
};

enum class CsrSaving : uint8_t { kAlways, kIfWorthIt };

/// The property graph over a key-value store: vertices, adjacency blocks, indexes, transactions.
/// Threads: any number of snapshots, readers and write transactions at once.
class GraphStore {
 public:
  virtual ~GraphStore() = default;

  /// Errors: kNotFound (nothing there and create_if_missing is false), kBusy (another process writes), kCorruption (not a
  /// tupu database, or damaged), kUnsupported (format of a newer version), kIo.
  static Result<std::unique_ptr<GraphStore>> Open(const std::string& directory, const GraphStoreOptions& options);
  static Result<std::unique_ptr<GraphStore>> OpenInMemory(const GraphStoreOptions& options = {});
  /// For tests: on any backend.
  static Result<std::unique_ptr<GraphStore>> OpenOn(std::unique_ptr<KvStore> kv, const GraphStoreOptions& options);

  /// The last committed state.
  virtual Result<std::shared_ptr<const GraphView>> Snapshot() const = 0;
  /// kUnsupported on a read-only store, unless the transaction is read-only itself.
  virtual Result<std::unique_ptr<GraphTransaction>> BeginWrite(const TransactionOptions& options = {}) = 0;
  /// A load of new entities as sorted files (storage/bulk/graph_bulk_load.h): 3 to 5 times faster than a transaction,
  /// in bounded memory. Waits as BeginWrite does. kUnsupported where the backend takes no files.
  virtual Result<std::unique_ptr<GraphBulkLoad>> BeginBulkLoad(const BulkLoadOptions& options) = 0;
  virtual Result<GraphStoreStats> Stats() const = 0;
  /// Block cache, write buffers, CSRs and property columns, and what queries take out of it. May outlive the store.
  virtual const std::shared_ptr<MemoryBudget>& memory_budget() const = 0;

  /// Indexes and constraints: see SchemaChanger (storage/graph/schema_change.h). Each call returns when its work is done, while
  /// transactions go on beside it; a second call waits. kUnsupported on a read-only store.
  virtual Result<SchemaCounters> CreateIndex(const IndexRequest& request, const SchemaOptions& options) = 0;
  virtual Result<SchemaCounters> CreateConstraint(const ConstraintRequest& request, const SchemaOptions& options) = 0;
  virtual Result<SchemaCounters> DropIndex(const std::string& name, bool if_exists) = 0;
  virtual Result<SchemaCounters> DropConstraint(const std::string& name, bool if_exists) = 0;
  virtual Status RefreshStatistics(StatisticsScope scope, const CancellationToken& cancellation) = 0;
  virtual const Catalog& catalog() const = 0;

  /// Builds CSRs of all edges unless they are there, and saves them in the folder of the store, so that the next opening
  /// need not build them. Commits wait while they are written. Gives what is saved then: nothing if kIfWorthIt and building
  /// costs less than csr_worth_saving, or if they do not fit the cache memory. kUnsupported: read-only or in memory. kIo.
  virtual Result<SavedCsrs> SaveCsrs(CsrSaving when = CsrSaving::kAlways) = 0;
};

}  // namespace tupu
