// The executable as a user meets it: a small data set loaded once, then commands, their output and exit statuses.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tupu/value_json.h>

#include "child_process.h"

namespace tupu {

namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kInput = 3;
constexpr int kStopped = 4;

void WriteFile(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Wide enough that a cross product of it runs for hours.
std::string ManyNodes() {
  std::string text = "id:ID,:LABEL\n";
  for (int i = 0; i < 3000; ++i) text += "n" + std::to_string(i) + ",Number\n";
  return text;
}

class CommandLine : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    root_ = fs::temp_directory_path() / ("tupu-command-line-" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_ / "small");
    WriteFile(root_ / "small/ontology.json", R"({
      "tupu_ontology": 1,
      "families": {"cooperation": {}, "ownership": {}, "activity": {}},
      "labels": {"Organization": {"display": {"zh": "组织"}}, "Firm": {"parents": ["Organization"], "display": {"zh": "企业"}}},
      "edge_types": {
        "PARTNERS_WITH": {"family": "cooperation", "symmetric": true, "key": ["about"], "properties": {"about": {"type": "string"}}, "display": {"zh": "合作", "en": "partners with"}},
        "CO_BUILDS": {"family": "cooperation", "via": "end", "display": {"zh": "共建", "en": "co-builds"}},
        "SUBSIDIARY_OF": {"family": "ownership", "display": {"zh": "隶属"}},
        "OPERATES_IN": {"family": "activity", "display": {"zh": "从事"}}}})");
    WriteFile(root_ / "small/nodes.csv",
              "id:ID,:LABEL,name,aliases:string[],kind\n"
              "1,Organization;Firm,华为,Huawei,\n2,Organization;Firm,腾讯,,\n3,Organization;Firm,腾讯云,,\n"
              "4,Organization;Firm,超图,,\n5,Organization;Firm,平行世界,,动画\n6,Concept,平行世界,,概念\n"
              "7,Center,鹏城云脑,,\n8,Segment,数字孪生,,\n9,Organization;Firm,51WORLD,,\n");
    WriteFile(root_ / "small/edges.csv",
              ":START_ID,:END_ID,:TYPE,about,role,sources:string[]\n"
              "1,4,PARTNERS_WITH,GIS,,r#1\n1,7,CO_BUILDS,,建设,r#2\n3,7,CO_BUILDS,,云,r#3\n3,2,SUBSIDIARY_OF,,,\n"
              "4,8,OPERATES_IN,,,\n9,8,OPERATES_IN,,,\n");
    fs::create_directories(root_ / "numbers");
    WriteFile(root_ / "numbers/nodes.csv", ManyNodes());
    const ChildResult loaded = Run({"load", "-d", "db", "small", "numbers"});
    ASSERT_EQ(loaded.status, kDone) << loaded.err;
    ASSERT_THAT(loaded.out, HasSubstr("3009"));
  }
  static void TearDownTestSuite() { fs::remove_all(root_); }

  static ChildResult Run(const std::vector<std::string>& arguments, ChildOptions options = {}) {
    if (options.folder.empty()) options.folder = root_.string();
    return RunTupu(arguments, options);
  }

  static fs::path root_;
};

fs::path CommandLine::root_;

}  // namespace

TEST_F(CommandLine, ListsPartnersWithTheirReasons) {
  const ChildResult result = Run({"partners", "huawei"});
  EXPECT_EQ(result.status, kDone);
  EXPECT_EQ(result.out,
            "partner  relation       about      via       sources\n"
            "───────  ─────────────  ─────────  ────────  ──────────\n"
            "超图     partners with  GIS                  [r#1]\n"
            "腾讯云   co-builds      建设 / 云  鹏城云脑  [r#2, r#3]\n");
  EXPECT_EQ(result.err, "华为: 2 partners, 2 reasons\n");
}

