#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <thread>

namespace tupu {

enum class FileOperation : uint8_t {
  kCreate,       // of an empty file for writing; one that is there is emptied
  kOpenToWrite,  // of a file that is there
  kAppend,  // `bytes` at `offset`, behind all that was appended; a log's file may be longer (zeros ahead of its records)
  kWriteAt,   // `bytes` at `offset`
  kTruncate,  // to `bytes`
  kSync,      // fsync or fdatasync
  kRename,    // to `target`, which it replaces
  kLink,      // as `target`, too
  kDelete,    // of a file or an empty folder
  kCreateDirectory,
  kSyncDirectory,  // makes the creations, renames and deletions in it last
  kOpen,           // for reading
  kRead,
};

/// One thing that the store asks of the operating system.
struct FileCall {
  FileOperation operation{};
  std::string_view path;
  std::string_view target = {};
  uint64_t bytes = 0;
  uint64_t offset = 0;
};

/// What becomes of a FileCall.
struct FileVerdict {
  enum Kind : uint8_t {
    kDo,  // it is done as asked
    kPretend,  // it is not done and reported as done: a sync that a test does not want to wait for, a deletion; never an open
    kFail,     // it is not done: an input-output error
    kNoSpace,  // it is not done: the disk is full
  };
  Kind kind = kDo;
  uint64_t written = 0;  // of an append that fails: so many of its bytes reach the file before
};

/// What a store has from outside: its files and its clock. The store uses no randomness. Without one (nullptr in
/// RocksDbOptions and GraphStoreOptions) it asks the operating system; then all changes pass a fence only (internal/write_fence.h).
///
/// Tests give one of their own, in order to cut the power, fail the n-th write or fsync, fill the disk. Every access of a
/// store to its folder passes through it: tables, log, MANIFEST, CURRENT, folders; only the lock file (it outlives no
/// process) and the messages in LOG (nothing reads them) do not.
/// Threads: must be safe; calls come from writers and from RocksDB's background threads, several at once.
class Environment {
 public:
  virtual ~Environment() = default;
  /// Asked before each call.
  virtual FileVerdict Before(const FileCall&) { return {}; }
  /// Told after each call that was done or pretended.
  virtual void After(const FileCall&) {}
  virtual std::chrono::system_clock::time_point Now() const { return std::chrono::system_clock::now(); }
  /// RocksDB waits a second after a background flush failed.
  virtual void Sleep(std::chrono::microseconds time) { std::this_thread::sleep_for(time); }
};

}  // namespace tupu
