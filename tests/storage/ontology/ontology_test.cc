#include "storage/ontology/ontology.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kIndustry = R"({
  "tupu_ontology": 1,
  "data_set": "industry",
  "labels": {
    "Organization": {
      "display": {"zh": "组织", "en": "Organization"},
      "properties": {"name": {"type": "string", "required": true}, "aliases": {"type": "string[]"}},
      "key": ["name"]
    },
    "Firm": {"parents": ["Organization"], "properties": {"founded": {"type": "int"}}},
    "Vendor": {"parents": ["Firm"]},
    "Centre": {}
  },
  "edge_types": {
    "PARTNERS_WITH": {"ends": [["Organization", "Organization"]], "symmetric": true, "family": "cooperation",
                      "key": ["about"], "properties": {"about": {"type": "string"}}, "display": {"zh": "合作"}},
    "CO_BUILDS": {"ends": [["Organization", "Centre"]], "via": "end", "family": "cooperation"},
    "HOLDS_SHARES": {"family": "ownership", "share": {"property": "pct", "unit": "%"}, "key": [],
                     "properties": {"pct": {"type": "float", "required": true}}}
  },
  "families": {"cooperation": {"display": {"zh": "合作"}}, "ownership": {}}
})";

Ontology Industry() {
  Result<Ontology> ontology = Ontology::Parse(kIndustry);
  EXPECT_TRUE(ontology.has_value()) << ontology.error().message;
  return ontology.has_value() ? *ontology : Ontology();
}

TEST(Ontology, ReadsEveryMember) {
  const Ontology ontology = Industry();
  EXPECT_EQ(ontology.data_set(), "industry");
  EXPECT_EQ(ontology.json(), kIndustry);
  EXPECT_THAT(ontology.FindLabel("Organization")->key, ElementsAre("name"));
  EXPECT_TRUE(ontology.FindLabel("Organization")->properties.at("aliases").is_list);
  const EdgeTypeRule* partners = ontology.FindEdgeType("PARTNERS_WITH");
  EXPECT_TRUE(partners->symmetric);
  EXPECT_THAT(*partners->key, ElementsAre("about"));
  EXPECT_TRUE(ontology.FindEdgeType("HOLDS_SHARES")->key->empty());
  EXPECT_FALSE(ontology.FindEdgeType("CO_BUILDS")->key.has_value());
  EXPECT_TRUE(ontology.FindEdgeType("CO_BUILDS")->via_end);
  EXPECT_EQ(ontology.FindEdgeType("HOLDS_SHARES")->share_property, "pct");
  EXPECT_EQ(ontology.FindEdgeType("HOLDS_SHARES")->share_unit, "%");
}

TEST(Ontology, AnswersFamiliesHierarchyAndNames) {
  const Ontology ontology = Industry();
  EXPECT_THAT(ontology.EdgeTypesOfFamily("cooperation"), ElementsAre("CO_BUILDS", "PARTNERS_WITH"));
  EXPECT_TRUE(ontology.EdgeTypesOfFamily("supply").empty());
  EXPECT_TRUE(ontology.EdgeTypesOfFamily("").empty());
  EXPECT_TRUE(ontology.IsA("Vendor", "Organization"));
  EXPECT_TRUE(ontology.IsA("Unknown", "Unknown"));
  EXPECT_FALSE(ontology.IsA("Organization", "Vendor"));
  EXPECT_TRUE(ontology.IsSymmetric("PARTNERS_WITH"));
  EXPECT_FALSE(ontology.IsSymmetric("UNKNOWN"));
  EXPECT_EQ(ontology.DisplayOfLabel("Organization", "zh"), "组织");
  EXPECT_EQ(ontology.DisplayOfLabel("Organization", "fr"), "Organization");
  EXPECT_EQ(ontology.DisplayOfEdgeType("PARTNERS_WITH", "zh"), "合作");
  EXPECT_EQ(ontology.DisplayOfEdgeType("cooperation", "zh"), "合作");
}

TEST(Ontology, AnEmptyOneForbidsNothing) {
  const Ontology ontology;
  EXPECT_TRUE(ontology.empty());
  EXPECT_TRUE(ontology.CheckVertex({"Any"}, {{"name", 1}}));
  EXPECT_TRUE(ontology.CheckEdge("ANY", {}, {}, {}));
}

