#include "storage/kv/internal/log_end.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <filesystem>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "storage/kv/internal/log_records.h"
#include "storage/kv/internal/rocksdb_database.h"
#include "storage/kv/log_copy.h"

namespace tupu {

namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr uint64_t kSector = 512;  // what a disk writes whole

uint64_t BlockOf(uint64_t offset) {
  return offset / kLogBlock * kLogBlock;
}

/// Blocks of a log, one at a time.
class BlockReader {
 public:
  explicit BlockReader(rocksdb::FSRandomAccessFile& file) : file_(file), buffer_(kLogBlock) {}

  /// The block that begins at `begin`; shorter at the end of the file. Lives until the next call.
  IOStatus Read(uint64_t begin, std::string_view* block) {
    Slice read;
    const IOStatus status = file_.Read(begin, kLogBlock, IOOptions(), &read, buffer_.data(), nullptr);
    *block = {read.data(), read.size()};
    return status;
  }

 private:
  rocksdb::FSRandomAccessFile& file_;
  std::vector<char> buffer_;
};

/// What there is behind the last whole record, as it is read block by block.
class RestOfLog {
 public:
  explicit RestOfLog(uint64_t begin) : begin_(begin), written_(begin) {}

  /// Blocks in order, the one of `begin` first.
  void Add(uint64_t offset, std::string_view block) {
    FindHoles(offset, block);
    if (offset <= begin_) {
      LookAtRecord(offset, block);
    } else if (!record_follows_) {
      LookAtBlock(block);
    }
  }

  LogRest Judge(uint64_t size) const {
    if (begin_ >= size) return LogRest::kNothing;
    if (bits_ <= 1) return LogRest::kZeros;  // one that flipped was of no record
    const bool zeros_follow = written_ < size;
    const bool is_missing = has_hole_ || (zeros_follow && claimed_end_ > written_);
    if (is_missing && !record_follows_ && !is_off_by_one_bit_) return LogRest::kUnfinished;
    return zeros_follow ? LogRest::kDamage : LogRest::kOther;
  }

 private:
  void FindHoles(uint64_t offset, std::string_view block) {
    for (uint64_t at = std::max(offset, begin_); at < offset + block.size();) {
      const uint64_t end = std::min((at / kSector + 1) * kSector, offset + block.size());
      const std::string_view part = block.substr(at - offset, end - at);
      const size_t last = part.find_last_not_of('\0');
      if (last == std::string_view::npos) {
        zeros_pending_ = true;
      } else {
        has_hole_ |= zeros_pending_;  // something was written behind them
        written_ = at + last + 1;
        for (const char byte : part) bits_ += std::popcount(static_cast<unsigned char>(byte));
      }
      at = end;
    }
  }

  void LookAtRecord(uint64_t offset, std::string_view block) {
    const size_t at = begin_ - offset;
    claimed_end_ = begin_ + kLogHeader;
    if (at + kLogHeader > block.size()) return;
    const LogRecordHeader header = LogHeaderAt(block, at);
    if (header.has_type()) claimed_end_ += header.length;
    if (const auto flipped = FindFlippedBit(block, at)) is_off_by_one_bit_ = !IsMissing(offset, block, *flipped);
    record_follows_ = IsFollowedByWholeRecord(block, at);
  }

  /// The sector of that byte has nothing of the record: more likely it was not written than that its only bit flipped.
  bool IsMissing(uint64_t offset, std::string_view block, size_t byte) const {
    const uint64_t sector = (offset + byte) / kSector * kSector;
    const size_t begin = std::max(sector, begin_) - offset;
    const size_t end = std::min<uint64_t>(sector + kSector - offset, block.size());
    return block.substr(begin, end - begin).find_first_not_of('\0') == std::string_view::npos;
  }

  /// Of the commit whose record is not whole, a block holds one piece, at its beginning.
  void LookAtBlock(std::string_view block) {
    if (!IsWholeRecord(block, 0)) return;
    const LogRecordHeader header = LogHeaderAt(block, 0);
    record_follows_ = header.begins_commit() || IsWholeRecord(block, kLogHeader + header.length);
  }

