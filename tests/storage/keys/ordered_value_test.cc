// Values in index keys: their bytes sort as ORDER BY sorts, and equal values have equal bytes.

#include "storage/keys/ordered_value.h"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "query/value/compare.h"
#include "storage/keys/bytes.h"
#include "storage/keys/index_record.h"

namespace tupu {
namespace {

std::string Bytes(const Value& value) {
  std::string bytes;
  AppendOrderedValue(bytes, value);
  return bytes;
}

std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[static_cast<uint8_t>(c) >> 4];
    text += kDigits[static_cast<uint8_t>(c) & 15];
  }
  return text;
}

int Sign(int v) {
  return (v > 0) - (v < 0);
}

void ExpectOrderedAsValues(const Value& a, const Value& b) {
  EXPECT_EQ(Sign(Bytes(a).compare(Bytes(b))), Sign(Order(a, b))) << a.ToString() << " and " << b.ToString();
}

/// Numbers around every place where a double stops to hold integers, and the ends of both types.
std::vector<Value> HardNumbers() {
  std::vector<Value> values;
  for (const int64_t base : {int64_t{0}, int64_t{1} << 53, -(int64_t{1} << 53), int64_t{1} << 62, -(int64_t{1} << 62)})
    for (int64_t step = -3; step <= 3; ++step) {
      values.emplace_back(base + step);
      values.emplace_back(static_cast<double>(base + step));
      values.emplace_back(static_cast<double>(base) + 0.5 * static_cast<double>(step));
    }
  for (int64_t step = 0; step < 3000; step += 500) {
    values.emplace_back(std::numeric_limits<int64_t>::max() - step);
    values.emplace_back(std::numeric_limits<int64_t>::min() + step);
  }
  for (const double v : {0.0, -0.0, 9223372036854775808.0, -9223372036854775808.0, 1e300, -1e300, 5e-324, -5e-324,
                         std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                         std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::quiet_NaN()})
    values.emplace_back(v);
  return values;
}

std::string RandomText(std::mt19937_64& random) {
  static const std::vector<std::string> kPieces = {"a",    "b",    "华", "为", std::string(1, '\0'),
                                                   "\x01", "\x7f", "é",  "𠮷"};
  std::string text;
  for (size_t left = random() % 4; left > 0; --left) text += kPieces[random() % kPieces.size()];
  return text;
}

Value RandomScalar(std::mt19937_64& random) {
  const auto small = [&](int64_t range) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(2 * range + 1)) - range;
  };
  switch (random() % 11) {
    case 0: return Value(random() % 2 == 0);
    case 1: return Value(small(3));
    case 2: return Value(static_cast<int64_t>(random()));
    case 3: return Value(static_cast<double>(small(6)) / 2);
    case 4: return Value(RandomText(random));
    case 5: return Value(Date{small(2)});
    case 6: return Value(LocalTime{static_cast<int64_t>(random() % 86'400'000'000'000)});
    case 7: return Value(Time{{(small(1) + 1) * 3'600'000'000'000}, static_cast<int32_t>(small(2) * 3600)});
    case 8: return Value(LocalDateTime{small(2), static_cast<int32_t>(random() % 2)});
    case 9:
      return Value(DateTime{small(1), static_cast<int32_t>(random() % 2), static_cast<int32_t>(small(1) * 3600),
                            random() % 2 == 0 ? "" : "Asia/Shanghai"});
    default: return Value(Duration{small(2), small(40), small(2) * 86'400, static_cast<int32_t>(random() % 2)});
  }
}

Value RandomValue(std::mt19937_64& random) {
  if (random() % 6 != 0) return RandomScalar(random);
  List list;
  for (size_t left = random() % 4; left > 0; --left) list.push_back(RandomScalar(random));
  return Value(std::move(list));
}

TEST(OrderedValue, NumbersSortAcrossIntegersAndFloatsWithoutLoss) {
  const std::vector<Value> numbers = HardNumbers();
  for (const Value& a : numbers)
    for (const Value& b : numbers) ExpectOrderedAsValues(a, b);
}

TEST(OrderedValue, EqualNumbersHaveEqualBytes) {
  EXPECT_EQ(Bytes(Value(1)), Bytes(Value(1.0)));
  EXPECT_EQ(Bytes(Value(0.0)), Bytes(Value(-0.0)));
  EXPECT_EQ(Bytes(Value(std::nan(""))), Bytes(Value(-std::nan("1"))));
  EXPECT_EQ(Bytes(Value(int64_t{1} << 53)), Bytes(Value(9007199254740992.0)));
  EXPECT_NE(Bytes(Value((int64_t{1} << 53) + 1)), Bytes(Value(9007199254740992.0)));
  EXPECT_NE(Bytes(Value(std::numeric_limits<int64_t>::max())), Bytes(Value(9223372036854775808.0)));
}

TEST(OrderedValue, RandomValuesSortAsOrderByDoes) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::vector<Value> values;
  for (int i = 0; i < 700; ++i) values.push_back(RandomValue(random));
  for (size_t i = 0; i < values.size() && !testing::Test::HasFailure(); ++i)
    for (const Value& b : values) ExpectOrderedAsValues(values[i], b);
}

