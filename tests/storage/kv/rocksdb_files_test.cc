// What a database on disk must withstand: other processes, strange folders, damaged files, kill -9.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include <gtest/gtest.h>

#include "storage/keys/key_codec.h"
#include "storage/kv/kv_store.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

class RocksDbFilesTest : public testing::Test {
 protected:
  static Result<std::unique_ptr<GraphStore>> Open(const std::string& path, bool read_only = false, bool create = true) {
    GraphStoreOptions options;
    options.read_only = read_only;
    options.create_if_missing = create;
    options.cache_bytes = 8 << 20;
    return GraphStore::Open(path, options);
  }

  static void AddFirms(GraphStore& store, int from, int count) {
    auto transaction = Must(store.BeginWrite());
    const LabelId firm = transaction->InternLabel("Firm");
    const PropertyKeyId name = transaction->InternPropertyKey("name");
    for (int i = from; i < from + count; ++i) {
      Must(transaction->CreateVertex({firm}, {{name, Value("firm " + std::to_string(i))}}));
    }
    MustBeDone(transaction->Commit());
  }

  static std::vector<std::string> FilesIn(const std::string& path) {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(path)) names.push_back(file.path().filename());
    return names;
  }

  static void FlipBit(const fs::path& file, uint64_t at) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const int byte = stream.get();
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(static_cast<char>(byte ^ 0x10));
  }

  /// The largest file whose name ends so.
  fs::path Largest(const std::string& path, const std::string& suffix) {
    fs::path largest;
    for (const auto& file : fs::directory_iterator(path)) {
      if (!file.path().string().ends_with(suffix)) continue;
      if (largest.empty() || file.file_size() > fs::file_size(largest)) largest = file.path();
    }
    return largest;
  }

  TemporaryDirectory directory_;
};

TEST_F(RocksDbFilesTest, ReopensWithEverything) {
  const std::string path = directory_ / "db";
  AddFirms(*Must(Open(path)), 0, 10);
  const auto store = Must(Open(path, false, false));
  const auto view = Must(store->Snapshot());
  EXPECT_EQ(view->CountVertices(std::nullopt), 10u);
  EXPECT_EQ(Must(view->FindByName("FIRM 7")), std::vector<VertexId>{VertexId{7}});
  const GraphStoreStats stats = Must(store->Stats());
  EXPECT_EQ(stats.vertices_by_label, (std::vector<std::pair<std::string, uint64_t>>{{"Firm", 10}}));
  EXPECT_GT(stats.bytes_on_disk, 0u);
  EXPECT_EQ(stats.format_version, kFormatVersion);
  AddFirms(*store, 10, 1);
  EXPECT_TRUE(Must(Must(store->Snapshot())->HasVertex(VertexId{10})));  // ids go on where they were
}

TEST_F(RocksDbFilesTest, NamesWhatIsNotADatabase) {
  EXPECT_CODE(Open(directory_ / "none", false, false), kNotFound);
  EXPECT_CODE(Open(directory_ / "none", true), kNotFound);
  EXPECT_FALSE(fs::exists(directory_ / "none"));
  std::ofstream(directory_ / "file.csv") << "id:ID\n";
  EXPECT_CODE(Open(directory_ / "file.csv"), kCorruption);
  EXPECT_CODE(Open(directory_.path()), kCorruption);
  EXPECT_EQ(FilesIn(directory_.path()), std::vector<std::string>{"file.csv"}) << "no file may be made there";
}

TEST_F(RocksDbFilesTest, AnEmptyFolderBecomesADatabaseOnlyIfAsked) {
  fs::create_directory(directory_ / "empty");
  EXPECT_CODE(Open(directory_ / "empty", false, false), kNotFound);
  EXPECT_TRUE(fs::is_empty(directory_ / "empty"));
  EXPECT_DONE(Open(directory_ / "empty"));
}

TEST_F(RocksDbFilesTest, RefusesANewerFormatByName) {
  const std::string path = directory_ / "db";
  Must(Open(path)).reset();
  {
    const auto kv = Must(OpenRocksDbStore(path, {}));
    const std::vector<KvWrite> batch = {{Keyspace::kMeta, std::string(kFormatKey), std::string("\0\0\0\x63", 4)}};
    MustBeDone(kv->Write(batch, {}, true));
  }
  const auto store = Open(path);
  EXPECT_CODE(store, kUnsupported);
  EXPECT_NE(store.error().message.find("format 99"), std::string::npos) << store.error().message;
  EXPECT_NE(store.error().message.find(path), std::string::npos);
}

TEST_F(RocksDbFilesTest, ADatabaseWithoutAFormatIsNotOurs) {
  const std::string path = directory_ / "db";
  {
    const auto kv = Must(OpenRocksDbStore(path, {}));
    const std::vector<KvWrite> batch = {{Keyspace::kMeta, "theirs", "1"}};
    MustBeDone(kv->Write(batch, {}, true));
  }
  EXPECT_CODE(Open(path), kCorruption);
}

