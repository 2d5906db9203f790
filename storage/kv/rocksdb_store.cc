#include <filesystem>
#include <mutex>
#include <shared_mutex>
#include <string_view>

#include <fmt/format.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include "storage/kv/internal/rocksdb_bulk_writer.h"
#include "storage/kv/internal/rocksdb_database.h"

namespace tupu {

namespace {

class RocksDbSnapshot : public KvSnapshot {
 public:
  explicit RocksDbSnapshot(std::shared_ptr<RocksDbDatabase> db)
      : db_(std::move(db)), snapshot_(db_->db().GetSnapshot()) {}
  ~RocksDbSnapshot() override { db_->db().ReleaseSnapshot(snapshot_); }

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
    rocksdb::ReadOptions options = Options();
    const rocksdb::Slice upper = ToSlice(end);
    if (!end.empty()) options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(db_->db().NewIterator(options, db_->family(space)));
    for (at->Seek(ToSlice(begin)); at->Valid(); at->Next()) {
      if (!visit(ToView(at->key()), ToView(at->value()))) break;
    }
    // The end of the range and a failed read look alike until the status is asked.
    return at->status().ok() ? Status() : db_->Failed(at->status(), "scan");
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
  RocksDbStore(std::shared_ptr<RocksDbDatabase> db, bool read_only) : db_(std::move(db)), read_only_(read_only) {}

  Result<std::shared_ptr<const KvSnapshot>> Snapshot() const override {
    return std::shared_ptr<const KvSnapshot>(std::make_shared<RocksDbSnapshot>(db_));
  }

  Status Write(std::span<const KvWrite> batch, std::span<const KvPrecondition> preconditions, bool sync) override {
    if (read_only_) return Error{ErrorCode::kUnsupported, db_->directory() + ": it was opened for reading only"};
    rocksdb::WriteBatch writes;
    for (const KvWrite& write : batch) {
      const rocksdb::Status status = write.value ? writes.Put(db_->family(write.space), write.key, *write.value)
                                                 : writes.Delete(db_->family(write.space), write.key);
      if (!status.ok()) return db_->Failed(status, "write");
    }
    rocksdb::WriteOptions options;
    options.sync = sync;
    TUPU_TRY(ResumeIfHalted());
    // Writes with preconditions go one after the other; others join RocksDB's group commit.
    std::unique_lock lock(precondition_mutex_, std::defer_lock);
    if (!preconditions.empty()) lock.lock();
    for (const KvPrecondition& condition : preconditions) TUPU_TRY(Check(condition));
    rocksdb::Status status;
    {
      const std::shared_lock writing(writing_mutex_);
      status = db_->db().Write(options, &writes);
      if (status.ok()) {
        db_->log_guard().Acknowledge();
        return {};
      }
    }
    GiveUpLogIfHalted();
    return db_->Failed(status, "write");
  }

  Status Checkpoint(const std::string& directory) override {
    rocksdb::Checkpoint* raw = nullptr;
    rocksdb::Status status = rocksdb::Checkpoint::Create(&db_->db(), &raw);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
    if (status.ok()) status = checkpoint->CreateCheckpoint(directory);
    if (status.ok()) return {};
    if (status.IsInvalidArgument()) {
      return Error{ErrorCode::kAlreadyExists,
                   fmt::format("{}: the folder is there already; name a new one", directory)};
    }
    return FromRocksDb(status, fmt::format("copy {} to {}", db_->directory(), directory));
  }

  Result<std::unique_ptr<KvBulkWriter>> BulkWriter() override {
    if (read_only_) return Error{ErrorCode::kUnsupported, db_->directory() + ": it was opened for reading only"};
    TUPU_TRY(ResumeIfHalted());
    return MakeRocksDbBulkWriter(db_);
  }

  Status Compact() override {
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    for (int space = 0; space < kNumKeyspaces; ++space) {
      const rocksdb::Status status =
          db_->db().CompactRange(options, db_->family(static_cast<Keyspace>(space)), nullptr, nullptr);
      if (!status.ok()) return db_->Failed(status, "compact");
    }
    return {};
  }

  Status VerifyChecksums() override {
    const rocksdb::Status status = db_->db().VerifyChecksum(rocksdb::ReadOptions());
    return status.ok() ? Status() : db_->Failed(status, "verify");
  }

  void ReserveMemory(uint64_t bytes) override {
    const uint64_t whole = db_->setting().cache_bytes;
    db_->setting().cache->SetCapacity(whole - std::min(bytes, whole / 4 * 3));
  }

