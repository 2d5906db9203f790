#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_process.h"

namespace tupu {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Shell, RunsStatementsFromAPipe) {
  const ChildResult result = RunTupu({"shell", "-d", ":memory:", "--format", "csv"},
                                     {.input = "CREATE (:Firm\n  {name: '华为; 腾讯'});\n:param k=2\n"
                                               "MATCH (f:Firm) RETURN f.name AS name, $k AS k;\nRETURN 3 AS last"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, "name,k\n华为; 腾讯,2\nlast\n3\n");
}

TEST(Shell, EndsAtTheFirstErrorOfAPipe) {
  const ChildResult result =
      RunTupu({"shell", "-d", ":memory:", "--format", "csv"}, {.input = "RETURN oops;\nRETURN 1 AS a;\n"});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("1:8"));
}

TEST(Shell, RefusesAnUnknownCommand) {
  const ChildResult result = RunTupu({"shell", "-d", ":memory:"}, {.input = ":hlep\n"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr(":help"));
}

TEST(Shell, ShowsItsOwnStats) {
  const ChildResult result =
      RunTupu({"shell", "-d", ":memory:", "--format", "csv"},
              {.input = "UNWIND range(1, 1000) AS i CREATE (:V)-[:E]->(:V);\n:stats\n"
                        "CALL tupu.pagerank() YIELD score RETURN count(score) AS scores;\n:stats\n:stats now\n"});
  const std::string before = "edge type,E,1000\ntypes and directions read from blocks,,2\n";
  const std::string after =
      "edge type,E,1000\nedges in CSR,E outgoing,1000\ntypes and directions read from blocks,,1\n";
  EXPECT_THAT(result.out, HasSubstr(before));
  EXPECT_THAT(result.out, HasSubstr(after));
  EXPECT_LT(result.out.find(before), result.out.find("scores\n2000\n"));
  EXPECT_GT(result.out.find(after), result.out.find("scores\n2000\n"));
  EXPECT_THAT(result.out, HasSubstr("properties read from columns,,0\n"));
  EXPECT_THAT(result.out, HasSubstr("format version,,"));
  EXPECT_EQ(result.status, 2) << result.err;
  EXPECT_THAT(result.err, HasSubstr(":stats"));
}

TEST(Shell, ListsItsCommands) {
  const ChildResult english = RunTupu({"shell", "-d", ":memory:", "--lang", "en"}, {.input = ":help\n"});
  const ChildResult chinese = RunTupu({"shell", "-d", ":memory:", "--lang", "zh"}, {.input = ":help\n"});
  for (const char* command : {"BEGIN; COMMIT; ROLLBACK;", ":param", ":stats", ":help", ":quit"}) {
    EXPECT_THAT(english.err, HasSubstr(command));
    EXPECT_THAT(chinese.err, HasSubstr(command));
  }
}

TEST(Shell, RunsSeveralStatementsAsOneTransaction) {
  const ChildResult result =
      RunTupu({"shell", "-d", ":memory:", "--format", "csv"},
              {.input = "BEGIN;\nCREATE (:Firm);\nMATCH (f) RETURN count(f) AS inside;\nROLLBACK;\n"
                        "MATCH (f) RETURN count(f) AS after;\n"
                        "begin transaction serializable;\nCREATE (:Firm);\n:commit\n"
                        "MATCH (f) RETURN count(f) AS kept;\n"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, "inside\n1\nafter\n0\nkept\n1\n");
}

TEST(Shell, SaysWhatIsWrongWithATransaction) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"COMMIT;\n", "after BEGIN"},
      {"BEGIN;\nBEGIN;\n", "COMMIT or ROLLBACK comes first"},
      {"BEGIN SOMETIMES;\n", "does not know \"sometimes\""},
      {"BEGIN;\nCOMMIT WORK;\n", "\"work\" is too much"},
      {"BEGIN READ ONLY;\nCREATE (:Firm);\n", "read-only"},
      {"BEGIN;\nRETURN oops;\n", "1:8"},
      {"BEGIN;\nCREATE (:Firm);\n", "is rolled back"},
  };
  for (const auto& [input, message] : cases) {
    const ChildResult result = RunTupu({"shell", "-d", ":memory:"}, {.input = input});
    EXPECT_EQ(result.status, 1) << input;
    EXPECT_THAT(result.err, HasSubstr(message)) << input;
  }
}

TEST(Shell, GoesOnAfterAnErrorOnATerminal) {
  const ChildResult result = RunTupuOnTerminal({"shell", "-d", ":memory:"},
                                               {"RETURN oops;\n", "RETURN 20 + 1 AS a,\n", "3 AS b;\n", ":quit\n"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, HasSubstr("1:8"));
  EXPECT_THAT(result.out, HasSubstr("..."));
  EXPECT_THAT(result.out, HasSubstr("21"));
}

TEST(Shell, DropsTheLineOnInterruptAndStays) {
  const ChildResult result =
      RunTupuOnTerminal({"shell", "-d", ":memory:"}, {"RETURN 'half", "\x03", "RETURN 40 + 2 AS a;\n", "\x04"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, HasSubstr("42"));
}

TEST(Shell, StopsAQueryOnInterruptAndStays) {
  const ChildResult result = RunTupuOnTerminal(
      {"shell", "-d", ":memory:"}, {"UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y RETURN count(*);\n",
                                    "\x03", "RETURN 40 + 2 AS a;\n", ":quit\n"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, HasSubstr("stopped"));
  EXPECT_THAT(result.out, HasSubstr("42"));
}

TEST(Shell, CompletesKeywordsAndLabels) {
  const ChildResult result =
      RunTupuOnTerminal({"shell", "-d", ":memory:"},
                        {"CREATE (:Gesellschaft);\n", "MAT\t (n:Ges\t) RET\t 40 + count(n) AS a;\n", ":quit\n"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, HasSubstr("41"));
  EXPECT_THAT(result.out, Not(HasSubstr("error")));
}

}  // namespace tupu