struct BadFile {
  const char* json;
  ErrorCode code;
  const char* message;  // a part of it: the member's path
};

class OntologyRefuses : public ::testing::TestWithParam<BadFile> {};

TEST_P(OntologyRefuses, ByMemberPath) {
  const Result<Ontology> ontology = Ontology::Parse(GetParam().json);
  ASSERT_FALSE(ontology.has_value());
  EXPECT_EQ(ontology.error().code, GetParam().code) << ontology.error().message;
  EXPECT_THAT(ontology.error().message, HasSubstr(GetParam().message));
}

constexpr auto kInvalid = ErrorCode::kInvalidArgument;
constexpr auto kNotYet = ErrorCode::kUnsupported;

INSTANTIATE_TEST_SUITE_P(
    Files, OntologyRefuses,
    ::testing::Values(
        BadFile{"", kInvalid, "line 1, column 1: not JSON"},
        BadFile{"{\n  \"tupu_ontology\": 1,\n  \"labels\" {}\n}", kInvalid, "line 3, column 12"},
        BadFile{"[]", kInvalid, "expected an object, found array"},
        BadFile{"{}", kInvalid, "tupu_ontology: the format version is missing"},
        BadFile{R"({"tupu_ontology": 2})", kNotYet, "tupu_ontology: format version 2"},
        BadFile{R"({"tupu_ontology": "1"})", kInvalid, "tupu_ontology: the format version must be a whole number"},
        BadFile{R"({"tupu_ontology": 1, "lables": {}})", kNotYet, "lables: this version does not know"},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {}, "A": {}}})", kInvalid,
                "labels.A: the member is given twice"},
        BadFile{R"({"tupu_ontology": 1, "data_set": ""})", kInvalid, "data_set: the string is empty"},
        BadFile{R"({"tupu_ontology": 1, "labels": []})", kInvalid, "labels: expected an object, found array"},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {"abstract": true}}})", kNotYet, "labels.A.abstract"},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {"parents": "B"}}})", kInvalid,
                "labels.A.parents: expected a list"},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {"parents": ["B"]}}})", kInvalid,
                "labels.A.parents[0]: the label \"B\""},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {"parents": ["A"]}}})", kInvalid, "A -> A"},
        BadFile{
            R"({"tupu_ontology": 1, "labels": {"A": {"parents": ["B"]}, "B": {"parents": ["C"]}, "C": {"parents": ["A"]}}})",
            kInvalid, "labels.A.parents: a label is its own ancestor: A -> B -> C -> A"},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {"key": ["id"]}}})", kInvalid,
                "labels.A.key[0]: the property \"id\""},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {"properties": {"p": {"type": "point"}}}}})", kInvalid,
                "labels.A.properties.p.type: unknown property type \"point\""},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {"properties": {"p": {"type": "int", "required": 1}}}}})",
                kInvalid, "labels.A.properties.p.required: expected true or false"},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {"properties": {"p": {"type": "int", "unique": true}}}}})",
                kNotYet, "labels.A.properties.p.unique"},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {"properties": {"p": {}}}}})", kInvalid,
                "labels.A.properties.p: the member \"type\" is missing"},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {"properties": {"p": {"type": "int"}}},
                    "B": {"parents": ["A"], "properties": {"p": {"type": "string"}}}}})",
                kInvalid, "labels.B.properties.p: a parent label declares"},
        BadFile{R"({"tupu_ontology": 1, "edge_types": {"T": {"inverse": "U"}}})", kNotYet, "edge_types.T.inverse"},
        BadFile{R"({"tupu_ontology": 1, "edge_types": {"T": {"via": "start"}}})", kNotYet, "edge_types.T.via"},
        BadFile{R"({"tupu_ontology": 1, "edge_types": {"T": {"ends": [["A"]]}}})", kInvalid,
                "edge_types.T.ends[0]: expected a pair"},
        BadFile{R"({"tupu_ontology": 1, "edge_types": {"T": {"ends": []}}})", kInvalid,
                "edge_types.T.ends: the list is empty"},
        BadFile{R"({"tupu_ontology": 1, "labels": {"A": {}}, "edge_types": {"T": {"ends": [["A", "B"]]}}})", kInvalid,
                "edge_types.T.ends[0][1]: the label \"B\""},
        BadFile{R"({"tupu_ontology": 1, "edge_types": {"T": {"family": "supply"}}})", kInvalid,
                "edge_types.T.family: the family \"supply\""},
        BadFile{R"({"tupu_ontology": 1, "edge_types": {"T": {"key": ["year"]}}})", kInvalid,
                "edge_types.T.key[0]: the property \"year\""},
        BadFile{R"({"tupu_ontology": 1, "edge_types": {"T": {"key": ["a", "a"]}}})", kInvalid,
                "edge_types.T.key[1]: \"a\" is listed twice"},
        BadFile{R"({"tupu_ontology": 1, "edge_types": {"T": {"share": {"property": "pct"}}}})", kInvalid,
                "edge_types.T.share.property: the property \"pct\" is not declared"},
        BadFile{
            R"({"tupu_ontology": 1, "edge_types": {"T": {"share": {"property": "p"}, "properties": {"p": {"type": "string"}}}}})",
            kInvalid, "edge_types.T.share.property: the property \"p\" must be of type float or int"},
        BadFile{R"({"tupu_ontology": 1, "families": {"f": {"colour": "red"}}})", kNotYet, "families.f.colour"}));

