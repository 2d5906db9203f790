// Transactions that run side by side: which collide, which do not, and what each sees.

#include <array>
#include <atomic>
#include <set>
#include <thread>

#include "storage/graph/created_ids.h"
#include "storage/ontology/ontology.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

class ConcurrentWritersTest : public StoreTest {
 protected:
  /// Commits one vertex with a property `n`.
  VertexId MakeVertex(int64_t n = 0, const char* label = "Firm") {
    auto transaction = Begin();
    const VertexId vertex = Must(transaction->CreateVertex({transaction->InternLabel(label)},
                                                           {{transaction->InternPropertyKey("n"), Value(n)}}));
    MustBeDone(transaction->Commit());
    return vertex;
  }
  EdgeReference MakeEdge(VertexId start, VertexId end) {
    auto transaction = Begin();
    const EdgeReference edge = Must(transaction->CreateEdge(start, transaction->InternEdgeType("KNOWS"), end, {}));
    MustBeDone(transaction->Commit());
    return edge;
  }
  std::unique_ptr<GraphTransaction> BeginSerializable() {
    return Must(store_->BeginWrite({.isolation = Isolation::kSerializable, .read_only = false, .exclusive = false}));
  }
  static void Set(GraphTransaction& transaction, VertexId vertex, int64_t n) {
    MustBeDone(transaction.SetVertexProperty(vertex, transaction.InternPropertyKey("n"), Value(n)));
  }
  static int64_t Get(GraphTransaction& transaction, VertexId vertex) {
    return Must(transaction.view().VertexProperty(vertex, transaction.InternPropertyKey("n"))).AsInteger();
  }
  static void Connect(GraphTransaction& transaction, VertexId start, VertexId end) {
    Must(transaction.CreateEdge(start, transaction.InternEdgeType("KNOWS"), end, {}));
  }
  uint64_t Degree(VertexId vertex) { return Must(Snapshot()->Degree(vertex, Direction::kBoth, {})); }
};

TEST_P(ConcurrentWritersTest, NewEdgesOnOneHubDoNotCollide) {
  const VertexId hub = MakeVertex();
  const VertexId a = MakeVertex();
  const VertexId b = MakeVertex();
  auto first = Begin();
  auto second = Begin();
  Connect(*first, hub, a);
  Connect(*second, hub, b);
  Connect(*second, a, hub);
  MustBeDone(second->Commit());
  MustBeDone(first->Commit());
  EXPECT_EQ(Degree(hub), 3u);
  EXPECT_EQ(Snapshot()->CountEdges(std::nullopt), 3u);
}

TEST_P(ConcurrentWritersTest, TheFirstWriterOfAVertexWins) {
  const VertexId vertex = MakeVertex();
  auto first = Begin();
  auto second = Begin();
  Set(*first, vertex, 1);
  Set(*second, vertex, 2);
  const VertexId beside = Must(second->CreateVertex({}, {}));
  MustBeDone(first->Commit());
  EXPECT_CODE(second->Commit(), kConflict);
  EXPECT_FALSE(Must(Snapshot()->HasVertex(beside))) << "nothing of the loser is kept";
  auto again = Begin();
  EXPECT_EQ(Get(*again, vertex), 1);
  Set(*again, vertex, 2);
  MustBeDone(again->Commit());
}

TEST_P(ConcurrentWritersTest, EachSeesTheStateOfItsBeginning) {
  const VertexId vertex = MakeVertex(1);
  auto reader = Begin();
  auto writer = Begin();
  Set(*writer, vertex, 2);
  MustBeDone(writer->Commit());
  EXPECT_EQ(Get(*reader, vertex), 1);
  EXPECT_EQ(reader->view().CountVertices(std::nullopt), 1u);
  Must(reader->CreateVertex({}, {}));
  MustBeDone(reader->Commit());  // it wrote nothing that the other wrote
}

