// Traps that others fell into with RocksDB, one test each; those of damage and failing disks are in tests/fault.

#include <array>
#include <atomic>
#include <filesystem>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "storage/kv/environment.h"
#include "storage/kv/kv_store.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

std::string NumberedKey(char first, int number) {
  std::string digits = std::to_string(number);
  return std::string(1, first) + std::string(6 - digits.size(), '0') + digits;
}

std::unique_ptr<KvStore> OpenSmall(const std::string& path, std::shared_ptr<Environment> environment = nullptr) {
  RocksDbOptions options;
  options.cache_bytes = 4 << 20;
  options.write_buffer_bytes = 256 << 10;
  options.environment = std::move(environment);
  return Must(OpenRocksDbStore(path, options));
}

// Index and filter blocks outside the cache, or write buffers beside it, make memory grow with the data.
TEST(RocksDbTraps, MemoryStaysWithinTheCacheHoweverMuchIsStored) {
  TemporaryDirectory directory;
  const auto store = OpenSmall(directory / "kv");
  std::mt19937_64 random(1);
  uint64_t most = 0;
  const auto look = [&] { most = std::max(most, Must(store->Stats()).bytes_in_memory); };
  for (int block = 0; block < 24; ++block) {  // 12 MB that do not compress
    std::vector<KvWrite> batch;
    for (int i = 0; i < 500; ++i) {
      std::string value(1000, '\0');
      for (char& c : value) c = static_cast<char>(random());
      batch.push_back({Keyspace::kVertex, NumberedKey('k', block * 500 + i), std::move(value)});
    }
    MustBeDone(store->Write(batch, {}, false));
    look();
  }
  const auto snapshot = Must(store->Snapshot());
  for (int i = 0; i < 12'000; i += 3) {
    ASSERT_TRUE(Must(snapshot->Get(Keyspace::kVertex, NumberedKey('k', i))));
    if (i % 1000 == 0) look();
  }
  int scanned = 0;
  MustBeDone(snapshot->Scan(Keyspace::kVertex, "", "", [&](auto, auto) { return ++scanned > 0; }));
  look();
  EXPECT_EQ(scanned, 12'000);
  EXPECT_GT(most, 1u << 20) << "the cache is used";
  EXPECT_LE(most, (4u << 20) + (1u << 20)) << "a few blocks in use may stand above the limit";
}

// A filter built on prefixes hides keys of other prefixes from a scan over all of them, once they are in tables.
TEST(RocksDbTraps, ScansOfTablesSeeEveryPrefix) {
  TemporaryDirectory directory;
  const auto store = OpenSmall(directory / "kv");
  std::map<std::string, std::string> model;
  for (int round = 0; round < 4; ++round) {
    std::vector<KvWrite> batch;
    for (int i = 0; i < 400; ++i) {
      const std::string key = NumberedKey(static_cast<char>('a' + (i * 7 + round) % 26), i * 4 + round);
      model[key] = std::to_string(round);
      batch.push_back({Keyspace::kAdjacency, key, model[key]});
    }
    MustBeDone(store->Write(batch, {}, false));
    if (round < 3) MustBeDone(store->Compact());  // tables, and something in memory above them
  }
  const auto snapshot = Must(store->Snapshot());
  const auto expect_range = [&](const std::string& begin, const std::string& end) {
    std::map<std::string, std::string> found;
    MustBeDone(snapshot->Scan(Keyspace::kAdjacency, begin, end, [&](std::string_view key, std::string_view value) {
      return found.emplace(key, value).second;
    }));
    const auto last = end.empty() ? model.end() : model.lower_bound(end);
    EXPECT_EQ(found, (std::map<std::string, std::string>(model.lower_bound(begin), last))) << begin << " to " << end;
  };
  expect_range("", "");
  expect_range("c", "x");
  expect_range("m0005", "m0007");
  expect_range("zz", "");
  uint64_t expanded = 0;
  std::vector<std::string> prefixes;
  for (char first = 'z'; first >= 'a'; --first) prefixes.emplace_back(1, first);
  for (const auto& pairs : Must(snapshot->Expand(Keyspace::kAdjacency, prefixes))) expanded += pairs.size();
  EXPECT_EQ(expanded, model.size());
}

// Readers beside a writer, or of an archive, must leave the folder as it is.
TEST(RocksDbTraps, AReaderWritesNothing) {
  TemporaryDirectory directory;
  const std::string path = directory / "kv";
  const std::vector<KvWrite> batch = {{Keyspace::kVertex, "a", "1"}};
  MustBeDone(OpenSmall(path)->Write(batch, {}, true));
  const auto files = [&] {
    std::map<std::string, std::pair<uint64_t, fs::file_time_type>> found;
    for (const auto& file : fs::directory_iterator(path)) {
      found[file.path().filename()] = {file.file_size(), file.last_write_time()};
    }
    return found;
  };
  const auto before = files();
  RocksDbOptions options;
  options.read_only = true;
  const auto reader = Must(OpenRocksDbStore(path, options));
  EXPECT_EQ(Must(Must(reader->Snapshot())->Get(Keyspace::kVertex, "a")), "1");
  EXPECT_CODE(reader->Write(batch, {}, true), kUnsupported);
  EXPECT_EQ(files(), before);
}

/// Counts what passes through, by operation.
class CountingEnvironment : public Environment {
 public:
  FileVerdict Before(const FileCall& call) override {
    ++counts_[static_cast<size_t>(call.operation)];
    return {};
  }
  uint64_t operator[](FileOperation operation) const { return counts_[static_cast<size_t>(operation)]; }

 private:
  std::array<std::atomic<uint64_t>, static_cast<size_t>(FileOperation::kRead) + 1> counts_{};
};

// What did not pass through the environment could not be tested by it.
// RocksDB keeps the log of each opening until a table is written.
TEST(RocksDbTraps, OpeningWithoutWritingLeavesNoLog) {
  TemporaryDirectory directory;
  const auto logs = [&] {
    return std::count_if(fs::directory_iterator(std::string(directory / "kv")), fs::directory_iterator(),
                         [](const auto& file) { return file.path().extension() == ".log"; });
  };
  MustBeDone(OpenSmall(directory / "kv")->Write(std::vector<KvWrite>{{Keyspace::kVertex, "k", "v"}}, {}, true));
  EXPECT_EQ(logs(), 1) << "it holds the only record";
  for (int i = 0; i < 4; ++i) OpenSmall(directory / "kv");
  EXPECT_EQ(logs(), 0) << "the first opening wrote the record into a table";
  EXPECT_EQ(Must(Must(OpenSmall(directory / "kv")->Snapshot())->Get(Keyspace::kVertex, "k")), "v");
}

TEST(RocksDbTraps, EveryKindOfAccessPassesThroughTheEnvironment) {
  TemporaryDirectory directory;
  const auto environment = std::make_shared<CountingEnvironment>();
  {
    const auto store = OpenSmall(directory / "new/kv", environment);
    const std::vector<KvWrite> batch = {{Keyspace::kVertex, "a", "1"}};
    MustBeDone(store->Write(batch, {}, true));
    MustBeDone(store->Compact());
    EXPECT_EQ(Must(Must(store->Snapshot())->Get(Keyspace::kVertex, "a")), "1");
    MustBeDone(store->Checkpoint(directory / "copy"));
  }
  for (const FileOperation operation :
       {FileOperation::kCreate, FileOperation::kAppend, FileOperation::kSync, FileOperation::kRename,
        FileOperation::kLink, FileOperation::kDelete, FileOperation::kCreateDirectory, FileOperation::kSyncDirectory,
        FileOperation::kOpen, FileOperation::kRead}) {
    EXPECT_GT((*environment)[operation], 0u) << static_cast<int>(operation);
  }
}

// A sync that is asked for is done, once a commit; one that is not asked for is not. Zeros ahead of the log's records cost one
// for many commits, and one more when commits are no longer synced.
TEST(RocksDbTraps, EachSyncedWriteSyncsOnce) {
  TemporaryDirectory directory;
  const auto environment = std::make_shared<CountingEnvironment>();
  const auto store = OpenSmall(directory / "kv", environment);
  const std::vector<KvWrite> batch = {{Keyspace::kVertex, "a", "1"}};
  MustBeDone(store->Write(batch, {}, true));  // the first also syncs the folder
  uint64_t before = (*environment)[FileOperation::kSync];
  for (int i = 0; i < 100; ++i) MustBeDone(store->Write(batch, {}, true));
  EXPECT_EQ((*environment)[FileOperation::kSync], before + 100 + 1);
  EXPECT_EQ((*environment)[FileOperation::kWriteAt], 1u);
  before = (*environment)[FileOperation::kSync];
  for (int i = 0; i < 10; ++i) MustBeDone(store->Write(batch, {}, false));
  EXPECT_EQ((*environment)[FileOperation::kSync], before + 1);
}

// A compaction takes a snapshot of number 0 for none, and keys of that number for hidden ones: they would be lost.
TEST(RocksDbTraps, WhatIsIngestedBeforeTheFirstWriteOutlivesACompactionUnderASnapshot) {
  TemporaryDirectory directory;
  const auto store = OpenSmall(directory / "kv");
  const auto writer = Must(store->BulkWriter());
  const auto run = Must(writer->NewRun(Keyspace::kVertex));
  for (int i = 0; i < 100; ++i) MustBeDone(run->Put(NumberedKey('k', i), "ingested"));
  MustBeDone(run->Finish());
  MustBeDone(writer->Ingest());
  const auto before = Must(store->Snapshot());
  MustBeDone(store->Write(std::vector<KvWrite>{{Keyspace::kVertex, NumberedKey('k', 50), "written"}}, {}, false));
  MustBeDone(store->Compact());
  for (const int i : {0, 50, 99}) EXPECT_EQ(Must(before->Get(Keyspace::kVertex, NumberedKey('k', i))), "ingested");
  EXPECT_EQ(Must(Must(store->Snapshot())->Get(Keyspace::kVertex, NumberedKey('k', 99))), "ingested");
}

}  // namespace
}  // namespace tupu
