// What transactions of several threads may see of one another: bank transfers, appends to lists, write skew, phantoms, at
// both levels. Histories are checked by tests/fault/history.h.

#include <array>
#include <atomic>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "tests/fault/fault_config.h"
#include "tests/fault/history.h"
#include "tests/storage/graph/store_fixture.h"
#ifdef TUPU_WITH_ROCKSDB
#include "tests/fault/faulty_store.h"
#endif

namespace tupu {
namespace {

// --- The checker itself: each forbidden history is found, each allowed one is not. ---

class HistoryTest : public testing::Test {
 protected:
  /// Transactions that all overlap: only what they read and appended orders them.
  HistoryTransaction& Add(std::vector<std::pair<uint64_t, std::vector<int64_t>>> reads,
                          std::vector<std::pair<uint64_t, int64_t>> appends) {
    history_.push_back({true, 0, 100 + history_.size(), std::move(reads), std::move(appends)});
    return history_.back();
  }
  bool Allowed(Isolation level) const { return !FindAnomaly(history_, lists_, level); }
  void ExpectForbiddenAtBothLevels() const {
    EXPECT_FALSE(Allowed(Isolation::kSnapshot));
    EXPECT_FALSE(Allowed(Isolation::kSerializable));
  }

  std::vector<HistoryTransaction> history_;
  FinalLists lists_;
};

TEST_F(HistoryTest, OneAfterTheOtherIsAllowed) {
  Add({{1, {}}}, {{1, 10}});
  Add({{1, {10}}}, {{1, 11}});
  lists_ = {{1, {10, 11}}};
  EXPECT_TRUE(Allowed(Isolation::kSnapshot));
  EXPECT_TRUE(Allowed(Isolation::kSerializable));
}

TEST_F(HistoryTest, FindsValuesLostDoubledAborted) {
  Add({}, {{1, 10}});
  ExpectForbiddenAtBothLevels();  // lost
  lists_ = {{1, {10, 10}}};
  ExpectForbiddenAtBothLevels();
  lists_ = {{1, {10}}};
  history_[0].committed = false;
  ExpectForbiddenAtBothLevels();
}

TEST_F(HistoryTest, FindsALostUpdate) {
  Add({{1, {}}}, {{1, 10}});
  Add({{1, {}}}, {{1, 11}});
  lists_ = {{1, {10, 11}}};
  ExpectForbiddenAtBothLevels();
}

TEST_F(HistoryTest, FindsAReadSkew) {
  Add({}, {{1, 10}, {2, 20}});
  Add({{1, {10}}, {2, {}}}, {});
  lists_ = {{1, {10}}, {2, {20}}};
  ExpectForbiddenAtBothLevels();
}

TEST_F(HistoryTest, FindsALongFork) {
  Add({}, {{1, 10}});
  Add({}, {{2, 20}});
  Add({{1, {10}}, {2, {}}}, {});
  Add({{1, {}}, {2, {20}}}, {});
  lists_ = {{1, {10}}, {2, {20}}};
  ExpectForbiddenAtBothLevels();
}

TEST_F(HistoryTest, FindsAStaleRead) {
  Add({}, {{1, 10}}).ended = 5;
  Add({{1, {}}}, {}).begun = 6;
  lists_ = {{1, {10}}};
  ExpectForbiddenAtBothLevels();
}

TEST_F(HistoryTest, WriteSkewIsForbiddenToSerializableOnly) {
  Add({{1, {}}, {2, {}}}, {{1, 10}});
  Add({{1, {}}, {2, {}}}, {{2, 20}});
  lists_ = {{1, {10}}, {2, {20}}};
  EXPECT_TRUE(Allowed(Isolation::kSnapshot));
  EXPECT_FALSE(Allowed(Isolation::kSerializable));
}

// --- The store. ---

struct Case {
  Backend backend;
  Isolation level;
};

class IsolationTest : public testing::TestWithParam<Case> {
 protected:
  static constexpr int kThreads = 6;

  IsolationTest() : store_(OpenStore()), seed_(FaultSeed()) {}

