#include "query/planner/rules/rule.h"

// Limit(n)            Project
//   Project    =>       Limit(n)
//
// Rows that LIMIT drops are not computed. Project, Keep and CountApply give a row for each row, so nothing else changes.

namespace tupu {

namespace {

bool GivesRowForRow(const LogicalOperator& plan) {
  return plan.As<LogicalProject>() || plan.As<LogicalKeep>() || plan.As<LogicalCountApply>();
}

}  // namespace

LogicalPlan PushLimit(LogicalPlan plan, PlannerContext&) {
  return RewriteBottomUp(std::move(plan), [](LogicalPlan each) -> LogicalPlan {
    if (!each->As<LogicalLimit>() && !each->As<LogicalSkip>()) return each;
    LogicalOperator* below = each->children[0].get();
    if (!GivesRowForRow(*below)) return each;
    LogicalPlan top = std::move(each->children[0]);
    LogicalOperator* last = top.get();
    while (GivesRowForRow(*last->children[0])) last = last->children[0].get();
    each->children[0] = std::move(last->children[0]);
    last->children[0] = std::move(each);
    return top;
  });
}

}  // namespace tupu
