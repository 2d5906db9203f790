#include "storage/columns/property_cache.h"

#include <atomic>
#include <random>
#include <thread>

#include "storage/bulk/graph_bulk_load.h"
#include "storage/graph/graph_snapshot.h"
#include "storage/keys/vertex_record.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

class Collected final : public PropertySink {
 public:
  void AppendNull() override { values.emplace_back(); }
  void AppendInteger(int64_t value) override { values.emplace_back(value); }
  void AppendFloat(double value) override { values.emplace_back(value); }
  void AppendBoolean(bool value) override { values.emplace_back(value); }
  void Append(const Value& value) override { values.push_back(value); }
  std::vector<Value> values;
};

/// A store that random commits change; every view must read from columns what its records say.
class PropertyCacheTest : public StoreTest {
 protected:
  static constexpr uint32_t kKeys = 4;
  static constexpr uint32_t kTypes = 3;
  static constexpr uint32_t kLabels = 3;

  static const GraphSnapshot& SnapshotOf(const std::shared_ptr<const GraphView>& view) {
    return dynamic_cast<const GraphSnapshot&>(*view);
  }
  PropertyCache& cache() { return *SnapshotOf(Snapshot()).columns(); }

  static std::vector<ColumnKey> AllKeys() {
    std::vector<ColumnKey> keys;
    for (uint32_t key = 0; key < kKeys; ++key) {
      keys.push_back({.key = static_cast<PropertyKeyId>(key)});
      for (uint32_t type = 0; type < kTypes; ++type)
        keys.push_back({EntityKind::kEdge, static_cast<EdgeTypeId>(type), static_cast<PropertyKeyId>(key)});
    }
    for (uint32_t label = 0; label < kLabels; ++label) keys.push_back({.label = static_cast<LabelId>(label)});
    return keys;
  }

  uint64_t Pick(uint64_t below) { return std::uniform_int_distribution<uint64_t>(0, below - 1)(random_); }

  /// Key 0 holds integers, 1 floats, 2 texts, 3 anything.
  Value AnyValue(uint32_t key) {
    const uint32_t type = key == 3 ? static_cast<uint32_t>(Pick(6)) : key;
    switch (type) {
      case 0: return Value(static_cast<int64_t>(Pick(1000)) - 500);
      case 1: return Pick(9) == 0 ? Value(-0.0) : Value(static_cast<double>(Pick(4)) / 2);
      case 2: return Value("text " + std::to_string(Pick(7)));
      case 3: return Value(Date{static_cast<int64_t>(Pick(9))});
      case 4: return Value(Pick(2) == 0);
      default: return Value(List{Value(1), Value("x")});
    }
  }
  Properties AnyProperties() {
    Properties properties;
    for (uint32_t key = 0; key < kKeys; ++key)
      if (Pick(3) != 0) properties.emplace_back(static_cast<PropertyKeyId>(key), AnyValue(key));
    return properties;
  }
  LabelId AnyLabel() { return static_cast<LabelId>(Pick(kLabels)); }
  std::vector<LabelId> AnyLabels() {
    std::vector<LabelId> labels;
    for (uint32_t label = 0; label < kLabels; ++label)
      if (Pick(2) == 0) labels.push_back(static_cast<LabelId>(label));
    return labels;
  }
  Value ValueOrNull(uint32_t key) { return Pick(4) == 0 ? Value() : AnyValue(key); }

  static void InternNames(GraphTransaction& transaction) {
    for (const char* name : {"i", "f", "t", "any"}) transaction.InternPropertyKey(name);
    for (const char* name : {"A", "B", "C"}) transaction.InternEdgeType(name);
    for (const char* name : {"L", "M", "N"}) transaction.InternLabel(name);
  }

  void ChangeAtRandom(int changes) {
    auto transaction = Begin();
    InternNames(*transaction);
    for (int i = 0; i < changes; ++i) ChangeOnce(*transaction);
    MustBeDone(transaction->Commit());
  }

