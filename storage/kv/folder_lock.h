#pragma once

#include <memory>
#include <string>

#include <tupu/result.h>

namespace tupu {

/// Keeps other writers out of a database folder while it lives.
class FolderLock {
 public:
  virtual ~FolderLock() = default;
};

/// Requires: the folder is there. kBusy if another process, or another store of this one, holds it.
Result<std::shared_ptr<FolderLock>> LockFolder(const std::string& directory);

}  // namespace tupu
