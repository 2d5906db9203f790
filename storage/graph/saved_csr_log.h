#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <tupu/result.h>

#include "storage/keys/saved_csr_record.h"
#include "storage/kv/kv_store.h"
#include "storage/kv/side_files.h"

namespace tupu {

/// Keeps the file of saved CSRs usable while commits go on: each one that changes adjacency also writes what it changed,
/// so that after opening the changes since the file can be laid over it.
///
///   none --Replace--> a file --Append...--> a file and a log --too long, or End--> none
///
/// Only while there is a file; and only until as much has changed as would make laying it over as slow as building anew.
/// What is added to a batch counts once Settle says that it was written.
/// Threads: of the leader of commits.
class SavedCsrLog {
 public:
  /// Null: files are kept nowhere, but the log of a file that another store wrote goes on.
  explicit SavedCsrLog(std::shared_ptr<SideFiles> files) : files_(std::move(files)) {}

  /// Learns which file the store has. One Get. A record that cannot be decoded names none.
  Status Load(const KvSnapshot& kv);
  /// Deletes the files that the store does not name, which a crash left, and sees whether the named one is there. Errors of
  /// the disk are ignored: they are tried again. Requires: no other process writes.
  void LookAtFiles();
  /// The file was found to be of no use: the next commit ends it.
  void Distrust() { distrusted_ = true; }

  const std::optional<SavedCsrRecord>& record() const { return record_; }
  /// How many changes there are since the file. Errors: those of reading the log, the first time.
  Result<uint64_t> CountChanges(const KvSnapshot& kv);
  static uint64_t MostChanges(const SavedCsrRecord& record);

  /// Adds to the batch of a commit what it changed, or, when that is too much, the end of the file. `kv` is the state
  /// before it.
  Status Append(const KvSnapshot& kv, uint64_t commit, std::span<const AdjacencyChange> changes,
                std::vector<KvWrite>& batch);
  /// Adds the end of the file: what comes is not described by changes.
  Status End(const KvSnapshot& kv, std::vector<KvWrite>& batch);
  /// Adds that `record` is the file now. Requires: it is of this batch's commit, or of the last one before it.
  Status Replace(const KvSnapshot& kv, const SavedCsrRecord& record, std::vector<KvWrite>& batch);
  /// What the batch names, after Replace.
  const SavedCsrRecord& pending() const { return pending_.record; }
  /// Whether the batch was written; if not, a file that it was to name goes. To be called for every batch to which one of the above added; also with false when it
  /// came to nothing.
  void Settle(bool written);

 private:
  struct Pending {
    enum Kind : uint8_t { kNothing, kAppended, kEnded, kReplaced } kind = kNothing;
    uint64_t commit = 0;
    uint64_t changes = 0;
    SavedCsrRecord record;
  };

  Status Read(const KvSnapshot& kv);
  Status AppendDeletions(const KvSnapshot& kv, std::vector<KvWrite>& batch);
  void Remove(const SavedCsrRecord& record);

  const std::shared_ptr<SideFiles> files_;
  std::optional<SavedCsrRecord> record_;
  bool distrusted_ = false;
  bool read_ = false;  // the log; not before it is needed, for the sake of opening
  uint64_t changes_ = 0;
  std::vector<uint64_t> commits_;  // with an entry
  Pending pending_;
};

}  // namespace tupu
