#include "load_fixture.h"

namespace tupu {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::string_view kNodes = "id:ID\na\nb\nc\n";

class LoadIdentity : public LoadTest {
 protected:
  /// The edges only.
  std::vector<std::string> Edges() const {
    std::vector<std::string> edges = Contents();
    std::erase_if(edges, [](const std::string& line) { return line.find("]->") == std::string::npos; });
    return edges;
  }
};

TEST_F(LoadIdentity, MergesAVertexThatIsKnown) {
  Write("n.csv", "id:ID,name,city,aliases:string[],sources:string[],:LABEL\na,华为,深圳,Huawei,s1,Firm\n");
  Load();
  Write("n.csv", "id:ID,name,city,aliases:string[],sources:string[],:LABEL\na,华为技术,,HW;Huawei,s2,Vendor\n");
  const LoaderSummary summary = Load();
  EXPECT_EQ(summary.vertices_merged, 1u);
  const auto merged = ElementsAre(
      "(set/a :Firm :Vendor {aliases: ['Huawei', 'HW'], city: '深圳', id: 'a', name: '华为技术', sources: ['s1', "
      "'s2']})");
  EXPECT_THAT(Contents(), merged);
  const LoaderSummary again = Load();
  ExpectUnchanged(again);
  EXPECT_EQ(again.vertices_unchanged, 1u);
  EXPECT_THAT(Contents(), merged);
}

TEST_F(LoadIdentity, KeepsTheGroupAcrossLoads) {
  Write("n.csv", kNodes);
  Load();
  // Files by themselves belong to the data set of their folder.
  ExpectUnchanged(Load({(folder_ / "n.csv").string()}));
  // An edge file alone finds the vertices of an earlier load.
  Write("only/e.csv", ":START_ID(set),:END_ID(set),:TYPE\na,b,T\n");
  EXPECT_EQ(Load({(folder_ / "only").string()}).edges_created, 1u);
  // The same ids in another set are others.
  Write("other/n.csv", kNodes);
  EXPECT_EQ(Load({(folder_ / "other").string()}).vertices_created, 3u);
}

TEST_F(LoadIdentity, TakesTheDataSetNameOfTheOntology) {
  Write("n.csv", kNodes);
  Write("ontology.json", R"({"tupu_ontology": 1, "data_set": "named"})");
  Load();
  EXPECT_THAT(Contents(), Contains("(named/a {id: 'a'})"));
  EXPECT_TRUE((*store_->Snapshot())->ontology().empty());
}

TEST_F(LoadIdentity, MayMeetAVertexOfAnotherSetInOneLoad) {
  Write("x/n.csv", "id:ID(g),n:int,:LABEL\n1,1,A\n");
  Write("y/n.csv", "id:ID(g),n:int,:LABEL\n1,2,B\n");
  const std::vector<std::string> both = {(folder_ / "x").string(), (folder_ / "y").string()};
  const LoaderSummary summary = Load(both);
  EXPECT_EQ(summary.vertices_created, 1u);
  EXPECT_EQ(summary.vertices_merged, 1u);
  EXPECT_THAT(Contents(), ElementsAre("(g/1 :A :B {id: '1', n: 2})"));
  // The first row says n = 1 again and the second takes it back: nothing is written.
  ExpectUnchanged(Load(both));
}

TEST_F(LoadIdentity, CountsRowsWithoutIdentityAsABag) {
  Write("n.csv", kNodes);
  Write("e.csv", ":START_ID,:END_ID,:TYPE,n:int\na,b,T,1\na,b,T,1\na,b,T,2\na,b,T,\nb,a,T,1\na,a,T,1\n");
  EXPECT_EQ(Load().edges_created, 6u);
  const std::vector<std::string> before = Contents();
  const LoaderSummary again = Load();
  ExpectUnchanged(again);
  EXPECT_EQ(again.edges_unchanged, 6u);
  EXPECT_EQ(Contents(), before);
  // One row more of a kind is one edge more.
  Write("e.csv", ":START_ID,:END_ID,:TYPE,n:int\na,b,T,1\na,b,T,1\na,b,T,1\n");
  EXPECT_EQ(Load().edges_created, 1u);
  ExpectUnchanged(Load());
}

TEST_F(LoadIdentity, FindsTheEdgesOfAHubAgainInTimeThatGrowsWithThem) {
  std::string nodes = "id:ID\n";
  std::string edges = ":START_ID,:END_ID,:TYPE,n:int\n";
  constexpr int kEdges = 30'000;
  for (int i = 0; i < kEdges; ++i) {
    nodes += std::to_string(i) + "\n";
    edges += "0," + std::to_string(i % 20'000) + ",T," + std::to_string(i) + "\n";
  }
  Write("n.csv", nodes);
  Write("e.csv", edges);
  const double first = Load().seconds;
  const LoaderSummary again = Load();
  ExpectUnchanged(again);
  EXPECT_EQ(again.edges_unchanged, kEdges + 0u);
  EXPECT_LT(again.seconds, 10 + 20 * first);  // a quadratic search takes minutes
}

TEST_F(LoadIdentity, LeavesSourcesAndConfidenceOutOfABag) {
  Write("n.csv", kNodes);
  Write("e.csv", ":START_ID,:END_ID,:TYPE,n:int,sources:string[],confidence:float\na,b,T,1,s1,0.5\n");
  Load();
  Write("e.csv", ":START_ID,:END_ID,:TYPE,n:int,sources:string[],confidence:float\na,b,T,1,s2,0.9\n");
  const LoaderSummary summary = Load();
  EXPECT_EQ(summary.edges_created, 0u);
  EXPECT_EQ(summary.edges_merged, 1u);
  EXPECT_THAT(Edges(), ElementsAre("(set/a)-[T {confidence: 0.9, n: 1, sources: ['s1', 's2']}]->(set/b)"));
  ExpectUnchanged(Load());
}

TEST_F(LoadIdentity, GivesEachRowOfABagTheEdgeThatHoldsIt) {
  Write("n.csv", kNodes);
  Write("e.csv", ":START_ID,:END_ID,:TYPE,sources:string[]\na,b,T,s1\na,b,T,s2\n");
  EXPECT_EQ(Load().edges_created, 2u);
  // In the other order, and after one edge took in a source.
  Write("e.csv", ":START_ID,:END_ID,:TYPE,sources:string[]\na,b,T,s2\na,b,T,s1\n");
  ExpectUnchanged(Load());
  Write("e.csv", ":START_ID,:END_ID,:TYPE,sources:string[]\na,b,T,s3\na,b,T,s1\n");
  const LoaderSummary summary = Load();
  EXPECT_EQ(summary.edges_merged, 1u);
  EXPECT_THAT(Edges(),
              ElementsAre("(set/a)-[T {sources: ['s1']}]->(set/b)", "(set/a)-[T {sources: ['s2', 's3']}]->(set/b)"));
  ExpectUnchanged(Load());
}

constexpr std::string_view kKeyed = R"({"tupu_ontology": 1, "edge_types": {
  "PARTNERS_WITH": {"symmetric": true, "key": ["about"], "properties": {"about": {"type": "string"}}},
  "OWNS": {"key": []}}})";

