// A healthy store is clean; each kind of damage, written over the keys of a store in memory, is found where it is, and
// nothing else is.

#include "storage/check/check_graph.h"

#include <array>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/graph/graph_store.h"
#include "storage/graph/schema_change.h"
#include "storage/keys/adjacency_block.h"
#include "storage/keys/bytes.h"
#include "storage/keys/edge_places.h"
#include "storage/keys/graph_counts.h"
#include "storage/keys/index_record.h"
#include "storage/keys/membership.h"
#include "storage/keys/property_row.h"
#include "storage/keys/vertex_record.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

constexpr std::string_view kOntology = R"({
  "tupu_ontology": 1,
  "labels": {"Organization": {"key": ["code"], "properties": {"code": {"type": "int"}}},
             "Firm": {"parents": ["Organization"]}},
  "edge_types": {"OWNS": {}}})";

/// Lets a test write beside the graph store that owns the keys.
class SharedKv : public KvStore {
 public:
  explicit SharedKv(std::shared_ptr<KvStore> kv) : kv_(std::move(kv)) {}
  Result<std::shared_ptr<const KvSnapshot>> Snapshot() const override { return kv_->Snapshot(); }
  Status Write(std::span<const KvWrite> batch, std::span<const KvPrecondition> preconditions, bool sync) override {
    return kv_->Write(batch, preconditions, sync);
  }
  Status Checkpoint(const std::string& directory) override { return kv_->Checkpoint(directory); }
  Result<KvStats> Stats() const override { return kv_->Stats(); }

 private:
  const std::shared_ptr<KvStore> kv_;
};

/// Vertices 0 (hub), 1 to 9, and 1,200 more that the hub owns, so that its list is long. Edges 0..1199: hub OWNS the many;
/// 1200: (1)-[:OWNS {share: 5}]->(2); 1201: (2)-[:USES]->(2), a loop; 1202, 1203: (3)-[:USES]->(4) twice.
class CheckGraphTest : public testing::Test {
 protected:
  CheckGraphTest() : kv_(OpenMemoryStore()) {
    store_ = Must(GraphStore::OpenOn(std::make_unique<SharedKv>(kv_), {}));
    auto transaction = Must(store_->BeginWrite());
    MustBeDone(transaction->SetOntology(kOntology));
    owns_ = transaction->InternEdgeType("OWNS");
    uses_ = transaction->InternEdgeType("USES");
    firm_ = transaction->InternLabel("Firm");
    const PropertyKeyId name = transaction->InternPropertyKey("name");
    const PropertyKeyId code = transaction->InternPropertyKey("code");
    const PropertyKeyId share = transaction->InternPropertyKey("share");
    for (int i = 0; i < 1210; ++i) {
      Properties properties = {{code, Value(i)}};
      if (i < 10) properties.emplace_back(name, Value("Firm " + std::to_string(i)));
      std::optional<ExternalId> id;
      if (i < 10) id = ExternalId{"set", std::to_string(i)};
      Must(transaction->CreateVertex({firm_}, properties, id));
    }
    for (uint64_t i = 10; i < 1210; ++i) {
      Must(transaction->CreateEdge(VertexId{0}, owns_, static_cast<VertexId>(i), {{share, Value("part")}}));
    }
    Must(transaction->CreateEdge(VertexId{1}, owns_, VertexId{2}, {{share, Value(5)}}));
    Must(transaction->CreateEdge(VertexId{2}, uses_, VertexId{2}, {}));
    Must(transaction->CreateEdge(VertexId{3}, uses_, VertexId{4}, {}));
    Must(transaction->CreateEdge(VertexId{3}, uses_, VertexId{4}, {}));
    MustBeDone(transaction->Commit());
  }

  CheckReport Check() { return Must(CheckGraph(*kv_, {})); }

  std::string Get(Keyspace space, const std::string& key) {
    auto value = Must(Must(kv_->Snapshot())->Get(space, key));
    EXPECT_TRUE(value.has_value()) << "the test names a key that is not there";
    return value.value_or("");
  }
  void Put(Keyspace space, std::string key, std::optional<std::string> value) {
    MustBeDone(kv_->Write(std::vector<KvWrite>{{space, std::move(key), std::move(value)}}, {}, false));
  }
  void ChangeCounts(const std::function<void(GraphCounts&)>& change) {
    GraphCounts counts = Must(DecodeGraphCounts(Get(Keyspace::kMeta, std::string(kCountsKey))));
    change(counts);
    Put(Keyspace::kMeta, std::string(kCountsKey), EncodeGraphCounts(counts));
  }

