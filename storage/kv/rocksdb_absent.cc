#include "storage/kv/kv_store.h"

namespace tupu {

Result<std::unique_ptr<KvStore>> OpenRocksDbStore(const std::string&, const RocksDbOptions&) {
  return Error{ErrorCode::kUnsupported,
               "this build has no RocksDB (TUPU_WITH_ROCKSDB=OFF): only databases in memory can be used"};
}

}  // namespace tupu