TEST_F(LoadIdentity, FindsAnEdgeByTheKeyOfItsType) {
  Write("n.csv", kNodes);
  Write("ontology.json", kKeyed);
  Write("e.csv",
        ":START_ID,:END_ID,:TYPE,about,note,sources:string[]\n"
        "a,b,PARTNERS_WITH,cloud,x,s1\n"
        "b,a,PARTNERS_WITH,cloud,y,s2;s1\n"  // the same fact, seen from the other side
        "a,b,PARTNERS_WITH,maps,,s1\n"
        "a,b,PARTNERS_WITH,,,s1\n"  // no subject is a subject of its own
        "a,b,OWNS,,,s1\n"
        "b,a,OWNS,,,s1\n"
        "a,b,OWNS,,z,s2\n");
  const LoaderSummary summary = Load();
  EXPECT_EQ(summary.edges_created, 5u);
  EXPECT_EQ(summary.edges_merged, 2u);
  const auto edges =
      ElementsAre("(set/a)-[OWNS {note: 'z', sources: ['s1', 's2']}]->(set/b)",
                  "(set/a)-[PARTNERS_WITH {about: 'cloud', note: 'y', sources: ['s1', 's2']}]->(set/b)",
                  "(set/a)-[PARTNERS_WITH {about: 'maps', sources: ['s1']}]->(set/b)",
                  "(set/a)-[PARTNERS_WITH {sources: ['s1']}]->(set/b)", "(set/b)-[OWNS {sources: ['s1']}]->(set/a)");
  EXPECT_THAT(Edges(), edges);
  const LoaderSummary again = Load();
  ExpectUnchanged(again);
  EXPECT_EQ(again.edges_unchanged, 7u);
  EXPECT_THAT(Edges(), edges);
}

