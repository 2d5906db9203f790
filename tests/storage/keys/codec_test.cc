// Every stored format: round trip, order, golden bytes, truncated, trailing, unknown tags.

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "storage/keys/adjacency_block.h"
#include "storage/keys/bytes.h"
#include "storage/keys/column.h"
#include "storage/keys/edge_places.h"
#include "storage/keys/graph_counts.h"
#include "storage/keys/key_codec.h"
#include "storage/keys/membership.h"
#include "storage/keys/property_row.h"
#include "storage/keys/saved_csr_record.h"
#include "storage/keys/vertex_record.h"

namespace tupu {
namespace {

std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[static_cast<uint8_t>(c) >> 4];
    text += kDigits[static_cast<uint8_t>(c) & 15];
  }
  return text;
}

/// `decode` must refuse every proper prefix and a byte more than it needs.
void ExpectRefusesOtherLengths(const std::string& bytes, const std::function<Status(std::string_view)>& decode) {
  ASSERT_TRUE(decode(bytes).has_value()) << decode(bytes).error().message;
  for (size_t size = 0; size < bytes.size(); ++size) {
    const Status status = decode(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(status.has_value()) << "a prefix of " << size << " bytes of " << bytes.size();
    EXPECT_EQ(status.error().code, ErrorCode::kCorruption);
  }
  const Status status = decode(bytes + '\0');
  ASSERT_FALSE(status.has_value()) << "a byte left over";
  EXPECT_EQ(status.error().code, ErrorCode::kCorruption);
}

template <class T>
Status Forget(const Result<T>& result) {
  return result ? Status() : Status(result.error());
}

std::string Encode(const Value& value) {
  std::string bytes;
  AppendValue(bytes, value);
  return bytes;
}

std::vector<Value> ManyValues() {
  std::vector<Value> values = {Value(true), Value(false), Value(""), Value("华为"), Value(std::string("a\0b", 3))};
  for (const int64_t v : {int64_t{0}, int64_t{-1}, int64_t{1} << 40, std::numeric_limits<int64_t>::min(),
                          std::numeric_limits<int64_t>::max()}) {
    values.emplace_back(v);
    values.emplace_back(Date{v});
  }
  for (const double v : {0.0, -0.0, 1.5, 1e308, std::numeric_limits<double>::infinity(), std::nan("")}) {
    values.emplace_back(v);
  }
  values.emplace_back(LocalTime{86'399'999'999'999});
  values.emplace_back(Time{LocalTime{1}, -3600});
  values.emplace_back(LocalDateTime{-5, 999'999'999});
  values.emplace_back(DateTime{1'600'000'000, 7, 7200, "Europe/Stockholm"});
  values.emplace_back(Duration{-1, 2, -3, 4});
  values.emplace_back(List{});
  values.emplace_back(List{Value("a"), Value(1), Value(2.5), Value(Date{3})});
  return values;
}

TEST(ValueCodec, EveryStorableValueComesBack) {
  for (const Value& value : ManyValues()) {
    ASSERT_TRUE(CheckStorable(value).has_value());
    const auto decoded = DecodeValue(Encode(value));
    ASSERT_TRUE(decoded.has_value()) << value.ToString() << ": " << decoded.error().message;
    EXPECT_EQ(*decoded, value) << value.ToString();
  }
  EXPECT_TRUE(std::signbit(DecodeValue(Encode(Value(-0.0)))->AsFloat()));
}

TEST(ValueCodec, WritesTheseBytes) {
  EXPECT_EQ(Hex(Encode(Value(true))), "02");
  EXPECT_EQ(Hex(Encode(Value(-3))), "0305");
  EXPECT_EQ(Hex(Encode(Value(300))), "03d804");
  EXPECT_EQ(Hex(Encode(Value(1.5))), "04000000000000f83f");
  EXPECT_EQ(Hex(Encode(Value("ab"))), "056162");
  EXPECT_EQ(Hex(Encode(Value(Date{1}))), "0602");
  EXPECT_EQ(Hex(Encode(Value(Time{LocalTime{5}, 60}))), "080578");
  EXPECT_EQ(Hex(Encode(Value(DateTime{1, 2, 0, "Z"}))), "0a0202005a");
  EXPECT_EQ(Hex(Encode(Value(Duration{1, 2, 3, 4}))), "0b02040604");
  EXPECT_EQ(Hex(Encode(Value(List{Value("a"), Value(1)}))),
            "0c020205610203"
            "02");
}

TEST(ValueCodec, RefusesUnknownTagsAndOtherLengths) {
  for (const char* bytes : {"", "\x0d", "\x7f"}) {
    EXPECT_EQ(DecodeValue(bytes).error().code, ErrorCode::kCorruption);
  }
  for (const Value& value : {Value(true), Value(1 << 20), Value(2.5), Value(Time{LocalTime{1}, 60}),
                             Value(Duration{1, 2, 3, 4}), Value(List{Value(1), Value(2)})}) {
    ExpectRefusesOtherLengths(Encode(value), [](std::string_view bytes) { return Forget(DecodeValue(bytes)); });
  }
}

TEST(ValueCodec, HoldsScalarsAndListsOfScalarsOnly) {
  for (const Value& value : {Value(), Value(Map{}), Value(List{Value()}), Value(List{Value(List{})}),
                             Value(List{Value(Map{})}), Value(VertexId{1})}) {
    const Status status = CheckStorable(value);
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(status.error().message.find("properties hold scalars and lists of scalars"), std::string::npos);
  }
}

Properties ManyProperties() {
  Properties properties;
  uint32_t key = 3;
  for (const Value& value : ManyValues()) properties.emplace_back(static_cast<PropertyKeyId>(key += 50), value);
  return properties;
}

TEST(PropertyRow, ComesBackWholeAndByProperty) {
  const Properties properties = ManyProperties();
  std::string row;
  AppendRow(row, properties);
  EXPECT_EQ(DecodeRow(row).value(), properties);
  for (const auto& [key, value] : properties) EXPECT_EQ(DecodeRowProperty(row, key).value(), value);
  EXPECT_TRUE(DecodeRowProperty(row, PropertyKeyId{1}).value().is_null());
  EXPECT_EQ(DecodeRow("").value(), Properties());
}

TEST(PropertyRow, WritesTheseBytes) {
  std::string row;
  AppendRow(row, Properties{{PropertyKeyId{1}, Value("x")}, {PropertyKeyId{200}, Value(2)}});
  EXPECT_EQ(Hex(row),
            "02"
            "0102"
            "c80102"
            "0578"
            "0304");
}

TEST(PropertyRow, RefusesOtherLengthsAndKeysOutOfOrder) {
  std::string row;
  AppendRow(row, Properties{{PropertyKeyId{1}, Value(true)}, {PropertyKeyId{2}, Value(7)}});
  ASSERT_TRUE(DecodeRow(row).has_value());
  for (size_t size = 1; size < row.size(); ++size) {
    EXPECT_FALSE(DecodeRow(std::string_view(row).substr(0, size)).has_value());
  }
  EXPECT_FALSE(DecodeRow(row + '\0').has_value());
  EXPECT_FALSE(DecodeRow(std::string("\x02\x02\x01\x01\x01\x02\x02", 7)).has_value());
}

TEST(VertexRecordCodec, ComesBackAndWritesTheseBytes) {
  std::string row;
  AppendRow(row, Properties{{PropertyKeyId{0}, Value("Ada")}});
  std::string bytes;
  AppendVertexRecord(bytes, {LabelId{2}, LabelId{300}}, StoredExternalId{IdGroupId{0}, "p7"}, row);
  EXPECT_EQ(Hex(bytes),
            "01"
            "0202aa02"
            "01027037"
            "010004"
            "05416461");
  const auto record = DecodeVertexRecord(bytes);
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->labels, (std::vector<LabelId>{LabelId{2}, LabelId{300}}));
  EXPECT_EQ(record->external_id->id, "p7");
  EXPECT_EQ(record->row, row);
}

TEST(VertexRecordCodec, RefusesUnknownVersionsAndTruncatedHeads) {
  std::string bytes;
  AppendVertexRecord(bytes, {LabelId{1}, LabelId{2}}, StoredExternalId{IdGroupId{3}, "x"}, "");
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeVertexRecord(std::string_view(bytes).substr(0, size)).has_value());
  }
  bytes[0] = 2;
  EXPECT_EQ(DecodeVertexRecord(bytes).error().code, ErrorCode::kCorruption);
}

