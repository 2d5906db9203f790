#include "loaders/csv/column_type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "storage/base/ascii.h"
#include "storage/base/utf8.h"

namespace tupu {
namespace {

struct TypeName {
  std::string_view name;
  ScalarType type;
};
// int and long are both openCypher's INTEGER of 64 bits, float and double its FLOAT.
constexpr std::array<TypeName, 16> kTypes = {{
    {"string", ScalarType::kString},
    {"char", ScalarType::kChar},
    {"byte", ScalarType::kByte},
    {"short", ScalarType::kShort},
    {"int", ScalarType::kInteger},
    {"integer", ScalarType::kInteger},
    {"long", ScalarType::kInteger},
    {"float", ScalarType::kFloat},
    {"double", ScalarType::kFloat},
    {"boolean", ScalarType::kBoolean},
    {"date", ScalarType::kDate},
    {"localtime", ScalarType::kLocalTime},
    {"time", ScalarType::kTime},
    {"localdatetime", ScalarType::kLocalDateTime},
    {"datetime", ScalarType::kDateTime},
    {"duration", ScalarType::kDuration},
}};

Error NotA(std::string_view what, std::string_view text) {
  constexpr size_t kShown = 60;
  const std::string shown = text.size() <= kShown ? std::string(text) : std::string(text.substr(0, kShown)) + "...";
  return Error{ErrorCode::kInvalidArgument, fmt::format("\"{}\" is not {}", shown, what)};
}

Result<Value> ParseWhole(std::string_view text, int64_t least, int64_t greatest, std::string_view what) {
  std::string_view digits = text;
  if (digits.starts_with('+') && digits.size() > 1 && digits[1] != '-') digits.remove_prefix(1);
  int64_t number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc::result_out_of_range || (error == std::errc() && (number < least || number > greatest)))
    return NotA(fmt::format("within the range of {}, {} to {}", what, least, greatest), text);
  if (error != std::errc() || stop != digits.data() + digits.size()) return NotA("a whole number", text);
  return Value(number);
}

Result<Value> ParseFloat(std::string_view text) {
  if (text == "NaN") return Value(std::numeric_limits<double>::quiet_NaN());
  if (text == "Infinity" || text == "+Infinity") return Value(std::numeric_limits<double>::infinity());
  if (text == "-Infinity") return Value(-std::numeric_limits<double>::infinity());
  std::string_view digits = text;
  if (digits.starts_with('+') && digits.size() > 1 && digits[1] != '-') digits.remove_prefix(1);
  double number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc::result_out_of_range) return NotA("within the range of a 64-bit float", text);
  if (error != std::errc() || stop != digits.data() + digits.size() || !std::isfinite(number))
    return NotA("a number", text);
  return Value(number);
}

Result<Value> ParseBoolean(std::string_view text) {
  if (text == "true") return Value(true);
  if (text == "false") return Value(false);
  return NotA("a boolean; write true or false", text);
}

/// An offset or a zone follows the clock. A date alone has dashes of its own.
bool NamesAZone(std::string_view text, ScalarType type) {
  if (type == ScalarType::kDateTime) {
    const size_t time = text.find_first_of("Tt");
    if (time == std::string_view::npos) return text.find_first_of("Zz[") != std::string_view::npos;
    text.remove_prefix(time + 1);
  }
  return text.find_first_of("Zz+-[") != std::string_view::npos;
}

/// `text` with the column's time zone behind it where it names none.
std::string WithZone(std::string_view text, const CsvColumnType& type) {
  const std::string& timezone = type.timezone;
  if (timezone.empty() || NamesAZone(text, type.scalar)) return std::string(text);
  const bool offset = timezone[0] == '+' || timezone[0] == '-' || timezone == "Z";
  return fmt::format(fmt::runtime(offset ? "{}{}" : "{}[{}]"), text, timezone);
}

template <class T>
Result<Value> AsValue(Result<T> parsed) {
  if (!parsed.has_value()) return std::move(parsed).error();
  return Value(std::move(*parsed));
}

Result<Value> ParseScalar(std::string_view text, const CsvColumnType& type) {
  if (type.scalar == ScalarType::kString) return Value(text);
  if (type.scalar == ScalarType::kChar)
    return CountCodePoints(text) == 1 ? Result<Value>(Value(text)) : NotA("a single character", text);
  text = TrimBlanks(text);
  switch (type.scalar) {
    case ScalarType::kString:
    case ScalarType::kChar: break;
    case ScalarType::kByte: return ParseWhole(text, INT8_MIN, INT8_MAX, "byte");
    case ScalarType::kShort: return ParseWhole(text, INT16_MIN, INT16_MAX, "short");
    case ScalarType::kInteger: return ParseWhole(text, INT64_MIN, INT64_MAX, "int");
    case ScalarType::kFloat: return ParseFloat(text);
    case ScalarType::kBoolean: return ParseBoolean(text);
    case ScalarType::kDate: return AsValue(ParseDate(text));
    case ScalarType::kLocalTime: return AsValue(ParseLocalTime(text));
    case ScalarType::kTime: return AsValue(ParseTime(WithZone(text, type)));
    case ScalarType::kLocalDateTime: return AsValue(ParseLocalDateTime(text));
    case ScalarType::kDateTime: return AsValue(ParseDateTime(WithZone(text, type)));
    case ScalarType::kDuration: return AsValue(ParseDuration(text));
  }
  return Value(text);
}

}  // namespace

std::optional<CsvColumnType> FindColumnType(std::string_view name) {
  CsvColumnType type;
  type.is_list = name.ends_with("[]");
  if (type.is_list) name.remove_suffix(2);
  const std::string lower = ToLowerAscii(name);
  const auto found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& entry) { return entry.name == lower; });
  if (found == kTypes.end()) return std::nullopt;
  type.scalar = found->type;
  return type;
}

Result<Value> ParseColumnValue(std::string_view text, const CsvColumnType& type, char array_delimiter) {
  if (!type.is_list) return ParseScalar(text, type);
  List items;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(array_delimiter, begin), text.size());
    TUPU_TRY_ASSIGN(Value item, ParseScalar(text.substr(begin, end - begin), type));
    items.push_back(std::move(item));
    begin = end + 1;
  }
  return Value(std::move(items));
}

}  // namespace tupu
