#include "storage/columns/property_column.h"

#include <cmath>
#include <limits>

#include "storage/columns/column_delta.h"
#include "storage/keys/property_row.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

using Given = std::vector<std::pair<uint64_t, Value>>;

constexpr uint64_t kNextId = 5'000'000;

std::string Encoded(const Value& value) {
  std::string bytes;
  AppendValue(bytes, value);
  return bytes;
}

class RecordingSink final : public PropertySink {
 public:
  void AppendNull() override { values.emplace_back(); }
  void AppendInteger(int64_t value) override { values.emplace_back(value); }
  void AppendFloat(double value) override { values.emplace_back(value); }
  void AppendBoolean(bool value) override { values.emplace_back(value); }
  void Append(const Value& value) override { values.push_back(value); }
  std::vector<Value> values;
};

/// The column of `given`, each value handed over encoded or as it is; expects that it holds them to the letter and nothing
/// beside them.
PropertyColumn Hold(const Given& given, bool encoded) {
  PropertyColumnBuilder builder(kNextId);
  for (const auto& [id, value] : given) {
    if (encoded) {
      builder.AppendEncoded(id, Encoded(value));
    } else {
      builder.Append(id, value);
    }
  }
  PropertyColumn column = Must(builder.Finish());
  EXPECT_EQ(column.num_values(), given.size());
  RecordingSink sink;
  for (const auto& [id, value] : given) {
    EXPECT_EQ(Encoded(Must(column.Get(id))), Encoded(value)) << id;
    if (column.Append(column.PositionOf(id), sink)) {
      EXPECT_EQ(Encoded(sink.values.back()), Encoded(value)) << id;
    } else {
      EXPECT_TRUE(column.form() == ColumnForm::kEncoded || column.form() == ColumnForm::kDates);
    }
  }
  size_t visited = 0;
  uint64_t last = 0;
  column.VisitIds([&](uint64_t id) {
    EXPECT_TRUE(visited == 0 || id > last);
    last = id;
    ++visited;
  });
  EXPECT_EQ(visited, given.size());
  for (const uint64_t id : {uint64_t{0}, uint64_t{1}, uint64_t{66}, kNextId, uint64_t{1} << 60}) {
    const bool there = std::any_of(given.begin(), given.end(), [&](const auto& pair) { return pair.first == id; });
    EXPECT_EQ(Must(column.Get(id)).is_null(), !there) << id;
  }
  return column;
}

ColumnForm FormOf(const Given& given) {
  const ColumnForm form = Hold(given, true).form();
  EXPECT_EQ(Hold(given, false).form(), form);
  return form;
}

TEST(PropertyColumn, HoldsNumbersOfOneTypeInTheirBytes) {
  const int64_t least = std::numeric_limits<int64_t>::min();
  const int64_t greatest = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(FormOf({{3, 7}, {64, 260}, {65, -2}}), ColumnForm::kIntegers);
  EXPECT_EQ(FormOf({{3, least}, {64, greatest}, {65, 0}}), ColumnForm::kIntegers);
  EXPECT_EQ(FormOf({{3, 0.5}, {64, -0.0}, {65, std::nan("")}, {70, HUGE_VAL}}), ColumnForm::kFloats);
  EXPECT_EQ(FormOf({{3, true}, {64, false}}), ColumnForm::kBooleans);
  EXPECT_EQ(FormOf({{3, Date{-700'000'000}}, {64, Date{19000}}}), ColumnForm::kDates);
  EXPECT_EQ(FormOf({}), ColumnForm::kEmpty);
}