TEST(OntologyCheckVertex, RequiresTheDeclaredPropertiesOfALabelAndItsParents) {
  const Ontology ontology = Industry();
  EXPECT_TRUE(ontology.CheckVertex({"Vendor"}, {{"name", "华为"}, {"founded", 1987}, {"other", true}}));
  const Status missing = ontology.CheckVertex({"Vendor"}, {{"founded", 1987}});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kConstraint);
  EXPECT_THAT(missing.error().message, HasSubstr("label \"Organization\" requires the property \"name\" (string)"));
}

TEST(OntologyCheckVertex, RefusesAnotherType) {
  const Ontology ontology = Industry();
  const Status wrong = ontology.CheckVertex({"Firm"}, {{"name", "华为"}, {"founded", "1987"}});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("\"founded\" as int, but the value is STRING '1987'"));
  EXPECT_FALSE(ontology.CheckVertex({"Firm"}, {{"name", "华为"}, {"aliases", "Huawei"}}));
  EXPECT_FALSE(ontology.CheckVertex({"Firm"}, {{"name", "华为"}, {"aliases", List{"Huawei", 1}}}));
  EXPECT_TRUE(ontology.CheckVertex({"Firm"}, {{"name", "华为"}, {"aliases", List{"Huawei"}}}));
}

TEST(OntologyCheckEdge, AllowsDeclaredEndsAndWhatStandsBelowThem) {
  const Ontology ontology = Industry();
  EXPECT_TRUE(ontology.CheckEdge("CO_BUILDS", {"Vendor"}, {"Centre"}, {}));
  const Status reversed = ontology.CheckEdge("CO_BUILDS", {"Centre"}, {"Vendor"}, {});
  ASSERT_FALSE(reversed);
  EXPECT_EQ(reversed.error().code, ErrorCode::kConstraint);
  EXPECT_THAT(reversed.error().message, HasSubstr(":Organization -> :Centre"));
  EXPECT_FALSE(ontology.CheckEdge("PARTNERS_WITH", {}, {"Firm"}, {}));
}

TEST(OntologyCheckEdge, TakesTheEndsOfASymmetricTypeInEitherOrder) {
  const Result<Ontology> ontology = Ontology::Parse(
      R"({"tupu_ontology": 1, "labels": {"A": {}, "B": {}}, "edge_types": {"T": {"ends": [["A", "B"]], "symmetric": true}}})");
  ASSERT_TRUE(ontology) << ontology.error().message;
  EXPECT_TRUE(ontology->CheckEdge("T", {"B"}, {"A"}, {}));
  EXPECT_FALSE(ontology->CheckEdge("T", {"A"}, {"A"}, {}));
}

TEST(OntologyCheckEdge, KeepsIntegersOutOfFloatProperties) {
  const Ontology ontology = Industry();
  EXPECT_TRUE(ontology.CheckEdge("HOLDS_SHARES", {}, {}, {{"pct", 51.0}}));
  const Status integer = ontology.CheckEdge("HOLDS_SHARES", {}, {}, {{"pct", 51}});
  ASSERT_FALSE(integer);
  EXPECT_THAT(integer.error().message, HasSubstr("decimal point"));
  EXPECT_FALSE(ontology.CheckEdge("HOLDS_SHARES", {}, {}, {}));
}

}  // namespace
}  // namespace tupu
