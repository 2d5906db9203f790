#include "storage/kv/manifest_mark.h"

#include <filesystem>
#include <fstream>

namespace tupu {

namespace fs = std::filesystem;

ManifestMark ReadManifestMark(const std::string& directory) {
  ManifestMark mark;
  std::ifstream current(fs::path(directory) / "CURRENT");
  std::getline(current, mark.name);
  std::error_code gone;
  const uint64_t size = fs::file_size(fs::path(directory) / mark.name, gone);
  mark.size = gone ? 0 : size;
  return mark;
}

}  // namespace tupu