TEST(PropertyColumn, HoldsDictionariesOfAnySize) {
  for (const uint64_t texts : {1, 2, 255, 256, 257, 600, 1023, 1024, 5000, 65'536, 65'537}) {
    Given given;  // each text once at first, then again
    for (uint64_t i = 0; i < 2 * texts + 3; ++i) given.emplace_back(3 * i, Value("text " + std::to_string(i % texts)));
    // Above 512 most of the first 1,024 are new: no dictionary.
    EXPECT_EQ(FormOf(given), texts <= 512 ? ColumnForm::kDictionary : ColumnForm::kEncoded) << texts;
    Given mixed;  // so that a dictionary pays from the beginning
    for (uint64_t i = 0; i < 3 * texts; ++i) mixed.emplace_back(i, Value("text " + std::to_string(i / 3)));
    EXPECT_EQ(FormOf(mixed), texts <= 65'536 ? ColumnForm::kDictionary : ColumnForm::kEncoded) << texts;
  }
}

TEST(PropertyColumn, TakesIdsInAnyOrder) {
  EXPECT_EQ(FormOf({{70, 7}, {3, 260}, {4'999'999, -2}}), ColumnForm::kIntegers);
  Given texts;
  for (uint64_t i = 0; i < 3000; ++i) texts.emplace_back((i * 7919) % 4001, Value("text " + std::to_string(i)));
  EXPECT_EQ(FormOf(texts), ColumnForm::kEncoded);
  for (auto& [id, value] : texts) value = Value("text " + std::to_string(id % 5));
  EXPECT_EQ(FormOf(texts), ColumnForm::kDictionary);
}

TEST(PropertyColumn, MixedTypesBecomeTexts) {
  const Value list(List{Value(1), Value("a"), Value(-0.0)});
  EXPECT_EQ(FormOf({{1, 7}, {2, "seven"}, {9, 7.0}, {10, true}, {11, list}, {12, Date{3}}}), ColumnForm::kDictionary);
  EXPECT_EQ(FormOf({{1, list}, {2, 5}}), ColumnForm::kDictionary);
  EXPECT_EQ(FormOf({{1, Duration{1, 2, 3, 4}}, {2, LocalTime{5}}}), ColumnForm::kDictionary);
  Given numbers;
  for (uint64_t i = 0; i < 4000; ++i) numbers.emplace_back(i, Value(static_cast<int64_t>(i)));
  numbers.emplace_back(4000, Value("not a number"));
  EXPECT_EQ(FormOf(numbers), ColumnForm::kEncoded);
}

TEST(PropertyColumn, TakesTheRoomItSays) {
  Given given;
  for (uint64_t i = 0; i < 100'000; ++i) given.emplace_back(1'000'000 + i, Value(static_cast<int64_t>(2000 + i % 30)));
  EXPECT_NEAR(static_cast<double>(Hold(given, true).bytes()), 125'000, 200) << "a byte and two bits a value";
  for (auto& [id, value] : given) value = Value(id % 2 == 0 ? "announced" : "launched");
  EXPECT_NEAR(static_cast<double>(Hold(given, true).bytes()), 125'000, 500);
  for (auto& [id, value] : given) value = Value(static_cast<double>(id));
  EXPECT_NEAR(static_cast<double>(Hold(given, true).bytes()), 825'000, 200);
}

TEST(PropertyColumn, RefusesIdsThatCannotBe) {
  PropertyColumnBuilder twice(kNextId);
  twice.Append(7, Value(1));
  twice.Append(8, Value(1));
  twice.Append(7, Value(2));
  EXPECT_CODE(twice.Finish(), kCorruption);
  for (const uint64_t id : {kNextId, uint64_t{1} << 40}) {
    PropertyColumnBuilder beyond(kNextId);
    beyond.Append(id, Value(1));
    EXPECT_CODE(beyond.Finish(), kCorruption);
  }
}

TEST(PropertyColumn, ADamagedValueIsNeverServed) {
  const std::string unknown_tag = "\x63 what";
  PropertyColumnBuilder few(kNextId);
  few.AppendEncoded(7, unknown_tag);
  EXPECT_CODE(few.Finish(), kCorruption);
  PropertyColumnBuilder many(kNextId);
  for (uint64_t i = 0; i < 2000; ++i) many.Append(i, Value(std::to_string(i)));
  many.AppendEncoded(2000, unknown_tag);
  many.AppendEncoded(2001, std::string_view("\x03\xff", 2));  // an integer that is cut off
  const PropertyColumn column = Must(many.Finish());
  EXPECT_EQ(Must(column.Get(1999)), Value("1999"));
  EXPECT_CODE(column.Get(2000), kCorruption);
  EXPECT_CODE(column.Get(2001), kCorruption);
}

TEST(ColumnDelta, AReaderSeesTheLastChangeUpToItsCommit) {
  ColumnDelta delta(100);
  delta.Add(3, 7, Value("a"));
  delta.Add(5, 7, Value());
  delta.Add(5, 500, Value(1));  // shares the bit of a lower id
  EXPECT_FALSE(delta.Find(7, 2).has_value());
  EXPECT_EQ(delta.Find(7, 4), Value("a"));
  EXPECT_EQ(delta.Find(7, 5), Value());
  EXPECT_EQ(delta.Find(500, 9), Value(1));
  EXPECT_FALSE(delta.MayHave(8));
  EXPECT_TRUE(delta.MayHave(7));
  EXPECT_EQ(delta.ChangedIds(), (std::vector<uint64_t>{7, 500}));
  EXPECT_EQ(delta.size(), 3u);
  ColumnDelta later(1000);
  delta.CopyAfter(3, later);
  EXPECT_EQ(later.size(), 2u);
  EXPECT_FALSE(later.Find(7, 4).has_value());
}

}  // namespace
}  // namespace tupu
