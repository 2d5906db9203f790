// CSRs saved beside a store: they are used when they fit, and no answer is ever wrong when they do not.

#include "storage/csr/saved_topology.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <random>
#include <thread>

#include "storage/bulk/graph_bulk_load.h"
#include "storage/check/check_graph.h"
#include "storage/keys/bytes.h"
#include "storage/keys/key_codec.h"
#include "tests/storage/csr/saved_topology_bytes.h"
#include "tests/storage/csr/topology_fixture.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

const std::vector<const char*> kTypes = {"A", "B", "C"};

class SavedTopologyTest : public TopologyTest {
 protected:
  enum class AtEnd : uint8_t { kSave, kDoNotSave };

  std::string path() const { return directory_ / "db"; }

  static GraphStoreOptions Options(AtEnd at_end) {
    GraphStoreOptions options;
    options.sync = false;
    options.cache_bytes = 8 << 20;
    options.csr_worth_saving = at_end == AtEnd::kSave ? std::chrono::milliseconds(0) : std::chrono::hours(24);
    return options;
  }

  /// Opens the store again; what AtEnd says holds for its end.
  void Reopen(AtEnd at_end = AtEnd::kDoNotSave) {
    store_.reset();
    store_ = Must(GraphStore::Open(path(), Options(at_end)));
  }

  /// A store with a file of its state.
  void FillAndSave(int changes = 1500) {
    Reopen(AtEnd::kSave);
    CreateVertices();
    ChangeAtRandom(changes, kTypes);
    MustBeDone(topology().Build());
    Reopen();
  }

