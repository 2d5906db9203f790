#pragma once

#include <set>
#include <vector>

#include "query/planner/logical_plan.h"

namespace tupu {

/// Sets LogicalOperator::live all through `plan`: the slots that operators above read, of which `results` are those that the
/// plan is there to give. Inner plans, and what stands below writes, keep every slot.
void MarkLiveSlots(LogicalOperator& plan, const std::vector<Slot>& results);

/// The slots that the operator itself reads of its input's rows; nullopt: any of them.
std::optional<std::set<Slot>> SlotsReadBy(const LogicalOperator& plan);

}  // namespace tupu
