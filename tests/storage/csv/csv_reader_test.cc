#include "storage/csv/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using Row = std::vector<std::string>;

CsvReader Over(std::string_view text, CsvOptions options = {}) {
  return CsvReader(TextSourceOver(text), "t.csv", std::move(options));
}

Row Fields(const CsvReader& reader) {
  Row row;
  for (const CsvField& field : reader.fields()) row.emplace_back(field.text);
  return row;
}

std::vector<Row> ReadAll(std::string_view text, CsvOptions options = {}) {
  CsvReader reader = Over(text, std::move(options));
  std::vector<Row> rows;
  for (;;) {
    const Result<bool> more = reader.Next();
    EXPECT_TRUE(more.has_value()) << more.error().message;
    if (!more.has_value() || !*more) return rows;
    rows.push_back(Fields(reader));
  }
}

/// A source that hands out one byte a call: every row meets every buffer edge.
class DripSource final : public TextSource {
 public:
  explicit DripSource(std::string_view text) : text_(text) {}
  Result<size_t> Read(std::span<char> out) override {
    if (taken_ == text_.size()) return size_t{0};
    out[0] = text_[taken_++];
    return size_t{1};
  }
  uint64_t bytes_taken() const override { return taken_; }

 private:
  std::string_view text_;
  size_t taken_ = 0;
};

TEST(CsvReader, SplitsRowsAndFields) {
  EXPECT_THAT(ReadAll("a,b\n1,2\n"), ElementsAre(Row{"a", "b"}, Row{"1", "2"}));
  EXPECT_THAT(ReadAll("a,\n,b"), ElementsAre(Row{"a", ""}, Row{"", "b"}));
  EXPECT_THAT(ReadAll(""), ElementsAre());
}

TEST(CsvReader, TakesEveryLineEndAndPassesBlankLines) {
  EXPECT_THAT(ReadAll("a,b\r\nc,d\re,f\n\n\r\ng,h"),
              ElementsAre(Row{"a", "b"}, Row{"c", "d"}, Row{"e", "f"}, Row{"g", "h"}));
}

TEST(CsvReader, DropsTheByteOrderMark) {
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF"
                      "a,b\n"),
              ElementsAre(Row{"a", "b"}));
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF"), ElementsAre());
}

TEST(CsvReader, UnfoldsQuotes) {
  EXPECT_THAT(ReadAll("\"a,b\",\"say \"\"hi\"\"\",\"\"\"\"\n"), ElementsAre(Row{"a,b", "say \"hi\"", "\""}));
  EXPECT_THAT(ReadAll("\"two\nlines\",\"three\r\n\nlines\"\nx,y\n"),
              ElementsAre(Row{"two\nlines", "three\r\n\nlines"}, Row{"x", "y"}));
  EXPECT_THAT(ReadAll("5\" disk,b\n"), ElementsAre(Row{"5\" disk", "b"}));
}

TEST(CsvReader, TellsAnEmptyTextFromNothing) {
  CsvReader reader = Over("\"\",\n\"\"\n");
  ASSERT_TRUE(*reader.Next());
  EXPECT_TRUE(reader.fields()[0].quoted);
  EXPECT_FALSE(reader.fields()[1].quoted);
  ASSERT_TRUE(*reader.Next());  // a quoted nothing is a row
  EXPECT_EQ(reader.line(), 2u);
  EXPECT_FALSE(*reader.Next());
}

TEST(CsvReader, TakesAnyDelimiter) {
  EXPECT_THAT(ReadAll("a\tb,c\n", {.delimiter = "\t"}), ElementsAre(Row{"a", "b,c"}));
  // U+20AC and U+20AD share two bytes.
  EXPECT_THAT(ReadAll("a€\"b€\"€₭c\n", {.delimiter = "€"}), ElementsAre(Row{"a", "b€", "₭c"}));
}

TEST(CsvReader, KeepsNul) {
  using namespace std::string_literals;
  EXPECT_THAT(ReadAll(std::string_view("a\0b,c\n", 6)), ElementsAre(Row{"a\0b"s, "c"}));
}

TEST(CsvReader, KnowsLineAndColumnWithinFieldsOfSeveralLines) {
  CsvReader reader = Over("h\n\"one\ntwo\",超图,x\r\n\r\nlast,\"a\n\n\",z");
  ASSERT_TRUE(*reader.Next());
  ASSERT_TRUE(*reader.Next());
  EXPECT_EQ(reader.line(), 2u);
  EXPECT_EQ(reader.PositionOf(0).line, 2u);
  EXPECT_EQ(reader.PositionOf(0).column, 1u);
  EXPECT_EQ(reader.PositionOf(1).line, 3u);
  EXPECT_EQ(reader.PositionOf(1).column, 6u);
  EXPECT_EQ(reader.PositionOf(2).column, 9u);
  EXPECT_EQ(reader.PositionOf(3).column, 10u);  // the end
  ASSERT_TRUE(*reader.Next());
  EXPECT_EQ(reader.line(), 5u);
  EXPECT_EQ(reader.PositionOf(2).line, 7u);
  EXPECT_EQ(reader.PositionOf(2).column, 3u);
}