  std::vector<std::string> SavedFiles() const {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(path())) {
      const std::string name = file.path().filename();
      if (name.starts_with(kSavedTopologyPrefix)) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  fs::path SavedFile() const {
    const auto names = SavedFiles();
    EXPECT_EQ(names.size(), 1u);
    return fs::path(path()) / names.at(0);
  }

  uint64_t NumFromFile() {
    uint64_t count = 0;
    for (const AdjacencyForm& form : Snapshot()->AdjacencyForms()) count += form.from_file ? 1 : 0;
    return count;
  }

  uint64_t LogEntries() {
    const auto view = Snapshot();
    uint64_t entries = 0;
    MustBeDone(SnapshotOf(view).kv().Scan(Keyspace::kMeta, AdjacencyLogPrefix(),
                                          PrefixUpperBound(AdjacencyLogPrefix()).value_or(""), [&](auto, auto) {
                                            ++entries;
                                            return true;
                                          }));
    return entries;
  }
  bool HasRecord() { return Must(SnapshotOf(Snapshot()).kv().Get(Keyspace::kMeta, kSavedCsrKey)).has_value(); }

  static void LoadAndCommit(GraphBulkLoad& load, EdgeBatch& batch) {
    BulkEdges::Feed feed(load.edges(), load.indexes());
    MustBeDone(feed.Add(batch, load.AdmitEdges(batch)));
    MustBeDone(feed.Finish());
    MustBeDone(load.Commit({}));
  }

  /// What is read is right, whatever it is read from; the file is or is not what it is read from.
  void ExpectReads(bool from_file) {
    MustBeDone(topology().Build());
    EXPECT_EQ(NumFromFile() > 0, from_file);
    EXPECT_TRUE(ReadsWhatBlocksSay(Snapshot()));
  }

  CheckReport Check() {
    RocksDbOptions options;
    options.read_only = true;
    return Must(CheckGraph(*Must(OpenRocksDbStore(path(), options)), {}));
  }
  void ExpectClean() {
    const CheckReport report = Check();
    EXPECT_TRUE(report.clean()) << report.findings.at(0).where << ": " << report.findings.at(0).found;
  }
};

TEST_P(SavedTopologyTest, IsMappedInsteadOfBuilt) {
  FillAndSave();
  EXPECT_EQ(SavedFiles().size(), 1u);
  EXPECT_EQ(NumCsrs(), 0u) << "opening costs nothing";
  ExpectReads(true);
  EXPECT_EQ(NumFromFile(), 6u);
  for (const AdjacencyForm& form : Snapshot()->AdjacencyForms()) {
    EXPECT_EQ(form.changes, 0u);
    EXPECT_EQ(form.edges, Snapshot()->CountEdges(form.set.type));
    EXPECT_GT(form.bytes, form.edges * 8) << "mapped memory counts";
  }
  const auto view = Snapshot();
  const TopologySource source{{&SnapshotOf(view).kv(), [](const KvSnapshot*) {}}, SnapshotOf(view).counts()};
  const auto table = topology().Capture(SnapshotOf(view).counts().commit);
  for (const auto& part : table->parts) {
    const std::atomic<bool> stop = false;
    EXPECT_EQ(Must(BuildTopology(source, std::array{part->set}, 1, stop))[0], *part->csr);
  }
}

TEST_P(SavedTopologyTest, LaterCommitsLieOverItAtEveryReopening) {
  FillAndSave();
  const std::vector<const char*> more = {"A", "B", "C", "D", "E"};
  uint64_t opened_with_file = 0;
  for (int round = 0; round < 24; ++round) {
    if (round % 4 == 1) MustBeDone(topology().Build());
    ChangeAtRandom(1 + static_cast<int>(Pick(20)), round < 8 ? kTypes : more);
    auto before = Snapshot();
    ChangeAtRandom(1 + static_cast<int>(Pick(20)), round < 8 ? kTypes : more);
    MustBeDone(topology().Build());
    ASSERT_TRUE(ReadsWhatBlocksSay(before)) << "round " << round;
    ASSERT_TRUE(ReadsWhatBlocksSay(Snapshot())) << "round " << round;
    before.reset();
    if (Pick(2) == 0) continue;
    Reopen();
    MustBeDone(topology().Build());
    ASSERT_TRUE(ReadsWhatBlocksSay(Snapshot())) << "round " << round;
    opened_with_file += NumFromFile() > 0 ? 1 : 0;
    if (round % 7 == 0) topology().FoldAll();
  }
  EXPECT_GT(opened_with_file, 5u);
  store_.reset();
  ExpectClean();
}

TEST_P(SavedTopologyTest, StatesBetweenItsCommitAndThePresentReadIt) {
  FillAndSave();
  std::vector<std::shared_ptr<const GraphView>> states = {Snapshot()};
  for (int i = 0; i < 12; ++i) {
    ChangeAtRandom(15, {"A", "B", "C", "D"});
    states.push_back(Snapshot());
  }
  MustBeDone(topology().Build());
  EXPECT_GT(NumFromFile(), 0u);
  for (const auto& state : states) EXPECT_TRUE(ReadsWhatBlocksSay(state)) << SnapshotOf(state).counts().commit;
}

TEST_P(SavedTopologyTest, LogsOnlyWhileThereIsAFileAndOnlyAdjacency) {
  Reopen();
  CreateVertices();
  ChangeAtRandom(1000, kTypes);
  EXPECT_EQ(LogEntries(), 0u);
  EXPECT_FALSE(HasRecord());
  EXPECT_GT(Must(store_->SaveCsrs()).bytes, 0u);
  EXPECT_TRUE(HasRecord());
  ChangeAtRandom(5, kTypes);
  EXPECT_EQ(LogEntries(), 1u);
  auto transaction = Begin();
  MustBeDone(transaction->SetVertexProperty(vertices_[0], transaction->InternPropertyKey("p"), Value(1)));
  MustBeDone(transaction->Commit());
  EXPECT_EQ(LogEntries(), 1u);
  const auto before = SavedFiles();
  EXPECT_GT(Must(store_->SaveCsrs()).bytes, 0u);
  EXPECT_EQ(LogEntries(), 0u);
  EXPECT_EQ(SavedFiles().size(), 1u);
  EXPECT_NE(SavedFiles(), before);
}

TEST_P(SavedTopologyTest, EndsWhenTooMuchHasChanged) {
  FillAndSave();
  for (int i = 0; i < 4; ++i) ChangeAtRandom(200, kTypes);
  EXPECT_TRUE(HasRecord());
  EXPECT_EQ(LogEntries(), 4u);
  ChangeAtRandom(900, kTypes);
  EXPECT_FALSE(HasRecord());
  EXPECT_EQ(LogEntries(), 0u);
  EXPECT_TRUE(SavedFiles().empty());
  Reopen(AtEnd::kSave);
  ExpectReads(false);
  Reopen();
  ExpectReads(true);
}

TEST_P(SavedTopologyTest, ACloseRewritesItOnlyWhenMuchHasChanged) {
  FillAndSave();
  const auto first = SavedFiles();
  Reopen(AtEnd::kSave);
  ChangeAtRandom(20, kTypes);
  MustBeDone(topology().Build());
  Reopen(AtEnd::kSave);
  EXPECT_EQ(SavedFiles(), first);
  ChangeAtRandom(400, kTypes);
  MustBeDone(topology().Build());
  Reopen();
  EXPECT_EQ(SavedFiles().size(), 1u);
  EXPECT_NE(SavedFiles(), first);
  EXPECT_EQ(LogEntries(), 0u);
  ExpectReads(true);
}

TEST_P(SavedTopologyTest, IsSavedWhileOthersCommit) {
  Reopen();
  CreateVertices();
  ChangeAtRandom(1000, kTypes);
  std::atomic<bool> done = false;
  std::thread saver([&] {
    while (!done.load()) {
      const auto saved = store_->SaveCsrs();
      EXPECT_DONE(saved);
    }
  });
  for (int i = 0; i < 60; ++i) ChangeAtRandom(10, {"A", "B", "C", "D"});
  done = true;
  saver.join();
  ChangeAtRandom(10, kTypes);
  Reopen();
  ExpectReads(true);
  store_.reset();
  ExpectClean();
}

TEST_P(SavedTopologyTest, ABulkLoadEndsIt) {
  FillAndSave();
  {
    auto load = Must(store_->BeginBulkLoad({}));
    load->BeginEdges(1);
    EdgeBatch batch;
    batch.Add(vertices_[1], load->InternEdgeType("A"), vertices_[2], "");
    LoadAndCommit(*load, batch);
  }
  EXPECT_FALSE(HasRecord());
  EXPECT_TRUE(SavedFiles().empty());
  ExpectReads(false);
  ChangeAtRandom(5, kTypes);
  Reopen();
  ExpectReads(false);
}

TEST_P(SavedTopologyTest, ABulkLoadOfAllEdgesBringsItsOwn) {
  Reopen(AtEnd::kSave);
  CreateVertices();
  {
    BulkLoadOptions options;
    options.memory = 0;  // all goes through the temporary file
    options.threads = 2;
    auto load = Must(store_->BeginBulkLoad(options));
    load->BeginEdges(20 << 16);  // 20 buckets or so in three runs
    std::mt19937 random(11);
    EdgeBatch batch;
    for (int i = 0; i < 4000; ++i) {
      // Of one type there is none; a list of the first vertex is long.
      const VertexId start = vertices_[i % 3 == 0 ? 0 : random() % vertices_.size()];
      batch.Add(start, load->InternEdgeType(kTypes[random() % 2]), vertices_[random() % vertices_.size()], "");
    }
    load->InternEdgeType(kTypes[2]);
    LoadAndCommit(*load, batch);
  }
  EXPECT_TRUE(HasRecord());
  EXPECT_EQ(SavedFiles().size(), 1u);
  ExpectReads(true);
  Reopen();
  ExpectReads(true);
  ChangeAtRandom(50, kTypes);
  ExpectReads(true);
  Reopen();
  ExpectReads(true);
  store_.reset();
  ExpectClean();
}

TEST_P(SavedTopologyTest, ABulkLoadTooSmallForAFileBringsNone) {
  Reopen(AtEnd::kDoNotSave);
  CreateVertices();
  auto load = Must(store_->BeginBulkLoad({}));
  load->BeginEdges(1);
  EdgeBatch batch;
  batch.Add(vertices_[1], load->InternEdgeType("A"), vertices_[2], "");
  LoadAndCommit(*load, batch);
  EXPECT_FALSE(HasRecord());
  EXPECT_TRUE(SavedFiles().empty());
}

// --- What does not fit is not used ---

TEST_P(SavedTopologyTest, AFileOfAnotherDatabaseIsNotTaken) {
  FillAndSave();
  store_.reset();
  const fs::path name = SavedFile().filename();
  fs::rename(path(), directory_ / "other");
  vertices_.clear();
  edges_.clear();
  random_.seed(7);
  FillAndSave();
  store_.reset();
  ASSERT_EQ(SavedFile().filename(), name) << "the test wants stores with the same number of commits";
  fs::copy_file(fs::path(directory_ / "other") / name, SavedFile(), fs::copy_options::overwrite_existing);
  Reopen();
  ExpectReads(false);
  ChangeAtRandom(5, kTypes);  // gives it up
  EXPECT_FALSE(HasRecord());
  ExpectReads(false);
}

TEST_P(SavedTopologyTest, AMissingFileIsGivenUpByTheNextCommit) {
  FillAndSave();
  store_.reset();
  fs::remove(SavedFile());
  ExpectClean();  // as after restoring
  Reopen();
  ExpectReads(false);
  ChangeAtRandom(5, kTypes);
  EXPECT_FALSE(HasRecord());
  Reopen();
  ExpectReads(false);
}

TEST_P(SavedTopologyTest, AFileOfAnotherVersionIsWrittenAnew) {
  FillAndSave();
  store_.reset();
  // The file as a tupu of before would have left it, and named it to the store.
  const fs::path file = SavedFile();
  {
    const auto kv = Must(OpenRocksDbStore(path(), {}));
    const auto bytes = Must(Must(kv->Snapshot())->Get(Keyspace::kMeta, kSavedCsrKey));
    const SavedCsrRecord record = GiveVersion(file, Must(DecodeSavedCsrRecord(bytes.value_or(""))), 1);
    MustBeDone(kv->Write(std::array{KvWrite{Keyspace::kMeta, std::string(kSavedCsrKey), EncodeSavedCsrRecord(record)}},
                         {}, false));
  }
  ExpectClean();
  Reopen(AtEnd::kSave);
  ExpectReads(false);
  Reopen();
  ExpectReads(true);
  store_.reset();
  ExpectClean();
}

TEST_P(SavedTopologyTest, FilesThatACrashLeftAreDeletedByAWriterAlone) {
  FillAndSave();
  store_.reset();
  const fs::path file = SavedFile();
  // Renamed, but not yet named by the store; and half written.
  fs::copy_file(file, fs::path(path()) / SavedTopologyName(1'000'000));
  fs::copy_file(file, fs::path(path()) / (SavedTopologyName(1'000'001) + std::string(SideFiles::kTemporary)));
  {
    GraphStoreOptions options = Options(AtEnd::kSave);
    options.read_only = true;
    store_ = Must(GraphStore::Open(path(), options));
    ExpectReads(true);
    store_.reset();
  }
  EXPECT_EQ(SavedFiles().size(), 3u);
  Reopen();
  EXPECT_EQ(SavedFiles(), std::vector<std::string>{file.filename()});
  ExpectReads(true);
}

TEST_P(SavedTopologyTest, AReaderFollowsTheWriterOverIt) {
  FillAndSave();
  GraphStoreOptions options = Options(AtEnd::kSave);
  options.read_only = true;
  const auto reader = Must(GraphStore::Open(path(), options));
  const auto read = [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(260));
    const auto view = Must(reader->Snapshot());
    MustBeDone(SnapshotOf(view).topology()->Build());
    EXPECT_EQ(view->CountEdges(std::nullopt), Snapshot()->CountEdges(std::nullopt));
    EXPECT_TRUE(ReadsWhatBlocksSay(SnapshotOf(view), kVertices));
    return view->AdjacencyForms().at(0).from_file;
  };
  EXPECT_TRUE(read());
  ChangeAtRandom(20, kTypes);
  EXPECT_TRUE(read());
  EXPECT_GT(Must(store_->SaveCsrs()).bytes, 0u);
  ChangeAtRandom(20, {"A", "B", "C", "D"});
  EXPECT_TRUE(read());
  ChangeAtRandom(1200, kTypes);  // ends it
  EXPECT_FALSE(read());
}

