#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

#include "storage/base/memory_budget.h"
#include "storage/columns/column_builder.h"
#include "storage/columns/column_delta.h"

namespace tupu {

/// One property at every commit from that of its column on.
struct CachedColumn {
  ColumnKey key;
  uint64_t commit = 0;  // of the column
  std::shared_ptr<const PropertyColumn> column;
  std::shared_ptr<ColumnDelta> delta;       // commits after it
  mutable std::atomic<uint64_t> reads = 0;  // batches and single reads since columns were last built

  /// The value as it was at `at`; null: none. Requires: at >= commit.
  Result<Value> Get(uint64_t id, uint64_t at) const;
  /// The same of id_of(0) ... id_of(count - 1). After an error `out` has those before it.
  template <class IdOf>
  Status AppendTo(size_t count, IdOf&& id_of, uint64_t at, PropertySink& out) const;
  uint64_t bytes() const { return column->bytes() + delta->bytes(); }
};

template <class IdOf>
Status CachedColumn::AppendTo(size_t count, IdOf&& id_of, uint64_t at, PropertySink& out) const {
  // In rounds: find the places, then read them, so that the waits for memory overlap.
  constexpr size_t kRound = 64;
  std::array<uint64_t, kRound> positions;
  const bool changes = delta->size() > 0;
  for (size_t first = 0; first < count; first += kRound) {
    const size_t end = std::min(count, first + kRound);
    for (size_t i = first; i < end; ++i) {
      positions[i - first] = column->PositionOf(id_of(i));
      column->Prefetch(positions[i - first]);
    }
    for (size_t i = first; i < end; ++i) {
      const bool plain = !changes || !delta->MayHave(id_of(i));
      if (plain && column->Append(positions[i - first], out)) continue;
      TUPU_TRY_ASSIGN(const Value value, plain ? column->At(positions[i - first]) : Get(id_of(i), at));
      out.Append(value);
    }
  }
  return {};
}

/// What a commit left of one entity's properties and labels.
struct PropertyChange {
  EntityKind entity = EntityKind::kVertex;
  EdgeTypeId type{};  // of an edge
  uint64_t id = 0;
  std::optional<std::string_view> row;  // storage/keys/property_row.h; nullopt: deleted
  std::vector<LabelId> labels = {};     // of a vertex, sorted
};
using PropertyChangeVisitor = std::function<void(const PropertyChange&)>;

/// A property that is read from a column now.
struct PropertyForm {
  ColumnKey key;
  ColumnForm form = ColumnForm::kEmpty;
  uint64_t values = 0;   // in the column
  uint64_t bytes = 0;    // in memory, with the delta
  uint64_t changes = 0;  // in the delta
  uint64_t commit = 0;   // of the column
};

/// The property columns of one store with what has been committed since: read instead of vertex records and edge blocks.
///
///     Restart -> (Apply -> Publish) ...
///
/// Built    when reads of records have cost a quarter of what building costs (or on Build): by a thread of its own, from one
///          scan for all properties that are wanted then. A property that has no column is read from records, as is a state
///          older than its column.
/// Fresh    the committer calls Apply with each commit before anyone can see it. A reader at commit T gets the column and the
///          changes up to T.
/// Folded   in the background, when a delta passes 5 % of the values or a million changes.
/// Memory   what MemoryBudget leaves. Who needs it otherwise gets it: columns go, the least read first, and a reader keeps
///          one for the length of a call alone. A build that does not fit is not tried again before there is four times the
///          reason. A fold takes that of one column again while it runs.
/// Threads  one that calls Restart, Apply and Publish; everything else from any thread.
class PropertyCache {
 public:
  /// `budget` may be null: then there never is a column.
  explicit PropertyCache(std::shared_ptr<MemoryBudget> budget) : budget_(std::move(budget)) {}
  ~PropertyCache() { Stop(); }
  PropertyCache(const PropertyCache&) = delete;
  PropertyCache& operator=(const PropertyCache&) = delete;

  /// Drops everything: the state is that of `commit`, reached in a way that no Apply described (open, bulk load, a
  /// follower that caught up).
  void Restart(uint64_t commit);
  /// What `commit` changed; also called when it changed nothing. `visit_changes` calls its argument for each entity whose
  /// record was written; it is not called while there is no column. Commits ascend. Before Publish.
  void Apply(uint64_t commit, const std::function<void(const PropertyChangeVisitor&)>& visit_changes);
  /// The state that building starts from from now on.
  void Publish(TopologySource source);
  /// Ends building and folding. What there is can still be read.
  void Stop();

