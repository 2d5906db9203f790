// Stores that save their CSRs when they are closed, on a disk that fails or loses power at any moment of that: what was
// acknowledged is there, and what is read from CSRs is what the blocks say.

#include <gtest/gtest.h>

#include "storage/csr/topology.h"
#include "storage/graph/graph_snapshot.h"
#include "tests/fault/fault_config.h"
#include "tests/fault/faulty_store.h"
#include "tests/fault/simulated_disk_fixture.h"
#include "tests/fault/writer_script.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

class SavedCsrOnFailingDisk : public SimulatedDiskTest {
 protected:
  Status OpenStore() {
    TUPU_TRY_ASSIGN(store_, OpenFaulty(path(), disk_, true, std::chrono::milliseconds(0)));
    return PrepareScript(*store_.graph);
  }
  Status Commit(uint64_t count) {
    for (; count > 0; --count, ++done_) TUPU_TRY(RunScript(*store_.graph, 0, done_ + 1));
    return {};
  }
  Status Build() {
    TUPU_TRY_ASSIGN(const auto view, store_.graph->Snapshot());
    return dynamic_cast<const GraphSnapshot&>(*view).topology()->Build();
  }
  bool ReadsFromFile() {
    for (const AdjacencyForm& form : Must(store_.graph->Snapshot())->AdjacencyForms()) {
      if (form.from_file) return true;
    }
    return false;
  }
  /// Read from CSRs, then looked at by tupu check, which reads blocks and the file.
  void ExpectWhole(uint64_t least, uint64_t most) {
    EXPECT_DONE(Build());
    const auto view = Must(store_.graph->Snapshot());
    const auto found = FindProgress(*view, {least}, {most});
    ASSERT_TRUE(found) << found.error().message;
    done_ = found->at(0);
    EXPECT_DONE(CheckStore(*store_.kv));
  }

  /// A store whose close writes a file: the first, or one in place of another with a long log over it.
  void Run(bool has_file, const std::function<void()>& before_close) {
    StartDisk();
    MustBeDone(OpenStore());
    MustBeDone(Commit(20));
    if (has_file) {
      EXPECT_GT(Must(store_.graph->SaveCsrs()).bytes, 0u);
      MustBeDone(Commit(150));
    }
    MustBeDone(Build());
    before_close();
    store_ = {};
  }
};

TEST_F(SavedCsrOnFailingDisk, ThePowerGoesAtAnyWriteOfTheClose) {
  const uint64_t last = std::min<uint64_t>(FaultCount("TUPU_FAULT_NTH", 200), 50);
  uint64_t cuts = 0;
  uint64_t from_file = 0;
  for (uint64_t n = 1; n <= last && !HasFailure(); ++n) {
    SCOPED_TRACE(testing::Message() << "n = " << n);
    Run(n % 2 == 0, [&] { disk_->CutPowerAt((n + 1) / 2); });
    cuts += disk_->is_cut() ? 1 : 0;
    disk_->CutPower();
    disk_->RestorePower(n % 3 == 0 ? SimulatedDisk::Loss::kSomeUnsynced : SimulatedDisk::Loss::kAllUnsynced);
    MustBeDone(OpenStore());
    ExpectWhole(done_, done_);
    from_file += ReadsFromFile() ? 1 : 0;
    MustBeDone(Commit(10));
    ExpectWhole(done_, done_);
  }
  std::printf("%llu cuts, then %llu times read from the file\n", static_cast<unsigned long long>(cuts),
              static_cast<unsigned long long>(from_file));
  EXPECT_GT(cuts, 5u);
  EXPECT_GT(from_file, 5u);
}

TEST_F(SavedCsrOnFailingDisk, AnyWriteOrSyncOfTheSavingFails) {
  for (const auto kind : {SimulatedDisk::Counted::kWrites, SimulatedDisk::Counted::kSyncs}) {
    uint64_t reached = 0;
    for (uint64_t n = 1; n <= 30 && !HasFailure(); ++n) {
      SCOPED_TRACE(testing::Message() << "n = " << n);
      StartDisk();
      MustBeDone(OpenStore());
      MustBeDone(Commit(20));
      if (n % 2 == 0) {
        EXPECT_GT(Must(store_.graph->SaveCsrs()).bytes, 0u);
      }
      MustBeDone(Commit(5));
      disk_->FailAt(kind, n, 1 + n % 2, n % 3 == 0 ? FileVerdict::kNoSpace : FileVerdict::kFail);
      const auto saved = store_.graph->SaveCsrs();
      if (!saved) {
        ++reached;
        EXPECT_EQ(Name(saved.error().code), Name(ErrorCode::kIo)) << saved.error().message;
      }
      disk_->FailNoMore(kind);
      MustBeDone(Commit(5));
      ExpectWhole(done_, done_);
      if (n % 2 == 1) disk_->CutPower();
      store_ = {};
      disk_->RestorePower(SimulatedDisk::Loss::kAllUnsynced);
      MustBeDone(OpenStore());
      ExpectWhole(done_, done_);
    }
    EXPECT_GT(reached, 2u);
  }
}

TEST_F(SavedCsrOnFailingDisk, WhatCannotBeReadIsReadFromBlocks) {
  Run(true, [] {});
  for (uint64_t n = 1; n <= 12; ++n) {
    MustBeDone(OpenStore());
    disk_->FailAt(SimulatedDisk::Counted::kReads, n, 1, FileVerdict::kFail, ".tupu");
    ExpectWhole(done_, done_);
    if (disk_->failed() > 0) {
      EXPECT_FALSE(ReadsFromFile());
    }
    disk_->FailNoMore(SimulatedDisk::Counted::kReads);
    EXPECT_GT(Must(store_.graph->SaveCsrs()).bytes, 0u);
    store_ = {};
  }
}

}  // namespace
}  // namespace tupu