TEST_P(ConcurrentWritersTest, ADeletedVertexNeverKeepsAnEdge) {
  for (const bool delete_first : {true, false}) {
    const VertexId doomed = MakeVertex();
    const VertexId other = MakeVertex();
    auto connecting = Begin();
    auto deleting = Begin();
    Connect(*connecting, other, doomed);
    MustBeDone(deleting->DeleteVertex(doomed, true));
    if (delete_first) {
      MustBeDone(deleting->Commit());
      EXPECT_CODE(connecting->Commit(), kConflict);
      EXPECT_EQ(Degree(other), 0u);
    } else {
      MustBeDone(connecting->Commit());
      EXPECT_CODE(deleting->Commit(), kConflict);
      EXPECT_EQ(Degree(doomed), 1u);
    }
  }
}

TEST_P(ConcurrentWritersTest, ALabelThatAnEdgeRestsOnStays) {
  {
    auto transaction = Begin();
    MustBeDone(transaction->SetOntology(
        R"({"tupu_ontology": 1, "labels": {"Firm": {}}, "edge_types": {"KNOWS": {"ends": [["Firm", "Firm"]]}}})"));
    MustBeDone(transaction->Commit());
  }
  const VertexId a = MakeVertex();
  const VertexId b = MakeVertex();
  auto connecting = Begin();
  auto relabelling = Begin();
  Connect(*connecting, a, b);
  MustBeDone(relabelling->RemoveLabel(b, relabelling->InternLabel("Firm")));
  MustBeDone(relabelling->Commit());
  EXPECT_CODE(connecting->Commit(), kConflict);
}

TEST_P(ConcurrentWritersTest, OneEdgeIsChangedByOne) {
  const VertexId a = MakeVertex();
  const EdgeReference edge = MakeEdge(a, MakeVertex());
  auto changing = Begin();
  auto deleting = Begin();
  auto deleting_too = Begin();
  MustBeDone(changing->SetEdgeProperty(edge, changing->InternPropertyKey("w"), Value(1)));
  MustBeDone(deleting->DeleteEdge(edge));
  MustBeDone(deleting_too->DeleteEdge(edge));
  MustBeDone(deleting->Commit());
  EXPECT_CODE(changing->Commit(), kConflict);
  EXPECT_CODE(deleting_too->Commit(), kConflict);
  EXPECT_EQ(Snapshot()->CountEdges(std::nullopt), 0u);
  EXPECT_EQ(Degree(a), 0u);
}

TEST_P(ConcurrentWritersTest, OneExternalIdHasOneOwner) {
  auto first = Begin();
  auto second = Begin();
  Must(first->CreateVertex({}, {}, ExternalId{"set", "7"}));
  Must(second->CreateVertex({}, {}, ExternalId{"set", "7"}));
  MustBeDone(first->Commit());
  EXPECT_CODE(second->Commit(), kConflict);
  EXPECT_EQ(Snapshot()->CountVertices(std::nullopt), 1u);
}

TEST_P(ConcurrentWritersTest, OneDeclaredKeyHasOneOwner) {
  {
    auto transaction = Begin();
    MustBeDone(transaction->SetOntology(
        R"({"tupu_ontology": 1, "labels": {"Firm": {"properties": {"n": {"type": "int"}}, "key": ["n"]}}})"));
    MustBeDone(transaction->Commit());
  }
  const VertexId owner = MakeVertex(5);
  const auto create = [](GraphTransaction& transaction, int64_t n) {
    Must(transaction.CreateVertex({transaction.InternLabel("Firm")}, {{transaction.InternPropertyKey("n"), Value(n)}}));
  };
  auto first = Begin();
  auto second = Begin();
  create(*first, 7);
  create(*second, 7);
  MustBeDone(first->Commit());
  EXPECT_CODE(second->Commit(), kConflict);

  // A key that another gives up meanwhile is still taken in the state that this one sees.
  auto releasing = Begin();
  auto claiming = Begin();
  Set(*releasing, owner, 6);
  create(*claiming, 5);
  MustBeDone(releasing->Commit());
  EXPECT_CODE(claiming->Commit(), kConstraint);
  auto again = Begin();
  create(*again, 5);
  MustBeDone(again->Commit());
}