  void ChangeOnce(GraphTransaction& transaction) {
    const uint64_t what = Pick(24);
    if (vertices_.size() < 4 || what < 4) {
      vertices_.push_back(Must(transaction.CreateVertex(AnyLabels(), AnyProperties())));
    } else if (what < 9 || edges_.empty()) {
      const auto any = [&] { return vertices_[Pick(vertices_.size())]; };
      const VertexId start = Pick(3) == 0 ? vertices_[0] : any();
      const auto type = static_cast<EdgeTypeId>(Pick(kTypes));
      edges_.push_back(Must(transaction.CreateEdge(start, type, any(), AnyProperties())));
      all_edges_.push_back(edges_.back());
    } else if (what < 13) {
      const auto key = static_cast<uint32_t>(Pick(kKeys));
      MustBeDone(transaction.SetVertexProperty(vertices_[Pick(vertices_.size())], static_cast<PropertyKeyId>(key),
                                               ValueOrNull(key)));
    } else if (what < 17) {
      const auto key = static_cast<uint32_t>(Pick(kKeys));
      MustBeDone(
          transaction.SetEdgeProperty(edges_[Pick(edges_.size())], static_cast<PropertyKeyId>(key), ValueOrNull(key)));
    } else if (what < 19) {
      const size_t at = Pick(edges_.size());
      MustBeDone(transaction.DeleteEdge(edges_[at]));
      edges_.erase(edges_.begin() + static_cast<ptrdiff_t>(at));
    } else if (what < 24 && what > 19) {
      const VertexId vertex = vertices_[Pick(vertices_.size())];
      MustBeDone(Pick(2) == 0 ? transaction.AddLabel(vertex, AnyLabel()) : transaction.RemoveLabel(vertex, AnyLabel()));
    } else if (vertices_.size() > 10) {
      const size_t at = 1 + Pick(vertices_.size() - 1);
      const VertexId gone = vertices_[at];
      MustBeDone(transaction.DeleteVertex(gone, true));
      vertices_.erase(vertices_.begin() + static_cast<ptrdiff_t>(at));
      std::erase_if(edges_, [&](const EdgeReference& edge) { return edge.start == gone || edge.end == gone; });
    }
  }

  static bool Same(const std::vector<Value>& a, const std::vector<Value>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Value& x, const Value& y) {
      return x == y && (x.type() != ValueType::kFloat || std::signbit(x.AsFloat()) == std::signbit(y.AsFloat()));
    });
  }

  /// Every way to read properties, against the records of the same state: of all ids that ever were, and some more.
  static bool ReadsWhatRecordsSay(const GraphView& read, const GraphSnapshot& state,
                                  std::span<const EdgeReference> edges) {
    const GraphSnapshot records({&state.kv(), [](const KvSnapshot*) {}}, std::make_shared<StoreNames>(), state.counts(),
                                std::make_shared<const Ontology>());
    std::vector<VertexId> ids;
    for (uint64_t id = 0; id < state.counts().next_vertex + 70; ++id) ids.push_back(static_cast<VertexId>(id));
    for (uint32_t label = 0; label < kLabels; ++label) {
      std::vector<uint8_t> expected(ids.size());
      std::vector<uint8_t> batch(ids.size());
      MustBeDone(records.GraphView::ReadLabel(ids, static_cast<LabelId>(label), expected));
      if (!read.ReadLabel(ids, static_cast<LabelId>(label), batch) || batch != expected) return false;
    }
    for (uint32_t k = 0; k < kKeys; ++k) {
      const auto key = static_cast<PropertyKeyId>(k);
      std::vector<Value> expected;
      std::vector<Value> single;
      Collected batch;
      for (const VertexId id : ids) {
        expected.push_back(Must(records.VertexProperty(id, key)));
        single.push_back(Must(read.VertexProperty(id, key)));
      }
      if (!read.ReadVertexProperty(ids, key, batch) || !Same(expected, single) || !Same(expected, batch.values))
        return false;
      expected.clear();
      single.clear();
      batch.values.clear();
      for (const EdgeReference& edge : edges) {
        expected.push_back(Must(records.EdgeProperty(edge, key)));
        single.push_back(Must(read.EdgeProperty(edge, key)));
      }
      if (!read.ReadEdgeProperty(edges, key, batch) || !Same(expected, single) || !Same(expected, batch.values))
        return false;
    }
    return true;
  }
  bool ReadsWhatRecordsSay(const std::shared_ptr<const GraphView>& view) {
    return ReadsWhatRecordsSay(*view, SnapshotOf(view), all_edges_);
  }

  std::mt19937_64 random_{20211};
  std::vector<VertexId> vertices_;
  std::vector<EdgeReference> edges_;
  std::vector<EdgeReference> all_edges_;  // the deleted ones, too
};

