#include <filesystem>
#include <mutex>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include "storage/kv/backup_files.h"
#include "storage/kv/internal/rocksdb_bulk_writer.h"
#include "storage/kv/internal/rocksdb_database.h"
#include "storage/kv/internal/sorted_run.h"
#include "storage/kv/side_files.h"

namespace tupu {

namespace {

/// Keeps RocksDB's counters of this thread still, whose upkeep is a tenth of a scan.
class WithoutCounters {
 public:
  WithoutCounters() : before_(rocksdb::GetPerfLevel()) { rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable); }
  ~WithoutCounters() { rocksdb::SetPerfLevel(before_); }
  WithoutCounters(const WithoutCounters&) = delete;
  WithoutCounters& operator=(const WithoutCounters&) = delete;

 private:
  const rocksdb::PerfLevel before_;
};

class RocksDbSnapshot : public KvSnapshot {
 public:
  RocksDbSnapshot(std::shared_ptr<RocksDbDatabase> db, SnapshotKind kind)
      : db_(std::move(db)), snapshot_(kind == SnapshotKind::kPinned ? db_->db().GetSnapshot() : nullptr) {}
  ~RocksDbSnapshot() override {
    if (snapshot_ != nullptr) db_->db().ReleaseSnapshot(snapshot_);
  }

  Result<std::optional<std::string>> Get(Keyspace space, std::string_view key) const override {
    rocksdb::PinnableSlice value;
    const rocksdb::Status status = db_->db().Get(Options(), db_->family(space), ToSlice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return db_->Failed(status, "read");
    return std::optional(std::string(ToView(value)));
  }

  Result<bool> Read(Keyspace space, std::string_view key,
                    const std::function<void(std::string_view)>& visit) const override {
    rocksdb::PinnableSlice value;  // pins the block in the cache: no copy
    const rocksdb::Status status = db_->db().Get(Options(), db_->family(space), ToSlice(key), &value);
    if (status.IsNotFound()) return false;
    if (!status.ok()) return db_->Failed(status, "read");
    visit(ToView(value));
    return true;
  }

  Result<std::vector<std::optional<std::string>>> MultiGet(Keyspace space,
                                                           std::span<const std::string> keys) const override {
    std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
    std::vector<rocksdb::PinnableSlice> found(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    db_->db().MultiGet(Options(), db_->family(space), keys.size(), slices.data(), found.data(), statuses.data());
    std::vector<std::optional<std::string>> values(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      if (statuses[i].IsNotFound()) continue;
      if (!statuses[i].ok()) return db_->Failed(statuses[i], "read");
      values[i] = std::string(ToView(found[i]));
    }
    return values;
  }

  Status Scan(Keyspace space, std::string_view begin, std::string_view end,
              const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    const WithoutCounters without_counters;
    TUPU_TRY_ASSIGN(std::optional<std::string> rest, ScanMerged(space, begin, end, kShortScan, visit));
    if (!rest) return {};
    const size_t worth_after = SortedRunScan::WorthAfter(*db_, space);
    if (worth_after > kShortScan) {
      TUPU_TRY_ASSIGN(rest, ScanMerged(space, *rest, end, worth_after - kShortScan, visit));
      if (!rest) return {};
    }
    if (const auto run = SortedRunScan::Prepare(*db_, space, snapshot_)) {
      TUPU_TRY_ASSIGN(rest, run->Scan(*rest, end, visit));
    }
    if (rest) TUPU_TRY(ScanMerged(space, *rest, end, SIZE_MAX, visit));
    return {};
  }

  Result<std::vector<std::vector<std::pair<std::string, std::string>>>> Expand(
      Keyspace space, std::span<const std::string> prefixes) const override {
    std::vector<std::vector<std::pair<std::string, std::string>>> results(prefixes.size());
    const std::unique_ptr<rocksdb::Iterator> at(db_->db().NewIterator(Options(), db_->family(space)));
    for (size_t i = 0; i < prefixes.size(); ++i) {
      for (at->Seek(prefixes[i]); at->Valid() && at->key().starts_with(prefixes[i]); at->Next()) {
        results[i].emplace_back(ToView(at->key()), ToView(at->value()));
      }
      if (!at->status().ok()) return db_->Failed(at->status(), "scan");
    }
    return results;
  }

 private:
  /// Scans of fewer keys, which most are, do not even ask whether there is a better way.
  static constexpr size_t kShortScan = 4096;

  /// By RocksDB's iterator, up to `most` keys; the key at which to go on if there may be more.
  Result<std::optional<std::string>> ScanMerged(
      Keyspace space, std::string_view begin, std::string_view end, size_t most,
      const std::function<bool(std::string_view, std::string_view)>& visit) const {
    rocksdb::ReadOptions options = Options();
    const rocksdb::Slice upper = ToSlice(end);
    if (!end.empty()) options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(db_->db().NewIterator(options, db_->family(space)));
    std::optional<std::string> rest;
    for (at->Seek(ToSlice(begin)); at->Valid(); at->Next()) {
      if (most-- == 0) {
        rest = std::string(ToView(at->key()));
        break;
      }
      if (!visit(ToView(at->key()), ToView(at->value()))) break;
    }
    // The end of the range and a failed read look alike until the status is asked.
    if (!at->status().ok()) return db_->Failed(at->status(), "scan");
    return rest;
  }

  rocksdb::ReadOptions Options() const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    return options;
  }

  const std::shared_ptr<RocksDbDatabase> db_;
  const rocksdb::Snapshot* const snapshot_;
};

class RocksDbStore : public KvStore {
 public:
  RocksDbStore(std::shared_ptr<RocksDbDatabase> db, RocksDbOptions options)
      : directory_(db->directory()), options_(std::move(options)), instance_(std::move(db)) {}