class DamagedCsrTest : public SavedTopologyTest {
 protected:
  /// The file damaged in some way, with a log over it: every answer is right. True if the file was used all the same.
  bool StillUsed(const std::function<void(const fs::path& file)>& damage) {
    store_.reset();
    if (!fs::exists(directory_ / "whole")) fs::copy(path(), directory_ / "whole", fs::copy_options::recursive);
    fs::remove_all(path());
    fs::copy(directory_ / "whole", path(), fs::copy_options::recursive);
    damage(SavedFile());
    found_by_check_ = !Check().clean();
    Reopen();
    MustBeDone(topology().Build());
    EXPECT_TRUE(ReadsWhatBlocksSay(Snapshot()));
    const bool used = NumFromFile() > 0;
    EXPECT_NE(used, found_by_check_);
    return used;
  }
  bool found_by_check_ = false;
};

TEST_P(DamagedCsrTest, CutOffOrGrownItIsNotUsed) {
  FillAndSave(400);
  ChangeAtRandom(30, kTypes);
  EXPECT_TRUE(StillUsed([](const fs::path&) {}));
  const uint64_t size = fs::file_size(SavedFile());
  for (const uint64_t length : {uint64_t{0}, uint64_t{1}, uint64_t{64}, size / 2, size - 32, size - 1, size + 1}) {
    EXPECT_FALSE(StillUsed([&](const fs::path& file) { fs::resize_file(file, length); })) << length;
  }
}

