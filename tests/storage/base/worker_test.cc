#include "storage/base/worker.h"

#include <chrono>
#include <new>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tupu {
namespace {

Status Failed(const char* what) {
  return Error{ErrorCode::kIo, what};
}

TEST(Worker, RunsATaskOnAThreadOfItsOwn) {
  Worker worker;
  std::thread::id task;
  std::thread::id own;
  const auto note = [](std::thread::id& id) {
    id = std::this_thread::get_id();
    return Status();
  };
  ASSERT_TRUE(worker.Share([&] { return note(task); }, [&] { return note(own); }));
  EXPECT_EQ(own, std::this_thread::get_id());
  EXPECT_NE(task, own);
}

TEST(Worker, SeesWhatItsOwnerWroteAndIsSeen) {
  Worker worker;
  std::vector<int> numbers;
  int sum = 0;
  for (int round = 0; round < 2'000; ++round) {
    numbers.push_back(round);
    ASSERT_TRUE(worker.Share(
        [&] {
          sum = std::accumulate(numbers.begin(), numbers.end(), 0);
          return Status();
        },
        [] { return Status(); }));
    ASSERT_EQ(sum, round * (round + 1) / 2);
  }
}

TEST(Worker, WaitsForBothAndTellsTheOwnersErrorFirst) {
  Worker worker;
  bool done = false;
  const auto task = [&]() -> Status {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    done = true;
    return Failed("task");
  };
  const Status both = worker.Share(task, [] { return Failed("own"); });
  EXPECT_TRUE(done);
  EXPECT_EQ(both.error().message, "own");
  EXPECT_EQ(worker.Share(task, [] { return Status(); }).error().message, "task");
  EXPECT_TRUE(worker.Share([] { return Status(); }, [] { return Status(); }));
}

TEST(Worker, TurnsAMissingMemoryIntoAnErrorOnEitherSide) {
  Worker worker;
  const auto exhaust = []() -> Status { throw std::bad_alloc(); };
  const auto nothing = [] { return Status(); };
  EXPECT_EQ(worker.Share(exhaust, nothing).error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(worker.Share(nothing, exhaust).error().code, ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace tupu