TEST_F(LoadIdentity, FindsAnEdgeByItsOwnId) {
  Write("n.csv", kNodes);
  Write("e.csv", "deal:ID,:START_ID,:END_ID,:TYPE,n:int\nd1,a,b,BOUGHT,1\nd2,a,b,BOUGHT,1\n");
  EXPECT_EQ(Load().edges_created, 2u);
  ExpectUnchanged(Load());
  Write("e.csv", "deal:ID,:START_ID,:END_ID,:TYPE,n:int\nd2,a,b,BOUGHT,5\n");
  EXPECT_EQ(Load().edges_merged, 1u);
  EXPECT_THAT(Edges(), ElementsAre("(set/a)-[BOUGHT {deal: 'd1', n: 1}]->(set/b)",
                                   "(set/a)-[BOUGHT {deal: 'd2', n: 5}]->(set/b)"));
  Write("e.csv", "deal:ID,:START_ID,:END_ID,:TYPE,n:int\nd2,a,c,BOUGHT,5\n");
  ExpectRefused(ErrorCode::kInvalidArgument, "e.csv:2:1: the edge id 'd2' belongs to an edge between other vertices");
}

TEST_F(LoadIdentity, KeepsAnUnnamedEdgeIdAsItsProperty) {
  Write("n.csv", kNodes);
  Write("e.csv", ":ID,:START_ID,:END_ID,:TYPE\n1,a,b,T\n2,a,b,T\n");
  Load();
  EXPECT_THAT(Edges(), ElementsAre("(set/a)-[T {id: '1'}]->(set/b)", "(set/a)-[T {id: '2'}]->(set/b)"));
  ExpectUnchanged(Load());
}

class LoadOntology : public LoadTest {};

constexpr std::string_view kTyped = R"({"tupu_ontology": 1,
  "labels": {"Organization": {"properties": {"name": {"type": "string", "required": true}}},
             "Firm": {"parents": ["Organization"]}, "Centre": {}},
  "edge_types": {"BUILDS": {"ends": [["Organization", "Centre"]], "properties": {"pct": {"type": "float"}}}}})";

TEST_F(LoadOntology, ChecksEachRow) {
  Write("ontology.json", kTyped);
  Write("n.csv", "id:ID,name,:LABEL\na,华为,Firm\nb,,Firm\n");
  ExpectRefused(ErrorCode::kConstraint, "n.csv:3:1: label \"Organization\" requires the property \"name\"");
  Write("n.csv", "id:ID,name,:LABEL\na,华为,Firm\nc,,Centre\n");
  Write("e.csv", ":START_ID,:END_ID,:TYPE,pct:int\nc,a,BUILDS,1\n");
  ExpectRefused(ErrorCode::kConstraint, "e.csv:2:1: edge type \"BUILDS\" does not join :Centre to :Firm");
  Write("e.csv", ":START_ID,:END_ID,:TYPE,pct:int\na,c,BUILDS,1\n");
  ExpectRefused(ErrorCode::kConstraint, "e.csv:2:1: edge type \"BUILDS\" declares the property \"pct\" as float");
  Write("e.csv", ":START_ID,:END_ID,:TYPE,pct:float\na,c,BUILDS,1\n");
  Load();
  ExpectUnchanged(Load());
  EXPECT_NE((*store_->Snapshot())->ontology().FindLabel("Firm"), nullptr);
}

