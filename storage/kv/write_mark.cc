#include "storage/kv/internal/write_mark.h"

#include <filesystem>
#include <memory>

namespace tupu {

namespace fs = std::filesystem;

WriteMark ReadWriteMark(const std::string& directory, const WriteMark& before) {
  WriteMark mark{ReadManifestMark(directory), {}};
  const auto files = rocksdb::FileSystem::Default();
  std::error_code gone;
  for (const fs::directory_entry& file : fs::directory_iterator(directory, gone)) {
    if (file.path().extension() != ".log") continue;
    const std::string name = file.path().filename().string();
    LogEnd& end = mark.logs[name];
    std::unique_ptr<rocksdb::FSRandomAccessFile> log;
    if (!files->NewRandomAccessFile(file.path().string(), {}, &log, nullptr).ok()) continue;  // the writer deleted it
    const auto known = before.logs.find(name);
    (void)FindLogEnd(*log, known == before.logs.end() ? 0 : known->second.offset, &end);
  }
  return mark;
}

}  // namespace tupu
