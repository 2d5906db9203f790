#include <array>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>

#include <fmt/format.h>

#include "storage/base/check.h"
#include "storage/kv/backup_files.h"
#include "storage/kv/kv_store.h"

namespace tupu {

namespace {

struct Version {
  uint64_t commit;
  std::optional<std::string> value;  // nullopt: deleted
};

/// Every key with its versions, oldest first, as far back as a live snapshot can see.
using VersionedMap = std::map<std::string, std::vector<Version>, std::less<>>;

struct State {
  mutable std::shared_mutex mutex;
  std::array<VersionedMap, kNumKeyspaces> spaces;
  uint64_t last_commit = 0;
  std::multiset<uint64_t> live_snapshots;
  // Versions below `commit` of this key can go once no snapshot older than `commit` lives. Ascending commits.
  struct Obsolete {
    uint64_t commit;
    int space;
    VersionedMap::iterator key;
  };
  std::deque<Obsolete> obsolete;

  /// Requires: the mutex is held for writing.
  void Collect() {
    const uint64_t oldest = live_snapshots.empty() ? last_commit : *live_snapshots.begin();
    while (!obsolete.empty() && obsolete.front().commit <= oldest) {
      const auto [commit, space, key] = obsolete.front();
      obsolete.pop_front();
      std::vector<Version>& versions = key->second;
      size_t keep = versions.size();
      while (keep > 0 && versions[keep - 1].commit > commit) --keep;
      // versions[keep - 1] is the one written at `commit`.
      versions.erase(versions.begin(), versions.begin() + static_cast<ptrdiff_t>(keep - 1));
      if (versions.size() == 1 && !versions[0].value) spaces[static_cast<size_t>(space)].erase(key);
    }
  }

  /// The value that a snapshot at `commit` sees, or null. Requires: the mutex is held.
  static const std::string* At(const std::vector<Version>& versions, uint64_t commit) {
    for (size_t i = versions.size(); i-- > 0;) {
      if (versions[i].commit <= commit) return versions[i].value ? &*versions[i].value : nullptr;
    }
    return nullptr;
  }
};

class MemorySnapshot : public KvSnapshot {
 public:
  // The state is shared: a snapshot may outlive its store.
  MemorySnapshot(std::shared_ptr<State> state, uint64_t commit) : state_(std::move(state)), commit_(commit) {}
  ~MemorySnapshot() override {
    std::unique_lock lock(state_->mutex);
    state_->live_snapshots.erase(state_->live_snapshots.find(commit_));
    state_->Collect();
  }

  Result<std::optional<std::string>> Get(Keyspace space, std::string_view key) const override {
    std::shared_lock lock(state_->mutex);
    return Find(space, key);
  }

  Result<bool> Read(Keyspace space, std::string_view key,
                    const std::function<void(std::string_view)>& visit) const override {
    std::shared_lock lock(state_->mutex);
    const std::string* value = FindValue(space, key);
    if (value == nullptr) return false;
    visit(*value);
    return true;
  }

  Result<std::vector<std::optional<std::string>>> MultiGet(Keyspace space,
                                                           std::span<const std::string> keys) const override {
    std::vector<std::optional<std::string>> values;
    values.reserve(keys.size());
    std::shared_lock lock(state_->mutex);
    for (const std::string& key : keys) values.push_back(Find(space, key));
    return values;
  }

  Status Scan(Keyspace space, std::string_view begin, std::string_view end,
              const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    // A batch is copied under the lock and visited without it, so that a visitor may read the store.
    std::vector<std::pair<std::string, std::string>> batch;  // its strings keep their memory from batch to batch
    std::string from(begin);
    for (bool more = true; more;) {
      const size_t size = CopyBatch(space, from, end, batch);
      for (size_t i = 0; i < size; ++i) {
        if (!visit(batch[i].first, batch[i].second)) return {};
      }
      more = size == kBatch;
      if (more) from = batch[size - 1].first + '\0';
    }
    return {};
  }

  Result<std::vector<std::vector<std::pair<std::string, std::string>>>> Expand(
      Keyspace space, std::span<const std::string> prefixes) const override {
    std::vector<std::vector<std::pair<std::string, std::string>>> results(prefixes.size());
    std::shared_lock lock(state_->mutex);
    const VersionedMap& map = state_->spaces[static_cast<size_t>(space)];
    for (size_t i = 0; i < prefixes.size(); ++i) {
      for (auto at = map.lower_bound(prefixes[i]); at != map.end() && at->first.starts_with(prefixes[i]); ++at) {
        if (const std::string* value = State::At(at->second, commit_)) results[i].emplace_back(at->first, *value);
      }
    }
    return results;
  }

 private:
  static constexpr size_t kBatch = 64;

  /// Requires: the mutex is held.
  const std::string* FindValue(Keyspace space, std::string_view key) const {
    const VersionedMap& map = state_->spaces[static_cast<size_t>(space)];
    const auto found = map.find(key);
    return found == map.end() ? nullptr : State::At(found->second, commit_);
  }
  std::optional<std::string> Find(Keyspace space, std::string_view key) const {
    const std::string* value = FindValue(space, key);
    return value ? std::optional(*value) : std::nullopt;
  }

