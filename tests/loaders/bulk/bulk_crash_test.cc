// A process that ends in the middle of a bulk load leaves the database as it was, whatever it was doing; its indexes too.

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <functional>

#include <fmt/format.h>

#include "storage/check/check_graph.h"
#include "storage/graph/schema_change.h"
#include "storage/kv/environment.h"
#include "storage/kv/kv_store.h"
#include "tests/bench/firm_graph.h"
#include "tests/loaders/load_fixture.h"

namespace tupu {
namespace {

/// Ends the process before the n-th access to the database's files.
class EndingEnvironment : public Environment {
 public:
  explicit EndingEnvironment(uint64_t last_call) : last_call_(last_call) {}
  FileVerdict Before(const FileCall&) override {
    if (++calls_ == last_call_) _exit(kEnded);
    return {};
  }
  uint64_t calls() const { return calls_; }

  static constexpr int kEnded = 77;

 private:
  const uint64_t last_call_;
  std::atomic<uint64_t> calls_ = 0;
};

class BulkCrashTest : public LoadTest {
 protected:
  static constexpr uint64_t kEdges = 20'000;
  static constexpr uint64_t kMoreEdges = 10'000;

  struct State {
    uint64_t edges = 0;
    size_t csr_files = 0;
    uint64_t vertices() const { return edges == 0 ? 0 : kEdges / 10; }
  };

  BulkCrashTest() {
    database_ = (folder_.parent_path() / "db").string();
    EXPECT_TRUE(WriteFirmGraph(FirmGraph({.edges = kEdges, .seed = 5}), folder_.string()).has_value());
    EXPECT_EQ(InChild([&] { return MakeEmpty() ? 0 : 1; }), 0);
  }

  /// From now on loads begin with the first one done, and bring edges that join its lists, split ones among them.
  void GoOnFilled() {
    const int filled = InChild([&] {
      const auto store = std::move(*GraphStore::Open(empty(), Options()));
      return LoadOnce(*store) ? 0 : 1;
    });
    ASSERT_EQ(filled, 0);
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
      if (file.path().filename().string().starts_with("edges_")) std::filesystem::remove(file);
    }
    std::string rows = ":START_ID,:END_ID,:TYPE,since:int,note\n";
    for (uint64_t i = 0; i < kMoreEdges; ++i) {
      rows += fmt::format("{},{},{},{},n{}\n", i % 3 == 0 ? i % 2 : i * 7919 % 1'400, i * 31 % 1'400,
                          i % 2 == 0 ? "SUPPLIES" : "PARTNERS_WITH", 1990 + i % 30, i);
    }
    Write("edges_more.csv", rows);
    before_ = after_;
    after_ = {kEdges + kMoreEdges, 0};  // saved CSRs are given up
  }

  /// A database without data, but with indexes and a constraint, to begin each load with.
  bool MakeEmpty() const {
    const auto store = std::move(*GraphStore::Open(empty(), {}));
    ConstraintRequest unique;
    unique.schema = "Firm";
    unique.properties = {"id"};
    unique.kind = ConstraintKind::kUnique;
    return store->CreateIndex({"by_name", EntityKind::kVertex, "Firm", {"name"}}, {}).has_value() &&
           store->CreateIndex({"by_since", EntityKind::kEdge, "SUPPLIES", {"since"}}, {}).has_value() &&
           store->CreateConstraint(unique, {}).has_value();
  }
  std::string empty() const { return database_ + ".empty"; }

  /// CSRs are saved with every load.
  static GraphStoreOptions Options() {
    GraphStoreOptions options;
    options.csr_worth_saving = std::chrono::milliseconds(0);
    return options;
  }

  void BeginAnew() const {
    std::filesystem::remove_all(database_);
    std::filesystem::copy(empty(), database_, std::filesystem::copy_options::recursive);
  }

  /// The exit status of a process that does `work`. This one opens no database: the threads of RocksDB would be missing
  /// in the next child.
  static int InChild(const std::function<int()>& work) {
    const pid_t child = fork();
    if (child == 0) _exit(work());
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    return WEXITSTATUS(status);
  }

  /// The number of the first access to the database's files in the load, and of the last one.
  std::pair<uint64_t, uint64_t> CallsOfALoad() {
    BeginAnew();
    const std::string answer = (folder_.parent_path() / "calls").string();
    const int status = InChild([&] {
      const auto environment = std::make_shared<EndingEnvironment>(0);
      GraphStoreOptions options = Options();
      options.environment = environment;
      const auto store = std::move(*GraphStore::Open(database_, options));
      const uint64_t before = environment->calls();
      if (!LoadOnce(*store)) return 1;
      std::ofstream(answer) << before + 1 << " " << environment->calls();
      return 0;
    });
    EXPECT_EQ(status, 0);
    std::pair<uint64_t, uint64_t> calls;
    std::ifstream(answer) >> calls.first >> calls.second;
    return calls;
  }

