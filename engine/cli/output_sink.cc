#include "engine/cli/output_sink.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "engine/cli/exit_status.h"

namespace tupu {

namespace {

constexpr size_t kBufferBytes = 64u << 10;

}  // namespace

Result<OutputSink> OutputSink::OpenFile(const std::string& path) {
  struct stat found = {};
  const bool special = ::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode);
  if (special && S_ISDIR(found.st_mode))
    return Error{ErrorCode::kIo, fmt::format("cannot write {}: it is a folder", path)};
  std::string target = special ? path : fmt::format("{}.{}.part", path, ::getpid());
  const int descriptor = ::open(target.c_str(), O_WRONLY | O_CLOEXEC | (special ? 0 : O_CREAT | O_TRUNC), 0666);
  if (descriptor < 0) return Error{ErrorCode::kIo, fmt::format("cannot write {}: {}", path, std::strerror(errno))};
  OutputSink sink(descriptor, path);
  sink.owned_ = true;
  if (!special) sink.temporary_ = std::move(target);
  return sink;
}

OutputSink OutputSink::OfStandardOutput() {
  return OutputSink(STDOUT_FILENO, "standard output");
}

OutputSink OutputSink::Of(int descriptor, std::string name) {
  return OutputSink(descriptor, std::move(name));
}

OutputSink::OutputSink(OutputSink&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      name_(std::move(other.name_)),
      temporary_(std::exchange(other.temporary_, {})),
      owned_(std::exchange(other.owned_, false)),
      buffer_(std::move(other.buffer_)) {}

OutputSink::~OutputSink() {
  if (owned_ && descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Error OutputSink::Failure(int number) const {
  if (number == EPIPE) return BrokenPipe();
  return Error{ErrorCode::kIo, fmt::format("cannot write {}: {}", name_, std::strerror(number))};
}

Status OutputSink::Write(std::string_view bytes) {
  buffer_.append(bytes);
  if (buffer_.size() < kBufferBytes) return {};
  return Flush();
}

Status OutputSink::Flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t count = ::write(descriptor_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int number = errno;
      buffer_.clear();  // what failed once is not tried again
      return Failure(number);
    }
    rest.remove_prefix(static_cast<size_t>(count));
  }
  buffer_.clear();
  return {};
}

Status OutputSink::Close() {
  TUPU_TRY(Flush());
  if (!owned_) return {};
  const int descriptor = std::exchange(descriptor_, -1);
  // Some file systems tell of a full disk only here.
  if (::close(descriptor) != 0) return Failure(errno);
  if (temporary_.empty()) return {};
  if (std::rename(temporary_.c_str(), name_.c_str()) != 0) return Failure(errno);
  temporary_.clear();
  return {};
}

}  // namespace tupu