TEST(OrderedValue, ComesBackAsAnEqualValue) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::vector<Value> values = HardNumbers();
  for (int i = 0; i < 3000; ++i) values.push_back(RandomValue(random));
  for (const Value& value : values) {
    const std::string bytes = Bytes(value);
    ByteReader reader(bytes);
    const Result<Value> taken = TakeOrderedValue(reader);
    ASSERT_TRUE(taken.has_value()) << value.ToString() << ": " << taken.error().message;
    EXPECT_TRUE(reader.Finish("value").has_value());
    EXPECT_TRUE(Equivalent(*taken, value)) << value.ToString() << " came back as " << taken->ToString();
  }
}

TEST(OrderedValue, NoValueIsAPrefixOfAnother) {
  std::mt19937_64 random(7);
  std::vector<std::string> all;
  for (int i = 0; i < 600; ++i) all.push_back(Bytes(RandomValue(random)));
  for (const std::string& a : all)
    for (const std::string& b : all) EXPECT_TRUE(a == b || !b.starts_with(a)) << Hex(a) << " begins " << Hex(b);
}

TEST(OrderedValue, KindsEncloseTheirValues) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 2000; ++i) {
    const Value a = RandomValue(random);
    const Value b = RandomValue(random);
    const bool inside = Bytes(b) >= OrderedKindBegin(a) && Bytes(b) < OrderedKindEnd(a);
    if (Less(a, b) == Ternary(true)) {
      EXPECT_TRUE(inside) << a.ToString() << " and " << b.ToString();
    }
    if (inside) {
      EXPECT_EQ(a.is_number(), b.is_number());
    }
  }
}

TEST(OrderedValue, TextPrefixBeginsExactlyTheTextsThatStartWithIt) {
  std::mt19937_64 random(13);
  for (int i = 0; i < 3000; ++i) {
    const std::string prefix = RandomText(random);
    const std::string text = RandomText(random);
    EXPECT_EQ(Bytes(Value(text)).starts_with(OrderedTextPrefix(prefix)), text.starts_with(prefix));
  }
}

TEST(OrderedValue, GoldenBytes) {
  EXPECT_EQ(Hex(Bytes(Value(1))), "60bff00000000000000000");
  EXPECT_EQ(Hex(Bytes(Value(-1.5))),
            "604007ffffffffffff0000");
  EXPECT_EQ(Hex(Bytes(Value(std::numeric_limits<int64_t>::max()))), "60c3dfffffffffffff03ff");
  EXPECT_EQ(Hex(Bytes(Value(std::nan("")))), "68");
  EXPECT_EQ(Hex(Bytes(Value(true))), "5801");
  EXPECT_EQ(Hex(Bytes(Value(std::string("a\0", 2)))), "506100ff0001");
  EXPECT_EQ(Hex(Bytes(Value(Date{-1}))), "307fffffffffffffff");
  EXPECT_EQ(Hex(Bytes(Value(LocalTime{1}))), "400000000000000001");
  EXPECT_EQ(Hex(Bytes(Value(Time{{0}, 3600}))),
            "387ffffcb9cf476000"
            "80000e10");
  EXPECT_EQ(Hex(Bytes(Value(LocalDateTime{1, 2}))), "28800000000000000100000002");
  EXPECT_EQ(Hex(Bytes(Value(DateTime{1, 2, 3, "Z"}))), "20800000000000000100000002800000035a0001");
  EXPECT_EQ(Hex(Bytes(Value(Duration{0, 1, 2, 3}))),
            "488000000000000000000000000001518200000003"
            "80000000000000008000000000000001");
  EXPECT_EQ(Hex(Bytes(Value(List{Value(true), Value("b")}))),
            "105801506200"
            "0100");
}

TEST(OrderedValue, RefusesWhatIsCutShortOrUnknown) {
  std::mt19937_64 random(17);
  for (int i = 0; i < 300; ++i) {
    const std::string bytes = Bytes(RandomValue(random));
    for (size_t size = 0; size < bytes.size(); ++size) {
      const std::string cut = bytes.substr(0, size);
      ByteReader reader(cut);
      const Result<Value> taken = TakeOrderedValue(reader);
      ASSERT_FALSE(taken.has_value()) << Hex(cut);
      EXPECT_EQ(taken.error().code, ErrorCode::kCorruption);
    }
  }
  for (const std::string bad : {"\x11", "\x70", "\x60\xff\xff\xff\xff\xff\xff\xff\xff", "\x10\x10", "\x50\x61"}) {
    ByteReader reader(bad);
    EXPECT_FALSE(TakeOrderedValue(reader).has_value());
  }
}

