#include "tests/bench/workload.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <tupu/tupu.h>

#include "tests/bench/workload_engine.h"
#include "tests/bench/workload_report.h"
#include "tests/storage/temporary_directory.h"

namespace tupu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kWorkloads = TUPU_SOURCE_DIR "/tests/bench/workload/";

Result<Workload> ReadText(const std::string& text) {
  const TemporaryDirectory directory;
  const std::string path = directory / "some.queries";
  std::ofstream(path) << text;
  return ReadWorkload(path);
}

TEST(ReadWorkload, GivesATextToEachEngineThatIsNamed) {
  const Result<Workload> workload = ReadText(
      "# a comment\n"
      "query q1\n"
      "what  the firm of a name\n"
      "input firm 3\n"
      "calls 7\n"
      "differs kuzu  it rounds\n"
      "tupu kuzu\n"
      "    MATCH (f:Firm)\n"
      "    RETURN f\n"
      "sqlite\n"
      "    SELECT 1\n");
  ASSERT_TRUE(workload) << workload.error().message;
  ASSERT_EQ(workload->queries.size(), 1u);
  const WorkloadQuery& query = workload->queries[0];
  EXPECT_EQ(query.id, "q1");
  EXPECT_EQ(query.what, "the firm of a name");
  EXPECT_EQ(query.list, "firm");
  EXPECT_EQ(query.list_inputs, 3u);
  EXPECT_EQ(query.CallsOfRound(), 7u);
  EXPECT_EQ(query.differs.at("kuzu"), "it rounds");
  EXPECT_EQ(*query.FindText("kuzu"), "MATCH (f:Firm)\nRETURN f");
  EXPECT_EQ(*query.FindText("sqlite"), "SELECT 1");
  EXPECT_EQ(query.FindText("duckdb"), nullptr);
}

TEST(ReadWorkload, RepeatsTheLinesUnderEachForEveryWord) {
  const Result<Workload> workload = ReadText(
      "load duckdb\n"
      "    BEGIN;\n"
      "    each FIRM/firm REGION/region\n"
      "        CREATE TABLE {1}\n"
      "          AS {2}.csv;\n"
      "        INDEX {1};\n"
      "    END;\n");
  ASSERT_TRUE(workload) << workload.error().message;
  EXPECT_THAT(workload->loads.at("duckdb"), ElementsAre("BEGIN", "CREATE TABLE FIRM\n  AS firm.csv", "INDEX FIRM",
                                                        "CREATE TABLE REGION\n  AS region.csv", "INDEX REGION", "END"));
}

TEST(ReadWorkload, SaysWhereAFileIsWrong) {
  EXPECT_THAT(ReadText("what  nothing yet\n").error().message, HasSubstr("some.queries:1: expected `query ID`"));
  EXPECT_THAT(ReadText("query q1\ncalls none\n").error().message, HasSubstr(":2: expected a number above 0"));
  EXPECT_THAT(ReadText("query q1\n    RETURN 1\n").error().message, HasSubstr(":2: a text belongs under"));
  EXPECT_THAT(ReadText("list a\nwith [1]\n").error().message, HasSubstr(":2: an input is a JSON object"));
}

TEST(FillInputs, TakesTheFirstOfAListAndRefusesAShortOne) {
  Workload workload =
      ReadText("list firm\nwith {\"id\": 1}\nwith {\"id\": 2}\nquery a\ninput firm 1\nquery b\n").value();
  ASSERT_TRUE(FillInputs(workload));
  EXPECT_THAT(workload.queries[0].inputs, ElementsAre(Map{{"id", Value(1)}}));
  EXPECT_THAT(workload.queries[1].inputs, ElementsAre(Map{}));
  workload.queries[0].list_inputs = 3;
  EXPECT_THAT(FillInputs(workload).error().message, HasSubstr("a: there are not 3 inputs 'firm'"));
}

TEST(WorkloadAnswer, IsTheSameForRowsInAnyOrderAndNoOtherRows) {
  const auto answer_of = [](const std::vector<std::pair<std::string, int64_t>>& rows) {
    WorkloadAnswer answer;
    for (const auto& [text, integer] : rows) {
      answer.Add(std::string_view(text));
      answer.Add(integer);
      answer.EndRow();
    }
    return answer;
  };
  EXPECT_EQ(answer_of({{"a", 1}, {"b", 2}}), answer_of({{"b", 2}, {"a", 1}}));
  EXPECT_FALSE(answer_of({{"a", 1}, {"b", 2}}) == answer_of({{"a", 2}, {"b", 1}}));
  EXPECT_FALSE(answer_of({{"a", 1}}) == answer_of({{"a1", 1}}));
  // What peers/answer.mjs gives for [["图谱", 15335]].
  EXPECT_EQ(answer_of({{"图谱", 15335}}).checksum(), 0x14537f1dcd10ab2dull);
}

