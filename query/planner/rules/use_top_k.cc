#include "query/planner/rules/rule.h"

// Limit(n)           Limit(n)             Limit(n)            Limit(n)
//   Sort       =>      TopK(n)              Skip(m)     =>      Skip(m)
//                                             Sort                TopK(m + n)
//
// Sort below Keep is met as well: projections let go of their input's slots only after the sort.

namespace tupu {

namespace {

void ReplaceSort(LogicalPlan& plan, const BoundExpressionPtr& skip, const BoundExpressionPtr& limit) {
  if (const auto* inner = plan->As<LogicalSkip>(); inner != nullptr && !skip)
    return ReplaceSort(plan->children[0], inner->count, limit);
  if (plan->As<LogicalKeep>()) return ReplaceSort(plan->children[0], skip, limit);
  if (const auto* sort = plan->As<LogicalSort>()) {
    LogicalPlan top = MakePlan(LogicalTopK{sort->items, skip, limit}, std::move(plan->children[0]));
    plan = std::move(top);
  }
}

}  // namespace

LogicalPlan UseTopK(LogicalPlan plan, PlannerContext&) {
  return RewriteBottomUp(std::move(plan), [](LogicalPlan each) -> LogicalPlan {
    if (const auto* limit = each->As<LogicalLimit>()) {
      const BoundExpressionPtr count = limit->count;
      ReplaceSort(each->children[0], nullptr, count);
    }
    return each;
  });
}

}  // namespace tupu