TEST_F(CommandLine, CountsBrandsInWithGroup) {
  EXPECT_THAT(Run({"partners", "腾讯"}).err, HasSubstr("0 partners"));
  const ChildResult result = Run({"partners", "腾讯", "--group", "--format", "csv"});
  EXPECT_EQ(result.out,
            "partner,brand,relation,about,via,sources\n华为,腾讯云,co-builds,云 / "
            "建设,鹏城云脑,\"[\"\"r#2\"\",\"\"r#3\"\"]\"\n");
  // The picture says whose brand it is.
  EXPECT_THAT(Run({"partners", "腾讯", "--group", "--format", "dot", "--lang", "zh"}).out, HasSubstr("隶属"));
}

TEST_F(CommandLine, SpeaksTheLanguageAskedFor) {
  EXPECT_THAT(Run({"partners", "华为", "--lang", "zh"}).out, StartsWith("伙伴"));
  EXPECT_THAT(Run({"partners", "华为"}, {.environment = {"LANG=zh_CN.UTF-8"}}).out, HasSubstr("合作"));
  EXPECT_THAT(Run({"partners", "无此公司", "--lang", "zh"}).err, StartsWith("错误: 没有叫"));
}

TEST_F(CommandLine, SaysWhenOnlySegmentsConnect) {
  const ChildResult result = Run({"path", "51WORLD", "超图"});
  EXPECT_EQ(result.status, kDone);
  EXPECT_THAT(result.err, HasSubstr("No stated cooperation or ownership connects 51WORLD and 超图"));
  EXPECT_THAT(result.out, HasSubstr("segments and products only"));
  const ChildResult bonds = Run({"path", "超图", "腾讯"});
  EXPECT_EQ(bonds.err, "");
  EXPECT_THAT(bonds.out, HasSubstr("超图 -[partners with: GIS]- 华为 -[co-builds: 建设]-> 鹏城云脑"));
}

TEST_F(CommandLine, ListsCandidatesOfAnAmbiguousName) {
  const ChildResult result = Run({"partners", "平行世界"});
  EXPECT_EQ(result.status, kFailed);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, HasSubstr("2 are called 平行世界"));
  EXPECT_THAT(result.err, HasSubstr("kind: 动画"));
  EXPECT_EQ(Run({"partners", "Firm:平行世界"}).status, kDone);
}

TEST_F(CommandLine, SuggestsTheNearestName) {
  const ChildResult result = Run({"partners", "华维"});
  EXPECT_EQ(result.status, kFailed);
  EXPECT_THAT(result.err, HasSubstr("did you mean 华为"));
}

TEST_F(CommandLine, FindsByAliasAndByPart) {
  EXPECT_THAT(Run({"find", "HUAWEI", "--format", "csv"}).out, HasSubstr("Huawei,exact,2"));
  const ChildResult part = Run({"find", "孪生"});
  EXPECT_EQ(part.status, kDone);
  EXPECT_THAT(part.out, HasSubstr("数字孪生"));
  EXPECT_EQ(Run({"find", "qqqqqqqq"}).status, kFailed);
}

TEST_F(CommandLine, RanksByCentralityAndCountsTheEdgesBehind) {
  const ChildResult result = Run({"centrality", "--format", "csv"});
  EXPECT_EQ(result.status, kDone) << result.err;
  EXPECT_EQ(result.out, "rank,name,kind,betweenness,edges\n1,华为,\"Firm, Organization\",1.0,2\n");
  const ChildResult unknown = Run({"centrality", "betweeness"});
  EXPECT_EQ(unknown.status, kUsage);
  EXPECT_THAT(unknown.err, HasSubstr("betweenness"));
}

TEST_F(CommandLine, DescribesAnEcosystem) {
  const ChildResult result = Run({"ecosystem", "华为"});
  EXPECT_EQ(result.status, kDone) << result.err;
  EXPECT_THAT(result.out, HasSubstr("数字孪生"));
}

