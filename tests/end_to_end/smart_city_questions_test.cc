// What an analyst asks of the loaded report, each question with its query and the answer that the report gives.

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tupu/tupu.h>

namespace tupu {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

const std::string kExamples = std::string(TUPU_SOURCE_DIR) + "/examples/";

class SmartCityQuestions : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    Result<Database> opened = Database::OpenInMemory();
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = new Database(std::move(opened).value());
    const auto loaded = database_->Load({kExamples + "smart-city-2021"});
    ASSERT_TRUE(loaded) << loaded.error().message;
    ASSERT_GE(loaded->nodes_created, 640u);
    ASSERT_GE(loaded->relationships_created, 840u);
  }
  static void TearDownTestSuite() {
    delete database_;
    database_ = nullptr;
  }

  /// Each row as its values joined by " | ".
  static std::vector<std::string> Ask(const std::string& query, Map parameters = {}) {
    Session session = database_->OpenSession();
    Result<QueryResult> result = session.Run(query, {.parameters = std::move(parameters)});
    if (!result) return {"error: " + result.error().message};
    const Result<std::vector<Row>> rows = result->All();
    if (!rows) return {"error: " + rows.error().message};
    std::vector<std::string> lines;
    for (const Row& row : *rows) {
      std::string line;
      for (const Value& value : row) {
        if (!line.empty()) line += " | ";
        line += value.type() == ValueType::kString ? value.AsString() : value.ToString();
      }
      lines.push_back(line);
    }
    return lines;
  }

  static Database* database_;
};

Database* SmartCityQuestions::database_ = nullptr;

TEST_F(SmartCityQuestions, WhoPartnersWith51World) {
  EXPECT_THAT(Ask("MATCH (:Firm {name: '51WORLD'})-[:PARTNERS_WITH]-(partner) RETURN partner.name"),
              UnorderedElementsAre("中国移动", "中国联通", "中国电信", "招商蛇口", "商汤科技"));
  EXPECT_THAT(Ask("MATCH (:Firm {name: '51WORLD'})-[:IN_ECOSYSTEM_OF]->(host) RETURN host.name"),
              UnorderedElementsAre("华为", "阿里巴巴"));
}

TEST_F(SmartCityQuestions, WhatSuperMapAcquired) {
  EXPECT_THAT(Ask("MATCH (:Firm {name: '超图'})-[:ACQUIRED]->(firm) RETURN firm.name"),
              UnorderedElementsAre("上海南康", "南京国图", "北京安图", "上海数慧"));
}

TEST_F(SmartCityQuestions, WhichCentresUseCambricon) {
  EXPECT_THAT(Ask("MATCH (:Firm {name: '寒武纪'})-[:OFFERS]->(p:Product)<-[:USES]-(c:ComputingCenter) "
                  "RETURN c.name, p.name"),
              UnorderedElementsAre("珠海横琴人工智能超算中心 | 寒武纪智能芯片", "南京智能计算中心 | 寒武纪智能芯片"));
}

TEST_F(SmartCityQuestions, WhoCoBuildsTheWuhanCentre) {
  EXPECT_THAT(
      Ask("MATCH (:ComputingCenter {name: '武汉人工智能计算中心'})<-[:CO_BUILDS]-(builder) RETURN builder.name"),
      UnorderedElementsAre("华为", "湖北省科技投资集团有限公司", "中科院自动化所", "武大遥感", "武汉大学",
                           "武汉理工大学"));
}

TEST_F(SmartCityQuestions, WhichStandardsTheMinistryOfHousingIssuedUnderAnyOfItsNames) {
  const std::string query =
      "CALL tupu.find($name) YIELD node "
      "MATCH (node)-[:ISSUED]->(s:Standard) WHERE s.issued IS NOT NULL "
      "RETURN s.issued, s.name ORDER BY s.issued, s.name";
  for (const char* name : {"住建部", "住房和城乡建设部"}) {
    EXPECT_THAT(Ask(query, {{"name", name}}),
                UnorderedElementsAre("2021-04-14 | 城市信息模型基础平台技术标准（征求意见稿）",
                                     "2021-04-14 | 城市信息模型平台竣工验收备案数据标准（征求意见稿）",
                                     "2021-04-14 | 城市信息模型数据加工技术标准（征求意见稿）",
                                     "2021-04-14 | 城市信息模型平台施工图审查数据标准（征求意见稿）",
                                     "2021-04-14 | 城市信息模型平台建设工程规划报批数据标准（征求意见稿）",
                                     "2021-04-14 | 城市信息模型平台建设用地规划管理数据标准（征求意见稿）",
                                     "2021-06-01 | 城市信息模型（CIM）基础平台技术导则（修订版）",
                                     "2021-09-27 | 城市信息模型应用统一标准（征求意见稿）"))
        << name;
  }
}

