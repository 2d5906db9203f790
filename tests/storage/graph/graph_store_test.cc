// The promises of GraphStore one by one; graph_store_model_test.cc tries them in random order.

#include "storage/graph/graph_store.h"

#include <array>
#include <functional>

#include "storage/ontology/ontology.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

class GraphStoreTest : public StoreTest {
 protected:
  static std::vector<Neighbour> Expand(const GraphView& view, VertexId vertex, Direction direction) {
    std::vector<Neighbour> steps;
    EXPECT_DONE(view.Expand(vertex, direction, {}, steps));
    return steps;
  }
};

TEST_P(GraphStoreTest, ANewStoreIsEmpty) {
  EXPECT_EQ(Snapshot()->CountVertices(std::nullopt), 0u);
  EXPECT_EQ(Snapshot()->CountEdges(std::nullopt), 0u);
  EXPECT_FALSE(Must(Snapshot()->HasVertex(VertexId{0})));
  EXPECT_FALSE(Must(Snapshot()->FindEdge(EdgeId{0})).has_value());
  EXPECT_TRUE(Snapshot()->ontology().empty());
}

TEST_P(GraphStoreTest, ADroppedTransactionLeavesNothing) {
  {
    auto transaction = Begin();
    Must(transaction->CreateVertex({transaction->InternLabel("Firm")}, {}));
    EXPECT_EQ(transaction->view().CountVertices(std::nullopt), 1u);
  }
  EXPECT_EQ(Snapshot()->CountVertices(std::nullopt), 0u);
  auto transaction = Begin();
  Must(transaction->CreateVertex({}, {}));
  MustBeDone(transaction->Commit());
  EXPECT_EQ(Snapshot()->CountVertices(std::nullopt), 1u);
}

TEST_P(GraphStoreTest, ExternalIdsAreUniqueInTheirGroup) {
  auto transaction = Begin();
  const VertexId a = Must(transaction->CreateVertex({}, {}, ExternalId{"set", "7"}));
  Must(transaction->CreateVertex({}, {}, ExternalId{"other", "7"}));
  EXPECT_CODE(transaction->CreateVertex({}, {}, ExternalId{"set", "7"}), kAlreadyExists);
  MustBeDone(transaction->Commit());
  EXPECT_EQ(Must(Snapshot()->FindByExternalId({"set", "7"})), a);
  EXPECT_EQ(Must(Snapshot()->FindByExternalId({"set", "8"})), std::nullopt);

  transaction = Begin();
  EXPECT_CODE(transaction->CreateVertex({}, {}, ExternalId{"set", "7"}), kAlreadyExists);
  MustBeDone(transaction->DeleteVertex(a, false));
  const VertexId b = Must(transaction->CreateVertex({}, {}, ExternalId{"set", "7"}));
  MustBeDone(transaction->Commit());
  EXPECT_NE(a, b) << "ids are never used again";
  EXPECT_EQ(Must(Snapshot()->FindByExternalId({"set", "7"})), b);
}

TEST_P(GraphStoreTest, NullsAreDroppedAndOddValuesRefused) {
  auto transaction = Begin();
  const PropertyKeyId a = transaction->InternPropertyKey("a");
  const PropertyKeyId b = transaction->InternPropertyKey("b");
  const VertexId vertex = Must(transaction->CreateVertex({}, {{b, Value(1)}, {a, Value()}, {b, Value(2)}}));
  EXPECT_EQ(Must(transaction->view().FindVertex(vertex))->properties, (Properties{{b, Value(2)}}));
  EXPECT_CODE(transaction->SetVertexProperty(vertex, a, Value(Map{})), kInvalidArgument);
  EXPECT_CODE(transaction->CreateVertex({}, {{a, Value(List{Value()})}}), kInvalidArgument);
  EXPECT_CODE(transaction->SetVertexProperty(VertexId{99}, a, Value(1)), kNotFound);
  EXPECT_CODE(transaction->CreateEdge(vertex, EdgeTypeId{0}, VertexId{99}, {}), kNotFound);
  EXPECT_CODE(transaction->DeleteEdge({EdgeId{5}, vertex, vertex, EdgeTypeId{0}}), kNotFound);
}

