#pragma once

#include "query/binder/bound.h"
#include "query/planner/physical_plan.h"
#include "query/planner/planning_options.h"

namespace tupu {

struct QueryPlan {
  PhysicalPlan root;
  size_t slot_count = 0;
  std::vector<Slot> results;  // one per column
};

/// Plans a bound statement: logical plan, rules, physical plan.
/// Requires: `query` outlives the plan. Errors: kUnsupported, kInternal.
Result<QueryPlan> PlanQuery(const BoundQuery& query, const GraphView& view, const PlanningOptions& options = {});

}  // namespace tupu