TEST_P(ConcurrentWritersTest, ANewSchemaCollidesWithEveryWriter) {
  const VertexId vertex = MakeVertex();
  for (const bool schema_first : {true, false}) {
    auto declaring = Begin();
    auto writing = Begin();
    MustBeDone(declaring->SetOntology(schema_first ? R"({"tupu_ontology": 1, "labels": {"A": {}}})"
                                                   : R"({"tupu_ontology": 1, "labels": {"B": {}}})"));
    Set(*writing, vertex, schema_first ? 1 : 2);
    MustBeDone((schema_first ? declaring : writing)->Commit());
    EXPECT_CODE((schema_first ? writing : declaring)->Commit(), kConflict);
  }
}

// The doctors on call: each leaves because the other is there.
TEST_P(ConcurrentWritersTest, WriteSkewIsPossibleInSnapshotsAndRefusedWhenSerializable) {
  for (const Isolation isolation : {Isolation::kSnapshot, Isolation::kSerializable}) {
    const VertexId a = MakeVertex(1);
    const VertexId b = MakeVertex(1);
    auto first = Must(store_->BeginWrite({.isolation = isolation, .read_only = false, .exclusive = false}));
    auto second = Must(store_->BeginWrite({.isolation = isolation, .read_only = false, .exclusive = false}));
    if (Get(*first, b) == 1) Set(*first, a, 0);
    if (Get(*second, a) == 1) Set(*second, b, 0);
    MustBeDone(first->Commit());
    const Status status = second->Commit();
    EXPECT_EQ(status.has_value(), isolation == Isolation::kSnapshot);
    if (!status) {
      EXPECT_EQ(Name(status.error().code), Name(ErrorCode::kConflict));
    }
  }
}

TEST_P(ConcurrentWritersTest, ASerializableReaderMeetsNoPhantoms) {
  const VertexId hub = MakeVertex();
  const VertexId other = MakeVertex();
  using Read = std::function<void(const GraphView&)>;
  using Write = std::function<void(GraphTransaction&)>;
  const EdgeTypeId knows = Begin()->InternEdgeType("KNOWS");
  const LabelId firm = Begin()->InternLabel("Firm");
  const PropertyKeyId name = Begin()->InternPropertyKey("name");
  const Write create = [&](GraphTransaction& transaction) {
    Must(transaction.CreateVertex({firm}, {{name, Value("华为")}}, ExternalId{"set", "new"}));
  };
  const Write connect = [&](GraphTransaction& transaction) { Connect(transaction, other, hub); };
  const std::vector<std::pair<Read, Write>> cases = {
      {[&](const GraphView& view) { EXPECT_TRUE(Must(view.FindByName("华为")).empty()); }, create},
      {[&](const GraphView& view) {
         EXPECT_FALSE(Must(view.FindByExternalId({"set", "new"})).has_value());
       },
       create},
      {[&](const GraphView& view) { Must(view.ScanVertices(firm)); }, create},
      {[&](const GraphView& view) { view.CountVertices(std::nullopt); }, create},
      {[&](const GraphView& view) { view.CountEdges(knows); }, connect},
      {[&](const GraphView& view) { Must(view.Degree(hub, Direction::kIn, {})); }, connect},
      {[&](const GraphView& view) {
         std::vector<Neighbour> steps;
         EXPECT_DONE(view.Expand(hub, Direction::kIn, std::array{knows}, steps));
       },
       connect},
  };
  for (size_t i = 0; i < cases.size(); ++i) {
    auto reading = BeginSerializable();
    auto writing = Begin();
    cases[i].first(reading->view());
    cases[i].second(*writing);
    Must(reading->CreateVertex({reading->InternLabel("Note")}, {}));
    MustBeDone(writing->Commit());
    SCOPED_TRACE(i);
    EXPECT_CODE(reading->Commit(), kConflict);
    // Put back what `create` made: external ids are unique.
    auto transaction = Begin();
    const auto made = Must(transaction->view().FindByExternalId({"set", "new"}));
    if (!made) continue;
    MustBeDone(transaction->DeleteVertex(*made, true));
    MustBeDone(transaction->Commit());
  }
}

