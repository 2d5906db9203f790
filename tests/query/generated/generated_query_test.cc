// The optimizer changes no answer: random statements on random graphs, with and without its rules, against the interpreter.
//
//   TUPU_GENERATED_QUERIES=N  how many statements
//   TUPU_GENERATED_SEED=N     the seed of a run before

#include <cstdlib>
#include <iostream>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "query/generated/answers.h"
#include "query/planner/rules/rule.h"

namespace tupu {
namespace {

constexpr size_t kInCi = 3000;
constexpr size_t kQueriesOfAGraph = 12;
constexpr size_t kFailuresShown = 5;

uint64_t FromEnvironment(const char* variable, uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

/// Another one for each commit.
uint64_t SeedOfCommit() {
  uint64_t seed = 0;
  for (const char c : std::string_view(TUPU_COMMIT)) seed = seed * 31 + static_cast<unsigned char>(c);
  return seed;
}

/// Everything that a plan can be made without, one after another.
std::vector<std::string> OptionalRules() {
  std::vector<std::string> names(kPatternChoices.begin(), kPatternChoices.end());
  for (const Rule& rule : AllRules())
    if (!rule.needed) names.emplace_back(rule.name);
  return names;
}

/// Every operator that reads: a new one belongs here, and into the generator.
const std::set<std::string>& ReadingOperators() {
  static const std::set<std::string> kNames{"SingleRow",
                                            "Argument",
                                            "NodeScan",
                                            "NodeByName",
                                            "NodeById",
                                            "NodeByKey",
                                            "NodeIndexSeek",
                                            "EdgeIndexSeek",
                                            "Expand",
                                            "ExpandInto",
                                            "ExpandKnownEdge",
                                            "FollowEdgeList",
                                            "VarLengthExpand",
                                            "VarLengthExpandInto",
                                            "ShortestPath",
                                            "AllShortestPaths",
                                            "Path",
                                            "Filter",
                                            "CartesianProduct",
                                            "HashJoin",
                                            "Optional",
                                            "SemiApply",
                                            "AntiSemiApply",
                                            "Union",
                                            "Unwind",
                                            "Project",
                                            "Keep",
                                            "Aggregate",
                                            "CountFromStatistics",
                                            "Distinct",
                                            "Sort",
                                            "TopK",
                                            "Skip",
                                            "Limit"};
  return kNames;
}

struct Tally {
  std::map<Comparison::Outcome, size_t> outcomes;
  std::map<std::string, size_t> operators;
  size_t shown = 0;

  size_t Of(Comparison::Outcome outcome) { return outcomes[outcome]; }
};

void Show(const GeneratedCase& failing, const std::string& where) {
  const GeneratedCase small = Shrink(failing);
  const auto fixture = small.graph.Build();
  ADD_FAILURE() << where << "\n" << small.Script() << "\n" << Compare(small, **fixture).report;
}

void RunGraph(uint64_t seed, size_t number, const std::vector<std::string>& rules, Tally& tally) {
  Random random(seed + number);
  GeneratedCase each;
  each.graph = RandomGraph::Make(random);
  const auto fixture = each.graph.Build();
  ASSERT_TRUE(fixture.has_value()) << each.graph.Script() << fixture.error().message;
  for (size_t i = 0; i < kQueriesOfAGraph; ++i) {
    each.query = RandomQuery::Make(random);
    each.partly.without = {random.Pick(rules)};
    const Comparison comparison = Compare(each, **fixture);
    ++tally.outcomes[comparison.outcome];
    for (const auto& [name, count] : comparison.operators) tally.operators[name] += count;
    const std::string where = fmt::format("TUPU_GENERATED_SEED={} graph {}, query {}", seed, number, i);
    if (comparison.outcome == Comparison::Outcome::kInvalid && tally.shown++ < kFailuresShown)
      ADD_FAILURE() << where << "\n" << each.query.Text() << "\n" << comparison.report;
    if (comparison.outcome == Comparison::Outcome::kDifferent && tally.shown++ < kFailuresShown) Show(each, where);
  }
}

TEST(GeneratedQueries, GiveTheSameRowsHoweverTheyArePlanned) {
  const uint64_t count = FromEnvironment("TUPU_GENERATED_QUERIES", kInCi);
  const uint64_t seed = FromEnvironment("TUPU_GENERATED_SEED", SeedOfCommit());
  std::cout << fmt::format("seed: TUPU_GENERATED_SEED={} (commit {})\n", seed, TUPU_COMMIT);
  const std::vector<std::string> rules = OptionalRules();
  Tally tally;
  for (size_t graph = 0; graph * kQueriesOfAGraph < count; ++graph) {
    RunGraph(seed, graph, rules, tally);
    if (HasFatalFailure()) return;
  }
  std::vector<std::string> operators;
  for (const auto& [name, times] : tally.operators) operators.push_back(fmt::format("{} {}", name, times));
  std::cout << fmt::format("{} the same, {} the same error, {} too large, {} different\noperators: {}\n",
                           tally.Of(Comparison::Outcome::kSame), tally.Of(Comparison::Outcome::kSameError),
                           tally.Of(Comparison::Outcome::kTooLarge), tally.Of(Comparison::Outcome::kDifferent),
                           fmt::join(operators, ", "));
  EXPECT_EQ(tally.Of(Comparison::Outcome::kDifferent), 0u);
  EXPECT_EQ(tally.Of(Comparison::Outcome::kInvalid), 0u);
  // Errors agree, but they test little.
  EXPECT_LE(tally.Of(Comparison::Outcome::kSameError) * 50, count);
  EXPECT_LE(tally.Of(Comparison::Outcome::kTooLarge) * 10, count);
  if (count < 2000) return;
  for (const std::string& name : ReadingOperators())
    EXPECT_GT(tally.operators[name], 0u) << name << " was never planned";
}

}  // namespace
}  // namespace tupu