TEST_P(GraphStoreTest, LongListsAreSplitReadChangedAndJoined) {
  auto transaction = Begin();
  const EdgeTypeId type = transaction->InternEdgeType("OWNS");
  const EdgeTypeId other = transaction->InternEdgeType("USES");
  const PropertyKeyId share = transaction->InternPropertyKey("share");
  const VertexId hub = Must(transaction->CreateVertex({}, {}));
  constexpr uint64_t kEdges = 20'000;
  std::vector<EdgeReference> edges;
  for (uint64_t i = 0; i < kEdges; ++i) {
    const VertexId target = i % 3 == 0 ? hub : Must(transaction->CreateVertex({}, {}));
    edges.push_back(Must(transaction->CreateEdge(hub, type, target, {{share, Value(static_cast<int64_t>(i))}})));
  }
  Must(transaction->CreateEdge(hub, other, hub, {}));
  MustBeDone(transaction->Commit());

  const uint64_t loops = (kEdges + 2) / 3;
  auto view = Snapshot();
  EXPECT_EQ(Must(view->Degree(hub, Direction::kOut, {})), kEdges + 1);
  EXPECT_EQ(Must(view->Degree(hub, Direction::kIn, {})), loops + 1);
  EXPECT_EQ(Must(view->Degree(hub, Direction::kBoth, {})), kEdges + 1);
  EXPECT_EQ(Expand(*view, hub, Direction::kBoth).size(), kEdges + 1);
  EXPECT_EQ(Must(view->EdgeProperty(edges[12'345], share)), Value(12'345));
  EXPECT_EQ(Must(view->FindEdge(edges[777].id))->reference.end, edges[777].end);

  transaction = Begin();
  MustBeDone(transaction->SetEdgeProperty(edges[100], share, Value("all")));
  MustBeDone(transaction->DeleteEdge(edges[101]));
  const EdgeReference added = Must(transaction->CreateEdge(hub, type, edges[1].end, {{share, Value(0.5)}}));
  MustBeDone(transaction->Commit());
  view = Snapshot();
  EXPECT_EQ(Must(view->EdgeProperty(edges[100], share)), Value("all"));
  EXPECT_EQ(Must(view->EdgeProperty(edges[102], share)), Value(102));
  EXPECT_FALSE(Must(view->FindEdge(edges[101].id)).has_value());
  EXPECT_EQ(Must(view->EdgeProperty(added, share)), Value(0.5));
  EXPECT_EQ(Must(view->Degree(hub, Direction::kOut, std::array{type})), kEdges);

  transaction = Begin();
  for (uint64_t i = 0; i + 10 < kEdges; ++i) {
    if (i != 101) MustBeDone(transaction->DeleteEdge(edges[i]));
  }
  MustBeDone(transaction->Commit());
  view = Snapshot();
  EXPECT_EQ(Must(view->Degree(hub, Direction::kOut, std::array{type})), 11u);
  std::vector<Neighbour> steps;
  EXPECT_DONE(view->Expand(hub, Direction::kOut, std::array{type}, steps));
  EXPECT_EQ(steps.size(), 11u);
  EXPECT_EQ(Must(view->EdgeProperty(edges[kEdges - 1], share)), Value(static_cast<int64_t>(kEdges - 1)));

  transaction = Begin();
  MustBeDone(transaction->DeleteVertex(hub, true));
  MustBeDone(transaction->Commit());
  EXPECT_EQ(Snapshot()->CountEdges(std::nullopt), 0u);
}

TEST_P(GraphStoreTest, CountersSayTheNetEffect) {
  auto transaction = Begin();
  const LabelId firm = transaction->InternLabel("Firm");
  const PropertyKeyId name = transaction->InternPropertyKey("name");
  const VertexId kept = Must(transaction->CreateVertex({firm}, {{name, Value("a")}}));
  const VertexId gone = Must(transaction->CreateVertex({firm}, {{name, Value("b")}}));
  Must(transaction->CreateEdge(kept, transaction->InternEdgeType("OWNS"), gone, {{name, Value("c")}}));
  MustBeDone(transaction->DeleteVertex(gone, true));
  const WriteCounters& counters = transaction->counters();
  EXPECT_EQ(counters.vertices_created, 1u);
  EXPECT_EQ(counters.vertices_deleted, 0u);
  EXPECT_EQ(counters.edges_created, 0u);
  EXPECT_EQ(counters.properties_set, 1u);
  EXPECT_EQ(counters.labels_added, 1u);
  MustBeDone(transaction->Commit());
  transaction = Begin();
  MustBeDone(transaction->RemoveLabel(kept, firm));
  MustBeDone(transaction->SetVertexProperty(kept, name, Value("a")));
  EXPECT_EQ(transaction->counters().labels_removed, 1u);
  EXPECT_EQ(transaction->counters().properties_set, 0u) << "it had this value";
}

constexpr std::string_view kOntology = R"({
  "tupu_ontology": 1, "data_set": "test",
  "labels": {
    "Organization": {"properties": {"name": {"type": "string", "required": true}}, "key": ["name"]},
    "Firm": {"parents": ["Organization"]},
    "Region": {}
  },
  "edge_types": {
    "PARTNERS_WITH": {"ends": [["Organization", "Organization"]], "symmetric": true, "family": "cooperation",
                      "properties": {"since": {"type": "int"}}},
    "LOCATED_IN": {"ends": [["Organization", "Region"]], "family": "structure"}
  },
  "families": {"cooperation": {}, "structure": {}}
})";

