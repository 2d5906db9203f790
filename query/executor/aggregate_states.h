#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "query/executor/column.h"
#include "query/executor/memory_tracker.h"
#include "query/functions/function_registry.h"

namespace tupu {

/// Some rows on their way into groups.
struct GroupedRows {
  std::span<const Column> arguments;  // of the call, each with all rows
  std::span<const uint32_t> groups;   // the group of each row
  std::span<const int64_t> weights;   // how often each row counts; empty: once
  int64_t WeightOf(size_t row) const { return weights.empty() ? 1 : weights[row]; }
};

/// The states of one aggregate call over all groups.
class AggregateStates {
 public:
  virtual ~AggregateStates() = default;
  /// From now on there are so many groups.
  virtual void Resize(size_t groups) = 0;
  virtual Status Update(const GroupedRows& rows, MemoryCharge& memory) = 0;
  virtual Result<Value> Finish(size_t group) = 0;
};

/// The fastest states for the call: counts are arrays, distinct vertices a table of numbers, all else an Aggregator a group.
std::unique_ptr<AggregateStates> MakeAggregateStates(const Function& function, bool distinct);

}  // namespace tupu
