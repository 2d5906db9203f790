#pragma once

#include <string>

#include <rocksdb/env.h>

#include <tupu/result.h>

namespace tupu {

/// Whether the log files and the MANIFEST of a database end where their writer ended.
///
/// RocksDB takes a record that reaches beyond the end of its file for the rest of a write that was cut off, and a record of
/// a recycled file for the end; both drop all that follows without a word. A flipped bit in the length or type of a record
/// makes one of them. The writer never writes behind a torn record, so whole records behind one, or a record that is whole
/// but for one bit of its header, mean damage: kCorruption. What RocksDB reports by itself (checksums) is left to it.
///
/// Cost    reads the files once, without decoding; RocksDB reads them next.
/// Format  github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format
Status CheckLogEnds(const std::string& directory, rocksdb::Env& env);

}  // namespace tupu
