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

WriteMark ReadWriteMark(const std::string& directory) {
  WriteMark mark{ReadManifestMark(directory)};
  std::error_code gone;
  for (const fs::directory_entry& file : fs::directory_iterator(directory, gone)) {
    if (file.path().extension() != ".log") continue;
    const uint64_t size = file.file_size(gone);
    ++mark.logs;
    if (!gone) mark.log_bytes += size;
  }
  return mark;
}

}  // namespace tupu
