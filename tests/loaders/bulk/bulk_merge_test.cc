// Rows that mean vertices and edges which are there already, in bulk as by a transaction.

#include <random>

#include "storage/bulk/graph_bulk_load.h"
#include "tests/loaders/bulk/bulk_load_fixture.h"

namespace tupu {
namespace {

constexpr std::string_view kKeyed = R"({"tupu_ontology": 1, "edge_types": {
    "HOLDS": {"key": ["since"], "properties": {"since": {"type": "int"}}},
    "NEAR": {"key": ["kind", "share"], "symmetric": true, "properties": {"share": {"type": "float"}, "kind": {"type": "string"}}},
    "RULES": {"key": [], "properties": {"by": {"type": "string", "required": true}}}}})";

class BulkMergeTest : public BulkLoadTest {
 protected:
  BulkMergeTest() { stored_ = (folder_.parent_path() / "stored").string(); }

  void WriteStored(const std::string& name, std::string_view bytes) {
    std::filesystem::create_directories(stored_);
    std::ofstream(stored_ + "/" + name, std::ios::binary) << bytes;
    stored_folder_ = stored_;
  }

  std::string stored_;
};

TEST_F(BulkMergeTest, RowsWithOneDeclaredKeyAreOneEdge) {
  Write("ontology.json", kKeyed);
  Write("nodes.csv", "id:ID\na\nb\nc\n");
  Write("edges.csv",
        ":START_ID,:END_ID,:TYPE,since:int,kind,share:float,by,note,sources:string[]\n"
        "a,b,HOLDS,2001,,,,first,s1\n"                // 0
        "a,b,HOLDS,2002,,,,second,\n"                 // 1
        "a,b,HOLDS,2001,,,,,s2;s1\n"                  // 0: one more source
        "a,b,HOLDS,2001,,,,third,s1\n"                // 0: another note
        "a,b,HOLDS,,,,,none,\n"                       // 2
        "a,b,HOLDS,,,,,none,\n"                       // 2 again
        "b,a,NEAR,,x,0.0,,,\n"                        // 3
        "a,b,NEAR,,x,-0.0,,,\n"                       // 3: an equal key of other bytes
        "a,b,NEAR,,x,0.5,,,\n"                        // 4
        "a,c,RULES,,,,law,,\n"                        // 5
        "a,c,RULES,,,,tax,,\n"                        // 5 with a new value
        "a,c,RULES,,,,law,,\n"                        // 5 as at first
        "a,b,OWNS,2001,,,,,\na,b,OWNS,2001,,,,,\n");  // a bag: two edges
  const Loaded loaded = ExpectSame();
  EXPECT_EQ(loaded.summary.edges_created, 8u);
  EXPECT_EQ(loaded.summary.edges_merged, 2u);
  EXPECT_EQ(loaded.summary.edges_unchanged, 4u);
}

TEST_F(BulkMergeTest, KeysOfOtherTypesAndEndsAreToldApart) {
  const std::string rule = R"({"key": ["since"], "properties": {"since": {"type": "int"}}})";
  Write("ontology.json",
        fmt::format(R"({{"tupu_ontology": 1, "edge_types": {{"A": {0}, "B": {0}, "C": {0}}}}})", rule));
  std::string nodes = "id:ID\n";
  std::string rows = ":START_ID,:END_ID,:TYPE,since:int\n";
  for (int i = 0; i < 50; ++i) {
    nodes += fmt::format("{}\n", i);
    for (int end = 0; end < 50; ++end) {
      for (const std::string_view row : {"A,", "A,1", "A,2", "B,", "B,1", "C,", "C,2"})
        rows += fmt::format("{},{},{}\n", i, end, row);
    }
  }
  Write("nodes.csv", nodes);
  Write("edges.csv", rows);
  EXPECT_EQ(ExpectSame().summary.edges_created, 50u * 50 * 7);
}

TEST_F(BulkMergeTest, ARowThatDoesNotMeanItsEdgeFailsTheLoad) {
  for (const bool other_end : {true, false}) {
    const auto load = std::move(*store_->BeginBulkLoad({}));
    VertexBatch vertices;
    const uint32_t no_labels = load->vertices().LabelSet({});
    const IdGroupId group = load->InternIdGroup("g");
    for (const std::string_view id : {"a", "b", "c"}) vertices.Add({group, id}, no_labels, {}, {}, {});
    ASSERT_TRUE(load->vertices().Admit(vertices).has_value());
    BulkVertices::Feed vertex_feed(load->vertices(), load->indexes());
    ASSERT_TRUE(vertex_feed.Add(vertices).has_value() && vertex_feed.Finish().has_value());
    load->BeginEdges(2);
    load->edges().SetMergeRows([](auto...) { return Result<bool>(false); });
    EdgeBatch edges;
    const EdgeTypeId type = load->InternEdgeType("T");
    edges.Add(VertexId{0}, type, VertexId{1}, {});
    edges.Add(other_end ? VertexId{2} : VertexId{0}, type, VertexId{1}, {});
    edges.TakeOut(std::array{EdgeBatch::KnownRow{1, EdgeId{0}}}, 0);
    EXPECT_EQ(edges.size(), 1u);
    const EdgeId first = load->AdmitEdges(edges);
    BulkEdges::Feed feed(load->edges(), load->indexes());
    ASSERT_TRUE(feed.Add(edges, first).has_value() && feed.Finish().has_value());
    EXPECT_FALSE(load->Commit({}).has_value());
    EXPECT_TRUE(load->edges().any_mistaken());
  }
  EXPECT_EQ((*store_->Snapshot())->CountEdges(std::nullopt), 0u);
}

