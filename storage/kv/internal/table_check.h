#pragma once

#include <cstdint>

#include <rocksdb/file_system.h>

namespace tupu {

/// Whether RocksDB can look at the properties of a table file without stopping the process.
///
/// RocksDB 7.8 interprets that block before it holds it against its checksum, and Debian's build asserts what the highest
/// bit of the block's last number says: one flipped bit would end the process. Corruption for that bit alone; everything
/// else is left to RocksDB, which reports it.
///
/// Cost    three short reads of what RocksDB reads next.
/// Format  github.com/facebook/rocksdb/wiki/Rocksdb-BlockBasedTable-Format
rocksdb::IOStatus CheckTableProperties(rocksdb::FSRandomAccessFile& file, uint64_t size);

}  // namespace tupu