class GraphStoreOntologyTest : public GraphStoreTest {
 protected:
  void SetUp() override {
    auto transaction = Begin();
    MustBeDone(transaction->SetOntology(kOntology));
    firm_ = transaction->InternLabel("Firm");
    region_ = transaction->InternLabel("Region");
    name_ = transaction->InternPropertyKey("name");
    partners_ = transaction->InternEdgeType("PARTNERS_WITH");
    located_ = transaction->InternEdgeType("LOCATED_IN");
    a_ = Must(transaction->CreateVertex({firm_}, {{name_, Value("A")}}));
    b_ = Must(transaction->CreateVertex({firm_}, {{name_, Value("B")}}));
    place_ = Must(transaction->CreateVertex({region_}, {}));
    MustBeDone(transaction->Commit());
  }

  /// Commits what `change` does and expects that the ontology forbids it, with this text in the message.
  void ExpectForbidden(const std::string& text, const std::function<void(GraphTransaction&)>& change) {
    const uint64_t vertices = Snapshot()->CountVertices(std::nullopt);
    const uint64_t edges = Snapshot()->CountEdges(std::nullopt);
    auto transaction = Begin();
    change(*transaction);
    const Status status = transaction->Commit();
    EXPECT_CODE(status, kConstraint);
    EXPECT_NE(status.error().message.find(text), std::string::npos) << status.error().message;
    EXPECT_EQ(Snapshot()->CountVertices(std::nullopt), vertices);
    EXPECT_EQ(Snapshot()->CountEdges(std::nullopt), edges);
  }

  LabelId firm_{};
  LabelId region_{};
  PropertyKeyId name_{};
  EdgeTypeId partners_{};
  EdgeTypeId located_{};
  VertexId a_{};
  VertexId b_{};
  VertexId place_{};
};

TEST_P(GraphStoreOntologyTest, RequiredPropertiesAndEndsAreHeld) {
  ExpectForbidden("name", [&](GraphTransaction& t) { Must(t.CreateVertex({firm_}, {})); });
  ExpectForbidden("vertex 0 'A'", [&](GraphTransaction& t) {
    MustBeDone(t.SetVertexProperty(a_, name_, Value(5)));
    MustBeDone(t.SetVertexProperty(a_, t.InternPropertyKey("x"), Value(5)));
    MustBeDone(t.SetVertexProperty(a_, name_, Value("A")));
    MustBeDone(t.AddLabel(a_, region_));
    Must(t.CreateEdge(place_, located_, a_, {}));
  });
  ExpectForbidden("from vertex 0 'A' to vertex 1 'B'",
                  [&](GraphTransaction& t) { Must(t.CreateEdge(a_, located_, b_, {})); });
  ExpectForbidden("since", [&](GraphTransaction& t) {
    Must(t.CreateEdge(a_, partners_, b_, {{t.InternPropertyKey("since"), Value("long ago")}}));
  });
}

TEST_P(GraphStoreOntologyTest, ALostLabelIsHeldAgainstTheEdgesThatNeedIt) {
  auto transaction = Begin();
  Must(transaction->CreateEdge(a_, located_, place_, {}));
  MustBeDone(transaction->Commit());
  ExpectForbidden("LOCATED_IN", [&](GraphTransaction& t) { MustBeDone(t.RemoveLabel(place_, region_)); });
}

