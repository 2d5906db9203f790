#include "storage/backup/database_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "storage/kv/log_copy.h"
#include "storage/kv/manifest_mark.h"
#include "storage/kv/side_files.h"

namespace tupu {

namespace {

namespace fs = std::filesystem;

Error Failed(std::string_view doing, const std::string& what, int number) {
  return Error{ErrorCode::kIo, fmt::format("cannot {} {}: {}", doing, what, std::strerror(number))};
}
Error Failed(std::string_view doing, const fs::path& what, const std::error_code& code) {
  return Error{ErrorCode::kIo, fmt::format("cannot {} {}: {}", doing, what.string(), code.message())};
}

/// The entries of a folder reach the disk.
Status SyncFolder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Failed("open", folder.string(), errno);
  const int synced = ::fsync(descriptor);
  const int number = errno;
  ::close(descriptor);
  return synced == 0 ? Status() : Status(Failed("sync", folder.string(), number));
}

Status SyncFile(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Failed("open", file.string(), errno);
  const int synced = ::fsync(descriptor);
  const int number = errno;
  ::close(descriptor);
  return synced == 0 ? Status() : Status(Failed("sync", file.string(), number));
}

fs::path ParentOf(const std::string& path) {
  return fs::absolute(path).lexically_normal().parent_path();
}

/// Tables and saved CSRs: never written to once they have their names.
bool IsTable(const fs::path& file) {
  return file.extension() == ".sst" || file.extension() == ".blob" || file.extension() == ".tupu";
}
bool IsLog(const fs::path& file) {
  return file.extension() == ".log";
}

/// What belongs to the process, not to the data. A log of messages may be written to for ever.
bool IsOfTheProcess(const fs::path& file) {
  const std::string name = file.filename().string();
  return name == "LOCK" || name.starts_with("LOG") || name.ends_with(".dbtmp") || name.ends_with(SideFiles::kTemporary);
}

Status CopyFile(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  if (IsTable(from)) {
    fs::create_hard_link(from, to, failed);
    if (!failed) return {};
    failed.clear();
  }
  fs::copy_file(from, to, failed);
  if (failed) return Failed("copy", from, failed);
  if (IsLog(from)) TUPU_TRY(CutLogCopy(to.string()));
  return SyncFile(to);
}

/// MANIFEST and its kin first, then tables, then logs from the last to the first: what stands in a later log is in the copy
/// only if all of the earlier ones is, too.
Result<std::vector<fs::path>> FilesInOrder(const std::string& directory) {
  std::error_code failed;
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, failed)) {
    if (entry.is_regular_file(failed) && !IsOfTheProcess(entry.path())) files.push_back(entry.path());
  }
  if (failed) return Failed("read", directory, failed);
  const auto rank = [](const fs::path& file) { return IsLog(file) ? 2 : IsTable(file) ? 1 : 0; };
  std::sort(files.begin(), files.end(), [&](const fs::path& a, const fs::path& b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return IsLog(a) ? b < a : a < b;
  });
  return files;
}

}  // namespace

std::string NameOfFolder(const std::string& path) {
  fs::path folder = fs::path(path).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  if (folder.has_filename() && folder.filename() != "." && folder.filename() != "..") return folder.string();
  std::error_code ignored;
  return fs::weakly_canonical(path, ignored).string();
}

Status CopyDatabase(const std::string& from, const std::string& to) {
  std::error_code failed;
  fs::create_directory(to, failed);
  if (failed) return Failed("make", to, failed);
  TUPU_TRY_ASSIGN(const std::vector<fs::path> files, FilesInOrder(from));
  for (const fs::path& file : files) TUPU_TRY(CopyFile(file, fs::path(to) / file.filename()));
  TUPU_TRY(SyncFolder(to));
  return SyncFolder(ParentOf(to));
}

Status CopyHeldDatabase(const std::string& from, const std::string& to) {
  constexpr int kAttempts = 50;
  constexpr std::chrono::milliseconds kPause{20};
  Status copied;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(kPause);
    std::error_code ignored;
    fs::remove_all(to, ignored);
    const ManifestMark before = ReadManifestMark(from);
    copied = CopyDatabase(from, to);  // fails when a file goes meanwhile
    if (copied && ReadManifestMark(from) == before) return {};
  }
  if (!copied) return copied;
  return Error{ErrorCode::kBusy,
               fmt::format("{}: the process that writes changes its files all the time; try again when "
                           "it writes less",
                           from)};
}

Status MoveInto(const std::string& from, const std::string& to) {
  std::error_code failed;
  fs::rename(from, to, failed);  // replaces an empty folder
  if (failed) return Failed("put in place", to, failed);
  return SyncFolder(ParentOf(to));
}

Status SwapFolders(const std::string& a, const std::string& b) {
  if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) != 0) {
    return Failed(fmt::format("exchange {} and", a), b, errno);
  }
  TUPU_TRY(SyncFolder(ParentOf(a)));
  return SyncFolder(ParentOf(b));
}

TemporaryFolder::TemporaryFolder(std::string path) : path_(std::move(path)) {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

TemporaryFolder::~TemporaryFolder() {
  if (kept_) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace tupu