  struct BlockOf {
    std::string key;
    std::vector<AdjacencyEntry> entries;
    std::vector<std::string> rows;
  };
  /// The blocks of a long list, decoded.
  std::vector<std::string> BlockKeys(VertexId vertex, AdjacencySide side, EdgeTypeId type) {
    std::vector<std::string> keys;
    const KeyRange range = AdjacencyBlocksRange(vertex, side, type);
    MustBeDone(Must(kv_->Snapshot())->Scan(Keyspace::kAdjacency, range.begin, range.end, [&](auto key, auto) {
      keys.emplace_back(key);
      return true;
    }));
    return keys;
  }
  std::string Block(std::vector<AdjacencyEntry> entries, uint64_t self_loops = 0, BlockKind kind = BlockKind::kWhole) {
    return EncodeAdjacencyBlock(entries, kind, self_loops);
  }
  /// Undoes the deletion or change of one place.
  void SetPlace(EdgeId edge, std::optional<EdgePlace> place) {
    EdgePlaces places = Must(EdgePlaces::Decode(Get(Keyspace::kEdge, EdgePlacesKey(edge))));
    places.Set(edge, place);
    Put(Keyspace::kEdge, EdgePlacesKey(edge), places.Encode());
  }

  /// Expects one finding of this kind, at this key, about this.
  void ExpectFinding(Damage damage, std::optional<Keyspace> space, const std::string& key, std::string_view where,
                     std::string_view expected, std::string_view found) {
    const CheckReport report = Check();
    EXPECT_EQ(report.total, 1u);
    ASSERT_FALSE(report.findings.empty());
    const Finding& finding = report.findings[0];
    EXPECT_EQ(Name(finding.damage), Name(damage));
    EXPECT_EQ(finding.space, space);
    EXPECT_EQ(finding.key, key);
    EXPECT_THAT(finding.where, HasSubstr(where));
    EXPECT_THAT(finding.expected, HasSubstr(expected));
    EXPECT_THAT(finding.found, HasSubstr(found));
    for (size_t i = 1; i < report.findings.size(); ++i) {
      ADD_FAILURE() << "also " << Name(report.findings[i].damage) << ": " << report.findings[i].where << ", expected "
                    << report.findings[i].expected << ", found " << report.findings[i].found;
    }
  }

  std::string OutHead(uint64_t vertex, EdgeTypeId type) {
    return AdjacencyHeadKey(static_cast<VertexId>(vertex), AdjacencySide::kOut, type);
  }
  std::string InHead(uint64_t vertex, EdgeTypeId type) {
    return AdjacencyHeadKey(static_cast<VertexId>(vertex), AdjacencySide::kIn, type);
  }

  const std::shared_ptr<KvStore> kv_;
  std::unique_ptr<GraphStore> store_;
  EdgeTypeId owns_{};
  EdgeTypeId uses_{};
  LabelId firm_{};
};

TEST_F(CheckGraphTest, AHealthyStoreIsCleanAndCounted) {
  const CheckReport report = Check();
  for (const Finding& finding : report.findings) {
    ADD_FAILURE() << Name(finding.damage) << ": " << finding.where << ", expected " << finding.expected << ", found "
                  << finding.found;
  }
  EXPECT_TRUE(report.clean());
  EXPECT_EQ(report.checked.vertices, 1210u);
  EXPECT_EQ(report.checked.edges, 1204u);
  EXPECT_EQ(report.checked.commit, 1u);
  EXPECT_EQ(report.checked.index_entries, 10u + 10u + 1210u) << "names, external ids, declared keys";
  EXPECT_EQ(report.checked.label_sets, 2u);
  EXPECT_EQ(report.checked.edge_place_blocks, 10u);
  EXPECT_GT(BlockKeys(VertexId{0}, AdjacencySide::kOut, owns_).size(), 1u) << "the hub's list is long";
}

TEST_F(CheckGraphTest, AStoreThatLivedIsClean) {
  auto transaction = Must(store_->BeginWrite());
  for (uint64_t i = 100; i < 300; ++i) MustBeDone(transaction->DeleteVertex(static_cast<VertexId>(i), true));
  const VertexId added = Must(transaction->CreateVertex({}, {{transaction->InternPropertyKey("name"), Value("New")}}));
  Must(transaction->CreateEdge(added, owns_, VertexId{0}, {}));
  MustBeDone(transaction->RemoveLabel(VertexId{1}, firm_));
  MustBeDone(transaction->Commit());
  const CheckReport report = Check();
  EXPECT_TRUE(report.clean());
  EXPECT_EQ(report.checked.vertices, 1011u);
  EXPECT_EQ(report.checked.edges, 1005u);
}

