#include "storage/catalog/property_type_set.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tupu {

namespace {

struct TypeName {
  ValueType type;
  std::string_view name;
};

// The position is the bit.
constexpr std::array kTypes = {
    TypeName{ValueType::kBoolean, "BOOLEAN"},
    TypeName{ValueType::kString, "STRING"},
    TypeName{ValueType::kInteger, "INTEGER"},
    TypeName{ValueType::kFloat, "FLOAT"},
    TypeName{ValueType::kDate, "DATE"},
    TypeName{ValueType::kLocalTime, "LOCAL TIME"},
    TypeName{ValueType::kTime, "ZONED TIME"},
    TypeName{ValueType::kLocalDateTime, "LOCAL DATETIME"},
    TypeName{ValueType::kDateTime, "ZONED DATETIME"},
    TypeName{ValueType::kDuration, "DURATION"},
};
static_assert(kTypes.size() <= PropertyTypeSet::kListShift);

uint32_t BitOf(ValueType type) {
  const auto found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& each) { return each.type == type; });
  return found == kTypes.end() ? 0 : uint32_t{1} << (found - kTypes.begin());
}

}  // namespace

PropertyTypeSet PropertyTypeSet::Of(ValueType scalar, bool list) {
  return PropertyTypeSet(BitOf(scalar) << (list ? kListShift : 0));
}

bool PropertyTypeSet::Allows(const Value& value) const {
  if (value.type() != ValueType::kList) return (bits_ & BitOf(value.type())) != 0;
  uint32_t fitting = bits_ >> kListShift;
  for (const Value& element : value.AsList()) fitting &= BitOf(element.type());
  return fitting != 0;
}

std::string PropertyTypeSet::ToString() const {
  std::string text;
  for (size_t i = 0; i < 2 * kTypes.size(); ++i) {
    const bool list = i >= kTypes.size();
    const size_t bit = list ? i - kTypes.size() : i;
    if ((bits_ >> (bit + (list ? kListShift : 0)) & 1) == 0) continue;
    if (!text.empty()) text += " | ";
    text += list ? fmt::format("LIST<{} NOT NULL>", kTypes[bit].name) : std::string(kTypes[bit].name);
  }
  return text;
}

}  // namespace tupu