TEST_F(CommandLine, PrintsJsonAsDesigned) {
  const ChildResult result =
      Run({"query", "MATCH (a {name: '华为'})-[r:CO_BUILDS]->(c) RETURN a, r, c.name AS n", "--format", "json"});
  ASSERT_EQ(result.status, kDone) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  const Result<Value> json = ParseJson(result.out);
  ASSERT_TRUE(json.has_value()) << result.out;
  EXPECT_EQ(json->AsMap().at("columns"), Value(List{Value("a"), Value("r"), Value("n")}));
  const List& row = json->AsMap().at("rows").AsList().at(0).AsList();
  EXPECT_EQ(row[0].AsMap().at("properties").AsMap().at("name"), Value("华为"));
  EXPECT_EQ(row[1].AsMap().at("type"), Value("CO_BUILDS"));
  EXPECT_TRUE(row[1].AsMap().contains("start") && row[1].AsMap().contains("end"));
  EXPECT_EQ(row[2], Value("鹏城云脑"));
}

TEST_F(CommandLine, PassesParameters) {
  const ChildResult result =
      Run({"query", "-p", "n=\"华为\"", "--param=k=3", "RETURN $n AS n, $k + 1 AS k", "--format", "jsonl"});
  EXPECT_EQ(result.out, "{\"n\":\"华为\",\"k\":4}\n") << result.err;
  EXPECT_EQ(Run({"query", "-p", "n=华为", "RETURN $n"}).status, kUsage);
}

TEST_F(CommandLine, PointsAtTheMistakeInAQuery) {
  const ChildResult result = Run({"query", "RETURN '华为' AS a,\n  missing"});
  EXPECT_EQ(result.status, kFailed);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, StartsWith("error: 2:3: "));
  EXPECT_THAT(result.err, HasSubstr("\n    missing\n    ^^^^^^^\n"));
}

TEST_F(CommandLine, CountsPlacesFromTheFileInScripts) {
  WriteFile(root_ / "two.cypher", "RETURN 1 AS one;\n// a comment; not a statement\nRETURN ';' AS s, oops;\n");
  const ChildResult result = Run({"query", "-f", "two.cypher", "--format", "csv"});
  EXPECT_EQ(result.status, kFailed);
  EXPECT_EQ(result.out, "one\n1\n");
  EXPECT_THAT(result.err, HasSubstr("two.cypher:3:18:"));
  EXPECT_EQ(Run({"query", "-", "--format", "csv"}, {.input = "RETURN 1 AS a; RETURN 2 AS b"}).out, "a\n1\nb\n2\n");
}

TEST_F(CommandLine, WritesOnlyWhereItMay) {
  const std::string write = "CREATE (:Note {name: 'n'})";
  const ChildResult refused = Run({"query", "--read-only", write});
  EXPECT_EQ(refused.status, kFailed) << refused.err;
  EXPECT_THAT(Run({"query", "--read-only", "CALL { CALL { CREATE () } } RETURN 1"}).err, HasSubstr("read-only"));
  EXPECT_THAT(Run({"query", "--read-only", "FOREACH (x IN [1] | CREATE ())"}).err, HasSubstr("read-only"));
  fs::remove_all(root_ / "writable");
  ASSERT_EQ(Run({"load", "-d", "writable", "small"}).status, kDone);
  const ChildResult done = Run({"query", "-d", "writable", write});
  EXPECT_EQ(done.status, kDone) << done.err;
  EXPECT_THAT(done.err, HasSubstr("1 nodes created"));
  EXPECT_EQ(Run({"query", "-d", "writable", "MATCH (n:Note) RETURN count(n) AS c", "--format", "csv"}).out, "c\n1\n");
  fs::remove_all(root_ / "writable");
}

TEST_F(CommandLine, ReadsCsvFromTheImportFolder) {
  fs::create_directories(root_ / "import");
  WriteFile(root_ / "import/a.csv", "name\nx\ny\n");
  const std::string query = "LOAD CSV WITH HEADERS FROM 'file:///a.csv' AS row RETURN row.name AS name";
  EXPECT_EQ(Run({"query", "--import-dir", "import", query, "--format", "csv"}).out, "name\nx\ny\n");
  const ChildResult refused = Run({"query", query});
  EXPECT_EQ(refused.status, kFailed);
  EXPECT_THAT(refused.err, HasSubstr("--import-dir DIR"));
}

