#include "storage/base/storable.h"

#include <algorithm>

namespace tupu {

bool IsStorableScalar(ValueType type) {
  switch (type) {
    case ValueType::kBoolean:
    case ValueType::kInteger:
    case ValueType::kFloat:
    case ValueType::kString:
    case ValueType::kDate:
    case ValueType::kLocalTime:
    case ValueType::kTime:
    case ValueType::kLocalDateTime:
    case ValueType::kDateTime:
    case ValueType::kDuration: return true;
    default: return false;
  }
}

bool IsStorable(const Value& value) {
  if (value.type() != ValueType::kList) return IsStorableScalar(value.type());
  return std::all_of(value.AsList().begin(), value.AsList().end(),
                     [](const Value& element) { return IsStorableScalar(element.type()); });
}

}  // namespace tupu
