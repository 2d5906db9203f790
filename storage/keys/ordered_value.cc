#include "storage/keys/ordered_value.h"

#include <bit>
#include <cmath>

#include "storage/base/calendar.h"
#include "storage/base/check.h"
#include "storage/keys/bytes.h"

namespace tupu {

namespace {

constexpr uint8_t kListTag = 0x10;
constexpr uint8_t kDateTimeTag = 0x20;
constexpr uint8_t kLocalDateTimeTag = 0x28;
constexpr uint8_t kDateTag = 0x30;
constexpr uint8_t kTimeTag = 0x38;
constexpr uint8_t kLocalTimeTag = 0x40;
constexpr uint8_t kDurationTag = 0x48;
constexpr uint8_t kStringTag = 0x50;
constexpr uint8_t kBooleanTag = 0x58;
constexpr uint8_t kNumberTag = 0x60;
constexpr uint8_t kNanTag = 0x68;
constexpr uint8_t kNullTag = 0x70;
constexpr char kListEnd = 0;

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr int64_t kSecondsPerMonth = 2'629'746;  // as query/value/compare.cc orders durations

uint8_t TagOf(const Value& value) {
  switch (value.type()) {
    case ValueType::kList: return kListTag;
    case ValueType::kDateTime: return kDateTimeTag;
    case ValueType::kLocalDateTime: return kLocalDateTimeTag;
    case ValueType::kDate: return kDateTag;
    case ValueType::kTime: return kTimeTag;
    case ValueType::kLocalTime: return kLocalTimeTag;
    case ValueType::kDuration: return kDurationTag;
    case ValueType::kString: return kStringTag;
    case ValueType::kBoolean: return kBooleanTag;
    case ValueType::kInteger: return kNumberTag;
    case ValueType::kFloat: return std::isnan(value.AsFloat()) ? kNanTag : kNumberTag;
    default: return kNullTag;
  }
}

void AppendI64(std::string& out, int64_t v) {
  AppendU64(out, static_cast<uint64_t>(v) ^ (uint64_t{1} << 63));
}
int64_t TakeI64(ByteReader& reader) {
  return static_cast<int64_t>(reader.U64() ^ (uint64_t{1} << 63));
}

void AppendI32(std::string& out, int32_t v) {
  AppendU32(out, static_cast<uint32_t>(v) ^ (uint32_t{1} << 31));
}
int32_t TakeI32(ByteReader& reader) {
  return static_cast<int32_t>(reader.U32() ^ (uint32_t{1} << 31));
}

/// Negative doubles count down in their bits, so all of them are turned; of the others only the sign.
uint64_t SortableBits(double v) {
  const auto bits = std::bit_cast<uint64_t>(v == 0 ? 0.0 : v);  // -0.0 is 0.0
  return (bits >> 63) != 0 ? ~bits : bits | (uint64_t{1} << 63);
}
double FromSortableBits(uint64_t bits) {
  return std::bit_cast<double>((bits >> 63) != 0 ? bits & ~(uint64_t{1} << 63) : ~bits);
}

/// The greatest double that is not above `v`.
double FloorDouble(int64_t v) {
  const auto nearest = static_cast<double>(v);
  if (nearest >= kTwoTo63 || static_cast<int64_t>(nearest) > v) return std::nextafter(nearest, -INFINITY);
  return nearest;
}

void AppendNumber(std::string& out, double floor, uint64_t rest) {
  AppendU64(out, SortableBits(floor));
  out.push_back(static_cast<char>(rest >> 8));
  out.push_back(static_cast<char>(rest));
}

void AppendInteger(std::string& out, int64_t v) {
  const double floor = FloorDouble(v);
  AppendNumber(out, floor, static_cast<uint64_t>(v) - static_cast<uint64_t>(static_cast<int64_t>(floor)));
}

Result<Value> TakeNumber(ByteReader& reader) {
  const double floor = FromSortableBits(reader.U64());
  const uint64_t high = reader.U8();
  const uint64_t rest = high << 8 | reader.U8();
  const bool whole = floor >= -kTwoTo63 && floor < kTwoTo63 && floor == std::trunc(floor);
  if (std::isnan(floor) || rest > 1023 || (rest != 0 && !whole)) return CorruptionOf("index key", "malformed number");
  if (!whole) return Value(floor);
  return Value(static_cast<int64_t>(floor) + static_cast<int64_t>(rest));
}

void AppendDuration(std::string& out, const Duration& duration) {
  const auto length = static_cast<__int128>(duration.months) * kSecondsPerMonth +
                      static_cast<__int128>(duration.days) * kSecondsPerDay + duration.seconds;
  AppendI64(out, static_cast<int64_t>(length >> 64));
  AppendU64(out, static_cast<uint64_t>(length));
  AppendU32(out, static_cast<uint32_t>(duration.nanoseconds));
  AppendI64(out, duration.months);
  AppendI64(out, duration.days);
}

Value TakeDuration(ByteReader& reader) {
  const int64_t high = TakeI64(reader);
  const uint64_t low = reader.U64();
  Duration duration;
  duration.nanoseconds = static_cast<int32_t>(reader.U32());
  duration.months = TakeI64(reader);
  duration.days = TakeI64(reader);
  const __int128 length = static_cast<__int128>(high) << 64 | low;
  duration.seconds = static_cast<int64_t>(length - static_cast<__int128>(duration.months) * kSecondsPerMonth -
                                          static_cast<__int128>(duration.days) * kSecondsPerDay);
  return Value(duration);
}

std::string TakeOrderedText(ByteReader& reader) {
  std::string text;
  while (reader.ok()) {
    const uint8_t byte = reader.U8();
    if (byte != 0) {
      text.push_back(static_cast<char>(byte));
      continue;
    }
    const uint8_t next = reader.U8();
    if (next == 0x01) return text;
    if (next != 0xff) reader.Fail();
    text.push_back('\0');
  }
  return text;
}

void AppendPayload(std::string& out, uint8_t tag, const Value& value) {
  switch (tag) {
    case kListTag:
      for (const Value& element : value.AsList()) AppendOrderedValue(out, element);
      out.push_back(kListEnd);
      return;
    case kDateTimeTag: {
      const DateTime& time = value.AsDateTime();
      AppendI64(out, time.seconds);
      AppendU32(out, static_cast<uint32_t>(time.nanoseconds));
      AppendI32(out, time.offset_seconds);
      return AppendOrderedText(out, time.zone);
    }
    case kLocalDateTimeTag:
      AppendI64(out, value.AsLocalDateTime().seconds);
      return AppendU32(out, static_cast<uint32_t>(value.AsLocalDateTime().nanoseconds));
    case kDateTag: return AppendI64(out, value.AsDate().days);
    case kTimeTag: {
      const Time& time = value.AsTime();
      AppendI64(out, time.local.nanoseconds - time.offset_seconds * kNanosPerSecond);
      return AppendI32(out, time.offset_seconds);
    }
    case kLocalTimeTag: return AppendU64(out, static_cast<uint64_t>(value.AsLocalTime().nanoseconds));
    case kDurationTag: return AppendDuration(out, value.AsDuration());
    case kStringTag: return AppendOrderedText(out, value.AsString());
    case kBooleanTag: return out.push_back(value.AsBoolean() ? 1 : 0);
    case kNumberTag:
      return value.type() == ValueType::kInteger ? AppendInteger(out, value.AsInteger())
                                                 : AppendNumber(out, value.AsFloat(), 0);
    default: return;  // NaN and null are their tags
  }
}

Result<Value> TakeList(ByteReader& reader);

Result<Value> TakePayload(ByteReader& reader, uint8_t tag) {
  switch (tag) {
    case kListTag: return TakeList(reader);
    case kDateTimeTag: {
      DateTime time;
      time.seconds = TakeI64(reader);
      time.nanoseconds = static_cast<int32_t>(reader.U32());
      time.offset_seconds = TakeI32(reader);
      time.zone = TakeOrderedText(reader);
      return Value(std::move(time));
    }
    case kLocalDateTimeTag: {
      LocalDateTime time;
      time.seconds = TakeI64(reader);
      time.nanoseconds = static_cast<int32_t>(reader.U32());
      return Value(time);
    }
    case kDateTag: return Value(Date{TakeI64(reader)});
    case kTimeTag: {
      Time time;
      const int64_t instant = TakeI64(reader);
      time.offset_seconds = TakeI32(reader);
      if (__builtin_add_overflow(instant, time.offset_seconds * kNanosPerSecond, &time.local.nanoseconds)) {
        return CorruptionOf("index key", "no time of a day");
      }
      return Value(time);
    }
    case kLocalTimeTag: return Value(LocalTime{static_cast<int64_t>(reader.U64())});
    case kDurationTag: return TakeDuration(reader);
    case kStringTag: return Value(TakeOrderedText(reader));
    case kBooleanTag: return Value(reader.U8() != 0);
    case kNumberTag: return TakeNumber(reader);
    case kNanTag: return Value(std::nan(""));
    default: return CorruptionOf("index key", "unknown tag of a value");
  }
}

Result<Value> TakeList(ByteReader& reader) {
  List list;
  while (reader.ok()) {
    const uint8_t tag = reader.U8();
    if (tag == static_cast<uint8_t>(kListEnd)) break;
    if (tag == kListTag) return CorruptionOf("index key", "a list within a list");
    TUPU_TRY_ASSIGN(Value element, TakePayload(reader, tag));
    list.push_back(std::move(element));
  }
  return Value(std::move(list));
}

}  // namespace

void AppendOrderedValue(std::string& out, const Value& value) {
  const uint8_t tag = TagOf(value);
  TUPU_DCHECK(tag != kNullTag || value.is_null());
  out.push_back(static_cast<char>(tag));
  AppendPayload(out, tag, value);
}

Result<Value> TakeOrderedValue(ByteReader& reader) {
  const uint8_t tag = reader.U8();
  if (!reader.ok()) return CorruptionOf("index key", "too short");
  TUPU_TRY_ASSIGN(Value value, TakePayload(reader, tag));
  if (!reader.ok()) return CorruptionOf("index key", "too short");
  return value;
}

std::string OrderedKindBegin(const Value& value) {
  return {static_cast<char>(TagOf(value))};
}

std::string OrderedKindEnd(const Value& value) {
  return {static_cast<char>(TagOf(value) + 1)};
}

std::string OrderedTextPrefix(std::string_view prefix) {
  std::string bytes{static_cast<char>(kStringTag)};
  AppendOrderedText(bytes, prefix);
  bytes.resize(bytes.size() - 2);  // without the end of the text
  return bytes;
}

}  // namespace tupu