  Result<KvStats> Stats() const override {
    KvStats stats;
    stats.backend = fmt::format("RocksDB {}", rocksdb::GetRocksVersionAsString());
    stats.bytes_in_memory = db_->setting().cache->GetUsage();
    for (int space = 0; space < kNumKeyspaces; ++space) {
      uint64_t bytes = 0;
      db_->db().GetIntProperty(db_->family(static_cast<Keyspace>(space)), rocksdb::DB::Properties::kTotalSstFilesSize,
                               &bytes);
      stats.bytes_by_keyspace.emplace_back(space == 0 ? "meta" : FamilyNames()[static_cast<size_t>(space)], bytes);
    }
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(db_->directory(), failed)) {
      std::error_code gone;  // a file may vanish while we look
      const auto size = entry.file_size(gone);
      if (!gone) stats.bytes_on_disk += size;
    }
    if (failed) return Error{ErrorCode::kIo, fmt::format("{}: {}", db_->directory(), failed.message())};
    return stats;
  }

 private:
  Status Check(const KvPrecondition& condition) const {
    std::string value;
    const rocksdb::Status status =
        db_->db().Get(rocksdb::ReadOptions(), db_->family(condition.space), condition.key, &value);
    if (!status.ok() && !status.IsNotFound()) return db_->Failed(status, "read");
    const bool holds = condition.expected ? status.ok() && value == *condition.expected : status.IsNotFound();
    if (holds) return {};
    return Error{ErrorCode::kConflict, "another transaction changed what this one rests on; try again"};
  }

  WriteHealth& health() const { return *db_->setting().health; }

  /// After a write failed: nobody was told that it is done, so it must not come back from the log.
  void GiveUpLogIfHalted() {
    const std::unique_lock none_writes(writing_mutex_);
    if (health().IsHalted()) db_->log_guard().GiveUp();
  }

  /// Makes RocksDB take writes again after an error, if what caused it is gone: it flushes what is in memory into new
  /// files and goes on with a new log. Costs one flush an attempt; nothing while there was no error.
  Status ResumeIfHalted() {
    if (!health().IsHalted()) return {};
    const std::unique_lock none_writes(writing_mutex_);
    if (!health().IsHalted()) return {};
    const std::string cause = health().first_error();
    const uint64_t errors = health().errors();
    db_->log_guard().SetResuming(true);
    rocksdb::Status status = Resume();
    if (status.ok() && db_->log_guard().IsGivenUp()) status = ReplaceLog();
    db_->log_guard().SetResuming(false);
    if (status.ok()) {
      health().NoteResumed(errors);
      return {};
    }
    Error error = db_->Failed(status, "nothing can be written since an error (reading goes on)");
    if (status.ToString() != cause) error.message += fmt::format("; the error was: {}", cause);
    return error;
  }

  /// Resume when nothing runs in the background. What still runs there from before the error may report its failure as one
  /// of resuming; if resuming then gives up while its own flush is scheduled but has not begun, RocksDB 7.8 leaves that
  /// flush in its queue unscheduled, and the next attempt waits for it forever. This does not close every way into that
  /// state: see the open defect in CONTRIBUTING.md.
  rocksdb::Status Resume() {
    rocksdb::DB& db = db_->db();
    rocksdb::Status status = db.PauseBackgroundWork();
    if (status.ok()) status = db.ContinueBackgroundWork();
    return status.ok() ? db.Resume() : status;
  }

  /// RocksDB replaces its log only together with what is in memory. If nothing was there, something is put there that
  /// means nothing (it deletes a key that never is) and does not pass through the log.
  rocksdb::Status ReplaceLog() {
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    rocksdb::Status status = db_->db().Delete(options, db_->family(Keyspace::kMeta), "\xff");
    // The first attempt stumbles over the old log and stops RocksDB once more; resuming then gets over it.
    if (status.ok()) status = db_->db().Flush(rocksdb::FlushOptions(), db_->family(Keyspace::kMeta));
    if (!status.ok()) status = Resume();
    if (status.ok() && db_->log_guard().IsGivenUp()) {
      return rocksdb::Status::IOError("the log could not be replaced", "close the database and open it again");
    }
    return status;
  }

  const std::shared_ptr<RocksDbDatabase> db_;
  const bool read_only_;
  std::mutex precondition_mutex_;
  std::shared_mutex writing_mutex_;  // shared by writes; resuming has it alone
};

}  // namespace

Result<std::unique_ptr<KvStore>> OpenRocksDbStore(const std::string& directory, const RocksDbOptions& options) {
  TUPU_TRY_ASSIGN(auto db, OpenRocksDbDatabase(directory, options));
  if (!options.read_only) RemoveBulkFiles(directory);  // of a load that was cut off
  return std::unique_ptr<KvStore>(std::make_unique<RocksDbStore>(std::move(db), options.read_only));
}

}  // namespace tupu