  /// Fills `batch` from its beginning; less than kBatch is the end.
  size_t CopyBatch(Keyspace space, const std::string& from, std::string_view end,
                   std::vector<std::pair<std::string, std::string>>& batch) const {
    std::shared_lock lock(state_->mutex);
    const VersionedMap& map = state_->spaces[static_cast<size_t>(space)];
    size_t size = 0;
    for (auto at = map.lower_bound(from); at != map.end() && (end.empty() || at->first < end); ++at) {
      const std::string* value = State::At(at->second, commit_);
      if (value == nullptr) continue;
      if (size == batch.size()) batch.emplace_back();
      batch[size].first.assign(at->first);
      batch[size].second.assign(*value);
      if (++size == kBatch) break;
    }
    return size;
  }

  const std::shared_ptr<State> state_;
  const uint64_t commit_;
};

using WriteRun = std::vector<KvWrite>;

/// Gathers the runs; they are written as one batch.
class MemoryBulkWriter : public KvBulkWriter {
 public:
  explicit MemoryBulkWriter(KvStore& store) : store_(store) {}

  Result<std::unique_ptr<KvRun>> NewRun(Keyspace space) override {
    const std::scoped_lock lock(mutex_);
    return std::unique_ptr<KvRun>(std::make_unique<Run>(space, runs_.emplace_back()));
  }
  Status Ingest() override {
    WriteRun all;
    for (WriteRun& run : runs_) std::move(run.begin(), run.end(), std::back_inserter(all));
    runs_.clear();
    return store_.Write(all, {}, true);
  }
  const std::string& scratch_directory() const override { return scratch_directory_; }

 private:
  class Run : public KvRun {
   public:
    Run(Keyspace space, WriteRun& writes) : space_(space), writes_(writes) {}
    Status Put(std::string_view key, std::string_view value) override { return Add(key, std::string(value)); }
    Status Delete(std::string_view key) override { return Add(key, std::nullopt); }
    Status Finish() override { return {}; }

   private:
    Status Add(std::string_view key, std::optional<std::string> value) {
      TUPU_CHECK(writes_.empty() || writes_.back().key < key);
      writes_.push_back({space_, std::string(key), std::move(value)});
      return {};
    }

    const Keyspace space_;
    WriteRun& writes_;
  };

  KvStore& store_;
  const std::string scratch_directory_;
  std::mutex mutex_;
  std::deque<WriteRun> runs_;  // a deque: runs refer to their elements
};

class MemoryStore : public KvStore {
 public:
  Result<std::shared_ptr<const KvSnapshot>> Snapshot() const override {
    std::unique_lock lock(state_->mutex);
    state_->live_snapshots.insert(state_->last_commit);
    return std::shared_ptr<const KvSnapshot>(std::make_shared<MemorySnapshot>(state_, state_->last_commit));
  }

  Status Write(std::span<const KvWrite> batch, std::span<const KvPrecondition> preconditions, bool) override {
    std::unique_lock lock(state_->mutex);
    for (const KvPrecondition& condition : preconditions) TUPU_TRY(Check(condition));
    const uint64_t commit = state_->last_commit + 1;
    for (const KvWrite& write : batch) Apply(write, commit);
    state_->last_commit = commit;
    state_->Collect();
    return {};
  }

  Status Checkpoint(const std::string&) override {
    return Error{ErrorCode::kUnsupported, "a database in memory has no files to copy; use one on disk"};
  }

  Result<KvStats> Stats() const override {
    KvStats stats;
    stats.backend = "memory";
    return stats;
  }

  Result<std::unique_ptr<KvBulkWriter>> BulkWriter() override {
    return std::unique_ptr<KvBulkWriter>(std::make_unique<MemoryBulkWriter>(*this));
  }

 private:
  Status Check(const KvPrecondition& condition) const {
    const VersionedMap& map = state_->spaces[static_cast<size_t>(condition.space)];
    const auto found = map.find(condition.key);
    const std::string* value = found == map.end() ? nullptr : State::At(found->second, state_->last_commit);
    const bool holds = condition.expected ? value != nullptr && *value == *condition.expected : value == nullptr;
    if (holds) return {};
    return Error{ErrorCode::kConflict, "another transaction changed what this one rests on; try again"};
  }

  void Apply(const KvWrite& write, uint64_t commit) {
    VersionedMap& map = state_->spaces[static_cast<size_t>(write.space)];
    auto at = map.lower_bound(write.key);
    if (at == map.end() || at->first != write.key) {
      if (!write.value) return;  // deletes what is not there
      at = map.emplace_hint(at, write.key, std::vector<Version>());
    }
    std::vector<Version>& versions = at->second;
    if (!versions.empty() && versions.back().commit == commit) {
      // The later write of a batch wins. A key that this batch made and takes back was never seen by anyone.
      if (!write.value && versions.size() == 1) {
        map.erase(at);
      } else {
        versions.back().value = write.value;
      }
      return;
    }
    versions.push_back({commit, write.value});
    if (versions.size() > 1) state_->obsolete.push_back({commit, static_cast<int>(write.space), at});
  }

  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace

Result<BackupRecord> KvStore::Backup(const std::string&, const std::string&) {
  return Error{ErrorCode::kUnsupported, "a database in memory has no files to back up; use one on disk"};
}

std::unique_ptr<KvStore> OpenMemoryStore() {
  return std::make_unique<MemoryStore>();
}

}  // namespace tupu
