#include "query/value/compare.h"

#include <cmath>
#include <cstring>
#include <functional>
#include <tuple>

#include "storage/base/calendar.h"

namespace tupu {

namespace {

template <class T>
int ThreeWay(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

int Sign(int value) {
  return (value > 0) - (value < 0);
}

// ---- Numbers, exactly: a double is not asked to hold an integer beyond 2^53 ----

int CompareIntegerToFloat(int64_t a, double b) {  // requires b not NaN
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (b >= kTwoTo63) return -1;
  if (b < -kTwoTo63) return 1;
  const double whole = std::trunc(b);
  if (const int order = ThreeWay(a, static_cast<int64_t>(whole)); order != 0) return order;
  return ThreeWay(whole, b);
}

bool IsNan(const Value& value) {
  return value.type() == ValueType::kFloat && std::isnan(value.AsFloat());
}

int CompareNumbers(const Value& a, const Value& b) {  // requires neither NaN
  const bool a_integer = a.type() == ValueType::kInteger;
  const bool b_integer = b.type() == ValueType::kInteger;
  if (a_integer && b_integer) return ThreeWay(a.AsInteger(), b.AsInteger());
  if (a_integer) return CompareIntegerToFloat(a.AsInteger(), b.AsFloat());
  if (b_integer) return -CompareIntegerToFloat(b.AsInteger(), a.AsFloat());
  return ThreeWay(a.AsFloat(), b.AsFloat());
}

// ---- One kind for all that compare with each other ----

// In the order of ORDER BY.
enum class Kind : uint8_t {
  kMap,
  kVertex,
  kEdge,
  kList,
  kPath,
  kDateTime,
  kLocalDateTime,
  kDate,
  kTime,
  kLocalTime,
  kDuration,
  kString,
  kBoolean,
  kNumber,
  kNan,
  kNull,
};

Kind KindOf(const Value& value) {
  switch (value.type()) {
    case ValueType::kNull: return Kind::kNull;
    case ValueType::kBoolean: return Kind::kBoolean;
    case ValueType::kInteger: return Kind::kNumber;
    case ValueType::kFloat: return IsNan(value) ? Kind::kNan : Kind::kNumber;
    case ValueType::kString: return Kind::kString;
    case ValueType::kList: return Kind::kList;
    case ValueType::kMap: return Kind::kMap;
    case ValueType::kVertex:
    case ValueType::kVertexReference: return Kind::kVertex;
    case ValueType::kEdge:
    case ValueType::kEdgeReference: return Kind::kEdge;
    case ValueType::kPath:
    case ValueType::kPathReference: return Kind::kPath;
    case ValueType::kDate: return Kind::kDate;
    case ValueType::kLocalTime: return Kind::kLocalTime;
    case ValueType::kTime: return Kind::kTime;
    case ValueType::kLocalDateTime: return Kind::kLocalDateTime;
    case ValueType::kDateTime: return Kind::kDateTime;
    case ValueType::kDuration: return Kind::kDuration;
  }
  return Kind::kNull;
}

uint64_t VertexNumber(const Value& value) {
  return ToInteger(value.type() == ValueType::kVertex ? value.AsVertex().id : value.AsVertexReference());
}

uint64_t EdgeNumber(const Value& value) {
  return ToInteger(value.type() == ValueType::kEdge ? value.AsEdge().id : value.AsEdgeReference().id);
}

// The ids of a path, vertices and edges in turn.
size_t PathLength(const Value& path) {
  return path.type() == ValueType::kPath ? path.AsPath().edges.size() : path.AsPathReference().edges.size();
}
uint64_t PathElement(const Value& path, size_t i) {
  if (path.type() == ValueType::kPath) {
    const Path& full = path.AsPath();
    return i % 2 == 0 ? ToInteger(full.vertices[i / 2].id) : ToInteger(full.edges[i / 2].id);
  }
  const PathReference& reference = path.AsPathReference();
  return i % 2 == 0 ? ToInteger(reference.vertices[i / 2]) : ToInteger(reference.edges[i / 2].id);
}

int ComparePaths(const Value& a, const Value& b) {
  const size_t a_size = 2 * PathLength(a) + 1;
  const size_t b_size = 2 * PathLength(b) + 1;
  for (size_t i = 0; i < std::min(a_size, b_size); ++i)
    if (const int order = ThreeWay(PathElement(a, i), PathElement(b, i)); order != 0) return order;
  return ThreeWay(a_size, b_size);
}

// ---- Temporal values: by instant first; what tells apart equal instants comes after ----

auto Key(const DateTime& time) {
  return std::tie(time.seconds, time.nanoseconds, time.offset_seconds, time.zone);
}

auto Key(const Time& time) {
  return std::tuple(time.local.nanoseconds - time.offset_seconds * kNanosPerSecond, time.offset_seconds);
}

// By the length of an average month; then part by part, so that only equal durations tie.
auto Key(const Duration& duration) {
  const auto seconds = static_cast<__int128>(duration.months) * 2'629'746 +
                       static_cast<__int128>(duration.days) * kSecondsPerDay + duration.seconds;
  return std::tuple(seconds, duration.nanoseconds, duration.months, duration.days);
}

int CompareTemporal(Kind kind, const Value& a, const Value& b) {
  switch (kind) {
    case Kind::kDateTime: return ThreeWay(Key(a.AsDateTime()), Key(b.AsDateTime()));
    case Kind::kLocalDateTime: return ThreeWay(a.AsLocalDateTime(), b.AsLocalDateTime());
    case Kind::kDate: return ThreeWay(a.AsDate(), b.AsDate());
    case Kind::kTime: return ThreeWay(Key(a.AsTime()), Key(b.AsTime()));
    case Kind::kLocalTime: return ThreeWay(a.AsLocalTime(), b.AsLocalTime());
    default: return ThreeWay(Key(a.AsDuration()), Key(b.AsDuration()));
  }
}

// ---- Orderability ----

int OrderLists(const List& a, const List& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (const int order = Order(a[i], b[i]); order != 0) return order;
  return ThreeWay(a.size(), b.size());
}

int OrderMaps(const Map& a, const Map& b) {
  if (a.size() != b.size()) return ThreeWay(a.size(), b.size());
  for (auto i = a.begin(), j = b.begin(); i != a.end(); ++i, ++j)
    if (const int order = i->first.compare(j->first); order != 0) return Sign(order);
  for (auto i = a.begin(), j = b.begin(); i != a.end(); ++i, ++j)
    if (const int order = Order(i->second, j->second); order != 0) return order;
  return 0;
}

int OrderSameKind(Kind kind, const Value& a, const Value& b) {
  switch (kind) {
    case Kind::kMap: return OrderMaps(a.AsMap(), b.AsMap());
    case Kind::kVertex: return ThreeWay(VertexNumber(a), VertexNumber(b));
    case Kind::kEdge: return ThreeWay(EdgeNumber(a), EdgeNumber(b));
    case Kind::kList: return OrderLists(a.AsList(), b.AsList());
    case Kind::kPath: return ComparePaths(a, b);
    case Kind::kString: return Sign(a.AsString().compare(b.AsString()));
    case Kind::kBoolean: return ThreeWay(a.AsBoolean(), b.AsBoolean());
    case Kind::kNumber: return CompareNumbers(a, b);
    case Kind::kNan:
    case Kind::kNull: return 0;
    default: return CompareTemporal(kind, a, b);
  }
}

// ---- Equality ----

Ternary EqualLists(const List& a, const List& b) {
  if (a.size() != b.size()) return false;
  Ternary all = true;
  for (size_t i = 0; i < a.size() && all != Ternary(false); ++i) all = And(all, Equals(a[i], b[i]));
  return all;
}

Ternary EqualMaps(const Map& a, const Map& b) {
  if (a.size() != b.size()) return false;
  Ternary all = true;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && all != Ternary(false); ++i, ++j)
    all = i->first == j->first ? And(all, Equals(i->second, j->second)) : Ternary(false);
  return all;
}

// ---- Comparability: what `<` knows ----

struct Compared {
  bool known = false;   // else the answer is null
  bool ordered = true;  // false: NaN took part, every inequality is false
  int order = 0;
};

Compared Compare(const Value& a, const Value& b);

Compared CompareLists(const List& a, const List& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const Ternary equal = Equals(a[i], b[i]);
    if (!equal) return {};
    if (!*equal) return Compare(a[i], b[i]);
  }
  return {.known = true, .order = ThreeWay(a.size(), b.size())};
}

bool IsNumberOrNan(Kind kind) {
  return kind == Kind::kNumber || kind == Kind::kNan;
}

Compared Compare(const Value& a, const Value& b) {
  const Kind kind = KindOf(a);
  const Kind other = KindOf(b);
  if (kind == Kind::kNull || other == Kind::kNull) return {};
  if (IsNumberOrNan(kind) && IsNumberOrNan(other) && (kind == Kind::kNan || other == Kind::kNan))
    return {.known = true, .ordered = false};
  if (kind != other) return {};
  switch (kind) {
    case Kind::kList: return CompareLists(a.AsList(), b.AsList());
    case Kind::kMap:
    case Kind::kVertex:
    case Kind::kEdge:
    case Kind::kPath:
    case Kind::kDuration: return {};
    default: return {.known = true, .order = OrderSameKind(kind, a, b)};
  }
}

// ---- Hashes ----

size_t Mix(size_t seed, size_t value) {
  // The finalizer of SplitMix64 (Steele, Lea, Flood 2014): cheap, and every bit of the input moves every bit.
  uint64_t mixed = seed + 0x9E3779B97F4A7C15u + value;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 31);
}

