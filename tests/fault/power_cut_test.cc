// The power goes at any write or sync of a store with several writers; what was acknowledged is there afterwards, what was
// not is there whole or not at all.

#include <filesystem>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "tests/fault/fault_config.h"
#include "tests/fault/faulty_store.h"
#include "tests/fault/writer_script.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

constexpr uint32_t kWriters = 3;
constexpr uint64_t kCutsPerDatabase = 15;
constexpr uint64_t kOperationsBeforeCut = 250;

class PowerCut : public testing::Test {
 protected:
  explicit PowerCut() : random_(FaultSeed()) {}

  void StartDatabase() {
    std::filesystem::remove_all(directory_ / "disk");
    std::filesystem::create_directories(directory_ / "disk");
    disk_ = std::make_shared<SimulatedDisk>(directory_ / "disk", directory_ / "attic", random_());
    done_.assign(kWriters, 0);
  }

  /// Every writer commits until the power goes; `done_` counts what was acknowledged. The first writer also compacts.
  void WriteUntilCut(FaultyStore& store) {
    std::vector<std::thread> threads;
    for (uint32_t writer = 0; writer < kWriters; ++writer) {
      threads.emplace_back([&, writer] {
        for (uint64_t attempts = 0; !disk_->is_cut() && attempts < 2000; ++attempts) {
          const Status status = RunScript(*store.graph, writer, done_[writer] + 1);
          if (status) {
            ++done_[writer];
          } else if (!disk_->is_cut()) {
            ADD_FAILURE() << Name(status.error().code) << ": " << status.error().message;
            return;
          } else {
            EXPECT_EQ(Name(status.error().code), Name(ErrorCode::kIo)) << status.error().message;
          }
          if (writer == 0 && done_[0] % 40 == 39) (void)store.kv->Compact();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  void OpenAndWriteUntilCut(bool sync) {
    disk_->CutPowerAt(1 + random_() % kOperationsBeforeCut);
    auto store = OpenFaulty(path(), disk_, sync);
    if (store && PrepareScript(*store->graph)) WriteUntilCut(*store);
    if (!store && !disk_->is_cut()) ADD_FAILURE() << store.error().message;
    disk_->CutPower();
  }

  /// What is there after the cut; `done_` goes on from it.
  Result<std::vector<uint64_t>> Recover(SimulatedDisk::Loss loss, bool sync) {
    disk_->RestorePower(loss);
    std::vector<uint64_t> most = done_;
    for (uint64_t& number : most) ++number;
    const std::vector<uint64_t> least = sync ? done_ : std::vector<uint64_t>(kWriters, 0);
    TUPU_TRY_ASSIGN(const auto store, OpenFaulty(path(), disk_, sync));
    TUPU_TRY(CheckStore(*store.kv));
    TUPU_TRY_ASSIGN(const auto view, store.graph->Snapshot());
    return FindProgress(*view, least, most);
  }

  std::string path() const { return directory_ / "disk" + "/new/db"; }

  TemporaryDirectory directory_{FastFolder()};
  std::mt19937_64 random_;
  std::shared_ptr<SimulatedDisk> disk_;
  std::vector<uint64_t> done_;
};

TEST_F(PowerCut, LosesNothingAcknowledgedAndLeavesNothingHalf) {
  const uint64_t cuts = FaultCount("TUPU_FAULT_CUTS", 300);
  uint64_t commits = 0;
  for (uint64_t cut = 0; cut < cuts && !HasFailure(); ++cut) {
    SCOPED_TRACE(testing::Message() << "cut " << cut);
    if (cut % kCutsPerDatabase == 0) StartDatabase();
    const std::vector<uint64_t> before = done_;
    OpenAndWriteUntilCut(true);
    const auto loss = random_() % 3 == 0 ? SimulatedDisk::Loss::kSomeUnsynced : SimulatedDisk::Loss::kAllUnsynced;
    const auto found = Recover(loss, true);
    ASSERT_TRUE(found) << Name(found.error().code) << ": " << found.error().message;
    for (uint32_t writer = 0; writer < kWriters; ++writer) commits += done_[writer] - before[writer];
    done_ = *found;
  }
  std::printf("%llu cuts, %llu acknowledged commits\n", static_cast<unsigned long long>(cuts),
              static_cast<unsigned long long>(commits));
}

// The same without sync: commits may be lost, but each writer's are a beginning of what it did. That some are lost shows
// that the simulated cut takes something away.
TEST_F(PowerCut, WithoutSyncLosesOnlyTheLastCommits) {
  const uint64_t cuts = FaultCount("TUPU_FAULT_UNSYNCED_CUTS", 30);
  uint64_t lost = 0;
  for (uint64_t cut = 0; cut < cuts && !HasFailure(); ++cut) {
    SCOPED_TRACE(testing::Message() << "cut " << cut);
    if (cut % kCutsPerDatabase == 0) StartDatabase();
    OpenAndWriteUntilCut(false);
    const auto found = Recover(SimulatedDisk::Loss::kAllUnsynced, false);
    ASSERT_TRUE(found) << Name(found.error().code) << ": " << found.error().message;
    for (uint32_t writer = 0; writer < kWriters; ++writer) {
      lost += (*found)[writer] < done_[writer] ? done_[writer] - (*found)[writer] : 0;
    }
    done_ = *found;
  }
  EXPECT_GT(lost, 0u);
}

// A disk that says that it synced and did not: the test above must notice.
TEST_F(PowerCut, TheSimulationFindsAStoreThatDoesNotSync) {
  uint64_t noticed = 0;
  for (int cut = 0; cut < 5; ++cut) {
    StartDatabase();
    disk_->IgnoreSyncs();
    disk_->CutPowerAt(200);
    {
      auto store = Must(OpenFaulty(path(), disk_));
      MustBeDone(PrepareScript(*store.graph));
      WriteUntilCut(store);
    }
    if (!Recover(SimulatedDisk::Loss::kAllUnsynced, true)) ++noticed;
  }
  EXPECT_EQ(noticed, 5u);
}

}  // namespace
}  // namespace tupu
