#include <algorithm>

#include "query/planner/bound_expressions.h"
#include "query/planner/rules/rule.h"

// Filter(p)            Keep(slots)            and the same over Project, Distinct and Sort, until p
//   Keep(slots)   =>     Filter(p)            stands in the pattern that binds what it reads.
//     Match                Match
//
// Not over SKIP, LIMIT and aggregation, which see other rows then, and not over writes.

namespace tupu {

namespace {

bool ReadsAny(const BoundExpression& predicate, const std::vector<std::pair<Slot, BoundExpressionPtr>>& items) {
  const std::set<Slot> slots = SlotsOf(predicate);
  return std::any_of(items.begin(), items.end(), [&](const auto& item) { return slots.contains(item.first); });
}

bool MayPass(const LogicalOperator& below, const BoundExpression& predicate) {
  if (below.As<LogicalKeep>() || below.As<LogicalDistinct>() || below.As<LogicalSort>()) return true;
  if (const auto* project = below.As<LogicalProject>()) return !ReadsAny(predicate, project->items);
  return false;
}

LogicalPlan Push(BoundExpressionPtr predicate, LogicalPlan below) {
  if (auto* match = below->As<LogicalMatch>()) {
    match->graph.predicates.push_back(std::move(predicate));
    return below;
  }
  if (MayPass(*below, *predicate)) {
    below->children[0] = Push(std::move(predicate), std::move(below->children[0]));
    return below;
  }
  return MakePlan(LogicalFilter{std::move(predicate)}, std::move(below));
}

/// Whether pushing ends in a pattern; only then is it worth it, and Project's errors stay where they were.
bool EndsInMatch(const LogicalOperator& below, const BoundExpression& predicate) {
  if (below.As<LogicalMatch>()) return true;
  return MayPass(below, predicate) && EndsInMatch(*below.children[0], predicate);
}

}  // namespace

LogicalPlan PushPredicates(LogicalPlan plan, PlannerContext&) {
  return RewriteBottomUp(std::move(plan), [](LogicalPlan each) -> LogicalPlan {
    auto* filter = each->As<LogicalFilter>();
    if (filter == nullptr || !EndsInMatch(*each->children[0], *filter->predicate)) return each;
    return Push(filter->predicate, std::move(each->children[0]));
  });
}

}  // namespace tupu