  const uint64_t begin_;
  uint64_t written_;   // zeros only, from here on
  uint64_t bits_ = 0;  // that are set
  uint64_t claimed_end_ = 0;
  bool zeros_pending_ = false;
  bool has_hole_ = false;
  bool is_off_by_one_bit_ = false;
  bool record_follows_ = false;
};

/// Moves `at` behind the whole records that begin there; 0 if the file ends before.
IOStatus SkipRecords(BlockReader& reader, uint64_t* at) {
  while (true) {
    const uint64_t begin = BlockOf(*at);
    std::string_view block;
    IOStatus status = reader.Read(begin, &block);
    if (!status.ok()) return status;
    size_t next = *at - begin;
    if (next > block.size()) {
      *at = 0;
      continue;
    }
    while (IsWholeRecord(block, next)) next += kLogHeader + LogHeaderAt(block, next).length;
    *at = begin + next;
    if (block.size() < kLogBlock || next + kLogHeader <= kLogBlock) return status;
    *at = begin + kLogBlock;  // the rest of a block is too short for a header
  }
}

}  // namespace

IOStatus FindLogEnd(rocksdb::FSRandomAccessFile& file, uint64_t from, LogEnd* end) {
  BlockReader reader(file);
  end->offset = from;
  IOStatus status = SkipRecords(reader, &end->offset);
  if (!status.ok()) return status;
  RestOfLog rest(end->offset);
  for (uint64_t begin = BlockOf(end->offset);; begin += kLogBlock) {
    std::string_view block;
    status = reader.Read(begin, &block);
    if (!status.ok()) return status;
    end->size = begin + block.size();
    rest.Add(begin, block);
    if (block.size() < kLogBlock) break;
  }
  end->rest = rest.Judge(end->size);
  return status;
}

namespace {

class LogUpToItsEnd : public rocksdb::FSSequentialFile {
 public:
  explicit LogUpToItsEnd(std::unique_ptr<rocksdb::FSRandomAccessFile> file) : file_(std::move(file)) {}

  IOStatus Read(size_t bytes, const IOOptions& options, Slice* result, char* scratch, IODebugContext* debug) override {
    *result = Slice(scratch, 0);
    if (at_ + bytes > end_) {
      IOStatus status = MoveEnd();
      if (!status.ok()) return status;
    }
    bytes = std::min<uint64_t>(bytes, end_ - std::min(end_, at_));
    if (bytes == 0) return IOStatus::OK();
    IOStatus status = file_->Read(at_, bytes, options, result, scratch, debug);
    if (status.ok()) at_ += result->size();
    return status;
  }
  IOStatus Skip(uint64_t bytes) override {
    at_ += bytes;
    return IOStatus::OK();
  }

 private:
  /// A record that somebody is just writing may be seen in any state, though only for a moment.
  IOStatus MoveEnd() {
    constexpr int kLooks = 4;
    constexpr std::chrono::milliseconds kPause{1};
    LogEnd found;
    for (int look = 0; look < kLooks; ++look) {
      if (look > 0) std::this_thread::sleep_for(kPause);
      IOStatus status = FindLogEnd(*file_, records_end_, &found);
      if (!status.ok()) return status;
      records_end_ = found.offset;
      if (found.rest != LogRest::kDamage) break;
    }
    end_ = std::max(at_, found.is_short_of_file() ? found.offset : found.size);
    return IOStatus::OK();
  }

  const std::unique_ptr<rocksdb::FSRandomAccessFile> file_;
  uint64_t at_ = 0;
  uint64_t end_ = 0;
  uint64_t records_end_ = 0;
};

}  // namespace

std::unique_ptr<rocksdb::FSSequentialFile> ReadUpToLogEnd(std::unique_ptr<rocksdb::FSRandomAccessFile> file) {
  return std::make_unique<LogUpToItsEnd>(std::move(file));
}

Status CutLogCopy(const std::string& path) {
  const auto files = rocksdb::FileSystem::Default();
  std::unique_ptr<rocksdb::FSRandomAccessFile> log;
  IOStatus status = files->NewRandomAccessFile(path, {}, &log, nullptr);
  LogEnd end;
  if (status.ok()) status = FindLogEnd(*log, 0, &end);
  if (!status.ok()) return FromRocksDb(status, path);
  std::error_code failed;
  if (end.is_short_of_file()) std::filesystem::resize_file(path, end.offset, failed);
  if (failed) return Error{ErrorCode::kIo, fmt::format("cannot cut {}: {}", path, failed.message())};
  return {};
}

}  // namespace tupu
