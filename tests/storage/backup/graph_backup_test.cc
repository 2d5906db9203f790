// Backups, restoring and point-in-time recovery, whole and interrupted.

#include "storage/backup/graph_backup.h"

#include <atomic>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/backup/recover_graph.h"
#include "storage/graph/graph_store.h"
#include "storage/kv/backup_files.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class GraphBackupTest : public testing::Test {
 protected:
  GraphBackupTest() : path_(directory_ / "db"), backups_(directory_ / "backups") {}

  static std::unique_ptr<GraphStore> OpenGraph(const std::string& path) {
    GraphStoreOptions options;
    options.cache_bytes = 8 << 20;
    return Must(GraphStore::Open(path, options));
  }
  static std::unique_ptr<KvStore> OpenKv(const std::string& path, bool read_only = false) {
    RocksDbOptions options;
    options.read_only = read_only;
    options.create_if_missing = false;
    return Must(OpenRocksDbStore(path, options));
  }
  /// One commit: a firm, and an edge to the one before.
  static void Grow(GraphStore& store, int count, size_t ballast = 0) {
    for (int i = 0; i < count; ++i) {
      auto transaction = Must(store.BeginWrite());
      const uint64_t n = transaction->view().CountVertices(std::nullopt);
      const VertexId firm = Must(
          transaction->CreateVertex({transaction->InternLabel("Firm")},
                                    {{transaction->InternPropertyKey("name"), Value("firm " + std::to_string(n))},
                                     {transaction->InternPropertyKey("ballast"), Value(std::string(ballast, 'x'))}}));
      if (n > 0) {
        Must(transaction->CreateEdge(firm, transaction->InternEdgeType("OWNS"), static_cast<VertexId>(n - 1), {}));
      }
      MustBeDone(transaction->Commit());
    }
  }
  void Grow(int count) { Grow(*OpenGraph(path_), count); }
  GraphBackup BackUp(uint32_t keep = 0) { return Must(BackUpGraph(*OpenKv(path_), backups_, keep)); }
  static uint64_t Vertices(const std::string& path) {
    return Must(OpenGraph(path)->Snapshot())->CountVertices(std::nullopt);
  }
  static CheckReport Check(const std::string& path) { return Must(CheckGraph(*OpenKv(path, true), {})); }
  static uint64_t BytesIn(const std::string& folder) {
    uint64_t bytes = 0;
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
      if (file.is_regular_file()) bytes += file.file_size();
    }
    return bytes;
  }
  static std::vector<std::string> NamesIn(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(folder)) names.push_back(file.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  static fs::path LargestLog(const std::string& path) {
    fs::path largest;
    for (const auto& file : fs::directory_iterator(path)) {
      if (file.path().extension() != ".log") continue;
      if (largest.empty() || file.file_size() > fs::file_size(largest)) largest = file.path();
    }
    return largest;
  }
  static void FlipByte(const fs::path& file, uint64_t at) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const int byte = stream.get();
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(static_cast<char>(byte ^ 0x41));
  }

  TemporaryDirectory directory_;
  const std::string path_;
  const std::string backups_;
};

TEST_F(GraphBackupTest, EachBackupHoldsItsOwnState) {
  Grow(10);
  EXPECT_EQ(BackUp().id, 1u);
  Grow(5);
  const GraphBackup second = BackUp();
  EXPECT_EQ(second.id, 2u);
  EXPECT_EQ(second.vertices, 15u);
  EXPECT_EQ(second.commit, 15u);
  const std::vector<GraphBackup> listed = Must(ListGraphBackups(backups_));
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].vertices, 10u);
  EXPECT_EQ(listed[0].edges, 9u);
  EXPECT_GT(listed[0].made_at, 0);

  EXPECT_EQ(Must(RestoreGraph(backups_, directory_ / "first", {.id = 1})).id, 1u);
  Must(RestoreGraph(backups_, directory_ / "last", {}));
  EXPECT_EQ(Vertices(directory_ / "first"), 10u);
  EXPECT_EQ(Vertices(directory_ / "last"), 15u);
  EXPECT_TRUE(Check(directory_ / "first").clean());
  Grow(*OpenGraph(directory_ / "first"), 3);  // a restored database is one like any other
  EXPECT_EQ(Vertices(directory_ / "first"), 13u);
}

