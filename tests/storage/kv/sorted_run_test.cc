// Long scans go table by table past RocksDB's iterator (storage/kv/internal/sorted_run.h) where they can: they must give what
// the iterator gives, whatever lies in buffers, in newer tables, in ingested ones, and whatever the snapshot is old.

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "storage/kv/environment.h"
#include "storage/kv/kv_store.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

using Model = std::map<std::string, std::string, std::less<>>;

/// A scan of fewer keys is left to RocksDB's iterator.
constexpr int kKeys = 9'000;

std::string KeyOf(int number) {
  const std::string digits = std::to_string(number);
  return std::string(6 - digits.size(), '0') + digits;
}

/// Counts the tables that the thread at hand opens, which RocksDB's iterator has open already.
class OpenCounter : public Environment {
 public:
  FileVerdict Before(const FileCall& call) override {
    if (call.operation != FileOperation::kOpen || !call.path.ends_with(".sst")) return {};
    ++opened_here;
    return {refuse ? FileVerdict::kFail : FileVerdict::kDo};
  }

  static thread_local int opened_here;
  std::atomic<bool> refuse = false;
};
thread_local int OpenCounter::opened_here = 0;

class SortedRunTest : public testing::Test {
 protected:
  SortedRunTest() { Open(); }

  void Open() {
    store_.reset();
    RocksDbOptions options;
    options.cache_bytes = 64 << 20;
    options.write_buffer_bytes = 16 << 20;  // flushed when the test says so
    options.environment = environment_;
    store_ = Must(OpenRocksDbStore(path_, options));
  }

  void Put(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::vector<KvWrite> batch;
    for (const auto& [key, value] : pairs) {
      batch.push_back({Keyspace::kAdjacency, key, value});
      model_[key] = value;
    }
    MustBeDone(store_->Write(batch, {}, false));
  }
  void Delete(const std::string& key) {
    MustBeDone(store_->Write(std::vector<KvWrite>{{Keyspace::kAdjacency, key, std::nullopt}}, {}, false));
    model_.erase(key);
  }
  /// In runs of several tables side by side.
  void Ingest(const Model& pairs, int tables) {
    const auto writer = Must(store_->BulkWriter());
    const int most = static_cast<int>(pairs.size()) / tables + 1;
    auto at = pairs.begin();
    while (at != pairs.end()) {
      const auto run = Must(writer->NewRun(Keyspace::kAdjacency));
      for (int i = 0; i < most && at != pairs.end(); ++i, ++at) MustBeDone(run->Put(at->first, at->second));
      MustBeDone(run->Finish());
    }
    MustBeDone(writer->Ingest());
    for (const auto& [key, value] : pairs) model_[key] = value;
  }
  void Fill(int tables, const std::string& value = "first") {
    Model pairs;
    for (int i = 0; i < kKeys; ++i) pairs[KeyOf(i)] = value + std::to_string(i);
    Ingest(pairs, tables);
  }
  std::shared_ptr<const KvSnapshot> Snapshot() { return Must(store_->Snapshot()); }
  /// While somebody sees the state before an ingest, RocksDB does not rewrite its tables when it likes.
  std::shared_ptr<const KvSnapshot> KeepTables() { return Snapshot(); }

  /// How many tables were opened on the way.
  static int ExpectScans(const KvSnapshot& snapshot, const Model& model, std::string_view begin = "",
                         std::string_view end = "") {
    auto expected = model.lower_bound(begin);
    const auto last = end.empty() ? model.end() : model.lower_bound(end);
    const int before = OpenCounter::opened_here;
    int wrong = 0;
    std::string found;
    EXPECT_DONE(snapshot.Scan(Keyspace::kAdjacency, begin, end, [&](std::string_view key, std::string_view value) {
      wrong += expected == last || key != expected->first || value != expected->second ? 1 : 0;
      if (wrong > 0) found = key;
      if (wrong == 0) ++expected;
      return wrong == 0;
    }));
    EXPECT_EQ(wrong, 0) << "in [" << begin << ", " << end << "): found " << found << ", expected "
                        << (expected == model.end() ? "nothing" : expected->first);
    if (wrong == 0 && expected != last) ADD_FAILURE() << "it ended before " << expected->first;
    return OpenCounter::opened_here - before;
  }

  const std::shared_ptr<OpenCounter> environment_ = std::make_shared<OpenCounter>();
  TemporaryDirectory directory_;
  const std::string path_ = directory_ / "kv";
  std::unique_ptr<KvStore> store_;
  Model model_;
};