TEST_P(PropertyCacheTest, AnEmptyStoreHasEmptyColumns) {
  MustBeDone(cache().Build(AllKeys()));
  EXPECT_EQ(Snapshot()->PropertyForms().size(), AllKeys().size());
  ChangeAtRandom(30);
  EXPECT_TRUE(ReadsWhatRecordsSay(Snapshot()));
}

TEST_P(PropertyCacheTest, ReadersAtEveryCommitReadTheirOwnState) {
  ChangeAtRandom(1200);
  const auto before = Snapshot();
  MustBeDone(cache().Build(AllKeys()));
  EXPECT_EQ(Snapshot()->PropertyForms().size(), AllKeys().size());
  EXPECT_TRUE(ReadsWhatRecordsSay(before));
  std::vector<std::shared_ptr<const GraphView>> states = {before};
  for (int round = 0; round < 25; ++round) {
    ChangeAtRandom(round % 5 == 0 ? 150 : 3);
    states.push_back(Snapshot());
    if (round % 3 == 0) {
      ASSERT_TRUE(ReadsWhatRecordsSay(states.back())) << "round " << round;
    }
    if (round == 8 || round == 17) cache().FoldAll();
  }
  for (size_t i = 0; i < states.size(); ++i) EXPECT_TRUE(ReadsWhatRecordsSay(states[i])) << "state " << i;
  uint64_t changes = 0;
  for (const PropertyForm& form : Snapshot()->PropertyForms()) changes += form.changes;
  EXPECT_GT(changes, 0u);
  cache().FoldAll();
  for (const PropertyForm& form : Snapshot()->PropertyForms()) EXPECT_EQ(form.changes, 0u);
  EXPECT_TRUE(ReadsWhatRecordsSay(Snapshot()));
  EXPECT_TRUE(ReadsWhatRecordsSay(before)) << "older than the columns: from records";
}

TEST_P(PropertyCacheTest, ColumnsAreReadNotRecords) {
  ChangeAtRandom(400);
  MustBeDone(cache().Build(AllKeys()));
  // Told of a change that no record has, it gives that back: so it is the column that answered.
  const GraphSnapshot& snapshot = SnapshotOf(Snapshot());
  std::string row;
  AppendRow(row, Properties{{PropertyKeyId{0}, Value("planted")}});
  cache().Apply(snapshot.counts().commit, [&](const PropertyChangeVisitor& visit) {
    visit({.id = ToInteger(vertices_[1]), .row = row});
    visit({EntityKind::kEdge, edges_[0].type, ToInteger(edges_[0].id), row});
  });
  EXPECT_EQ(Must(snapshot.VertexProperty(vertices_[1], PropertyKeyId{0})), Value("planted"));
  EXPECT_EQ(Must(snapshot.EdgeProperty(edges_[0], PropertyKeyId{0})), Value("planted"));
}

