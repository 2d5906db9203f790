#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "query/binder/bound.h"
#include "query/planner/planning_options.h"

namespace tupu {

class GraphView;

/// What all stages of planning one branch of a statement share.
struct PlannerContext {
  const GraphView& view;                       // names and statistics
  const std::vector<SlotInfo>& slots;          // of the branch
  const std::vector<std::string>& parameters;  // of the statement, sorted
  Slot next_slot;                              // slots from here on belong to operators
  size_t next_argument = 0;
  /// Slots that something reads: an expression, a path, a later pattern. Edge lists that nothing reads are not built.
  std::set<Slot> read_slots;
  PlanningOptions options = {};

  Slot NewSlot() { return next_slot++; }
  size_t NewArgument() { return next_argument++; }
};

}  // namespace tupu