TEST_F(BulkMergeTest, KeysThatNoHeaderNames) {
  Write("ontology.json", kKeyed);
  Write("nodes.csv", "id:ID\na\nb\n");
  Write("edges_1.csv", ":START_ID,:END_ID,:TYPE,note\na,b,HOLDS,x\na,b,HOLDS,y\nb,a,NEAR,\n");
  Write("edges_2.csv", ":START_ID,:END_ID,:TYPE,zeal,since:int\na,b,HOLDS,1,\na,b,HOLDS,2,2001\n");
  EXPECT_EQ(ExpectSame().summary.edges_created, 3u);
}

TEST_F(BulkMergeTest, ARowThatOnlyMergedKeepsTheOntologyGoesByATransaction) {
  Write("ontology.json", kKeyed);
  Write("nodes.csv", "id:ID\na\nb\n");
  Write("edges.csv", ":START_ID,:END_ID,:TYPE,by,note\na,b,RULES,law,\na,b,RULES,,more\n");
  EXPECT_THAT(ExpectSame(false).summary.why_not_bulk, ::testing::HasSubstr("that the ontology refuses"));
  Write("edges.csv", ":START_ID,:END_ID,:TYPE,by,note\na,b,RULES,,more\n");
  ExpectSame(false);
  options_.skip_bad = true;
  EXPECT_EQ(ExpectSame(false).summary.rows_skipped, 1u);
}

TEST_F(BulkMergeTest, MergedEdgesThatAreIndexedGoByATransaction) {
  prepare_ = [](GraphStore& store) {
    AddConstraint(store, ConstraintKind::kExists, EntityKind::kEdge, "HOLDS", {"note"}, "noted");
  };
  Write("ontology.json", kKeyed);
  Write("nodes.csv", "id:ID\na\nb\n");
  Write("edges.csv", ":START_ID,:END_ID,:TYPE,since:int,note\na,b,HOLDS,2001,x\na,b,HOLDS,2002,y\n");
  ExpectSame();
  Append("edges.csv", "b,a,HOLDS,2001,\nb,a,HOLDS,2001,z\n");
  EXPECT_THAT(ExpectSame(false).summary.why_not_bulk, ::testing::HasSubstr("edges are indexed"));
}

