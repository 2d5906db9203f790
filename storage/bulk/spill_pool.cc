#include "storage/bulk/spill_pool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace tupu {

namespace {

Error IoError(const std::string& directory, std::string_view what, int number) {
  return Error{ErrorCode::kIo,
               fmt::format("{}: temporary data of the load {}: {}", directory, what, std::strerror(number))};
}

}  // namespace

SpillPool::SpillPool(std::string directory, uint64_t memory_budget)
    : directory_(std::move(directory)), memory_budget_(memory_budget) {}

SpillPool::~SpillPool() {
  if (file_ >= 0) close(file_);
}

Status SpillPool::OpenFile() {
  if (file_ >= 0) return {};
  const std::string path = directory_ + "/spill";
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  return file_ >= 0 ? Status() : IoError(directory_, "cannot be written", errno);
}

Result<SpilledPiece> SpillPool::Keep(std::string&& bytes) {
  SpilledPiece piece;
  piece.size = bytes.size();
  if (directory_.empty() || in_memory_.load(std::memory_order_relaxed) + bytes.size() <= memory_budget_) {
    in_memory_ += bytes.size();
    if (bytes.capacity() > bytes.size() + bytes.size() / 8) bytes.shrink_to_fit();  // one that grew by doubling
    piece.bytes = std::move(bytes);
    return piece;
  }
  {
    const std::scoped_lock lock(mutex_);
    TUPU_TRY(OpenFile());
    piece.offset = file_end_;
    file_end_ += piece.size;
  }
  piece.on_disk = true;
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t written =
        pwrite(file_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(piece.offset + done));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return IoError(directory_, "cannot be written", errno);
    done += static_cast<size_t>(written);
  }
  bytes.clear();
  return piece;
}

Result<std::string> SpillPool::Take(SpilledPiece&& piece) {
  if (!piece.on_disk) {
    in_memory_ -= piece.size;
    return std::move(piece.bytes);
  }
  std::string bytes;
  TUPU_TRY(Read(piece, 0, piece.size, bytes));
  return bytes;
}

Status SpillPool::Read(const SpilledPiece& piece, uint64_t begin, uint64_t size, std::string& out) const {
  if (!piece.on_disk) {
    out.assign(piece.bytes, begin, size);
    return {};
  }
  out.resize(size);
  for (size_t done = 0; done < size;) {
    const ssize_t got = pread(file_, out.data() + done, size - done, static_cast<off_t>(piece.offset + begin + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return IoError(directory_, "cannot be read back", got == 0 ? EIO : errno);
    done += static_cast<size_t>(got);
  }
  return {};
}

}  // namespace tupu