TEST_F(SortedRunTest, GoesThroughEachTableOfTheRunOnce) {
  const auto kept = KeepTables();
  Fill(3);
  EXPECT_EQ(ExpectScans(*Snapshot(), model_), 2) << "the first of them was behind the keys that begin every scan";
  MustBeDone(store_->Compact());
  EXPECT_EQ(ExpectScans(*Snapshot(), model_), 1);
  EXPECT_EQ(ExpectScans(*Snapshot(), model_, KeyOf(10), KeyOf(500)), 0) << "a short scan";
  EXPECT_EQ(ExpectScans(*Snapshot(), model_, KeyOf(10), KeyOf(kKeys - 10)), 1);
}

TEST_F(SortedRunTest, NewerValuesLieOverTheRun) {
  const auto kept = KeepTables();
  Fill(3);
  Put({{KeyOf(3000), "buffered"}, {KeyOf(3000) + "x", "between tables"}, {KeyOf(6500), "old"}});
  MustBeDone(store_->Flush());
  Put({{"0", "before all"}, {KeyOf(6500), "new"}, {KeyOf(kKeys - 1), "the last"}, {"zz", "behind all"}});
  EXPECT_EQ(ExpectScans(*Snapshot(), model_), 2);
  EXPECT_EQ(ExpectScans(*Snapshot(), model_, "0", KeyOf(6500)), 2);
  EXPECT_EQ(ExpectScans(*Snapshot(), model_, "0", KeyOf(6500) + "a"), 2);
}

TEST_F(SortedRunTest, DeletionsOverTheRunLeaveTheScanToTheIterator) {
  Fill(2);
  Delete(KeyOf(7000));
  EXPECT_EQ(ExpectScans(*Snapshot(), model_), 0) << "in the buffer";
  MustBeDone(store_->Flush());
  EXPECT_EQ(ExpectScans(*Snapshot(), model_), 0) << "in a table";
  MustBeDone(store_->Compact());
  EXPECT_GT(ExpectScans(*Snapshot(), model_), 0) << "in none";
}

TEST_F(SortedRunTest, AnOlderSnapshotSeesWhatItSawWithinTheRun) {
  Fill(2);
  const auto first = Snapshot();
  const Model first_model = model_;
  for (int i = 5000; i < 8000; i += 3) Put({{KeyOf(i), "second"}, {KeyOf(i) + "+", "new"}});
  Delete(KeyOf(6001));
  const auto second = Snapshot();
  const Model second_model = model_;
  MustBeDone(store_->Compact());  // three states in the run
  Put({{KeyOf(6001), "third"}});
  EXPECT_GT(ExpectScans(*first, first_model), 0);
  EXPECT_GT(ExpectScans(*second, second_model), 0);
  EXPECT_GT(ExpectScans(*Snapshot(), model_), 0);
}

TEST_F(SortedRunTest, AnIngestIsNotSeenBySnapshotsBeforeIt) {
  const auto empty = Snapshot();
  Fill(3);
  EXPECT_EQ(ExpectScans(*empty, {}), 0);
  const auto first = Snapshot();
  const Model first_model = model_;
  Ingest({{KeyOf(kKeys), "in the run"}, {KeyOf(kKeys + 1), "beside the others"}}, 1);
  EXPECT_EQ(ExpectScans(*first, first_model), 0);
  EXPECT_EQ(ExpectScans(*Snapshot(), model_), 3);
  Fill(2, "second");  // lies over the first one
  const auto second = Snapshot();
  const Model second_model = model_;
  ExpectScans(*first, first_model);
  EXPECT_EQ(ExpectScans(*Snapshot(), model_), 3);
  MustBeDone(store_->Compact());
  Fill(1, "third");
  EXPECT_GT(ExpectScans(*first, first_model), 0);
  EXPECT_GT(ExpectScans(*second, second_model), 0);
  EXPECT_GT(ExpectScans(*Snapshot(), model_), 0);
}

TEST_F(SortedRunTest, TheVisitorEndsTheScanAnywhere) {
  Fill(3);
  Put({{KeyOf(5000), "newer"}, {"zz", "behind all"}});
  for (const int most : {4095, 4096, 4097, 5001, 6002, kKeys, kKeys + 1}) {
    int seen = 0;
    MustBeDone(Snapshot()->Scan(Keyspace::kAdjacency, "", "", [&](auto, auto) { return ++seen < most; }));
    EXPECT_EQ(seen, most);
  }
}