TEST_F(CommandLine, LimitsRows) {
  const ChildResult result = Run({"query", "-n", "2", "UNWIND [1, 2, 3] AS x RETURN x"});
  EXPECT_EQ(result.out, "x\n─\n1\n2\n");
  EXPECT_THAT(result.err, HasSubstr("and more"));
}

TEST_F(CommandLine, StopsAtTheTimeLimit) {
  const ChildResult result =
      Run({"query", "--timeout", "0.3", "MATCH (a:Number), (b:Number), (c:Number) RETURN count(*)"});
  EXPECT_EQ(result.status, kStopped) << result.out << result.err;
  EXPECT_THAT(result.err, HasSubstr("time limit"));
}

TEST_F(CommandLine, StopsAtTheMemoryLimit) {
  const ChildResult result = Run({"query", "--memory", "8", "MATCH (a:Number), (b:Number) RETURN collect([a, b])"});
  EXPECT_EQ(result.status, kStopped) << result.err;
  EXPECT_THAT(result.err, HasSubstr("memory"));
}

TEST_F(CommandLine, StopsOnInterrupt) {
  const ChildResult result =
      Run({"query", "MATCH (a:Number), (b:Number), (c:Number) RETURN count(*)"}, {.interrupt_after_ms = 700});
  EXPECT_EQ(result.status, kStopped) << result.err;
}

TEST_F(CommandLine, DrawsPictures) {
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"partners", "华为"},
                                             {"ecosystem", "华为"},
                                             {"path", "超图", "腾讯"},
                                             {"export", "--around", "华为", "--depth", "2"},
                                             {"query", "MATCH (a:Firm)-[r]->(b) RETURN a, r, b"}}) {
    std::vector<std::string> words = command;
    words.insert(words.end(), {"-o", "picture.svg", "--lang", "zh"});
    const ChildResult result = Run(words);
    ASSERT_EQ(result.status, kDone) << command[0] << ": " << result.err;
    EXPECT_THAT(result.out, IsEmpty());
    const std::string svg = ReadFile(root_ / "picture.svg");
    EXPECT_THAT(svg, HasSubstr("<svg")) << command[0];
    EXPECT_THAT(svg, HasSubstr("华为")) << command[0];
    fs::remove(root_ / "picture.svg");
  }
  EXPECT_THAT(Run({"partners", "华为", "--format", "png"}).out, StartsWith("\x89PNG"));
}

TEST_F(CommandLine, SaysThatAnAnswerHasNothingToDraw) {
  const ChildResult result = Run({"query", "RETURN 1", "-o", "nothing.svg"});
  EXPECT_EQ(result.status, kFailed);
  EXPECT_THAT(result.err, HasSubstr("nothing to draw"));
  EXPECT_FALSE(fs::exists(root_ / "nothing.svg"));
}

TEST_F(CommandLine, SaysThatGraphvizIsMissing) {
  const ChildResult result = Run({"partners", "华为", "-o", "p.svg"}, {.environment = {"PATH=/nonexistent"}});
  EXPECT_EQ(result.status, kFailed);
  EXPECT_THAT(result.err, HasSubstr("Graphviz"));
  EXPECT_EQ(Run({"partners", "华为", "-o", "p.dot"}, {.environment = {"PATH=/nonexistent"}}).status, kDone);
}

TEST_F(CommandLine, ExportsWhatItCanLoadAgain) {
  ASSERT_EQ(Run({"export", "-o", "all.jsonl"}).status, kDone);
  const std::string lines = ReadFile(root_ / "all.jsonl");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 3009 + 6);
  EXPECT_THAT(lines, StartsWith("{\"kind\":\"node\",\"id\":"));
  ASSERT_EQ(Run({"export", "--labels", "Firm", "--format", "csv", "-o", "again"}).status, kDone);
  const ChildResult loaded = Run({"load", "-d", ":memory:", "again"});
  EXPECT_EQ(loaded.status, kDone) << loaded.err;
  EXPECT_THAT(loaded.out, HasSubstr("nodes            6"));
}