TEST_P(PropertyCacheTest, OwnWritesLieOverColumns) {
  ChangeAtRandom(500);
  MustBeDone(cache().Build(AllKeys()));
  auto transaction = Begin();
  const GraphView& own = transaction->view();
  EXPECT_TRUE(ReadsWhatRecordsSay(own, SnapshotOf(Snapshot()), edges_));
  const PropertyKeyId key{0};
  const VertexId changed = vertices_[3];
  const VertexId deleted = vertices_[5];
  MustBeDone(transaction->SetVertexProperty(changed, key, Value(77)));
  MustBeDone(transaction->SetEdgeProperty(edges_[0], key, Value(78)));
  MustBeDone(transaction->DeleteVertex(deleted, true));
  const VertexId made = Must(transaction->CreateVertex({}, {{key, Value(79)}}));
  const EdgeReference tied = Must(transaction->CreateEdge(changed, EdgeTypeId{0}, made, {{key, Value(80)}}));
  Collected batch;
  const std::vector<VertexId> ids = {changed, deleted, made};
  MustBeDone(own.ReadVertexProperty(ids, key, batch));
  const bool gone = edges_[0].start == deleted || edges_[0].end == deleted;
  MustBeDone(own.ReadEdgeProperty(std::vector{edges_[0], tied}, key, batch));
  EXPECT_EQ(batch.values, (std::vector<Value>{77, Value(), 79, gone ? Value() : Value(78), 80}));
  EXPECT_EQ(Must(own.VertexProperty(changed, key)), Value(77));
  EXPECT_TRUE(ReadsWhatRecordsSay(Snapshot())) << "others do not see them";
  transaction.reset();
  EXPECT_TRUE(ReadsWhatRecordsSay(Snapshot())) << "nor does anyone after a roll-back";
}

TEST_P(PropertyCacheTest, SerializableTransactionsStillCollideOnWhatColumnsGave) {
  ChangeAtRandom(300);
  MustBeDone(cache().Build(AllKeys()));
  const PropertyKeyId key{0};
  for (const bool batched : {false, true}) {
    auto reader = Must(store_->BeginWrite({.isolation = Isolation::kSerializable}));
    Collected read;
    if (batched) {
      MustBeDone(reader->view().ReadVertexProperty(std::array{vertices_[2]}, key, read));
      MustBeDone(reader->view().ReadEdgeProperty(std::array{edges_[0]}, key, read));
    } else {
      (void)Must(reader->view().VertexProperty(vertices_[2], key));
      (void)Must(reader->view().EdgeProperty(edges_[0], key));
    }
    (void)Must(reader->CreateVertex({}, {}));
    auto writer = Begin();
    if (batched) {
      MustBeDone(writer->SetEdgeProperty(edges_[0], key, Value(1)));
    } else {
      MustBeDone(writer->SetVertexProperty(vertices_[2], key, Value(1)));
    }
    MustBeDone(writer->Commit());
    EXPECT_CODE(reader->Commit(), kConflict);
  }
}

TEST_P(PropertyCacheTest, ManyReadsBuildAColumnInTheBackgroundAndAFewDoNot) {
  ChangeAtRandom(400);
  const auto view = Snapshot();
  const auto read = [&](int times) {
    for (int i = 0; i < times; ++i) {
      (void)Must(view->VertexProperty(vertices_[1], PropertyKeyId{0}));
      (void)Must(view->EdgeProperty(edges_[0], PropertyKeyId{1}));
    }
    cache().WaitUntilIdle();
  };
  read(50);
  EXPECT_TRUE(view->PropertyForms().empty());
  read(1000);
  ASSERT_EQ(view->PropertyForms().size(), 2u);
  EXPECT_EQ(view->PropertyForms()[0].key, (ColumnKey{.key = PropertyKeyId{0}}));
  EXPECT_EQ(view->PropertyForms()[1].key, (ColumnKey{EntityKind::kEdge, edges_[0].type, PropertyKeyId{1}}));
  EXPECT_TRUE(ReadsWhatRecordsSay(view));
}