  std::unique_ptr<GraphStore> OpenStore() {
#ifdef TUPU_WITH_ROCKSDB
    if (GetParam().backend == Backend::kRocksDb) {
      return std::move(Must(OpenFaulty(directory_ / "db", nullptr, false)).graph);
    }
#endif
    return Must(GraphStore::OpenInMemory());
  }

  /// About the number of transactions of one test, split among the threads.
  static uint64_t PerThread() {
    return FaultCount("TUPU_FAULT_TRANSACTIONS", 1500) / kThreads + 1;
  }
  bool serializable() const {
    return GetParam().level == Isolation::kSerializable;
  }

  std::unique_ptr<GraphTransaction> Begin() {
    return Must(store_->BeginWrite({GetParam().level, false}));
  }

  /// `act` fills one transaction and may leave it out (false). Commits it; true if it committed, false after a conflict.
  template <class Act>
  bool Try(const Act& act) {
    const auto transaction = Begin();
    if (!act(*transaction)) return false;
    std::this_thread::yield();  // so that others come between reading and committing
    const Status status = transaction->Commit();
    ++(status ? committed_ : refused_);
    if (!status && status.error().code != ErrorCode::kConflict) {
      ADD_FAILURE() << Name(status.error().code) << ": " << status.error().message;
    }
    return status.has_value();
  }

  template <class Act>
  void InThreads(const Act& act) {
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] { act(std::mt19937_64(seed_ + static_cast<uint64_t>(thread) * 7919)); });
    }
    for (std::thread& thread : threads) thread.join();
  }

  VertexId MakeVertex(std::vector<LabelId> labels = {}, Properties properties = {}) {
    const auto transaction = Begin();
    const VertexId vertex = Must(transaction->CreateVertex(std::move(labels), std::move(properties)));
    MustBeDone(transaction->Commit());
    return vertex;
  }
  PropertyKeyId Key(const std::string& name) {
    return Begin()->InternPropertyKey(name);
  }
  LabelId Label(const std::string& name) {
    return Begin()->InternLabel(name);
  }
  EdgeTypeId Type(const std::string& name) {
    return Begin()->InternEdgeType(name);
  }

  static int64_t Balance(const GraphView& view, VertexId account, PropertyKeyId key) {
    return Must(view.VertexProperty(account, key)).AsInteger();
  }

  TemporaryDirectory directory_{FastFolder()};
  void ExpectContention() {
    std::printf("%llu transactions committed, %llu in conflict\n", static_cast<unsigned long long>(committed_),
                static_cast<unsigned long long>(refused_));
    EXPECT_GT(committed_, 0u);
    EXPECT_GT(refused_, 0u) << "the transactions did not meet: the test shows nothing";
  }

  std::unique_ptr<GraphStore> store_;
  const uint64_t seed_;
  std::atomic<uint64_t> committed_{0};
  std::atomic<uint64_t> refused_{0};
};

TEST_P(IsolationTest, TransfersKeepTheSum) {
  constexpr int64_t kStart = 100;
  const PropertyKeyId balance = Key("balance");
  std::vector<VertexId> accounts;
  for (int i = 0; i < 8; ++i) accounts.push_back(MakeVertex({}, {{balance, Value(kStart)}}));
  const auto sum = [&](const GraphView& view) {
    int64_t total = 0;
    for (const VertexId account : accounts) total += Balance(view, account, balance);
    return total;
  };
  const int64_t expected = kStart * static_cast<int64_t>(accounts.size());
  InThreads([&](std::mt19937_64 random) {
    for (uint64_t i = 0; i < PerThread(); ++i) {
      const VertexId from = accounts[random() % accounts.size()];
      const VertexId to = accounts[random() % accounts.size()];
      const auto amount = static_cast<int64_t>(random() % 20);
      Try([&](GraphTransaction& t) {
        if (random() % 8 == 0) {
          EXPECT_EQ(sum(t.view()), expected);
        }
        const int64_t has = Balance(t.view(), from, balance);
        if (has < amount || from == to) return false;
        EXPECT_DONE(t.SetVertexProperty(from, balance, Value(has - amount)));
        EXPECT_DONE(t.SetVertexProperty(to, balance, Value(Balance(t.view(), to, balance) + amount)));
        return true;
      });
      if (random() % 8 == 0) {
        EXPECT_EQ(sum(*Must(store_->Snapshot())), expected);
      }
    }
  });
  const auto view = Must(store_->Snapshot());
  EXPECT_EQ(sum(*view), expected);
  for (const VertexId account : accounts) EXPECT_GE(Balance(*view, account, balance), 0);
  ExpectContention();
}