TEST_F(GraphBackupTest, ASecondBackupCopiesWhatIsNewAlone) {
  {
    auto store = OpenGraph(path_);
    auto transaction = Must(store->BeginWrite());
    for (int i = 0; i < 30'000; ++i) {
      Must(transaction->CreateVertex({}, {{transaction->InternPropertyKey("name"), Value(std::to_string(i * 7919))}}));
    }
    MustBeDone(transaction->Commit());
  }
  MustBeDone(OpenKv(path_)->Compact());  // else RocksDB rewrites the tables once more when it likes
  BackUp();
  const uint64_t first = BytesIn(backups_);
  Grow(1);
  BackUp();
  EXPECT_LT(BytesIn(backups_) - first, first / 5);
}

TEST_F(GraphBackupTest, WritersGoOnMeanwhile) {
  auto store = OpenGraph(path_);
  Grow(*store, 1);
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> committed = 1;
  std::thread writer([&] {
    while (!stop) {
      Grow(*store, 1);
      ++committed;
    }
  });
  // From the outside, as another process would: the store has the lock.
  std::vector<std::pair<uint64_t, uint32_t>> made;
  for (int i = 0; i < 3; ++i) {
    const uint64_t least = committed;
    made.emplace_back(least, Must(BackUpHeldGraph(path_, backups_)).id);
  }
  stop = true;
  writer.join();
  EXPECT_GT(committed, 1u);
  for (const auto& [least, id] : made) {
    const std::string restored = directory_ / ("restored " + std::to_string(id));
    Must(RestoreGraph(backups_, restored, {.id = id}));  // checks it
    EXPECT_GE(Vertices(restored), least) << "what was acknowledged before the backup began";
  }
  EXPECT_EQ(NamesIn(directory_ / "."),
            (std::vector<std::string>{"backups", "db", "restored 1", "restored 2", "restored 3"}));
}

TEST_F(GraphBackupTest, KeepsTheLastOnes) {
  for (int i = 0; i < 4; ++i) {
    Grow(1);
    BackUp(2);
  }
  const std::vector<GraphBackup> listed = Must(ListGraphBackups(backups_));
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].id, 3u);
  Must(RestoreGraph(backups_, directory_ / "restored", {.id = 3}));
  EXPECT_EQ(Vertices(directory_ / "restored"), 3u);
}

TEST_F(GraphBackupTest, RestoresIntoAnEmptyFolderOnly) {
  Grow(2);
  BackUp();
  EXPECT_CODE(RestoreGraph(backups_, path_, {}), kAlreadyExists);
  EXPECT_EQ(Vertices(path_), 2u);
  fs::create_directory(directory_ / "empty");
  Must(RestoreGraph(backups_, directory_ / "empty", {}));
  EXPECT_EQ(Vertices(directory_ / "empty"), 2u);
}

TEST_F(GraphBackupTest, NamesTheBackupsThatThereAre) {
  Grow(1);
  BackUp();
  const auto restored = RestoreGraph(backups_, directory_ / "x", {.id = 9});
  EXPECT_CODE(restored, kNotFound);
  EXPECT_THAT(restored.error().message, HasSubstr("there is no backup 9; those there are: 1"));
  EXPECT_CODE(ListGraphBackups(directory_ / "nothing"), kNotFound);
  EXPECT_FALSE(fs::exists(directory_ / "x"));
}

TEST_F(GraphBackupTest, AForeignFolderIsLeftAsItIs) {
  Grow(1);
  fs::create_directory(directory_ / "foreign");
  std::ofstream(directory_ / "foreign/file") << "text";
  EXPECT_CODE(BackUpGraph(*OpenKv(path_), directory_ / "foreign", 0), kAlreadyExists);
  EXPECT_EQ(NamesIn(directory_ / "foreign"), std::vector<std::string>{"file"});
}

TEST_F(GraphBackupTest, ADamagedBackupIsNotRestored) {
  Grow(3);
  BackUp();
  for (const auto& file : fs::recursive_directory_iterator(backups_)) {
    if (file.path().extension() == ".sst") FlipByte(file.path(), 30);
  }
  EXPECT_CODE(VerifyBackup(backups_, 1), kCorruption);
  EXPECT_CODE(RestoreGraph(backups_, directory_ / "restored", {}), kCorruption);
  EXPECT_EQ(NamesIn(directory_ / "."), (std::vector<std::string>{"backups", "db"}));
}

TEST_F(GraphBackupTest, ADamagedGraphIsNotPutInPlace) {
  Grow(3);
  {
    const auto kv = OpenKv(path_);
    MustBeDone(kv->Write(std::vector<KvWrite>{{Keyspace::kIndex, "?", "x"}}, {}, true));
  }
  BackUp();
  EXPECT_CODE(RestoreGraph(backups_, directory_ / "restored", {}), kCorruption);
  EXPECT_FALSE(fs::exists(directory_ / "restored"));
  Must(RestoreGraph(backups_, directory_ / "restored", {.check = false}));
  EXPECT_EQ(Vertices(directory_ / "restored"), 3u);
}

