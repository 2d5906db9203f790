#pragma once

#include "query/planner/logical_plan.h"
#include "query/planner/planner_context.h"

namespace tupu {

// What the rules for subqueries ask of an inner plan, before or after its patterns have an order.

/// Without the operators on top that only shape rows: of a plan of which nothing but whether there is a row matters.
LogicalPlan DropOutput(LogicalPlan inner);

/// Whether every operator down to the argument makes rows of one row after another and keeps its columns: such a plan may
/// run for many rows at once. Keep counts as if it were not there.
bool IsRowWise(const LogicalOperator& inner);

/// The plan with `input` in the place of its argument, and without its Keeps. Requires: IsRowWise.
LogicalPlan PutOnTop(LogicalPlan inner, LogicalPlan input);

/// The inner plan in the shape in which it runs for many rows at once, its patterns ordered, with its argument as the leaf;
/// null if it is not row-wise. Only rules that the context's options allow.
LogicalPlan ShapeForBatches(LogicalPlan inner, size_t argument, PlannerContext& context);

/// The plan with a single empty row in the place of its arguments, those of all branches of a UNION.
/// Requires: nothing in it reads the argument.
LogicalPlan RootAtSingleRow(LogicalPlan inner, size_t argument);

}  // namespace tupu