/// Appends to lists that are properties, in rounds on new vertices, so that lists stay short.
TEST_P(IsolationTest, AppendsToListsLeaveNoForbiddenHistory) {
  constexpr uint64_t kPerRound = 40;  // of a thread
  constexpr size_t kKeys = 6;
  const PropertyKeyId list_key = Key("list");
  for (uint64_t done = 0, round = 0; done < PerThread() && !HasFailure(); done += kPerRound, ++round) {
    std::vector<VertexId> keys;
    for (size_t i = 0; i < kKeys; ++i) keys.push_back(MakeVertex());
    const auto read = [&](const GraphView& view, size_t key) {
      std::vector<int64_t> values;
      const Value stored = Must(view.VertexProperty(keys[key], list_key));
      if (stored.is_null()) return values;
      for (const Value& value : stored.AsList()) values.push_back(value.AsInteger());
      return values;
    };
    std::mutex mutex;
    std::vector<HistoryTransaction> history;
    std::atomic<uint64_t> clock{1};
    std::atomic<int64_t> next_value{1};
    InThreads([&](std::mt19937_64 random) {
      random.discard(round);
      for (uint64_t i = 0; i < kPerRound; ++i) {
        HistoryTransaction record;
        record.begun = clock++;
        record.committed = Try([&](GraphTransaction& t) {
          for (uint64_t reads = random() % 3; reads > 0; --reads) {
            const size_t key = random() % kKeys;
            record.reads.emplace_back(key, read(t.view(), key));
          }
          for (uint64_t appends = random() % 3; appends > 0; --appends) {
            const size_t key = random() % kKeys;
            std::vector<int64_t> values = read(t.view(), key);
            const bool own = std::any_of(record.appends.begin(), record.appends.end(),
                                         [&](const auto& append) { return append.first == key; });
            if (own) {
              EXPECT_EQ(values.back(), record.appends.back().second);  // own writes are seen
              continue;
            }
            record.reads.emplace_back(key, values);
            values.push_back(next_value++);
            record.appends.emplace_back(key, values.back());
            EXPECT_DONE(
                t.SetVertexProperty(keys[key], list_key, Value(std::vector<Value>(values.begin(), values.end()))));
          }
          return true;
        });
        record.ended = clock++;
        const std::lock_guard lock(mutex);
        history.push_back(std::move(record));
      }
    });
    FinalLists lists;
    const auto view = Must(store_->Snapshot());
    for (size_t key = 0; key < kKeys; ++key) lists[key] = read(*view, key);
    const auto anomaly = FindAnomaly(history, lists, GetParam().level);
    EXPECT_FALSE(anomaly) << "round " << round << ": " << *anomaly;
  }
  ExpectContention();
}

// Two doctors of a pair are on call; each may leave if the other stays.
TEST_P(IsolationTest, WriteSkewHappensAtSnapshotOnly) {
  const PropertyKeyId on_call = Key("on_call");
  const VertexId one = MakeVertex({}, {{on_call, Value(true)}});
  const VertexId other = MakeVertex({}, {{on_call, Value(true)}});
  const auto leave = [&](GraphTransaction& t, VertexId who, VertexId stays) {
    ASSERT_TRUE(Must(t.view().VertexProperty(stays, on_call)).AsBoolean());
    EXPECT_DONE(t.SetVertexProperty(who, on_call, Value(false)));
  };
  const auto first = Begin();
  const auto second = Begin();
  leave(*first, one, other);
  leave(*second, other, one);
  EXPECT_DONE(first->Commit());
  const Status status = second->Commit();
  EXPECT_EQ(status.has_value(), !serializable());
  if (!status) {
    EXPECT_EQ(Name(status.error().code), Name(ErrorCode::kConflict));
  }
}