TEST_F(CheckGraphTest, ALongListThatLostItsLastBlockIsCleanAndGrowsAgain) {
  const Fence greatest;
  const std::string last = AdjacencyBlockKey(VertexId{0}, AdjacencySide::kOut, owns_, greatest);
  const auto has_last = [&] { return BlockKeys(VertexId{0}, AdjacencySide::kOut, owns_).back() == last; };
  const auto expect_clean = [&](uint64_t degree) {
    const CheckReport report = Check();
    EXPECT_TRUE(report.clean()) << report.findings[0].where << ": " << report.findings[0].found;
    EXPECT_EQ(Must(Must(store_->Snapshot())->Degree(VertexId{0}, Direction::kOut, std::array{owns_})), degree);
  };
  EXPECT_TRUE(has_last());
  auto transaction = Must(store_->BeginWrite());
  for (uint64_t i = 210; i < 1210; ++i) MustBeDone(transaction->DeleteVertex(static_cast<VertexId>(i), true));
  MustBeDone(transaction->Commit());
  EXPECT_FALSE(has_last()) << "its edges were all deleted";
  expect_clean(200);
  transaction = Must(store_->BeginWrite());
  for (int i = 0; i < 10; ++i) {
    const VertexId added = Must(transaction->CreateVertex({}, {}));
    Must(transaction->CreateEdge(VertexId{0}, owns_, added, {}));
  }
  MustBeDone(transaction->Commit());
  EXPECT_TRUE(has_last());
  expect_clean(210);
}

TEST_F(CheckGraphTest, AnEmptyStoreIsClean) {
  const std::shared_ptr<KvStore> kv = OpenMemoryStore();
  const auto store = Must(GraphStore::OpenOn(std::make_unique<SharedKv>(kv), {}));
  EXPECT_TRUE(Must(CheckGraph(*kv, {})).clean());
}

// --- Edges ---

TEST_F(CheckGraphTest, FindsAMissingInEntry) {
  Put(Keyspace::kAdjacency, InHead(2, owns_), std::nullopt);
  ExpectFinding(Damage::kOneDirection, Keyspace::kAdjacency, InHead(2, owns_), "edge 1200 (1)-[:OWNS]->(2)",
                "in-list of vertex 2", "no in-entry");
}

TEST_F(CheckGraphTest, FindsAMissingOutEntry) {
  Put(Keyspace::kAdjacency, OutHead(1, owns_), std::nullopt);
  const CheckReport report = Check();  // the number of edges is counted from the out-lists, so it differs as well
  EXPECT_EQ(report.by_damage[static_cast<size_t>(Damage::kOneDirection)], 1u);
  EXPECT_EQ(report.by_damage[static_cast<size_t>(Damage::kCounts)], 2u);
  EXPECT_EQ(report.total, 3u);
  EXPECT_THAT(report.findings[0].where, HasSubstr("edge 1200 (1)-[:OWNS]->(2)"));
  EXPECT_EQ(report.findings[0].key, OutHead(1, owns_));
}

TEST_F(CheckGraphTest, FindsAnInEntryOfAnotherStart) {
  Put(Keyspace::kAdjacency, InHead(2, owns_), Block({{7, 1200, {}}}));
  ExpectFinding(Damage::kOneDirection, Keyspace::kAdjacency, InHead(2, owns_), "edge 1200 (1)-[:OWNS]->(2)",
                "in-list of vertex 2", "(7)-[:OWNS]->(2)");
}

TEST_F(CheckGraphTest, FindsOneOfTwoParallelEdgesMissing) {
  Put(Keyspace::kAdjacency, InHead(4, uses_), Block({{3, 1202, {}}}));
  ExpectFinding(Damage::kOneDirection, Keyspace::kAdjacency, InHead(4, uses_), "edge 1203", "in-list", "no in-entry");
}

TEST_F(CheckGraphTest, FindsAMissingPlace) {
  SetPlace(EdgeId{1200}, std::nullopt);
  ExpectFinding(Damage::kEdgePlace, Keyspace::kEdge, EdgePlacesKey(EdgeId{1200}), "edge 1200 (1)-[:OWNS]->(2)",
                "out-list of vertex 1", "no place");
}

TEST_F(CheckGraphTest, FindsAWrongPlace) {
  SetPlace(EdgeId{77}, EdgePlace{VertexId{5}, uses_});
  ExpectFinding(Damage::kEdgePlace, Keyspace::kEdge, EdgePlacesKey(EdgeId{77}), "edge 77 (0)-[:OWNS]->(87)",
                "out-list of vertex 0, type OWNS", "out-list of vertex 5, type USES");
}

TEST_F(CheckGraphTest, FindsAPlaceOfNoEdge) {
  SetPlace(EdgeId{1204}, EdgePlace{VertexId{1}, owns_});
  ExpectFinding(Damage::kEdgePlace, Keyspace::kEdge, EdgePlacesKey(EdgeId{1204}), "edge 1204", "an edge", "no list");
}

