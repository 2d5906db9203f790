#include "query/planner/rules/rule.h"

// Limit(n)            Project
//   Project    =>       Limit(n)
//
// Rows that LIMIT drops are not computed. Project and Keep give a row for each row, so nothing else changes.

namespace tupu {

LogicalPlan PushLimit(LogicalPlan plan, PlannerContext&) {
  return RewriteBottomUp(std::move(plan), [](LogicalPlan each) -> LogicalPlan {
    if (!each->As<LogicalLimit>() && !each->As<LogicalSkip>()) return each;
    LogicalOperator* below = each->children[0].get();
    if (!below->As<LogicalProject>() && !below->As<LogicalKeep>()) return each;
    LogicalPlan top = std::move(each->children[0]);
    LogicalOperator* last = top.get();
    while (last->children[0]->As<LogicalProject>() || last->children[0]->As<LogicalKeep>())
      last = last->children[0].get();
    each->children[0] = std::move(last->children[0]);
    last->children[0] = std::move(each);
    return top;
  });
}

}  // namespace tupu
