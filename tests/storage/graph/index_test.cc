// Property indexes and constraints over a store: what seeks give, what commits keep, what a build does.

#include <algorithm>
#include <functional>
#include <random>
#include <thread>

#include "query/value/compare.h"
#include "storage/graph/index_range.h"
#include "storage/graph/schema_change.h"
#include "storage/keys/property_row.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

class IndexTest : public StoreTest {
 protected:
  void SetUp() override {
    auto transaction = Begin();
    firm_ = transaction->InternLabel("Firm");
    person_ = transaction->InternLabel("Person");
    owns_ = transaction->InternEdgeType("OWNS");
    code_ = transaction->InternPropertyKey("code");
    size_ = transaction->InternPropertyKey("size");
    share_ = transaction->InternPropertyKey("share");
    EXPECT_DONE(transaction->Commit());
  }

  VertexId Create(GraphTransaction& transaction, LabelId label, Properties properties) {
    return Must(transaction.CreateVertex({label}, std::move(properties)));
  }

  static std::vector<VertexId> Drain(VertexCursor& cursor) {
    std::vector<VertexId> all;
    std::vector<VertexId> batch(3);  // small: seeks go on where they stopped
    while (const size_t count = Must(cursor.Next(batch)))
      all.insert(all.end(), batch.begin(), batch.begin() + static_cast<ptrdiff_t>(count));
    std::sort(all.begin(), all.end());
    EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end()) << "a vertex was given twice";
    return all;
  }
  static std::vector<EdgeId> Drain(EdgeCursor& cursor) {
    std::vector<EdgeId> all;
    std::vector<EdgeReference> batch(3);
    while (const size_t count = Must(cursor.Next(batch)))
      for (size_t i = 0; i < count; ++i) all.push_back(batch[i].id);
    std::sort(all.begin(), all.end());
    EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end()) << "an edge was given twice";
    return all;
  }

  static std::vector<VertexId> Seek(const GraphView& view, const std::string& index, const IndexRange& range) {
    const IndexDefinition* definition = view.indexes().FindIndex(index);
    if (definition == nullptr) return {};
    return Drain(*Must(view.SeekVertices(definition->id, range)));
  }
  static std::vector<EdgeId> SeekEdges(const GraphView& view, const std::string& index, const IndexRange& range) {
    const IndexDefinition* definition = view.indexes().FindIndex(index);
    if (definition == nullptr) return {};
    return Drain(*Must(view.SeekEdges(definition->id, range)));
  }

  SchemaCounters CreateIndex(const std::string& name, std::vector<std::string> properties, std::string label = "Firm") {
    return Must(store_->CreateIndex({name, EntityKind::kVertex, std::move(label), std::move(properties)}, {}));
  }

  ConstraintRequest Constraint(const std::string& name, ConstraintKind kind, std::vector<std::string> properties) {
    ConstraintRequest request;
    request.name = name;
    request.schema = "Firm";
    request.properties = std::move(properties);
    request.kind = kind;
    return request;
  }

  LabelId firm_{};
  LabelId person_{};
  EdgeTypeId owns_{};
  PropertyKeyId code_{};
  PropertyKeyId size_{};
  PropertyKeyId share_{};
};

TEST_P(IndexTest, FindsWhatWasStoredBeforeAndWhatComesAfter) {
  auto first = Begin();
  const VertexId a = Create(*first, firm_, {{code_, Value("a")}});
  Create(*first, person_, {{code_, Value("a")}});
  Create(*first, firm_, {{size_, Value(1)}});
  EXPECT_DONE(first->Commit());
  EXPECT_EQ(CreateIndex("by_code", {"code"}).indexes_added, 1u);
  EXPECT_EQ(Seek(*Snapshot(), "by_code", {{Value("a")}, {}, {}, {}}), std::vector{a});
  auto second = Begin();
  const VertexId b = Create(*second, firm_, {{code_, Value("a")}});
  EXPECT_DONE(second->Commit());
  EXPECT_EQ(Seek(*Snapshot(), "by_code", {{Value("a")}, {}, {}, {}}), (std::vector{a, b}));
  EXPECT_EQ(Seek(*Snapshot(), "by_code", {}), (std::vector{a, b}));
}

