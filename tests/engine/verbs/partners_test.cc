#include "engine/verbs/partners.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/verbs/entity.h"
#include "small_graph.h"

namespace tupu {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

PartnersAnswer Ask(SmallGraph& graph, const std::string& name, PartnersOptions options = {}) {
  Result<PartnersAnswer> answer = FindPartners(graph.View(), graph.Id(name), options);
  EXPECT_TRUE(answer.has_value()) << answer.error().message;
  return std::move(answer).value();
}

// "name(depth): TYPE via TARGET" per reason.
std::vector<std::string> Lines(const PartnersAnswer& answer) {
  std::vector<std::string> lines;
  for (const Partner& partner : answer.partners) {
    for (const PartnerReason& reason : partner.reasons) {
      std::string line = CaptionOf(partner.vertex) + "(" + std::to_string(partner.depth) + "): " + reason.near.type;
      if (reason.far && reason.far->type != reason.near.type) line += "/" + reason.far->type;
      if (reason.via) line += " via " + CaptionOf(*reason.via);
      lines.push_back(line);
    }
  }
  return lines;
}

}  // namespace

TEST(FindPartners, TakesDirectEdgesInBothDirectionsAndBuildersOfOneTarget) {
  EXPECT_THAT(Lines(Ask(IndustryGraph(), "华为")), ElementsAre("寒武纪(1): IN_ECOSYSTEM_OF", "超图(1): PARTNERS_WITH",
                                                               "优锆科技(1): CO_BUILDS via 鹏城云脑"));
}

TEST(FindPartners, BringsBothEdgesOfAProjectedReason) {
  const PartnersAnswer answer = Ask(IndustryGraph(), "华为");
  const PartnerReason& reason = answer.partners.back().reasons.front();
  EXPECT_EQ(reason.near.properties.at("role"), Value("建设"));
  ASSERT_TRUE(reason.far.has_value());
  EXPECT_EQ(reason.far->properties.at("role"), Value("运营"));
}

TEST(FindPartners, RelatesLeaderAndMemberOfOneAlliance) {
  EXPECT_THAT(Lines(Ask(IndustryGraph(), "中国信通院")), ElementsAre("超图(1): LEADS/MEMBER_OF via 数字孪生联盟"));
}

TEST(FindPartners, ListsTheBuildersOfATarget) {
  EXPECT_THAT(Lines(Ask(IndustryGraph(), "鹏城云脑")), ElementsAre("优锆科技(1): CO_BUILDS", "华为(1): CO_BUILDS"));
}

TEST(FindPartners, CountsBrandsWithTheirGroupAndNamesThem) {
  EXPECT_THAT(Lines(Ask(IndustryGraph(), "腾讯")), ElementsAre("腾讯云(1): PARTNERS_WITH"));
  PartnersOptions options;
  options.group = true;
  const PartnersAnswer answer = Ask(IndustryGraph(), "腾讯", options);
  // Partners inside the group do not count.
  EXPECT_THAT(Lines(answer), ElementsAre("东华科技(1): PARTNERS_WITH"));
  EXPECT_EQ(answer.partners[0].reasons[0].member, IndustryGraph().Id("腾讯云"));
}

TEST(FindPartners, GoesFurtherLevelByLevel) {
  PartnersOptions options;
  options.depth = 2;
  EXPECT_THAT(Lines(Ask(IndustryGraph(), "寒武纪", options)),
              ElementsAre("华为(1): IN_ECOSYSTEM_OF", "超图(2): PARTNERS_WITH", "优锆科技(2): CO_BUILDS via 鹏城云脑"));
}

TEST(FindPartners, ReadsOnlyTheTypesAskedFor) {
  PartnersOptions options;
  options.edges.types = {"PARTNERS_WITH"};
  EXPECT_THAT(Lines(Ask(IndustryGraph(), "华为", options)), ElementsAre("超图(1): PARTNERS_WITH"));
}

TEST(FindPartners, RunsOnTheFamiliesOfOtherData) {
  SmallGraph graph(
      R"({"tupu_ontology": 1, "families": {"cooperation": {}}, "labels": {}, "edge_types": {"ALLIED": {"family": "cooperation"}}})");
  graph.Add("a", {"X"});
  graph.Add("b", {"X"});
  graph.Join("b", "ALLIED", "a");
  EXPECT_THAT(Lines(Ask(graph, "a")), ElementsAre("b(1): ALLIED"));
}

TEST(FindPartners, LeavesDocumentsAndLoopsOut) {
  SmallGraph graph(
      R"({"tupu_ontology": 1, "families": {"cooperation": {}}, "labels": {}, "edge_types": {"ALLIED": {"family": "cooperation"}}})");
  graph.Add("a", {"X"});
  graph.Add("paper", {"Source"});
  graph.Join("a", "ALLIED", "paper");
  graph.Join("a", "ALLIED", "a");
  EXPECT_THAT(Lines(Ask(graph, "a")), IsEmpty());
}

TEST(FindPartners, SaysSoWithoutACooperationFamily) {
  SmallGraph graph("");
  graph.Add("a", {"X"});
  const Result<PartnersAnswer> answer = FindPartners(graph.View(), graph.Id("a"), {});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(answer.error().hint, ::testing::HasSubstr("--types"));
}

TEST(FindPartners, SuggestsTheNearestType) {
  PartnersOptions options;
  options.edges.types = {"PARTNER_WITH"};
  const Result<PartnersAnswer> answer = FindPartners(IndustryGraph().View(), IndustryGraph().Id("华为"), options);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(answer.error().hint, "did you mean PARTNERS_WITH?");
}

TEST(FindPartners, StopsWhenCancelled) {
  PartnersOptions options;
  options.cancellation.Cancel();
  const Result<PartnersAnswer> answer = FindPartners(IndustryGraph().View(), IndustryGraph().Id("华为"), options);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kCancelled);
}

}  // namespace tupu
