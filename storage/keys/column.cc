#include "storage/keys/column.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "storage/base/check.h"
#include "storage/keys/bytes.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

constexpr uint8_t kSparse = 0x10;
constexpr uint8_t kDecimal = 0x20;
constexpr std::array<double, 7> kPowersOfTen = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
constexpr std::string_view kWhat = "property column";

/// `count` decimal digits, or nullopt.
std::optional<int64_t> Digits(std::string_view text, size_t at, size_t count) {
  int64_t v = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    v = v * 10 + (text[i] - '0');
  }
  return v;
}

bool Has(std::string_view bitmap, size_t i) {
  return (static_cast<uint8_t>(bitmap[i / 8]) >> (i % 8) & 1) != 0;
}

size_t RankOf(std::string_view bitmap, size_t i) {
  size_t rank = 0;
  for (size_t byte = 0; byte < i / 8; ++byte) rank += std::popcount(static_cast<uint8_t>(bitmap[byte]));
  return rank + std::popcount(static_cast<unsigned>(static_cast<uint8_t>(bitmap[i / 8]) & ((1u << (i % 8)) - 1)));
}

std::string Bitmap(size_t count, auto&& is_set) {
  std::string bits((count + 7) / 8, '\0');
  for (size_t i = 0; i < count; ++i) {
    if (is_set(i)) bits[i / 8] = static_cast<char>(bits[i / 8] | 1 << (i % 8));
  }
  return bits;
}

int64_t WholeNumberOf(ColumnKind kind, std::string_view encoded) {
  if (kind == ColumnKind::kPeriod) return *PackPeriod(encoded.substr(1));
  return ByteReader(encoded.substr(1)).Signed();  // integers and dates are written alike
}

int WidthOf(uint64_t range) {
  if (range == 0) return 0;
  if (range <= UINT8_MAX) return 1;
  if (range <= UINT16_MAX) return 2;
  return range <= UINT32_MAX ? 4 : 8;
}

void AppendHeader(std::string& out, int width, uint8_t flags, std::span<const std::string_view> values,
                  size_t present) {
  const bool sparse = present < values.size();
  out.push_back(static_cast<char>(width | flags | (sparse ? kSparse : 0)));
  if (sparse) out.append(Bitmap(values.size(), [&](size_t i) { return !values[i].empty(); }));
}

template <class Word>
void PutOffsets(char* at, const std::vector<int64_t>& numbers, int64_t base) {
  for (const int64_t number : numbers) {
    const uint64_t bits = LittleEndian(static_cast<uint64_t>(number) - static_cast<uint64_t>(base));
    std::memcpy(at, &bits, sizeof(Word));
    at += sizeof(Word);
  }
}

/// How far the numbers lie above `base`, each in `width` bytes.
void AppendOffsets(std::string& out, const std::vector<int64_t>& numbers, int64_t base, int width) {
  const size_t before = out.size();
  out.resize(before + numbers.size() * static_cast<size_t>(width));
  char* const at = out.data() + before;
  switch (width) {
    case 1: return PutOffsets<uint8_t>(at, numbers, base);
    case 2: return PutOffsets<uint16_t>(at, numbers, base);
    case 4: return PutOffsets<uint32_t>(at, numbers, base);
    case 8: return PutOffsets<uint64_t>(at, numbers, base);
    default: return;
  }
}

/// Requires: numbers not empty. `scale`: of a decimal column.
void AppendNumbers(std::string& out, const std::vector<int64_t>& numbers, std::span<const std::string_view> values,
                   std::optional<uint8_t> scale) {
  int64_t base = numbers[0];
  int64_t greatest = numbers[0];
  for (const int64_t number : numbers) {
    base = std::min(base, number);
    greatest = std::max(greatest, number);
  }
  const int width = WidthOf(static_cast<uint64_t>(greatest) - static_cast<uint64_t>(base));
  AppendHeader(out, width, scale ? kDecimal : 0, values, numbers.size());
  if (scale) out.push_back(static_cast<char>(*scale));
  AppendSigned(out, base);
  AppendOffsets(out, numbers, base, width);
}

void AppendWholeNumbers(std::string& out, ColumnKind kind, std::span<const std::string_view> values,
                        std::vector<int64_t>& numbers) {
  numbers.clear();
  for (const std::string_view value : values) {
    if (!value.empty()) numbers.push_back(WholeNumberOf(kind, value));
  }
  AppendNumbers(out, numbers, values, std::nullopt);
}

/// The whole number next to `value`; ties to the even one, as std::nearbyint, which is a call.
double NearestWhole(double value) {
  constexpr double kShift = 0x1.8p52;
  return std::abs(value) < 0x1p51 ? (value + kShift) - kShift : std::nearbyint(value);
}

