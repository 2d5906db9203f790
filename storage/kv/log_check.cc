#include "storage/kv/internal/log_check.h"

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <rocksdb/file_checksum.h>

#include "storage/kv/internal/rocksdb_database.h"

namespace tupu {

namespace {

constexpr size_t kBlock = 32'768;
constexpr size_t kHeader = 7;  // masked crc32c (4, little-endian), length (2), type (1)
constexpr uint8_t kFirstType = 1;
constexpr uint8_t kLastType = 4;  // full, first, middle, last

uint32_t MaskedChecksum(uint8_t type, std::string_view payload) {
  const auto generator = rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator({});
  generator->Update(reinterpret_cast<const char*>(&type), 1);
  generator->Update(payload.data(), payload.size());
  generator->Finalize();
  uint32_t crc = 0;
  for (const char byte : generator->GetChecksum()) crc = crc << 8 | static_cast<unsigned char>(byte);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

struct Header {
  uint32_t checksum;
  uint16_t length;
  uint8_t type;
};

/// Requires: kHeader bytes at `at`.
Header HeaderAt(std::string_view block, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(block[at + i])); };
  return {byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24, static_cast<uint16_t>(byte(4) | byte(5) << 8),
          static_cast<uint8_t>(byte(6))};
}

/// A record of this header would be whole, checksum and all.
bool IsWhole(std::string_view block, size_t at, const Header& header) {
  if (header.type < kFirstType || header.type > kLastType) return false;
  if (at + kHeader + header.length > block.size()) return false;
  return MaskedChecksum(header.type, block.substr(at + kHeader, header.length)) == header.checksum;
}

bool IsWholeButForOneBit(std::string_view block, size_t at) {
  const Header header = HeaderAt(block, at);
  for (int bit = 0; bit < 16; ++bit) {
    Header changed = header;
    changed.length = static_cast<uint16_t>(header.length ^ 1u << bit);
    if (IsWhole(block, at, changed)) return true;
  }
  for (int bit = 0; bit < 8; ++bit) {
    Header changed = header;
    changed.type = static_cast<uint8_t>(header.type ^ 1u << bit);
    if (IsWhole(block, at, changed)) return true;
  }
  return false;
}

bool IsFollowedByWhole(std::string_view block, size_t at) {
  for (size_t next = at + 1; next + kHeader <= block.size(); ++next) {
    if (IsWhole(block, next, HeaderAt(block, next))) return true;
  }
  return false;
}

/// Where in the block RocksDB would stop without a word; block.size() if it reads on.
size_t FindSilentStop(std::string_view block, bool last_block) {
  size_t at = 0;
  while (at + kHeader <= block.size()) {
    const Header header = HeaderAt(block, at);
    if (header.type < kFirstType || header.type > kLastType) return at;
    if (at + kHeader + header.length > block.size()) return last_block ? at : block.size();
    at += kHeader + header.length;
  }
  return block.size();
}

Status CheckLogEnd(const std::string& path, rocksdb::Env& env) {
  const auto failed = [&](const rocksdb::Status& status) { return FromRocksDb(status, path); };
  std::unique_ptr<rocksdb::SequentialFile> file;
  rocksdb::Status status = env.NewSequentialFile(path, &file, rocksdb::EnvOptions());
  if (status.IsPathNotFound() || status.IsNotFound()) return {};  // a writer beside us deleted it
  if (!status.ok()) return failed(status);
  std::vector<char> buffer(kBlock);
  std::vector<char> next_buffer(kBlock);
  rocksdb::Slice read;
  if (status = file->Read(kBlock, &read, buffer.data()); !status.ok()) return failed(status);
  for (uint64_t offset = 0; !read.empty(); offset += kBlock) {
    const std::string_view block = ToView(read);
    rocksdb::Slice next;
    if (block.size() == kBlock) {  // a shorter one is the last: what a writer beside us adds is not looked at
      if (status = file->Read(kBlock, &next, next_buffer.data()); !status.ok()) return failed(status);
    }
    const std::string_view next_block = ToView(next);
    if (const size_t stop = FindSilentStop(block, next.empty()); stop < block.size()) {
      const bool goes_on = next.size() >= kHeader && IsWhole(next_block, 0, HeaderAt(next_block, 0));
      if (goes_on || IsWholeButForOneBit(block, stop) || IsFollowedByWhole(block, stop)) {
        return Error{ErrorCode::kCorruption,
                     fmt::format("{}: the record at byte {} is damaged, and more follows that would be lost; restore a "
                                 "copy, or recover what is before it",
                                 path, offset + stop)};
      }
      return {};  // a write that was cut off
    }
    buffer.swap(next_buffer);
    read = rocksdb::Slice(buffer.data(), next.size());
  }
  return {};
}

}  // namespace

Status CheckLogEnds(const std::string& directory, rocksdb::Env& env) {
  std::string current;
  rocksdb::Status status = rocksdb::ReadFileToString(&env, directory + "/CURRENT", &current);
  if (!status.ok()) return FromRocksDb(status, directory);
  while (!current.empty() && current.back() == '\n') current.pop_back();
  TUPU_TRY(CheckLogEnd(directory + "/" + current, env));
  std::vector<std::string> names;
  if (status = env.GetChildren(directory, &names); !status.ok()) return FromRocksDb(status, directory);
  for (const std::string& name : names) {
    if (name.ends_with(".log")) TUPU_TRY(CheckLogEnd(directory + "/" + name, env));
  }
  return {};
}

}  // namespace tupu
