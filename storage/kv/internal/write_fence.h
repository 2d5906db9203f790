#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include <rocksdb/file_system.h>

#include <tupu/result.h>

namespace tupu {

/// Lets one RocksDB instance write into a database folder, and ends that for good.
///
/// After a failed write RocksDB can resume, but 7.8 does not do so reliably: an attempt that fails may leave a flush in its
/// queue for which the next one waits forever. So a store goes on with a new instance in the same folder. The old one serves
/// the snapshots that stand on it, from memory and from files that it has open, and must leave the folder alone.
///
/// It also keeps a commit that failed out of the write-ahead log, where RocksDB leaves what it wrote before the error: a
/// whole record after a failed fsync, a torn one after a failed append. What nobody was told of is cut off. The MANIFEST
/// likewise: a change whose sync failed was not made. Until it is cut, the change may come true when the process ends, so that
/// no table may be deleted: RocksDB 7.8 deletes those that it did not take in, and could not open the database any more.
///
///   open --Close--> closed: every change of a file or folder fails; logs and MANIFEST end with what was acknowledged
///
/// And it writes zeros ahead of the log's records while small commits are synced one by one: then whoever reads a log needs
/// to know where its records end (log_end.h). The instance behind the fence is shown logs up to there.
///
/// Threads: safe.
class WriteFence : public std::enable_shared_from_this<WriteFence> {
 public:
  /// The file system for the instance behind this fence. To be called once.
  std::shared_ptr<rocksdb::FileSystem> Watch(std::shared_ptr<rocksdb::FileSystem> files);

  /// All that the logs hold belongs to commits that succeeded. Requires: no write is under way beside the caller's, and
  /// none failed before.
  void Acknowledge();

  /// Waits for the changes under way and lets none follow; then cuts the logs. Errors: a log could not be cut; nothing can
  /// be written all the same. May be called again, and must have succeeded before another instance reads the logs.
  rocksdb::IOStatus Close();

  /// Deletes the logs of this instance that nothing was written to: RocksDB keeps those until the next table is written,
  /// one for each opening. Requires: the instance is closed.
  void RemoveEmptyLogs();

 private:
  friend class FencedFile;
  friend class FencedLog;
  friend class FencedManifest;
  friend class FencedFileSystem;

  /// A log or MANIFEST that RocksDB has open, or has not deleted yet.
  struct Log {
    std::string path;
    bool is_manifest = false;
    rocksdb::FSWritableFile* open_file = nullptr;  // null once RocksDB has closed it
    uint64_t length = 0;                           // appended, as far as that succeeded
    uint64_t acknowledged = 0;                     // of a MANIFEST: synced
    bool torn = false;                             // an append failed, and may have left a part, or a MANIFEST's sync
    bool deleted = false;
  };

  /// `change` while the fence is open, an error afterwards.
  template <class Change>
  rocksdb::IOStatus Do(const Change& change);
  Log* AddLog(const std::string& path, bool is_manifest, rocksdb::FSWritableFile* file);
  void NoteClosed(Log& log);
  rocksdb::IOStatus NoteAppended(Log& log, uint64_t bytes, rocksdb::IOStatus status);
  bool IsManifestInDoubt();
  /// What was appended; the file may be longer.
  std::optional<uint64_t> LengthOfOpenLog(const std::string& path);
  void NoteDeleted(const std::string& path);
  rocksdb::IOStatus Cut(Log& log);

  std::shared_ptr<rocksdb::FileSystem> files_;
  std::shared_mutex changing_;  // shared by changes under way
  bool closed_ = false;
  std::mutex logs_mutex_;  // locked after changing_, if both are
  std::list<Log> logs_;
};

}  // namespace tupu