TEST_P(ConcurrentWritersTest, ASerializableReaderOfOtherThingsCommits) {
  const VertexId a = MakeVertex();
  const VertexId b = MakeVertex();
  auto reading = BeginSerializable();
  auto writing = Begin();
  EXPECT_EQ(Get(*reading, a), 0);
  Set(*writing, b, 1);
  MustBeDone(writing->Commit());
  Must(reading->CreateVertex({reading->InternLabel("Note")}, {}));
  MustBeDone(reading->Commit());
}

TEST_P(ConcurrentWritersTest, IdsStayDenseAndAreNotGivenTwice) {
  std::set<VertexId> ids;
  auto first = Begin();
  auto second = Begin();
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(ids.insert(Must(first->CreateVertex({}, {}))).second);
    EXPECT_TRUE(ids.insert(Must(second->CreateVertex({}, {}))).second);
  }
  second.reset();
  auto third = Begin();
  for (int i = 0; i < 100; ++i) Must(third->CreateVertex({}, {}));
  MustBeDone(third->Commit());
  MustBeDone(first->Commit());
  auto last = Begin();
  Must(last->CreateVertex({}, {}));
  MustBeDone(last->Commit());
  ids.clear();
  const auto cursor = Must(Snapshot()->ScanVertices(std::nullopt));
  std::array<VertexId, 64> batch;
  while (const size_t count = Must(cursor->Next(batch))) ids.insert(batch.begin(), batch.begin() + count);
  EXPECT_EQ(ids.size(), 201u);
  EXPECT_LT(ToInteger(*ids.rbegin()), 300u) << "what a dropped transaction took is used again";
}