TEST_P(PropertyCacheTest, AManyTimesChangedColumnIsFoldedInTheBackground) {
  ChangeAtRandom(100);
  MustBeDone(cache().Build(AllKeys()));
  const PropertyKeyId key{0};
  for (int64_t round = 0; round < 6; ++round) {
    auto transaction = Begin();
    for (int64_t i = 0; i < 1000; ++i) (void)Must(transaction->CreateVertex({}, {{key, Value(round * 1000 + i)}}));
    MustBeDone(transaction->Commit());
  }
  cache().WaitUntilIdle();
  EXPECT_LT(Snapshot()->PropertyForms()[0].changes, 4500u);
  EXPECT_GT(Snapshot()->PropertyForms()[0].values, 4000u);
  EXPECT_TRUE(ReadsWhatRecordsSay(Snapshot()));
}

TEST_P(PropertyCacheTest, WhatDoesNotFitTheMemoryIsReadFromRecords) {
  ChangeAtRandom(600);
  MemoryBudget& budget = *store_->memory_budget();
  ASSERT_TRUE(budget.TakeForQuery(budget.takeable() - 100));
  MustBeDone(cache().Build(AllKeys()));
  EXPECT_TRUE(Snapshot()->PropertyForms().empty());
  EXPECT_TRUE(ReadsWhatRecordsSay(Snapshot()));
  budget.GiveBack(budget.takeable());
  MustBeDone(cache().Build(AllKeys()));
  EXPECT_EQ(Snapshot()->PropertyForms().size(), AllKeys().size());
  // A query that needs the memory gets it, and columns go.
  const auto view = Snapshot();
  ASSERT_TRUE(budget.TakeForQuery(budget.takeable() - cache().bytes() / 2));
  EXPECT_LT(view->PropertyForms().size(), AllKeys().size());
  EXPECT_GT(view->PropertyForms().size(), 0u);
  EXPECT_TRUE(ReadsWhatRecordsSay(view));
  // So does a CSR.
  budget.SetTopology(budget.takeable());
  EXPECT_TRUE(view->PropertyForms().empty());
  EXPECT_EQ(cache().bytes(), 0u);
  EXPECT_TRUE(ReadsWhatRecordsSay(view));
  ChangeAtRandom(20);
  EXPECT_TRUE(ReadsWhatRecordsSay(Snapshot()));
}

TEST_P(PropertyCacheTest, WhatDidNotFitIsTriedAgainOnMoreEvidenceAlone) {
  ChangeAtRandom(200);
  const auto view = Snapshot();
  const auto read = [&](int times) {
    for (int i = 0; i < times; ++i) (void)Must(view->VertexProperty(vertices_[1], PropertyKeyId{2}));
    cache().WaitUntilIdle();
  };
  MemoryBudget& budget = *store_->memory_budget();
  ASSERT_TRUE(budget.TakeForQuery(budget.takeable()));
  read(300);
  EXPECT_TRUE(view->PropertyForms().empty());
  budget.GiveBack(budget.takeable());
  read(700);
  EXPECT_TRUE(view->PropertyForms().empty()) << "256 reads were reason enough before";
  read(700);
  EXPECT_EQ(view->PropertyForms().size(), 1u);
}

/// What a store in memory has not: others that follow it, files to take in.
class PropertyCacheOnDisk : public PropertyCacheTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PropertyCacheOnDisk);