template <class... Parts>
size_t MixAll(size_t seed, const Parts&... parts) {
  ((seed = Mix(seed, static_cast<size_t>(parts))), ...);
  return seed;
}

// A float that is a whole number hashes as the integer it equals.
size_t HashNumber(size_t seed, const Value& value) {
  if (value.type() == ValueType::kInteger) return Mix(seed, static_cast<size_t>(value.AsInteger()));
  const double number = value.AsFloat();
  if (number >= -9223372036854775808.0 && number < 9223372036854775808.0 && number == std::trunc(number))
    return Mix(seed, static_cast<size_t>(static_cast<int64_t>(number)));
  uint64_t bits = 0;
  std::memcpy(&bits, &number, sizeof(bits));
  return Mix(seed, bits);
}

size_t HashText(std::string_view text) {
  return std::hash<std::string_view>()(text);
}

size_t HashContainer(size_t seed, const Value& value) {
  if (value.type() == ValueType::kList) {
    for (const Value& element : value.AsList()) seed = Mix(seed, HashOf(element));
    return Mix(seed, value.AsList().size());
  }
  for (const auto& [key, element] : value.AsMap()) seed = MixAll(seed, HashText(key), HashOf(element));
  return seed;
}

}  // namespace

Value FromTernary(Ternary truth) {
  return truth ? Value(*truth) : Value();
}

