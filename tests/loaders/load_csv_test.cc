#include <zlib.h>

#include "load_fixture.h"

namespace tupu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto kInvalid = ErrorCode::kInvalidArgument;
constexpr std::string_view kTwoFirms = "id:ID,name,:LABEL\na,华为,Organization;Firm\nb,超图,Firm\n";

class LoadCsv : public LoadTest {};

TEST_F(LoadCsv, LoadsVerticesThenEdgesWhateverTheNames) {
  Write("a_edges.csv", ":START_ID,:END_ID,:TYPE,since:int\na,b,KNOWS,2021\n");
  Write("b_nodes.csv", kTwoFirms);
  Write("README.md", "not data");
  const LoaderSummary summary = Load();
  EXPECT_EQ(summary.vertices_created, 2u);
  EXPECT_EQ(summary.edges_created, 1u);
  EXPECT_GT(summary.bytes, 0u);
  EXPECT_THAT(summary.notices, IsEmpty());
  EXPECT_THAT(Contents(),
              ElementsAre("(set/a :Firm :Organization {id: 'a', name: '华为'})",
                          "(set/a)-[KNOWS {since: 2021}]->(set/b)", "(set/b :Firm {id: 'b', name: '超图'})"));
}

TEST_F(LoadCsv, TypesColumnsAndLeavesEmptyCellsOut) {
  Write("n.csv",
        ":ID,i:int,f:float,b:boolean,d:date,l:string[],skip:IGNORE,empty,:LABEL\n"
        "1,-5,2.5,true,2021-10-11,x;y,secret,,A\n"
        "2,,,,,,,\"\",\n");
  Load();
  EXPECT_THAT(Contents(),
              ElementsAre("(set/1 :A {b: true, d: 2021-10-11, f: 2.5, i: -5, l: ['x', 'y']})", "(set/2 {empty: ''})"));
}

TEST_F(LoadCsv, ReadsPackedFilesAndFieldsOfSeveralLines) {
  const std::string path = (folder_ / "n.csv.gz").string();
  gzFile file = gzopen(path.c_str(), "wb");
  gzputs(file, "id:ID,text\r\n1,\"two\r\nlines, \"\"quoted\"\"\"\r\n");
  gzclose(file);
  Load();
  EXPECT_THAT(Contents(), ElementsAre(HasSubstr("lines, \"quoted\"")));
}

TEST_F(LoadCsv, KeepsGroupsApart) {
  Write("firms.csv", "id:ID(firms)\n1\n");
  Write("people.csv", "id:ID(people)\n1\n");
  Write("works.csv", ":START_ID(people),:END_ID(firms),:TYPE\n1,1,WORKS_AT\n");
  Load();
  EXPECT_THAT(Contents(),
              ElementsAre("(firms/1 {id: '1'})", "(people/1 {id: '1'})", "(people/1)-[WORKS_AT]->(firms/1)"));
}

TEST_F(LoadCsv, JoinsCompositeIds) {
  Write("n.csv", "country:ID(firm),number:ID(firm)\nCN,1\nC,N1\n");
  Write("e.csv", ":START_ID(firm),:START_ID(firm),:END_ID(firm),:END_ID(firm),:TYPE\nCN,1,C,N1,OWNS\n");
  const LoaderSummary summary = Load();
  EXPECT_EQ(summary.vertices_created, 2u);
  EXPECT_THAT(Contents(), SizeIs(3));
  ExpectUnchanged(Load());
}

TEST_F(LoadCsv, ReadsIdsByTheirType) {
  Write("n.csv", "code:ID(g){label:Firm,id-type:int},n:int\n007,1\n8,2\n");
  Write("e.csv", ":START_ID(g),:END_ID(g),:TYPE\n7,08,OWNS\n");
  Load();
  EXPECT_THAT(Contents(),
              ElementsAre("(g/7 :Firm {code: 7, n: 1})", "(g/7)-[OWNS]->(g/8)", "(g/8 :Firm {code: 8, n: 2})"));
}

TEST_F(LoadCsv, TakesAHeaderFromAFileOfItsOwn) {
  Write("firms-header.csv", "id:ID,name,:LABEL\n");
  Write("firms-1.csv", "a,华为,Firm\n");
  Write("firms-2.csv", "b,超图,Firm\n");
  Write("edges_header.csv", ":START_ID,:END_ID,:TYPE\n");
  Write("edges.csv", "a,b,KNOWS\n");
  const LoaderSummary summary = Load();
  EXPECT_EQ(summary.vertices_created, 2u);
  EXPECT_EQ(summary.edges_created, 1u);
  EXPECT_THAT(summary.notices, IsEmpty());

  NewStore();
  EXPECT_EQ(Load({(folder_ / "firms-1.csv").string()}).vertices_created, 1u);
  EXPECT_EQ(Load({(folder_ / "firms-header.csv").string() + "," + (folder_ / "firms-2.csv").string()}).vertices_created,
            1u);
}