TEST_P(IndexTest, FollowsChangesOfPropertiesLabelsAndDeletion) {
  auto first = Begin();
  const VertexId a = Create(*first, firm_, {{code_, Value(1)}});
  const VertexId b = Create(*first, firm_, {{code_, Value(2)}});
  const VertexId c = Create(*first, person_, {{code_, Value(2.0)}});
  EXPECT_DONE(first->Commit());
  CreateIndex("by_code", {"code"});
  auto second = Begin();
  EXPECT_DONE(second->SetVertexProperty(a, code_, Value(2)));
  EXPECT_DONE(second->AddLabel(c, firm_));
  EXPECT_DONE(second->DeleteVertex(b, false));
  const IndexRange two{{Value(2)}, {}, {}, {}};
  const IndexRange one{{Value(1)}, {}, {}, {}};
  EXPECT_EQ(Seek(second->view(), "by_code", two), (std::vector{a, c})) << "own writes";
  EXPECT_TRUE(Seek(second->view(), "by_code", one).empty());
  EXPECT_EQ(Seek(*Snapshot(), "by_code", two), std::vector{b}) << "not seen by others";
  EXPECT_DONE(second->Commit());
  EXPECT_EQ(Seek(*Snapshot(), "by_code", two), (std::vector{a, c}));
  auto third = Begin();
  EXPECT_DONE(third->RemoveLabel(c, firm_));
  EXPECT_DONE(third->SetVertexProperty(a, code_, Value()));
  EXPECT_TRUE(Seek(third->view(), "by_code", two).empty());
  EXPECT_DONE(third->Commit());
  EXPECT_TRUE(Seek(*Snapshot(), "by_code", {}).empty());
}

TEST_P(IndexTest, KeepsEdgesToo) {
  auto first = Begin();
  const VertexId a = Create(*first, firm_, {});
  const VertexId b = Create(*first, firm_, {});
  const EdgeReference stored = Must(first->CreateEdge(a, owns_, b, {{share_, Value(0.3)}}));
  const EdgeReference gone = Must(first->CreateEdge(b, owns_, a, {{share_, Value(0.3)}}));
  EXPECT_DONE(first->Commit());
  Must(store_->CreateIndex({"by_share", EntityKind::kEdge, "OWNS", {"share"}}, {}));
  EXPECT_EQ(SeekEdges(*Snapshot(), "by_share", {{Value(0.3)}, {}, {}, {}}), (std::vector{stored.id, gone.id}));
  auto second = Begin();
  const EdgeReference created = Must(second->CreateEdge(a, owns_, a, {{share_, Value(0.9)}}));
  EXPECT_DONE(second->SetEdgeProperty(stored, share_, Value(0.8)));
  EXPECT_DONE(second->DeleteEdge(gone));
  const IndexRange large{{}, IndexBound{Value(0.5)}, {}, {}};
  EXPECT_EQ(SeekEdges(second->view(), "by_share", large), (std::vector{stored.id, created.id}));
  EXPECT_TRUE(SeekEdges(second->view(), "by_share", {{Value(0.3)}, {}, {}, {}}).empty());
  EXPECT_DONE(second->Commit());
  EXPECT_EQ(SeekEdges(*Snapshot(), "by_share", large), (std::vector{stored.id, created.id}));
  EXPECT_EQ(SeekEdges(*Snapshot(), "by_share", {}), (std::vector{stored.id, created.id}));
  auto third = Begin();
  EXPECT_DONE(third->DeleteVertex(a, true));
  EXPECT_DONE(third->Commit());
  EXPECT_TRUE(SeekEdges(*Snapshot(), "by_share", {}).empty());
}

