#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "storage/base/memory_budget.h"
#include "storage/base/wake_up.h"
#include "storage/columns/property_cache.h"
#include "storage/csr/saved_topology.h"
#include "storage/csr/topology.h"
#include "storage/graph/adjacency_writer.h"
#include "storage/graph/commit_history.h"
#include "storage/graph/created_ids.h"
#include "storage/graph/graph_overlay.h"
#include "storage/graph/graph_snapshot.h"
#include "storage/graph/graph_store.h"
#include "storage/graph/index_writer.h"
#include "storage/graph/saved_csr_log.h"
#include "storage/graph/schema_change.h"
#include "storage/graph/seek_memo.h"

namespace tupu {

/// Number of names of each dictionary that are on disk.
struct StoredNames {
  size_t labels = 0;
  size_t edge_types = 0;
  size_t property_keys = 0;
  size_t id_groups = 0;
};

/// One transaction on its way through a commit.
struct CommitRequest {
  explicit CommitRequest(GraphOverlay& changes) : overlay(changes) {}

  GraphOverlay& overlay;
  PreparedCommit prepared;
  AdjacencyDraft adjacency;
  const std::function<Status(SchemaCommit&)>* schema = nullptr;  // a change of the schema, which commits alone
  const ReadSet* reads = nullptr;                                // of a serializable transaction

  // Of the queue.
  Status status;
  bool done = false;
  uint64_t commit = 0;
  std::vector<std::shared_ptr<WakeUp>> to_wake;  // those of others of its group
  bool remembered = false;
  bool touches_remembered = false;
  /// Released once: when the commit is done, or when it is to lead. Shared, since who releases it may still be at it when
  /// the request is gone.
  std::shared_ptr<WakeUp> turn = std::make_shared<WakeUp>();
};

/// What a store and its transactions share.
///
/// Reading   the last committed state is one immutable snapshot, replaced at each commit; readers take a pointer to it.
/// Writing   transactions run side by side, each over the snapshot of its beginning. Those that want to commit queue up;
///           the first of them leads: it checks each against the commits since its base, makes one batch of all that
///           pass, writes it once, publishes the new state and wakes the others (group commit; DeWitt et al. 1984,
///           "Implementation techniques for main memory database systems"). So blocks and containers that several of
///           them change are read and written once, and they share one fsync. The lists of a transaction that changes
///           few are made before it queues; they hold unless another commit has changed the same ones. The leader goes on
///           with those that have come meanwhile, for kLongestLead at most.
/// Locks     queue_mutex_ guards the queue; mutex_ what is published, the writers and their history. Neither is held
///           while the store is read or written.
class StoreCore : public SchemaHost {
 public:
  StoreCore(std::unique_ptr<KvStore> kv, GraphStoreOptions options);
  ~StoreCore();

  KvStore& kv() { return *kv_; }
  const GraphStoreOptions& options() const { return options_; }
  const std::shared_ptr<MemoryBudget>& memory_budget() const { return budget_; }
  const std::shared_ptr<StoreNames>& names() const { return names_; }
  EntityIds& ids() { return ids_; }

  std::shared_ptr<const GraphSnapshot> published() const {
    const std::scoped_lock lock(mutex_);
    return published_;
  }

  /// The state over which a new transaction runs; every Enter is followed by one Leave with the number of that state.
  std::shared_ptr<const GraphSnapshot> EnterWriter(const TransactionOptions& options);
  void LeaveWriter(uint64_t base, const TransactionOptions& options);

  /// Brings the changes of one transaction to the disk and publishes them, or does nothing and says why: kConflict,
  /// kIo ... Waits for those that commit before it. Requires: its transaction entered and has not left.
  Status Commit(CommitRequest& request);

  /// The same for what a bulk load wrote into files: adds counts, new names and the ontology to them, takes them in, and
  /// publishes the new state. `csrs`: of all edges, to be saved with them if the disk has room; null: none.
  /// Requires: the caller entered as an exclusive writer and has not left.
  Status CommitIngest(KvBulkWriter& writer, GraphCounts counts, std::shared_ptr<const Ontology> ontology,
                      const CsrsToSave* csrs);
  /// Whether the CSRs of a graph of that size are worth saving, and can be.
  bool WantsCsrsOf(const GraphCounts& counts) const;