TEST_F(LoadCsv, ReportsPlacesInDataUnderAHeaderOfItsOwn) {
  Write("firms-header.csv", "id:ID,n:int\n");
  Write("firms.csv", "a,1\nb,x\n");
  ExpectRefused(kInvalid, "firms.csv:2:3: column \"n\": \"x\" is not a whole number");
}

TEST_F(LoadCsv, TakesOtherDelimiters) {
  options_.delimiter = "TAB";
  options_.array_delimiter = '|';
  Write("n.csv", "id:ID\tl:string[]\t:LABEL\n1\tx,y|z\tA|B\n");
  Load();
  EXPECT_THAT(Contents(), ElementsAre("(set/1 :A :B {id: '1', l: ['x,y', 'z']})"));
}

TEST_F(LoadCsv, PassesOverFilesOfAFolderThatAreNoGraph) {
  Write("n.csv", "id:ID\n1\n");
  Write("expected.csv", "id,value\n1,2\n");
  Write("params.json", "{}");
  const LoaderSummary summary = Load();
  EXPECT_THAT(summary.notices, ElementsAre(HasSubstr("expected.csv: passed over: the header has neither")));
  ExpectRefused(kInvalid, "expected.csv:1:1: the header has neither", {(folder_ / "expected.csv").string()});
}

TEST_F(LoadCsv, RefusesWhatItCannotReadByName) {
  ExpectRefused(ErrorCode::kNotFound, "missing", {(folder_ / "missing").string()});
  ExpectRefused(kInvalid, "the folder holds no data set");
  Write("n.csv", "id:ID,p:point\n1,x\n");
  ExpectRefused(ErrorCode::kUnsupported, "n.csv:1:7: column \"p:point\"");
  Write("n.csv", "PK\x03\x04zip");
  ExpectRefused(ErrorCode::kUnsupported, "ZIP");
  Write("n.csv",
        "\x1f\x8b"
        "damaged");
  ExpectRefused(ErrorCode::kCorruption, "n.csv: the gzip data");
  Write("n.csv", "id:ID\n1\n");
  options_.delimiter = "ab";
  ExpectRefused(kInvalid, "is not a delimiter");
}

TEST_F(LoadCsv, NamesPlaceAndReasonOfABadRow) {
  const auto bad_vertices = [&](std::string_view text, const std::string& message, ErrorCode code = kInvalid) {
    Write("n.csv", text);
    ExpectRefused(code, "n.csv:" + message);
  };
  bad_vertices("id:ID,n:int\n1,\"2\n\"\n2,2.5\n", "4:3: column \"n\": \"2.5\" is not a whole number");
  bad_vertices("id:ID,name\n1,x\n2\n", "3:2: the row has 1 fields, the header 2");
  bad_vertices("id:ID,name\n1,x,y\n", "2:5: the row has 3 fields, the header 2");
  bad_vertices("id:ID,name\n,x\n", "2:1: the id is empty");
  bad_vertices("name,id:ID\n超图,1\nx,1\n", "3:3: the id \"1\" of group \"set\" was given at ");
  bad_vertices("id:ID,name\n1,\"x\n", "2:3: the quote that opens here is never closed");
  bad_vertices("id:ID,name\n1,\"x\"y\n", "2:6: text follows a closing quote");
  bad_vertices("id:ID,name\n1,\xFF\n", "2:3: byte 0xFF is not UTF-8");
  bad_vertices("id:ID{id-type:int},name\nx,y\n", "2:1: \"x\" is not a whole number");

  Write("n.csv", kTwoFirms);
  const auto bad_edges = [&](std::string_view text, const std::string& message) {
    Write("e.csv", text);
    ExpectRefused(kInvalid, "e.csv:" + message);
  };
  bad_edges(":START_ID,:END_ID,:TYPE\na,b,T\nx,b,T\n", "3:1: there is no start vertex \"x\" in the group \"set\"");
  bad_edges(":START_ID,:END_ID(g),:TYPE\na,b,T\n", "2:3: there is no end vertex \"b\" in the group \"g\"");
  bad_edges(":START_ID,:END_ID,:TYPE\na,b,\n", "2:5: the type is empty");
  bad_edges(":ID,:START_ID,:END_ID,:TYPE\n,a,b,T\n", "2:1: the id of the edge is empty");
  bad_edges(":ID,:START_ID,:END_ID,:TYPE\n1,a,b,T\n1,a,b,T\n", "3:1: the edge id '1' was given at ");
}