TEST_F(GraphBackupTest, AMemoryStoreHasNoBackups) {
  const auto kv = OpenMemoryStore();
  const auto store = Must(GraphStore::OpenInMemory());
  EXPECT_CODE(kv->Backup(backups_, ""), kUnsupported);
}

// --- Recovery ---

class RecoverGraphTest : public GraphBackupTest {
 protected:
  /// 40 commits, of which the log's record in the middle is damaged.
  void DamageLog() {
    // Far more than a block of the log (32 KiB), behind which reading goes on.
    Grow(*OpenGraph(path_), 40, 8000);
    const fs::path log = LargestLog(path_);
    ASSERT_FALSE(log.empty());
    ASSERT_GT(fs::file_size(log), 1000u);
    FlipByte(log, fs::file_size(log) / 2);
  }
  std::map<std::string, std::string> Contents(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& file : fs::directory_iterator(folder)) {
      std::ifstream in(file.path(), std::ios::binary);
      files[file.path().filename()] = {std::istreambuf_iterator<char>(in), {}};
    }
    return files;
  }
};

TEST_F(RecoverGraphTest, AWholeDatabaseNeedsNone) {
  Grow(5);
  const auto before = Contents(path_);
  const Recovery recovery = Must(RecoverGraph(path_, {}));
  EXPECT_FALSE(recovery.needed);
  EXPECT_EQ(recovery.kept_commit, 5u);
  EXPECT_EQ(Contents(path_), before);
}

TEST_F(RecoverGraphTest, SaysInADryRunWhatWouldBeLostAndChangesNothing) {
  DamageLog();
  EXPECT_CODE(GraphStore::Open(path_, {}), kCorruption);
  const auto before = Contents(path_);
  const Recovery recovery = Must(RecoverGraph(path_, {.dry_run = true}));
  EXPECT_TRUE(recovery.needed);
  EXPECT_GT(recovery.kept_commit, 0u);
  EXPECT_LT(recovery.kept_commit, 40u);
  EXPECT_EQ(recovery.last_seen_commit, 40u);
  EXPECT_TRUE(recovery.check.clean());
  EXPECT_EQ(recovery.kept_original, "");
  EXPECT_EQ(Contents(path_), before);
  EXPECT_EQ(NamesIn(directory_ / "."), std::vector<std::string>{"db"});
}

TEST_F(RecoverGraphTest, KeepsTheStateBeforeTheDamageAndTheOriginal) {
  DamageLog();
  const auto damaged = Contents(path_);
  const Recovery recovery = Must(RecoverGraph(path_, {}));
  EXPECT_EQ(Vertices(path_), recovery.kept_commit) << "one vertex a commit";
  EXPECT_TRUE(Check(path_).clean());
  EXPECT_EQ(recovery.kept_original, path_ + ".damaged-1");
  auto kept = Contents(recovery.kept_original);
  EXPECT_EQ(kept, damaged);
  Grow(2);
  EXPECT_EQ(Vertices(path_), recovery.kept_commit + 2);
}

TEST_F(RecoverGraphTest, LeavesADatabaseAloneThatIsOpen) {
  DamageLog();
  Grow(*OpenGraph(directory_ / "other"), 1);
  const auto held = OpenGraph(directory_ / "other");
  EXPECT_CODE(RecoverGraph(directory_ / "other", {}), kBusy);
}

TEST_F(RecoverGraphTest, LeavesTheOriginalWhenTheTablesAreDamagedToo) {
  Grow(10);
  MustBeDone(OpenKv(path_)->Compact());
  Grow(30);
  FlipByte(LargestLog(path_), fs::file_size(LargestLog(path_)) / 2);
  for (const auto& file : fs::directory_iterator(path_)) {
    if (file.path().extension() == ".sst") FlipByte(file.path(), 20);
  }
  const auto before = Contents(path_);
  const auto recovery = RecoverGraph(path_, {});
  // Found at the opening of the copy, or by the check of it.
  if (recovery) {
    EXPECT_FALSE(recovery->check.clean());
    EXPECT_EQ(recovery->kept_original, "");
  } else {
    EXPECT_EQ(recovery.error().code, ErrorCode::kCorruption);
  }
  EXPECT_EQ(Contents(path_), before);
  EXPECT_EQ(NamesIn(directory_ / "."), std::vector<std::string>{"db"});
}

}  // namespace
}  // namespace tupu
