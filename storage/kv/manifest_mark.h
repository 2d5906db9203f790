#pragma once

#include <cstdint>
#include <string>

namespace tupu {

/// How far the MANIFEST of a database has come: it grows with every file that is made or given up. While the mark stays the
/// same, no log or table was deleted, so that what was read of them in between is one state.
struct ManifestMark {
  std::string name;
  uint64_t size = 0;
  friend bool operator==(const ManifestMark&, const ManifestMark&) = default;
};

/// An empty mark if there is none.
ManifestMark ReadManifestMark(const std::string& directory);

}  // namespace tupu