TEST_F(CheckGraphTest, FindsAnUndecodableBlockOfPlaces) {
  Put(Keyspace::kEdge, EdgePlacesKey(EdgeId{0}), "\x01\x01");
  ExpectFinding(Damage::kEdgePlace, Keyspace::kEdge, EdgePlacesKey(EdgeId{0}), "edges from 0", "",
                "block of edge places");
}

TEST_F(CheckGraphTest, FindsADanglingEnd) {
  // An edge (1)-[:USES]->(5000), as a writer would leave it that deleted the vertex without its edges.
  Put(Keyspace::kAdjacency, OutHead(1, uses_), Block({{1300, 1204, {}}}));
  SetPlace(EdgeId{1204}, EdgePlace{VertexId{1}, uses_});
  ChangeCounts([&](GraphCounts& counts) {
    counts.next_edge = 1205;
    ++counts.edges;
    counts.AddToType(uses_, 1);
  });
  ExpectFinding(Damage::kDanglingEnd, Keyspace::kAdjacency, InHead(1300, uses_), "edge 1204 (1)-[:USES]->(1300)",
                "in-list of vertex 1300", "no such vertex");
}

TEST_F(CheckGraphTest, FindsAListOfAVertexThatIsNotThere) {
  Put(Keyspace::kAdjacency, OutHead(1, uses_), Block({{1300, 1204, {}}}));
  Put(Keyspace::kAdjacency, InHead(1300, uses_), Block({{1, 1204, {}}}));
  SetPlace(EdgeId{1204}, EdgePlace{VertexId{1}, uses_});
  ChangeCounts([&](GraphCounts& counts) {
    counts.next_edge = 1205;
    ++counts.edges;
    counts.AddToType(uses_, 1);
  });
  ExpectFinding(Damage::kDanglingEnd, Keyspace::kAdjacency, InHead(1300, uses_), "in-list of vertex 1300",
                "a vertex that is there", "no such vertex");
}

TEST_F(CheckGraphTest, FindsAnEdgeThatStandsTwice) {
  // The loop 1201 of vertex 2 once more as (2)-[:OWNS]->(2), in both lists.
  Put(Keyspace::kAdjacency, OutHead(2, owns_), Block({{2, 1201, {}}}, 1));
  Put(Keyspace::kAdjacency, InHead(2, owns_), Block({{1, 1200, {}}, {2, 1201, {}}}, 1));
  ChangeCounts([&](GraphCounts& counts) {
    ++counts.edges;
    counts.AddToType(owns_, 1);
  });
  const CheckReport report = Check();
  EXPECT_EQ(report.total, 2u) << "once for each side";
  EXPECT_EQ(report.by_damage[static_cast<size_t>(Damage::kDoubledEdge)], 2u);
  EXPECT_THAT(report.findings[0].where, HasSubstr("edge 1201"));
}

TEST_F(CheckGraphTest, FindsAnEdgeAboveTheMark) {
  ChangeCounts([&](GraphCounts& counts) { counts.next_edge = 1203; });
  ExpectFinding(Damage::kAboveMark, Keyspace::kAdjacency, OutHead(3, uses_), "edge 1203", "below 1203", "1203");
}

// --- Blocks ---

TEST_F(CheckGraphTest, FindsAWrongDegree) {
  Put(Keyspace::kAdjacency, OutHead(0, owns_), EncodeSplitHead(1199, 0));
  ExpectFinding(Damage::kDegree, Keyspace::kAdjacency, OutHead(0, owns_), "out-list of vertex 0, type OWNS",
                "1200 edges", "1199 edges");
}

TEST_F(CheckGraphTest, FindsAWrongNumberOfSelfLoops) {
  Put(Keyspace::kAdjacency, OutHead(2, uses_), Block({{2, 1201, {}}}, 0));
  ExpectFinding(Damage::kDegree, Keyspace::kAdjacency, OutHead(2, uses_), "vertex 2", "1 of them loops",
                "0 of them loops");
}

TEST_F(CheckGraphTest, FindsEntriesOutOfOrder) {
  Put(Keyspace::kAdjacency, OutHead(3, uses_), Block({{4, 1203, {}}, {4, 1202, {}}}));
  ExpectFinding(Damage::kBlock, Keyspace::kAdjacency, OutHead(3, uses_), "out-list of vertex 3", "ascending",
                "(target 4, edge 1202)");
}

