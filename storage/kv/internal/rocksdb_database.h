#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include "storage/kv/folder_lock.h"
#include "storage/kv/internal/write_fence.h"
#include "storage/kv/kv_store.h"

// What the files of storage/kv that use RocksDB share. No other folder includes this.
namespace tupu {

/// The one translation of RocksDB's errors; `what` is what was tried and where.
Error FromRocksDb(const rocksdb::Status& status, std::string_view what);

inline rocksdb::Slice ToSlice(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

/// Names of the column families by Keyspace. The meta space lives in the family that every RocksDB has.
std::span<const char* const> FamilyNames();

/// Whether one RocksDB instance had an error of writing, after which it is not written to again. Threads: safe.
class WriteHealth {
 public:
  void NoteError(std::string text) {
    const std::lock_guard lock(mutex_);
    if (!halted_) first_error_ = std::move(text);
    halted_ = true;
  }
  bool IsHalted() const { return halted_; }
  std::string first_error() const {
    const std::lock_guard lock(mutex_);
    return first_error_;
  }

 private:
  mutable std::mutex mutex_;
  std::string first_error_;
  std::atomic<bool> halted_{false};
};

/// How a database is opened: options for the database and for each family of it, and what they point to.
struct RocksDbSetting {
  explicit RocksDbSetting(const RocksDbOptions& options);

  std::shared_ptr<WriteHealth> health;
  std::shared_ptr<WriteFence> fence;
  std::shared_ptr<FolderLock> lock;   // of a writer
  std::shared_ptr<rocksdb::Env> env;  // all files of the database are reached through it
  std::shared_ptr<rocksdb::Cache> cache;
  uint64_t cache_bytes = 0;  // of the cache while nothing is reserved
  rocksdb::DBOptions options;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;  // by Keyspace
};

/// An open instance of a database with its families; shared by store and snapshots, so that it closes after the last of
/// them.
class RocksDbDatabase {
 public:
  RocksDbDatabase(std::string directory, RocksDbSetting setting, std::unique_ptr<rocksdb::DB> db,
                  std::vector<rocksdb::ColumnFamilyHandle*> families)
      : directory_(std::move(directory)),
        setting_(std::move(setting)),
        db_(std::move(db)),
        families_(std::move(families)) {}
  RocksDbDatabase(const RocksDbDatabase&) = delete;
  RocksDbDatabase& operator=(const RocksDbDatabase&) = delete;
  ~RocksDbDatabase();

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Keyspace space) const { return families_[static_cast<size_t>(space)]; }
  const std::vector<rocksdb::ColumnFamilyHandle*>& families() const { return families_; }
  const std::string& directory() const { return directory_; }
  const RocksDbSetting& setting() const { return setting_; }
  WriteHealth& health() const { return *setting_.health; }
  WriteFence& fence() const { return *setting_.fence; }
  Error Failed(const rocksdb::Status& status, std::string_view doing) const;

 private:
  const std::string directory_;
  const RocksDbSetting setting_;
  const std::unique_ptr<rocksdb::DB> db_;
  const std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

/// Opens or makes the database in `directory`; errors as OpenRocksDbStore. `lock`: of an instance that this one replaces,
/// whose fence is closed; null: it is taken.
Result<std::shared_ptr<RocksDbDatabase>> OpenRocksDbDatabase(const std::string& directory,
                                                             const RocksDbOptions& options,
                                                             std::shared_ptr<FolderLock> lock = nullptr);

/// How a snapshot keeps what it sees.
enum class SnapshotKind : uint8_t {
  kPinned,         // by RocksDB: the database goes on
  kWholeInstance,  // the instance stands still while the snapshot lives
};
std::shared_ptr<const KvSnapshot> MakeSnapshot(std::shared_ptr<RocksDbDatabase> database, SnapshotKind kind);
Result<KvStats> StatsOf(const RocksDbDatabase& database);

/// A store that reads what another process writes; see KvStore::CatchUp.
Result<std::unique_ptr<KvStore>> OpenRocksDbFollower(const std::string& directory, const RocksDbOptions& options);

/// What must hold before a folder is opened that should be a database: it is one, and ours.
Status CheckIsDatabase(const std::string& directory, const RocksDbSetting& setting);

/// Adds a verified backup of `database` (storage/kv/backup_files.h).
Result<BackupRecord> BackUp(const RocksDbDatabase& database, const std::string& directory, const std::string& note);

}  // namespace tupu