/// The figures of `engine` on one question, with the answer `integer`.
WorkloadFigures Figures(const std::string& engine, int64_t integer, std::vector<double> wall_us) {
  WorkloadFigures figures;
  figures.engine = engine;
  figures.answers.emplace_back().Add(integer);
  figures.answers.back().EndRow();
  figures.wall_us = std::move(wall_us);
  return figures;
}

TEST(WorkloadTable, GivesMultiplesOfTupuAndMarksAnotherAnswer) {
  WorkloadQuery query;
  query.id = "q1";
  query.inputs.resize(1);
  WorkloadReport report;
  report.engines = {"floor", "tupu", "sqlite", "kuzu"};
  report.rows.push_back({&query,
                         {Figures("floor", 7, {1}), Figures("tupu", 7, {30, 10, 20}), Figures("sqlite", 7, {50}),
                          Figures("kuzu", 8, {300})}});
  const std::string table = WorkloadTable(report);
  EXPECT_THAT(table, HasSubstr("1.00  20.0"));
  EXPECT_THAT(table, HasSubstr("50.0 (2.50x)  300 (15x) ≠             2.50x           20x"));
  EXPECT_THAT(table, HasSubstr("q1, kuzu: ANOTHER ANSWER than tupu's"));
  EXPECT_TRUE(report.HasWrongAnswer());
  query.differs["kuzu"] = "it counts otherwise";
  EXPECT_THAT(WorkloadTable(report), HasSubstr("q1, kuzu: another answer: it counts otherwise"));
  EXPECT_FALSE(report.HasWrongAnswer());
}

TEST(FirmWorkload, TupuAnswersAsTheHandWrittenCodeDoes) {
  const TemporaryDirectory directory;
  const FirmGraph graph({.edges = 2000});
  ASSERT_TRUE(WriteFirmGraph(graph, directory / "data"));
  Workload workload = ReadWorkload(kWorkloads + "firms.queries").value();
  workload.lists = FirmInputs(graph);
  ASSERT_TRUE(FillInputs(workload));
  Database database = Database::OpenInMemory().value();
  ASSERT_TRUE(LoadTupu(database, workload.loads["tupu"], directory / "data"));
  const auto tupu = MakeTupuEngine(std::move(database));
  const auto floor = MakeFloorEngine(graph);
  size_t compared = 0;
  for (const WorkloadQuery& query : workload.queries) {
    SCOPED_TRACE(query.id);
    const auto answers = tupu->Answer(query, 600);
    ASSERT_TRUE(answers) << answers.error().message;
    if (!floor->Takes(query)) continue;
    const auto expected = floor->Answer(query, 600);
    ASSERT_TRUE(expected);
    EXPECT_TRUE(*answers == *expected);
    ++compared;
  }
  EXPECT_EQ(compared, 10u);
}

class LsqbWorkload : public ::testing::TestWithParam<const char*> {};

TEST_P(LsqbWorkload, CountsAreThoseThatWereGiven) {
  const std::string data = std::string(TUPU_SHARED_DIR "/data/") + GetParam();
  if (!std::filesystem::exists(data)) GTEST_SKIP() << data << " is not there";
  std::ifstream counts(data + "/expected_counts.json");
  const nlohmann::json expected = nlohmann::json::parse(counts);
  Database database = Database::OpenInMemory().value();
  ASSERT_TRUE(database.Load({data}));
  Session session = database.OpenSession();
  const Workload workload = ReadWorkload(kWorkloads + "lsqb.queries").value();
  ASSERT_EQ(workload.queries.size(), 9u);
  for (const WorkloadQuery& query : workload.queries) {
    SCOPED_TRACE(query.id);
    Result<QueryResult> result = session.Run(*query.FindText("tupu"));
    ASSERT_TRUE(result) << result.error().message;
    const auto row = result->NextAs<int64_t>();
    ASSERT_TRUE(row && *row);
    EXPECT_EQ(std::get<0>(**row), expected.at(query.id).get<int64_t>());
  }
}

INSTANTIATE_TEST_SUITE_P(, LsqbWorkload, ::testing::Values("lsqb-example", "lsqb-0.003"),
                         [](const auto& param) { return param.index == 0 ? "Example" : "Scale0003"; });

}  // namespace
}  // namespace tupu