  /// The column of `key` that can be read at `commit`; null: read records.
  std::shared_ptr<const CachedColumn> Find(const ColumnKey& key, uint64_t commit) const;
  /// Evidence for building: reads of records that a column would have spared.
  void CountRecordReads(const ColumnKey& key, uint64_t reads);
  /// Builds what is missing of `keys` now, as far as the budget allows. Errors: as BuildPropertyColumns.
  Status Build(std::span<const ColumnKey> keys);
  /// Folds every delta that is not empty.
  void FoldAll() { Fold(1); }
  /// Returns when the thread of its own has nothing to do.
  void WaitUntilIdle();
  /// Lets columns go until they hold no more than that.
  void ShrinkTo(uint64_t most_bytes);

  /// One entry a column, by key.
  std::vector<PropertyForm> Forms() const;
  uint64_t bytes() const;

 private:
  using Columns = std::map<ColumnKey, std::shared_ptr<const CachedColumn>>;
  struct Recorded {
    uint64_t commit;
    ColumnKey key;
    uint64_t id;
    Value value;
  };
  static constexpr size_t kEvidenceSlots = 256;  // keys beyond share them

  void ApplyChange(uint64_t commit, const PropertyChange& change);
  void ReplaceColumns(Columns columns);
  void Drop(const ColumnKey& key);
  bool DropLeastRead();
  void KeepWithinBudget();
  uint64_t UsedBytes() const;
  std::shared_ptr<const CachedColumn> MakeCached(const ColumnKey& key, uint64_t commit, PropertyColumn column,
                                                 const GraphCounts& counts) const;
  Status BuildEntity(std::span<const ColumnKey> wanted, EntityKind entity);
  Result<TopologySource> BeginBuild(std::vector<ColumnKey>& keys, uint64_t& epoch);
  void EndBuild(uint64_t epoch, const TopologySource& source, std::span<const ColumnKey> keys,
                std::vector<std::optional<PropertyColumn>> columns);
  void AbandonBuild(std::span<const ColumnKey> keys, bool broken);
  bool MayStage(uint64_t bytes);
  bool NeedsFold(const CachedColumn& cached) const;
  void Fold(uint64_t least_changes);
  void FoldColumn(const std::shared_ptr<const CachedColumn>& cached);
  void Wake();
  void Work();

  const std::shared_ptr<MemoryBudget> budget_;
  std::array<std::atomic<uint64_t>, kEvidenceSlots> reads_of_{};
  std::array<std::atomic<uint64_t>, 2> reads_worth_building_{UINT64_MAX, UINT64_MAX};  // of vertices, of edges
  std::atomic<uint64_t> applied_ = 0;
  std::atomic<bool> any_ = false;  // there are columns
  std::atomic<bool> stop_ = false;

  std::mutex build_mutex_;  // one build at a time; taken before mutex_
  std::mutex fold_mutex_;   // one fold at a time; likewise
  mutable std::mutex mutex_;
  mutable std::shared_mutex columns_mutex_;  // of the pointer alone; taken after mutex_
  std::shared_ptr<const Columns> columns_ = std::make_shared<const Columns>();
  std::optional<TopologySource> latest_;
  uint64_t epoch_ = 0;                // restarts so far
  std::vector<ColumnKey> recording_;  // a build of these is under way: what changes in them goes to recorded_ too
  std::vector<Recorded> recorded_;
  uint64_t staged_bytes_ = 0;  // of columns in the making
  std::set<ColumnKey> wanted_;
  std::map<ColumnKey, uint64_t> reasons_missing_;  // of what did not fit: so many times the usual evidence
  std::map<ColumnKey, uint64_t> refusals_;
  std::array<bool, 2> broken_{};  // a build found damage: records are read, and say where
  bool fold_wanted_ = false;
  bool busy_ = false;
  std::condition_variable wake_;
  std::condition_variable idle_;
  std::condition_variable published_;
  std::thread worker_;
};

/// What one snapshot reads of a PropertyCache.
class PropertyCacheView {
 public:
  /// `cache` may be null: then there never is anything.
  PropertyCacheView(std::shared_ptr<PropertyCache> cache, uint64_t commit)
      : cache_(std::move(cache)), commit_(commit) {}

  uint64_t commit() const { return commit_; }
  PropertyCache* cache() const { return cache_.get(); }
  /// Null: read records, and say so.
  std::shared_ptr<const CachedColumn> Find(const ColumnKey& key) const {
    return cache_ == nullptr ? nullptr : cache_->Find(key, commit_);
  }
  void CountRecordReads(const ColumnKey& key, uint64_t reads) const {
    if (cache_ != nullptr) cache_->CountRecordReads(key, reads);
  }

 private:
  const std::shared_ptr<PropertyCache> cache_;  // shared with the store and its other snapshots
  const uint64_t commit_;
};

}  // namespace tupu