  Result<std::shared_ptr<const KvSnapshot>> Snapshot() const override {
    return MakeSnapshot(Instance(), SnapshotKind::kPinned);
  }

  Status Write(std::span<const KvWrite> batch, std::span<const KvPrecondition> preconditions, bool sync) override {
    const WithoutCounters without_counters;
    // One after the other: what a failed one left in the log must be its own.
    const std::lock_guard lock(writing_mutex_);
    TUPU_TRY_ASSIGN(const auto db, WritableInstance());
    rocksdb::WriteBatch writes;
    for (const KvWrite& write : batch) {
      const rocksdb::Status status = write.value ? writes.Put(db->family(write.space), write.key, *write.value)
                                                 : writes.Delete(db->family(write.space), write.key);
      if (!status.ok()) return db->Failed(status, "write");
    }
    for (const KvPrecondition& condition : preconditions) TUPU_TRY(Check(*db, condition));
    rocksdb::WriteOptions options;
    options.sync = sync;
    const rocksdb::Status status = db->db().Write(options, &writes);
    if (status.ok()) {
      db->fence().Acknowledge();
      return {};
    }
    // Nobody was told that it is done, so it must not come back from the log if the process ends now.
    db->health().NoteError(status.ToString());
    (void)db->fence().Close();  // else the next write tries again
    return db->Failed(status, "write");
  }

  Status Checkpoint(const std::string& directory) override {
    const auto db = Instance();
    rocksdb::Checkpoint* raw = nullptr;
    rocksdb::Status status = rocksdb::Checkpoint::Create(&db->db(), &raw);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
    if (status.ok()) status = checkpoint->CreateCheckpoint(directory);
    if (status.ok()) return {};
    if (status.IsInvalidArgument()) {
      return Error{ErrorCode::kAlreadyExists,
                   fmt::format("{}: the folder is there already; name a new one", directory)};
    }
    return FromRocksDb(status, fmt::format("copy {} to {}", directory_, directory));
  }

  Result<std::unique_ptr<KvBulkWriter>> BulkWriter() override {
    const std::lock_guard lock(writing_mutex_);
    TUPU_TRY_ASSIGN(auto db, WritableInstance());
    return MakeRocksDbBulkWriter(std::move(db));
  }

  Result<BackupRecord> Backup(const std::string& backup_directory, const std::string& note) override {
    return BackUp(*Instance(), backup_directory, note);
  }

  Status Compact() override {
    std::unique_lock lock(writing_mutex_);
    TUPU_TRY_ASSIGN(const auto db, WritableInstance());
    lock.unlock();
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    for (int space = 0; space < kNumKeyspaces; ++space) {
      const rocksdb::Status status =
          db->db().CompactRange(options, db->family(static_cast<Keyspace>(space)), nullptr, nullptr);
      if (!status.ok()) return db->Failed(status, "compact");
    }
    return {};
  }

  Status VerifyChecksums() override {
    const auto db = Instance();
    const rocksdb::Status status = db->db().VerifyChecksum(rocksdb::ReadOptions());
    return status.ok() ? Status() : db->Failed(status, "verify");
  }

  Status Flush() override {
    std::unique_lock lock(writing_mutex_);
    TUPU_TRY_ASSIGN(const auto db, WritableInstance());
    lock.unlock();
    const rocksdb::Status status = db->db().Flush(rocksdb::FlushOptions(), db->families());
    return status.ok() ? Status() : db->Failed(status, "flush");
  }