TEST_P(IndexTest, CompositeTakesEqualityThenRangeOrPrefix) {
  auto transaction = Begin();
  std::vector<VertexId> all;
  for (const std::string code : {"a", "ab", "b"})
    for (const int size : {1, 2, 3})
      all.push_back(Create(*transaction, firm_, {{code_, Value(code)}, {size_, Value(size)}}));
  EXPECT_DONE(transaction->Commit());
  CreateIndex("by_size_code", {"size", "code"});
  const auto view = Snapshot();
  EXPECT_EQ(Seek(*view, "by_size_code", {{Value(2)}, {}, {}, "a"}), (std::vector{all[1], all[4]}));
  EXPECT_EQ(Seek(*view, "by_size_code", {{Value(2), Value("b")}, {}, {}, {}}), std::vector{all[7]});
  EXPECT_EQ(Seek(*view, "by_size_code", {{Value(3)}, IndexBound{Value("a"), false}, IndexBound{Value("b"), false}, {}}),
            std::vector{all[5]});
  EXPECT_EQ(Seek(*view, "by_size_code", {{}, IndexBound{Value(2.5)}, {}, {}}), (std::vector{all[2], all[5], all[8]}));
  EXPECT_TRUE(Seek(*view, "by_size_code", {{Value()}, {}, {}, {}}).empty());
  EXPECT_TRUE(Seek(*view, "by_size_code", {{}, IndexBound{Value(1)}, IndexBound{Value("z")}, {}}).empty());
}

/// A seek gives exactly the entities for which the predicate is true; lists as bounds may give more.
TEST_P(IndexTest, RandomSeeksAgreeWithThePredicate) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto value = [&]() -> Value {
    switch (random() % 8) {
      case 0: return Value(static_cast<int64_t>(random() % 5));
      case 1: return Value(static_cast<double>(random() % 10) / 2);
      case 2: return Value(std::string(random() % 3, static_cast<char>('a' + random() % 2)));
      case 3: return Value(random() % 2 == 0);
      case 4: return Value(Date{static_cast<int64_t>(random() % 3)});
      case 5: return Value(std::nan(""));
      case 6: return Value(Duration{0, static_cast<int64_t>(random() % 2), 0, 0});
      default: return Value(List{Value(static_cast<int64_t>(random() % 2)), Value("x")});
    }
  };
  CreateIndex("by_code", {"code"});
  auto transaction = Begin();
  std::vector<VertexId> vertices;
  for (int i = 0; i < 200; ++i) vertices.push_back(Create(*transaction, firm_, {{code_, value()}}));
  EXPECT_DONE(transaction->Commit());
  auto open = Begin();
  for (int i = 0; i < 60; ++i) {
    const VertexId vertex = vertices[random() % vertices.size()];
    if (random() % 4 == 0) {
      (void)open->DeleteVertex(vertex, true);
    } else {
      (void)open->SetVertexProperty(vertex, code_, value());
    }
    vertices.push_back(Create(*open, firm_, {{code_, value()}}));
  }
  const auto check = [&](const GraphView& view) {
    for (int i = 0; i < 150; ++i) {
      const Value a = value();
      const Value b = value();
      const int form = static_cast<int>(random() % 4);
      IndexRange range;
      std::function<Ternary(const Value&)> predicate;
      if (form == 0) {
        range.equal = {a};
        predicate = [&](const Value& v) { return Equals(v, a); };
      } else if (form == 1) {
        range.lower = IndexBound{a, true};
        predicate = [&](const Value& v) { return LessOrEqual(a, v); };
      } else if (form == 2) {
        range.upper = IndexBound{a, false};
        predicate = [&](const Value& v) { return Less(v, a); };
      } else {
        range.lower = IndexBound{a, false};
        range.upper = IndexBound{b, true};
        predicate = [&](const Value& v) { return And(Less(a, v), LessOrEqual(v, b)); };
      }
      std::vector<VertexId> expected;
      for (const VertexId vertex : vertices) {
        const Value stored = Must(view.VertexProperty(vertex, code_));
        if (!stored.is_null() && predicate(stored) == Ternary(true)) expected.push_back(vertex);
      }
      std::vector<VertexId> found = Seek(view, "by_code", range);
      const bool lists = form != 0 && (a.type() == ValueType::kList || b.type() == ValueType::kList);
      if (lists) {
        EXPECT_TRUE(std::includes(found.begin(), found.end(), expected.begin(), expected.end()));
      } else {
        EXPECT_EQ(found, expected) << "form " << form << ", " << a.ToString() << ", " << b.ToString();
      }
    }
  };
  check(*Snapshot());
  check(open->view());
  EXPECT_DONE(open->Commit());
  check(*Snapshot());
}