class SerializableTest : public IsolationTest {};

TEST_P(SerializableTest, WriteSkewNeverHappens) {
  const PropertyKeyId on_call = Key("on_call");
  std::vector<std::array<VertexId, 2>> pairs;
  for (int i = 0; i < 4; ++i) {
    pairs.push_back({MakeVertex({}, {{on_call, Value(true)}}), MakeVertex({}, {{on_call, Value(true)}})});
  }
  const auto is_on_call = [&](const GraphView& view, VertexId who) {
    return Must(view.VertexProperty(who, on_call)).AsBoolean();
  };
  InThreads([&](std::mt19937_64 random) {
    for (uint64_t i = 0; i < PerThread(); ++i) {
      const auto& pair = pairs[random() % pairs.size()];
      const size_t who = random() % 2;
      Try([&](GraphTransaction& t) {
        const bool leave = is_on_call(t.view(), pair[who]);
        if (leave && !is_on_call(t.view(), pair[1 - who])) return false;
        EXPECT_DONE(t.SetVertexProperty(pair[who], on_call, Value(!leave)));
        return true;
      });
      const auto view = Must(store_->Snapshot());
      EXPECT_TRUE(is_on_call(*view, pair[0]) || is_on_call(*view, pair[1]));
    }
  });
  ExpectContention();
}

/// Phantoms: two transactions each look for something by a condition, find too little of it, and add one. `look` counts,
/// `add` adds one that would be counted.
class PhantomTest : public IsolationTest {
 protected:
  template <class Look, class Add>
  void Run(const Look& look, const Add& add) {
    const auto first = Begin();
    const auto second = Begin();
    const uint64_t before = look(first->view());
    EXPECT_EQ(look(second->view()), before);
    add(*first);
    add(*second);
    EXPECT_DONE(first->Commit());
    EXPECT_EQ(look(second->view()), before + 1) << "its own only: a view does not change";
    const Status status = second->Commit();
    EXPECT_EQ(status.has_value(), !serializable());
    if (!status) {
      EXPECT_EQ(Name(status.error().code), Name(ErrorCode::kConflict)) << status.error().message;
    }
    EXPECT_EQ(look(*Must(store_->Snapshot())), before + (serializable() ? 1 : 2));
  }

  static uint64_t CountScanned(const GraphView& view, std::optional<LabelId> label) {
    const auto cursor = Must(view.ScanVertices(label));
    std::array<VertexId, 64> ids;
    uint64_t total = 0;
    while (const size_t count = Must(cursor->Next(ids))) total += count;
    return total;
  }
};

TEST_P(PhantomTest, OfALabel) {
  const LabelId label = Label("Limited");
  Run([&](const GraphView& view) { return CountScanned(view, label); },
      [&](GraphTransaction& t) { Must(t.CreateVertex({label}, {})); });
}

TEST_P(PhantomTest, OfALabelThatIsAdded) {
  const LabelId label = Label("Limited");
  std::array<VertexId, 2> vertices = {MakeVertex(), MakeVertex()};
  size_t next = 0;
  Run([&](const GraphView& view) { return CountScanned(view, label); },
      [&](GraphTransaction& t) { EXPECT_DONE(t.AddLabel(vertices[next++], label)); });
}

TEST_P(PhantomTest, OfAllVertices) {
  Run([&](const GraphView& view) { return CountScanned(view, std::nullopt); },
      [&](GraphTransaction& t) { Must(t.CreateVertex({}, {})); });
}

TEST_P(PhantomTest, OfACount) {
  const LabelId label = Label("Limited");
  Run([&](const GraphView& view) { return view.CountVertices(label); },
      [&](GraphTransaction& t) { Must(t.CreateVertex({label}, {})); });
}

TEST_P(PhantomTest, OfAName) {
  const PropertyKeyId name = Key("name");
  Run([&](const GraphView& view) { return Must(view.FindByName("the one")).size(); },
      [&](GraphTransaction& t) {
        Must(t.CreateVertex({}, {{name, Value("The One")}}));
      });
}