  void ReserveMemory(uint64_t bytes) override {
    const std::lock_guard lock(instance_mutex_);
    reserved_bytes_ = bytes;
    LimitCache(*instance_);
  }

  Result<KvStats> Stats() const override { return StatsOf(*Instance()); }

  std::shared_ptr<SideFiles> side_files() override {
    return std::make_shared<SideFiles>(directory_, options_.environment);
  }

 private:
  Status Check(const RocksDbDatabase& db, const KvPrecondition& condition) const {
    std::string value;
    const rocksdb::Status status =
        db.db().Get(rocksdb::ReadOptions(), db.family(condition.space), condition.key, &value);
    if (!status.ok() && !status.IsNotFound()) return db.Failed(status, "read");
    const bool holds = condition.expected ? status.ok() && value == *condition.expected : status.IsNotFound();
    if (holds) return {};
    return Error{ErrorCode::kConflict, "another transaction changed what this one rests on; try again"};
  }

  std::shared_ptr<RocksDbDatabase> Instance() const {
    const std::lock_guard lock(instance_mutex_);
    return instance_;
  }

  /// The instance to write to: after an error a new one, if what caused the error is gone. That costs as much as opening
  /// the database. The old one serves the snapshots that were taken before. Requires: writing_mutex_ is held.
  Result<std::shared_ptr<RocksDbDatabase>> WritableInstance() {
    auto db = Instance();
    if (options_.read_only) return Error{ErrorCode::kUnsupported, directory_ + ": it was opened for reading only"};
    if (!db->health().IsHalted()) return db;
    const rocksdb::IOStatus closed = db->fence().Close();
    if (!closed.ok()) return StillHalted(*db, db->Failed(closed, "cut the log"));
    auto opened = OpenRocksDbDatabase(directory_, options_, db->setting().lock);
    if (!opened) return StillHalted(*db, opened.error());
    const std::lock_guard lock(instance_mutex_);
    instance_ = *opened;
    LimitCache(*instance_);
    return *opened;
  }

  static Error StillHalted(const RocksDbDatabase& db, Error error) {
    error.message +=
        fmt::format("; nothing can be written since this error (reading goes on): {}", db.health().first_error());
    return error;
  }

  void LimitCache(const RocksDbDatabase& db) const {
    const uint64_t whole = db.setting().cache_bytes;
    db.setting().cache->SetCapacity(whole - std::min(reserved_bytes_, whole / 4 * 3));
  }

  const std::string directory_;
  const RocksDbOptions options_;
  std::mutex writing_mutex_;  // locked before instance_mutex_, if both are
  mutable std::mutex instance_mutex_;
  std::shared_ptr<RocksDbDatabase> instance_;
  uint64_t reserved_bytes_ = 0;
};

}  // namespace

Result<KvStats> StatsOf(const RocksDbDatabase& database) {
  KvStats stats;
  stats.backend = fmt::format("RocksDB {}", rocksdb::GetRocksVersionAsString());
  stats.bytes_in_memory = database.setting().cache->GetUsage();
  for (int space = 0; space < kNumKeyspaces; ++space) {
    uint64_t bytes = 0;
    database.db().GetIntProperty(database.family(static_cast<Keyspace>(space)),
                                 rocksdb::DB::Properties::kTotalSstFilesSize, &bytes);
    stats.bytes_by_keyspace.emplace_back(space == 0 ? "meta" : FamilyNames()[static_cast<size_t>(space)], bytes);
  }
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(database.directory(), failed)) {
    std::error_code gone;  // a file may vanish while we look
    const auto size = entry.file_size(gone);
    if (!gone) stats.bytes_on_disk += size;
  }
  if (failed) return Error{ErrorCode::kIo, fmt::format("{}: {}", database.directory(), failed.message())};
  return stats;
}

std::shared_ptr<const KvSnapshot> MakeSnapshot(std::shared_ptr<RocksDbDatabase> database, SnapshotKind kind) {
  return std::make_shared<RocksDbSnapshot>(std::move(database), kind);
}

Result<std::unique_ptr<KvStore>> OpenRocksDbStore(const std::string& directory, const RocksDbOptions& options) {
  if (options.follow) return OpenRocksDbFollower(directory, options);
  TUPU_TRY_ASSIGN(auto db, OpenRocksDbDatabase(directory, options));
  if (!options.read_only) RemoveBulkFiles(directory);  // of a load that was cut off
  return std::unique_ptr<KvStore>(std::make_unique<RocksDbStore>(std::move(db), options));
}

}  // namespace tupu
