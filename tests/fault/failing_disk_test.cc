// The n-th write or fsync fails, the disk runs full: no crash, no false acknowledgement, reading goes on, and writing goes
// on when the disk does, without opening the store again.

#include <random>

#include <gtest/gtest.h>

#include "tests/fault/fault_config.h"
#include "tests/fault/faulty_store.h"
#include "tests/fault/simulated_disk_fixture.h"
#include "tests/fault/writer_script.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

class FailingDisk : public SimulatedDiskTest {
 protected:
  void OpenStore() {
    store_ = Must(OpenFaulty(path(), disk_));
    MustBeDone(PrepareScript(*store_.graph));
  }

  Status CommitNext() {
    const Status status = RunScript(*store_.graph, 0, done_ + 1);
    if (status) ++done_;
    return status;
  }

  static Status Holds(GraphStore& store, uint64_t least, uint64_t most) {
    TUPU_TRY_ASSIGN(const auto view, store.Snapshot());
    TUPU_TRY(FindProgress(*view, {least}, {most}));
    return {};
  }

  /// The folder as a process that is killed now would leave it holds what was acknowledged, and nothing that failed.
  void ExpectCopyHoldsWhatIsDone() {
    CopyLiveFolder(path(), std::string(directory_ / "copy"));
    const auto copy = OpenFaulty(directory_ / "copy", nullptr);
    ASSERT_TRUE(copy) << copy.error().message;
    EXPECT_DONE(Holds(*copy->graph, done_, done_));
  }
};

/// One kind of operation, failing at n = 1, 2, ...
class NthOperationFails : public FailingDisk, public testing::WithParamInterface<SimulatedDisk::Counted> {
 protected:
  static constexpr uint64_t kCommits = 45;  // at least
  static constexpr uint64_t kCommitsAfter = 9;

  /// After a commit failed: what was there is there, the commit is not, and the next attempts succeed.
  void ExpectGoesOn(const Error& error, uint64_t faults, bool copy) {
    EXPECT_EQ(Name(error.code), Name(ErrorCode::kIo)) << error.message;
    EXPECT_DONE(Holds(*store_.graph, done_, done_));
    // Where the cut of the log fails as well, a killed process may leave the commit in it.
    if (copy && faults == 1) ExpectCopyHoldsWhatIsDone();
    Status status;
    for (uint64_t attempt = 0; attempt <= faults; ++attempt) {
      status = CommitNext();
      if (status) return;
    }
    ADD_FAILURE() << "writing does not resume: " << status.error().message;
  }

  void Run(uint64_t n) {
    const uint64_t faults = n % 4 == 3 ? 3 : 1;
    StartDisk();
    OpenStore();
    disk_->FailAt(GetParam(), n, faults, n % 3 == 0 ? FileVerdict::kNoSpace : FileVerdict::kFail);
    uint64_t after = 0;  // commits since the fault
    while ((done_ < kCommits || after < kCommitsAfter) && !HasFailure()) {
      // Its error is the disk's; it must do no harm. Long runs do it less often than they commit.
      if (done_ % (done_ < kCommits ? 9 : 90) == 8) (void)store_.kv->Compact();
      const Status status = CommitNext();
      if (!status) ExpectGoesOn(status.error(), faults, n % 2 == 0);
      if (disk_->failed() > 0) ++after;
    }
    EXPECT_DONE(Holds(*store_.graph, done_, done_));
    if (n % 2 == 0) disk_->CutPower();  // what went on after the error must be on the disk
    store_ = {};
    disk_->RestorePower(SimulatedDisk::Loss::kAllUnsynced);
    store_ = Must(OpenFaulty(path(), disk_));
    EXPECT_DONE(Holds(*store_.graph, done_, done_));
    EXPECT_DONE(CheckStore(*store_.kv));
  }
};

TEST_P(NthOperationFails, NothingIsLostAndWritingGoesOn) {
  const uint64_t last = FaultCount("TUPU_FAULT_NTH", 200);
  for (uint64_t n = 1; n <= last && !HasFailure(); ++n) {
    SCOPED_TRACE(testing::Message() << "n = " << n);
    Run(n);
  }
  std::printf("n = 1..%llu\n", static_cast<unsigned long long>(last));
}

