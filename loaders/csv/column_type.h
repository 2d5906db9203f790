#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tupu/result.h>
#include <tupu/value.h>

namespace tupu {

enum class ScalarType : uint8_t {
  kString,
  kChar,
  kByte,
  kShort,
  kInteger,
  kFloat,
  kBoolean,
  kDate,
  kLocalTime,
  kTime,
  kLocalDateTime,
  kDateTime,
  kDuration,
};

/// What the texts of a column become.
struct CsvColumnType {
  ScalarType scalar = ScalarType::kString;
  bool is_list = false;
  std::string timezone;  // of times that name none: "+08:00", "Europe/Stockholm"
};

/// A type's name in a header: "int", "string[]". nullopt: unknown.
std::optional<CsvColumnType> FindColumnType(std::string_view name);

/// `text` as a value of `type`; lists are split at `array_delimiter`. Blanks around all but texts are dropped.
/// Errors: kInvalidArgument, saying what was found and what is expected.
Result<Value> ParseColumnValue(std::string_view text, const CsvColumnType& type, char array_delimiter);

}  // namespace tupu
