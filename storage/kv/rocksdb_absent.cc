#include "storage/kv/backup_files.h"
#include "storage/kv/folder_lock.h"
#include "storage/kv/kv_store.h"
#include "storage/kv/log_copy.h"

namespace tupu {

namespace {
Error NoRocksDb() {
  return Error{ErrorCode::kUnsupported,
               "this build has no RocksDB (TUPU_WITH_ROCKSDB=OFF): only databases in memory can be used"};
}
}  // namespace

Result<std::unique_ptr<KvStore>> OpenRocksDbStore(const std::string&, const RocksDbOptions&) {
  return NoRocksDb();
}
Result<std::vector<BackupRecord>> ListBackups(const std::string&) {
  return NoRocksDb();
}
Status VerifyBackup(const std::string&, uint32_t) {
  return NoRocksDb();
}
Status RestoreBackup(const std::string&, uint32_t, const std::string&) {
  return NoRocksDb();
}
Status PurgeBackups(const std::string&, uint32_t) {
  return NoRocksDb();
}
Status CutLogCopy(const std::string&) {
  return NoRocksDb();
}
Result<std::shared_ptr<FolderLock>> LockFolder(const std::string&) {
  return NoRocksDb();
}

}  // namespace tupu