TEST_P(NthOperationFails, WhileTheStoreIsMadeAndOpened) {
  const uint64_t last = std::min<uint64_t>(FaultCount("TUPU_FAULT_NTH", 200), 60);
  for (uint64_t n = 1; n <= last && !HasFailure(); ++n) {
    SCOPED_TRACE(testing::Message() << "n = " << n);
    StartDisk();
    disk_->FailAt(GetParam(), n);
    for (int attempt = 0; attempt < 2; ++attempt) {  // the first makes it, the second opens it
      auto store = OpenFaulty(path(), disk_);
      if (!store) {
        EXPECT_EQ(Name(store.error().code), Name(ErrorCode::kIo)) << store.error().message;
        continue;
      }
      store_ = std::move(*store);
      if (PrepareScript(*store_.graph)) (void)CommitNext();
      store_ = {};
    }
    disk_->FailNoMore(GetParam());
    disk_->CutPower();
    disk_->RestorePower(SimulatedDisk::Loss::kAllUnsynced);
    OpenStore();
    EXPECT_DONE(Holds(*store_.graph, done_, done_));
    EXPECT_DONE(CommitNext());
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, NthOperationFails,
                         testing::Values(SimulatedDisk::Counted::kWrites, SimulatedDisk::Counted::kSyncs),
                         [](const auto& kind) {
                           return kind.param == SimulatedDisk::Counted::kWrites ? "Writes" : "Syncs";
                         });

TEST_F(FailingDisk, AFullDiskStopsWritingUntilSpaceReturns) {
  const uint64_t runs = FaultCount("TUPU_FAULT_FULL", 20);
  for (uint64_t run = 0; run < runs && !HasFailure(); ++run) {
    SCOPED_TRACE(testing::Message() << "run " << run);
    StartDisk();
    OpenStore();
    disk_->LimitSpace(disk_->used_bytes() + random_() % (100 << 10));
    Status status;
    while (status) {
      if (done_ % 20 == 19) (void)store_.kv->Compact();
      status = CommitNext();
    }
    const auto expect_full = [&] {
      EXPECT_EQ(Name(status.error().code), Name(ErrorCode::kIo)) << status.error().message;
      EXPECT_NE(status.error().message.find("the disk is full"), std::string::npos) << status.error().message;
      EXPECT_DONE(Holds(*store_.graph, done_, done_));
    };
    expect_full();
    for (int attempt = 0; attempt < 3; ++attempt) {
      status = CommitNext();
      // RocksDB gives back what failed attempts left, so that one of them may find the room it needs.
      if (!status) expect_full();
      if (run % 4 == 0) ExpectCopyHoldsWhatIsDone();
    }
    disk_->LimitSpace(std::nullopt);
    for (int i = 0; i < 10; ++i) EXPECT_DONE(CommitNext());
    if (run % 2 == 0) disk_->CutPower();
    store_ = {};
    disk_->RestorePower(SimulatedDisk::Loss::kAllUnsynced);
    store_ = Must(OpenFaulty(path(), disk_));
    EXPECT_DONE(Holds(*store_.graph, done_, done_));
    EXPECT_DONE(CheckStore(*store_.kv));
  }
}

// The first write into a new log fails while RocksDB holds nothing in memory, so that it would not replace the log.
TEST_F(FailingDisk, ResumesWhereNothingIsInMemory) {
  for (const auto kind : {SimulatedDisk::Counted::kWrites, SimulatedDisk::Counted::kSyncs}) {
    StartDisk();
    OpenStore();
    EXPECT_DONE(CommitNext());
    store_ = {};
    store_ = Must(OpenFaulty(path(), disk_));  // recovery wrote the log into tables
    disk_->FailAt(kind, 1, 1, FileVerdict::kFail, ".log");
    const Status status = CommitNext();
    EXPECT_CODE(status, kIo);
    for (int i = 0; i < 3; ++i) EXPECT_DONE(CommitNext());
    ExpectCopyHoldsWhatIsDone();
  }
}

// The store goes on with another RocksDB instance; what was read from the one before stays as it was, although the new one
// rewrites and deletes its files, and the folder stays locked.
TEST_F(FailingDisk, SnapshotsOutliveTheErrorThatTheStoreGoesOnFrom) {
  StartDisk();
  OpenStore();
  for (int i = 0; i < 30; ++i) EXPECT_DONE(CommitNext());
  EXPECT_DONE(store_.kv->Compact());
  for (int i = 0; i < 5; ++i) EXPECT_DONE(CommitNext());  // in memory only
  const auto before = Must(store_.graph->Snapshot());
  disk_->FailAt(SimulatedDisk::Counted::kSyncs, 1, 1, FileVerdict::kFail, ".log");
  EXPECT_CODE(CommitNext(), kIo);
  for (int i = 0; i < 30; ++i) EXPECT_DONE(CommitNext());
  EXPECT_DONE(store_.kv->Compact());
  for (int i = 0; i < 5; ++i) EXPECT_DONE(CommitNext());
  EXPECT_DONE(FindProgress(*before, {35}, {35}));
  EXPECT_DONE(Holds(*store_.graph, done_, done_));
  EXPECT_CODE(OpenFaulty(path(), disk_), kBusy);
  store_ = {};
  EXPECT_DONE(FindProgress(*before, {35}, {35}));  // the folder is held by the snapshot alone
  EXPECT_CODE(OpenFaulty(path(), disk_), kBusy);
}

// What cannot be read is an error, not the end of a scan.
TEST_F(FailingDisk, AFailedReadIsReported) {
  StartDisk();
  OpenStore();
  for (int i = 0; i < 30; ++i) EXPECT_DONE(CommitNext());
  EXPECT_DONE(store_.kv->Compact());
  uint64_t reported = 0;
  for (uint64_t n = 1; n < 40; ++n) {
    store_ = {};
    store_ = Must(OpenFaulty(path(), disk_));  // an empty cache
    disk_->FailAt(SimulatedDisk::Counted::kReads, n);
    const Status status = Holds(*store_.graph, done_, done_);  // so that no answer is wrong, if there is one
    disk_->FailNoMore(SimulatedDisk::Counted::kReads);
    if (!status) {
      ++reported;
      EXPECT_EQ(Name(status.error().code), Name(ErrorCode::kIo)) << status.error().message;
    }
    EXPECT_DONE(Holds(*store_.graph, done_, done_));
  }
  EXPECT_GT(reported, 0u);
}

}  // namespace
}  // namespace tupu