TEST_P(IndexTest, SnapshotKeepsTheCatalogOfItsTime) {
  const auto before = Snapshot();
  CreateIndex("by_code", {"code"});
  EXPECT_EQ(before->indexes().FindIndex("by_code"), nullptr);
  const auto with = Snapshot();
  const IndexDefinition* index = with->indexes().FindIndex("by_code");
  ASSERT_NE(index, nullptr);
  EXPECT_TRUE(index->online());
  EXPECT_CODE(before->SeekVertices(index->id, {}), kNotFound);
  auto transaction = Begin();
  const VertexId a = Create(*transaction, firm_, {{code_, Value(1)}});
  EXPECT_DONE(transaction->Commit());
  const auto old = Snapshot();
  EXPECT_EQ(Must(store_->DropIndex("by_code", false)).indexes_removed, 1u);
  EXPECT_EQ(Seek(*old, "by_code", {{Value(1)}, {}, {}, {}}), std::vector{a}) << "a reader of an earlier state";
  EXPECT_TRUE(Snapshot()->indexes().empty());
  CreateIndex("by_code", {"code"});
  EXPECT_NE(Snapshot()->indexes().FindIndex("by_code")->id, index->id) << "ids are never used again";
  EXPECT_EQ(Seek(*Snapshot(), "by_code", {}), std::vector{a});
}

TEST_P(IndexTest, NamesAndTargetsAreTakenOnce) {
  CreateIndex("one", {"code"});
  EXPECT_CODE(store_->CreateIndex({"one", EntityKind::kVertex, "Firm", {"size"}}, {}), kAlreadyExists);
  EXPECT_CODE(store_->CreateIndex({"two", EntityKind::kVertex, "Firm", {"code"}}, {}), kAlreadyExists);
  EXPECT_EQ(Must(store_->CreateIndex({"one", EntityKind::kVertex, "Firm", {"size"}, true}, {})).indexes_added, 0u);
  EXPECT_EQ(Must(store_->CreateIndex({"", EntityKind::kVertex, "Firm", {"size", "code"}}, {})).indexes_added, 1u);
  EXPECT_NE(Snapshot()->indexes().FindIndex("index_Firm_size_code"), nullptr);
  EXPECT_CODE(store_->CreateIndex({"", EntityKind::kVertex, "Firm", {"code", "code"}}, {}), kInvalidArgument);
  EXPECT_CODE(store_->DropIndex("three", false), kNotFound);
  EXPECT_EQ(Must(store_->DropIndex("three", true)).indexes_removed, 0u);
  EXPECT_CODE(store_->CreateConstraint(Constraint("u", ConstraintKind::kUnique, {"code"}), {}), kAlreadyExists);
}

TEST_P(IndexTest, UniqueRefusesOnBuildNamingBothAndLeavesNothing) {
  auto transaction = Begin();
  const VertexId a = Create(*transaction, firm_, {{code_, Value(7)}});
  const VertexId b = Create(*transaction, firm_, {{code_, Value(7.0)}});
  EXPECT_DONE(transaction->Commit());
  const auto refused = store_->CreateConstraint(Constraint("u", ConstraintKind::kUnique, {"code"}), {});
  EXPECT_CODE(refused, kConstraint);
  EXPECT_NE(refused.error().message.find(std::to_string(ToInteger(a)) + " and " + std::to_string(ToInteger(b))),
            std::string::npos)
      << refused.error().message;
  EXPECT_TRUE(Snapshot()->indexes().empty());
  EXPECT_TRUE(Snapshot()->indexes().dropped().empty());
}

TEST_P(IndexTest, UniqueRefusesOnWriteAndLetsValuesPassOn) {
  auto transaction = Begin();
  const VertexId a = Create(*transaction, firm_, {{code_, Value("x")}});
  const VertexId b = Create(*transaction, firm_, {});
  EXPECT_DONE(transaction->Commit());
  EXPECT_EQ(Must(store_->CreateConstraint(Constraint("u", ConstraintKind::kUnique, {"code"}), {})).constraints_added,
            1u);
  transaction = Begin();
  Create(*transaction, firm_, {{code_, Value("x")}});
  EXPECT_CODE(transaction->Commit(), kConstraint);
  transaction = Begin();
  Create(*transaction, firm_, {{code_, Value("y")}});
  Create(*transaction, firm_, {{code_, Value("y")}});
  EXPECT_CODE(transaction->Commit(), kConstraint);
  transaction = Begin();
  EXPECT_DONE(transaction->SetVertexProperty(b, code_, Value("x")));
  EXPECT_DONE(transaction->SetVertexProperty(a, code_, Value("z")));
  EXPECT_DONE(transaction->Commit());
  EXPECT_EQ(Seek(*Snapshot(), "u", {{Value("x")}, {}, {}, {}}), std::vector{b});
  EXPECT_CODE(store_->DropIndex("u", false), kConstraint);
  EXPECT_EQ(Must(store_->DropConstraint("u", false)).constraints_removed, 1u);
  transaction = Begin();
  Create(*transaction, firm_, {{code_, Value("x")}});
  EXPECT_DONE(transaction->Commit());
}

