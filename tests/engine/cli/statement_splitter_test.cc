#include "engine/cli/statement_splitter.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Texts(std::string_view script) {
  std::vector<std::string> texts;
  for (const ScriptStatement& statement : SplitStatements(script).statements) texts.emplace_back(statement.text);
  return texts;
}

}  // namespace

TEST(SplitStatements, SplitsOnlyAtSemicolonsOfTheGrammar) {
  EXPECT_THAT(Texts("RETURN ';' AS `a;b`; // one;\n/* two; */ RETURN 2;"),
              ElementsAre("RETURN ';' AS `a;b`", "RETURN 2"));
}

TEST(SplitStatements, SaysWhereAStatementBegins) {
  const SplitScript split = SplitStatements("RETURN 1;\n\n  RETURN 2;");
  ASSERT_EQ(split.statements.size(), 2u);
  EXPECT_EQ(split.statements[1].line, 3u);
  EXPECT_EQ(split.statements[1].column, 3u);
}

TEST(SplitStatements, KeepsWhatIsNotEnded) {
  EXPECT_EQ(SplitStatements("RETURN 1; RETURN 2 // x").rest.text, "RETURN 2 // x");
  EXPECT_EQ(SplitStatements("RETURN 1; // only a comment").rest.text, "");
  EXPECT_EQ(SplitStatements("RETURN 1; RETURN 'open; RETURN 3;").rest.text, "RETURN 'open; RETURN 3;");
}

TEST(SplitStatements, DropsEmptyStatements) {
  EXPECT_THAT(Texts(";; /* x */ ;"), IsEmpty());
}

}  // namespace tupu