TEST_F(BulkMergeTest, OwnIdsOfEdges) {
  Write("nodes.csv", "id:ID\na\nb\n");
  std::string rows = "ref:ID,:START_ID,:END_ID,:TYPE,n:int\n";
  for (int i = 0; i < 2'000; ++i) rows += fmt::format("r{},{},OWNS,{}\n", i, i % 2 == 0 ? "a,b" : "b,a", i % 7);
  Write("edges.csv", rows);
  Write("edges_more.csv", ":ID,:START_ID,:END_ID,:TYPE\nr1,a,b,OWNS\nr1,a,b,HAS\n");
  EXPECT_EQ(ExpectSame().summary.edges_created, 2'002u);
  Append("edges.csv", "r7,a,b,OWNS,1\n");
  ExpectSame(false);
  options_.skip_bad = true;
  const Loaded loaded = ExpectSame(false);
  EXPECT_EQ(loaded.summary.rows_skipped, 1u);
  EXPECT_THAT(loaded.summary.why_not_bulk, ::testing::HasSubstr("two rows have one :ID"));
}

TEST_F(BulkMergeTest, EdgesJoinStoredListsOfTheirType) {
  ASSERT_TRUE(WriteFirmGraph(FirmGraph({.edges = 20'000, .seed = 9}), stored_).has_value());
  stored_folder_ = stored_;
  // Hubs with lists in many blocks, which end elsewhere afterwards; between their edges and behind them.
  std::string rows = ":START_ID(stored),:END_ID(stored),:TYPE,since:int,weight:float,note\n";
  for (int i = 0; i < 40'000; ++i) {
    rows += fmt::format("{},{},{},{},0.5,n{}\n", i % 4 == 0 ? i % 3 : i * 7919 % 1'400, i * 31 % 1'400,
                        i % 2 == 0 ? "SUPPLIES" : "PARTNERS_WITH", 1990 + i % 30, i % 9);
  }
  Write("edges.csv", rows);
  EXPECT_EQ(ExpectSame().summary.edges_created, 40'000u);
}

TEST_F(BulkMergeTest, StoredEdgesOfABagAreTakenOnce) {
  WriteStored("nodes.csv", "id:ID\na\nb\nc\n");
  WriteStored("edges.csv",
              ":START_ID,:END_ID,:TYPE,n:int,sources:string[]\na,b,OWNS,1,\na,b,OWNS,1,\na,b,OWNS,2,s\nb,c,OWNS,1,\n");
  Write("edges.csv",
        ":START_ID(stored),:END_ID(stored),:TYPE,n:int,sources:string[]\n"
        "a,b,OWNS,1,\na,b,OWNS,3,\na,b,OWNS,1,\na,b,OWNS,1,\na,b,OWNS,2,s\na,c,OWNS,1,\n");
  const Loaded loaded = ExpectSame();
  EXPECT_EQ(loaded.summary.edges_unchanged, 3u);
  EXPECT_EQ(loaded.summary.edges_created, 3u);
}

TEST_F(BulkMergeTest, StoredEdgesWithADeclaredKey) {
  WriteStored("ontology.json", kKeyed);
  WriteStored("nodes.csv", "id:ID\na\nb\nc\n");
  WriteStored(
      "edges.csv",
      ":START_ID,:END_ID,:TYPE,since:int,by,note,sources:string[]\na,b,HOLDS,2001,,x,s1;s2\nb,c,RULES,,law,,\n");
  Write("edges.csv",
        ":START_ID(stored),:END_ID(stored),:TYPE,since:int,by,note,sources:string[]\n"
        "a,b,HOLDS,2001,,,s2\na,b,HOLDS,2002,,new,\na,b,HOLDS,2002,,newer,\na,c,HOLDS,2001,,,\nb,c,RULES,,law,,\n");
  const Loaded loaded = ExpectSame();
  EXPECT_EQ(loaded.summary.edges_unchanged, 2u);
  EXPECT_EQ(loaded.summary.edges_merged, 1u);
  EXPECT_EQ(loaded.summary.edges_created, 2u);
  Append("edges.csv", "a,b,HOLDS,2001,,y,\n");
  EXPECT_THAT(ExpectSame(false).summary.why_not_bulk, ::testing::HasSubstr("a stored edge that it changes"));
}

TEST_F(BulkMergeTest, RowsOfStoredVerticesThatChangeNothing) {
  WriteStored("nodes.csv",
              "id:ID,name,aliases:string[],n:int,:LABEL\na,Alpha,x;y,1,Firm;Bank\nb,Beta,,2,Firm\nc,Gamma,,,Person\n");
  Write("nodes.csv",
        "id:ID(stored),name,aliases:string[],n:int,:LABEL\n"
        "a,Alpha,y,1,Firm\nnew,Delta,,,Firm\nc,,,,\nb,Beta,,2,Firm\n");
  Write("edges.csv", ":START_ID(stored),:END_ID(stored),:TYPE\na,new,OWNS\nnew,c,OWNS\n");
  const Loaded loaded = ExpectSame();
  EXPECT_EQ(loaded.summary.vertices_unchanged, 3u);
  EXPECT_EQ(loaded.summary.vertices_created, 1u);
  for (const char* const row : {"b,Beta,,3,Firm\n", "b,,z,,\n", "b,,,,Bank\n", "a,Alpha,,,\n"}) {
    SCOPED_TRACE(row);
    std::string others = "id:ID(stored),name,aliases:string[],n:int,:LABEL\na,Alpha,y,1,Firm\nnew,Delta,,,Firm\n";
    Write("nodes.csv", others + row);
    ExpectSame(false);
  }
}

TEST_F(BulkMergeTest, AStoredVertexKeepsWhatTheOntologyWantsOfRows) {
  const std::string_view ontology =
      R"({"tupu_ontology": 1, "labels": {"Firm": {"properties": {"name": {"type": "string", "required": true}}}}})";
  WriteStored("ontology.json", ontology);
  WriteStored("nodes.csv", "id:ID,name,:LABEL\na,Alpha,Firm\n");
  Write("nodes.csv", "id:ID(stored),name,:LABEL\na,,Firm\nb,Beta,Firm\n");  // its row alone would lack the name
  EXPECT_EQ(ExpectSame().summary.vertices_unchanged, 1u);
}

/// Files of few ids and values, so that rows repeat one another and what is stored.
class GeneratedFiles {
 public:
  explicit GeneratedFiles(uint64_t seed) : random_(seed) {}

  std::string Nodes(const std::string& group, int begin, int end, bool change) {
    std::string rows = fmt::format("id:ID({}),name,n:int,:LABEL\n", group);
    for (int i = begin; i < end; ++i) {
      const bool other = change && Below(end - begin) == 0;
      rows += fmt::format("v{},Name {},{},{}\n", i, i % 5, other ? 99 : i % 3, i % 2 == 0 ? "Firm" : "Bank");
    }
    return rows;
  }

  std::string Edges(int vertices, int count, bool with_sources) {
    std::string rows =
        ":START_ID(g),:END_ID(g),:TYPE,since:int,kind,share:float,by,sources:string[],confidence:float\n";
    for (int i = 0; i < count; ++i) {
      const std::string_view type = kTypes[Below(4)];
      rows += fmt::format("v{},v{},{},{},{},{},{},{},{}\n", Below(vertices), Below(vertices), type, Cell(2000, 3),
                          Below(2) == 0 ? "x" : "",
                          Below(3) == 0   ? "-0.0"
                          : Below(2) == 0 ? "0.0"
                                          : "",
                          type == "RULES" || Below(2) == 0 ? (Below(2) == 0 ? "law" : "tax") : "",
                          with_sources && Below(3) == 0   ? "s1;s2"
                          : with_sources && Below(3) == 0 ? "s2"
                                                          : "",
                          with_sources && Below(8) == 0 ? "0.5" : "");
    }
    return rows;
  }

  uint64_t Below(int limit) { return random_() % static_cast<uint64_t>(limit); }

 private:
  static constexpr std::array<std::string_view, 4> kTypes = {"HOLDS", "NEAR", "RULES", "OWNS"};

  std::string Cell(int base, int values) {
    const uint64_t value = Below(values + 1);
    return value == 0 ? "" : std::to_string(base + static_cast<int>(value));
  }

  std::mt19937_64 random_;
};

TEST_F(BulkMergeTest, GeneratedFilesGiveTheSameIntoAnEmptyDatabase) {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    GeneratedFiles files(seed);
    Write("ontology.json", kKeyed);
    Write("nodes.csv", files.Nodes("g", 0, 40, false));
    const int vertices = seed % 3 == 0 ? 4 : 40;
    for (int file = 0; file < 3; ++file) {
      Write(fmt::format("edges_{}.csv", file), files.Edges(vertices, seed == 1 ? 12'000 : 400, true));
    }
    EXPECT_GT(ExpectSame().summary.edges_merged, 0u);
  }
}

TEST_F(BulkMergeTest, GeneratedFilesGiveTheSameIntoAFilledDatabase) {
  int in_bulk = 0;
  int by_transaction = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    GeneratedFiles files(seed);
    const int vertices = seed % 2 == 0 ? 300 : 30;
    const bool with_sources = seed % 4 == 3;
    const std::string stored_nodes = files.Nodes("g", 0, vertices, false);
    const std::string stored_edges = files.Edges(vertices, 300, with_sources);
    WriteStored("ontology.json", kKeyed);
    WriteStored("nodes.csv", stored_nodes);
    WriteStored("edges.csv", stored_edges);
    Write("nodes.csv", files.Nodes("g", vertices / 2, vertices * 2, seed % 5 == 0));
    // Some rows of the stored file, as a newer version of it brings them.
    std::string edges = stored_edges.substr(0, stored_edges.find('\n') + 1);
    if (seed % 3 != 0) edges = stored_edges.substr(0, stored_edges.rfind('\n', stored_edges.size() / 2) + 1);
    Write("edges.csv", edges + files.Edges(vertices * 2, 6, false).substr(edges.find('\n') + 1));
    Write("edges_more.csv", files.Edges(vertices * 2, seed % 7 == 0 ? 200 : 10, with_sources));
    const Loaded expected = LoadWith(false, 1);
    const Loaded loaded = LoadWith(true, 2);
    ++(loaded.summary.bulk ? in_bulk : by_transaction);
    EXPECT_TRUE(loaded.pairs == expected.pairs) << loaded.pairs.size() << " pairs, not " << expected.pairs.size();
    EXPECT_EQ(loaded.summary.vertices_unchanged, expected.summary.vertices_unchanged);
    EXPECT_EQ(loaded.summary.edges_created, expected.summary.edges_created);
    EXPECT_EQ(loaded.summary.edges_merged, expected.summary.edges_merged);
    EXPECT_EQ(loaded.summary.edges_unchanged, expected.summary.edges_unchanged);
  }
  RecordProperty("in_bulk", in_bulk);
  EXPECT_GT(in_bulk, 5);
  EXPECT_GT(by_transaction, 5);
}

}  // namespace
}  // namespace tupu
