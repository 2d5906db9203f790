#include "loaders/merge/property_merge.h"

#include <algorithm>
#include <cmath>

#include "storage/catalog/catalog.h"

namespace tupu {
namespace {

bool ByKey(const Properties::value_type& a, const Properties::value_type& b) {
  return a.first < b.first;
}

bool Contains(std::span<const PropertyKeyId> keys, PropertyKeyId key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

List ItemsOf(const Value& value) {
  return value.type() == ValueType::kList ? value.AsList() : List{value};
}

/// The items of both, those of `base` first. Two scalars are no lists: the row's value holds.
Value Unite(const Value& base, const Value& row) {
  if (base.type() != ValueType::kList && row.type() != ValueType::kList) return row;
  List united = ItemsOf(base);
  for (const Value& item : ItemsOf(row)) {
    if (std::find(united.begin(), united.end(), item) == united.end()) united.push_back(item);
  }
  return Value(std::move(united));
}

/// Calls `visit` for each key of either side that is not ignored, in order, with null for a missing value.
/// False as soon as `visit` gives false.
template <class Visit>
bool VisitPairs(const Properties& a, const Properties& b, std::span<const PropertyKeyId> ignored, Visit visit) {
  const Value missing;
  for (size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const bool take_a = j == b.size() || (i < a.size() && a[i].first <= b[j].first);
    const bool take_b = i == a.size() || (j < b.size() && b[j].first <= a[i].first);
    const PropertyKeyId key = take_a ? a[i].first : b[j].first;
    if (!Contains(ignored, key) && !visit(take_a ? a[i].second : missing, take_b ? b[j].second : missing)) return false;
    i += take_a ? 1 : 0;
    j += take_b ? 1 : 0;
  }
  return true;
}

uint64_t HashDouble(double number) {
  if (std::isnan(number)) return 0x7FF8;
  return std::hash<double>()(number);  // 0.0 and -0.0 alike
}

}  // namespace

void SortProperties(Properties& properties) {
  std::erase_if(properties, [](const auto& property) { return property.second.is_null(); });
  if (!std::is_sorted(properties.begin(), properties.end(), ByKey))
    std::sort(properties.begin(), properties.end(), ByKey);
}

bool MergeProperties(Properties& base, const Properties& row, std::span<const PropertyKeyId> united) {
  bool changed = false;
  for (const auto& [key, value] : row) {
    const auto place = std::lower_bound(base.begin(), base.end(), std::pair(key, Value()), ByKey);
    if (place == base.end() || place->first != key) {
      base.insert(place, {key, value});
      changed = true;
      continue;
    }
    Value merged = Contains(united, key) ? Unite(place->second, value) : value;
    if (merged == place->second) continue;
    place->second = std::move(merged);
    changed = true;
  }
  return changed;
}

bool Holds(const Properties& base, const Properties& row, std::span<const PropertyKeyId> united) {
  return std::all_of(row.begin(), row.end(), [&](const auto& property) {
    const Value* found = FindProperty(base, property.first);
    if (found == nullptr) return false;
    return *found == (Contains(united, property.first) ? Unite(*found, property.second) : property.second);
  });
}

bool EqualExcept(const Properties& a, const Properties& b, std::span<const PropertyKeyId> ignored) {
  return VisitPairs(a, b, ignored, [](const Value& left, const Value& right) { return left == right; });
}

uint64_t CombineHash(uint64_t seed, uint64_t hash) {
  // The finaliser of SplitMix64 (Steele, Lea, Flood 2014) over the sum.
  uint64_t mixed = seed + 0x9E3779B97F4A7C15ull + hash;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ull;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBull;
  return mixed ^ (mixed >> 31);
}

uint64_t HashValue(const Value& value) {
  uint64_t hash = static_cast<uint64_t>(value.type());
  switch (value.type()) {
    case ValueType::kNull: return hash;
    case ValueType::kBoolean: return CombineHash(hash, value.AsBoolean() ? 1 : 0);
    case ValueType::kInteger: return CombineHash(hash, static_cast<uint64_t>(value.AsInteger()));
    case ValueType::kFloat: return CombineHash(hash, HashDouble(value.AsFloat()));
    case ValueType::kString: return CombineHash(hash, std::hash<std::string_view>()(value.AsString()));
    case ValueType::kDate: return CombineHash(hash, static_cast<uint64_t>(value.AsDate().days));
    case ValueType::kList:
      for (const Value& item : value.AsList()) hash = CombineHash(hash, HashValue(item));
      return hash;
    default: return CombineHash(hash, std::hash<std::string>()(value.ToString()));
  }
}

uint64_t HashExcept(const Properties& properties, std::span<const PropertyKeyId> ignored) {
  uint64_t hash = 0;
  for (const auto& [key, value] : properties) {
    if (!Contains(ignored, key)) hash = CombineHash(CombineHash(hash, ToInteger(key)), HashValue(value));
  }
  return hash;
}

Map NamedProperties(const Catalog& catalog, const Properties& properties) {
  Map named;
  for (const auto& [key, value] : properties) named.emplace(catalog.property_keys().GetName(key), value);
  return named;
}

}  // namespace tupu