TEST_F(CommandLine, ShowsSchemaAndStats) {
  const ChildResult schema = Run({"schema", "--format", "csv"});
  EXPECT_THAT(schema.out, HasSubstr("edge type,CO_BUILDS,co-builds,2,family cooperation; via its end")) << schema.err;
  EXPECT_THAT(Run({"stats", "--format", "csv"}).out, HasSubstr("vertices,,3009\nedges,,6\n"));
}

TEST_F(CommandLine, MakesIndexesAndPlansByThem) {
  ASSERT_EQ(Run({"load", "-d", "indexed", "small"}).status, kDone);
  const ChildResult made = Run({"query", "-d", "indexed", "CREATE INDEX firm_kind FOR (f:Firm) ON (f.kind, f.name)"});
  EXPECT_EQ(made.status, kDone) << made.err;
  EXPECT_THAT(made.out + made.err, HasSubstr("1 indexes added"));
  const ChildResult plan = Run({"query", "-d", "indexed", "--format", "csv",
                                "EXPLAIN MATCH (f:Firm {kind: '动画'}) WHERE f.name STARTS WITH '平' RETURN f.name"});
  EXPECT_THAT(plan.out, HasSubstr("NodeIndexSeek  f:Firm(kind = '动画', name STARTS WITH '平') index firm_kind"))
      << plan.err;
  EXPECT_THAT(Run({"schema", "-d", "indexed", "--format", "csv"}).out,
              HasSubstr("index,firm_kind,,1,\"Firm (kind, name)\""));
  EXPECT_EQ(Run({"stats", "-d", "indexed", "--refresh"}).status, kDone);
  EXPECT_THAT(Run({"stats", "-d", "indexed", "--format", "csv"}).out, HasSubstr("firm_kind,1"));
  const ChildResult refused = Run({"query", "-d", "indexed", "--read-only", "DROP INDEX firm_kind"});
  EXPECT_EQ(refused.status, kFailed);
  const ChildResult inside = Run({"query", "-d", "indexed", "BEGIN; DROP INDEX firm_kind; COMMIT;"});
  EXPECT_EQ(inside.status, kFailed);
  EXPECT_THAT(inside.err, HasSubstr("not changed within a transaction"));
  EXPECT_THAT(inside.err, HasSubstr("^^^^"));
  const ChildResult unused = Run({"query", "-d", "indexed", "CREATE INDEX FOR (f:Frim) ON (f.kind)"});
  EXPECT_EQ(unused.status, kDone);
  EXPECT_THAT(unused.err, HasSubstr("no node has the label \"Frim\" yet. Did you mean Firm?"));
  EXPECT_EQ(Run({"check", "-d", "indexed"}).status, kDone);
  const ChildResult unknown = Run({"query", "-d", "indexed", "DROP INDEX firm_sort"});
  EXPECT_EQ(unknown.status, kFailed);
  EXPECT_THAT(unknown.err, HasSubstr("there is no index \"firm_sort\""));
  fs::remove_all(root_ / "indexed");
}

TEST_F(CommandLine, RefusesWrongUsage) {
  const ChildResult option = Run({"partners", "华为", "--detph", "2"});
  EXPECT_EQ(option.status, kUsage);
  EXPECT_THAT(option.out, IsEmpty());
  EXPECT_THAT(option.err, HasSubstr("unknown option --detph"));
  EXPECT_THAT(option.err, HasSubstr("did you mean --depth?"));
  const ChildResult command = Run({"partnres", "华为"});
  EXPECT_EQ(command.status, kUsage);
  EXPECT_THAT(command.err, HasSubstr("did you mean partners?"));
  EXPECT_EQ(Run({"partners"}).status, kUsage);
  EXPECT_EQ(Run({"query", "RETURN 1", "--as-of", "2021"}).status, kUsage);
  EXPECT_EQ(Run({"query", "RETURN 1", "-o", "x.docx"}).status, kUsage);
}

