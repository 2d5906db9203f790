#include "storage/keys/property_row.h"

#include <bit>

#include "storage/base/check.h"
#include "storage/base/storable.h"
#include "storage/keys/bytes.h"

#include <fmt/format.h>

namespace tupu {

namespace {

Error NotStorable(ValueType type, std::string_view where) {
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("properties hold scalars and lists of scalars, not {}{}", where, Name(type)), std::nullopt,
               "TypeError.InvalidPropertyType"};
}

}  // namespace

Status CheckStorable(const Value& value) {
  if (IsStorableScalar(value.type())) return {};
  if (value.type() != ValueType::kList) return NotStorable(value.type(), "");
  for (const Value& element : value.AsList()) {
    if (!IsStorableScalar(element.type())) return NotStorable(element.type(), "a list with ");
  }
  return {};
}

void AppendValue(std::string& out, const Value& value) {
  switch (value.type()) {
    case ValueType::kBoolean: out.push_back(value.AsBoolean() ? kValueTrue : kValueFalse); return;
    case ValueType::kInteger:
      out.push_back(kValueInteger);
      AppendSigned(out, value.AsInteger());
      return;
    case ValueType::kFloat:
      out.push_back(kValueFloat);
      AppendFixed(out, std::bit_cast<uint64_t>(value.AsFloat()), 8);
      return;
    case ValueType::kString:
      out.push_back(kValueString);
      out.append(value.AsString());
      return;
    case ValueType::kDate:
      out.push_back(kValueDate);
      AppendSigned(out, value.AsDate().days);
      return;
    case ValueType::kLocalTime:
      out.push_back(kValueLocalTime);
      AppendVarint(out, static_cast<uint64_t>(value.AsLocalTime().nanoseconds));
      return;
    case ValueType::kTime:
      out.push_back(kValueTime);
      AppendVarint(out, static_cast<uint64_t>(value.AsTime().local.nanoseconds));
      AppendSigned(out, value.AsTime().offset_seconds);
      return;
    case ValueType::kLocalDateTime:
      out.push_back(kValueLocalDateTime);
      AppendSigned(out, value.AsLocalDateTime().seconds);
      AppendVarint(out, static_cast<uint64_t>(value.AsLocalDateTime().nanoseconds));
      return;
    case ValueType::kDateTime: {
      const DateTime& time = value.AsDateTime();
      out.push_back(kValueDateTime);
      AppendSigned(out, time.seconds);
      AppendVarint(out, static_cast<uint64_t>(time.nanoseconds));
      AppendSigned(out, time.offset_seconds);
      out.append(time.zone);
      return;
    }
    case ValueType::kDuration: {
      const Duration& duration = value.AsDuration();
      out.push_back(kValueDuration);
      AppendSigned(out, duration.months);
      AppendSigned(out, duration.days);
      AppendSigned(out, duration.seconds);
      AppendVarint(out, static_cast<uint64_t>(duration.nanoseconds));
      return;
    }
    case ValueType::kList: {
      out.push_back(kValueList);
      AppendVarint(out, value.AsList().size());
      std::string element_bytes;
      for (const Value& element : value.AsList()) {
        element_bytes.clear();
        AppendValue(element_bytes, element);
        AppendSized(out, element_bytes);
      }
      return;
    }
    default: TUPU_CHECK(false && "CheckStorable refuses this value");
  }
}

namespace {

constexpr int64_t kNanosecondsPerDay = 86'400'000'000'000;
constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;

/// A varint below `limit`.
int64_t Below(ByteReader& reader, int64_t limit) {
  const uint64_t v = reader.Varint();
  if (v >= static_cast<uint64_t>(limit)) reader.Fail();
  return static_cast<int64_t>(v);
}

int32_t Offset(ByteReader& reader) {
  const int64_t v = reader.Signed();
  if (v < -86'400 || v > 86'400) reader.Fail();
  return static_cast<int32_t>(v);
}

Result<Value> DecodeList(ByteReader& reader) {
  const uint64_t count = reader.Varint();
  if (count > reader.remaining()) return CorruptionOf("list", "too short");
  List list;
  list.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    const std::string_view bytes = reader.Sized();
    if (!reader.ok() || bytes.empty() || bytes[0] == kValueList) return CorruptionOf("list", "malformed element");
    TUPU_TRY_ASSIGN(Value element, DecodeValue(bytes));
    list.push_back(std::move(element));
  }
  return Value(std::move(list));
}

