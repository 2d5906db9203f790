#include <filesystem>

#include <fmt/format.h>
#include <rocksdb/utilities/backup_engine.h>

#include "storage/kv/backup_files.h"
#include "storage/kv/internal/rocksdb_database.h"

namespace tupu {

namespace {

namespace fs = std::filesystem;

using ReadEngine = std::unique_ptr<rocksdb::BackupEngineReadOnly>;
using Engine = std::unique_ptr<rocksdb::BackupEngine>;

Error Failed(const rocksdb::Status& status, const std::string& directory, std::string_view doing) {
  return FromRocksDb(status, fmt::format("{}: {}", directory, doing));
}

bool HoldsBackups(const std::string& directory) {
  std::error_code ignored;
  return fs::is_directory(fs::path(directory) / "meta", ignored);
}

Error NoBackups(const std::string& directory) {
  return Error{ErrorCode::kNotFound,
               fmt::format("{}: there are no backups here; make one with tupu backup", directory)};
}

/// A folder of backups, or one to become so: a new or an empty one.
Status CheckIsForBackups(const std::string& directory) {
  std::error_code failed;
  if (!fs::exists(directory, failed) || HoldsBackups(directory)) return {};
  if (fs::is_directory(directory, failed) && fs::is_empty(directory, failed)) return {};
  return Error{ErrorCode::kAlreadyExists,
               fmt::format("{}: this is no folder of backups, and not empty; name a new folder", directory)};
}

Result<Engine> OpenEngine(const std::string& directory) {
  rocksdb::BackupEngine* raw = nullptr;
  const rocksdb::IOStatus status =
      rocksdb::BackupEngine::Open(rocksdb::Env::Default(), rocksdb::BackupEngineOptions(directory), &raw);
  Engine engine(raw);
  if (!status.ok()) return Failed(status, directory, "open the backups");
  return engine;
}

Result<ReadEngine> OpenReadEngine(const std::string& directory) {
  if (!HoldsBackups(directory)) return NoBackups(directory);
  rocksdb::BackupEngineReadOnly* raw = nullptr;
  const rocksdb::IOStatus status =
      rocksdb::BackupEngineReadOnly::Open(rocksdb::Env::Default(), rocksdb::BackupEngineOptions(directory), &raw);
  ReadEngine engine(raw);
  if (!status.ok()) return Failed(status, directory, "open the backups");
  return engine;
}

BackupRecord ToRecord(const rocksdb::BackupInfo& info) {
  return {info.backup_id, info.timestamp, info.size, info.number_files, info.app_metadata};
}

}  // namespace

Result<BackupRecord> BackUp(const RocksDbDatabase& database, const std::string& directory, const std::string& note) {
  TUPU_TRY(CheckIsForBackups(directory));
  TUPU_TRY_ASSIGN(const Engine engine, OpenEngine(directory));
  rocksdb::CreateBackupOptions options;
  // Else each backup would hold a copy of the log, which is not shared between backups.
  options.flush_before_backup = true;
  rocksdb::BackupID id = 0;
  rocksdb::Status status = engine->CreateNewBackupWithMetadata(options, &database.db(), note, &id);
  if (!status.ok()) return Failed(status, directory, "back up " + database.directory());
  status = engine->VerifyBackup(id, true);
  if (!status.ok()) return Failed(status, directory, fmt::format("verify backup {}", id));
  rocksdb::BackupInfo info;
  status = engine->GetBackupInfo(id, &info);
  if (!status.ok()) return Failed(status, directory, fmt::format("read backup {}", id));
  return ToRecord(info);
}

Result<std::vector<BackupRecord>> ListBackups(const std::string& backup_directory) {
  TUPU_TRY_ASSIGN(const ReadEngine engine, OpenReadEngine(backup_directory));
  std::vector<rocksdb::BackupInfo> infos;
  engine->GetBackupInfo(&infos);
  std::vector<BackupRecord> records;
  for (const rocksdb::BackupInfo& info : infos) records.push_back(ToRecord(info));
  return records;
}

Status VerifyBackup(const std::string& backup_directory, uint32_t id) {
  TUPU_TRY_ASSIGN(const ReadEngine engine, OpenReadEngine(backup_directory));
  const rocksdb::IOStatus status = engine->VerifyBackup(id, true);
  return status.ok() ? Status() : Status(Failed(status, backup_directory, fmt::format("verify backup {}", id)));
}

Status RestoreBackup(const std::string& backup_directory, uint32_t id, const std::string& directory) {
  TUPU_TRY_ASSIGN(const ReadEngine engine, OpenReadEngine(backup_directory));
  const rocksdb::IOStatus status = engine->RestoreDBFromBackup(id, directory, directory);
  if (status.ok()) return {};
  return Failed(status, backup_directory, fmt::format("restore backup {} to {}", id, directory));
}

Status PurgeBackups(const std::string& backup_directory, uint32_t keep) {
  if (!HoldsBackups(backup_directory)) return NoBackups(backup_directory);
  TUPU_TRY_ASSIGN(const Engine engine, OpenEngine(backup_directory));
  rocksdb::IOStatus status = engine->PurgeOldBackups(keep);
  if (status.ok()) status = engine->GarbageCollect();
  return status.ok() ? Status() : Status(Failed(status, backup_directory, "delete old backups"));
}

}  // namespace tupu
