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

TEST(MemoryBudget, TellsNobodyAfterStop) {
  int calls = 0;
  MemoryBudget budget(400, [&](uint64_t) { ++calls; });
  budget.Stop();
  EXPECT_TRUE(budget.TakeForQuery(10));
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace tupu
