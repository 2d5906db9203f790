#include "engine/cli/row_writer.h"

#include <stdlib.h>
#include <unistd.h>

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/cli/value_text.h"

namespace tupu {

namespace {

// What a writer makes of rows, by way of a temporary file.
std::string Written(OutputFormat format, const std::vector<AnswerColumn>& columns, const std::vector<Row>& rows,
                    const TableLook& look = {}) {
  std::array<char, 32> path{"/tmp/tupu-rows-XXXXXX"};
  const int file = ::mkstemp(path.data());
  {
    OutputSink sink = OutputSink::Of(file, path.data());
    const std::unique_ptr<RowWriter> writer = MakeRowWriter(format, sink, look);
    EXPECT_TRUE(writer->Begin(columns).has_value());
    for (const Row& row : rows) EXPECT_TRUE(writer->Add(row).has_value());
    EXPECT_TRUE(writer->End().has_value());
    EXPECT_TRUE(sink.Close().has_value());
  }
  std::string text(1 << 20, '\0');
  const ssize_t count = ::pread(file, text.data(), text.size(), 0);
  text.resize(static_cast<size_t>(count));
  ::close(file);
  ::unlink(path.data());
  return text;
}

const std::vector<AnswerColumn> kTwo = {{"name", "名称"}, {"n", ""}};
const Vertex kHuawei{VertexId{1}, {"Firm"}, {{"name", Value("华为")}}};

}  // namespace

TEST(TableWriter, AlignsWideCharactersAndNumbers) {
  EXPECT_EQ(Written(OutputFormat::kTable, kTwo, {{Value("华为"), Value(5)}, {Value("IBM"), Value(12)}}),
            "名称   n\n"
            "────  ──\n"
            "华为   5\n"
            "IBM   12\n");
}

TEST(TableWriter, ShowsNullAsNothingAndKeepsACellOnOneLine) {
  EXPECT_EQ(Written(OutputFormat::kTable, kTwo, {{Value("a\nb\x1b[31m"), Value()}}),
            "名称      n\n"
            "────────  ─\n"
            "a b\uFFFD[31m   \n");
}

TEST(TableWriter, CutsTheWidestColumnToTheTerminal) {
  const std::string text =
      Written(OutputFormat::kTable, kTwo, {{Value("一二三四五六七八九十"), Value("abc")}}, {.width = 15});
  EXPECT_EQ(text,
            "名称        n\n"
            "──────────  ───\n"
            "一二三四…   abc\n");
}

TEST(TableWriter, PrintsHeadingsWithoutRows) {
  EXPECT_EQ(Written(OutputFormat::kTable, kTwo, {}), "名称  n\n────  ─\n");
}

TEST(JsonWriter, PrintsOneObject) {
  EXPECT_EQ(Written(OutputFormat::kJson, kTwo, {}), "{\"columns\":[\"name\",\"n\"],\"rows\":[]}\n");
  const std::string text = Written(OutputFormat::kJson, kTwo, {{Value("华为"), Value(1)}, {Value(kHuawei), Value()}});
  EXPECT_THAT(text, ::testing::HasSubstr("\"rows\":[\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("\"labels\""));
  EXPECT_THAT(text, ::testing::EndsWith("\n]}\n"));
}

TEST(JsonLinesWriter, KeepsTheOrderOfColumns) {
  EXPECT_EQ(Written(OutputFormat::kJsonl, kTwo, {{Value("华为"), Value(1)}}), "{\"name\":\"华为\",\"n\":1}\n");
}

TEST(CsvWriter, QuotesAndTellsNullFromTheEmptyString) {
  EXPECT_EQ(Written(OutputFormat::kCsv, kTwo, {{Value("a,\"b\""), Value()}, {Value(""), Value(1.5)}}),
            "name,n\n\"a,\"\"b\"\"\",\n\"\",1.5\n");
  EXPECT_EQ(Written(OutputFormat::kCsv, {{"d", ""}}, {{Value(Date{0})}}), "d\n1970-01-01\n");
}

TEST(CellText, ShowsEntitiesAsShortPatterns) {
  const Vertex centre{VertexId{2}, {"ComputingCenter"}, {{"name", Value("鹏城云脑")}}};
  const Edge builds{EdgeId{3}, "CO_BUILDS", VertexId{1}, VertexId{2}, {{"role", Value("建设")}}};
  EXPECT_EQ(CellText(Value(kHuawei)), "(:Firm 华为)");
  EXPECT_EQ(CellText(Value(builds)), "[:CO_BUILDS 建设]");
  EXPECT_EQ(CellText(Value(Path{{centre, kHuawei}, {builds}})),
            "(:ComputingCenter 鹏城云脑)<-[:CO_BUILDS 建设]-(:Firm 华为)");
  EXPECT_EQ(CellText(Value(List{Value("a"), Value(1)})), "[a, 1]");
}

TEST(CutToColumns, NeverCutsAWideCharacterInTwo) {
  EXPECT_EQ(CutToColumns("一二三", 6), "一二三");
  EXPECT_EQ(CutToColumns("一二三", 5), "一二…");
  EXPECT_EQ(CutToColumns("一二三", 4), "一…");
}

}  // namespace tupu
