#pragma once

#include <memory>
#include <string>

#include "storage/kv/internal/rocksdb_database.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// Writes table files into the folder "bulk" of the database and lets RocksDB take them in by one change of its
/// manifest. Errors: kIo.
Result<std::unique_ptr<KvBulkWriter>> MakeRocksDbBulkWriter(std::shared_ptr<RocksDbDatabase> database);

/// Deletes what a bulk writer that was cut off left in a database's folder. Requires: the caller holds its lock.
void RemoveBulkFiles(const std::string& directory);

}  // namespace tupu