TEST_F(CheckGraphTest, FindsABlockUnderAWrongFence) {
  const std::vector<std::string> keys = BlockKeys(VertexId{0}, AdjacencySide::kOut, owns_);
  const std::string first = Get(Keyspace::kAdjacency, keys[0]);
  Put(Keyspace::kAdjacency, keys[0], std::nullopt);
  const std::string moved = AdjacencyBlockKey(VertexId{0}, AdjacencySide::kOut, owns_, Fence{20, 0});
  Put(Keyspace::kAdjacency, moved, first);
  ExpectFinding(Damage::kBlock, Keyspace::kAdjacency, moved, "out-list of vertex 0", "ascending",
                "under the fence (target 20, edge 0)");
}

TEST_F(CheckGraphTest, FindsAListWithoutItsHead) {
  Put(Keyspace::kAdjacency, OutHead(0, owns_), std::nullopt);
  ExpectFinding(Damage::kBlock, Keyspace::kAdjacency, OutHead(0, owns_), "out-list of vertex 0", "a head", "none");
}

TEST_F(CheckGraphTest, FindsAnUndecodableBlock) {
  Put(Keyspace::kAdjacency, OutHead(3, uses_), "\x01\x05");
  ExpectFinding(Damage::kBlock, Keyspace::kAdjacency, OutHead(3, uses_), "out-list of vertex 3", "", "adjacency block");
}

TEST_F(CheckGraphTest, FindsPropertiesInAnInList) {
  std::string row;
  AppendRow(row, Properties{{PropertyKeyId{0}, Value(1)}});
  Put(Keyspace::kAdjacency, InHead(2, owns_), Block({{1, 1200, row}}));
  ExpectFinding(Damage::kBlock, Keyspace::kAdjacency, InHead(2, owns_), "in-list of vertex 2", "out-list alone",
                "edge 1200");
}

TEST_F(CheckGraphTest, FindsAPropertyKeyWithoutAName) {
  std::string row;
  AppendRow(row, Properties{{PropertyKeyId{99}, Value(1)}});
  Put(Keyspace::kAdjacency, OutHead(1, owns_), Block({{2, 1200, row}}));
  ExpectFinding(Damage::kDictionary, Keyspace::kAdjacency, OutHead(1, owns_), "out-list of vertex 1", "a name",
                "property key 99");
}

TEST_F(CheckGraphTest, FindsAForeignKey) {
  Put(Keyspace::kAdjacency, "short", "x");
  ExpectFinding(Damage::kUnknownKey, Keyspace::kAdjacency, "short", "adjacency", "", "adjacency key");
}

// --- Vertices and indexes ---

TEST_F(CheckGraphTest, FindsAVertexMissingInTheSetOfItsLabel) {
  const std::string key = MembershipKey(firm_, 0);
  Put(Keyspace::kIndex, key, Must(UpdateMembership(Get(Keyspace::kIndex, key), {}, {5})));
  ExpectFinding(Damage::kLabelSet, Keyspace::kIndex, key, "vertex 5 in the set of Firm", "in the set", "it is not");
}

TEST_F(CheckGraphTest, FindsAVertexTooManyInTheSetOfAll) {
  const std::string key = MembershipKey(kAllVertices, 0);
  Put(Keyspace::kIndex, key, Must(UpdateMembership(Get(Keyspace::kIndex, key), {1300}, {})));
  ExpectFinding(Damage::kLabelSet, Keyspace::kIndex, key, "vertex 1300 in the set of all vertices", "not in the set",
                "it is");
}

TEST_F(CheckGraphTest, FindsASetFarFromAnyVertex) {
  const std::string key = MembershipKey(firm_, 7);
  Put(Keyspace::kIndex, key, Must(UpdateMembership("", {1}, {})));
  ExpectFinding(Damage::kLabelSet, Keyspace::kIndex, key, "vertex 458753 in the set of Firm", "not in the set",
                "it is");
}

TEST_F(CheckGraphTest, FindsAnUndecodableSet) {
  Put(Keyspace::kIndex, MembershipKey(firm_, 0), "\x02");
  ExpectFinding(Damage::kLabelSet, Keyspace::kIndex, MembershipKey(firm_, 0), "the set of Firm", "",
                "label membership");
}

TEST_F(CheckGraphTest, FindsAMissingName) {
  const std::string key = NameKey("firm 3", VertexId{3});
  Get(Keyspace::kIndex, key);
  Put(Keyspace::kIndex, key, std::nullopt);
  ExpectFinding(Damage::kNameIndex, Keyspace::kIndex, key, "name \"firm 3\"", "vertex 3", "no entry");
}

TEST_F(CheckGraphTest, FindsANameThatNobodyHas) {
  Put(Keyspace::kIndex, NameKey("ghost", VertexId{3}), "");
  ExpectFinding(Damage::kNameIndex, Keyspace::kIndex, NameKey("ghost", VertexId{3}), "name \"ghost\"", "no entry",
                "vertex 3");
}

