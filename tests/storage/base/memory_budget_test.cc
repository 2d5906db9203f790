#include "storage/base/memory_budget.h"

#include <gtest/gtest.h>

namespace tupu {
namespace {

TEST(MemoryBudget, LeavesAQuarterToTheCaches) {
  uint64_t taken = 0;
  MemoryBudget budget(400, [&](uint64_t bytes) { taken = bytes; });
  EXPECT_EQ(budget.takeable(), 300u);
  budget.SetTopology(100);
  EXPECT_TRUE(budget.TakeForQuery(150));
  EXPECT_EQ(taken, 250u);
  EXPECT_FALSE(budget.TakeForQuery(51));
  EXPECT_EQ(taken, 250u) << "nothing was taken";
  EXPECT_TRUE(budget.TakeForQuery(50));
  budget.GiveBack(200);
  EXPECT_EQ(taken, 100u);
  budget.SetTopology(0);
  EXPECT_EQ(taken, 0u);
}

TEST(MemoryBudget, ColumnsTakeWhatIsLeftAndYieldToAllOthers) {
  uint64_t taken = 0;
  MemoryBudget budget(400, [&](uint64_t bytes) { taken = bytes; });
  uint64_t most = UINT64_MAX;
  budget.OnColumnsExceed([&](uint64_t most_bytes) {
    most = most_bytes;
    EXPECT_TRUE(budget.SetColumns(most_bytes)) << "called without the lock";
  });
  budget.SetTopology(100);
  EXPECT_FALSE(budget.SetColumns(201));
  EXPECT_EQ(taken, 100u);
  EXPECT_TRUE(budget.SetColumns(150));
  EXPECT_EQ(taken, 250u);
  EXPECT_TRUE(budget.TakeForQuery(50));
  EXPECT_EQ(most, UINT64_MAX) << "there was room";
  EXPECT_TRUE(budget.TakeForQuery(60));
  EXPECT_EQ(most, 90u);
  EXPECT_EQ(taken, 300u);
  budget.SetTopology(150);
  EXPECT_EQ(most, 40u);
  EXPECT_FALSE(budget.TakeForQuery(41 + 40)) << "that would be more than all beside columns";
  EXPECT_TRUE(budget.TakeForQuery(40));
  EXPECT_EQ(most, 0u);
  EXPECT_TRUE(budget.SetColumns(0));
}

TEST(MemoryBudget, TellsNobodyAfterStop) {
  int calls = 0;
  MemoryBudget budget(400, [&](uint64_t) { ++calls; });
  budget.Stop();
  EXPECT_TRUE(budget.TakeForQuery(10));
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace tupu