// As when another process writes, and deletes a table that we have open.
TEST_F(SortedRunTest, ATableThatCannotBeOpenedIsLeftToTheIterator) {
  Fill(3);
  Put({{KeyOf(5000), "newer"}});
  environment_->refuse = true;
  EXPECT_EQ(ExpectScans(*Snapshot(), model_), 1);
}

TEST_F(SortedRunTest, SharesTheCacheWithTheDatabase) {
  Fill(2);
  MustBeDone(store_->Compact());
  for (int i = 0; i < kKeys; i += 20) Must(Snapshot()->Get(Keyspace::kAdjacency, KeyOf(i)));
  const uint64_t before = Must(store_->Stats()).bytes_in_memory;
  EXPECT_EQ(ExpectScans(*Snapshot(), model_), 1);
  EXPECT_LE(Must(store_->Stats()).bytes_in_memory, before + (16 << 10)) << "no block is held twice";
}

class DamagedRunTest : public SortedRunTest {
 protected:
  DamagedRunTest() {
    for (int i = 0; i < kKeys; i += 100) {
      std::vector<std::pair<std::string, std::string>> pairs;
      for (int key = i; key < i + 100; ++key) {
        std::string value(40, '\0');
        for (char& c : value) c = static_cast<char>(random_());
        pairs.emplace_back(KeyOf(key), value);
      }
      Put(pairs);
    }
    MustBeDone(store_->Compact());
    store_.reset();
    for (const auto& file : fs::directory_iterator(path_)) {
      if (file.path().extension() == ".sst" && file.file_size() > 100'000) table_ = file.path();
    }
  }

  void FlipBit(uint64_t bit) const {
    std::fstream stream(table_, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(bit / 8));
    const int byte = stream.get();
    stream.seekp(static_cast<std::streamoff>(bit / 8));
    stream.put(static_cast<char>(byte ^ 1 << bit % 8));
  }
  uint64_t NumBits() const { return fs::file_size(table_) * 8; }

  std::mt19937_64 random_{3};
  fs::path table_;  // the run of the keyspace
};

TEST_F(DamagedRunTest, IsReportedWhenTheScanMeetsIt) {
  FlipBit(NumBits() / 5 * 4);
  Open();
  const int before = OpenCounter::opened_here;
  int seen = 0;
  EXPECT_CODE(Snapshot()->Scan(Keyspace::kAdjacency, "", "", [&](auto, auto) { return ++seen > 0; }), kCorruption);
  EXPECT_GT(seen, 5000);
  EXPECT_EQ(OpenCounter::opened_here, before + 1) << "it was met in the run";
}

// Before the database is opened, and after it, when its own tables are open and only the scan's are not.
TEST_F(DamagedRunTest, EveryBitIsReportedOrWithoutEffect) {
  int reported = 0;
  for (int flip = 0; flip < 60 && !HasFailure(); ++flip) {
    // Every third one in what is not keys and values.
    const uint64_t last = flip % 3 == 0 ? 16'000 * 8 : NumBits();
    const uint64_t bit = NumBits() - 1 - random_() % last;
    if (flip % 2 == 0) {
      Open();
      FlipBit(bit);
    } else {
      FlipBit(bit);
      RocksDbOptions options;
      options.environment = environment_;
      auto opened = OpenRocksDbStore(path_, options);
      if (opened) store_ = std::move(opened).value();
    }
    auto expected = model_.begin();
    int wrong = 0;
    const auto visit = [&](std::string_view key, std::string_view value) {
      wrong += expected == model_.end() || key != expected->first || value != expected->second ? 1 : 0;
      if (wrong == 0) ++expected;
      return wrong == 0;
    };
    const Status scanned = store_ == nullptr ? Status(Error{}) : Snapshot()->Scan(Keyspace::kAdjacency, "", "", visit);
    EXPECT_EQ(wrong, 0) << "bit " << bit;
    EXPECT_TRUE(!scanned || expected == model_.end()) << "bit " << bit << " hides keys";
    reported += scanned ? 0 : 1;
    store_.reset();
    FlipBit(bit);
  }
  EXPECT_GT(reported, 20);
}

TEST_F(SortedRunTest, GivesTheSameAsAModelWhateverIsDone) {
  std::mt19937_64 random(7);
  std::vector<std::pair<std::shared_ptr<const KvSnapshot>, Model>> held;
  int by_table = 0;
  Fill(4);
  for (int round = 0; round < 120; ++round) {
    switch (random() % 8) {
      case 0: MustBeDone(store_->Compact()); break;
      case 1: MustBeDone(store_->Flush()); break;
      case 2: {
        Model pairs;
        const int first = static_cast<int>(random() % kKeys);
        const int step = static_cast<int>(1 + random() % 9);
        for (int i = first; i < kKeys && pairs.size() < 2000; i += step) pairs[KeyOf(i)] = std::to_string(round);
        if (!pairs.empty()) Ingest(pairs, static_cast<int>(1 + random() % 3));
        break;
      }
      case 3:
        if (random() % 3 == 0) Delete(KeyOf(static_cast<int>(random() % kKeys)));
        break;
      case 4:
        if (held.size() > 3) held.erase(held.begin() + static_cast<std::ptrdiff_t>(random() % held.size()));
        held.emplace_back(Snapshot(), model_);
        break;
      default: {
        Model pairs;
        for (uint64_t i = random() % 200; i > 0; --i) {
          const int number = static_cast<int>(random() % (kKeys + 500));
          pairs[KeyOf(number) + (random() % 8 == 0 ? "+" : "")] = std::to_string(round);
        }
        Put({pairs.begin(), pairs.end()});
      }
    }
    std::string begin = random() % 2 == 0 ? "" : KeyOf(static_cast<int>(random() % 1000));
    std::string end = random() % 2 == 0 ? "" : KeyOf(static_cast<int>(6000 + random() % 4000));
    by_table += ExpectScans(*Snapshot(), model_, begin, end) > 0 ? 1 : 0;
    for (const auto& [snapshot, model] : held) by_table += ExpectScans(*snapshot, model, begin, end) > 0 ? 1 : 0;
    if (HasFailure()) FAIL() << "in round " << round;
  }
  EXPECT_GT(by_table, 60) << "too few scans went by table for this test to say something";
}

// Each write moves something from one key to another, so the sum of every state is the same.
TEST_F(SortedRunTest, EachScanSeesOneStateWhileOthersWriteFlushAndCompact) {
  const auto number = [](std::string_view value) { return std::stoll(std::string(value)); };
  Model pairs;
  for (int i = 0; i < kKeys; ++i) pairs[KeyOf(i)] = "1000";
  Ingest(pairs, 3);
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    std::mt19937_64 random(11);
    for (int round = 0; !stop; ++round) {
      const int from = static_cast<int>(random() % kKeys);
      const int to = static_cast<int>(random() % kKeys);
      if (from == to) continue;
      Put({{KeyOf(from), std::to_string(number(model_[KeyOf(from)]) - 7)},
           {KeyOf(to), std::to_string(number(model_[KeyOf(to)]) + 7)}});
      if (round % 50 == 0) MustBeDone(store_->Flush());
      if (round % 400 == 0) MustBeDone(store_->Compact());
      if (round % 330 == 0) {
        Model moved;
        for (int i = 0; i < kKeys; i += 2) {
          moved[KeyOf(i)] = model_[KeyOf(kKeys - 2 - i)];  // among the even ones
        }
        Ingest(moved, 2);
      }
    }
  });
  const int before = OpenCounter::opened_here;
  for (int i = 0; i < 300 && !HasFailure(); ++i) {
    long long sum = 0;
    int keys = 0;
    MustBeDone(Snapshot()->Scan(Keyspace::kAdjacency, "", "", [&](std::string_view, std::string_view value) {
      sum += number(value);
      return ++keys > 0;
    }));
    EXPECT_EQ(keys, kKeys);
    EXPECT_EQ(sum, 1000LL * kKeys);
  }
  stop = true;
  writer.join();
  EXPECT_GT(OpenCounter::opened_here, before + 30) << "too few scans went by table for this test to say something";
}

TEST_F(SortedRunTest, AFollowerScansWhatItsWriterHasDeleted) {
  const auto kept = KeepTables();
  Fill(3);
  MustBeDone(store_->Flush());
  RocksDbOptions options;
  options.read_only = options.follow = true;
  options.environment = environment_;
  const auto follower = Must(OpenRocksDbStore(path_, options));
  const auto before = Must(follower->Snapshot());
  const Model before_model = model_;
  EXPECT_EQ(ExpectScans(*before, before_model), 2);
  for (int i = 4000; i < 8000; i += 2) Put({{KeyOf(i), "second"}});
  MustBeDone(store_->Compact());
  EXPECT_EQ(ExpectScans(*before, before_model), 0) << "the tables are gone";
  MustBeDone(follower->CatchUp());
  EXPECT_EQ(ExpectScans(*Must(follower->Snapshot()), model_), 1);
}

}  // namespace
}  // namespace tupu
