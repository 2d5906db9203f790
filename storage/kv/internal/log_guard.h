#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include <rocksdb/file_system.h>

namespace tupu {

class GuardedLog;

/// Keeps a commit that failed out of the write-ahead log.
///
/// RocksDB leaves in its log what it wrote before the error. That has two traps: after a failed fsync the commit stands
/// there whole, and a crash while RocksDB resumes (which flushes one family after the other) would bring it back in the
/// families that were not flushed yet, so half of it; after a failed append RocksDB appends the same bytes again when it
/// resumes, and the damage in the middle of the log would close the database after a crash. So the end of the log that
/// nobody was told of is cut off, and the log takes nothing more: RocksDB goes on with a new one.
///
///   open --write failed--> given up (cut to what was acknowledged; appends fail, or are dropped while RocksDB resumes)
///
/// Threads: safe.
class LogGuard : public std::enable_shared_from_this<LogGuard> {
 public:
  /// A file system whose log files this one watches.
  std::shared_ptr<rocksdb::FileSystem> Watch(std::shared_ptr<rocksdb::FileSystem> files);

  /// All that the log holds belongs to commits that succeeded. Requires: no write is under way beside the caller's.
  void Acknowledge();
  /// Gives up the current log. Requires: RocksDB refuses writes, and none is under way.
  void GiveUp();
  /// While RocksDB resumes it writes the rest of its buffer to the log that was given up, and would not go on if that failed.
  void SetResuming(bool resuming) { resuming_ = resuming; }
  /// The current log was given up: RocksDB must not write to it again (Debian's build would stop the process).
  bool IsGivenUp() const;

 private:
  friend class GuardedLog;
  mutable std::mutex mutex_;
  std::vector<GuardedLog*> logs_;  // open ones, the current one last
  std::atomic<bool> resuming_{false};
};

}  // namespace tupu
