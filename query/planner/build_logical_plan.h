#pragma once

#include <set>
#include <vector>

#include "query/planner/logical_plan.h"
#include "query/planner/planner_context.h"

namespace tupu {

/// The clauses of a branch as operators, in their order; nothing optimised yet.
/// Requires: `clauses` outlives the plan.
LogicalPlan BuildLogicalPlan(const std::vector<BoundClause>& clauses, LogicalPlan input, PlannerContext& context);

/// The branches of a subquery over the rows of `argument`; gives its columns. Of several branches only those, of a single
/// one also what else its clauses leave. Requires: `subquery` outlives the plan.
LogicalPlan BuildSubqueryPlan(const BoundSubquery& subquery, size_t argument, PlannerContext& context);

/// Slots that an expression, a path variable or a later pattern of the clauses reads; for PlannerContext::read_slots.
std::set<Slot> ReadSlots(const std::vector<BoundClause>& clauses);

/// The slots that a pattern part binds, path variable included.
std::set<Slot> SlotsOf(const BoundPatternPart& part);

}  // namespace tupu
