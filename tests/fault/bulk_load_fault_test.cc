// The power goes, a write or a sync fails, at any moment of a bulk load: the database is as it was, or holds all of the load,
// and the next load goes through. Into an empty database and into a filled one, with and without CSRs that are saved.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "loaders/load.h"
#include "tests/bench/firm_graph.h"
#include "tests/fault/simulated_disk_fixture.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

constexpr uint64_t kEdges = 2'000;
constexpr uint64_t kMoreEdges = 1'000;
constexpr uint64_t kVertices = kEdges / 10;

class BulkLoadFault : public SimulatedDiskTest {
 protected:
  struct Case {
    bool filled;
    bool saves_csrs;
    uint64_t before() const { return filled ? kEdges : 0; }
    uint64_t after() const { return filled ? kEdges + kMoreEdges : kEdges; }
  };

  BulkLoadFault() {
    std::filesystem::create_directories(directory_ / "set");
    EXPECT_TRUE(WriteFirmGraph(FirmGraph({.edges = kEdges, .seed = 7}), directory_ / "set").has_value());
    std::ofstream more(directory_ / "more.csv");
    more << ":START_ID(set),:END_ID(set),:TYPE,note\n";  // between stored vertices, many on two hubs
    for (uint64_t i = 0; i < kMoreEdges; ++i) {
      more << fmt::format("{},{},SUPPLIES,n{}\n", i % 3 == 0 ? i % 2 : i * 7919 % 140, i * 31 % 140, i);
    }
  }

  Case AnyCase() { return {random_() % 2 == 0, random_() % 2 == 0}; }

  Result<FaultyStore> OpenFor(const Case& at) {
    using std::chrono::milliseconds;
    return OpenFaulty(path(), disk_, true, at.saves_csrs ? milliseconds(0) : milliseconds(3'600'000));
  }
  /// A new disk with what there is before the load.
  void Begin(const Case& at) {
    StartDisk();
    store_ = Must(OpenFor(at));
    if (at.filled) (void)Must(Load("set"));
  }
  Result<LoaderSummary> Load(const std::string& what) {
    LoaderOptions options;
    options.threads = 2;
    return LoadInto(*store_.graph, std::vector<std::string>{directory_ / what}, options);
  }
  Result<LoaderSummary> LoadMore(const Case& at) { return Load(at.filled ? "more.csv" : "set"); }

  uint64_t CountEdges() const { return Must(store_.graph->Snapshot())->CountEdges(std::nullopt); }

  /// Writes and syncs of a load without faults.
  std::pair<uint64_t, uint64_t> Measure(const Case& at) {
    Begin(at);
    const uint64_t writes = disk_->operations(SimulatedDisk::Counted::kWrites);
    const uint64_t syncs = disk_->operations(SimulatedDisk::Counted::kSyncs);
    EXPECT_TRUE(Must(LoadMore(at)).bulk);
    return {disk_->operations(SimulatedDisk::Counted::kWrites) - writes,
            disk_->operations(SimulatedDisk::Counted::kSyncs) - syncs};
  }

  /// As it was, or whole; then whole.
  void ExpectWhole(const Case& at, bool acknowledged) {
    EXPECT_DONE(CheckStore(*store_.kv));
    const uint64_t found = CountEdges();
    EXPECT_TRUE(found == at.after() || (found == at.before() && !acknowledged)) << found << " edges";
    if (found == at.before()) {
      ++as_before_;
      const auto again = LoadMore(at);
      ASSERT_TRUE(again) << again.error().message;
    } else {
      ++loaded_;
    }
    EXPECT_EQ(CountEdges(), at.after());
    EXPECT_EQ(Must(store_.graph->Snapshot())->CountVertices(std::nullopt), kVertices);
    EXPECT_DONE(CheckStore(*store_.kv));
  }

  uint64_t as_before_ = 0;
  uint64_t loaded_ = 0;
};

TEST_F(BulkLoadFault, ThePowerGoesAtAnyWriteOrSync) {
  const uint64_t cuts = FaultCount("TUPU_FAULT_BULK", 40);
  for (uint64_t cut = 0; cut < cuts && !HasFailure(); ++cut) {
    const Case at = AnyCase();
    const auto [writes, syncs] = Measure(at);
    const uint64_t n = 1 + random_() % (writes + syncs + 2);
    SCOPED_TRACE(
        fmt::format("cut {}, filled {}, CSRs {}, at {} of {}", cut, at.filled, at.saves_csrs, n, writes + syncs));
    Begin(at);
    disk_->CutPowerAt(n);
    const bool acknowledged = LoadMore(at).has_value();
    disk_->CutPower();
    store_ = {};
    disk_->RestorePower(random_() % 2 == 0 ? SimulatedDisk::Loss::kSomeUnsynced : SimulatedDisk::Loss::kAllUnsynced);
    store_ = Must(OpenFor(at));
    ExpectWhole(at, acknowledged);
  }
  std::printf("%llu cuts: %llu times as before, %llu times loaded\n", static_cast<unsigned long long>(cuts),
              static_cast<unsigned long long>(as_before_), static_cast<unsigned long long>(loaded_));
  EXPECT_GT(as_before_, cuts / 4);
}

TEST_F(BulkLoadFault, AnyWriteOrSyncFails) {
  const uint64_t failures = FaultCount("TUPU_FAULT_BULK", 40);
  for (uint64_t failure = 0; failure < failures && !HasFailure(); ++failure) {
    const Case at = AnyCase();
    const auto [writes, syncs] = Measure(at);
    const auto kind = random_() % 3 == 0 ? SimulatedDisk::Counted::kSyncs : SimulatedDisk::Counted::kWrites;
    const uint64_t n = 1 + random_() % (kind == SimulatedDisk::Counted::kSyncs ? syncs : writes);
    const auto how = random_() % 2 == 0 ? FileVerdict::kFail : FileVerdict::kNoSpace;
    SCOPED_TRACE(fmt::format("filled {}, CSRs {}, {} {} of {} and {}", at.filled, at.saves_csrs,
                             kind == SimulatedDisk::Counted::kSyncs ? "sync" : "write", n, writes, syncs));
    Begin(at);
    disk_->FailAt(kind, n, 1, how);
    const auto summary = LoadMore(at);
    EXPECT_TRUE(summary || summary.error().code == ErrorCode::kIo) << summary.error().message;
    EXPECT_EQ(CountEdges(), summary ? at.after() : at.before());  // reading goes on
    disk_->FailNoMore(kind);
    ExpectWhole(at, summary.has_value());
    store_ = {};
    store_ = Must(OpenFor(at));
    EXPECT_EQ(CountEdges(), at.after());
    EXPECT_DONE(CheckStore(*store_.kv));
  }
  EXPECT_GT(as_before_, failures / 4);
}

}  // namespace
}  // namespace tupu