Result<Value> DecodeTagged(char tag, ByteReader& reader) {
  switch (tag) {
    case kValueFalse: return Value(false);
    case kValueTrue: return Value(true);
    case kValueInteger: return Value(reader.Signed());
    case kValueFloat: return Value(std::bit_cast<double>(reader.Fixed(8)));
    case kValueString: return Value(reader.Rest());
    case kValueDate: return Value(Date{reader.Signed()});
    case kValueLocalTime: return Value(LocalTime{Below(reader, kNanosecondsPerDay)});
    case kValueTime: {
      Time time;
      time.local.nanoseconds = Below(reader, kNanosecondsPerDay);
      time.offset_seconds = Offset(reader);
      return Value(time);
    }
    case kValueLocalDateTime: {
      LocalDateTime time;
      time.seconds = reader.Signed();
      time.nanoseconds = static_cast<int32_t>(Below(reader, kNanosecondsPerSecond));
      return Value(time);
    }
    case kValueDateTime: {
      DateTime time;
      time.seconds = reader.Signed();
      time.nanoseconds = static_cast<int32_t>(Below(reader, kNanosecondsPerSecond));
      time.offset_seconds = Offset(reader);
      time.zone = std::string(reader.Rest());
      return Value(std::move(time));
    }
    case kValueDuration: {
      Duration duration;
      duration.months = reader.Signed();
      duration.days = reader.Signed();
      duration.seconds = reader.Signed();
      duration.nanoseconds = static_cast<int32_t>(Below(reader, kNanosecondsPerSecond));
      return Value(duration);
    }
    case kValueList: return DecodeList(reader);
    default: return CorruptionOf("value", fmt::format("unknown tag {}", static_cast<int>(tag)));
  }
}

}  // namespace

Result<Value> DecodeValue(std::string_view bytes) {
  if (bytes.empty()) return CorruptionOf("value", "empty");
  ByteReader reader(bytes.substr(1));
  TUPU_TRY_ASSIGN(Value value, DecodeTagged(bytes[0], reader));
  TUPU_TRY(reader.Finish("value"));
  return value;
}

void AppendRow(std::string& out, const Properties& properties) {
  if (properties.empty()) return;
  std::string values;
  AppendVarint(out, properties.size());
  for (const auto& [key, value] : properties) {
    const size_t before = values.size();
    AppendValue(values, value);
    AppendVarint(out, ToInteger(key));
    AppendVarint(out, values.size() - before);
  }
  out.append(values);
}

void AppendRow(std::string& out, const std::vector<RowEntry>& entries) {
  if (entries.empty()) return;
  AppendVarint(out, entries.size());
  for (const RowEntry& entry : entries) {
    AppendVarint(out, ToInteger(entry.key));
    AppendVarint(out, entry.value.size());
  }
  for (const RowEntry& entry : entries) out.append(entry.value);
}

Status ParseRow(std::string_view row, std::vector<RowEntry>& out) {
  out.clear();
  if (row.empty()) return {};
  ByteReader reader(row);
  const uint64_t count = reader.Varint();
  if (count == 0 || count > reader.remaining()) return CorruptionOf("property row", "wrong count");
  size_t total = 0;
  int64_t last_key = -1;
  for (uint64_t i = 0; i < count && reader.ok(); ++i) {
    const uint64_t key = reader.Varint();
    const uint64_t size = reader.Varint();
    if (key > UINT32_MAX || static_cast<int64_t>(key) <= last_key || size > row.size()) reader.Fail();
    last_key = static_cast<int64_t>(key);
    // The value's place is known only after the head; until then the view keeps its size alone.
    out.push_back({static_cast<PropertyKeyId>(key), row.substr(0, size)});
    total += size;
  }
  if (!reader.ok() || reader.remaining() != total) return CorruptionOf("property row", "sizes do not add up");
  for (RowEntry& entry : out) entry.value = reader.Bytes(entry.value.size());
  return reader.Finish("property row");
}

Result<Properties> DecodeRow(std::string_view row) {
  std::vector<RowEntry> entries;
  TUPU_TRY(ParseRow(row, entries));
  Properties properties;
  properties.reserve(entries.size());
  for (const RowEntry& entry : entries) {
    TUPU_TRY_ASSIGN(Value value, DecodeValue(entry.value));
    properties.emplace_back(entry.key, std::move(value));
  }
  return properties;
}

Result<Value> DecodeRowProperty(std::string_view row, PropertyKeyId key) {
  if (row.empty()) return Value();
  ByteReader reader(row);
  const uint64_t count = reader.Varint();
  uint64_t before = 0;
  std::optional<std::pair<uint64_t, uint64_t>> place;  // offset behind the head, size
  for (uint64_t i = 0; i < count && reader.ok(); ++i) {
    const uint64_t candidate = reader.Varint();
    const uint64_t size = reader.Varint();
    if (candidate == ToInteger(key)) place = {before, size};
    before += size;
  }
  if (!reader.ok()) return CorruptionOf("property row", "too short");
  if (!place) return Value();
  reader.Bytes(place->first);
  const std::string_view bytes = reader.Bytes(place->second);
  if (!reader.ok()) return CorruptionOf("property row", "too short");
  return DecodeValue(bytes);
}

}  // namespace tupu