TEST_F(CheckGraphTest, FindsAnExternalIdOfAnotherVertex) {
  const std::string key = ExternalIdKey(IdGroupId{0}, "4");
  Get(Keyspace::kIndex, key);
  Put(Keyspace::kIndex, key, EncodeVertexId(VertexId{6}));
  ExpectFinding(Damage::kExternalIdIndex, Keyspace::kIndex, key, "external id \"4\" of group \"set\"", "vertex 4",
                "vertex 6");
}

TEST_F(CheckGraphTest, FindsAMissingDeclaredKey) {
  std::string value;
  AppendValue(value, Value(8));
  std::string values;
  AppendSized(values, value);
  const std::string key = OntologyKey(*store_->catalog().labels().Find("Organization"), values);
  Get(Keyspace::kIndex, key);
  Put(Keyspace::kIndex, key, std::nullopt);
  ExpectFinding(Damage::kDeclaredKey, Keyspace::kIndex, key, "key of Organization", "vertex 8", "no entry");
}

TEST_F(CheckGraphTest, FindsAnUnknownIndexKey) {
  Put(Keyspace::kIndex, "?", "x");
  ExpectFinding(Damage::kUnknownKey, Keyspace::kIndex, "?", "index", "", "78");
}

TEST_F(CheckGraphTest, FindsAnUndecodableVertex) {
  Put(Keyspace::kVertex, VertexKey(VertexId{8}), "\x01");
  ExpectFinding(Damage::kVertexRecord, Keyspace::kVertex, VertexKey(VertexId{8}), "vertex 8", "", "vertex record");
}

TEST_F(CheckGraphTest, FindsUndecodableProperties) {
  std::string record;
  AppendVertexRecord(record, {firm_}, std::nullopt, "\x01\x01");
  Put(Keyspace::kVertex, VertexKey(VertexId{900}), record);
  ExpectFinding(Damage::kVertexRecord, Keyspace::kVertex, VertexKey(VertexId{900}), "vertex 900", "", "");
}

TEST_F(CheckGraphTest, FindsAVertexAboveTheMark) {
  ChangeCounts([&](GraphCounts& counts) { counts.next_vertex = 1209; });
  ExpectFinding(Damage::kAboveMark, Keyspace::kVertex, VertexKey(VertexId{1209}), "vertex 1209", "below 1209", "1209");
}

TEST_F(CheckGraphTest, FindsALostVertexWithAllThatPointsToIt) {
  Put(Keyspace::kVertex, VertexKey(VertexId{4}), std::nullopt);
  const CheckReport report = Check();
  const auto of = [&](Damage damage) { return report.by_damage[static_cast<size_t>(damage)]; };
  EXPECT_EQ(of(Damage::kDanglingEnd), 1u) << "its in-list";
  EXPECT_EQ(of(Damage::kLabelSet), 2u);
  EXPECT_EQ(of(Damage::kNameIndex), 1u);
  EXPECT_EQ(of(Damage::kExternalIdIndex), 1u);
  EXPECT_EQ(of(Damage::kDeclaredKey), 1u);
  EXPECT_EQ(of(Damage::kCounts), 2u) << "vertices, and those with the label";
  EXPECT_EQ(report.total, 8u);
}

// --- Meta ---

TEST_F(CheckGraphTest, FindsWrongCounts) {
  ChangeCounts([&](GraphCounts& counts) { ++counts.vertices; });
  ExpectFinding(Damage::kCounts, Keyspace::kMeta, std::string(kCountsKey), "number of vertices", "1210", "1211");
  ChangeCounts([&](GraphCounts& counts) {
    --counts.vertices;
    counts.AddToType(uses_, -1);
  });
  ExpectFinding(Damage::kCounts, Keyspace::kMeta, std::string(kCountsKey), "edges of type USES", "3", "2");
  ChangeCounts([&](GraphCounts& counts) {
    counts.AddToType(uses_, 1);
    counts.AddToLabel(firm_, 1);
  });
  ExpectFinding(Damage::kCounts, Keyspace::kMeta, std::string(kCountsKey), "vertices with label Firm", "1210", "1211");
}

TEST_F(CheckGraphTest, FindsMissingAndMalformedCounts) {
  Put(Keyspace::kMeta, std::string(kCountsKey), std::nullopt);
  ExpectFinding(Damage::kCounts, Keyspace::kMeta, std::string(kCountsKey), "counts", "a record", "nothing");
  Put(Keyspace::kMeta, std::string(kCountsKey), "x");
  ExpectFinding(Damage::kCounts, Keyspace::kMeta, std::string(kCountsKey), "counts", "a record", "unknown version");
}

