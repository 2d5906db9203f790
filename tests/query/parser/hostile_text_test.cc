// Text that nobody means: an error, on a bounded stack. tests/fuzz finds what is not thought of here.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "query/parser/parser.h"

namespace tupu {
namespace {

std::string Repeat(std::string_view part, size_t times) {
  std::string out;
  out.reserve(part.size() * times);
  for (size_t i = 0; i < times; ++i) out += part;
  return out;
}

TEST(HostileText, NestedDeeplyInExpressionsAndPatternsIsAnError) {
  constexpr size_t kLevels = 200'000;
  for (const std::string_view open :
       {"CASE 1 WHEN 2 THEN ", "a.b(", "$p[", "n {a: ", "[1..", "1 + (", "a:!", "a:(", "any(x IN [1] WHERE ",
        "shortestPath((a {x: ", "COUNT { MATCH (n) WHERE ", "COLLECT { RETURN "})
    EXPECT_FALSE(Parse("RETURN " + Repeat(open, kLevels) + "1").has_value()) << open;
  for (const std::string_view open : {"(:!", "(:(", "((a)-->", "(a {x: [", "(a)-[r:!", "p = (", "shortestPath(("})
    EXPECT_FALSE(Parse("MATCH " + Repeat(open, kLevels) + "a").has_value()) << open;
  for (const std::string_view open : {"CALL (x) { ", "EXPLAIN ", "WITH (", "UNWIND [", "/*"})
    EXPECT_FALSE(Parse(Repeat(open, kLevels)).has_value()) << open;
}

TEST(HostileText, MoreClausesThanAPlanHoldsAreAnError) {
  EXPECT_TRUE(Parse(Repeat("CREATE () ", 5000)).has_value());
  const auto parsed = Parse(Repeat("CREATE () ", 200'000));
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().message, "the statement has more than 5000 clauses");
}

}  // namespace
}  // namespace tupu