TEST(KeyCodec, WritesTheseBytes) {
  EXPECT_EQ(Hex(VertexKey(VertexId{258})), "0000000000000102");
  EXPECT_EQ(Hex(AdjacencyHeadKey(VertexId{1}, AdjacencySide::kOut, EdgeTypeId{7})),
            "0000000000000001"
            "00000007");
  EXPECT_EQ(Hex(AdjacencyHeadKey(VertexId{1}, AdjacencySide::kIn, EdgeTypeId{7})),
            "0000000000000001"
            "80000007");
  EXPECT_EQ(Hex(AdjacencyBlockKey(VertexId{1}, AdjacencySide::kIn, EdgeTypeId{7}, {2, 3})),
            "0000000000000001"
            "80000007"
            "0000000000000002"
            "0000000000000003");
  EXPECT_EQ(Hex(EdgePlacesKey(EdgeId{300})), "0000000000000002");
  EXPECT_EQ(Hex(MembershipKey(LabelId{5}, 1)),
            "4c"
            "00000005"
            "000000000001");
  EXPECT_EQ(Hex(NameKey(std::string_view("a\0", 2), VertexId{9})),
            "4e"
            "61"
            "00ff"
            "0001"
            "0000000000000009");
  EXPECT_EQ(Hex(ExternalIdKey(IdGroupId{1}, "x")),
            "58"
            "00000001"
            "78");
  EXPECT_EQ(Hex(OntologyKey(LabelId{1}, "v")),
            "4b"
            "00000001"
            "76");
  EXPECT_EQ(Hex(DictionaryKey(Dictionary::kEdgeType, 1)),
            "64"
            "02"
            "00000001");
  EXPECT_EQ(Hex(AdjacencyLogKey(3)),
            "74"
            "0000000000000003");
}

