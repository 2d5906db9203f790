#pragma once

#include <string>
#include <string_view>

#include <tupu/result.h>
#include <tupu/value.h>

namespace tupu {

class ByteReader;

// Values within index keys: bytes sort as openCypher's ORDER BY sorts ascending, and two values have the same bytes exactly
// when they are one to it: 1 and 1.0, -0.0 and 0.0, NaN and NaN. No value's bytes are a prefix of another's. The bytes are on
// disk: see kFormatVersion (storage/keys/key_codec.h).
//
//   tag u8, payload (numbers big-endian, signed ones with the sign bit turned):
//     10 list: its elements, then 00           20 date-time: s i64, ns u32, offset i32, zone as ordered text
//     28 local date-time: s i64, ns u32        30 date: days i64
//     38 time: instant ns i64, offset i32      40 local time: ns u64
//     48 duration: length i128 in s (a month 2,629,746 s), ns u32, months i64, days i64
//     50 string: ordered text (storage/keys/bytes.h): code points sort as UTF-8 does
//     58 boolean: 0 or 1                       60 number: floor f64 (see below), rest u16
//     68 NaN                                   70 null (within range bounds only: it is above every value)
//
// A number is the greatest double that is not above it, as sortable bits, and how far it stands above that double: 0 for
// floats, up to 1,023 for integers beyond 2^53. So integers and floats sort among each other without loss.

/// Requires: a storable value (CheckStorable).
void AppendOrderedValue(std::string& out, const Value& value);

/// Takes one value off the front: one that is equal to what was written (1.0 comes back as 1). Errors: kCorruption.
Result<Value> TakeOrderedValue(ByteReader& reader);

/// The bytes below which no value of the kinds that `<` compares with `value` sorts, and those above which none does:
/// [begin, end) holds exactly the values that are comparable with it by kind. Requires: storable.
std::string OrderedKindBegin(const Value& value);
std::string OrderedKindEnd(const Value& value);

/// Where the strings that start with `prefix` begin; all of them have these bytes as a prefix.
std::string OrderedTextPrefix(std::string_view prefix);

}  // namespace tupu