// ---- Catalog and entries

IndexCatalog MakeCatalog() {
  IndexCatalog catalog;
  IndexDefinition by_code{catalog.NewId(), "by_code", {EntityKind::kVertex, 3, {PropertyKeyId{5}, PropertyKeyId{2}}}};
  by_code.unique = true;
  by_code.state = IndexState::kOnline;
  by_code.owner = catalog.NewId();
  IndexDefinition failed{catalog.NewId(), "bad", {EntityKind::kEdge, 1, {PropertyKeyId{9}}}};
  failed.state = IndexState::kFailed;
  failed.failure = "disk full";
  ConstraintDefinition key{*by_code.owner, "by_code", ConstraintKind::kKey, by_code.target};
  key.index = by_code.id;
  key.state = IndexState::kOnline;
  ConstraintDefinition typed{catalog.NewId(), "typed", ConstraintKind::kType, failed.target};
  typed.types = PropertyTypeSet::Of(ValueType::kString, false) | PropertyTypeSet::Of(ValueType::kInteger, true);
  catalog.Add(by_code);
  catalog.Add(failed);
  catalog.Add(key);
  catalog.Add(typed);
  return catalog;
}

TEST(IndexCatalogRecord, ComesBackWhole) {
  IndexCatalog catalog = MakeCatalog();
  const IndexId gone = catalog.NewId();
  catalog.Add(IndexDefinition{gone, "gone", {EntityKind::kVertex, 1, {PropertyKeyId{1}}}});
  catalog.RemoveIndex(gone);
  const std::string bytes = EncodeIndexCatalog(catalog);
  const Result<IndexCatalog> decoded = DecodeIndexCatalog(bytes);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_EQ(EncodeIndexCatalog(*decoded), bytes);
  EXPECT_EQ(decoded->next_id(), catalog.next_id());
  EXPECT_EQ(decoded->dropped(), std::vector{gone});
  EXPECT_EQ(decoded->FindIndex("gone"), nullptr);
  ASSERT_NE(decoded->FindIndex("bad"), nullptr);
  EXPECT_EQ(decoded->FindIndex("bad")->failure, "disk full");
  ASSERT_NE(decoded->FindConstraint("typed"), nullptr);
  EXPECT_EQ(decoded->FindConstraint("typed")->types.ToString(), "STRING | LIST<INTEGER NOT NULL>");
}

TEST(IndexCatalogRecord, RefusesOtherLengths) {
  const std::string bytes = EncodeIndexCatalog(MakeCatalog());
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(DecodeIndexCatalog(bytes.substr(0, size)).has_value());
  EXPECT_FALSE(DecodeIndexCatalog(bytes + '\0').has_value());
}

TEST(IndexEntry, HoldsValuesEntityAndEnds) {
  std::string values = Bytes(Value("a")) + Bytes(Value(2));
  const std::string key = IndexEntryKey(IndexId{7}, values, 0x0102);
  EXPECT_EQ(Hex(key),
            "5000000007"
            "50610001"
            "60c0000000000000000000"
            "0000000000000102");
  EXPECT_EQ(ToInteger(*DecodeVertexEntry(key)), 0x0102u);
  const auto edge = DecodeEdgeEntry(key, EncodeEdgeEnds(VertexId{3}, VertexId{400}), EdgeTypeId{5});
  ASSERT_TRUE(edge.has_value());
  EXPECT_EQ(edge->start, VertexId{3});
  EXPECT_EQ(edge->end, VertexId{400});
  EXPECT_EQ(edge->type, EdgeTypeId{5});
  const auto decoded = DecodeEntryValues(key, 2);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, (std::vector<Value>{Value("a"), Value(2)}));
  EXPECT_FALSE(DecodeEntryValues(key, 1).has_value());
  EXPECT_FALSE(DecodeVertexEntry("P").has_value());
  EXPECT_FALSE(DecodeEdgeEntry(key, "\x03", EdgeTypeId{5}).has_value());
}

TEST(PropertyTypeSet, AllowsItsTypesOnly) {
  const PropertyTypeSet types =
      PropertyTypeSet::Of(ValueType::kFloat, false) | PropertyTypeSet::Of(ValueType::kString, true);
  EXPECT_TRUE(types.Allows(Value(1.5)));
  EXPECT_FALSE(types.Allows(Value(1)));
  EXPECT_FALSE(types.Allows(Value("a")));
  EXPECT_TRUE(types.Allows(Value(List{Value("a"), Value("b")})));
  EXPECT_TRUE(types.Allows(Value(List{})));
  EXPECT_FALSE(types.Allows(Value(List{Value("a"), Value(1)})));
  EXPECT_TRUE(PropertyTypeSet::Of(ValueType::kMap, false).empty());
}

}  // namespace
}  // namespace tupu
