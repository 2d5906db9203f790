#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "storage/kv/environment.h"

namespace tupu {

/// A disk under one folder that can lose power, refuse operations and run full. The files are real ones; what a cut would
/// take back is remembered beside them.
///
/// A power cut leaves
///   - of each file the bytes up to its last sync; in the mild way a random part of the rest as well,
///   - of what was written within a file since its last sync nothing; in the mild way some sectors, in any order,
///   - of each folder the creations, renames and deletions up to its last sync, in the mild way a random number of the
///     following ones, in their order (ext4's journal keeps their order; POSIX promises only what was synced. A file's own
///     sync does not make its name last here, though ext4 does that),
///   - a truncation that was not synced undone, in the mild way done or undone.
/// Syncs cost nothing: nothing real is synced.
///
/// Life cycle: operations, until the power is cut and every one fails that changes something; the store is closed;
/// RestorePower; again. (Reads go on: Debian's RocksDB stops the process at a read that fails in the middle of an ingest.)
/// Threads: safe.
class SimulatedDisk : public Environment {
 public:
  enum class Loss : uint8_t { kAllUnsynced, kSomeUnsynced };
  enum class Counted : uint8_t { kWrites, kSyncs, kReads };

  /// `root` must be there; `attic` (made if missing, on the same file system) keeps what a cut would bring back.
  SimulatedDisk(std::string root, std::string attic, uint64_t seed);

  /// At the n-th write or sync from now (1: the next), half done, the power goes.
  void CutPowerAt(uint64_t n);
  void CutPower();
  bool is_cut() const;
  /// Requires: nothing has files open below the root.
  void RestorePower(Loss loss);

  /// The n-th operation of this kind from now fails, and the `count` - 1 after it. Only operations on files whose name
  /// ends in `suffix` are counted.
  void FailAt(Counted kind, uint64_t n, uint64_t count = 1, FileVerdict::Kind how = FileVerdict::kFail,
              std::string suffix = "");
  void FailNoMore(Counted kind) { FailAt(kind, 1, 0); }
  /// Operations of this kind that failed on purpose since the last FailAt.
  uint64_t failed() const;
  /// Writes fail once the files together hold so many bytes; nullopt: never. Creations of files still succeed, as on ext4.
  void LimitSpace(std::optional<uint64_t> bytes);
  uint64_t used_bytes() const;
  /// Counted so far.
  uint64_t operations(Counted kind) const;

  /// False: syncs are pretended and count for nothing, as with a store that does not sync. To show that tests can fail.
  void IgnoreSyncs() { ignore_syncs_ = true; }

  FileVerdict Before(const FileCall& call) override;
  void After(const FileCall& call) override;
  void Sleep(std::chrono::microseconds) override {}  // nobody waits for the disk to get better

 private:
  struct FileState {
    uint64_t length = 0;
    uint64_t synced = 0;
    std::string cut_tail;  // synced bytes that an unsynced truncation took away
    struct Overwritten {
      uint64_t offset;
      std::string bytes;
    };
    std::vector<Overwritten> overwritten;  // synced bytes that unsynced writes replaced, in order
  };
  struct Change {
    enum Kind : uint8_t { kCreated, kRenamed, kDeleted } kind;
    std::string folder;
    std::string path;
    std::string target;                // of a rename
    std::string kept;                  // in the attic: what was deleted or replaced; may be empty
    std::shared_ptr<FileState> state;  // of what is kept
  };

  bool IsBelowRoot(std::string_view path) const { return path.starts_with(root_); }
  std::shared_ptr<FileState>& StateOf(const std::string& path);
  std::string KeepInAttic(const std::string& path, bool move);
  FileVerdict Judge(const FileCall& call);
  FileVerdict JudgeSpace(const FileCall& call);
  void Undo(const Change& change);
  void NoteOverwritten(const FileCall& call);
  void Revert(const std::string& path, FileState& state, uint64_t from, bool mild);
  void CutFile(const std::string& path, FileState& state, Loss loss);
  uint64_t Random(uint64_t bound) { return bound == 0 ? 0 : random_() % bound; }

  const std::string root_;
  const std::string attic_;
  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  std::map<std::string, std::shared_ptr<FileState>> files_;
  std::vector<Change> unsynced_;
  uint64_t next_kept_ = 0;
  bool cut_ = false;
  bool ignore_syncs_ = false;
  std::optional<uint64_t> cut_after_;
  std::optional<uint64_t> space_;
  struct Counter {
    uint64_t seen = 0;
    uint64_t fail_from = 0;
    uint64_t fail_to = 0;  // [from, to)
    FileVerdict::Kind how = FileVerdict::kFail;
    std::string suffix;
  };
  Counter counters_[3];
  uint64_t failed_ = 0;
};

}  // namespace tupu
