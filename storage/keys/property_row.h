#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/graph/graph_view.h"

namespace tupu {

// Values and property rows as they are stored. Their format is versioned by the record or block that contains them.
//
// value   tag u8, payload to the end:
//           1 false | 2 true | 3 integer: zigzag varint | 4 float: 8 bytes, little-endian | 5 string: UTF-8
//           6 date: zigzag days | 7 local time: varint ns | 8 time: varint ns, zigzag offset
//           9 local date-time: zigzag s, varint ns | 10 date-time: zigzag s, varint ns, zigzag offset, zone to the end
//           11 duration: zigzag months, days, s; varint ns | 12 list: varint count, then (varint size, value) each
// row     varint count | (varint key, varint size) each, keys ascending | the values, in that order; no properties: no
// bytes
//
// One property is found from the head of the row, without decoding the others.

/// kInvalidArgument for what cannot be stored: null, a map, a list within a list or with null, an entity.
Status CheckStorable(const Value& value);

/// Requires: CheckStorable(value).
void AppendValue(std::string& out, const Value& value);
Result<Value> DecodeValue(std::string_view bytes);

/// Requires: sorted by key, no key twice, every value storable.
void AppendRow(std::string& out, const Properties& properties);
Result<Properties> DecodeRow(std::string_view row);
/// null if the row has no such property.
Result<Value> DecodeRowProperty(std::string_view row, PropertyKeyId key);

/// One property of a row, its value still encoded.
struct RowEntry {
  PropertyKeyId key;
  std::string_view value;
};
/// Replaces `out`; the views live as long as `row`.
Status ParseRow(std::string_view row, std::vector<RowEntry>& out);
/// Requires: keys ascending.
void AppendRow(std::string& out, const std::vector<RowEntry>& entries);

inline constexpr char kValueFalse = 1;
inline constexpr char kValueTrue = 2;
inline constexpr char kValueInteger = 3;
inline constexpr char kValueFloat = 4;
inline constexpr char kValueString = 5;
inline constexpr char kValueDate = 6;
inline constexpr char kValueLocalTime = 7;
inline constexpr char kValueTime = 8;
inline constexpr char kValueLocalDateTime = 9;
inline constexpr char kValueDateTime = 10;
inline constexpr char kValueDuration = 11;
inline constexpr char kValueList = 12;

}  // namespace tupu