TEST_F(SmartCityQuestions, WhichOperatorsWereFoundedIn2017) {
  EXPECT_THAT(Ask("MATCH (o:Organization)-[:OPERATES_IN]->(:Segment)-[:PART_OF*0..]->(:Segment {name: '运营服务'}) "
                  "WHERE o.founded STARTS WITH '2017' "
                  "RETURN DISTINCT o.founded, o.name ORDER BY o.founded"),
              ElementsAre("2017-04 | 陕西省大数据集团有限公司", "2017-08 | 山西云时代技术有限公司",
                          "2017-10 | 数字广东网络建设有限公司", "2017-11 | 合肥市大数据资产运营有限公司",
                          "2017-12 | 中国雄安集团数字城市科技有限公司"));
}

TEST_F(SmartCityQuestions, WhichFirmsStandInThreeOrMoreTopLevelSectors) {
  EXPECT_THAT(Ask("MATCH (f:Firm)-[:OPERATES_IN]->(:Segment)-[:PART_OF*0..]->(sector:Segment {level: '热点板块'}) "
                  "WITH f, count(DISTINCT sector) AS sectors WHERE sectors >= 3 "
                  "RETURN f.name, sectors ORDER BY sectors DESC, f.name"),
              UnorderedElementsAre("华为 | 5", "阿里巴巴 | 4", "腾讯 | 4", "百度 | 3", "科大讯飞 | 3", "中国移动 | 3",
                                   "中国联通 | 3"));
}

TEST_F(SmartCityQuestions, NoCooperationConnects51WorldAndSuperMapButSegmentsDo) {
  EXPECT_THAT(
      Ask("MATCH p = shortestPath((:Firm {name: '51WORLD'})-[:PARTNERS_WITH|IN_ECOSYSTEM_OF|CO_BUILDS|MEMBER_OF|"
          "LEADS*]-(:Firm {name: '超图'})) RETURN length(p)"),
      ElementsAre());
  EXPECT_THAT(Ask("MATCH p = shortestPath((:Firm {name: '51WORLD'})-[:OPERATES_IN|PART_OF*]-(:Firm {name: '超图'})) "
                  "RETURN length(p), [n IN nodes(p) | n.name]"),
              ElementsAre("2 | ['51WORLD', '开放PaaS平台', '超图']"));
}

TEST_F(SmartCityQuestions, WhoOffersADigitalTwinProduct) {
  EXPECT_THAT(
      Ask("MATCH (f:Firm)-[:OFFERS]->(p:Product)-[:APPLIES_TO]->(:Segment)-[:PART_OF*0..]->(:Segment {name: "
          "'数字孪生城市'}) "
          "RETURN DISTINCT f.name, p.name"),
      testing::IsSupersetOf({"阿里巴巴 | DataV.平行世界", "腾讯 | CityBase", "超图 | SuperMap GIS", "中地数码 | MapGIS",
                             "易智瑞 | GeoScene", "广联达 | BIM5D", "秉匠科技 | 黑洞引擎", "泰瑞数创 | SmartTwins",
                             "泰瑞数创 | 平行世界", "51WORLD | WDP3.0", "优诺科技 | ThingJS", "飞渡科技 | DTS"}));
}

TEST_F(SmartCityQuestions, WhichAreTheThreeLargestMarketFigures) {
  EXPECT_THAT(Ask("MATCH (s)-[:HAS_INDICATOR]->(i:Indicator) WHERE i.measure = '市场规模' AND i.base_value IS NOT NULL "
                  "RETURN DISTINCT i.period_start, i.value, i.unit, i.base_value "
                  "ORDER BY i.base_value DESC LIMIT 3"),
              ElementsAre("2020 | 1.05 | 万亿 | 1050000000000.0", "2021 | 9057.0 | 亿元 | 905700000000.0",
                          "2020 | 8255.5 | 亿元 | 825550000000.0"));
}

TEST_F(SmartCityQuestions, WhatTheTextKeepsApartStaysApart) {
  for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{{"优锆科技", "优诺科技"},
                                                                             {"阿里巴巴", "阿里云"},
                                                                             {"新东方", "新东方在线"},
                                                                             {"平行世界", "DataV.平行世界"}}) {
    EXPECT_THAT(
        Ask("CALL tupu.find($a) YIELD node AS a CALL tupu.find($b) YIELD node AS b RETURN a = b", {{"a", a}, {"b", b}}),
        ElementsAre("false"))
        << a << " / " << b;
  }
}

TEST_F(SmartCityQuestions, EveryFactNamesItsSource) {
  EXPECT_THAT(Ask("MATCH (n) WHERE n.sources IS NULL OR size(n.sources) = 0 RETURN count(n)"), ElementsAre("0"));
  EXPECT_THAT(Ask("MATCH ()-[r]->() WHERE r.sources IS NULL OR size(r.sources) = 0 RETURN count(r)"), ElementsAre("0"));
  EXPECT_THAT(Ask("MATCH (n) WHERE NOT all(s IN n.sources WHERE s STARTS WITH 'caict-2021#') RETURN count(n)"),
              ElementsAre("0"));
}

TEST_F(SmartCityQuestions, LoadingTheReportAgainChangesNothing) {
  const auto again = database_->Load({kExamples + "smart-city-2021"});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->nodes_created + again->nodes_merged, 0u);
  EXPECT_EQ(again->relationships_created + again->relationships_merged, 0u);
}

}  // namespace
}  // namespace tupu
