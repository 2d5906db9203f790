#include "load_fixture.h"

namespace tupu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LoadJsonLines : public LoadTest {};

constexpr std::string_view kGraph =
    R"({"kind": "relationship", "id": 0, "type": "KNOWS", "start": 1, "end": "b", "properties": {"since": 2021}}
{"kind": "node", "id": 1, "labels": ["Firm", "Organization"], "properties": {"name": "华为", "aliases": ["Huawei", "HW"], "none": null}}

{"kind": "node", "id": "b", "labels": [], "properties": {}}
{"kind": "relationship", "id": 1, "type": "KNOWS", "start": 1, "end": "b", "properties": {"since": 2021}}
)";

TEST_F(LoadJsonLines, ReadsWhatExportWrites) {
  Write("g.jsonl", kGraph);
  const LoaderSummary summary = Load();
  EXPECT_EQ(summary.vertices_created, 2u);
  EXPECT_EQ(summary.edges_created, 2u);
  EXPECT_THAT(Contents(), ElementsAre("(set/1 :Firm :Organization {aliases: ['Huawei', 'HW'], name: '华为'})",
                                      "(set/1)-[KNOWS {since: 2021}]->(set/b)",
                                      "(set/1)-[KNOWS {since: 2021}]->(set/b)", "(set/b)"));
  ExpectUnchanged(Load());
}

TEST_F(LoadJsonLines, IsToldByContentNotByName) {
  const std::string path = Write("g.txt", kGraph);
  EXPECT_EQ(Load({path}).vertices_created, 2u);
}

TEST_F(LoadJsonLines, RestoresTheTypesThatTheOntologyDeclares) {
  Write("ontology.json", R"({"tupu_ontology": 1,
    "labels": {"A": {"properties": {"d": {"type": "date"}, "f": {"type": "float"}, "l": {"type": "date[]"}}}}})");
  Write(
      "g.jsonl",
      R"({"kind": "node", "id": 1, "labels": ["A"], "properties": {"d": "2021-10-11", "f": 1, "l": ["2021-10-11"]}})");
  Load();
  EXPECT_THAT(Contents(), ElementsAre("(set/1 :A {d: 2021-10-11, f: 1.0, l: [2021-10-11]})"));
  ExpectUnchanged(Load());
}

TEST_F(LoadJsonLines, NamesPlaceAndReasonOfABadLine) {
  const auto refused = [&](const std::string& line, const std::string& message) {
    Write("g.jsonl", "{\"kind\": \"node\", \"id\": 1}\n" + line + "\n");
    ExpectRefused(ErrorCode::kInvalidArgument, "g.jsonl:2:" + message);
  };
  refused("{\"kind\": ", "");
  refused("[1]", "1: the line is not a JSON object");
  refused("{\"id\": 2}", "1: the member \"kind\" is missing");
  refused("{\"kind\": \"edge\"}", "1: the kind is 'edge'");
  refused("{\"kind\": \"node\", \"id\": 1.5}", "1: the member \"id\" is 1.5");
  refused("{\"kind\": \"node\", \"id\": 1}", "1: the id \"1\" of group \"set\" was given at");
  refused("{\"kind\": \"node\", \"id\": 2, \"label\": []}", "1: the member \"label\" is not known");
  refused("{\"kind\": \"node\", \"id\": 2, \"labels\": [1]}", "1: the label 1 is not a text");
  refused("{\"kind\": \"node\", \"id\": 2, \"properties\": {\"p\": {}}}", "1: the property \"p\" is an object");
  refused("{\"kind\": \"node\", \"id\": 2, \"properties\": {\"p\": [1, \"a\"]}}", "1: the list \"p\" holds 'a'");
  refused("{\"kind\": \"relationship\", \"type\": \"T\", \"start\": 1, \"end\": 9}", "1: there is no end vertex \"9\"");
}

TEST_F(LoadJsonLines, PassesOverEachBadLineOnce) {
  options_.skip_bad = true;
  Write("g.jsonl",
        "{\"kind\": \"node\", \"id\": 1}\nnonsense\n{\"kind\": \"x\"}\n"
        "{\"kind\": \"relationship\", \"type\": \"T\", \"start\": 1, \"end\": 9}\n");
  EXPECT_EQ(Load().rows_skipped, 3u);
  EXPECT_THAT(Report(), HasSubstr("g.jsonl,2,"));
}

}  // namespace
}  // namespace tupu