TEST_P(IndexTest, ExistsTypeAndKeyAreCheckedOnBuildAndOnWrite) {
  auto transaction = Begin();
  const VertexId a = Create(*transaction, firm_, {{code_, Value("x")}, {size_, Value(1)}});
  EXPECT_DONE(transaction->Commit());
  Must(store_->CreateConstraint(Constraint("has", ConstraintKind::kExists, {"code"}), {}));
  ConstraintRequest typed = Constraint("typed", ConstraintKind::kType, {"size"});
  typed.types = PropertyTypeSet::Of(ValueType::kString, false);
  const auto refused = store_->CreateConstraint(typed, {});
  EXPECT_CODE(refused, kConstraint);
  EXPECT_NE(refused.error().message.find("STRING"), std::string::npos) << refused.error().message;
  typed.types = PropertyTypeSet::Of(ValueType::kInteger, false);
  Must(store_->CreateConstraint(typed, {}));
  Must(store_->CreateConstraint(Constraint("key", ConstraintKind::kKey, {"code", "size"}), {}));
  const auto fails = [&](Properties properties) {
    auto attempt = Begin();
    Create(*attempt, firm_, std::move(properties));
    return attempt->Commit();
  };
  EXPECT_CODE(fails({{size_, Value(1)}}), kConstraint);
  EXPECT_CODE(fails({{code_, Value("y")}, {size_, Value("1")}}), kConstraint);
  EXPECT_CODE(fails({{code_, Value("y")}}), kConstraint);
  EXPECT_CODE(fails({{code_, Value("x")}, {size_, Value(1)}}), kConstraint);
  EXPECT_DONE(fails({{code_, Value("x")}, {size_, Value(2)}}));
  transaction = Begin();
  EXPECT_DONE(transaction->SetVertexProperty(a, code_, Value()));
  EXPECT_CODE(transaction->Commit(), kConstraint);
  transaction = Begin();
  const VertexId free = Create(*transaction, person_, {});
  EXPECT_DONE(transaction->Commit());
  transaction = Begin();
  EXPECT_DONE(transaction->AddLabel(free, firm_));
  EXPECT_CODE(transaction->Commit(), kConstraint);
}

TEST_P(IndexTest, CancelledBuildLeavesNothing) {
  auto transaction = Begin();
  for (int i = 0; i < 5000; ++i) Create(*transaction, firm_, {{code_, Value(i)}});
  EXPECT_DONE(transaction->Commit());
  SchemaOptions options;
  double seen = 0;
  options.progress = [&](double done) {
    seen = done;
    options.cancellation.Cancel();
  };
  EXPECT_CODE(store_->CreateIndex({"by_code", EntityKind::kVertex, "Firm", {"code"}}, options), kCancelled);
  EXPECT_GT(seen, 0.5);
  EXPECT_LT(seen, 1);
  EXPECT_TRUE(Snapshot()->indexes().empty());
  EXPECT_TRUE(Snapshot()->indexes().dropped().empty()) << "its entries are gone as well";
}