TEST_F(LoadCsv, LeavesNothingOfAFailedLoad) {
  Write("n.csv", kTwoFirms);
  Load();
  Write("n.csv", "id:ID,name,:LABEL,new\na,other,New,x\nc,c,New,x\n");
  Write("e.csv", ":START_ID,:END_ID,:TYPE\na,c,T\na,missing,T\n");
  ExpectRefused(kInvalid, "e.csv:3:3: there is no end vertex");
  EXPECT_EQ((*store_->Snapshot())->CountVertices(std::nullopt), 2u);
  EXPECT_EQ((*store_->Snapshot())->CountEdges(std::nullopt), 0u);
}

TEST_F(LoadCsv, PassesOverBadRowsAndReportsThem) {
  options_.skip_bad = true;
  Write("n.csv", "id:ID,n:int,name\n1,1,a\n2,x,\"b, \"\"c\"\"\"\n1,1,again\n3,3,\"d\" e\n4,4\n5,5,\xFF\n6,6,f\n");
  Write("e.csv", ":START_ID,:END_ID,:TYPE\n1,6,T\n1,2,T\n");
  const LoaderSummary summary = Load();
  EXPECT_EQ(summary.vertices_created, 2u);
  EXPECT_EQ(summary.edges_created, 1u);
  EXPECT_EQ(summary.rows_skipped, 6u);
  EXPECT_EQ(summary.report_file, options_.report_file);
  const std::string report = Report();
  EXPECT_THAT(report, ::testing::StartsWith("file,line,column,reason\n"));
  for (const char* line : {"n.csv,3,3,\"column \"\"n\"\": \"\"x\"\" is not a whole number\"\n",
                           "n.csv,4,1,\"the id \"\"1\"\"", "n.csv,5,8,", "n.csv,6,4,", "n.csv,7,5,", "e.csv,3,3,"})
    EXPECT_THAT(report, HasSubstr(line));
  EXPECT_EQ(std::count(report.begin(), report.end(), '\n'), 7);
  // The same again: nothing is written, the same rows are reported.
  const LoaderSummary again = Load();
  ExpectUnchanged(again);
  EXPECT_EQ(again.rows_skipped, 6u);
}

TEST_F(LoadCsv, WritesNoReportWithoutBadRows) {
  options_.skip_bad = true;
  Write("n.csv", kTwoFirms);
  EXPECT_EQ(Load().report_file, "");
  EXPECT_FALSE(std::filesystem::exists(options_.report_file));
}

TEST_F(LoadCsv, EndsAtAQuoteThatIsNeverClosedEvenWhenPassingOverBadRows) {
  options_.skip_bad = true;
  Write("n.csv", "id:ID,name\n1,a\n2,\"b\n3,c\n");
  ExpectRefused(kInvalid, "n.csv:3:3: the quote that opens here");
}

TEST_F(LoadCsv, GivesRowsWithoutSourcesTheSourceOfTheLoad) {
  options_.source = "caict-2021";
  Write("n.csv", "id:ID,sources:string[]\na,\nb,other#1\n");
  Write("e.csv", ":START_ID,:END_ID,:TYPE\na,b,T\n");
  Load();
  EXPECT_THAT(Contents(),
              ElementsAre("(set/a {id: 'a', sources: ['caict-2021']})",
                          "(set/a)-[T {sources: ['caict-2021']}]->(set/b)", "(set/b {id: 'b', sources: ['other#1']})"));
  ExpectUnchanged(Load());
}

TEST_F(LoadCsv, TellsItsProgressAndStopsWhenAskedTo) {
  std::string text = "id:ID\n";
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + "\n";
  Write("n.csv", text);
  uint64_t last = 0;
  options_.progress = [&](uint64_t done, uint64_t total, LoadPhase) {
    EXPECT_GE(done, last);
    EXPECT_LE(done, total);
    last = done;
    if (done > 0) options_.cancellation.Cancel();
  };
  ExpectRefused(ErrorCode::kCancelled, "stopped");
  EXPECT_GT(last, 0u);
}

}  // namespace
}  // namespace tupu