TEST_F(CheckGraphTest, FindsAHoleInADictionary) {
  const std::string key = DictionaryKey(Dictionary::kEdgeType, 0);
  const std::string name = Get(Keyspace::kMeta, key);
  Put(Keyspace::kMeta, key, std::nullopt);
  ExpectFinding(Damage::kDictionary, Keyspace::kMeta, DictionaryKey(Dictionary::kEdgeType, 1), "edge type",
                "the next id, 0", "id 1");
}

TEST_F(CheckGraphTest, FindsANameThatStandsTwice) {
  Put(Keyspace::kMeta, DictionaryKey(Dictionary::kEdgeType, 2), "USES");
  ExpectFinding(Damage::kDictionary, Keyspace::kMeta, DictionaryKey(Dictionary::kEdgeType, 2), "edge type",
                "each name once", "\"USES\" again, as id 2");
}

TEST_F(CheckGraphTest, FindsALostFormatVersion) {
  Put(Keyspace::kMeta, std::string(kFormatKey), std::nullopt);
  ExpectFinding(Damage::kFormat, Keyspace::kMeta, std::string(kFormatKey), "format version", "", "nothing");
}

TEST_F(CheckGraphTest, RefusesANewerFormat) {
  std::string version;
  AppendU32(version, kFormatVersion + 1);
  Put(Keyspace::kMeta, std::string(kFormatKey), version);
  EXPECT_CODE(CheckGraph(*kv_, {}), kUnsupported);
}

TEST_F(CheckGraphTest, FindsAnUnknownMetaKey) {
  Put(Keyspace::kMeta, "zzz", "x");
  ExpectFinding(Damage::kUnknownKey, Keyspace::kMeta, "zzz", "meta", "", "78");
}

// --- Property indexes ---

class CheckIndexTest : public CheckGraphTest {
 protected:
  CheckIndexTest() {
    Must(store_->CreateIndex({.name = "by_name", .schema = "Firm", .properties = {"name"}}, {}));
    Must(store_->CreateIndex(
        {.name = "by_share", .entity = EntityKind::kEdge, .schema = "OWNS", .properties = {"share"}}, {}));
    ConstraintRequest unique;
    unique.name = "one_code";
    unique.schema = "Firm";
    unique.properties = {"code"};
    Must(store_->CreateConstraint(unique, {}));
  }
  /// The keys of an index, in order.
  std::vector<std::string> Entries(std::string_view name) {
    const IndexCatalog catalog = Must(DecodeIndexCatalog(Get(Keyspace::kMeta, std::string(kIndexesKey))));
    std::vector<std::string> keys;
    for (const IndexDefinition& index : catalog.indexes()) {
      if (index.name != name) continue;
      const KeyRange range = IndexKeyRange(index.id);
      MustBeDone(Must(kv_->Snapshot())->Scan(Keyspace::kIndex, range.begin, range.end, [&](auto key, auto) {
        keys.emplace_back(key);
        return true;
      }));
    }
    return keys;
  }
};

TEST_F(CheckIndexTest, HealthyIndexesAreClean) {
  EXPECT_EQ(Entries("by_name").size(), 10u);
  EXPECT_EQ(Entries("by_share").size(), 1201u);
  const CheckReport report = Check();
  for (const Finding& finding : report.findings) ADD_FAILURE() << Name(finding.damage) << ": " << finding.where;
  MustBeDone(store_->RefreshStatistics(StatisticsScope::kAll, {}));
  EXPECT_TRUE(Check().clean());
  Must(store_->DropIndex("by_name", false));
  EXPECT_TRUE(Check().clean());
}

TEST_F(CheckIndexTest, FindsAMissingEntryOfAVertex) {
  const std::string key = Entries("by_name")[4];
  Put(Keyspace::kIndex, key, std::nullopt);
  ExpectFinding(Damage::kPropertyIndex, Keyspace::kIndex, key, "index \"by_name\"", "vertex 4", "no entry");
}

TEST_F(CheckIndexTest, FindsAMissingEntryOfAnEdge) {
  const std::string key = Entries("by_share")[7];
  Put(Keyspace::kIndex, key, std::nullopt);
  ExpectFinding(Damage::kPropertyIndex, Keyspace::kIndex, key, "index \"by_share\"", "edge ", "no entry");
}

TEST_F(CheckIndexTest, FindsAnEntryTooMany) {
  std::string key = Entries("by_name")[4];
  key.back() = 9;  // of vertex 9
  Put(Keyspace::kIndex, key, "");
  ExpectFinding(Damage::kPropertyIndex, Keyspace::kIndex, key, "index \"by_name\"", "no record calls for it",
                "vertex 9");
}

