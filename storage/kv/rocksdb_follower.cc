#include <chrono>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "storage/kv/backup_files.h"
#include "storage/kv/internal/log_check.h"
#include "storage/kv/internal/rocksdb_database.h"
#include "storage/kv/internal/write_mark.h"
#include "storage/kv/side_files.h"

namespace tupu {

namespace {

// A writer that flushes without a pause changes the MANIFEST some times a second; reading it takes milliseconds.
constexpr int kAttempts = 400;
constexpr std::chrono::milliseconds kPause{5};

bool MayPass(const rocksdb::Status& status) {
  // The writer may delete a file between our reading of its name and our opening of it.
  return status.IsPathNotFound() || status.IsIOError() || status.IsTryAgain();
}

/// A store that reads what another process writes. Each generation is a secondary instance of RocksDB, which has no
/// snapshots: it sees what it last caught up with. So one catches up only while nobody holds a snapshot of it: the current
/// one, else the spare one, else one that is opened. So that busy readers need no more than two.
///
///   CatchUp --current is idle--> it, further on; the spare one goes
///           --spare is idle----> the spare one, further on, and they change places
///           --else-------------> a new one; the current one becomes the spare one, the spare one goes with its readers
class RocksDbFollower : public KvStore {
 public:
  RocksDbFollower(std::string directory, RocksDbSetting setting, std::shared_ptr<Environment> environment)
      : directory_(std::move(directory)), setting_(std::move(setting)), environment_(std::move(environment)) {}

  Status OpenFirst() {
    const std::lock_guard lock(mutex_);
    mark_ = ReadWriteMark(directory_);
    TUPU_TRY_ASSIGN(generation_, OpenGeneration());
    return {};
  }

  Result<std::shared_ptr<const KvSnapshot>> Snapshot() const override {
    const std::lock_guard lock(mutex_);
    return MakeSnapshot(generation_, SnapshotKind::kWholeInstance);
  }

  bool HasNews() const override {
    const std::lock_guard lock(mutex_);
    return mark_ != ReadWriteMark(directory_, mark_);
  }

  Status CatchUp() override {
    const std::lock_guard lock(mutex_);
    // Read first: what is written while we catch up is news again.
    mark_ = ReadWriteMark(directory_, mark_);
    // Snapshots are made under the mutex: nobody can begin to use a generation meanwhile.
    if (generation_.use_count() == 1) {
      spare_.reset();  // it would keep deleted files on the disk
      return CatchUpInPlace();
    }
    if (spare_ != nullptr && spare_.use_count() == 1) {
      std::swap(generation_, spare_);
      return CatchUpInPlace();
    }
    TUPU_TRY_ASSIGN(auto opened, OpenGeneration());
    spare_ = std::move(generation_);
    generation_ = std::move(opened);
    return {};
  }

  Status Write(std::span<const KvWrite>, std::span<const KvPrecondition>, bool) override { return ReadOnly(); }
  Status Checkpoint(const std::string&) override { return ReadOnly(); }
  Result<BackupRecord> Backup(const std::string&, const std::string&) override { return ReadOnly(); }
  Status Compact() override { return ReadOnly(); }

  Status VerifyChecksums() override {
    for (int attempt = 1;; ++attempt) {
      const auto generation = Generation();
      const rocksdb::Status status = generation->db().VerifyChecksum(rocksdb::ReadOptions());
      if (status.ok()) return {};
      // The files are opened by name: the writer may have deleted one that was compacted away.
      if (!MayPass(status) || attempt == kAttempts) return generation->Failed(status, "verify");
      TUPU_TRY(CatchUp());
    }
  }

  Result<KvStats> Stats() const override { return StatsOf(*Generation()); }

  std::shared_ptr<SideFiles> side_files() override { return std::make_shared<SideFiles>(directory_, environment_); }

 private:
  std::shared_ptr<RocksDbDatabase> Generation() const {
    const std::lock_guard lock(mutex_);
    return generation_;
  }

  Error ReadOnly() const { return {ErrorCode::kUnsupported, directory_ + ": it was opened for reading only"}; }

  /// Requires: the mutex.
  Result<std::shared_ptr<RocksDbDatabase>> OpenGeneration() {
    rocksdb::Status status;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(kPause);
      const ManifestMark before = ReadManifestMark(directory_);
      rocksdb::DB* raw = nullptr;
      std::vector<rocksdb::ColumnFamilyHandle*> handles;
      // Nothing is written there: the secondary path is for RocksDB's own log, which setting_ replaces.
      status =
          rocksdb::DB::OpenAsSecondary(setting_.options, directory_, directory_, setting_.families, &handles, &raw);
      if (!status.ok()) {
        if (!MayPass(status)) break;
        continue;
      }
      auto generation = std::make_shared<RocksDbDatabase>(directory_, setting_, std::unique_ptr<rocksdb::DB>(raw),
                                                          std::move(handles));
      if (ReadManifestMark(directory_) == before) return generation;
      status = rocksdb::Status::TryAgain("the writer changes its files all the time");
    }
    return FromRocksDb(status, directory_);
  }

  /// Requires: the mutex, and no snapshot of the current generation.
  Status CatchUpInPlace() {
    rocksdb::Status status;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(kPause);
      const ManifestMark before = ReadManifestMark(directory_);
      status = generation_->db().TryCatchUpWithPrimary();
      if (!status.ok()) break;
      if (ReadManifestMark(directory_) == before) return {};
      status = rocksdb::Status::TryAgain("the writer changes its files all the time");
    }
    if (!MayPass(status)) return FromRocksDb(status, fmt::format("{}: catch up with the writer", directory_));
    TUPU_TRY_ASSIGN(generation_, OpenGeneration());
    return {};
  }

  const std::string directory_;
  const RocksDbSetting setting_;  // one cache for all generations: their files are the same
  const std::shared_ptr<Environment> environment_;
  mutable std::mutex mutex_;
  std::shared_ptr<RocksDbDatabase> generation_;  // the current one
  std::shared_ptr<RocksDbDatabase> spare_;       // was current; may be null
  WriteMark mark_;                               // of what the generation knows at least
};

}  // namespace

Result<std::unique_ptr<KvStore>> OpenRocksDbFollower(const std::string& directory, const RocksDbOptions& options) {
  const RocksDbSetting setting(options);
  TUPU_TRY(CheckIsDatabase(directory, setting));
  const WriteMark before = ReadWriteMark(directory);
  // The end of a log that somebody writes to says nothing.
  if (const Status ends = CheckLogEnds(directory, *setting.env); !ends && ReadWriteMark(directory, before) == before)
    return ends.error();
  auto follower = std::make_unique<RocksDbFollower>(directory, setting, options.environment);
  TUPU_TRY(follower->OpenFirst());
  return std::unique_ptr<KvStore>(std::move(follower));
}

}  // namespace tupu