TEST_P(DamagedCsrTest, NoBitOfItMayChange) {
  FillAndSave(150);
  ChangeAtRandom(10, kTypes);
  const uint64_t size = fs::file_size(SavedFile());
  // Header, every array of every part, table, trailer: the whole in steps that meet each of them.
  uint64_t flips = 0;
  for (uint64_t at = 0; at < size; at += at < 64 || at + 500 > size ? 19 : 401, ++flips) {
    const auto flip = [&](const fs::path& file) {
      std::string bytes = ReadAll(file);
      bytes[at] = static_cast<char>(bytes[at] ^ 1 << at % 8);
      WriteAll(file, bytes);
    };
    ASSERT_FALSE(StillUsed(flip)) << "byte " << at << " of " << size;
  }
  EXPECT_GT(flips, 20u);
}

TEST_P(DamagedCsrTest, AnOlderFileUnderItsNameIsNotUsed) {
  FillAndSave(400);
  const std::string old = ReadAll(SavedFile());
  ChangeAtRandom(20, kTypes);
  EXPECT_GT(Must(store_->SaveCsrs()).bytes, 0u);
  EXPECT_FALSE(StillUsed([&](const fs::path& file) { WriteAll(file, old); }));
}

TEST_P(DamagedCsrTest, ALogWithAGapIsNotUsed) {
  FillAndSave(400);
  for (int i = 0; i < 3; ++i) ChangeAtRandom(10, kTypes);
  const uint64_t commit = SnapshotOf(Snapshot()).counts().commit;
  for (const uint64_t missing : {commit - 2, commit - 1, commit}) {
    EXPECT_FALSE(StillUsed([&](const fs::path&) {
      const auto kv = Must(OpenRocksDbStore(path(), {}));
      MustBeDone(kv->Write(std::array{KvWrite{Keyspace::kMeta, AdjacencyLogKey(missing), std::nullopt}}, {}, false));
    })) << missing;
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, SavedTopologyTest, testing::Values(Backend::kRocksDb), BackendName);
INSTANTIATE_TEST_SUITE_P(Backends, DamagedCsrTest, testing::Values(Backend::kRocksDb), BackendName);

}  // namespace
}  // namespace tupu