/// The n with n / 10^scale equal to `value` bit by bit; nullopt if there is none (also for -0.0, NaN, infinities).
std::optional<int64_t> DecimalOf(double value, size_t scale) {
  const double n = NearestWhole(value * kPowersOfTen[scale]);
  if (!(std::abs(n) < 0x1p52)) return std::nullopt;
  const double back = n / kPowersOfTen[scale];
  if (std::bit_cast<uint64_t>(back) != std::bit_cast<uint64_t>(value)) return std::nullopt;
  if (std::signbit(value) && n == 0) return std::nullopt;  // -0.0: an integer has no such sign
  return static_cast<int64_t>(n);
}

/// The least scale at which all values are decimals, with the numbers.
std::optional<uint8_t> FindScale(const std::vector<uint64_t>& bits, std::vector<int64_t>& numbers) {
  numbers.resize(bits.size());
  size_t scale = 0;
  // A value that is no decimal at this scale rules out every scale up to its own least one; those before it are looked
  // at again. `from`: values [0, from) are decimals at `scale`.
  for (size_t from = 0; from < bits.size();) {
    const std::optional<int64_t> n = DecimalOf(std::bit_cast<double>(bits[from]), scale);
    if (n) {
      numbers[from++] = *n;
      continue;
    }
    do {
      if (++scale == kPowersOfTen.size()) return std::nullopt;
    } while (!DecimalOf(std::bit_cast<double>(bits[from]), scale));
    from = 0;
  }
  return static_cast<uint8_t>(scale);
}

bool ExactInSingle(uint64_t bits) {
  const auto wide = std::bit_cast<double>(bits);
  return std::bit_cast<uint64_t>(static_cast<double>(static_cast<float>(wide))) == bits;
}

void AppendFloats(std::string& out, std::span<const std::string_view> values, ColumnScratch& scratch) {
  std::vector<uint64_t>& bits = scratch.bits;
  bits.clear();
  for (const std::string_view value : values) {
    if (!value.empty()) bits.push_back(FixedAt(value, 1, 8));
  }
  if (const std::optional<uint8_t> scale = FindScale(bits, scratch.numbers)) {
    return AppendNumbers(out, scratch.numbers, values, scale);
  }
  const bool single = std::all_of(bits.begin(), bits.end(), ExactInSingle);
  AppendHeader(out, single ? 4 : 8, 0, values, bits.size());
  for (const uint64_t v : bits) {
    if (single) {
      AppendFixed(out, std::bit_cast<uint32_t>(static_cast<float>(std::bit_cast<double>(v))), 4);
    } else {
      AppendFixed(out, v, 8);
    }
  }
}

void AppendBooleans(std::string& out, std::span<const std::string_view> values) {
  std::vector<bool> bits;
  for (const std::string_view value : values) {
    if (!value.empty()) bits.push_back(value[0] == kValueTrue);
  }
  AppendHeader(out, 0, 0, values, bits.size());
  out.append(Bitmap(bits.size(), [&](size_t i) { return bits[i]; }));
}

}  // namespace

std::optional<int64_t> PackPeriod(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return std::nullopt;
  const std::optional<int64_t> year = Digits(text, 0, 4);
  if (!year) return std::nullopt;
  int64_t month = 0;
  int64_t day = 0;
  if (text.size() >= 7) {
    month = Digits(text, 5, 2).value_or(0);
    if (text[4] != '-' || month < 1 || month > 12) return std::nullopt;
  }
  if (text.size() == 10) {
    day = Digits(text, 8, 2).value_or(0);
    if (text[7] != '-' || day < 1 || day > 31) return std::nullopt;
  }
  return *year << 9 | month << 5 | day;
}