TEST(KeyCodec, SortsAsTheThingsDo) {
  EXPECT_LT(VertexKey(VertexId{255}), VertexKey(VertexId{256}));
  const auto block = [](uint64_t target, uint64_t edge) {
    return AdjacencyBlockKey(VertexId{1}, AdjacencySide::kOut, EdgeTypeId{0}, {target, edge});
  };
  EXPECT_LT(AdjacencyHeadKey(VertexId{1}, AdjacencySide::kOut, EdgeTypeId{0}), block(0, 0));
  EXPECT_LT(block(1, 900), block(2, 0));
  EXPECT_LT(block(2, 0), block(2, 1));
  EXPECT_LT(block(UINT64_MAX, UINT64_MAX), AdjacencyHeadKey(VertexId{1}, AdjacencySide::kOut, EdgeTypeId{1}));
  EXPECT_LT(AdjacencyHeadKey(VertexId{1}, AdjacencySide::kOut, EdgeTypeId{0x7fffffff}),
            AdjacencyHeadKey(VertexId{1}, AdjacencySide::kIn, EdgeTypeId{0}));
  EXPECT_LT(NameKey("ab", VertexId{9}), NameKey("abc", VertexId{1}));
  EXPECT_FALSE(NameKey("abc", VertexId{1}).starts_with(NamePrefix("ab")));
}

