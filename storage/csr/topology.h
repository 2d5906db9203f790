#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "storage/csr/saved_topology.h"
#include "storage/csr/topology_builder.h"
#include "storage/csr/topology_table.h"
#include "storage/keys/adjacency_change.h"

namespace tupu {

struct TopologyOptions {
  uint64_t budget_bytes = 0;  // 0: never build
  /// Where CSRs are saved and taken from; null: nowhere.
  std::shared_ptr<SideFiles> files = nullptr;
  /// Told how much memory is in use whenever that changes, so that other caches make room.
  std::function<void(uint64_t bytes)> on_bytes = {};
};

/// The CSRs of one store with what has been committed since: what traversal reads instead of blocks.
///
///     Restart -> (Apply -> Publish) ...
///
/// Built    when reads of blocks have cost a quarter of what building costs (or on Build): by a thread of its own, so that
///          no query waits; everything if the budget allows, else the sets most read. A set that is not there is read from
///          blocks, as is a state older than its CSR.
/// Saved    what a file of the database's folder holds (storage/csr/saved_topology.h) is mapped instead of built, with what the
///          store has logged since as its delta. A file that does not fit is not used.
/// Fresh    the committer calls Apply with each commit before anyone can see it. A reader at commit T gets the CSR and the
///          changes up to T.
/// Folded   in the background, when a delta passes 5 % of the edges or a million changes; readers keep the part they hold.
/// Memory   budget_bytes for all parts with their deltas; a fold takes that of one part again while it runs, as does a
///          reader of an old state for what it holds.
/// Threads  one that calls Restart, Apply and Publish; everything else from any thread.
class Topology {
 public:
  explicit Topology(TopologyOptions options) : options_(std::move(options)) {}
  ~Topology() { Stop(); }
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;

  /// Drops everything: the state is that of `commit`, reached in a way that no Apply described (open, bulk load, a
  /// follower that caught up).
  void Restart(uint64_t commit);
  /// What `commit` changed; also called when it changed nothing. Commits ascend. Before Publish.
  void Apply(uint64_t commit, std::span<const AdjacencyChange> changes);
  /// The state that building starts from from now on.
  void Publish(TopologySource source);
  /// The file that the store names; null: none. Building then costs so little that it begins earlier.
  void ExpectSaved(const std::optional<SavedCsrRecord>& record);
  /// True if that file was found not to fit.
  bool IsUnusable(const SavedCsrRecord& record) const;
  /// Writes all lists as of the last published commit into a file, which the caller lets the store name. Errors:
  /// kUnsupported: they are not all there, or there is nowhere to keep them; kIo. Requires: no Apply meanwhile.
  Result<SavedCsrRecord> Save();
  /// Whether Save has all lists.
  bool IsComplete() const;
  /// What building everything from blocks costs, by estimate.
  std::chrono::nanoseconds BuildCost() const;
  static std::chrono::nanoseconds BuildCostOf(uint64_t edges);
  /// Whether the budget allows all CSRs of a graph of that size.
  bool WouldHold(const GraphCounts& counts) const;

  /// Ends building and folding, and calls of on_bytes: before what that uses goes. What was captured can still be read.
  void Stop();

  /// Rises whenever Capture may have more to give. One load: for the hot path.
  uint64_t generation() const { return generation_.load(std::memory_order_acquire); }
  /// What can be read at `commit` now; null: nothing.
  std::shared_ptr<const TopologyTable> Capture(uint64_t commit) const;

  /// Evidence for building: reads of blocks that a CSR would have spared.
  void CountBlockReads(ListSet set, uint64_t reads);
  /// Builds what is missing of `sets` (empty: of everything) now, as far as the budget allows. Errors: as BuildTopology.
  Status Build(std::span<const ListSet> sets = {});
  /// Whether Build would cost less than `reads` reads of blocks.
  bool IsWorth(uint64_t reads) const;
  /// Folds every delta that is not empty.
  void FoldAll() { Fold(1); }
  /// Returns when the thread of its own has nothing to do.
  void WaitUntilIdle();

  /// One entry per type and side that has a part, and per one that was asked for.
  std::vector<AdjacencyForm> Forms() const;
  uint64_t bytes() const;

