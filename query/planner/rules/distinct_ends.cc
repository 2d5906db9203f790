#include <algorithm>

#include "query/functions/function_registry.h"
#include "query/planner/bound_expressions.h"
#include "query/planner/liveness.h"
#include "query/planner/rules/rule.h"

// Aggregate count(DISTINCT b)                       Aggregate count(DISTINCT b)
//   Filter b:Firm                             =>      Filter b:Firm
//     VarLengthExpand (a)-[:T*1..3]->(b)                ReachExpand (a)-[:T*1..3]->(b)
//
// Also below DISTINCT: where a row more that is like another changes nothing, each end is found once, not once a trail.

namespace tupu {

namespace {

/// Whether a row that is there twice gives what it gives once.
bool IgnoresRepeats(const LogicalOperator& plan) {
  if (plan.As<LogicalDistinct>()) return true;
  const auto* aggregate = plan.As<LogicalAggregate>();
  if (aggregate == nullptr || aggregate->weight) return false;
  return std::all_of(aggregate->aggregates.begin(), aggregate->aggregates.end(), [](const BoundAggregate& each) {
    return each.distinct || each.name == "min" || each.name == "max";
  });
}

bool IsDeterministic(const BoundExpression& expression) {
  bool deterministic = true;
  VisitExpressions(expression, [&](const BoundExpression& each) {
    if (const auto* call = each.As<BoundFunctionCall>()) deterministic &= call->function->deterministic;
  });
  return deterministic;
}

/// Whether rows that are alike below it are alike above it.
bool PassesRepeats(const LogicalOperator& plan) {
  if (const auto* filter = plan.As<LogicalFilter>()) return IsDeterministic(*filter->predicate);
  if (const auto* project = plan.As<LogicalProject>())
    return std::all_of(project->items.begin(), project->items.end(),
                       [](const auto& item) { return IsDeterministic(*item.second); });
  return plan.As<LogicalKeep>() || plan.As<LogicalExpand>() || plan.As<LogicalIntersect>() ||
         plan.As<LogicalEdgesDiffer>();
}

void MarkBelow(LogicalOperator& plan, std::set<Slot> needed) {
  LogicalOperator* at = &plan;
  while (!at->children.empty()) {
    const std::optional<std::set<Slot>> read = SlotsReadBy(*at);
    if (!read) return;
    needed.insert(read->begin(), read->end());
    at = at->children[0].get();
    if (!PassesRepeats(*at)) return;
    auto* expand = at->As<LogicalExpand>();
    if (expand == nullptr || !expand->edge.length || expand->edge_known || expand->right_bound) continue;
    if (expand->edge.length->min <= 1 && !needed.contains(expand->edge.slot)) expand->distinct_ends = true;
  }
}

}  // namespace

LogicalPlan DistinctEnds(LogicalPlan plan, PlannerContext&) {
  return RewriteBottomUp(std::move(plan), [](LogicalPlan each) -> LogicalPlan {
    if (IgnoresRepeats(*each)) MarkBelow(*each, {});
    return each;
  });
}

}  // namespace tupu