TEST(KeyCodec, RefusesOtherLengths) {
  ExpectRefusesOtherLengths(VertexKey(VertexId{1}), [](std::string_view key) { return Forget(DecodeVertexKey(key)); });
  ExpectRefusesOtherLengths(AdjacencyLogKey(1),
                            [](std::string_view key) { return Forget(DecodeAdjacencyLogKey(key)); });
  ExpectRefusesOtherLengths(MembershipKey(LabelId{1}, 2),
                            [](std::string_view key) { return Forget(DecodeMembershipChunk(key)); });
  ExpectRefusesOtherLengths(DictionaryKey(Dictionary::kLabel, 1),
                            [](std::string_view key) { return Forget(DecodeDictionaryKey(key)); });
  const std::string block = AdjacencyBlockKey(VertexId{1}, AdjacencySide::kIn, EdgeTypeId{7}, {2, 3});
  for (size_t size = 0; size <= block.size() + 1; ++size) {
    const bool whole = size == kAdjacencyHeadKeySize || size == kAdjacencyBlockKeySize;
    EXPECT_EQ(DecodeAdjacencyKey((block + '\0').substr(0, size)).has_value(), whole) << size;
  }
  EXPECT_FALSE(DecodeDictionaryKey(std::string("d\x09\0\0\0\0", 6)).has_value());
}

TEST(PrefixUpperBound, DropsTrailingFF) {
  EXPECT_EQ(PrefixUpperBound("a\xff").value(), "b");
  EXPECT_EQ(PrefixUpperBound("ab").value(), "ac");
  EXPECT_FALSE(PrefixUpperBound("\xff\xff").has_value());
}

