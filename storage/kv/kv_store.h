#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tupu/result.h>

namespace tupu {

class Environment;
class SideFiles;
struct BackupRecord;

/// The key spaces of a database; each is a column family in RocksDB.
/// Five at most: every one costs 1 ms at open (measured).
enum class Keyspace : uint8_t { kMeta, kVertex, kAdjacency, kEdge, kIndex };
inline constexpr int kNumKeyspaces = 5;

/// A view of all keyspaces at one instant. Threads: safe.
class KvSnapshot {
 public:
  virtual ~KvSnapshot() = default;
  virtual Result<std::optional<std::string>> Get(Keyspace space, std::string_view key) const = 0;
  /// Calls `visit` with the value of `key` in place, if it is there, and says whether it was. The view lives for the call,
  /// in which the store must not be used.
  virtual Result<bool> Read(Keyspace space, std::string_view key,
                            const std::function<void(std::string_view value)>& visit) const {
    TUPU_TRY_ASSIGN(const std::optional<std::string> value, Get(space, key));
    if (value) visit(*value);
    return value.has_value();
  }
  /// result[i] belongs to keys[i].
  virtual Result<std::vector<std::optional<std::string>>> MultiGet(Keyspace space,
                                                                   std::span<const std::string> keys) const = 0;
  /// Calls `visit` for each key in [begin, end) in ascending bytes until it returns false; `end` empty: to the last key.
  /// The views live for the call.
  virtual Status Scan(Keyspace space, std::string_view begin, std::string_view end,
                      const std::function<bool(std::string_view key, std::string_view value)>& visit) const = 0;
  /// All pairs under each prefix: result[i] belongs to prefixes[i]. One round trip on a distributed backend.
  virtual Result<std::vector<std::vector<std::pair<std::string, std::string>>>> Expand(
      Keyspace space, std::span<const std::string> prefixes) const = 0;
};

struct KvWrite {
  Keyspace space;
  std::string key;
  std::optional<std::string> value;  // nullopt deletes
};

/// A key that must still have this value (nullopt: be absent), or the write does not happen.
struct KvPrecondition {
  Keyspace space;
  std::string key;
  std::optional<std::string> expected;
};

struct KvStats {
  uint64_t bytes_on_disk = 0;
  uint64_t bytes_in_memory = 0;  // cached blocks and write buffers, of RocksDbOptions::cache_bytes
  std::vector<std::pair<std::string, uint64_t>> bytes_by_keyspace;
  std::string backend;
};

/// A part of a keyspace in key order, for a KvBulkWriter. Threads: one at a time for one run.
class KvRun {
 public:
  virtual ~KvRun() = default;
  /// Requires: every key above the one before. Replaces what is stored.
  virtual Status Put(std::string_view key, std::string_view value) = 0;
  /// Requires: as Put.
  virtual Status Delete(std::string_view key) = 0;
  /// Requires: once, after the last pair.
  virtual Status Finish() = 0;
};

/// Writes that are made beside the store and become visible at once, for loads that no batch could hold: RocksDB gets
/// table files, written in key order, and takes them in together.
///
/// Life: runs (each finished), then Ingest. Dropped before it, or cut off by a crash at any point, it leaves the store
/// as it was; its files go when it is dropped, at the next bulk write, or when the store is next opened for writing.
class KvBulkWriter {
 public:
  virtual ~KvBulkWriter() = default;
  /// Ranges of the runs of one keyspace do not overlap. Threads: safe.
  virtual Result<std::unique_ptr<KvRun>> NewRun(Keyspace space) = 0;
  /// All runs of all keyspaces, or nothing; on disk when it returns. Requires: every run is finished; once.
  virtual Status Ingest() = 0;
  /// A folder for temporary files of the same disk, deleted with the writer; empty: keep them in memory.
  virtual const std::string& scratch_directory() const = 0;
};

/// Ordered keys and values: atomic batches, snapshots. Two backends: RocksDB and memory; tests/storage/kv runs one suite on both.
/// Threads: safe.
class KvStore {
 public:
  virtual ~KvStore() = default;
  virtual Result<std::shared_ptr<const KvSnapshot>> Snapshot() const = 0;
  /// Of a store that follows another process's writing (RocksDbOptions::follow): takes in what was committed since. What
  /// snapshots see does not change; it is cheap (a millisecond) while none is held. Elsewhere there is nothing to do.
  virtual Status CatchUp() { return {}; }
  /// False if CatchUp would bring nothing: nobody wrote since. A look at the folder.
  virtual bool HasNews() const { return false; }
  /// All or nothing; on disk when it returns, if `sync`. kConflict when a precondition fails.
  ///
  /// After kIo (a write or sync failed, the disk is full) the batch is not there, for no reader and in no later batch. Only
  /// if the power goes, or the disk refuses even the cut of the log, before a later Write succeeded, may it be found whole
  /// when the store is opened again. Reading goes on. Each later Write first opens the database anew, which costs as much as
  /// opening it, and fails with kIo until the cause is gone; snapshots stay as they are.
  virtual Status Write(std::span<const KvWrite> batch, std::span<const KvPrecondition> preconditions, bool sync) = 0;
  /// A consistent copy in a new folder. kUnsupported in memory.
  virtual Status Checkpoint(const std::string& directory) = 0;
  /// Adds a backup to a folder of backups (storage/kv/backup_files.h), and verifies it. Readers and writers go on. Only what
  /// the folder does not hold yet is copied; an error leaves the backups that are there. kUnsupported in memory.
  virtual Result<BackupRecord> Backup(const std::string& backup_directory, const std::string& note);
  /// Puts what the log alone holds into files, so that the next open need not go through it. Nothing to do in memory.
  virtual Status Flush() { return {}; }
  /// Rewrites the files into their least form; readers and writers go on. Nothing to do in memory.
  virtual Status Compact() { return {}; }
  /// Reads every file whole and holds it against its checksums. kCorruption names the file. Nothing to do in memory.
  virtual Status VerifyChecksums() { return {}; }
  virtual Result<KvStats> Stats() const = 0;
  /// So many bytes of the cache memory are in use elsewhere: caches of the store shrink by them, to a quarter at least.
  virtual void ReserveMemory(uint64_t) {}
  /// Where caches of what the keys say are kept as files; they may outlive the store. Null: nowhere.
  virtual std::shared_ptr<SideFiles> side_files() { return nullptr; }
  /// One at a time. A concurrent Write to a key of a run may be lost. kUnsupported where the backend has none.
  virtual Result<std::unique_ptr<KvBulkWriter>> BulkWriter() {
    return Error{ErrorCode::kUnsupported, "this store takes in no files; write in batches"};
  }
};

/// What to do about a damaged record in the log.
enum class LogRecovery : uint8_t {
  kStrict,       // refuse to open; a torn end is not damage
  kPointInTime,  // drop it and all that follows, also what was acknowledged
  kSkipDamaged,  // drop it alone: the state is no longer one that ever was. To look only
};

struct RocksDbOptions {
  bool read_only = false;
  bool create_if_missing = true;
  bool follow = false;  // read only, beside a process that may write: the state is that of the last CatchUp
  uint64_t cache_bytes = 256ull << 20;
  uint64_t write_buffer_bytes = 0;  // of all keyspaces, before they are written into tables; 0: chosen from cache_bytes
  LogRecovery log_recovery = LogRecovery::kStrict;
  std::shared_ptr<Environment> environment = nullptr;  // null: the operating system's files and clock
};

/// Errors: kNotFound, kBusy (locked by another process), kCorruption (not such a database, or damaged), kIo.
Result<std::unique_ptr<KvStore>> OpenRocksDbStore(const std::string& directory, const RocksDbOptions& options);
std::unique_ptr<KvStore> OpenMemoryStore();

}  // namespace tupu