TEST_F(CommandLine, ChoosesTheDatabase) {
  EXPECT_EQ(Run({"stats"}).status, kDone);
  EXPECT_EQ(Run({"-d", (root_ / "db").string(), "stats"}, {.folder = "/"}).status, kDone);
  EXPECT_EQ(Run({"stats"}, {.folder = "/", .environment = {"TUPU_DB=" + (root_ / "db").string()}}).status, kDone);
  const fs::path empty = root_ / "small";
  const ChildResult none = Run({"stats"}, {.folder = empty.string()});
  EXPECT_EQ(none.status, kUsage);
  EXPECT_THAT(none.err, HasSubstr("-d DIR"));
}

TEST_F(CommandLine, SaysWhatIsWrongWithADatabase) {
  const ChildResult missing = Run({"stats", "-d", "nowhere"});
  EXPECT_EQ(missing.status, kInput);
  EXPECT_THAT(missing.err, HasSubstr("there is no database at nowhere"));
  EXPECT_FALSE(fs::exists(root_ / "nowhere"));
  WriteFile(root_ / "file", "this is not a database");
  const ChildResult file = Run({"stats", "-d", "file"});
  EXPECT_EQ(file.status, kInput) << file.err;
  EXPECT_EQ(ReadFile(root_ / "file"), "this is not a database");
  const ChildResult folder = Run({"stats", "-d", "small"});
  EXPECT_EQ(folder.status, kInput) << folder.err;
}

TEST_F(CommandLine, ReportsOutputThatCannotBeWritten) {
  const ChildResult folder = Run({"partners", "华为", "-o", "no/such/folder/x.json"});
  EXPECT_EQ(folder.status, kInput);
  EXPECT_THAT(folder.err, HasSubstr("no/such/folder/x.json"));
  const ChildResult full = Run({"partners", "华为"}, {.stdout_path = "/dev/full"});
  EXPECT_EQ(full.status, kInput);
  EXPECT_THAT(full.err, HasSubstr("No space left"));
}

TEST_F(CommandLine, EndsQuietlyWhenNobodyReads) {
  const std::string command =
      std::string("{ ") + TUPU_EXECUTABLE +
      " query -d db 'UNWIND range(1, 200000) AS x RETURN x' 2>err; echo $? > status; } | head -1";
  ASSERT_EQ(::system(("cd " + root_.string() + " && " + command + " > /dev/null").c_str()), 0);
  EXPECT_EQ(ReadFile(root_ / "err"), "");
  EXPECT_EQ(ReadFile(root_ / "status"), "0\n");
}

TEST_F(CommandLine, HelpsOnEveryCommand) {
  const ChildResult overview = Run({"help"});
  EXPECT_EQ(overview.status, kDone);
  for (const char* part : {"Ask", "Draw", "Bring in and out", "Care", "ecosystem"})
    EXPECT_THAT(overview.out, HasSubstr(part));
  EXPECT_EQ(Run({}).out, overview.out);
  EXPECT_EQ(Run({"--help"}).out, overview.out);
  const ChildResult partners = Run({"help", "partners"});
  EXPECT_THAT(partners.out, HasSubstr("--depth N"));
  EXPECT_THAT(partners.out, Not(HasSubstr("--as-of")));
  EXPECT_EQ(Run({"partners", "--help"}).out, partners.out);
  EXPECT_EQ(Run({"import", "--help"}).out, Run({"load", "--help"}).out);
  EXPECT_THAT(Run({"--version"}).out, StartsWith("tupu "));
  EXPECT_EQ(Run({"version"}).out, Run({"--version"}).out);
}

}  // namespace tupu