TEST_P(IndexTest, WritesBesideABuildAreNotLost) {
  auto transaction = Begin();
  std::vector<VertexId> vertices;
  for (int i = 0; i < 20'000; ++i) vertices.push_back(Create(*transaction, firm_, {{code_, Value(i)}}));
  EXPECT_DONE(transaction->Commit());
  SchemaOptions options;
  int step = 0;
  double percent = -1;
  // Between the chunks of the build: vertices that it has seen, has not seen yet, and new ones.
  options.progress = [&](double) {
    auto write = Begin();
    EXPECT_DONE(write->SetVertexProperty(vertices[static_cast<size_t>(step)], code_, Value(100'000 + step)));
    EXPECT_DONE(write->SetVertexProperty(vertices[19'000 + static_cast<size_t>(step)], code_, Value(200'000 + step)));
    EXPECT_DONE(write->DeleteVertex(vertices[18'000 + static_cast<size_t>(step)], false));
    EXPECT_DONE(write->DeleteVertex(vertices[1'000 + static_cast<size_t>(step)], false));
    vertices.push_back(Create(*write, firm_, {{code_, Value(300'000 + step)}}));
    EXPECT_DONE(write->Commit());
    const auto view = Snapshot();
    EXPECT_EQ(view->indexes().FindIndex("by_code")->state, IndexState::kPopulating);
    percent = std::max(percent, view->indexes().FindIndex("by_code")->PopulationPercent());
    ++step;
  };
  Must(store_->CreateIndex({"by_code", EntityKind::kVertex, "Firm", {"code"}}, options));
  EXPECT_GE(step, 4);
  EXPECT_GT(percent, 50);
  const auto view = Snapshot();
  std::vector<VertexId> expected;
  for (const VertexId vertex : vertices) {
    const Value stored = Must(view->VertexProperty(vertex, code_));
    if (stored.is_null()) continue;
    expected.push_back(vertex);
    ASSERT_EQ(Seek(*view, "by_code", {{stored}, {}, {}, {}}), std::vector{vertex}) << stored.ToString();
  }
  EXPECT_EQ(Seek(*view, "by_code", {}), expected);
}

TEST_P(IndexTest, StatisticsTellEntriesDistinctValuesAndSpread) {
  auto transaction = Begin();
  std::vector<VertexId> firms;
  for (int i = 0; i < 1000; ++i)
    firms.push_back(Create(*transaction, firm_, {{code_, Value(i % 10)}, {size_, Value(i)}}));
  const VertexId person = Create(*transaction, person_, {});
  for (int i = 0; i < 30; ++i) Must(transaction->CreateEdge(person, owns_, firms[static_cast<size_t>(i)], {}));
  EXPECT_DONE(transaction->Commit());
  CreateIndex("by_both", {"code", "size"});
  CreateIndex("by_size", {"size"});
  EXPECT_DONE(store_->RefreshStatistics(StatisticsScope::kAll, {}));
  const auto view = Snapshot();
  const IndexStatistics* both = view->statistics().Find(view->indexes().FindIndex("by_both")->id);
  ASSERT_NE(both, nullptr);
  EXPECT_EQ(both->entries, 1000u);
  EXPECT_EQ(both->distinct, (std::vector<uint64_t>{10, 1000}));
  EXPECT_EQ(both->EstimateEqual(1), 100);
  EXPECT_EQ(both->EstimateEqual(2), 1);
  const IndexDefinition* by_size = view->indexes().FindIndex("by_size");
  const IndexStatistics* size = view->statistics().Find(by_size->id);
  ASSERT_NE(size, nullptr);
  const auto keys = KeysOf(by_size->id, {{}, IndexBound{Value(900)}, {}, {}});
  ASSERT_TRUE(keys.has_value());
  const size_t head = IndexPrefix(by_size->id).size();
  EXPECT_NEAR(size->EstimateRange(keys->begin.substr(head), keys->end.substr(head)), 100, 30);
  EXPECT_EQ(view->statistics().triples.at({person_, owns_, firm_}), 30u);
  EXPECT_EQ(view->statistics().triples.size(), 3u) << "and one for whatever stands at either end";
  EXPECT_EQ(view->statistics().EdgesAt(person_, owns_, true), 30u);
  EXPECT_EQ(view->statistics().EdgesAt(person_, owns_, false), 0u);
  EXPECT_EQ(view->statistics().EdgesAt(firm_, owns_, false), 30u);
}

INSTANTIATE_TEST_SUITE_P(Backends, IndexTest, kBackends, BackendName);

#ifdef TUPU_WITH_ROCKSDB

/// The catalog, the entries and the statistics come back at open; a build that a crash cut off does not.
TEST(IndexFiles, ComeBackAtOpen) {
  TemporaryDirectory directory;
  GraphStoreOptions options;
  options.sync = false;
  std::vector<VertexId> made;
  {
    const auto store = Must(GraphStore::Open(directory / "db", options));
    auto transaction = Must(store->BeginWrite());
    const LabelId firm = transaction->InternLabel("Firm");
    const PropertyKeyId code = transaction->InternPropertyKey("code");
    for (int i = 0; i < 10; ++i) made.push_back(Must(transaction->CreateVertex({firm}, {{code, Value(i)}})));
    MustBeDone(transaction->Commit());
    Must(store->CreateIndex({"by_code", EntityKind::kVertex, "Firm", {"code"}}, {}));
  }
  const auto store = Must(GraphStore::Open(directory / "db", options));
  const auto view = Must(store->Snapshot());
  const IndexDefinition* index = view->indexes().FindIndex("by_code");
  ASSERT_NE(index, nullptr);
  EXPECT_TRUE(index->online());
  std::vector<VertexId> found(20);
  const auto cursor = Must(view->SeekVertices(index->id, {{}, IndexBound{Value(5)}, {}, {}}));
  EXPECT_EQ(Must(cursor->Next(found)), 5u);
  ASSERT_NE(view->statistics().Find(index->id), nullptr);
  EXPECT_EQ(view->statistics().Find(index->id)->entries, 10u);
}

TEST(IndexFiles, ABuildDoesNotMakeTheNextOpenSlow) {
  TemporaryDirectory directory;
  GraphStoreOptions options;
  options.sync = false;
  const auto store = Must(GraphStore::Open(directory / "db", options));
  auto transaction = Must(store->BeginWrite());
  const LabelId firm = transaction->InternLabel("Firm");
  const PropertyKeyId code = transaction->InternPropertyKey("code");
  for (int i = 0; i < 20'000; ++i) Must(transaction->CreateVertex({firm}, {{code, Value(i)}}));
  MustBeDone(transaction->Commit());
  const auto bytes_to_replay = [&] {
    uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(directory / "db"))
      if (file.path().extension() == ".log") bytes += file.file_size();
    return bytes;
  };
  EXPECT_GT(bytes_to_replay(), 100'000u);
  Must(store->CreateIndex({"by_code", EntityKind::kVertex, "Firm", {"code"}}, {}));
  EXPECT_LT(bytes_to_replay(), 1'000u);
}

TEST(IndexFiles, HalfBuiltIndexIsRemovedAtOpen) {
  TemporaryDirectory directory;
  GraphStoreOptions options;
  options.sync = false;
  {
    const auto store = Must(GraphStore::Open(directory / "db", options));
    auto transaction = Must(store->BeginWrite());
    const LabelId firm = transaction->InternLabel("Firm");
    const PropertyKeyId code = transaction->InternPropertyKey("code");
    for (int i = 0; i < 9000; ++i) Must(transaction->CreateVertex({firm}, {{code, Value(i)}}));
    MustBeDone(transaction->Commit());
    // A copy of the files in the middle of the build is what a crash there would leave.
    SchemaOptions build;
    int copies = 0;
    build.progress = [&](double) {
      if (copies++ == 0)
        std::filesystem::copy(directory / "db", directory / "crashed", std::filesystem::copy_options::recursive);
    };
    Must(store->CreateIndex({"by_code", EntityKind::kVertex, "Firm", {"code"}}, build));
    EXPECT_GT(copies, 1);
  }
  const auto store = Must(GraphStore::Open(directory / "crashed", options));
  EXPECT_TRUE(Must(store->Snapshot())->indexes().empty());
  EXPECT_EQ(Must(store->Snapshot())->indexes().dropped().size(), 1u);
  Must(store->CreateIndex({"by_code", EntityKind::kVertex, "Firm", {"code"}}, {}));
  const auto view = Must(store->Snapshot());
  std::vector<VertexId> found(9001);
  const auto cursor = Must(view->SeekVertices(view->indexes().FindIndex("by_code")->id, {}));
  EXPECT_EQ(Must(cursor->Next(found)), 9000u);
  Must(store->DropIndex("by_code", false));
  EXPECT_TRUE(Must(store->Snapshot())->indexes().dropped().empty()) << "what the crash left is gone as well";
}

#endif

}  // namespace
}  // namespace tupu
