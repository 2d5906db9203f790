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

/// A column with its head read; values are decoded on demand. Lives as long as the bytes.
class ColumnReader {
 public:
  /// Of `count` edges. Errors: kCorruption if the section does not fit them.
  static Result<ColumnReader> Parse(ColumnKind kind, std::string_view column, size_t count);

  /// The value of edge i < count; null if it has none. Errors: kCorruption.
  Result<Value> ValueAt(size_t i) const;
  /// The same, encoded as in a row (storage/keys/property_row.h), at the end of `out`; nothing if it has none.
  Status AppendEncodedAt(size_t i, std::string& out) const;

 private:
  /// Where the value of edge i lies among those that are there; nullopt: it has none.
  std::optional<size_t> PlaceOf(size_t i) const;
  int64_t NumberAt(size_t at) const;
  double FloatAt(size_t at) const;

  ColumnKind kind_{};
  int width_ = 0;
  std::optional<uint8_t> scale_;  // of a decimal column
  int64_t base_ = 0;
  std::optional<std::string_view> bitmap_;  // of a sparse column
  std::string_view body_;
};

}  // namespace tupu
