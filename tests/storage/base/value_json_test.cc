#include <tupu/value_json.h>

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace tupu {
namespace {

std::string Repeat(std::string_view text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(ToJson, KeepsIntegersAndFloatsApart) {
  EXPECT_EQ(ToJson(1), "1");
  EXPECT_EQ(ToJson(1.0), "1.0");
  EXPECT_EQ(ToJson(-0.0), "-0.0");
  EXPECT_EQ(ToJson(0.1), "0.1");
  EXPECT_EQ(ToJson(1e300), "1e+300");
  EXPECT_EQ(ToJson(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(ToJson(std::nan("")), "null");
  EXPECT_EQ(ToJson(-std::numeric_limits<double>::infinity()), "null");
}

TEST(ToJson, EscapesTextAndKeepsUnicode) {
  EXPECT_EQ(ToJson("a\"b\\c\n\x01"), R"("a\"b\\c\n\u0001")");
  EXPECT_EQ(ToJson("智慧城市"), "\"智慧城市\"");
}

TEST(ToJson, ReplacesInvalidUtf8) {
  EXPECT_EQ(ToJson("a\xffz"), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(ToJson("\xed\xa0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // a surrogate: three bad bytes
  EXPECT_EQ(ToJson("\xe6\x99"), "\"\xEF\xBF\xBD\"");                              // a character cut short
}

TEST(ToJson, WritesEntitiesAndPaths) {
  const Vertex a{VertexId{1}, {"Firm"}, {{"name", "A"}}};
  const Vertex b{VertexId{2}, {}, {}};
  const Edge edge{EdgeId{7}, "HOLDS", VertexId{2}, VertexId{1}, {{"pct", 0.5}}};
  EXPECT_EQ(ToJson(a), R"({"id":1,"labels":["Firm"],"properties":{"name":"A"}})");
  EXPECT_EQ(ToJson(edge), R"({"id":7,"type":"HOLDS","start":2,"end":1,"properties":{"pct":0.5}})");
  EXPECT_EQ(ToJson(Path{{a, b}, {edge}}), "[" + ToJson(a) + "," + ToJson(edge) + "," + ToJson(b) + "]");
}

TEST(ToJson, WritesTemporalValuesAsText) {
  EXPECT_EQ(ToJson(Value(*ParseDate("2015-07-21"))), "\"2015-07-21\"");
  EXPECT_EQ(ToJson(Value(*ParseDuration("P1Y"))), "\"P1Y\"");
}

TEST(ToJson, NestedListsDoNotUseTheStack) {
  Value value(List{});
  for (int i = 0; i < 5'000; ++i) value = Value(List{value});
  EXPECT_EQ(ToJson(value), Repeat("[", 5'001) + Repeat("]", 5'001));
}

TEST(ParseJson, RoundTrips) {
  for (const char* text : {"null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808", "1.0",
                           "-0.0", "1e+300", "\"\"", "\"\\\"\\\\\\n\"", "\"智\"", "[]", "{}",
                           "[1,[2,{\"a\":[null]}],\"x\"]", "{\"a\":1,\"b\":{\"c\":[]}}"}) {
    const auto value = ParseJson(text);
    ASSERT_TRUE(value.has_value()) << text << ": " << value.error().message;
    EXPECT_EQ(ToJson(*value), text);
  }
}

TEST(ParseJson, LargeNumbersBecomeFloats) {
  EXPECT_EQ(*ParseJson("9223372036854775808"), Value(9223372036854775808.0));
  EXPECT_EQ(*ParseJson("-9223372036854775809"), Value(-9223372036854775808.0));
  EXPECT_EQ(*ParseJson("1e2"), Value(100.0));
}

TEST(ParseJson, TellsLineAndColumn) {
  const auto value = ParseJson("{\"名\": 1,\n \"b\": x}");
  ASSERT_FALSE(value.has_value());
  EXPECT_EQ(value.error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(value.error().where.has_value());
  EXPECT_EQ(value.error().where->line, 2u);
  EXPECT_EQ(value.error().where->column, 7u);
  EXPECT_EQ(value.error().message.rfind("line 2, column 7: not JSON: ", 0), 0u) << value.error().message;
}

TEST(ParseJson, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\"}", "tru", "01", "'a'", "1 2", "\"\xff\"", "\"\xed\xa0\x80\"", "NaN",
                           "1e999", "[1}", "\"\n\""}) {
    const auto value = ParseJson(text);
    EXPECT_FALSE(value.has_value()) << text;
  }
}

TEST(ParseJson, BoundsNesting) {
  EXPECT_TRUE(ParseJson(Repeat("[", 1'000) + Repeat("]", 1'000)).has_value());
  for (const std::string& text : {Repeat("[", 100'000), Repeat("[", 100'000) + Repeat("]", 100'000),
                                  Repeat("{\"a\":", 100'000) + "1" + Repeat("}", 100'000)}) {
    const auto value = ParseJson(text);
    ASSERT_FALSE(value.has_value());
    EXPECT_NE(value.error().message.find("1000 levels"), std::string::npos) << value.error().message;
  }
  EXPECT_EQ(ParseJson(Repeat("[", 100'000)).error().where->column, 1'001u);
}

}  // namespace
}  // namespace tupu