TEST(Varint, RefusesMoreThan64Bits) {
  ByteReader most("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  EXPECT_EQ(most.Varint(), UINT64_MAX);
  EXPECT_TRUE(most.Finish("v").has_value());
  ByteReader more("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
  more.Varint();
  EXPECT_FALSE(more.Finish("v").has_value());
}

TEST(Period, ComesBackLetterByLetter) {
  for (const char* text : {"0000", "2017", "2017-10", "2021-10-11", "9999-12-31", "2021-02-31"}) {
    ASSERT_TRUE(PackPeriod(text).has_value()) << text;
    EXPECT_EQ(UnpackPeriod(*PackPeriod(text)).value(), text);
  }
  for (const char* text : {"", "17", "2017-1", "2017-13", "2017-00", "2017-10-00", "2017-10-32", "2017/10", "201a",
                           "2017-10-1x", "2017-10-111", "+201"}) {
    EXPECT_FALSE(PackPeriod(text).has_value()) << text;
  }
  EXPECT_LT(*PackPeriod("2017"), *PackPeriod("2017-01"));
  EXPECT_LT(*PackPeriod("2017-01-31"), *PackPeriod("2017-02"));
}

Result<Value> ValueOfColumnAt(ColumnKind kind, std::string_view column, size_t count, size_t i) {
  TUPU_TRY_ASSIGN(const ColumnReader reader, ColumnReader::Parse(kind, column, count));
  return reader.ValueAt(i);
}

std::string EncodedOfColumnAt(ColumnKind kind, std::string_view column, size_t count, size_t i) {
  std::string encoded;
  EXPECT_TRUE(ColumnReader::Parse(kind, column, count).value().AppendEncodedAt(i, encoded).has_value());
  return encoded;
}

/// Encodes one column of the values (null: none) and expects each back; gives the section.
std::string ExpectColumn(ColumnKind kind, const std::vector<Value>& values) {
  std::vector<std::string> encoded;
  for (const Value& value : values) encoded.push_back(value.is_null() ? std::string() : Encode(value));
  const std::vector<std::string_view> views(encoded.begin(), encoded.end());
  std::string column;
  ColumnScratch scratch;
  AppendColumn(column, kind, views, scratch);
  for (size_t i = 0; i < values.size(); ++i) {
    const auto value = ValueOfColumnAt(kind, column, values.size(), i);
    EXPECT_TRUE(value.has_value()) << value.error().message;
    if (!value) return column;
    EXPECT_EQ(*value, values[i]) << i;
    EXPECT_EQ(EncodedOfColumnAt(kind, column, values.size(), i), encoded[i]) << i;
    if (values[i].type() == ValueType::kFloat) {
      EXPECT_EQ(std::signbit(value->AsFloat()), std::signbit(values[i].AsFloat()));
    }
  }
  for (size_t size = 0; size < column.size(); ++size) {
    EXPECT_FALSE(ValueOfColumnAt(kind, std::string_view(column).substr(0, size), values.size(), 0).has_value());
  }
  EXPECT_FALSE(ValueOfColumnAt(kind, column + '\0', values.size(), 0).has_value());
  return column;
}

TEST(Column, KeepsEveryKindAndWritesTheseBytes) {
  EXPECT_EQ(Hex(ExpectColumn(ColumnKind::kInteger, {Value(1990), Value(2021), Value(2000)})),
            "01"
            "8c1f"
            "001f0a");
  EXPECT_EQ(Hex(ExpectColumn(ColumnKind::kInteger, {Value(), Value(-1), Value()})),
            "10"
            "02"
            "01");
  EXPECT_EQ(Hex(ExpectColumn(ColumnKind::kFloat, {Value(12.5), Value(0.25)})),
            "22"
            "02"
            "32"
            "c904"
            "0000");
  EXPECT_EQ(Hex(ExpectColumn(ColumnKind::kFloat, {Value(-0.0)})),
            "04"
            "00000080");
  EXPECT_EQ(Hex(ExpectColumn(ColumnKind::kFloat, {Value(1.0 / 3)})),
            "08"
            "555555555555d53f");
  EXPECT_EQ(Hex(ExpectColumn(ColumnKind::kBoolean, {Value(true), Value(), Value(false), Value(true)})),
            "10"
            "0d"
            "05");
  EXPECT_EQ(Hex(ExpectColumn(ColumnKind::kPeriod, {Value("2017"), Value("2017-10")})),
            "02"
            "80887e"
            "0000"
            "4001");
  ExpectColumn(ColumnKind::kDate, {Value(Date{-5}), Value(), Value(Date{1'000'000})});
  ExpectColumn(ColumnKind::kInteger,
               {Value(std::numeric_limits<int64_t>::min()), Value(std::numeric_limits<int64_t>::max()), Value(0)});
  ExpectColumn(ColumnKind::kFloat, {Value(std::nan("")), Value(std::numeric_limits<double>::infinity()), Value()});
  ExpectColumn(ColumnKind::kFloat, {Value(0.1), Value(0.123456), Value(-99999.5), Value()});
}

TEST(Column, RefusesWidthsOfOtherKinds) {
  EXPECT_FALSE(ValueOfColumnAt(ColumnKind::kFloat, std::string("\x02\0\0", 3), 1, 0).has_value());
  EXPECT_FALSE(ValueOfColumnAt(ColumnKind::kBoolean, std::string("\x01\0", 2), 1, 0).has_value());
  EXPECT_FALSE(ValueOfColumnAt(ColumnKind::kInteger, std::string("\x03\0\0\0\0", 5), 1, 0).has_value());
  EXPECT_FALSE(ValueOfColumnAt(ColumnKind::kInteger, std::string("\x20\0\0", 3), 1, 0).has_value());
  EXPECT_FALSE(ValueOfColumnAt(ColumnKind::kPeriod, std::string("\x00\x01", 2), 1, 0).has_value());
}

struct OwnedEntry {
  uint64_t target;
  uint64_t edge;
  Properties properties;
};

std::string EncodeBlock(const std::vector<OwnedEntry>& owned, BlockKind kind = BlockKind::kWhole,
                        uint64_t self_loops = 0) {
  std::vector<std::string> rows(owned.size());
  std::vector<AdjacencyEntry> entries;
  for (size_t i = 0; i < owned.size(); ++i) {
    AppendRow(rows[i], owned[i].properties);
    entries.push_back({owned[i].target, owned[i].edge, rows[i]});
  }
  return EncodeAdjacencyBlock(entries, kind, self_loops);
}

/// Every decoder of a block; the first failure.
Status DecodeAll(std::string_view bytes) {
  TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(bytes));
  std::vector<uint64_t> numbers;
  TUPU_TRY(block.DecodeTargets(numbers));
  TUPU_TRY(block.DecodeEdgeIds(numbers));
  Status status;
  for (size_t i = 0; i < block.size() && status; ++i) status = Forget(block.PropertiesAt(i));
  std::vector<Properties> properties;
  EXPECT_EQ(block.DecodeProperties(properties).has_value(), status.has_value());
  EncodedRows rows;
  EXPECT_TRUE(!block.DecodeRows(rows) || status);
  return status;
}

void ExpectBlock(const std::vector<OwnedEntry>& owned) {
  const std::string bytes = EncodeBlock(owned);
  const auto block = AdjacencyBlock::Parse(bytes);
  ASSERT_TRUE(block.has_value()) << block.error().message;
  ASSERT_EQ(block->size(), owned.size());
  std::vector<uint64_t> targets;
  std::vector<uint64_t> edges;
  ASSERT_TRUE(block->DecodeTargets(targets).has_value());
  ASSERT_TRUE(block->DecodeEdgeIds(edges).has_value());
  std::vector<Properties> properties(1);
  ASSERT_TRUE(block->DecodeProperties(properties).has_value());
  ASSERT_EQ(properties.size(), owned.size());
  EncodedRows rows{"of another block", {1, 2}};
  ASSERT_TRUE(block->DecodeRows(rows).has_value());
  ASSERT_EQ(rows.ends.size(), owned.size());
  for (size_t i = 0; i < owned.size(); ++i) {
    std::string row;
    AppendRow(row, owned[i].properties);
    EXPECT_EQ(rows.At(i), row) << i;
    EXPECT_EQ(targets[i], owned[i].target);
    EXPECT_EQ(edges[i], owned[i].edge);
    EXPECT_EQ(block->PropertiesAt(i).value(), owned[i].properties) << i;
    EXPECT_EQ(properties[i], owned[i].properties) << i;
    for (uint32_t key = 0; key < 6; ++key) {
      const auto id = static_cast<PropertyKeyId>(key);
      const Value* value = FindProperty(owned[i].properties, id);
      EXPECT_EQ(block->PropertyAt(i, id).value(), value ? *value : Value()) << i << " key " << key;
    }
  }
}

TEST(AdjacencyBlock, WritesTheseBytes) {
  EXPECT_EQ(Hex(EncodeBlock({{5, 9, {}}, {5, 4, {}}, {8, 300, {}}})),
            "01"
            "03"
            "03"
            "050003"
            "0909d004");
  EXPECT_EQ(Hex(EncodeBlock({{7, 1, {}}}, BlockKind::kFenceBlock)),
            "21"
            "01"
            "01"
            "07"
            "01");
  EXPECT_EQ(Hex(EncodeBlock({{7, 1, {}}}, BlockKind::kWhole, 1)),
            "41"
            "01"
            "01"
            "01"
            "07"
            "01");
  EXPECT_EQ(Hex(EncodeSplitHead(1000, 0)),
            "11"
            "e807");
  // Directory: targets 1, edge ids 1, two sections: rows (tag 7, 5 bytes), key 2 as integers (tag 0x11, 3 bytes).
  EXPECT_EQ(Hex(EncodeBlock({{7, 1, {{PropertyKeyId{1}, Value("x")}, {PropertyKeyId{2}, Value(1)}}}})),
            "81"
            "01"
            "01"
            "01"
            "02"
            "0706"
            "1102"
            "07"
            "01"
            "05"
            "0101020578"
            "00"
            "02");
}

TEST(AdjacencyBlock, KeepsColumnsMixedKindsAndRows) {
  const PropertyKeyId since{0};
  const PropertyKeyId weight{1};
  const PropertyKeyId mixed{2};
  const PropertyKeyId note{3};
  const PropertyKeyId valid{4};
  ExpectBlock({{1, 10, {{since, Value(2001)}, {weight, Value(0.5)}, {mixed, Value(1)}, {valid, Value("2017")}}},
               {1, 11, {}},
               {2, 3, {{since, Value(1999)}, {mixed, Value("one")}, {note, Value(List{Value("a"), Value("b")})}}},
               {90'000, 7, {{weight, Value(1e300)}, {valid, Value("2021-10-11")}}}});
}

TEST(AdjacencyBlock, RandomBlocksComeBack) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 60; ++round) {
    std::vector<OwnedEntry> owned;
    uint64_t target = 0;
    const auto values = ManyValues();
    for (uint64_t i = 0; i <= random() % 40; ++i) {
      target += random() % 3 == 0 ? 0 : random() % 100'000;
      OwnedEntry entry{target, (random() % 1'000'000) + i, {}};
      for (uint32_t key = 0; key < 6; ++key) {
        if (random() % 2 == 0) continue;
        // Keys 0 and 1 keep one kind each; the others take anything.
        const Value value = key == 0   ? Value(static_cast<int64_t>(random()))
                            : key == 1 ? Value(static_cast<double>(random() % 1000) / 8)
                                       : values[random() % values.size()];
        entry.properties.emplace_back(static_cast<PropertyKeyId>(key), value);
      }
      owned.push_back(std::move(entry));
    }
    std::sort(owned.begin(), owned.end(), [](const OwnedEntry& a, const OwnedEntry& b) {
      return std::tie(a.target, a.edge) < std::tie(b.target, b.edge);
    });
    ExpectBlock(owned);
  }
}

TEST(AdjacencyBlock, RefusesOtherLengthsAndUnknownTags) {
  const std::string with_columns =
      EncodeBlock({{7, 1, {{PropertyKeyId{1}, Value("x")}, {PropertyKeyId{2}, Value(300)}}},
                   {9, 2, {{PropertyKeyId{2}, Value(1)}}}});
  ExpectRefusesOtherLengths(with_columns, DecodeAll);
  ExpectRefusesOtherLengths(EncodeBlock({{5, 9, {}}, {5, 4, {}}}), DecodeAll);
  ExpectRefusesOtherLengths(EncodeSplitHead(1000, 3), DecodeAll);
  std::string unknown_version = with_columns;
  unknown_version[0] = static_cast<char>((unknown_version[0] & 0xf0) | 2);
  EXPECT_EQ(DecodeAll(unknown_version).error().code, ErrorCode::kCorruption);
  std::string unknown_kind = EncodeBlock({{7, 1, {{PropertyKeyId{2}, Value(1)}}}});
  ASSERT_EQ(unknown_kind[5], 0x11);
  unknown_kind[5] = 0x16;
  EXPECT_EQ(DecodeAll(unknown_kind).error().code, ErrorCode::kCorruption);
}

TEST(AdjacencyBlock, DamagedBytesNeverCrash) {
  const std::string good = EncodeBlock({{7, 1, {{PropertyKeyId{1}, Value("x")}, {PropertyKeyId{2}, Value(300)}}},
                                        {9, 2, {{PropertyKeyId{2}, Value(1)}, {PropertyKeyId{3}, Value(0.5)}}}});
  for (size_t at = 0; at < good.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = good;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      const Status status = DecodeAll(damaged);
      if (!status) {
        EXPECT_EQ(status.error().code, ErrorCode::kCorruption);
      }
    }
  }
}

TEST(EdgePlaces, ComeBackAndWriteTheseBytes) {
  EdgePlaces places;
  places.Set(EdgeId{128}, EdgePlace{VertexId{5}, EdgeTypeId{0}});
  places.Set(EdgeId{129}, EdgePlace{VertexId{5}, EdgeTypeId{0}});
  places.Set(EdgeId{131}, EdgePlace{VertexId{2}, EdgeTypeId{3}});
  const std::string bytes = places.Encode();
  EXPECT_EQ(Hex(bytes),
            "01"
            "03"
            "0102"
            "0001"
            "0401"
            "0a"
            "00"
            "05");
  ExpectRefusesOtherLengths(bytes.substr(0), [](std::string_view b) {
    return b.empty() ? Status(CorruptionOf("places", "empty")) : Forget(EdgePlaces::Decode(b));
  });
  const auto decoded = EdgePlaces::Decode(bytes);
  EXPECT_EQ(decoded->Find(EdgeId{131}), (EdgePlace{VertexId{2}, EdgeTypeId{3}}));
  EXPECT_EQ(decoded->Find(EdgeId{130}), std::nullopt);
  EXPECT_EQ(decoded->Find(EdgeId{255}), std::nullopt);
  for (const uint64_t id : {128, 129, 131}) places.Set(EdgeId{id}, std::nullopt);
  EXPECT_TRUE(places.empty());
}

TEST(GraphCounts, ComeBackAndWriteTheseBytes) {
  GraphCounts counts;
  counts.commit = 1;
  counts.next_vertex = 300;
  counts.next_edge = 2;
  counts.vertices = 3;
  counts.edges = 1;
  counts.AddToLabel(LabelId{1}, 3);
  counts.AddToType(EdgeTypeId{0}, 1);
  const std::string bytes = EncodeGraphCounts(counts);
  EXPECT_EQ(Hex(bytes),
            "01"
            "01"
            "ac02"
            "02"
            "03"
            "01"
            "020003"
            "0101");
  EXPECT_EQ(DecodeGraphCounts(bytes).value(), counts);
  ExpectRefusesOtherLengths(bytes, [](std::string_view b) { return Forget(DecodeGraphCounts(b)); });
}

TEST(SavedCsrRecord, ComesBackAndWritesTheseBytes) {
  const SavedCsrRecord record{.commit = 300, .length = 5, .edges = 2, .checksum = 0x0102030405060708};
  const std::string bytes = EncodeSavedCsrRecord(record);
  EXPECT_EQ(Hex(bytes),
            "01"
            "ac02"
            "05"
            "02"
            "0102030405060708");
  EXPECT_EQ(DecodeSavedCsrRecord(bytes).value(), record);
  ExpectRefusesOtherLengths(bytes, [](std::string_view b) { return Forget(DecodeSavedCsrRecord(b)); });
  EXPECT_FALSE(DecodeSavedCsrRecord("\x02" + bytes.substr(1)).has_value());
}

TEST(AdjacencyLogEntry, ComesBackAndWritesTheseBytes) {
  const std::vector<AdjacencyChange> changes = {{VertexId{1}, VertexId{300}, EdgeTypeId{2}, EdgeId{4}, true},
                                                {VertexId{5}, VertexId{5}, EdgeTypeId{0}, EdgeId{6}, false}};
  const std::string bytes = EncodeAdjacencyLogEntry(7, changes);
  EXPECT_EQ(Hex(bytes),
            "01"
            "07"
            "02"
            "0501ac0204"
            "00050506");
  const AdjacencyLogEntry entry = DecodeAdjacencyLogEntry(bytes).value();
  EXPECT_EQ(entry.previous, 7u);
  ASSERT_EQ(entry.changes.size(), 2u);
  EXPECT_EQ(entry.changes[0].end, VertexId{300});
  EXPECT_EQ(entry.changes[0].edge, EdgeId{4});
  EXPECT_TRUE(entry.changes[0].added);
  EXPECT_EQ(entry.changes[1].start, VertexId{5});
  EXPECT_FALSE(entry.changes[1].added);
  EXPECT_EQ(CountAdjacencyLogEntry(bytes).value(), 2u);
  ExpectRefusesOtherLengths(bytes, [](std::string_view b) { return Forget(DecodeAdjacencyLogEntry(b)); });
  EXPECT_FALSE(DecodeAdjacencyLogEntry("\x02" + bytes.substr(1)).has_value());
}

TEST(Membership, AddsRemovesAndStaysSmallForDenseIds) {
  std::vector<uint16_t> dense;
  for (int i = 0; i < 60'000; ++i) dense.push_back(static_cast<uint16_t>(i));
  std::string bytes = UpdateMembership("", dense, {}).value();
  EXPECT_LT(bytes.size(), 32u);
  EXPECT_EQ(DecodeMembership(bytes).value(), dense);
  bytes = UpdateMembership(bytes, {65'535}, {0, 100}).value();
  const auto ids = DecodeMembership(bytes).value();
  EXPECT_EQ(ids.size(), 59'999u);
  EXPECT_EQ(ids.front(), 1);
  EXPECT_EQ(ids.back(), 65'535);
  EXPECT_EQ(UpdateMembership(UpdateMembership("", {7}, {}).value(), {}, {7}).value(), "");
  ExpectRefusesOtherLengths(bytes, [](std::string_view b) { return Forget(DecodeMembership(b)); });
}

}  // namespace
}  // namespace tupu
