#pragma once

#include <cstdint>
#include <memory>

#include <rocksdb/file_system.h>

namespace tupu {

/// What stands behind the last whole record of a log.
enum class LogRest : uint8_t {
  kNothing,     // the file ends there
  kZeros,       // written ahead of the records (write_fence.h); a flipped bit among them does not count
  kUnfinished,  // a record within zeros of which a part is missing: a write under way, or cut off
  kDamage,      // anything else, and zeros
  kOther,       // anything else at the end of the file: unfinished or damaged, which log_check.h and RocksDB tell apart
};

struct LogEnd {
  uint64_t offset = 0;  // behind the last whole record
  uint64_t size = 0;    // of the file
  LogRest rest = LogRest::kNothing;

  /// The file goes on behind its records.
  bool is_short_of_file() const { return rest == LogRest::kZeros || rest == LogRest::kUnfinished; }
  friend bool operator==(const LogEnd&, const LogEnd&) = default;
};

/// Where the records of a log end, whose file may go on behind them.
///
/// A record that is not whole counts as unfinished where a write that was cut off could have left it, and one flipped bit
/// could not: zeros stand where it should go on, or fill a sector (512 bytes) of it; nothing whole follows; no single bit
/// makes it whole, but for the only one of a sector. What was cut off was acknowledged to nobody, since a log is written ahead
/// only where every commit is synced before the next is written.
///
/// `from`: the beginning of a record, such as an earlier end; of no account if the file is shorter by now. Cost: reads and
/// sums what is behind it. Errors: of reading. Threads: safe beside a writer, whose last record is then unfinished or whole.
rocksdb::IOStatus FindLogEnd(rocksdb::FSRandomAccessFile& file, uint64_t from, LogEnd* end);

/// A log as RocksDB is to see it: up to its end, which moves on while somebody writes. As it is, if its rest is kDamage or kOther.
std::unique_ptr<rocksdb::FSSequentialFile> ReadUpToLogEnd(std::unique_ptr<rocksdb::FSRandomAccessFile> file);

}  // namespace tupu
