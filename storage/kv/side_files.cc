#include "storage/kv/side_files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

namespace tupu {

namespace {

namespace fs = std::filesystem;

Error Failed(std::string_view doing, std::string_view path, int number) {
  return Error{ErrorCode::kIo, fmt::format("cannot {} {}: {}; check the disk and the rights on the folder", doing, path,
                                           std::strerror(number))};
}

/// A file descriptor that is closed with it; negative: none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  const int number_;
};

/// Asks the environment, does what it says, and tells it. `act` gives 0 or an errno.
template <class Act>
Status Through(Environment* environment, std::string_view doing, const FileCall& call, const Act& act) {
  if (environment != nullptr) {
    const FileVerdict verdict = environment->Before(call);
    if (verdict.kind == FileVerdict::kFail) return Failed(doing, call.path, EIO);
    if (verdict.kind == FileVerdict::kNoSpace) return Failed(doing, call.path, ENOSPC);
    if (verdict.kind == FileVerdict::kPretend) {
      environment->After(call);
      return {};
    }
  }
  if (const int number = act(); number != 0) return Failed(doing, call.path, number);
  if (environment != nullptr) environment->After(call);
  return {};
}

int WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : EIO;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

/// As Through; of an append that fails a part may be written before.
Status AppendThrough(Environment* environment, int descriptor, const std::string& path, std::string_view bytes) {
  const auto offset = static_cast<uint64_t>(::lseek(descriptor, 0, SEEK_CUR));
  FileCall call{FileOperation::kAppend, path, {}, bytes.size(), offset};
  const FileVerdict verdict = environment != nullptr ? environment->Before(call) : FileVerdict{};
  if (verdict.kind == FileVerdict::kFail || verdict.kind == FileVerdict::kNoSpace) {
    call.bytes = std::min<uint64_t>(verdict.written, bytes.size());
    if (call.bytes > 0 && WriteAll(descriptor, bytes.substr(0, call.bytes)) == 0) environment->After(call);
    return Failed("write to", path, verdict.kind == FileVerdict::kFail ? EIO : ENOSPC);
  }
  if (verdict.kind == FileVerdict::kDo) {
    if (const int number = WriteAll(descriptor, bytes); number != 0) return Failed("write to", path, number);
  }
  if (environment != nullptr) environment->After(call);
  return {};
}

class PosixFile : public SideFile {
 public:
  PosixFile(int descriptor, uint64_t size, std::string path, std::shared_ptr<Environment> environment)
      : descriptor_(descriptor), size_(size), path_(std::move(path)), environment_(std::move(environment)) {}

  uint64_t size() const override { return size_; }

  Status Read(uint64_t offset, std::span<char> bytes) const override {
    return Through(environment_.get(), "read", {FileOperation::kRead, path_, {}, bytes.size()}, [&] {
      while (!bytes.empty()) {
        const ssize_t count = ::pread(descriptor_.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count < 0 ? errno : EIO;
        bytes = bytes.subspan(static_cast<size_t>(count));
        offset += static_cast<uint64_t>(count);
      }
      return 0;
    });
  }

  Result<std::shared_ptr<const std::string_view>> Map() const override {
    void* const at = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor_.number(), 0);
    if (at == MAP_FAILED) return Failed("map", path_, errno);
    const std::string_view bytes(static_cast<const char*>(at), size_);
    return std::shared_ptr<const std::string_view>(new std::string_view(bytes), [](const std::string_view* mapped) {
      ::munmap(const_cast<char*>(mapped->data()), mapped->size());
      delete mapped;
    });
  }

 private:
  const Descriptor descriptor_;
  const uint64_t size_;
  const std::string path_;
  const std::shared_ptr<Environment> environment_;
};

}  // namespace

Result<std::vector<std::string>> SideFiles::List(std::string_view prefix) const {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator at(directory_, failed), end; !failed && at != end; at.increment(failed)) {
    std::string name = at->path().filename().string();
    if (name.starts_with(prefix)) names.push_back(std::move(name));
  }
  if (failed) return Failed("read", directory_, failed.value());
  return names;
}

Result<std::unique_ptr<SideFile>> SideFiles::Open(const std::string& name) const {
  const std::string path = PathOf(name);
  int descriptor = -1;
  TUPU_TRY(Through(environment_.get(), "open", {FileOperation::kOpen, path}, [&] {
    descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    return descriptor < 0 ? errno : 0;
  }));
  struct stat status = {};
  const int failed = ::fstat(descriptor, &status) == 0 ? 0 : errno;
  auto file = std::make_unique<PosixFile>(descriptor, static_cast<uint64_t>(status.st_size), path, environment_);
  if (failed != 0) return Failed("look at", path, failed);
  return std::unique_ptr<SideFile>(std::move(file));
}

Status SideFiles::WriteFile(const std::string& path, const std::function<Status(const Append&)>& write) const {
  int opened = -1;
  TUPU_TRY(Through(environment_.get(), "make", {FileOperation::kCreate, path}, [&] {
    opened = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    return opened < 0 ? errno : 0;
  }));
  const Descriptor descriptor(opened);
  TUPU_TRY(write(
      [&](std::string_view bytes) { return AppendThrough(environment_.get(), descriptor.number(), path, bytes); }));
  return Through(environment_.get(), "sync", {FileOperation::kSync, path},
                 [&] { return ::fdatasync(descriptor.number()) == 0 ? 0 : errno; });
}

Status SideFiles::Write(const std::string& name, const std::function<Status(const Append&)>& write) const {
  const std::string path = PathOf(name);
  const std::string temporary = path + std::string(kTemporary);
  Status status = WriteFile(temporary, write);
  if (status) {
    status = Through(environment_.get(), "rename", {FileOperation::kRename, temporary, path},
                     [&] { return std::rename(temporary.c_str(), path.c_str()) == 0 ? 0 : errno; });
  }
  if (!status) {
    (void)Remove(name + std::string(kTemporary));
    return status;
  }
  return Through(environment_.get(), "sync", {FileOperation::kSyncDirectory, directory_}, [&] {
    const Descriptor folder(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder.number() >= 0 && ::fsync(folder.number()) == 0 ? 0 : errno;
  });
}

Status SideFiles::Remove(const std::string& name) const {
  const std::string path = PathOf(name);
  return Through(environment_.get(), "delete", {FileOperation::kDelete, path},
                 [&] { return ::unlink(path.c_str()) == 0 ? 0 : errno; });
}

}  // namespace tupu