TEST_P(PhantomTest, OfTheEdgesOfAVertex) {
  const EdgeTypeId type = Type("OWNS");
  const VertexId owner = MakeVertex();
  const VertexId owned = MakeVertex();
  Run(
      [&](const GraphView& view) {
        std::vector<Neighbour> steps;
        EXPECT_DONE(view.Expand(owner, Direction::kOut, std::array{type}, steps));
        return steps.size();
      },
      [&](GraphTransaction& t) { Must(t.CreateEdge(owner, type, owned, {})); });
}

TEST_P(PhantomTest, OfADegree) {
  const EdgeTypeId type = Type("OWNS");
  const VertexId owner = MakeVertex();
  const VertexId owned = MakeVertex();
  Run([&](const GraphView& view) { return Must(view.Degree(owned, Direction::kIn, {})); },
      [&](GraphTransaction& t) { Must(t.CreateEdge(owner, type, owned, {})); });
}

TEST_P(IsolationTest, AnExternalIdIsGivenOnce) {
  const auto first = Begin();
  const auto second = Begin();
  Must(first->CreateVertex({}, {}, ExternalId{"g", "1"}));
  Must(second->CreateVertex({}, {}, ExternalId{"g", "1"}));
  EXPECT_DONE(first->Commit());
  EXPECT_CODE(second->Commit(), kConflict);
  EXPECT_EQ(Must(store_->Snapshot())->CountVertices(std::nullopt), 1u);
}

TEST_P(IsolationTest, ADeletedVertexKeepsNoEdge) {
  const EdgeTypeId type = Type("OWNS");
  std::atomic<uint64_t> both{0};
  InThreads([&](std::mt19937_64 random) {
    for (uint64_t i = 0; i < PerThread() / 8 + 1; ++i) {
      const VertexId owner = MakeVertex();
      const VertexId owned = MakeVertex();
      const auto creates = Begin();
      const auto deletes = Begin();
      Must(creates->CreateEdge(owner, type, owned, {}));
      EXPECT_DONE(deletes->DeleteVertex(random() % 2 == 0 ? owner : owned, false));
      const bool creator_first = random() % 2 == 0;
      const Status one = (creator_first ? creates : deletes)->Commit();
      const Status two = (creator_first ? deletes : creates)->Commit();
      EXPECT_DONE(one);
      if (two) ++both;
    }
  });
  EXPECT_EQ(both, 0u);
  const auto view = Must(store_->Snapshot());
  const auto cursor = Must(view->ScanVertices(std::nullopt));
  std::array<VertexId, 64> ids;
  while (const size_t count = Must(cursor->Next(ids))) {
    for (size_t i = 0; i < count; ++i) {
      std::vector<Neighbour> steps;
      EXPECT_DONE(view->Expand(ids[i], Direction::kBoth, {}, steps));
      for (const Neighbour& step : steps) EXPECT_TRUE(Must(view->HasVertex(step.vertex)));
    }
  }
}

const auto kCases = testing::Values(
#ifdef TUPU_WITH_ROCKSDB
    Case{Backend::kRocksDb, Isolation::kSnapshot}, Case{Backend::kRocksDb, Isolation::kSerializable},
#endif
    Case{Backend::kMemory, Isolation::kSnapshot}, Case{Backend::kMemory, Isolation::kSerializable});

std::string CaseName(const testing::TestParamInfo<Case>& info) {
  return std::string(info.param.backend == Backend::kMemory ? "Memory" : "RocksDb") +
         (info.param.level == Isolation::kSnapshot ? "Snapshot" : "Serializable");
}

INSTANTIATE_TEST_SUITE_P(Levels, IsolationTest, kCases, CaseName);
INSTANTIATE_TEST_SUITE_P(Levels, PhantomTest, kCases, CaseName);
INSTANTIATE_TEST_SUITE_P(Levels, SerializableTest,
                         testing::Values(
#ifdef TUPU_WITH_ROCKSDB
                             Case{Backend::kRocksDb, Isolation::kSerializable},
#endif
                             Case{Backend::kMemory, Isolation::kSerializable}),
                         CaseName);

}  // namespace
}  // namespace tupu
