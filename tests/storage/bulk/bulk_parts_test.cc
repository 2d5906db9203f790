// The parts of a bulk load: maps, sorting, spilling.

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "storage/bulk/external_id_map.h"
#include "storage/bulk/key_sorter.h"
#include "storage/bulk/spill_pool.h"
#include "storage/bulk/task_list.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

TEST(ExternalIdMap, TellsGroupsAndIdsOfEveryLengthApart) {
  ExternalIdMap map;
  std::map<std::pair<uint32_t, std::string>, VertexId> expected;
  std::mt19937 random(1);
  for (uint64_t i = 0; i < 30'000; ++i) {
    const uint32_t group = random() % 3;
    std::string id(random() % 20, 'x');
    for (char& c : id) c = static_cast<char>("\0ab"[random() % 3]);
    VertexId vertex{i};
    const auto [known, is_new] = expected.try_emplace({group, id}, vertex);
    EXPECT_EQ(map.Insert(ExternalIdMap::Hash(group, id), group, id, vertex), is_new);
    EXPECT_EQ(vertex, known->second);
  }
  EXPECT_EQ(map.size(), expected.size());
  for (const auto& [key, vertex] : expected) {
    EXPECT_EQ(map.Find(ExternalIdMap::Hash(key.first, key.second), key.first, key.second), vertex);
    EXPECT_EQ(map.Find(ExternalIdMap::Hash(7, key.second), 7, key.second), std::nullopt);
  }
}

TEST(SpillPool, GivesBackWhatItKeptWhereverThatIs) {
  const TemporaryDirectory directory;
  SpillPool pool(directory.path(), 3'000);
  std::vector<SpilledPiece> pieces;
  for (char c = 'a'; c <= 'f'; ++c) pieces.push_back(Must(pool.Keep(std::string(1'000, c))));
  EXPECT_EQ(pool.bytes_on_disk(), 3'000u);
  std::string part;
  EXPECT_DONE(pool.Read(pieces[4], 10, 5, part));
  EXPECT_EQ(part, "eeeee");
  for (size_t i = 0; i < pieces.size(); ++i) {
    EXPECT_EQ(Must(pool.Take(std::move(pieces[i]))), std::string(1'000, static_cast<char>('a' + i)));
  }
  // What was taken makes room again.
  EXPECT_FALSE(Must(pool.Keep("x")).on_disk);
}

TEST(SpillPool, AFolderThatIsNotThereIsAnError) {
  SpillPool pool("/no/such/folder", 0);
  EXPECT_CODE(pool.Keep("bytes"), kIo);
}

TEST(KeySorter, MergesRunsOfSeveralFeedsIntoKeyOrder) {
  const TemporaryDirectory directory;
  SpillPool pool(directory.path(), 0);
  KeySorter sorter(pool, "N");
  std::map<std::string, std::string> expected;
  std::mt19937_64 random(2);
  for (int f = 0; f < 3; ++f) {
    KeySorter::Feed feed(sorter);
    for (int i = 0; i < 5'000; ++i) {
      std::string key(random() % 12, 'k');
      for (char& c : key) c = static_cast<char>(random() % 4 == 0 ? '\0' : 'a' + random() % 2);
      key += std::to_string(f) + "/" + std::to_string(i);
      const std::string value = std::to_string(random() % 100);
      EXPECT_DONE(feed.Add(key, value));
      expected["N" + key] = value;
    }
    EXPECT_DONE(feed.Finish());
  }
  const auto kv = OpenMemoryStore();
  const auto writer = Must(kv->BulkWriter());
  const auto run = Must(writer->NewRun(Keyspace::kIndex));
  EXPECT_DONE(sorter.MergeInto(*run));  // the run stops a test whose keys do not ascend
  EXPECT_DONE(run->Finish());
  EXPECT_DONE(writer->Ingest());
  std::map<std::string, std::string> stored;
  EXPECT_DONE(Must(kv->Snapshot())->Scan(Keyspace::kIndex, "", "", [&](std::string_view key, std::string_view value) {
    stored.emplace(key, value);
    return true;
  }));
  EXPECT_EQ(stored, expected);
}

TEST(RunTasks, GivesTheErrorOfTheEarliestTaskAndBeginsNoFurtherOne) {
  std::atomic<int> done = 0;
  std::vector<std::function<Status()>> tasks;
  for (int i = 0; i < 100; ++i) {
    tasks.emplace_back([&done, i]() -> Status {
      if (i == 3) return Error{ErrorCode::kIo, "third"};
      ++done;
      return {};
    });
  }
  EXPECT_CODE(RunTasks(tasks, 1), kIo);
  EXPECT_EQ(done, 3);
  done = 0;
  tasks.erase(tasks.begin() + 3);
  EXPECT_DONE(RunTasks(tasks, 4));
  EXPECT_EQ(done, 99);
}

}  // namespace
}  // namespace tupu
