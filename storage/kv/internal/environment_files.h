#pragma once

#include <memory>

#include <rocksdb/file_system.h>

#include "storage/kv/environment.h"

namespace tupu {

/// The files of the operating system, every access passed through `environment` first.
std::shared_ptr<rocksdb::FileSystem> FilesThrough(std::shared_ptr<Environment> environment);

}  // namespace tupu