TEST_P(PropertyCacheOnDisk, AStoreThatFollowsReadsWhatTheWriterCommitted) {
  ChangeAtRandom(300);
  GraphStoreOptions options;
  options.read_only = true;
  const auto follower = Must(GraphStore::Open(directory_ / "db", options));
  const auto before = Must(follower->Snapshot());
  MustBeDone(SnapshotOf(before).columns()->Build(AllKeys()));
  EXPECT_EQ(before->PropertyForms().size(), AllKeys().size());
  EXPECT_TRUE(ReadsWhatRecordsSay(before));
  ChangeAtRandom(300);
  std::shared_ptr<const GraphView> after;
  do {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    after = Must(follower->Snapshot());
  } while (SnapshotOf(after).counts().commit == SnapshotOf(before).counts().commit);
  EXPECT_TRUE(after->PropertyForms().empty()) << "no change was described to it";
  EXPECT_TRUE(ReadsWhatRecordsSay(after));
  EXPECT_TRUE(ReadsWhatRecordsSay(before));
  MustBeDone(SnapshotOf(after).columns()->Build(AllKeys()));
  EXPECT_TRUE(ReadsWhatRecordsSay(after));
  EXPECT_TRUE(ReadsWhatRecordsSay(before));
}

TEST_P(PropertyCacheOnDisk, ABulkLoadEndsColumns) {
  ChangeAtRandom(300);
  MustBeDone(cache().Build(AllKeys()));
  const auto before = Snapshot();
  const EdgeTypeId type{0};
  EdgeId loaded{};
  {
    auto load = Must(store_->BeginBulkLoad({}));
    load->BeginEdges(1);
    std::string row;
    AppendRow(row, Properties{{PropertyKeyId{0}, Value(123)}});
    EdgeBatch batch;
    batch.Add(vertices_[1], type, vertices_[2], row);
    BulkEdges::Feed feed(load->edges(), load->indexes());
    loaded = load->AdmitEdges(batch);
    MustBeDone(feed.Add(batch, loaded));
    MustBeDone(feed.Finish());
    MustBeDone(load->Commit({}));
  }
  EXPECT_TRUE(Snapshot()->PropertyForms().empty());
  all_edges_.push_back({loaded, vertices_[1], vertices_[2], type});
  EXPECT_EQ(Must(Snapshot()->EdgeProperty(all_edges_.back(), PropertyKeyId{0})), Value(123));
  EXPECT_TRUE(ReadsWhatRecordsSay(before));
  MustBeDone(cache().Build(AllKeys()));
  EXPECT_TRUE(ReadsWhatRecordsSay(Snapshot()));
  EXPECT_TRUE(ReadsWhatRecordsSay(before));
}

TEST_P(PropertyCacheTest, ADeltaThatOutgrowsTheMemoryEndsItsColumn) {
  ChangeAtRandom(600);
  MustBeDone(cache().Build(std::array{ColumnKey{.key = PropertyKeyId{2}}}));
  ASSERT_EQ(Snapshot()->PropertyForms().size(), 1u);
  MemoryBudget& budget = *store_->memory_budget();
  ASSERT_TRUE(budget.TakeForQuery(budget.takeable() - cache().bytes() - 500));
  ASSERT_EQ(Snapshot()->PropertyForms().size(), 1u);
  ChangeAtRandom(200);
  EXPECT_TRUE(Snapshot()->PropertyForms().empty());
  EXPECT_TRUE(ReadsWhatRecordsSay(Snapshot()));
}

TEST_P(PropertyCacheTest, ASnapshotOutlivesTheStoreThatBuiltItsColumns) {
  ChangeAtRandom(300);
  MustBeDone(cache().Build(AllKeys()));
  const auto view = Snapshot();
  const auto budget = store_->memory_budget();
  store_.reset();
  EXPECT_TRUE(ReadsWhatRecordsSay(view));
  EXPECT_TRUE(budget->TakeForQuery(budget->takeable()));
  EXPECT_TRUE(view->PropertyForms().empty());
  EXPECT_TRUE(ReadsWhatRecordsSay(view));
}