TEST_F(RocksDbFilesTest, OneProcessWritesOthersRead) {
  const std::string path = directory_ / "db";
  const auto store = Must(Open(path));
  AddFirms(*store, 0, 5);
  const pid_t child = fork();
  if (child == 0) {
    // In the child: no test macros, an exit code says what happened.
    const auto writer = Open(path);
    if (writer || writer.error().code != ErrorCode::kBusy) _exit(1);
    const auto reader = Open(path, true);
    if (!reader) _exit(2);
    const auto view = (*reader)->Snapshot();
    if (!view || (*view)->CountVertices(std::nullopt) != 5) _exit(3);
    if ((*view)->FindByName("firm 3").value().size() != 1) _exit(4);
    const auto begun = (*reader)->BeginWrite();
    _exit(!begun && begun.error().code == ErrorCode::kUnsupported ? 0 : 5);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  AddFirms(*store, 5, 1);  // the reader did the writer no harm
  EXPECT_EQ(Must(store->Snapshot())->CountVertices(std::nullopt), 6u);
}

TEST_F(RocksDbFilesTest, ACopyIsADatabaseOfTheSameState) {
  const std::string path = directory_ / "db";
  {
    const auto store = Must(Open(path));
    AddFirms(*store, 0, 20);
  }
  {
    const auto kv = Must(OpenRocksDbStore(path, {}));
    EXPECT_DONE(kv->Checkpoint(directory_ / "copy"));
    EXPECT_CODE(kv->Checkpoint(directory_ / "copy"), kAlreadyExists);
  }
  EXPECT_EQ(Must(Must(Open(directory_ / "copy"))->Snapshot())->CountVertices(std::nullopt), 20u);
}

TEST_F(RocksDbFilesTest, AFlippedBitInTheLogIsReportedNotSkipped) {
  const std::string path = directory_ / "db";
  const pid_t child = fork();
  if (child == 0) {
    // The child dies without closing, so that all its commits are in the log alone.
    const auto store = Open(path);
    for (int i = 0; store && i < 50; ++i) AddFirms(**store, i, 1);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  const fs::path log = Largest(path, ".log");
  ASSERT_GT(fs::file_size(log), 2000u);
  fs::copy(path, directory_ / "undamaged", fs::copy_options::recursive);
  EXPECT_EQ(Must(Must(Open(directory_ / "undamaged"))->Snapshot())->CountVertices(std::nullopt), 50u);
  FlipBit(log, 1000);
  EXPECT_CODE(Open(path), kCorruption);
  EXPECT_CODE(Open(path), kCorruption);  // a second try must not find the damage gone
}

TEST_F(RocksDbFilesTest, AFlippedBitInATableIsReported) {
  const std::string path = directory_ / "db";
  AddFirms(*Must(Open(path)), 0, 2000);
  Must(Open(path)).reset();  // recovery writes the log's contents into tables
  const fs::path table = Largest(path, ".sst");
  ASSERT_FALSE(table.empty());
  FlipBit(table, fs::file_size(table) / 4);
  const auto read_all = [&]() -> Status {
    TUPU_TRY_ASSIGN(const auto store, Open(path));
    TUPU_TRY_ASSIGN(const auto view, store->Snapshot());
    for (uint64_t id = 0; id < 2000; ++id) {
      TUPU_TRY_ASSIGN(const auto record, view->FindVertex(VertexId{id}));
      TUPU_TRY_ASSIGN(const auto named, view->FindByName("firm " + std::to_string(id)));
      if (!record || named.empty()) return Error{ErrorCode::kInternal, "silently missing"};
    }
    return {};
  };
  EXPECT_CODE(read_all(), kCorruption);
}

TEST_F(RocksDbFilesTest, KilledWritersLoseNothingAcknowledged) {
  const std::string path = directory_ / "db";
  uint64_t before = 0;
  for (int round = 0; round < 3; ++round) {
    int acknowledged[2];
    ASSERT_EQ(pipe(acknowledged), 0);
    const pid_t child = fork();
    if (child == 0) {
      const auto store = Open(path);
      // Two vertices a commit: both or neither may be found.
      while (store) {
        AddFirms(**store, 0, 2);
        if (write(acknowledged[1], "x", 1) != 1) break;
      }
      _exit(1);
    }
    close(acknowledged[1]);
    uint64_t commits = 0;
    char byte = 0;
    while (commits < 20 && read(acknowledged[0], &byte, 1) == 1) ++commits;
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(acknowledged[0], &byte, 1) == 1) ++commits;  // acknowledged before the kill arrived
    close(acknowledged[0]);
    const auto store = Must(Open(path));
    const auto view = Must(store->Snapshot());
    const uint64_t count = view->CountVertices(std::nullopt);
    EXPECT_GE(count, before + 2 * commits);
    EXPECT_LE(count, before + 2 * (commits + 1));
    EXPECT_EQ(count % 2, 0u);
    for (uint64_t id = 0; id < count; ++id) EXPECT_TRUE(Must(view->HasVertex(VertexId{id})));
    EXPECT_EQ(Must(view->FindByName("firm 0")).size(), count / 2);
    before = count;
  }
}

TEST_F(RocksDbFilesTest, ACommitThatTheDiskRefusesLeavesTheDataWhole) {
  const std::string path = directory_ / "db";
  AddFirms(*Must(Open(path)), 0, 10);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const auto store = Open(path);
    if (!store) _exit(1);
    // No file may grow beyond 64 KiB from here: as a disk without space.
    const rlimit limit{64 << 10, 64 << 10};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(2);
    auto transaction = Must((*store)->BeginWrite());
    const PropertyKeyId name = transaction->InternPropertyKey("name");
    for (int i = 0; i < 10; ++i) {
      Must(transaction->CreateVertex({}, {{name, Value(std::string(100'000, static_cast<char>('a' + i)))}}));
    }
    const Status status = transaction->Commit();
    if (status) _exit(3);
    const ErrorCode code = status.error().code;
    if (code != ErrorCode::kIo && code != ErrorCode::kResourceExhausted) _exit(4);
    _exit(Must((*store)->Snapshot())->CountVertices(std::nullopt) == 10 ? 0 : 5);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  const auto store = Must(Open(path));
  EXPECT_EQ(Must(store->Snapshot())->CountVertices(std::nullopt), 10u);
  AddFirms(*store, 10, 1);
  EXPECT_EQ(Must(store->Snapshot())->CountVertices(std::nullopt), 11u);
}

}  // namespace
}  // namespace tupu