TEST_P(GraphStoreOntologyTest, KeysAreUniqueAlsoBelowTheirLabel) {
  ExpectForbidden("same key", [&](GraphTransaction& t) { Must(t.CreateVertex({firm_}, {{name_, Value("A")}})); });
  ExpectForbidden("same key", [&](GraphTransaction& t) {
    const LabelId organization = t.InternLabel("Organization");
    Must(t.CreateVertex({organization}, {{name_, Value("C")}}));
    Must(t.CreateVertex({firm_}, {{name_, Value("C")}}));
  });
  auto transaction = Begin();
  MustBeDone(transaction->SetVertexProperty(a_, name_, Value("B")));  // two swap their names
  MustBeDone(transaction->SetVertexProperty(b_, name_, Value("A")));
  EXPECT_DONE(transaction->Commit());
  transaction = Begin();
  MustBeDone(transaction->DeleteVertex(a_, false));
  Must(transaction->CreateVertex({firm_}, {{name_, Value("B")}}));
  EXPECT_DONE(transaction->Commit());
  ExpectForbidden("same key", [&](GraphTransaction& t) { Must(t.CreateVertex({firm_}, {{name_, Value("B")}})); });
}

TEST_P(GraphStoreOntologyTest, SymmetricEdgesStartAtTheLesserId) {
  auto transaction = Begin();
  const EdgeReference edge = Must(transaction->CreateEdge(b_, partners_, a_, {}));
  EXPECT_EQ(edge.start, a_);
  EXPECT_EQ(edge.end, b_);
  MustBeDone(transaction->Commit());
  EXPECT_EQ(Expand(*Snapshot(), a_, Direction::kOut).size(), 1u);
}

TEST_P(GraphStoreOntologyTest, ANewOntologyIsHeldAgainstWhatIsStored) {
  ExpectForbidden("founded", [&](GraphTransaction& t) {
    MustBeDone(t.SetOntology(R"({"tupu_ontology": 1, "labels": {"Firm": {"properties":
        {"founded": {"type": "string", "required": true}}}}})"));
  });
  ExpectForbidden("same key", [&](GraphTransaction& t) {
    MustBeDone(t.SetOntology(R"({"tupu_ontology": 1, "labels": {}})"));
    Must(t.CreateVertex({firm_}, {{name_, Value("A")}}));
    MustBeDone(t.SetOntology(kOntology));
  });
  EXPECT_EQ(Snapshot()->ontology().data_set(), "test");
  auto transaction = Begin();
  EXPECT_CODE(transaction->SetOntology("{"), kInvalidArgument);
}

TEST_P(GraphStoreOntologyTest, ATypeThatTurnsSymmetricIsOriented) {
  auto transaction = Begin();
  const EdgeTypeId allied = transaction->InternEdgeType("ALLIED");
  Must(transaction->CreateEdge(b_, allied, a_, {{name_, Value("pact")}}));
  MustBeDone(transaction->Commit());
  transaction = Begin();
  MustBeDone(transaction->SetOntology(R"({"tupu_ontology": 1, "edge_types": {"ALLIED": {"symmetric": true}}})"));
  EXPECT_EQ(transaction->counters().edges_created, 0u);
  MustBeDone(transaction->Commit());
  const auto view = Snapshot();
  const auto steps = Expand(*view, a_, Direction::kOut);
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(Must(view->EdgeProperties({steps[0].edge, a_, b_, allied})), (Properties{{name_, Value("pact")}}));
  EXPECT_EQ(view->CountEdges(allied), 1u);
}

TEST_P(GraphStoreOntologyTest, TheOntologyIsKept) {
  if (GetParam() == Backend::kRocksDb) Open();
  EXPECT_TRUE(Snapshot()->ontology().IsSymmetric("PARTNERS_WITH"));
  ExpectForbidden("same key", [&](GraphTransaction& t) { Must(t.CreateVertex({firm_}, {{name_, Value("A")}})); });
}

INSTANTIATE_TEST_SUITE_P(Backends, GraphStoreTest, kBackends, BackendName);
INSTANTIATE_TEST_SUITE_P(Backends, GraphStoreOntologyTest, kBackends, BackendName);

}  // namespace
}  // namespace tupu
