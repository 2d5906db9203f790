#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/value.h>

namespace tupu {

// A property column of an adjacency block: one key, one kind, fixed width, so that the value of one edge is found
// without decoding others.
//
//   header    low half: bytes per value (0, 1, 2, 4, 8); 0x10: sparse, a presence bitmap follows (bit i of byte i / 8,
//   low
//             first); 0x20: decimal
//   kInteger, kDate, kPeriod: zigzag varint least value | value - least, little-endian, for each edge that has one
//   kFloat    decimal, when every value is n / 10^scale with scale <= 6: scale u8, then the n as integers;
//             else width 4 when every value is exact in single precision, else 8
//   kBoolean  width 0, a bit per edge that has one
//
// A period is a string YYYY, YYYY-MM or YYYY-MM-DD, kept as year << 9 | month << 5 | day, parts that are not given 0:
// it comes back letter by letter.

enum class ColumnKind : uint8_t { kInteger = 1, kFloat = 2, kBoolean = 3, kDate = 4, kPeriod = 5, kRows = 7 };

/// The kind of column an encoded value (storage/keys/property_row.h) fits in; nullopt: only rows hold it.
std::optional<ColumnKind> ColumnKindOf(std::string_view encoded_value);

std::optional<int64_t> PackPeriod(std::string_view text);
/// nullopt for a number that PackPeriod does not give.
std::optional<std::string> UnpackPeriod(int64_t packed);

/// Room for the numbers of a column, kept between calls.
struct ColumnScratch {
  std::vector<int64_t> numbers;
  std::vector<uint64_t> bits;
};

/// `values[i]` is the encoded value of edge i, empty if it has none. Requires: all present ones are of `kind`, at least
/// one.
void AppendColumn(std::string& out, ColumnKind kind, std::span<const std::string_view> values, ColumnScratch& scratch);

/// The value of edge i among `count`; null if it has none. kCorruption if the section does not fit `count` edges.
Result<Value> ColumnValueAt(ColumnKind kind, std::string_view column, size_t count, size_t i);

}  // namespace tupu
