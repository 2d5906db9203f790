#include "storage/kv/internal/log_records.h"

#include <array>
#include <bit>

#include <rocksdb/file_checksum.h>

namespace tupu {

namespace {

uint32_t Checksum(uint8_t type, std::string_view payload) {
  const auto generator = rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator({});
  generator->Update(reinterpret_cast<const char*>(&type), 1);
  generator->Update(payload.data(), payload.size());
  generator->Finalize();
  uint32_t crc = 0;
  for (const char byte : generator->GetChecksum()) crc = crc << 8 | static_cast<unsigned char>(byte);
  return crc;
}

constexpr uint32_t kMask = 0xa282ead8u;
uint32_t Mask(uint32_t crc) {
  return std::rotr(crc, 15) + kMask;
}
uint32_t Unmask(uint32_t masked) {
  return std::rotl(masked - kMask, 15);
}

/// How a byte of zeros moves a difference of two crc32c on (Castagnoli's polynomial, reflected).
constexpr std::array<uint32_t, 256> kByZeroByte = [] {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
    table[i] = crc;
  }
  return table;
}();

/// Two messages of `length` bytes have checksums that differ by this; how many bytes lie behind the one in which they differ
/// by one bit, if that is so. The checksum is linear: a bit's difference depends only on how many bytes follow it.
std::optional<size_t> BytesBehindBit(uint32_t difference, size_t length) {
  std::array<uint32_t, 8> of_bit{};
  for (size_t bit = 0; bit < of_bit.size(); ++bit) of_bit[bit] = kByZeroByte[size_t{1} << bit];
  for (size_t behind = 0; behind < length; ++behind) {
    for (uint32_t& by : of_bit) {
      if (by == difference) return behind;
      by = by >> 8 ^ kByZeroByte[by & 0xff];
    }
  }
  return std::nullopt;
}

bool IsWhole(std::string_view block, size_t at, const LogRecordHeader& header) {
  if (!header.has_type() || at + kLogHeader + header.length > block.size()) return false;
  return Mask(Checksum(header.type, block.substr(at + kLogHeader, header.length))) == header.checksum;
}

}  // namespace

LogRecordHeader LogHeaderAt(std::string_view block, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(block[at + i])); };
  return {byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24, static_cast<uint16_t>(byte(4) | byte(5) << 8),
          static_cast<uint8_t>(byte(6))};
}

bool IsWholeRecord(std::string_view block, size_t at) {
  return at + kLogHeader <= block.size() && IsWhole(block, at, LogHeaderAt(block, at));
}

std::optional<size_t> FindFlippedBit(std::string_view block, size_t at) {
  const LogRecordHeader header = LogHeaderAt(block, at);
  for (size_t bit = 0; bit < 16; ++bit) {
    LogRecordHeader changed = header;
    changed.length = static_cast<uint16_t>(header.length ^ 1u << bit);
    if (IsWhole(block, at, changed)) return at + 4 + bit / 8;
  }
  for (size_t bit = 0; bit < 8; ++bit) {
    LogRecordHeader changed = header;
    changed.type = static_cast<uint8_t>(header.type ^ 1u << bit);
    if (IsWhole(block, at, changed)) return at + 6;
  }
  if (!header.has_type() || at + kLogHeader + header.length > block.size()) return std::nullopt;
  const uint32_t checksum = Checksum(header.type, block.substr(at + kLogHeader, header.length));
  const uint32_t masked_difference = Mask(checksum) ^ header.checksum;
  if (std::has_single_bit(masked_difference)) return at + static_cast<size_t>(std::countr_zero(masked_difference)) / 8;
  const auto behind = BytesBehindBit(checksum ^ Unmask(header.checksum), header.length);
  return behind ? std::optional(at + kLogHeader + header.length - 1 - *behind) : std::nullopt;
}

bool IsFollowedByWholeRecord(std::string_view block, size_t at) {
  for (size_t next = at + 1; next + kLogHeader <= block.size(); ++next) {
    if (IsWholeRecord(block, next)) return true;
  }
  return false;
}

}  // namespace tupu
