// The parts of a bulk load: maps, sorting, spilling.

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "storage/bulk/bulk_csrs.h"
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

TEST(ExternalIdMap, NumbersAreFoundWhereverTheyLie) {
  ExternalIdMap map;
  std::map<std::string, VertexId> expected;
  std::mt19937_64 random(4);
  uint64_t next = 1'000'000;  // vertices before were stored
  const auto insert = [&](const std::string& id) {
    VertexId vertex{next};
    const auto [known, is_new] = expected.try_emplace(id, vertex);
    EXPECT_EQ(map.Insert(ExternalIdMap::Hash(2, id), 2, id, vertex), is_new) << id;
    EXPECT_EQ(vertex, known->second) << id;
    next += is_new ? 1 : 0;
  };
  // Far numbers first, which lie close when more are known; forms that are not the plain one.
  for (const char* id : {"5", "300000", "070", "", "-1", "18446744073709551615", "999999999999999999", "400000", "x"})
    insert(id);
  for (int i = 0; i < 60'000; ++i) insert(std::to_string(random() % 100'000));
  for (int i = 0; i < 2'000; ++i) insert(std::to_string(300'000 + random() % 200'000));
  insert("300000");
  EXPECT_EQ(map.size(), expected.size());
  for (const auto& [id, vertex] : expected) EXPECT_EQ(map.Find(ExternalIdMap::Hash(2, id), 2, id), vertex) << id;
  for (const char* id : {"100001", "00", "1", "300000"})
    EXPECT_EQ(map.Find(ExternalIdMap::Hash(1, id), 1, id), std::nullopt);
  EXPECT_EQ(map.FindNumber(2, 5), expected["5"]);
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

TEST(BulkCsrs, AreThoseOfTheListsInWhateverOrderThePartsEnd) {
  const TemporaryDirectory directory;
  for (const uint64_t next_edge : {uint64_t{1} << 20, uint64_t{1} << 33}) {
    SpillPool pool(directory.path(), 1'000);
    BulkCsrs csrs(pool, 900, next_edge);
    std::map<ListSet, TopologyCsrBuilder> expected;
    std::mt19937_64 random(3);
    std::vector<std::unique_ptr<BulkCsrs::Part>> parts;
    for (uint64_t vertex = 0; vertex < 900; ++vertex) {
      if (vertex % 300 == 0) parts.push_back(std::make_unique<BulkCsrs::Part>(csrs, vertex));
      for (const ListSet set :
           {ListSet{EdgeTypeId{0}, AdjacencySide::kOut}, ListSet{EdgeTypeId{5}, AdjacencySide::kIn}}) {
        if (random() % 3 == 0) continue;
        std::vector<AdjacencyEntry> entries(1 + random() % 5);
        TopologyCsrBuilder& builder = expected.try_emplace(set, 900, next_edge).first->second;
        builder.BeginRow(vertex);
        for (AdjacencyEntry& entry : entries) {
          entry = {random() % 900, random() % next_edge, {}};
          builder.AppendEdge(entry.target, entry.edge);
        }
        parts.back()->Add(VertexId{vertex}, set, entries);
      }
    }
    for (const size_t part : {2, 0, 1}) EXPECT_DONE(parts[part]->Finish());
    EXPECT_GT(pool.bytes_on_disk(), 10'000u);
    EXPECT_EQ(csrs.sets().size(), 2u);
    for (auto& [set, builder] : expected) EXPECT_TRUE(Must(csrs.Take(set)) == builder.Finish());
  }
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
