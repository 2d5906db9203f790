#include "engine/verbs/ecosystem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/verbs/central.h"
#include "engine/verbs/entity.h"
#include "engine/verbs/group.h"
#include "small_graph.h"

namespace tupu {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

TEST(FindEcosystem, CountsMembersAndWhatTheyDo) {
  SmallGraph& graph = IndustryGraph();
  const Result<EcosystemAnswer> answer = FindEcosystem(graph.View(), graph.Id("华为"), {});
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_THAT(answer->circle.partners, SizeIs(3));
  ASSERT_THAT(answer->covered, SizeIs(2));
  EXPECT_EQ(CaptionOf(answer->covered[0].vertex), "智慧城市");  // two members before one
  EXPECT_THAT(answer->covered[0].members, ElementsAre(graph.Id("超图"), graph.Id("寒武纪")));
  EXPECT_EQ(CaptionOf(answer->covered[1].vertex), "数字孪生");
}

TEST(FindEcosystem, FindsWhoBrokersBetweenMembersWithoutTheHub) {
  SmallGraph graph;
  for (const char* name : {"hub", "a", "b", "c", "outside"}) graph.Add(name);
  for (const char* member : {"a", "b", "c"}) graph.Join(member, "IN_ECOSYSTEM_OF", "hub");
  graph.Join("a", "PARTNERS_WITH", "b");
  graph.Join("b", "PARTNERS_WITH", "c");
  graph.Join("c", "PARTNERS_WITH", "outside");
  const Result<EcosystemAnswer> answer = FindEcosystem(graph.View(), graph.Id("hub"), {});
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  ASSERT_THAT(answer->brokers, SizeIs(1));
  EXPECT_EQ(answer->brokers[0].vertex, graph.Id("b"));
  EXPECT_DOUBLE_EQ(answer->brokers[0].betweenness, 1.0);  // the one pair a, c
  EXPECT_EQ(answer->brokers[0].partners, 2u);
}

TEST(GroupOf, FollowsBrandsOfBrandsAndEndsInCircles) {
  SmallGraph graph;
  for (const char* name : {"top", "brand", "sub", "other"}) graph.Add(name);
  graph.Join("brand", "SUBSIDIARY_OF", "top");
  graph.Join("sub", "SUBSIDIARY_OF", "brand");
  graph.Join("top", "SUBSIDIARY_OF", "sub");
  graph.Join("top", "ACQUIRED", "other");
  const Result<std::vector<VertexId>> group = GroupOf(graph.View(), graph.Id("top"), {});
  ASSERT_TRUE(group.has_value());
  EXPECT_THAT(*group, ElementsAre(graph.Id("top"), graph.Id("brand"), graph.Id("sub")));
}

TEST(TopsOfGroups, LeadToTheTopAndNameOneOfACircle) {
  SmallGraph graph;
  for (const char* name : {"top", "brand", "sub", "x", "y", "hanger"}) graph.Add(name);
  graph.Join("brand", "SUBSIDIARY_OF", "top");
  graph.Join("sub", "SUBSIDIARY_OF", "brand");
  graph.Join("x", "SUBSIDIARY_OF", "y");
  graph.Join("y", "SUBSIDIARY_OF", "x");
  graph.Join("hanger", "SUBSIDIARY_OF", "y");
  const Result<std::map<VertexId, VertexId>> tops = TopsOfGroups(graph.View(), {});
  ASSERT_TRUE(tops.has_value());
  EXPECT_THAT(*tops, ElementsAre(Pair(graph.Id("brand"), graph.Id("top")), Pair(graph.Id("sub"), graph.Id("top")),
                                 Pair(graph.Id("y"), graph.Id("x")), Pair(graph.Id("hanger"), graph.Id("x"))));
}

TEST(FindCentral, LeavesZerosOutAndCountsTheEdgesBehindAPlace) {
  SmallGraph& graph = IndustryGraph();
  const Result<CentralAnswer> answer = FindCentral(graph.View(), {}, 10);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  ASSERT_THAT(answer->rows, SizeIs(3));
  // 寒武纪, 超图 - with 中国信通院 behind it - and, via 鹏城云脑, 优锆科技 around 华为.
  EXPECT_EQ(CaptionOf(answer->rows[0].vertex), "华为");
  EXPECT_DOUBLE_EQ(answer->rows[0].score, 5.0);
  EXPECT_EQ(answer->rows[0].edges, 3u);
  EXPECT_EQ(CaptionOf(answer->rows[1].vertex), "超图");
  EXPECT_DOUBLE_EQ(answer->rows[1].score, 3.0);
  EXPECT_EQ(CaptionOf(answer->rows[2].vertex), "腾讯云");
  EXPECT_EQ(answer->scored, 3u);
  EXPECT_GT(answer->vertices, 3u);
}

TEST(FindCentral, CountsBrandsAsTheirGroup) {
  SmallGraph& graph = IndustryGraph();
  CentralOptions options;
  options.measure = CentralityMeasure::kDegree;
  options.group = true;
  const Result<CentralAnswer> answer = FindCentral(graph.View(), options, 100);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  std::vector<std::string> names;
  for (const CentralVertex& row : answer->rows) names.push_back(CaptionOf(row.vertex));
  EXPECT_THAT(names, ::testing::Contains("腾讯"));
  EXPECT_THAT(names, ::testing::Not(::testing::Contains("腾讯云")));
}

}  // namespace tupu
