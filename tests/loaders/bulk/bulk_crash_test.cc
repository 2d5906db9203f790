// A process that ends in the middle of a bulk load leaves the database as it was, whatever it was doing.

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "storage/kv/environment.h"
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

  BulkCrashTest() {
    database_ = (folder_.parent_path() / "db").string();
    EXPECT_TRUE(WriteFirmGraph(FirmGraph({.edges = kEdges, .seed = 5}), folder_.string()).has_value());
  }

  /// The first access to the database's files in the load, and the last one.
  std::pair<uint64_t, uint64_t> CallsOfALoad() {
    const auto environment = std::make_shared<EndingEnvironment>(0);
    GraphStoreOptions options;
    options.environment = environment;
    const auto store = std::move(*GraphStore::Open(database_, options));
    const uint64_t before = environment->calls();
    EXPECT_TRUE(LoadOnce(*store));
    return {before + 1, environment->calls()};
  }

  bool LoadOnce(GraphStore& store) {
    options_.threads = 2;
    const auto summary = LoadInto(store, std::vector<std::string>{folder_.string()}, options_);
    return summary.has_value() && summary->bulk;
  }

  /// True if the process ended at the call.
  bool EndsAt(uint64_t call) {
    const pid_t child = fork();
    if (child == 0) {
      GraphStoreOptions options;
      options.environment = std::make_shared<EndingEnvironment>(call);
      auto store = GraphStore::Open(database_, options);
      const bool loaded = store.has_value() && LoadOnce(**store);
      _exit(loaded ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_NE(WEXITSTATUS(status), 1);
    return WEXITSTATUS(status) == EndingEnvironment::kEnded;
  }

  std::string database_;
};

TEST_F(BulkCrashTest, AnyMomentIsGood) {
  const auto [first, last] = CallsOfALoad();
  ASSERT_GT(last, first + 20);
  int before_the_ingest = 0;
  int after_it = 0;
  const uint64_t step = std::max<uint64_t>(1, (last - first) / 24);
  for (uint64_t call = first; call <= last; call += step) {
    SCOPED_TRACE(call);
    std::filesystem::remove_all(database_);
    if (!EndsAt(call)) continue;  // this time the load took fewer accesses
    const auto store = std::move(*GraphStore::Open(database_, {}));
    EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(database_) / "bulk"));
    const auto view = *store->Snapshot();
    const uint64_t edges = view->CountEdges(std::nullopt);
    EXPECT_TRUE(edges == 0 || edges == kEdges) << edges;
    EXPECT_EQ(view->CountVertices(std::nullopt), edges / 10);
    ++(edges == 0 ? before_the_ingest : after_it);
    EXPECT_TRUE(edges > 0 || LoadOnce(*store)) << "the next load must go on as if nothing had been";
  }
  EXPECT_GT(before_the_ingest, 5);
  RecordProperty("before_the_ingest", before_the_ingest);
  RecordProperty("after_it", after_it);
}

}  // namespace
}  // namespace tupu
