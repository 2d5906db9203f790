#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <tupu/result.h>

namespace tupu {

/// One backup in a folder of them.
struct BackupRecord {
  uint32_t id = 0;      // counted from 1, never used again
  int64_t made_at = 0;  // Unix seconds
  uint64_t bytes = 0;   // of the database; files shared with other backups count in each
  uint32_t files = 0;
  std::string note;  // what KvStore::Backup was given
};

/// Ascending ids; a backup whose files are missing is left out. kNotFound if the folder holds no backups.
Result<std::vector<BackupRecord>> ListBackups(const std::string& backup_directory);
/// Reads every file of one backup and holds it against its checksum. kCorruption, kNotFound.
Status VerifyBackup(const std::string& backup_directory, uint32_t id);
/// Copies one backup into `directory`, each file held against its checksum. Requires: the folder is new or empty.
Status RestoreBackup(const std::string& backup_directory, uint32_t id, const std::string& directory);
/// Deletes all but the last `keep` backups, and the files that none of these needs.
Status PurgeBackups(const std::string& backup_directory, uint32_t keep);

}  // namespace tupu
