#pragma once

#include <set>

#include "query/executor/expression.h"
#include "query/planner/planner_context.h"

namespace tupu {

/// Turns a bound expression into one that runs. `locals`: variables of expressions around it (list comprehensions ...),
/// which are read from the run's locals instead of from the row.
Result<ExpressionPtr> CompileExpression(const BoundExpression& expression, PlannerContext& context,
                                        const std::set<Slot>& locals = {});

}  // namespace tupu
