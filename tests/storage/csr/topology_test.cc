#include "storage/csr/topology.h"

#include <atomic>
#include <thread>

#include "storage/keys/key_codec.h"
#include "tests/storage/csr/topology_fixture.h"

namespace tupu {
namespace {

TEST_P(TopologyTest, AnEmptyStoreHasNothingToBuild) {
  MustBeDone(topology().Build());
  EXPECT_EQ(NumCsrs(), 0u);
  CreateVertices();
  MustBeDone(topology().Build());
  EXPECT_TRUE(ReadsWhatBlocksSay(Snapshot()));
}

TEST_P(TopologyTest, ReadersAtEveryCommitReadTheirOwnState) {
  CreateVertices();
  ChangeAtRandom(1500, {"A", "B", "C"});
  const auto before = Snapshot();
  MustBeDone(topology().Build());
  EXPECT_EQ(NumCsrs(), 6u);
  EXPECT_TRUE(ReadsWhatBlocksSay(before));
  std::vector<std::shared_ptr<const GraphView>> states = {before};
  for (int round = 0; round < 25; ++round) {
    ChangeAtRandom(round % 5 == 0 ? 200 : 3, {"A", "B", "C"});
    states.push_back(Snapshot());
    if (round % 2 == 0) {
      ASSERT_TRUE(ReadsWhatBlocksSay(states.back())) << "round " << round;
    }
    // States whose reader has not come yet are read from blocks when their CSR is gone; both must be right.
    if (round == 8 || round == 17) topology().FoldAll();
  }
  for (size_t i = 0; i < states.size(); ++i) EXPECT_TRUE(ReadsWhatBlocksSay(states[i])) << "state " << i;
  const auto forms = Snapshot()->AdjacencyForms();
  EXPECT_GT(forms[0].changes, 0u);
  EXPECT_GT(forms[0].bytes, 0u);
  topology().FoldAll();
  for (const AdjacencyForm& form : Snapshot()->AdjacencyForms()) {
    EXPECT_TRUE(form.csr);
    EXPECT_EQ(form.changes, 0u);
    EXPECT_EQ(form.edges, Snapshot()->CountEdges(form.set.type));
  }
  EXPECT_TRUE(ReadsWhatBlocksSay(Snapshot()));
}

TEST_P(TopologyTest, AFoldGivesTheCsrThatABuildWouldGive) {
  CreateVertices();
  ChangeAtRandom(800, {"A", "B"});
  MustBeDone(topology().Build());
  for (int round = 0; round < 10; ++round) ChangeAtRandom(60, {"A", "B"});
  topology().FoldAll();
  const auto view = Snapshot();
  const GraphSnapshot& snapshot = SnapshotOf(view);
  const auto table = topology().Capture(snapshot.counts().commit);
  const std::atomic<bool> stop = false;
  const TopologySource source{{&snapshot.kv(), [](const KvSnapshot*) {}}, snapshot.counts()};
  for (const auto& part : table->parts) {
    ASSERT_NE(part, nullptr);
    const auto built = Must(BuildTopology(source, std::array{part->set}, 1, stop));
    EXPECT_EQ(built[0], *part->csr);
  }
}

TEST_P(TopologyTest, TypesThatAppearLaterAreThere) {
  CreateVertices();
  ChangeAtRandom(300, {"A", "B"});
  MustBeDone(topology().Build());
  const auto before = Snapshot();
  ChangeAtRandom(300, {"A", "B", "C", "D", "E", "F", "G", "H"});
  EXPECT_EQ(NumCsrs(), 16u);
  EXPECT_TRUE(ReadsWhatBlocksSay(Snapshot()));
  EXPECT_TRUE(ReadsWhatBlocksSay(before));
  topology().FoldAll();
  EXPECT_TRUE(ReadsWhatBlocksSay(Snapshot()));
}

TEST_P(TopologyTest, SetsAreBuiltOneByOneOnRequest) {
  CreateVertices();
  ChangeAtRandom(900, {"A", "B", "C"});
  MustBeDone(topology().Build(std::array{ListSet{EdgeTypeId{0}, AdjacencySide::kIn}}));
  EXPECT_EQ(NumCsrs(), 1u);
  EXPECT_TRUE(ReadsWhatBlocksSay(Snapshot()));
  ChangeAtRandom(100, {"A", "B", "C", "D"});
  EXPECT_TRUE(ReadsWhatBlocksSay(Snapshot()));
  MustBeDone(topology().Build());
  EXPECT_EQ(NumCsrs(), 8u);
  EXPECT_TRUE(ReadsWhatBlocksSay(Snapshot()));
}

TEST_P(TopologyTest, ManyHopsBuildItInTheBackgroundAndAFewDoNot) {
  CreateVertices();
  ChangeAtRandom(400, {"A"});
  const auto view = Snapshot();
  std::vector<Neighbour> steps;
  const auto hop = [&] { EXPECT_DONE(view->Expand(vertices_[1], Direction::kBoth, std::array{EdgeTypeId{0}}, steps)); };
  for (int i = 0; i < 50; ++i) hop();
  topology().WaitUntilIdle();
  EXPECT_EQ(NumCsrs(), 0u);
  for (int i = 0; i < 1000; ++i) hop();
  topology().WaitUntilIdle();
  EXPECT_EQ(NumCsrs(), 2u);
  EXPECT_TRUE(ReadsWhatBlocksSay(view));
}

TEST_P(TopologyTest, AManyTimesChangedSetIsFoldedInTheBackground) {
  CreateVertices();
  ChangeAtRandom(100, {"A"});
  MustBeDone(topology().Build());
  for (int round = 0; round < 10; ++round) ChangeAtRandom(600, {"A"});
  topology().WaitUntilIdle();
  EXPECT_LT(Snapshot()->AdjacencyForms()[0].changes, 4500u);
  EXPECT_GT(Snapshot()->AdjacencyForms()[0].edges, 2000u);
  EXPECT_TRUE(ReadsWhatBlocksSay(Snapshot()));
}

TEST_P(TopologyTest, OwnWritesLieOverCsrs) {
  CreateVertices();
  ChangeAtRandom(500, {"A", "B"});
  MustBeDone(topology().Build());
  auto transaction = Begin();
  const EdgeTypeId type = transaction->InternEdgeType("A");
  const auto steps_of = [&](VertexId vertex) {
    std::vector<Neighbour> steps;
    EXPECT_DONE(transaction->view().Expand(vertex, Direction::kOut, {}, steps));
    return steps;
  };
  const size_t before = steps_of(vertices_[5]).size();
  const EdgeReference made = Must(transaction->CreateEdge(vertices_[5], type, vertices_[6], {}));
  EXPECT_EQ(steps_of(vertices_[5]).size(), before + 1);
  MustBeDone(transaction->DeleteEdge(made));
  EXPECT_EQ(steps_of(vertices_[5]).size(), before);
}

TEST_P(TopologyTest, ReadersAreRightWhileCommitsAndFoldsGoOn) {
  CreateVertices();
  ChangeAtRandom(1000, {"A", "B", "C"});
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::atomic<int> checked = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done.load()) {
        const auto view = Snapshot();
        std::this_thread::yield();
        wrong += ReadsWhatBlocksSay(view) ? 0 : 1;
        ++checked;
      }
    });
  }
  std::thread builder([&] {
    while (!done.load()) {
      EXPECT_DONE(topology().Build());
      topology().FoldAll();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  for (int round = 0; round < 60 || (checked < 4 && round < 4000); ++round) ChangeAtRandom(20, {"A", "B", "C", "D"});
  done = true;
  builder.join();
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0) << "of " << checked;
  EXPECT_TRUE(ReadsWhatBlocksSay(Snapshot()));
}

TEST_P(TopologyTest, ASnapshotOutlivesTheStoreThatBuiltItsCsrs) {
  CreateVertices();
  ChangeAtRandom(300, {"A"});
  MustBeDone(topology().Build());
  const auto view = Snapshot();
  store_.reset();
  EXPECT_TRUE(ReadsWhatBlocksSay(view));
}

INSTANTIATE_TEST_SUITE_P(Backends, TopologyTest, kBackends, BackendName);

// --- Without a store around it ---

class TopologyOnKvTest : public testing::Test {
 protected:
  /// One list of vertex 0, type 0: edges 0 .. size - 1 to themselves.
  static std::string List(uint64_t size) {
    std::vector<AdjacencyEntry> entries;
    for (uint64_t i = 0; i < size; ++i) entries.push_back({i, i, {}});
    return EncodeAdjacencyBlock(entries, BlockKind::kWhole, 0);
  }
  TopologySource Source(std::string block, uint64_t edges) {
    const KvWrite write{Keyspace::kAdjacency, AdjacencyHeadKey(VertexId{0}, AdjacencySide::kOut, EdgeTypeId{0}), block};
    MustBeDone(kv_->Write(std::array{write}, {}, false));
    TopologySource source{Must(kv_->Snapshot()), {}};
    source.counts.next_vertex = source.counts.next_edge = 100;
    source.counts.edges = edges;
    source.counts.by_type = {edges};
    return source;
  }

  const std::unique_ptr<KvStore> kv_ = OpenMemoryStore();
  const std::array<ListSet, 1> sets_ = {ListSet{EdgeTypeId{0}, AdjacencySide::kOut}};
  const std::atomic<bool> stop_ = false;
};

TEST_F(TopologyOnKvTest, DamageIsFoundAndNeverServed) {
  EXPECT_DONE(BuildTopology(Source(List(20), 20), sets_, 1, stop_));
  EXPECT_CODE(BuildTopology(Source(List(20), 19), sets_, 1, stop_), kCorruption);
  EXPECT_CODE(BuildTopology(Source(List(101), 101), sets_, 1, stop_), kCorruption);
  EXPECT_CODE(BuildTopology(Source(List(20).substr(0, 30), 20), sets_, 1, stop_), kCorruption);
  EXPECT_CODE(BuildTopology(Source(EncodeSplitHead(20, 0), 20), sets_, 1, stop_), kCorruption);
  Topology topology({.budget_bytes = 1 << 20});
  topology.Restart(0);
  topology.Publish(Source(EncodeSplitHead(20, 0), 20));
  EXPECT_CODE(topology.Build(), kCorruption);
  EXPECT_EQ(topology.Capture(0), nullptr);
}

TEST_F(TopologyOnKvTest, AStoppedBuildSaysSo) {
  const std::atomic<bool> stop = true;
  std::vector<KvWrite> batch;
  for (uint64_t i = 0; i < 5000; ++i) {
    batch.push_back(
        {Keyspace::kAdjacency, AdjacencyHeadKey(static_cast<VertexId>(i), AdjacencySide::kIn, EdgeTypeId{0}), List(1)});
  }
  MustBeDone(kv_->Write(batch, {}, false));
  EXPECT_CODE(BuildTopology(Source(List(20), 20), sets_, 1, stop), kCancelled);
}

TEST_F(TopologyOnKvTest, WhatDoesNotFitTheBudgetIsReadFromBlocks) {
  uint64_t told = 1;
  Topology topology({.budget_bytes = 100, .on_bytes = [&](uint64_t bytes) { told = bytes; }});
  topology.Restart(0);
  EXPECT_EQ(told, 0u);
  topology.Publish(Source(List(20), 20));
  MustBeDone(topology.Build());
  EXPECT_EQ(topology.Capture(0), nullptr);
  ASSERT_EQ(topology.Forms().size(), 2u);
  EXPECT_FALSE(topology.Forms()[0].csr);

  Topology larger({.budget_bytes = 900, .on_bytes = [&](uint64_t bytes) { told = bytes; }});
  larger.Restart(0);
  larger.Publish(Source(List(20), 20));
  MustBeDone(larger.Build(sets_));
  ASSERT_NE(larger.Capture(0), nullptr);
  EXPECT_TRUE(larger.Forms()[0].csr);
  EXPECT_EQ(told, larger.bytes());
  EXPECT_GT(told, 0u);
  // It outgrows the budget when it is folded.
  std::vector<AdjacencyChange> changes;
  for (uint64_t i = 0; i < 90; ++i) {
    changes.push_back({VertexId{0}, static_cast<VertexId>(i), EdgeTypeId{0}, static_cast<EdgeId>(1000 + i), true});
  }
  larger.Apply(1, changes);
  TopologySource source = Source(List(20), 110);
  source.counts.commit = 1;
  larger.Publish(source);
  larger.FoldAll();
  EXPECT_FALSE(larger.Forms()[0].csr);
}

TEST_F(TopologyOnKvTest, StatesThatNoApplyDescribedAreNotServed) {
  Topology topology({.budget_bytes = 1 << 20});
  topology.Restart(7);
  TopologySource source = Source(List(20), 20);
  source.counts.commit = 7;
  topology.Publish(source);
  MustBeDone(topology.Build(sets_));
  EXPECT_NE(topology.Capture(7), nullptr);
  EXPECT_EQ(topology.Capture(8), nullptr);
  topology.Restart(9);
  EXPECT_EQ(topology.Capture(9), nullptr);
}

TEST(TopologyCsr, HoldsIdsOfEitherWidth) {
  for (const uint64_t most : {uint64_t{1} << 20, uint64_t{1} << 40}) {
    TopologyCsrBuilder builder(200, most);
    builder.BeginRow(3);
    builder.AppendEdge(5, most - 1);
    builder.AppendEdge(9, 7);
    builder.BeginRow(130);
    builder.AppendEdge(130, 8);
    const TopologyCsr csr = builder.Finish();
    EXPECT_EQ(csr.edges().wide(), most > UINT32_MAX);
    EXPECT_FALSE(csr.targets().wide());
    std::vector<Neighbour> steps;
    csr.AppendSteps(csr.RowOf(VertexId{3}), VertexId{3}, {}, false, steps);
    ASSERT_EQ(steps.size(), 2u);
    EXPECT_EQ(ToInteger(steps[0].edge), most - 1);
    EXPECT_EQ(csr.RowOf(VertexId{2}).size(), 0u);
    EXPECT_EQ(csr.RowOf(VertexId{64}).size(), 0u);
    EXPECT_EQ(csr.RowOf(VertexId{130}).size(), 1u);
    EXPECT_EQ(csr.CountSelfLoops(csr.RowOf(VertexId{130}), VertexId{130}), 1u);
    EXPECT_EQ(csr.RowOf(VertexId{1u << 30}).size(), 0u);
    // Narrow rows become wide ones when ids outgrow them.
    TopologyCsrBuilder wider(uint64_t{1} << 40, uint64_t{1} << 40);
    wider.AppendRows(csr, 0, UINT64_MAX);
    const TopologyCsr wide = wider.Finish();
    EXPECT_TRUE(wide.targets().wide());
    EXPECT_EQ(wide.num_edges(), 3u);
    EXPECT_EQ(wide.targets()[2], 130u);
  }
}

/// A row of so many edges for each vertex named.
TopologyCsr CsrOf(const std::vector<std::pair<uint64_t, uint64_t>>& rows) {
  TopologyCsrBuilder builder(1000, 1 << 20);
  uint64_t edge = 0;
  for (const auto& [vertex, edges] : rows) {
    builder.BeginRow(vertex);
    for (uint64_t i = 0; i < edges; ++i) builder.AppendEdge(i % 1000, edge++);
  }
  return builder.Finish();
}

TEST(TopologyCsr, OffsetsTakeTheBytesThatTheirGroupNeeds) {
  const std::vector<std::pair<uint64_t, uint64_t>> rows = {
      {0, 1}, {63, 254}, {64, 1}, {70, 255}, {200, 65'279}, {201, 256}, {260, 9}, {319, 65'535}, {640, 2}};
  const TopologyCsr csr = CsrOf(rows);
  const TopologyCsr::Arrays arrays = csr.arrays();
  ASSERT_EQ(arrays.groups.size(), 11u);
  std::vector<uint64_t> bytes_of_each;
  for (const auto& group : arrays.groups) bytes_of_each.push_back(group.bits == 0 ? 0 : 1 << group.place % 4);
  EXPECT_EQ(bytes_of_each, (std::vector<uint64_t>{1, 2, 0, 2, 4, 0, 0, 0, 0, 0, 1}));
  EXPECT_TRUE(arrays.FitTogether());
  uint64_t begin = 0;
  size_t next = 0;
  for (uint64_t vertex = 0; vertex < 1000; ++vertex) {
    const TopologyCsr::Row row = csr.RowOf(static_cast<VertexId>(vertex));
    if (next == rows.size() || rows[next].first != vertex) {
      EXPECT_EQ(row.size(), 0u) << vertex;
      continue;
    }
    EXPECT_EQ(row.begin, begin) << vertex;
    EXPECT_EQ(row.size(), rows[next++].second) << vertex;
    begin = row.end;
  }
  EXPECT_EQ(begin, csr.num_edges());
  next = 1;
  csr.VisitRows(5, 320, [&](VertexId vertex, const TopologyCsr::Row& row) {
    EXPECT_EQ(ToInteger(vertex), rows[next].first);
    EXPECT_EQ(row.begin, csr.RowOf(vertex).begin);
    EXPECT_EQ(row.size(), rows[next++].second);
  });
  EXPECT_EQ(next, 8u);
  // Rows brought together anew fall into the same groups, wherever the runs are cut.
  TopologyCsrBuilder copy(1000, 1 << 20);
  copy.AppendRows(csr, 0, 70);
  copy.AppendRows(csr, 70, 201);
  copy.AppendRows(csr, 201, UINT64_MAX);
  EXPECT_EQ(copy.Finish(), csr);
}

TEST(TopologyCsr, OffsetsLieOneAfterTheOther) {
  const TopologyCsr csr = CsrOf({{1, 2}, {3, 1}, {130, 300}});
  std::string expected;
  for (const int byte : {0, 0, 0, 0, 0, 0, 0, 0, /* before its rows: */ 0, 2, /* in all: */ 3})
    expected.push_back(byte);
  for (const int byte : {3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 300 - 256, 1}) expected.push_back(byte);
  EXPECT_EQ(csr.arrays().offsets, expected + std::string(TopologyCsr::kOffsetSlack, '\0'));
  const std::vector<TopologyCsr::Group> groups = {{0b1010, 0}, {0, 0}, {0b100, 4 * 11 + 1}};
  EXPECT_TRUE(std::ranges::equal(csr.arrays().groups, groups));
}

TEST(TopologyCsr, OffsetsMayTakeEightBytes) {
  // More edges than a test can hold: only the offsets are there.
  constexpr uint64_t kMany = uint64_t{1} << 33;
  std::string offsets;
  for (const uint64_t offset : {uint64_t{5}, uint64_t{0}, kMany, kMany + 1}) AppendFixed(offsets, offset, 8);
  const std::vector<TopologyCsr::Group> groups = {{0b11, 3}};
  const TopologyCsr csr({.groups = groups, .offsets = offsets, .targets = {}, .edges = {}}, nullptr, true);
  EXPECT_EQ(csr.RowOf(VertexId{0}).begin, 5u);
  EXPECT_EQ(csr.RowOf(VertexId{0}).size(), kMany);
  EXPECT_EQ(csr.RowOf(VertexId{1}).begin, kMany + 5);
  EXPECT_EQ(csr.RowOf(VertexId{1}).size(), 1u);
}

TEST(TopologyCsr, ArraysThatDoNotFitAreSeen) {
  const TopologyCsr csr = CsrOf({{1, 2}, {3, 1}, {130, 300}});
  const TopologyCsr::Arrays whole = csr.arrays();
  EXPECT_TRUE(whole.FitTogether());
  EXPECT_TRUE(CsrOf({}).arrays().FitTogether());
  std::vector<TopologyCsr::Arrays> broken(5, whole);
  broken[0].offsets.remove_suffix(1);
  broken[1].offsets = {};
  broken[2].targets = broken[2].edges = CsrOf({}).targets();
  broken[3].groups = broken[3].groups.first(2);
  std::vector<TopologyCsr::Group> groups(whole.groups.begin(), whole.groups.end());
  groups[2].place += 4;
  broken[4].groups = groups;
  for (size_t i = 0; i < broken.size(); ++i) EXPECT_FALSE(broken[i].FitTogether()) << i;
}

TEST(TopologyDelta, AnEdgeMadeAndUnmadeIsNoChange) {
  TopologyDelta delta(10);
  delta.Add(3, VertexId{1}, {4, 40}, true);
  delta.Add(5, VertexId{1}, {2, 20}, false);
  delta.Add(6, VertexId{1}, {4, 40}, false);
  RowChanges changes;
  EXPECT_FALSE(delta.Read(VertexId{1}, 2, changes));
  EXPECT_TRUE(delta.Read(VertexId{1}, 4, changes));
  EXPECT_EQ(changes.added, (std::vector<RowEdge>{{4, 40}}));
  EXPECT_TRUE(delta.Read(VertexId{1}, 6, changes));
  EXPECT_TRUE(changes.added.empty());
  EXPECT_EQ(changes.removed, (std::vector<RowEdge>{{2, 20}}));
  EXPECT_EQ(delta.GrowthOf(VertexId{1}, 4).edges, 1);
  EXPECT_EQ(delta.GrowthOf(VertexId{1}, 9).edges, -1);
  EXPECT_FALSE(delta.MayHave(VertexId{2}));
  EXPECT_TRUE(delta.MayHave(VertexId{1}));
}

}  // namespace
}  // namespace tupu