TEST_F(LoadOntology, PassesOverRowsThatBreakIt) {
  options_.skip_bad = true;
  Write("ontology.json", kTyped);
  Write("n.csv", "id:ID,name,:LABEL\na,华为,Firm\nb,,Firm\nc,,Centre\n");
  Write("e.csv", ":START_ID,:END_ID,:TYPE\na,c,BUILDS\nc,a,BUILDS\n");
  const LoaderSummary summary = Load();
  EXPECT_EQ(summary.rows_skipped, 2u);
  EXPECT_THAT(Contents(), SizeIs(3));
}

TEST_F(LoadOntology, KeepsDeclaredKeysUnique) {
  Write("ontology.json", R"({"tupu_ontology": 1, "labels": {
    "Organization": {"properties": {"code": {"type": "string"}}, "key": ["code"]}, "Firm": {"parents": ["Organization"]}}})");
  Write("n.csv", "id:ID,code,:LABEL\na,1,Organization;Firm\nb,2,Organization;Firm\nc,1,Organization;Firm\n");
  ExpectRefused(ErrorCode::kConstraint,
                "n.csv:4: vertices 0 and 2 of label \"Organization\" have the same key {code: '1'}");
  options_.bulk = false;
  ExpectRefused(ErrorCode::kConstraint,
                "n.csv:4:1: the key ['1'] of label \"Organization\" was given to the vertex \"a\"");
  options_.bulk = true;
  Write("n.csv", "id:ID,code,:LABEL\na,1,Organization;Firm\nb,2,Organization;Firm\n");
  Load();
  Write("n.csv", "id:ID,code,:LABEL\nd,2,Organization;Firm\n");
  ExpectRefused(ErrorCode::kConstraint, "Organization");
}

TEST_F(LoadOntology, AsksOfAKnownVertexOnlyWhatIsMissing) {
  Write("ontology.json", kTyped);
  Write("n.csv", "id:ID,name,:LABEL\na,华为,Firm\n");
  Load();
  Write("n.csv", "id:ID,aliases:string[]\na,Huawei\n");
  EXPECT_EQ(Load().vertices_merged, 1u);
}

TEST_F(LoadOntology, TakesAFileByOptionOrByPath) {
  const std::string path = Write("elsewhere/o.json", kTyped);
  Write("n.csv", "id:ID,name,:LABEL\nb,,Firm\n");
  options_.ontology_file = path;
  ExpectRefused(ErrorCode::kConstraint, "n.csv:2:1: ");
  options_.ontology_file.clear();
  ExpectRefused(ErrorCode::kConstraint, "n.csv:2:1: ", {folder_.string(), path});
  Write("ontology.json", R"({"tupu_ontology": 1, "rules": []})");
  ExpectRefused(ErrorCode::kUnsupported, "ontology.json: ontology: rules: this version does not know");
}

TEST_F(LoadOntology, AddsToWhatTheStoreDeclares) {
  Write("ontology.json", kTyped);
  Write("n.csv", "id:ID,name,:LABEL\na,华为,Firm\n");
  Load();
  Write("x/ontology.json", R"({"tupu_ontology": 1, "labels": {"Person": {}}})");
  Write("x/n.csv", "id:ID,:LABEL\np,Person\n");
  Load({(folder_ / "x").string()});
  const auto view = *store_->Snapshot();
  EXPECT_NE(view->ontology().FindLabel("Firm"), nullptr);
  EXPECT_NE(view->ontology().FindLabel("Person"), nullptr);
}

}  // namespace
}  // namespace tupu