TEST_F(CheckIndexTest, FindsWrongEndsOfAnEdge) {
  const std::string key = Entries("by_share")[7];
  Put(Keyspace::kIndex, key, EncodeEdgeEnds(VertexId{1}, VertexId{1}));
  ExpectFinding(Damage::kPropertyIndex, Keyspace::kIndex, key, "index \"by_share\"", "edge ", "value 0101");
}

TEST_F(CheckIndexTest, FindsTwoWithOneUniqueValue) {
  std::string key = Entries("one_code")[4];
  key.back() = 5;
  Put(Keyspace::kIndex, key, "");
  const CheckReport report = Check();
  EXPECT_EQ(report.total, 2u) << "not unique, and no record calls for the second one";
  EXPECT_EQ(report.by_damage[static_cast<size_t>(Damage::kPropertyIndex)], 2u);
  EXPECT_THAT(report.findings[0].expected, HasSubstr("values that no two have"));
}

TEST_F(CheckIndexTest, FindsUnreadableRecordsOfIndexes) {
  Put(Keyspace::kMeta, std::string(kStatisticsKey), "x");
  ExpectFinding(Damage::kSchema, Keyspace::kMeta, std::string(kStatisticsKey), "statistics", "a record", "");
  Put(Keyspace::kMeta, std::string(kStatisticsKey), std::nullopt);
  Put(Keyspace::kMeta, std::string(kIndexesKey), "x");
  ExpectFinding(Damage::kSchema, Keyspace::kMeta, std::string(kIndexesKey), "indexes", "a record", "");
}

// --- The report ---

TEST_F(CheckGraphTest, KeepsTheFirstFindingsAndCountsAll) {
  for (uint64_t i = 0; i < 10; ++i) {
    Put(Keyspace::kIndex, NameKey("firm " + std::to_string(i), static_cast<VertexId>(i)), std::nullopt);
  }
  CheckOptions options;
  options.max_findings = 3;
  const CheckReport report = Must(CheckGraph(*kv_, options));
  EXPECT_EQ(report.findings.size(), 3u);
  EXPECT_EQ(report.total, 10u);
  EXPECT_TRUE(report.all_counted);
}

TEST_F(CheckGraphTest, StopsWhenCancelled) {
  auto transaction = Must(store_->BeginWrite());
  for (int i = 0; i < 10'000; ++i) Must(transaction->CreateVertex({}, {}));
  MustBeDone(transaction->Commit());
  CheckOptions options;
  options.cancellation.Cancel();
  EXPECT_CODE(CheckGraph(*kv_, options), kCancelled);
}

TEST_F(CheckGraphTest, TellsItsProgress) {
  auto transaction = Must(store_->BeginWrite());
  for (int i = 0; i < 10'000; ++i) Must(transaction->CreateVertex({}, {}));
  MustBeDone(transaction->Commit());
  uint64_t last = 0;
  CheckOptions options;
  options.progress = [&](uint64_t done, uint64_t total) {
    EXPECT_GE(done, last);
    EXPECT_LE(done, total);
    last = done;
  };
  Must(CheckGraph(*kv_, options));
  EXPECT_GT(last, 0u);
}

#ifdef TUPU_WITH_ROCKSDB
TEST(CheckGraphFiles, FindsAFlippedBitInAFile) {
  TemporaryDirectory directory;
  const std::string path = directory / "db";
  {
    auto store = Must(GraphStore::Open(path, {}));
    auto transaction = Must(store->BeginWrite());
    for (int i = 0; i < 3000; ++i) Must(transaction->CreateVertex({transaction->InternLabel("Firm")}, {}));
    MustBeDone(transaction->Commit());
  }
  {
    auto kv = Must(OpenRocksDbStore(path, {}));
    MustBeDone(kv->Compact());
    EXPECT_TRUE(Must(CheckGraph(*kv, {})).clean());
  }
  std::filesystem::path largest;
  for (const auto& file : std::filesystem::directory_iterator(path)) {
    if (file.path().extension() != ".sst") continue;
    if (largest.empty() || file.file_size() > std::filesystem::file_size(largest)) largest = file.path();
  }
  {
    std::fstream stream(largest, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(100);
    stream.put('\x55');
  }
  RocksDbOptions read_only;
  read_only.read_only = true;
  auto kv = Must(OpenRocksDbStore(path, read_only));
  const CheckReport report = Must(CheckGraph(*kv, {}));
  ASSERT_FALSE(report.clean());
  EXPECT_EQ(report.findings[0].damage, Damage::kUnreadable);
  EXPECT_THAT(report.findings[0].found, HasSubstr(largest.filename().string()));
  EXPECT_EQ(report.total, report.by_damage[static_cast<size_t>(Damage::kUnreadable)])
      << "what could not be read is not called wrong";
}
#endif

}  // namespace
}  // namespace tupu
