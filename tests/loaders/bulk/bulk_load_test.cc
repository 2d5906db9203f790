#include "loaders/bulk/bulk_load.h"

#include "storage/catalog/graph_statistics.h"
#include "tests/loaders/bulk/bulk_load_fixture.h"

namespace tupu {
namespace {

TEST_F(BulkLoadTest, WritesTheSameBytesAsATransaction) {
  WriteFirms(60'000);  // several chunks a file, hubs with split lists, blocks of places that chunks share
  const Loaded loaded = ExpectSame();
  EXPECT_EQ(loaded.summary.edges_created, 60'000u);
  EXPECT_EQ(loaded.summary.vertices_created, 6'000u);
}

TEST_F(BulkLoadTest, AllKindsOfColumnsAreTheSame) {
  Write("nodes.csv",
        "\xEF\xBB\xBFkey:ID,name,aliases:string[],founded:date,at:datetime,big:long,share:float,listed:boolean,"
        "scores:float[],note,:LABEL,x:IGNORE\r\n"
        "a,\"Ａlpha \"\"One\"\" "
        "GmbH\",甲;Alpha,2001-02-03,2020-01-01T00:00:00+08:00,-9007199254740993,0.125,true,1;2.5,\"two\n"
        "lines\",Firm;Organization,skip\r\n"
        "b,  乙  公司 ,,,,,1e300,false,,\"\",Firm,\r\n"
        "\r\n"
        "\"c,1\",Çelik É,É;é,,,+5,-0.0,,,,,\r\n");
  Write("edges.csv",
        ":START_ID,:END_ID,:TYPE,since:int,period,weight:double\n"
        "a,b,OWNS,2001,2001-07,0.5\nb,a,OWNS,,2002,0.25\na,a,OWNS,2003,,\na,b,OWNS,2001,2001-07,0.5\n"
        "a,\"c,1\",KNOWS,,,\n");
  options_.source = "report-1";
  const Loaded loaded = ExpectSame();
  EXPECT_EQ(loaded.summary.edges_created, 5u);
}

TEST_F(BulkLoadTest, AllFormsOfEdgeRowsAreTheSame) {
  std::string numbers = "id:ID(n){id-type:long},name\n";
  std::string texts = "id:ID(t),name\n";
  for (int i = 0; i < 40; ++i) {
    numbers += fmt::format("{},Ａ {}\n", i < 20 ? i : i * 1'000'000'007L, i);
    texts += fmt::format("{},B\n", i < 10   ? fmt::format("00{}", i)
                                   : i < 20 ? std::to_string(i)
                                            : fmt::format("t{}", i));
  }
  Write("numbers.csv", numbers);
  Write("texts.csv", texts);
  // Several chunks: the first of a file is not read fast.
  const std::vector<std::string> tails = {"KNOWS,2001,0.5,plain",
                                          "KNOWS,,,",
                                          "OWNS,-7,-0.25,\"with, comma\"",
                                          "OWNS,0012,1e3,",
                                          "KNOWS,999999999999999999,123456789012345,x",
                                          "\"KNOWS\",9223372036854775807,0.1234567890123456,\"\"",
                                          "OWNS,-0,-0.0,零件",
                                          "OWNSHIP,1,12.50,a\"b",
                                          "OWN,-999999999999999999,-100,2021-10"};
  std::string rows = ":START_ID(n),:END_ID(t),:TYPE,since:int,weight:float,note\n";
  for (int i = 0; i < 40'000; ++i) {
    const long start = i % 40 < 20 ? i % 40 : i % 40 * 1'000'000'007L;
    const int end = i * 7 % 40;
    const std::string id = end < 10   ? fmt::format("00{}", end)
                           : end < 20 ? std::to_string(end)
                                      : fmt::format("t{}", end);
    rows += fmt::format("{},{},{}\n", i % 11 == 0 ? fmt::format("\"{}\"", start) : std::to_string(start), id,
                        tails[i / 5 % tails.size()]);
  }
  Write("edges.csv", rows);
  EXPECT_EQ(ExpectSame().summary.edges_created, 40'000u);
}

TEST_F(BulkLoadTest, BadRowsAreTheSameOnesInTheSameOrder) {
  WriteFirms(20'000);
  Append("nodes_firm.csv", "3,twice,Firm\n70000,\xff,Firm\nx,no number,Firm\n70001,fine,Firm\n");
  Append("edges_supplies.csv",
         "1,2,SUPPLIES,no,0.5\n1,999999,SUPPLIES,2001,0.5\n1,2,,2001,0.5\n1,2,SUPPLIES\n5,6,SUPPLIES,2001,0.5\n");
  options_.skip_bad = true;
  const Loaded loaded = ExpectSame();
  EXPECT_EQ(loaded.summary.rows_skipped, 7u);
  options_.skip_bad = false;
  ExpectSame();
}

TEST_F(BulkLoadTest, TheFirstBadRowEndsTheLoad) {
  WriteFirms(20'000);
  Append("edges_offers.csv", "1,2,OFFERS,2001,half\n");
  Append("edges_supplies.csv", "1,nobody,SUPPLIES,2001,0.5\n");
  const Loaded loaded = ExpectSame();
  ASSERT_TRUE(loaded.error.has_value());
  EXPECT_THAT(loaded.error->message, ::testing::HasSubstr("edges_offers.csv:2402:"));
}

TEST_F(BulkLoadTest, TheOntologyIsEnforced) {
  WriteFirms(5'000);
  Write("ontology.json",
        R"({"tupu_ontology": 1, "labels": {"Firm": {"properties": {"name": {"type": "string", "required": true}}}},
    "edge_types": {"PARTNERS_WITH": {"ends": [["Firm", "Firm"]], "symmetric": true,
    "properties": {"weight": {"type": "float"}}}}})");
  ExpectSame();
  Append("nodes_firm.csv", "90000,,Firm\n1,,Firm\n");
  Append("edges_partners_with.csv", "1,490,PARTNERS_WITH,2001,0.5\n1,2,PARTNERS_WITH,2001,\n");
  options_.skip_bad = true;
  const Loaded loaded = ExpectSame();
  EXPECT_EQ(loaded.summary.rows_skipped, 3u) << loaded.report;
}

TEST_F(BulkLoadTest, WhatIsNotExactGoesByATransaction) {
  WriteFirms(1'000);
  Write("more.jsonl", R"({"kind":"node","id":"x","labels":["Firm"],"properties":{"name":"x"}})");
  EXPECT_THAT(ExpectSame(false).summary.why_not_bulk, ::testing::HasSubstr("JSON Lines"));
  std::filesystem::remove(folder_ / "more.jsonl");
  Write("edges_malformed.csv", ":START_ID,:END_ID,:TYPE,note\n1,2,OWN,\"a\"b\n1,2,OWN,\"c\nd\"\n");
  options_.skip_bad = true;
  EXPECT_THAT(ExpectSame(false).summary.why_not_bulk, ::testing::HasSubstr("malformed"));
}

TEST_F(BulkLoadTest, TwoDataSetsWithOneIdGoByATransaction) {
  Write("a/nodes.csv", "id:ID(firm),name\n1,One\n2,Two\n");
  Write("b/nodes.csv", "id:ID(firm),city\n2,Bonn\n3,Kiel\n");
  const std::vector<std::string> both = {(folder_ / "a").string(), (folder_ / "b").string()};
  const LoaderSummary summary = Load(both);
  EXPECT_FALSE(summary.bulk);
  EXPECT_EQ(summary.vertices_created, 3u);
  EXPECT_EQ(summary.vertices_merged, 1u);
}

TEST_F(BulkLoadTest, ASecondLoadFindsEverythingAndWritesNothing) {
  WriteFirms(10'000);
  EXPECT_TRUE(Load().bulk);
  const LoaderSummary again = Load();
  EXPECT_TRUE(again.bulk) << again.why_not_bulk;
  ExpectUnchanged(again);
  EXPECT_EQ(again.vertices_unchanged, 1'000u);
  EXPECT_EQ(again.edges_unchanged, 10'000u);
}

TEST_F(BulkLoadTest, NewDataGoIntoAFilledDatabase) {
  stored_folder_ = (folder_.parent_path() / "stored").string();
  ASSERT_TRUE(WriteFirmGraph(FirmGraph({.edges = 20'000, .seed = 9}), stored_folder_).has_value());
  // Another id group: all vertices are new; label sets, names, blocks of places go on where the stored ones end.
  WriteFirms(20'000);
  EXPECT_EQ(ExpectSame().summary.vertices_created, 2'000u);
  // Edges between stored vertices, of a type that has none yet; hubs get long lists.
  std::string rows = ":START_ID(stored),:END_ID(set),:TYPE,since:int,note\n";
  std::string back = ":START_ID(set),:END_ID(stored),:TYPE,since:int\n";
  for (int i = 0; i < 30'000; ++i) {
    rows += std::to_string(i * 7919 % 3 == 0 ? 5 : i * 7919 % 2000) + "," + std::to_string(i * 31 % 2000) + ",KNOWS," +
            std::to_string(i % 50) + ",n" + std::to_string(i % 9) + "\n";
    // Their in-lists are stored ones that become longer, split ones among them.
    back += std::to_string(i * 17 % 2000) + "," + std::to_string(i % 40 == 0 ? i % 2000 : i % 3) + ",SUPPLIES," +
            std::to_string(i % 50) + "\n";
  }
  Write("edges_knows.csv", rows);
  Write("edges_back.csv", back);
  EXPECT_EQ(ExpectSame().summary.edges_created, 80'000u);
}

TEST_F(BulkLoadTest, WhatMayBeStoredAlreadyGoesByATransaction) {
  stored_folder_ = (folder_.parent_path() / "stored").string();
  ASSERT_TRUE(WriteFirmGraph(FirmGraph({.edges = 1'000, .seed = 9}), stored_folder_).has_value());
  Write("nodes.csv", "id:ID(stored){id-type:long},name\n1,again\n");
  EXPECT_THAT(ExpectSame(false).summary.why_not_bulk, ::testing::HasSubstr("changes a vertex of the database"));
  Write("nodes.csv", "id:ID(stored){id-type:long},name\n100000,new\n");
  std::ofstream(stored_folder_ + "/edges_own.csv")
      << ":START_ID,:END_ID,:TYPE,since:int,sources:string[]\n1,2,OWNS,2001,a\n1,2,OWNS,2001,b\n2,1,OWNS,2002,\n";
  Write("edges.csv", ":START_ID(stored),:END_ID(stored),:TYPE,since:int,sources:string[]\n1,2,OWNS,2001,c\n");
  EXPECT_THAT(ExpectSame(false).summary.why_not_bulk, ::testing::HasSubstr("may mean a stored edge that it changes"));
  Write("edges.csv", "ref:ID,:START_ID(stored),:END_ID(stored),:TYPE\nr1,1,2,OWNS\n");
  EXPECT_THAT(ExpectSame(false).summary.why_not_bulk, ::testing::HasSubstr("rows with an :ID"));
  std::filesystem::remove(folder_ / "edges.csv");
  Write("ontology.json", R"({"tupu_ontology": 1, "labels": {"Firm": {}}})");
  EXPECT_THAT(ExpectSame(false).summary.why_not_bulk, ::testing::HasSubstr("change the ontology"));
}

TEST_F(BulkLoadTest, IndexesAndConstraintsHoldThroughALoad) {
  Must(store_->CreateIndex({"by_name", EntityKind::kVertex, "Firm", {"name"}}, {}));
  Must(store_->CreateIndex({"by_since", EntityKind::kEdge, "OWNS", {"since"}}, {}));
  AddConstraint(*store_, ConstraintKind::kUnique, EntityKind::kVertex, "Firm", {"code"}, "one_code");
  Write("nodes.csv", "id:ID,name,code:int,:LABEL\na,Alpha,1,Firm\nb,Beta,2,Firm\nc,Alpha,,Firm\nd,Alpha,3,Person\n");
  Write("edges.csv",
        ":START_ID,:END_ID,:TYPE,since:int\na,b,OWNS,2001\nb,c,OWNS,2001\nc,a,OWNS,2002\nc,a,KNOWS,2001\n");
  EXPECT_TRUE(Load().bulk);
  EXPECT_EQ(CountOf("by_name", Value("Alpha")), 2u);
  EXPECT_EQ(CountOf("one_code", Value(2)), 1u);
  EXPECT_EQ(CountOf("by_since", Value(2001)), 2u);

  Write("nodes.csv", "id:ID,name,code:int,:LABEL\ne,Epsilon,7,Firm\nf,Phi,2,Firm\n");
  Write("edges.csv", ":START_ID,:END_ID,:TYPE,since:int\n");
  ExpectRefused(ErrorCode::kConstraint, "nodes.csv:3: vertices 1 and ");
  ExpectRefused(
      ErrorCode::kConstraint,
      "{code: 2}; the constraint \"one_code\" forbids it: change one, or merge them; vertex 1 is in the database");
  EXPECT_EQ(CountOf("by_name", Value("Epsilon")), 0u);
  Write("nodes.csv", "id:ID,name,code:int,:LABEL\ne,Epsilon,7,Firm\nf,Phi,8,Firm\n");
  EXPECT_TRUE(Load().bulk);
  EXPECT_EQ(CountOf("one_code", Value(7)), 1u);
}

/// Of vertices and edges, of one property and of two, unique and not; no index is on what only the stored data have.
void AddFirmIndexes(GraphStore& store) {
  for (const IndexRequest& request :
       {IndexRequest{"by_name", EntityKind::kVertex, "Firm", {"name"}},
        IndexRequest{"by_name_and_id", EntityKind::kVertex, "Firm", {"name", "id"}},
        IndexRequest{"products", EntityKind::kVertex, "Product", {"id"}},
        IndexRequest{"nothing", EntityKind::kVertex, "Person", {"name"}},
        IndexRequest{"by_since", EntityKind::kEdge, "SUPPLIES", {"since"}},
        IndexRequest{"by_weight_and_since", EntityKind::kEdge, "OFFERS", {"weight", "since"}}}) {
    EXPECT_TRUE(store.CreateIndex(request, {}).has_value());
  }
}

TEST_F(BulkLoadTest, EntriesOfIndexesAreTheSameBytes) {
  prepare_ = [](GraphStore& store) {
    AddFirmIndexes(store);
    AddConstraint(store, ConstraintKind::kKey, EntityKind::kVertex, "Region", {"id", "name"}, "region_key");
    AddConstraint(store, ConstraintKind::kExists, EntityKind::kEdge, "SUPPLIES", {"since"}, "since_is_there");
  };
  WriteFirms(60'000);
  ExpectSame();
}

TEST_F(BulkLoadTest, EntriesOfIndexesAreTheSameBytesInAFilledDatabase) {
  prepare_ = [](GraphStore& store) {
    AddFirmIndexes(store);
    AddConstraint(store, ConstraintKind::kUnique, EntityKind::kVertex, "Firm", {"code"}, "one_code");
    AddConstraint(store, ConstraintKind::kUnique, EntityKind::kEdge, "OWNS", {"ref"}, "one_ref");
  };
  stored_folder_ = (folder_.parent_path() / "stored").string();
  ASSERT_TRUE(WriteFirmGraph(FirmGraph({.edges = 20'000, .seed = 9}), stored_folder_).has_value());
  WriteFirms(20'000);
  // Unique values on both sides of the stored ones, between them, dense and sparse.
  std::string stored = "id:ID(more),code:int,:LABEL\n";
  std::string fresh = "id:ID(new),code:int,:LABEL\n";
  std::string stored_edges = ":START_ID(more),:END_ID(more),:TYPE,ref:int\n";
  std::string fresh_edges = ":START_ID(new),:END_ID(new),:TYPE,ref:int\n";
  for (int i = 0; i < 3'000; ++i) {
    const int dense = i < 1'000 ? i : i * 1'000;
    stored += fmt::format("{},{},Firm\n", i, dense * 2);
    fresh += fmt::format("{},{},Firm\n", i, i % 3 == 0 ? i * 2 + 1 : dense * 2 - 999'999'999);
    stored_edges += fmt::format("{},{},OWNS,{}\n", i, i, i * 10);
    fresh_edges += fmt::format("{},{},OWNS,{}\n", i, 0, i * 10 + 5);
  }
  std::ofstream(stored_folder_ + "/more.csv") << stored;
  std::ofstream(stored_folder_ + "/more_edges.csv") << stored_edges;
  Write("more.csv", fresh);
  Write("more_edges.csv", fresh_edges);
  ExpectSame();
  Append("more_edges.csv", "1,1,OWNS,29990\n");
  EXPECT_THAT(ExpectSameRefusal(ErrorCode::kConstraint),
              ::testing::AllOf(::testing::HasSubstr("more_edges.csv, from line "), ::testing::HasSubstr("{ref: 29990}"),
                               ::testing::HasSubstr("\"one_ref\""), ::testing::HasSubstr("is in the database")));
}

TEST_F(BulkLoadTest, AUniqueValueGivenTwiceIsRefused) {
  prepare_ = [](GraphStore& store) {
    AddConstraint(store, ConstraintKind::kUnique, EntityKind::kVertex, "Firm", {"code", "city"}, "one_code");
  };
  std::string rows = "id:ID,code:float,city,:LABEL\n";
  for (int i = 0; i < 20'000; ++i) rows += fmt::format("{},{},c{},Firm\n", i, i / 2, i % 2);
  Write("nodes.csv", rows);
  ExpectSame();
  Append("nodes.csv", "x,7.0,c1,Firm\n");
  Write("others.csv", "id:ID(other),code:int,city,:LABEL\n1,7,c1,Person\n2,7,,Firm\n");
  const std::string message = ExpectSameRefusal(ErrorCode::kConstraint);
  EXPECT_THAT(message, ::testing::StartsWith(
                           InFolder("nodes.csv:20002: vertices 15 and 20000 of \"Firm\" have the same {code: 7")));
  EXPECT_THAT(message, ::testing::EndsWith("vertex 15 was given at " + InFolder("nodes.csv:17")));
}

TEST_F(BulkLoadTest, MissingAndWronglyTypedPropertiesAreRefused) {
  prepare_ = [](GraphStore& store) {
    AddConstraint(store, ConstraintKind::kExists, EntityKind::kVertex, "Firm", {"code"}, "has_code");
    AddConstraint(store, ConstraintKind::kExists, EntityKind::kEdge, "OWNS", {"since"}, "has_since");
    ConstraintRequest type;
    type.name = "code_type";
    type.schema = "Firm";
    type.properties = {"code"};
    type.kind = ConstraintKind::kType;
    type.types = PropertyTypeSet::Of(ValueType::kInteger, false);
    Must(store.CreateConstraint(type, {}));
  };
  Write("nodes.csv", "id:ID,code:int,:LABEL\na,1,Firm\nb,,Person\nc,3,Firm\nd,,Firm\ne,,Firm\n");
  EXPECT_THAT(
      ExpectSameRefusal(ErrorCode::kConstraint),
      ::testing::AllOf(::testing::StartsWith(InFolder("nodes.csv:5: vertex 3")), ::testing::HasSubstr("\"has_code\"")));
  Write("nodes.csv", "id:ID,code,:LABEL\na,one,Firm\n");
  EXPECT_THAT(ExpectSameRefusal(ErrorCode::kConstraint), ::testing::HasSubstr("code_type"));
  Write("nodes.csv", "id:ID,code:int,:LABEL\na,1,Firm\n");
  Write("edges.csv", ":START_ID,:END_ID,:TYPE,since:int\na,a,OWNS,1\na,a,KNOWS,\n");
  ExpectSame();
  Append("edges.csv", "a,a,OWNS,\n");
  EXPECT_THAT(
      ExpectSameRefusal(ErrorCode::kConstraint),
      ::testing::AllOf(::testing::HasSubstr("edges.csv, from line 1 on: edge 2"), ::testing::HasSubstr("has_since")));
}

TEST_F(BulkLoadTest, DeclaredKeysHoldThroughALoad) {
  const std::string ontology = R"({"tupu_ontology": 1, "labels": {
      "Organization": {"key": ["code", "land"], "properties": {"code": {"type": "int"}, "land": {"type": "string"}}},
      "Firm": {"parents": ["Organization"]}, "Person": {}}})";
  Write("ontology.json", ontology);
  std::string rows = "id:ID,code:int,land,:LABEL\n";
  for (int i = 0; i < 20'000; ++i)
    rows += fmt::format("{},{},{},{}\n", i, i / 2, i % 2 == 0 ? "甲" : "乙", i % 3 == 0 ? "Firm" : "Organization");
  Write("nodes.csv", rows);
  ExpectSame();

  stored_folder_ = (folder_.parent_path() / "stored").string();
  std::filesystem::create_directories(stored_folder_);
  std::ofstream(stored_folder_ + "/ontology.json") << ontology;
  std::ofstream(stored_folder_ + "/nodes.csv") << "id:ID,code:int,land,:LABEL\n1,7,丙,Firm\n2,7,丁,Firm\n";
  ExpectSame();
  Append("nodes.csv", "x,7,丁,Firm\n");
  EXPECT_THAT(ExpectSameRefusal(ErrorCode::kConstraint),
              ::testing::AllOf(
                  ::testing::StartsWith(InFolder("nodes.csv:20002: vertices 1 and 20002 of label \"Organization\"")),
                  ::testing::HasSubstr("{code: 7, land: '丁'}"), ::testing::HasSubstr("vertex 1 is in")));
}

TEST_F(BulkLoadTest, ADeclaredKeyGivenTwiceIsRefusedOrPassedOver) {
  Write("ontology.json",
        R"({"tupu_ontology": 1, "labels": {"Firm": {"key": ["code"], "properties": {"code": {"type": "int"}}}}})");
  Write("nodes.csv", "id:ID,code:int,:LABEL\na,1,Firm\nb,2,Firm\nc,1,Firm\n");
  EXPECT_THAT(ExpectSameRefusal(ErrorCode::kConstraint),
              ::testing::AllOf(::testing::StartsWith(InFolder("nodes.csv:4: vertices 0 and 2")),
                               ::testing::EndsWith("vertex 0 was given at " + InFolder("nodes.csv:2"))));
  options_.skip_bad = true;
  const Loaded loaded = ExpectSame(false);
  EXPECT_EQ(loaded.summary.rows_skipped, 1u);
  EXPECT_THAT(loaded.summary.why_not_bulk, ::testing::HasSubstr("one declared key"));
}

TEST_F(BulkLoadTest, AnIndexMadeAfterALoadInBulkHasAllOfIt) {
  WriteFirms(20'000);
  ASSERT_TRUE(Load().bulk);
  Must(store_->CreateIndex({"by_since", EntityKind::kEdge, "SUPPLIES", {"since"}}, {}));
  const auto view = *store_->Snapshot();
  const EdgeTypeId type = *view->catalog().edge_types().Find("SUPPLIES");
  EXPECT_EQ(view->statistics().Find(view->indexes().FindIndex("by_since")->id)->entries, view->CountEdges(type));
}

TEST_F(BulkLoadTest, AStoppedLoadLeavesNothing) {
  WriteFirms(60'000);
  options_.progress = [&](uint64_t, uint64_t, LoadPhase phase) {
    if (phase == LoadPhase::kEdges) options_.cancellation.Cancel();
  };
  ExpectRefused(ErrorCode::kCancelled, "stopped");
  options_.progress = nullptr;
  options_.cancellation = {};
  EXPECT_TRUE(Load().bulk);
}

TEST_F(BulkLoadTest, WritesAfterItGoOn) {
  WriteFirms(1'000);
  ASSERT_TRUE(Load().bulk);
  const auto transaction = std::move(*store_->BeginWrite());
  const VertexId vertex = *transaction->CreateVertex({transaction->InternLabel("Firm")}, {});
  EXPECT_EQ(ToInteger(vertex), 100u);
  const EdgeReference edge = *transaction->CreateEdge(vertex, transaction->InternEdgeType("SUPPLIES"), VertexId{0}, {});
  EXPECT_EQ(ToInteger(edge.id), 1'000u);
  ASSERT_TRUE(transaction->Commit().has_value());
  const auto view = *store_->Snapshot();
  EXPECT_EQ(view->CountVertices(std::nullopt), 101u);
  EXPECT_EQ(view->CountEdges(std::nullopt), 1'001u);
}

}  // namespace
}  // namespace tupu
