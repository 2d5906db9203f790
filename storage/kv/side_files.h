#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "storage/kv/environment.h"

namespace tupu {

/// A file that is read: by copies, which report what the disk cannot read, or mapped. It stays as it was opened when
/// another takes its name. Threads: safe.
class SideFile {
 public:
  virtual ~SideFile() = default;
  virtual uint64_t size() const = 0;
  /// Fills all of `bytes` from `offset` on. Errors: kIo, also beyond the end.
  virtual Status Read(uint64_t offset, std::span<char> bytes) const = 0;
  /// The whole file, for as long as what is given lives. A page that the disk cannot read, or that was cut off, ends the
  /// process: read it by Read first.
  virtual Result<std::shared_ptr<const std::string_view>> Map() const = 0;
};

/// Files in the folder of a database beside those of its key-value store: caches, which may be missing.
/// Every access passes through the Environment. Threads: safe.
class SideFiles {
 public:
  using Append = std::function<Status(std::string_view bytes)>;

  /// Null `environment`: the operating system.
  SideFiles(std::string directory, std::shared_ptr<Environment> environment)
      : directory_(std::move(directory)), environment_(std::move(environment)) {}

  /// Names that begin with `prefix`, in no order.
  Result<std::vector<std::string>> List(std::string_view prefix) const;
  Result<std::unique_ptr<SideFile>> Open(const std::string& name) const;
  /// Writes a file from its beginning to its end: under a temporary name, synced, renamed, the folder synced. So there is
  /// the whole file under its name or what was there before. After an error nothing is left, if the disk allows.
  Status Write(const std::string& name, const std::function<Status(const Append&)>& write) const;
  Status Remove(const std::string& name) const;

  /// What Write appends to a name while it writes.
  static constexpr std::string_view kTemporary = ".tmp";

 private:
  std::string PathOf(std::string_view name) const { return directory_ + "/" + std::string(name); }
  Status WriteFile(const std::string& path, const std::function<Status(const Append&)>& write) const;

  const std::string directory_;
  const std::shared_ptr<Environment> environment_;
};

}  // namespace tupu