  /// As GraphStore::SaveCsrs. Requires: not read-only.
  Result<SavedCsrs> SaveCsrs(CsrSaving when);
  /// Whether the file is there and fits as far as its header and table say: one may be missing, as in a restored store, or
  /// be of another version. Cost: as SavedTopology::Open.
  bool HasSavedCsrs(const SavedCsrRecord& record) const;

  // --- SchemaHost (one SchemaChanger at a time: schema_mutex()) ---

  std::mutex& schema_mutex() { return schema_mutex_; }
  StoreNames& schema_names() override { return *names_; }
  std::shared_ptr<const GraphSnapshot> LastCommitted() const override { return published(); }
  Status CommitSchema(const std::function<Status(SchemaCommit&)>& change) override;
  Status Flush() override { return kv_->Flush(); }

  /// Reads names, counts, ontology and indexes of a store, or makes a new one; removes indexes that a crash cut off.
  Status Load();

  /// The last committed state. On a store that follows another process: as it was at most kMaxAge ago, read anew when it
  /// is older; whoever holds an earlier state keeps it.
  Result<std::shared_ptr<const GraphSnapshot>> Latest();

 private:
  using Group = std::vector<CommitRequest*>;
  static constexpr std::chrono::milliseconds kMaxAge{250};
  /// To hand over costs as much as a few commits, to go on keeps one client waiting.
  static constexpr std::chrono::milliseconds kLongestLead{20};

  bool Enqueue(CommitRequest& request);
  void Lead(CommitRequest& own);
  static void Wake(const Group& group, const CommitRequest& leader);
  Group TakeGroup() const;
  void CommitGroup(const Group& group);
  Group Validate(const Group& group);
  Status WriteGroup(const Group& group);
  Status WriteSchema(const std::function<Status(SchemaCommit&)>& change);
  Status Publish(GraphCounts counts, std::shared_ptr<const Ontology> ontology,
                 std::shared_ptr<const SchemaState> schema, const Group& group, const std::vector<KvWrite>& batch);
  void Skip(uint64_t commit);
  void Remember(const Group& group, const std::vector<KvWrite>& batch);

  Status SaveCsrsInto(std::vector<KvWrite>& batch);
  Status ReplaceSavedCsrs(const GraphCounts& counts, const CsrsToSave* csrs, std::vector<KvWrite>& batch);
  bool IsWorthSavingAtEnd();

  Status LoadNames(const KvSnapshot& kv);
  void AppendNewNames(std::vector<KvWrite>& batch, StoredNames& stored) const;

  const std::unique_ptr<KvStore> kv_;
  const GraphStoreOptions options_;
  const std::shared_ptr<StoreNames> names_ = std::make_shared<StoreNames>();
  EntityIds ids_;

  std::mutex queue_mutex_;
  std::deque<CommitRequest*> queue_;  // the first one leads
  StoredNames stored_names_;          // of the leader
  uint64_t last_commit_ = 0;          // of the leader; also of groups that failed, so that no number has two meanings
  RecentPlaces recent_places_;        // of the leader; of the state `recent_places_commit_`
  uint64_t recent_places_commit_ = 0;
  ListChanges list_changes_;  // of the leader
  Worker worker_;             // of the leader
  const std::shared_ptr<MemoryBudget> budget_;
  SavedCsrLog saved_csrs_;                        // of the leader
  const std::shared_ptr<Topology> topology_;      // shared with snapshots, which may outlive the store
  const std::shared_ptr<PropertyCache> columns_;  // likewise
  const std::shared_ptr<SeekMemo> seeks_ = std::make_shared<SeekMemo>();
  mutable std::mutex mutex_;
  std::shared_ptr<const GraphSnapshot> published_;
  std::multiset<uint64_t> writers_;  // by the number of their base
  size_t serializable_writers_ = 0;
  bool has_exclusive_writer_ = false;
  std::condition_variable writer_left_;
  CommitHistory history_;
  std::mutex schema_mutex_;

  std::mutex refresh_mutex_;  // of a store that follows: held while a state is handed out or read anew
  std::chrono::steady_clock::time_point loaded_at_{};
};

}  // namespace tupu
