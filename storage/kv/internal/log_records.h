#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tupu {

/// Records of RocksDB's logs and MANIFESTs, as they lie in blocks of kLogBlock bytes: a header, then the payload; what does
/// not fit into a block goes on at the beginning of the next one. The last bytes of a block, too few for a header, are zero.
/// Format: github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format
inline constexpr size_t kLogBlock = 32'768;
inline constexpr size_t kLogHeader = 7;  // masked crc32c (4, little-endian), length (2), type (1)

enum class LogRecordType : uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

struct LogRecordHeader {
  uint32_t checksum;
  uint16_t length;
  uint8_t type;

  bool has_type() const { return type >= 1 && type <= 4; }
  bool begins_commit() const { return type == 1 || type == 2; }
};

/// Requires: kLogHeader bytes at `at`.
LogRecordHeader LogHeaderAt(std::string_view block, size_t at);

/// A record begins at `at`, ends within `block`, and is what its checksum says.
bool IsWholeRecord(std::string_view block, size_t at);

/// The byte of the block that holds the one bit which, were it another, would make a whole record of what begins at `at`.
/// Cost: 8 steps a byte. Requires: kLogHeader bytes at `at`.
std::optional<size_t> FindFlippedBit(std::string_view block, size_t at);

/// A whole record begins behind `at`, anywhere in the block.
bool IsFollowedByWholeRecord(std::string_view block, size_t at);

}  // namespace tupu