Ternary Not(Ternary a) {
  return a ? Ternary(!*a) : std::nullopt;
}

Ternary And(Ternary a, Ternary b) {
  if (a == Ternary(false) || b == Ternary(false)) return false;
  return a && b ? Ternary(true) : std::nullopt;
}

Ternary Or(Ternary a, Ternary b) {
  if (a == Ternary(true) || b == Ternary(true)) return true;
  return a && b ? Ternary(false) : std::nullopt;
}

Ternary Xor(Ternary a, Ternary b) {
  return a && b ? Ternary(*a != *b) : std::nullopt;
}

Ternary Equals(const Value& a, const Value& b) {
  const Kind kind = KindOf(a);
  const Kind other = KindOf(b);
  if (kind == Kind::kNull || other == Kind::kNull) return std::nullopt;
  if (kind != other || kind == Kind::kNan) return false;
  if (kind == Kind::kList) return EqualLists(a.AsList(), b.AsList());
  if (kind == Kind::kMap) return EqualMaps(a.AsMap(), b.AsMap());
  return OrderSameKind(kind, a, b) == 0;
}

Ternary Less(const Value& a, const Value& b) {
  const Compared compared = Compare(a, b);
  return compared.known ? Ternary(compared.ordered && compared.order < 0) : std::nullopt;
}

Ternary LessOrEqual(const Value& a, const Value& b) {
  const Compared compared = Compare(a, b);
  return compared.known ? Ternary(compared.ordered && compared.order <= 0) : std::nullopt;
}

int Order(const Value& a, const Value& b) {
  const Kind kind = KindOf(a);
  const Kind other = KindOf(b);
  return kind != other ? ThreeWay(kind, other) : OrderSameKind(kind, a, b);
}

bool Equivalent(const Value& a, const Value& b) {
  return Order(a, b) == 0;
}

size_t HashOf(const Value& value) {
  const Kind kind = KindOf(value);
  const size_t seed = Mix(0, static_cast<size_t>(kind));
  switch (kind) {
    case Kind::kMap:
    case Kind::kList: return HashContainer(seed, value);
    case Kind::kVertex: return Mix(seed, VertexNumber(value));
    case Kind::kEdge: return Mix(seed, EdgeNumber(value));
    case Kind::kPath: {
      size_t hash = seed;
      for (size_t i = 0; i < 2 * PathLength(value) + 1; ++i) hash = Mix(hash, PathElement(value, i));
      return hash;
    }
    case Kind::kDateTime: {
      const DateTime& time = value.AsDateTime();
      return MixAll(seed, time.seconds, time.nanoseconds, time.offset_seconds, HashText(time.zone));
    }
    case Kind::kLocalDateTime:
      return MixAll(seed, value.AsLocalDateTime().seconds, value.AsLocalDateTime().nanoseconds);
    case Kind::kDate: return MixAll(seed, value.AsDate().days);
    case Kind::kTime: return MixAll(seed, value.AsTime().local.nanoseconds, value.AsTime().offset_seconds);
    case Kind::kLocalTime: return MixAll(seed, value.AsLocalTime().nanoseconds);
    case Kind::kDuration: {
      const Duration& duration = value.AsDuration();
      return MixAll(seed, duration.months, duration.days, duration.seconds, duration.nanoseconds);
    }
    case Kind::kString: return Mix(seed, HashText(value.AsString()));
    case Kind::kBoolean: return Mix(seed, value.AsBoolean() ? 1 : 0);
    case Kind::kNumber: return HashNumber(seed, value);
    case Kind::kNan:
    case Kind::kNull: return seed;
  }
  return seed;
}

Ternary In(const Value& element, const List& list) {
  Ternary found = false;
  for (const Value& candidate : list) {
    found = Or(found, Equals(element, candidate));
    if (found == Ternary(true)) return true;
  }
  return found;
}

}  // namespace tupu