TEST_P(ConcurrentWritersTest, AnExclusiveWriterIsAlone) {
  auto first = Begin();
  std::atomic<bool> began = false;
  std::thread exclusive([&] {
    auto transaction = Must(store_->BeginWrite({.isolation = {}, .read_only = false, .exclusive = true}));
    began = true;
    EXPECT_EQ(transaction->view().CountVertices(std::nullopt), 1u) << "it begins after the other has committed";
    Must(transaction->CreateVertex({}, {}));
    MustBeDone(transaction->Commit());
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_FALSE(began);
  Must(first->CreateVertex({}, {}));
  MustBeDone(first->Commit());
  first.reset();
  exclusive.join();
  EXPECT_EQ(Snapshot()->CountVertices(std::nullopt), 2u);
}

TEST_P(ConcurrentWritersTest, AReadOnlyTransactionRefusesWritesAndHoldsItsState) {
  const VertexId vertex = MakeVertex(1);
  auto reading = Must(store_->BeginWrite({.isolation = {}, .read_only = true, .exclusive = false}));
  auto writing = Begin();
  Set(*writing, vertex, 2);
  MustBeDone(writing->Commit());
  EXPECT_EQ(Get(*reading, vertex), 1);
  EXPECT_CODE(reading->CreateVertex({}, {}), kInvalidArgument);
  EXPECT_CODE(reading->DeleteVertex(vertex, true), kInvalidArgument);
  EXPECT_CODE(reading->SetOntology("{}"), kInvalidArgument);
  MustBeDone(reading->Commit());
}

TEST_P(ConcurrentWritersTest, ATransactionAboveItsLimitIsRefusedWhole) {
  GraphStoreOptions options;
  options.max_transaction_bytes = 2 << 20;
  const auto store = Must(GraphStore::OpenOn(OpenMemoryStore(), options));
  auto transaction = Must(store->BeginWrite());
  const PropertyKeyId text = transaction->InternPropertyKey("text");
  Status status;
  for (int i = 0; i < 100 && status; ++i) {
    auto created = transaction->CreateVertex({}, {{text, Value(std::string(100'000, 'x'))}});
    if (!created) status = created.error();
  }
  EXPECT_CODE(status, kResourceExhausted);
  transaction.reset();
  EXPECT_EQ(Must(store->Snapshot())->CountVertices(std::nullopt), 0u);
}

// Many threads, few hubs, conflicts on purpose: what was acknowledged is there once, with exact degrees and counts.
TEST_P(ConcurrentWritersTest, ManyWritersLoseNothing) {
  constexpr int kThreads = 8;
  constexpr int kCommits = 60;
  const std::array<VertexId, 3> hubs = {MakeVertex(), MakeVertex(), MakeVertex()};
  std::atomic<uint64_t> conflicts = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kCommits; ++i) {
        for (bool done = false; !done;) {
          auto transaction = Begin();
          const VertexId hub = hubs[static_cast<size_t>((t + i) % 3)];
          const VertexId leaf = Must(transaction->CreateVertex({transaction->InternLabel("Leaf")}, {}));
          Connect(*transaction, hub, leaf);
          Connect(*transaction, leaf, hub);
          if (i % 4 == 0) Set(*transaction, hub, Get(*transaction, hub) + 1);
          const Status status = transaction->Commit();
          done = status.has_value();
          if (done) break;
          ++conflicts;
          ASSERT_EQ(Name(status.error().code), Name(ErrorCode::kConflict)) << status.error().message;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto view = Snapshot();
  constexpr uint64_t kAll = kThreads * kCommits;
  EXPECT_EQ(view->CountVertices(store_->catalog().labels().Find("Leaf")), kAll);
  EXPECT_EQ(view->CountEdges(std::nullopt), 2 * kAll);
  uint64_t degrees = 0;
  int64_t increments = 0;
  for (const VertexId hub : hubs) {
    degrees += Must(view->Degree(hub, Direction::kBoth, {}));
    std::vector<Neighbour> steps;
    EXPECT_DONE(view->Expand(hub, Direction::kBoth, {}, steps));
    EXPECT_EQ(steps.size(), Must(view->Degree(hub, Direction::kBoth, {})));
    increments += Must(view->VertexProperty(hub, *store_->catalog().property_keys().Find("n"))).AsInteger();
  }
  EXPECT_EQ(degrees, 2 * kAll);
  EXPECT_EQ(increments, kAll / 4) << "no increment is lost";
  RecordProperty("conflicts", static_cast<int>(conflicts));
}

INSTANTIATE_TEST_SUITE_P(Backends, ConcurrentWritersTest, kBackends, BackendName);

TEST(CreatedIds, AreFoundByIdAndByPositionInSeveralRanges) {
  IdAllocator allocator;
  allocator.Reset(10);
  {
    CreatedIds dropped(allocator);
    for (int i = 0; i < 5; ++i) dropped.Append();
  }
  CreatedIds mine(allocator);
  CreatedIds other(allocator);
  std::vector<uint64_t> ids;
  for (int i = 0; i < 1000; ++i) {
    ids.push_back(mine.Append());
    if (i % 7 == 0) other.Append();
  }
  EXPECT_EQ(ids.front(), 10u);
  EXPECT_EQ(std::set<uint64_t>(ids.begin(), ids.end()).size(), ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    ASSERT_EQ(mine.IdAt(i), ids[i]);
    ASSERT_EQ(mine.PositionOf(ids[i]), i);
    ASSERT_FALSE(other.PositionOf(ids[i]).has_value());
  }
  EXPECT_FALSE(mine.PositionOf(9).has_value());
  EXPECT_FALSE(mine.PositionOf(1 << 20).has_value());
  EXPECT_EQ(mine.end(), *std::max_element(ids.begin(), ids.end()) + 1);
}

}  // namespace
}  // namespace tupu
