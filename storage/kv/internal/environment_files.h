#pragma once

#include <memory>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "storage/kv/environment.h"

namespace tupu {

/// The files of the operating system, every access passed through `environment` first.
std::shared_ptr<rocksdb::FileSystem> FilesThrough(std::shared_ptr<Environment> environment);

/// `files`, with the time of `environment`: what o'clock it is, and sleeping. What RocksDB measures and waits for on
/// condition variables stays real.
std::unique_ptr<rocksdb::Env> EnvOf(std::shared_ptr<rocksdb::FileSystem> files,
                                    std::shared_ptr<Environment> environment);

}  // namespace tupu
