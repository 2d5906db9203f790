#include "storage/graph/seek_memo.h"

#include <random>

#include "storage/graph/graph_snapshot.h"
#include "storage/keys/bytes.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

KvWrite IndexWrite(const std::string& prefix, uint64_t id) {
  std::string key = prefix;
  AppendU64(key, id);
  return {Keyspace::kIndex, std::move(key), std::string()};
}

TEST(SeekMemo, GivesWhatItWasToldWhileNothingChanged) {
  SeekMemo memo;
  memo.Restart(5);
  std::vector<uint64_t> ids;
  EXPECT_FALSE(memo.Find("a", 5, ids));
  memo.Add("a", 5, std::vector<uint64_t>{7, 9});
  ASSERT_TRUE(memo.Find("a", 5, ids));
  EXPECT_EQ(ids, (std::vector<uint64_t>{7, 9}));
  memo.Apply(6, std::vector{IndexWrite("other", 1)});
  EXPECT_TRUE(memo.Find("a", 6, ids)) << "a later state in which the value did not change";
  memo.Apply(7, std::vector{IndexWrite("a", 11)});
  EXPECT_FALSE(memo.Find("a", 7, ids));
  EXPECT_FALSE(memo.Find("a", 6, ids)) << "the state before is not known any more";
  memo.Add("a", 6, std::vector<uint64_t>{7, 9});
  EXPECT_FALSE(memo.Find("a", 7, ids)) << "told by a reader of the state before";
  memo.Add("a", 7, std::vector<uint64_t>{7, 9, 11});
  EXPECT_FALSE(memo.Find("a", 6, ids)) << "asked by a reader of the state before";
  EXPECT_TRUE(memo.Find("a", 8, ids));
}

TEST(SeekMemo, ForgetsAllThatWasBeforeARestart) {
  SeekMemo memo;
  memo.Restart(1);
  memo.Add("a", 1, std::vector<uint64_t>{7});
  memo.Restart(9);
  std::vector<uint64_t> ids;
  EXPECT_FALSE(memo.Find("a", 9, ids));
  memo.Add("a", 9, std::vector<uint64_t>{8});
  EXPECT_TRUE(memo.Find("a", 9, ids));
  EXPECT_FALSE(memo.Find("a", 8, ids));
}

TEST(SeekMemo, KeepsNoLongAnswers) {
  SeekMemo memo;
  std::vector<uint64_t> ids(17);
  memo.Add("many", 1, ids);
  EXPECT_FALSE(memo.Find("many", 1, ids));
  memo.Add(std::string(300, 'x'), 1, std::vector<uint64_t>{1});
  EXPECT_FALSE(memo.Find(std::string(300, 'x'), 1, ids));
}

class SeekMemoTest : public StoreTest {};

/// Readers of many states ask for names that commits give and take: each gets what a walk through its own tables gives.
TEST_P(SeekMemoTest, ReadersOfEveryStateFindItsNames) {
  std::mt19937_64 random(7);
  const auto pick = [&](uint64_t below) { return random() % below; };
  PropertyKeyId name{};
  std::vector<VertexId> vertices;
  std::vector<std::shared_ptr<const GraphView>> states;
  for (int round = 0; round < 60; ++round) {
    auto transaction = Begin();
    name = transaction->InternPropertyKey("name");
    for (int i = 0; i < 3; ++i) {
      const Value text("name " + std::to_string(pick(8)));
      if (vertices.size() < 5 || pick(4) == 0) {
        vertices.push_back(Must(transaction->CreateVertex({}, {{name, text}})));
      } else {
        MustBeDone(transaction->SetVertexProperty(vertices[pick(vertices.size())], name, text));
      }
    }
    MustBeDone(transaction->Commit());
    states.push_back(Snapshot());
    for (int i = 0; i < 20; ++i) {
      const auto& view = dynamic_cast<const GraphSnapshot&>(*states[states.size() - 1 - pick(states.size())]);
      const GraphSnapshot tables({&view.kv(), [](const KvSnapshot*) {}}, std::make_shared<StoreNames>(), view.counts(),
                                 std::make_shared<const Ontology>());
      const std::string text = "name " + std::to_string(pick(8));
      EXPECT_EQ(Must(view.FindByName(text)), Must(tables.FindByName(text)));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, SeekMemoTest, kBackends, BackendName);

}  // namespace
}  // namespace tupu
