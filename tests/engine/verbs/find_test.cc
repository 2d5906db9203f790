#include "engine/verbs/find.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_graph.h"

namespace tupu {

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> Find(const std::string& text, bool beyond_exact = false, size_t limit = 10) {
  const Result<std::vector<NameMatch>> matches = FindByText(IndustryGraph().View(), text, limit, beyond_exact, {});
  EXPECT_TRUE(matches.has_value()) << matches.error().message;
  std::vector<std::string> lines;
  for (const NameMatch& match : *matches) lines.push_back(match.spelling + " " + std::string(Name(match.fit)));
  return lines;
}

NameResolution Resolve(SmallGraph& graph, const std::string& text) {
  Result<NameResolution> resolution = ResolveName(graph.View(), text, {});
  EXPECT_TRUE(resolution.has_value()) << resolution.error().message;
  return std::move(resolution).value();
}

}  // namespace

TEST(FindByText, UsesAnExactHitAloneByNameOrAlias) {
  EXPECT_THAT(Find("腾讯"), ElementsAre("腾讯 exact"));
  EXPECT_THAT(Find("caict"), ElementsAre("CAICT exact"));
}

TEST(FindByText, RanksBeginningBeforeInsideWhenAllAreWanted) {
  EXPECT_THAT(Find("腾讯", true), ElementsAre("腾讯 exact", "腾讯云 begins"));
}

TEST(FindByText, FindsWhatContainsOrIsContained) {
  EXPECT_THAT(Find("孪生"), ElementsAre("数字孪生 contains", "数字孪生联盟 contains"));
  EXPECT_THAT(Find("华为技术有限公司"), ElementsAre("华为 inside"));
}

TEST(FindByText, FindsASwappedLetterButNoOtherName) {
  EXPECT_THAT(Find("优诺科技"), Contains("优锆科技 similar"));
  EXPECT_THAT(Find("51WROLD"), ElementsAre("51WORLD similar"));
  EXPECT_THAT(Find("微软亚洲研究院"), IsEmpty());
}

TEST(FindByText, StopsAtTheLimitWithTheBestFirst) {
  EXPECT_THAT(Find("腾讯", true, 1), ElementsAre("腾讯 exact"));
}

TEST(ResolveName, UsesTheOnlyHit) {
  EXPECT_THAT(Resolve(IndustryGraph(), "华为").hits, ElementsAre(IndustryGraph().Id("华为")));
}

TEST(ResolveName, SuggestsTheNearestWithoutAHit) {
  const NameResolution resolution = Resolve(IndustryGraph(), "华维");
  EXPECT_THAT(resolution.hits, IsEmpty());
  ASSERT_FALSE(resolution.nearest.empty());
  EXPECT_EQ(resolution.nearest[0].spelling, "华为");
}

TEST(ResolveName, TellsVerticesOfOneNameApart) {
  SmallGraph graph;
  const VertexId firm = graph.Add("平行世界", {"Organization", "Firm"}, {{"kind", Value("动画公司")}});
  const VertexId segment = graph.Add("平行世界", {"Segment"}, {{"kind", Value("概念")}, {"level", Value(2)}});
  graph.Add("其他", {"Segment"});
  graph.Join("其他", "PART_OF", "平行世界");
  EXPECT_THAT(Resolve(graph, "平行世界").hits, ElementsAre(firm, segment));
  EXPECT_THAT(Resolve(graph, "Segment:平行世界").hits, ElementsAre(segment));
  EXPECT_THAT(Resolve(graph, "#" + std::to_string(ToInteger(firm))).hits, ElementsAre(firm));
  EXPECT_THAT(Resolve(graph, "#999").hits, IsEmpty());

  const Result<std::vector<Candidate>> candidates = DescribeCandidates(graph.View(), {firm, segment});
  ASSERT_TRUE(candidates.has_value());
  ASSERT_THAT(*candidates, SizeIs(2));
  EXPECT_THAT((*candidates)[0].differences, ElementsAre("kind: 动画公司"));
  EXPECT_THAT((*candidates)[1].differences, ElementsAre("kind: 概念", "level: 2"));
  EXPECT_EQ((*candidates)[1].degree, 1u);
}

}  // namespace tupu
