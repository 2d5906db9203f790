// A store that follows a writer: what it sees, when, and that it is one state.

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "storage/kv/kv_store.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

class FollowerTest : public testing::Test {
 protected:
  FollowerTest() : path_(directory_ / "db") { writer_ = Open(false); }

  std::unique_ptr<KvStore> Open(bool follow) {
    RocksDbOptions options;
    options.follow = follow;
    options.read_only = follow;
    options.cache_bytes = 8 << 20;
    return Must(OpenRocksDbStore(path_, options));
  }

  void Put(std::string key, std::string value) {
    MustBeDone(writer_->Write(std::vector<KvWrite>{{Keyspace::kMeta, std::move(key), std::move(value)}}, {}, false));
  }
  static std::string Get(const KvSnapshot& snapshot, std::string_view key) {
    return Must(snapshot.Get(Keyspace::kMeta, key)).value_or("-");
  }

  TemporaryDirectory directory_;
  const std::string path_;
  std::unique_ptr<KvStore> writer_;
};

TEST_F(FollowerTest, SeesCommitsAfterCatchingUp) {
  Put("a", "1");
  const auto reader = Open(true);
  EXPECT_EQ(Get(*Must(reader->Snapshot()), "a"), "1");
  Put("a", "2");
  EXPECT_EQ(Get(*Must(reader->Snapshot()), "a"), "1");
  MustBeDone(reader->CatchUp());
  EXPECT_EQ(Get(*Must(reader->Snapshot()), "a"), "2");
}

TEST_F(FollowerTest, ASnapshotKeepsWhatItSees) {
  Put("a", "1");
  const auto reader = Open(true);
  const auto before = Must(reader->Snapshot());
  Put("a", "2");
  MustBeDone(reader->CatchUp());
  const auto between = Must(reader->Snapshot());
  Put("a", "3");
  MustBeDone(writer_->Compact());
  MustBeDone(reader->CatchUp());
  EXPECT_EQ(Get(*before, "a"), "1");
  EXPECT_EQ(Get(*between, "a"), "2");
  EXPECT_EQ(Get(*Must(reader->Snapshot()), "a"), "3");
  std::string scanned;
  MustBeDone(before->Scan(Keyspace::kMeta, "", "", [&](auto, auto value) {
    scanned = value;
    return true;
  }));
  EXPECT_EQ(scanned, "1");
}

TEST_F(FollowerTest, LeavesTheFolderAsItIs) {
  Put("a", "1");
  writer_.reset();
  const auto files = [&] {
    std::map<std::string, uint64_t> sizes;
    for (const auto& file : fs::directory_iterator(path_)) sizes[file.path().filename()] = file.file_size();
    return sizes;
  };
  const auto before = files();
  {
    const auto reader = Open(true);
    const auto held = Must(reader->Snapshot());
    MustBeDone(reader->CatchUp());
    EXPECT_EQ(files(), before);
    const KvWrite write{Keyspace::kMeta, "b", "2"};
    EXPECT_CODE(reader->Write(std::span(&write, 1), {}, true), kUnsupported);
  }
  EXPECT_EQ(files(), before);
}

TEST_F(FollowerTest, FollowsAWriterThatIsOpenedAgain) {
  Put("a", "1");
  const auto reader = Open(true);
  writer_.reset();
  writer_ = Open(false);  // a new MANIFEST, the log turned into tables
  Put("a", "2");
  MustBeDone(reader->CatchUp());
  EXPECT_EQ(Get(*Must(reader->Snapshot()), "a"), "2");
}

// The writer puts one number under the same key into every keyspace, with ballast, and flushes and compacts meanwhile, so that
// logs and tables come and go. A reader that mixed two states would see two numbers.
TEST_F(FollowerTest, EachStateIsOneThatWas) {
  std::atomic<bool> stop = false;
  std::atomic<int> acknowledged = 0;
  std::thread writing([&] {
    const std::string ballast(20'000, 'x');
    for (int i = 1; !stop; ++i) {
      std::vector<KvWrite> batch;
      for (int space = 0; space < kNumKeyspaces; ++space) {
        batch.push_back({static_cast<Keyspace>(space), "n", std::to_string(i)});
        // Families of different sizes are flushed at different times.
        if (space == i % kNumKeyspaces || space == 2) {
          batch.push_back({static_cast<Keyspace>(space), "ballast " + std::to_string(i % 500), ballast});
        }
      }
      MustBeDone(writer_->Write(batch, {}, false));
      acknowledged = i;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));  // some 20 MB/s; the reader is to have a core, too
    }
  });
  std::thread compacting([&] {
    while (!stop) {
      MustBeDone(writer_->Compact());
      std::this_thread::sleep_for(std::chrono::milliseconds(150));
    }
  });
  while (acknowledged == 0) std::this_thread::yield();
  const auto reader = Open(true);
  int last = 0;
  int states = 0;
  std::shared_ptr<const KvSnapshot> held;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  while (std::chrono::steady_clock::now() < end && !HasFailure()) {
    const int least = acknowledged;
    MustBeDone(reader->CatchUp());
    const auto snapshot = Must(reader->Snapshot());
    if (states % 7 == 0) held = snapshot;  // so that the next catch-up needs a new instance
    if (states % 7 == 3) held.reset();
    const std::string number = Must(snapshot->Get(Keyspace::kMeta, "n")).value_or("0");
    for (int space = 1; space < kNumKeyspaces; ++space) {
      EXPECT_EQ(Must(snapshot->Get(static_cast<Keyspace>(space), "n")), number) << "keyspace " << space;
    }
    EXPECT_GE(std::stoi(number), least) << "what was acknowledged before catching up";
    EXPECT_GE(std::stoi(number), last);
    last = std::stoi(number);
    ++states;
  }
  stop = true;
  writing.join();
  compacting.join();
  EXPECT_GT(states, 5);
  RecordProperty("states", states);
  RecordProperty("commits", acknowledged.load());
}

}  // namespace
}  // namespace tupu
