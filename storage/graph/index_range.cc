#include "storage/graph/index_range.h"

#include <algorithm>
#include <cmath>

#include "storage/base/storable.h"
#include "storage/keys/bytes.h"
#include "storage/keys/ordered_value.h"

namespace tupu {

namespace {

bool IsNan(const Value& value) {
  return value.type() == ValueType::kFloat && std::isnan(value.AsFloat());
}

/// Whether `=` can be true for it and a stored value.
bool CanEqual(const Value& value) {
  if (!IsStorable(value) || IsNan(value)) return false;
  if (value.type() != ValueType::kList) return true;
  return std::none_of(value.AsList().begin(), value.AsList().end(), IsNan);
}

/// Whether `<` can be true for it and a stored value.
bool CanOrder(const Value& value) {
  return IsStorable(value) && !IsNan(value) && value.type() != ValueType::kDuration;
}

std::string After(const std::string& key) {
  return PrefixUpperBound(key).value_or("");
}

}  // namespace

std::optional<KeyRange> KeysOf(IndexId index, const IndexRange& range) {
  std::string base = IndexPrefix(index);
  for (const Value& value : range.equal) {
    if (!CanEqual(value)) return std::nullopt;
    AppendOrderedValue(base, value);
  }
  if (range.prefix) {
    base += OrderedTextPrefix(*range.prefix);
    return KeyRange{base, After(base)};
  }
  if (!range.lower && !range.upper) return KeyRange{base, After(base)};
  KeyRange keys;
  for (const auto* bound : {&range.lower, &range.upper})
    if (*bound && !CanOrder((*bound)->value)) return std::nullopt;
  if (range.lower) {
    keys.begin = base;
    AppendOrderedValue(keys.begin, range.lower->value);
    if (!range.lower->inclusive) keys.begin = After(keys.begin);
    keys.end = base + OrderedKindEnd(range.lower->value);
  }
  if (range.upper) {
    std::string end = base;
    AppendOrderedValue(end, range.upper->value);
    if (range.upper->inclusive) end = After(end);
    // Bounds of two kinds enclose nothing, since each of them gives its own kind alone.
    keys.begin = std::max(keys.begin, base + OrderedKindBegin(range.upper->value));
    keys.end = keys.end.empty() ? end : std::min(keys.end, end);
  }
  if (keys.begin >= keys.end) return std::nullopt;
  return keys;
}

}  // namespace tupu