TEST_P(PropertyCacheTest, ReadersAreRightWhileCommitsBuildsAndFoldsGoOn) {
  ChangeAtRandom(300);
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::atomic<int> checked = 0;
  // The edges of the beginning alone: the list itself grows while they read.
  const std::vector<EdgeReference> edges = all_edges_;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done.load()) {
        const auto view = Snapshot();
        std::this_thread::yield();
        wrong += ReadsWhatRecordsSay(*view, SnapshotOf(view), edges) ? 0 : 1;
        ++checked;
      }
    });
  }
  std::thread builder([&] {
    MemoryBudget& budget = *store_->memory_budget();
    while (!done.load()) {
      EXPECT_DONE(cache().Build(AllKeys()));
      cache().FoldAll();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      // A query that takes all memory, and gives it back.
      EXPECT_TRUE(budget.TakeForQuery(budget.takeable()));
      budget.GiveBack(budget.takeable());
    }
  });
  for (int round = 0; round < 60 || (checked < 4 && round < 4000); ++round) ChangeAtRandom(20);
  done = true;
  builder.join();
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0) << "of " << checked;
  EXPECT_TRUE(ReadsWhatRecordsSay(Snapshot()));
}

INSTANTIATE_TEST_SUITE_P(Backends, PropertyCacheTest, kBackends, BackendName);
#ifdef TUPU_WITH_ROCKSDB
INSTANTIATE_TEST_SUITE_P(Backends, PropertyCacheOnDisk, testing::Values(Backend::kRocksDb), BackendName);
#endif

// --- Without a store around it ---

class PropertyCacheOnKv : public testing::Test {
 protected:
  TopologySource Source(std::string record, uint64_t vertices) {
    const KvWrite write{Keyspace::kVertex, VertexKey(VertexId{0}), std::move(record)};
    MustBeDone(kv_->Write(std::array{write}, {}, false));
    TopologySource source{Must(kv_->Snapshot()), {}};
    source.counts.next_vertex = 10;
    source.counts.vertices = vertices;
    return source;
  }
  static std::string Record() {
    std::string record;
    std::string row;
    AppendRow(row, Properties{{PropertyKeyId{0}, Value(5)}});
    AppendVertexRecord(record, {}, std::nullopt, row);
    return record;
  }

  const std::unique_ptr<KvStore> kv_ = OpenMemoryStore();
  const std::shared_ptr<MemoryBudget> budget_ = std::make_shared<MemoryBudget>(1 << 20, nullptr);
  const std::array<ColumnKey, 1> keys_ = {ColumnKey{.key = PropertyKeyId{0}}};
};

TEST_F(PropertyCacheOnKv, DamageIsFoundAndNeverServed) {
  for (const auto& [record, vertices] : {std::pair(Record(), uint64_t{2}), std::pair(std::string("\x09"), uint64_t{1}),
                                         std::pair(Record().substr(0, 4), uint64_t{1})}) {
    PropertyCache cache(budget_);
    cache.Restart(0);
    cache.Publish(Source(record, vertices));
    EXPECT_CODE(cache.Build(keys_), kCorruption);
    EXPECT_EQ(cache.Find(keys_[0], 0), nullptr);
  }
  PropertyCache cache(budget_);
  cache.Restart(0);
  cache.Publish(Source(Record(), 1));
  EXPECT_DONE(cache.Build(keys_));
  ASSERT_NE(cache.Find(keys_[0], 0), nullptr);
  EXPECT_EQ(Must(cache.Find(keys_[0], 0)->Get(0, 0)), Value(5));
}

TEST_F(PropertyCacheOnKv, StatesThatNoApplyDescribedAreNotServed) {
  PropertyCache cache(budget_);
  cache.Restart(7);
  TopologySource source = Source(Record(), 1);
  source.counts.commit = 7;
  cache.Publish(source);
  MustBeDone(cache.Build(keys_));
  EXPECT_NE(cache.Find(keys_[0], 7), nullptr);
  EXPECT_EQ(cache.Find(keys_[0], 6), nullptr);
  EXPECT_EQ(cache.Find(keys_[0], 8), nullptr);
  cache.Restart(9);
  EXPECT_EQ(cache.Find(keys_[0], 9), nullptr);
  EXPECT_TRUE(budget_->SetColumns(0));
}

}  // namespace
}  // namespace tupu
