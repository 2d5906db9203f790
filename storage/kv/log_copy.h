#pragma once

#include <string>

#include <tupu/result.h>

namespace tupu {

/// Cuts the copy of a log, which may have been taken beside its writer, where its records end. Nothing else must use the file.
/// Errors: kIo; kUnsupported in a build without RocksDB.
Status CutLogCopy(const std::string& path);

}  // namespace tupu