TEST(CsvReader, IsTheSameAtEveryBufferEdge) {
  constexpr std::string_view kText =
      "\xEF\xBB\xBF"
      "a€\"b\"\"c\"€\r\n\"x\r\ny\"€z€₭\r\n\r\"\"€\"q€\n\"\"\"€1\r\nend€2€3";
  const std::vector<Row> whole = ReadAll(kText, {.delimiter = "€"});
  EXPECT_THAT(whole,
              ElementsAre(Row{"a", "b\"c", ""}, Row{"x\r\ny", "z", "₭"}, Row{"", "q€\n\"", "1"}, Row{"end", "2", "3"}));
  CsvReader reader(std::make_unique<DripSource>(kText), "drip", {.delimiter = "€"});
  std::vector<uint64_t> lines;
  for (size_t i = 0; i < whole.size(); ++i) {
    const Result<bool> more = reader.Next();
    ASSERT_TRUE(more.has_value()) << more.error().message;
    ASSERT_TRUE(*more);
    EXPECT_EQ(Fields(reader), whole[i]);
    lines.push_back(reader.line());
  }
  EXPECT_THAT(lines, ElementsAre(1, 2, 5, 7));
  EXPECT_FALSE(*reader.Next());
}

TEST(CsvReader, KeepsRowsLargerThanItsBuffer) {
  const std::string large(3 << 20, 'x');
  EXPECT_THAT(ReadAll("\"" + large + "\n\"\"\",b\nc,d\n"), ElementsAre(Row{large + "\n\"", "b"}, Row{"c", "d"}));
}

TEST(CsvReader, ReportsAQuoteThatIsNeverClosed) {
  CsvReader reader = Over("a,b\nc,\"d\ne,f\n");
  ASSERT_TRUE(*reader.Next());
  const Result<bool> next = reader.Next();
  ASSERT_FALSE(next.has_value());
  EXPECT_EQ(next.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(next.error().message, StartsWith("t.csv:2:3: the quote that opens here is never closed"));
  EXPECT_EQ(next.error().where->line, 2u);
  EXPECT_TRUE(reader.over());
  EXPECT_FALSE(*reader.Next());
}

TEST(CsvReader, ReportsTextBehindAClosingQuoteAndReadsOn) {
  CsvReader reader = Over("\"a\" b,c\n\"d\",e\n");
  const Result<bool> next = reader.Next();
  ASSERT_FALSE(next.has_value());
  EXPECT_THAT(next.error().message, StartsWith("t.csv:1:4: text follows a closing quote"));
  EXPECT_FALSE(reader.over());
  ASSERT_TRUE(*reader.Next());
  EXPECT_EQ(Fields(reader), (Row{"d", "e"}));
  EXPECT_EQ(reader.line(), 2u);
}

TEST(CsvReader, ReportsTextThatIsNotUtf8AndReadsOn) {
  CsvReader reader = Over("图,b\xD6\xD0\nc,d\n");
  const Result<bool> next = reader.Next();
  ASSERT_FALSE(next.has_value());
  EXPECT_THAT(next.error().message, StartsWith("t.csv:1:4: byte 0xD6 is not UTF-8"));
  ASSERT_TRUE(*reader.Next());
  EXPECT_EQ(Fields(reader), (Row{"c", "d"}));
}

TEST(CsvReader, LimitsTheLengthOfARow) {
  for (const size_t size : {size_t{2000}, size_t{1} << 20}) {
    CsvReader reader(TextSourceOver("short\n"), "t.csv", {.max_row_bytes = 1000});
    ASSERT_TRUE(*reader.Next());
    const std::string text = "short\n\"" + std::string(size, '\n') + "\"\n";
    CsvReader large(TextSourceOver(text), "t.csv", {.max_row_bytes = 1000});
    ASSERT_TRUE(*large.Next());
    const Result<bool> next = large.Next();
    ASSERT_FALSE(next.has_value());
    EXPECT_EQ(next.error().code, ErrorCode::kResourceExhausted);
    EXPECT_THAT(next.error().message, StartsWith("t.csv:2:1: the row that begins here is longer than 1000 bytes"));
  }
}

TEST(ParseDelimiter, KnowsNamesAndCodePoints) {
  EXPECT_EQ(*ParseDelimiter(","), ",");
  EXPECT_EQ(*ParseDelimiter("TAB"), "\t");
  EXPECT_EQ(*ParseDelimiter("U+20AC"), "€");
  EXPECT_EQ(*ParseDelimiter("€"), "€");
  for (const char* bad : {"", "\"", "\n", "ab", "U+", "U+XYZ", "U+D800", "U+110000", "\xFF"}) {
    const Result<std::string> delimiter = ParseDelimiter(bad);
    ASSERT_FALSE(delimiter.has_value()) << bad;
    EXPECT_THAT(delimiter.error().message, HasSubstr("is not a delimiter"));
  }
}

}  // namespace
}  // namespace tupu