 private:
  struct Recorded {
    uint64_t commit;
    AdjacencyChange change;
  };
  using Parts = std::vector<std::shared_ptr<const TopologyPart>>;
  static constexpr size_t kEvidenceSlots = 128;        // types beyond share them
  static constexpr uint64_t kMostChanges = 1'000'000;  // in a delta

  static uint64_t EstimateBytesOf(const GraphCounts& counts, ListSet set);
  static size_t EvidenceSlotOf(ListSet set) { return TopologyTable::SlotOf(set) % kEvidenceSlots; }
  void AddTypesUpTo(size_t types);
  void ReplaceTable(Parts parts, bool complete);
  void AddChange(const TopologyTable& table, uint64_t commit, const AdjacencyChange& change);
  std::shared_ptr<const TopologyPart> MakePart(ListSet set, uint64_t commit, TopologyCsr csr,
                                               uint64_t next_vertex) const;
  std::vector<ListSet> ChooseSets(std::span<const ListSet> wanted) const;
  Result<TopologySource> BeginBuild(std::vector<ListSet>& sets, std::span<const ListSet> wanted, uint64_t& epoch);
  Result<Parts> MakeParts(const TopologySource& source, std::span<const ListSet> sets);
  Result<Parts> LoadParts(const TopologySource& source, const SavedCsrRecord& record, std::span<const ListSet> sets);
  void EndBuild(uint64_t epoch, const TopologySource& source, const Parts& made);
  void Fold(uint64_t least_changes);
  void FoldPart(const std::shared_ptr<const TopologyPart>& part);
  bool NeedsFold(const TopologyPart& part) const;
  uint64_t UsedBytes() const;
  uint64_t EstimateBuildNanoseconds() const;
  void TellBytes();
  void Wake();
  void Work();

  const TopologyOptions options_;
  std::atomic<uint64_t> generation_ = 1;
  std::atomic<uint64_t> block_reads_ = 0;
  std::atomic<uint64_t> reads_worth_building_ = UINT64_MAX;
  std::array<std::atomic<uint64_t>, kEvidenceSlots> reads_of_set_{};
  std::atomic<bool> stop_ = false;

  std::mutex build_mutex_;                // one build at a time; taken before mutex_
  std::shared_ptr<SavedTopology> saved_;  // the file last used; of whoever holds build_mutex_
  std::mutex fold_mutex_;                 // one fold at a time; likewise
  mutable std::mutex mutex_;
  std::shared_ptr<const TopologyTable> table_;  // null: nothing
  std::optional<TopologySource> latest_;
  uint64_t applied_ = 0;
  uint64_t epoch_ = 0;      // restarts so far
  bool recording_ = false;  // a build is under way: changes go to recorded_ too
  std::vector<Recorded> recorded_;
  bool expects_saved_ = false;
  std::optional<SavedCsrRecord> unusable_;
  bool build_wanted_ = false;
  bool fold_wanted_ = false;
  bool busy_ = false;
  bool broken_ = false;  // a build found damage: blocks are read, and say where
  std::condition_variable wake_;
  std::condition_variable idle_;
  std::condition_variable published_;
  std::thread worker_;
};

/// What one snapshot reads of a Topology: captured when there is something, then kept.
class TopologyView {
 public:
  /// `topology` may be null: then there never is anything.
  TopologyView(std::shared_ptr<Topology> topology, uint64_t commit) : topology_(std::move(topology)), commit_(commit) {}

  uint64_t commit() const { return commit_; }
  Topology* topology() const { return topology_.get(); }
  /// Null: read blocks. Lives as long as this.
  const TopologyTable* table() const {
    if (topology_ == nullptr) return nullptr;
    if (seen_.load(std::memory_order_acquire) != topology_->generation()) Refresh();
    return table_.load(std::memory_order_acquire);
  }

 private:
  void Refresh() const;

  const std::shared_ptr<Topology> topology_;  // shared with the store and its other snapshots
  const uint64_t commit_;
  mutable std::atomic<uint64_t> seen_ = 0;
  mutable std::atomic<const TopologyTable*> table_ = nullptr;
  mutable std::mutex mutex_;
  mutable std::vector<std::shared_ptr<const TopologyTable>> kept_;  // every table that readers may hold
};

}  // namespace tupu
