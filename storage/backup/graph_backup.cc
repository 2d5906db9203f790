#include "storage/backup/graph_backup.h"

#include <filesystem>

#include <fmt/format.h>

#include "storage/backup/database_folder.h"
#include "storage/keys/bytes.h"
#include "storage/keys/graph_counts.h"
#include "storage/keys/key_codec.h"
#include "storage/kv/backup_files.h"

namespace tupu {

namespace {

namespace fs = std::filesystem;

// The note of a backup: "tupu 1" and the counts, as text that a person can read, too.
std::string NoteOf(const GraphCounts& counts) {
  return fmt::format("tupu 1 commit {} vertices {} edges {}", counts.commit, counts.vertices, counts.edges);
}

GraphBackup ToGraphBackup(const BackupRecord& record) {
  GraphBackup backup{record.id, record.made_at, record.bytes};
  unsigned long long commit = 0;
  unsigned long long vertices = 0;
  unsigned long long edges = 0;
  if (std::sscanf(record.note.c_str(), "tupu 1 commit %llu vertices %llu edges %llu", &commit, &vertices, &edges) ==
      3) {
    backup.commit = commit;
    backup.vertices = vertices;
    backup.edges = edges;
  }
  return backup;
}

Result<GraphCounts> CountsOf(const KvStore& store) {
  TUPU_TRY_ASSIGN(const auto snapshot, store.Snapshot());
  TUPU_TRY_ASSIGN(const auto bytes, snapshot->Get(Keyspace::kMeta, kCountsKey));
  if (!bytes) return CorruptionOf("database", "its counts are missing");
  return DecodeGraphCounts(*bytes);
}

Result<BackupRecord> ChooseBackup(const std::string& backup_directory, std::optional<uint32_t> id) {
  TUPU_TRY_ASSIGN(const std::vector<BackupRecord> records, ListBackups(backup_directory));
  if (records.empty()) {
    return Error{ErrorCode::kNotFound, fmt::format("{}: there are no backups here", backup_directory)};
  }
  if (!id) return records.back();
  std::string ids;
  for (const BackupRecord& record : records) {
    if (record.id == *id) return record;
    ids += fmt::format("{}{}", ids.empty() ? "" : ", ", record.id);
  }
  return Error{ErrorCode::kNotFound,
               fmt::format("{}: there is no backup {}; those there are: {}", backup_directory, *id, ids)};
}

Status CheckIsFree(const std::string& directory) {
  std::error_code failed;
  if (!fs::exists(directory, failed)) return {};
  if (fs::is_directory(directory, failed) && fs::is_empty(directory, failed)) return {};
  return Error{ErrorCode::kAlreadyExists,
               fmt::format("{}: the folder is not empty; name a new one to restore to", directory)};
}

Status CheckRestored(const std::string& directory, const RestoreChoice& choice) {
  TUPU_TRY_ASSIGN(const auto store, OpenRocksDbStore(directory, {.read_only = true, .create_if_missing = false}));
  CheckOptions options;
  options.cancellation = choice.cancellation;
  options.progress = choice.progress;
  TUPU_TRY_ASSIGN(const CheckReport report, CheckGraph(*store, options));
  if (report.clean()) return {};
  const Finding& first = report.findings.front();
  return Error{
      ErrorCode::kCorruption,
      fmt::format("the backup is damaged as the database was when it was made: {} findings, the first: {}: {}, "
                  "found {}; restore an earlier one",
                  report.total, Name(first.damage), first.where, first.found)};
}

}  // namespace

Result<GraphBackup> BackUpGraph(KvStore& store, const std::string& backup_directory, uint32_t keep) {
  TUPU_TRY_ASSIGN(const GraphCounts counts, CountsOf(store));
  TUPU_TRY_ASSIGN(const BackupRecord record, store.Backup(backup_directory, NoteOf(counts)));
  if (keep > 0) TUPU_TRY(PurgeBackups(backup_directory, keep));
  return ToGraphBackup(record);
}

Result<GraphBackup> BackUpHeldGraph(const std::string& directory, const std::string& backup_directory, uint32_t keep) {
  const TemporaryFolder copy(NameOfFolder(directory) + ".backing-up");
  TUPU_TRY(CopyHeldDatabase(directory, copy.path()));
  TUPU_TRY_ASSIGN(const auto store, OpenRocksDbStore(copy.path(), {.create_if_missing = false}));
  return BackUpGraph(*store, backup_directory, keep);
}

Result<std::vector<GraphBackup>> ListGraphBackups(const std::string& backup_directory) {
  TUPU_TRY_ASSIGN(const std::vector<BackupRecord> records, ListBackups(backup_directory));
  std::vector<GraphBackup> backups;
  for (const BackupRecord& record : records) backups.push_back(ToGraphBackup(record));
  return backups;
}

Result<GraphBackup> RestoreGraph(const std::string& backup_directory, const std::string& directory,
                                 const RestoreChoice& choice) {
  TUPU_TRY(CheckIsFree(directory));
  TUPU_TRY_ASSIGN(const BackupRecord record, ChooseBackup(backup_directory, choice.id));
  TemporaryFolder restored(NameOfFolder(directory) + ".restoring");
  TUPU_TRY(RestoreBackup(backup_directory, record.id, restored.path()));
  if (choice.check) TUPU_TRY(CheckRestored(restored.path(), choice));
  TUPU_TRY(MoveInto(restored.path(), directory));
  restored.Keep();
  return ToGraphBackup(record);
}

}  // namespace tupu