std::optional<std::string> UnpackPeriod(int64_t packed) {
  const int64_t year = packed >> 9;
  const int64_t month = packed >> 5 & 15;
  const int64_t day = packed & 31;
  if (year < 0 || year > 9999 || month > 12 || (month == 0 && day != 0)) return std::nullopt;
  if (month == 0) return fmt::format("{:04}", year);
  if (day == 0) return fmt::format("{:04}-{:02}", year, month);
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::optional<ColumnKind> ColumnKindOf(std::string_view encoded_value) {
  switch (encoded_value[0]) {
    case kValueFalse:
    case kValueTrue: return ColumnKind::kBoolean;
    case kValueInteger: return ColumnKind::kInteger;
    case kValueFloat: return ColumnKind::kFloat;
    case kValueDate: return ColumnKind::kDate;
    case kValueString:
      if (PackPeriod(encoded_value.substr(1))) return ColumnKind::kPeriod;
      return std::nullopt;
    default: return std::nullopt;
  }
}

void AppendColumn(std::string& out, ColumnKind kind, std::span<const std::string_view> values, ColumnScratch& scratch) {
  switch (kind) {
    case ColumnKind::kInteger:
    case ColumnKind::kDate:
    case ColumnKind::kPeriod: return AppendWholeNumbers(out, kind, values, scratch.numbers);
    case ColumnKind::kFloat: return AppendFloats(out, values, scratch);
    case ColumnKind::kBoolean: return AppendBooleans(out, values);
    case ColumnKind::kRows: break;
  }
  TUPU_CHECK(false && "rows are not a column");
}

Result<ColumnReader> ColumnReader::Parse(ColumnKind kind, std::string_view column, size_t count) {
  ColumnReader parsed;
  parsed.kind_ = kind;
  ByteReader reader(column);
  const uint8_t header = reader.U8();
  parsed.width_ = header & 0x0f;
  const bool sparse = (header & kSparse) != 0;
  const bool decimal = (header & kDecimal) != 0;
  if ((header & 0xc0) != 0 || (parsed.width_ != 0 && !std::has_single_bit(static_cast<unsigned>(parsed.width_)))) {
    reader.Fail();
  }
  if (sparse) parsed.bitmap_ = reader.Bytes((count + 7) / 8);
  if (decimal) parsed.scale_ = reader.U8();
  const bool whole = kind == ColumnKind::kInteger || kind == ColumnKind::kDate || kind == ColumnKind::kPeriod;
  if (whole || decimal) parsed.base_ = reader.Signed();
  const bool fits = kind == ColumnKind::kFloat
                        ? (decimal ? *parsed.scale_ < kPowersOfTen.size() : parsed.width_ == 4 || parsed.width_ == 8)
                        : !decimal && (whole || parsed.width_ == 0);
  if (!reader.ok() || !fits) return CorruptionOf(kWhat, "malformed head");
  size_t present = count;
  if (sparse) {
    present = 0;
    for (const char byte : *parsed.bitmap_) present += std::popcount(static_cast<uint8_t>(byte));
  }
  parsed.body_ = reader.Rest();
  const size_t expected =
      kind == ColumnKind::kBoolean ? (present + 7) / 8 : present * static_cast<size_t>(parsed.width_);
  if (parsed.body_.size() != expected) return CorruptionOf(kWhat, "wrong size");
  return parsed;
}

std::optional<size_t> ColumnReader::PlaceOf(size_t i) const {
  if (!bitmap_) return i;
  if (!Has(*bitmap_, i)) return std::nullopt;
  return RankOf(*bitmap_, i);
}

int64_t ColumnReader::NumberAt(size_t at) const {
  const uint64_t above_base = FixedAt(body_, at * static_cast<size_t>(width_), width_);
  return static_cast<int64_t>(static_cast<uint64_t>(base_) + above_base);
}

double ColumnReader::FloatAt(size_t at) const {
  if (scale_) return static_cast<double>(NumberAt(at)) / kPowersOfTen[*scale_];
  if (width_ == 4) return static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(FixedAt(body_, at * 4, 4))));
  return std::bit_cast<double>(FixedAt(body_, at * 8, 8));
}

Result<Value> ColumnReader::ValueAt(size_t i) const {
  const std::optional<size_t> at = PlaceOf(i);
  if (!at) return Value();
  switch (kind_) {
    case ColumnKind::kInteger: return Value(NumberAt(*at));
    case ColumnKind::kFloat: return Value(FloatAt(*at));
    case ColumnKind::kBoolean: return Value(Has(body_, *at));
    case ColumnKind::kDate: return Value(Date{NumberAt(*at)});
    case ColumnKind::kPeriod:
      if (auto period = UnpackPeriod(NumberAt(*at))) return Value(std::move(*period));
      return CorruptionOf(kWhat, "not a period");
    case ColumnKind::kRows: break;
  }
  return CorruptionOf(kWhat, "unknown kind");
}

Status ColumnReader::AppendEncodedAt(size_t i, std::string& out) const {
  const std::optional<size_t> at = PlaceOf(i);
  if (!at) return {};
  switch (kind_) {
    case ColumnKind::kInteger:
    case ColumnKind::kDate:
      out.push_back(kind_ == ColumnKind::kInteger ? kValueInteger : kValueDate);
      AppendSigned(out, NumberAt(*at));
      return {};
    case ColumnKind::kFloat:
      out.push_back(kValueFloat);
      AppendFixed(out, std::bit_cast<uint64_t>(FloatAt(*at)), 8);
      return {};
    default: break;
  }
  TUPU_TRY_ASSIGN(const Value value, ValueAt(i));
  AppendValue(out, value);
  return {};
}

}  // namespace tupu
