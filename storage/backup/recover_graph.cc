#include "storage/backup/recover_graph.h"

#include <filesystem>

#include <fmt/format.h>

#include "storage/backup/database_folder.h"
#include "storage/keys/graph_counts.h"
#include "storage/keys/key_codec.h"
#include "storage/kv/folder_lock.h"
#include "storage/kv/kv_store.h"

namespace tupu {

namespace {

namespace fs = std::filesystem;

Result<std::optional<uint64_t>> CommitOf(const KvStore& store) {
  TUPU_TRY_ASSIGN(const auto snapshot, store.Snapshot());
  TUPU_TRY_ASSIGN(const auto bytes, snapshot->Get(Keyspace::kMeta, kCountsKey));
  if (!bytes) return std::optional<uint64_t>();
  TUPU_TRY_ASSIGN(const GraphCounts counts, DecodeGraphCounts(*bytes));
  return std::optional(counts.commit);
}

/// The last commit in the log, whatever is damaged before it; looks only.
std::optional<uint64_t> LastCommitInLog(const std::string& directory) {
  const auto store = OpenRocksDbStore(
      directory, {.read_only = true, .create_if_missing = false, .log_recovery = LogRecovery::kSkipDamaged});
  if (!store) return std::nullopt;
  return CommitOf(**store).value_or(std::nullopt);
}

std::string FreeNameBeside(const std::string& directory) {
  std::error_code ignored;
  for (int n = 1;; ++n) {
    std::string name = fmt::format("{}.damaged-{}", directory, n);
    if (!fs::exists(name, ignored)) return name;
  }
}

Error NotTheLogAlone(const Error& why) {
  return Error{.code = ErrorCode::kCorruption,
               .message = fmt::format("the state before the damage cannot be had: {}", why.message),
               .hint = "restore a backup: tupu restore BACKUP_DIR --to DIR"};
}

/// Recovers the copy in `folder` and says what it holds.
Status RecoverCopy(const std::string& folder, const RecoveryOptions& options, Recovery& recovery) {
  const std::optional<uint64_t> last_seen = LastCommitInLog(folder);
  const auto store = OpenRocksDbStore(folder, {.create_if_missing = false, .log_recovery = LogRecovery::kPointInTime});
  if (!store) return NotTheLogAlone(store.error());
  const Result<std::optional<uint64_t>> kept = CommitOf(**store);
  if (!kept) return NotTheLogAlone(kept.error());
  recovery.kept_commit = kept->value_or(0);
  if (last_seen && *last_seen > recovery.kept_commit) recovery.last_seen_commit = last_seen;
  CheckOptions check;
  check.cancellation = options.cancellation;
  check.progress = options.progress;
  TUPU_TRY_ASSIGN(recovery.check, CheckGraph(**store, check));
  return {};
}

}  // namespace

Result<Recovery> RecoverGraph(const std::string& given_directory, const RecoveryOptions& options) {
  const std::string directory = NameOfFolder(given_directory);
  std::error_code ignored;
  if (!fs::exists(directory + "/CURRENT", ignored)) {
    return Error{ErrorCode::kNotFound, fmt::format("{}: there is no tupu database here", directory)};
  }
  TUPU_TRY_ASSIGN(const std::shared_ptr<FolderLock> lock, LockFolder(directory));
  Recovery recovery;
  {
    const auto store = OpenRocksDbStore(directory, {.read_only = true, .create_if_missing = false});
    if (store) {
      recovery.needed = false;
      TUPU_TRY_ASSIGN(const std::optional<uint64_t> commit, CommitOf(**store));
      recovery.kept_commit = commit.value_or(0);
      return recovery;
    }
    if (store.error().code != ErrorCode::kCorruption) return store.error();
    recovery.damage = store.error().message;
  }
  // The copy has the name under which the original is kept: then one exchange of names does it, and no crash can leave the
  // original under a name that somebody takes for a leftover.
  TemporaryFolder copy(FreeNameBeside(directory));
  TUPU_TRY(CopyDatabase(directory, copy.path()));
  TUPU_TRY(RecoverCopy(copy.path(), options, recovery));
  if (options.dry_run || !recovery.check.clean()) return recovery;
  copy.Keep();
  if (const Status swapped = SwapFolders(copy.path(), directory); !swapped) {
    // Whether the names were exchanged before the error is not known: nothing is deleted.
    Error error = swapped.error();
    error.message += fmt::format("; the recovered database or the damaged one is in {}", copy.path());
    return error;
  }
  recovery.kept_original = copy.path();
  return recovery;
}

}  // namespace tupu
