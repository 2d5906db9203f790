#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "storage/kv/internal/log_end.h"
#include "storage/kv/manifest_mark.h"

namespace tupu {

/// How far the MANIFEST of a database and its logs have come: it changes with every write.
struct WriteMark {
  ManifestMark manifest;
  std::map<std::string, LogEnd> logs;  // by name
  friend bool operator==(const WriteMark&, const WriteMark&) = default;
};

/// `before`: an earlier mark of the same folder; logs are read from where they ended then. Cost: reads what was written since,
/// and some files' lengths.
WriteMark ReadWriteMark(const std::string& directory, const WriteMark& before = {});

}  // namespace tupu