  bool LoadOnce(GraphStore& store) {
    options_.threads = 2;
    const auto summary = LoadInto(store, std::vector<std::string>{folder_.string()}, options_);
    return summary.has_value() && summary->bulk;
  }

  /// True if the process ended at the call.
  bool EndsAt(uint64_t call) {
    const int status = InChild([&] {
      GraphStoreOptions options = Options();
      options.environment = std::make_shared<EndingEnvironment>(call);
      auto store = GraphStore::Open(database_, options);
      return store.has_value() && LoadOnce(**store) ? 0 : 1;
    });
    EXPECT_NE(status, 1);
    return status == EndingEnvironment::kEnded;
  }

  enum Found : int { kAsBefore, kLoaded, kWrong };
  /// What a process that opens the database finds; if nothing was loaded, the next load must go on as if nothing had
  /// been.
  int WhatIsThere() {
    const int found = InChild([&]() -> int { return Look(); });
    const int clean = InChild([&]() -> int {
      const auto kv = OpenRocksDbStore(database_, {});
      if (!kv.has_value()) return 1;
      const auto report = CheckGraph(**kv, {});
      const bool whole = report.has_value() && report->clean();
      const bool has_csrs = report.has_value() && report->checked.saved_csrs > 0;
      return whole && report->checked.index_entries > kEdges / 10 && has_csrs == (after_.csr_files > 0) ? 0 : 1;
    });
    return clean == 0 ? found : kWrong;
  }

  size_t CsrFiles() const {
    const auto is_one = [](const auto& file) { return file.path().filename().string().starts_with("csr-"); };
    return static_cast<size_t>(std::count_if(std::filesystem::directory_iterator(database_), {}, is_one));
  }

  int Look() {
    auto store = GraphStore::Open(database_, Options());
    if (!store.has_value() || std::filesystem::exists(std::filesystem::path(database_) / "bulk")) return kWrong;
    const auto view = *(*store)->Snapshot();
    const uint64_t edges = view->CountEdges(std::nullopt);
    const State& state = edges == after_.edges ? after_ : before_;
    if (edges != state.edges || view->CountVertices(std::nullopt) != state.vertices()) return kWrong;
    if (CsrFiles() != state.csr_files) return kWrong;  // one that no state names is gone
    if (edges == after_.edges) return kLoaded;
    return LoadOnce(**store) ? kAsBefore : kWrong;
  }

  State before_;
  State after_ = {kEdges, 1};
  std::string database_;
};

TEST_F(BulkCrashTest, AnyMomentIsGood) {
  const auto [first, last] = CallsOfALoad();
  ASSERT_GT(last, first + 20);
  int before_the_ingest = 0;
  int after_it = 0;
  int unnamed_files = 0;
  std::vector<uint64_t> calls;
  for (uint64_t i = 0; i <= 8; ++i) calls.push_back(first + (last - first) * i / 8);
  for (uint64_t i = 1; i <= 8; ++i) calls.push_back(last - 4 * i);  // CSRs, then the ingest, come last
  for (const uint64_t call : calls) {
    SCOPED_TRACE(call);
    BeginAnew();
    if (!EndsAt(call)) continue;  // this time the load took fewer accesses
    const size_t csr_files = CsrFiles();
    const int found = WhatIsThere();
    EXPECT_NE(found, kWrong);
    ++(found == kAsBefore ? before_the_ingest : after_it);
    if (found == kAsBefore && csr_files > 0) ++unnamed_files;
  }
  EXPECT_GT(before_the_ingest, 3);
  EXPECT_GT(unnamed_files, 0);
  RecordProperty("before_the_ingest", before_the_ingest);
  RecordProperty("after_it", after_it);
}

TEST_F(BulkCrashTest, AnyMomentIsGoodInAFilledDatabase) {
  GoOnFilled();
  const auto [first, last] = CallsOfALoad();
  ASSERT_GT(last, first + 10);
  int before_the_ingest = 0;
  std::vector<uint64_t> calls;
  for (uint64_t i = 0; i <= 8; ++i) calls.push_back(first + (last - first) * i / 8);
  for (uint64_t i = 1; i <= 4; ++i) calls.push_back(last - 2 * i);  // the ingest comes last
  for (const uint64_t call : calls) {
    SCOPED_TRACE(call);
    BeginAnew();
    if (!EndsAt(call)) continue;
    const int found = WhatIsThere();
    EXPECT_NE(found, kWrong);
    before_the_ingest += found == kAsBefore ? 1 : 0;
  }
  EXPECT_GT(before_the_ingest, 3);
  RecordProperty("before_the_ingest", before_the_ingest);
}

}  // namespace
}  // namespace tupu
