#pragma once

#include <span>
#include <string_view>

#include "query/planner/logical_plan.h"
#include "query/planner/planner_context.h"

namespace tupu {

/// A change of the plan that changes no answer, or one without which there is no plan that could run. One rule, one file;
/// each draws the plan before and after.
struct Rule {
  std::string_view name;
  LogicalPlan (*apply)(LogicalPlan plan, PlannerContext& context);
  bool needed = false;  // runs whatever PlanningOptions say
};

/// All rules in the order in which they run. The order matters:
///   UnnestApply before PushPredicates, which then finds the patterns of subqueries among the others;
///   PushPredicates before OrderPattern, which chooses access paths by the predicates it finds in the pattern;
///   UseSemiApply and UseCountApply after OrderPattern, which puts each predicate where its slots are bound; UseSemiApply
///     first, which takes the counts that only ask for existence;
///   CountFromStatistics after OrderPattern, which shows what is scanned;
///   Intersect, DistinctEnds and CountSteps after OrderPattern, on the steps that it chose; CountSteps takes what Intersect left;
///   UseTopK before PushLimit, which moves the limit away from its sort;
///   InsertEager last, on the operators that will run.
std::span<const Rule> AllRules();

LogicalPlan UnnestApply(LogicalPlan plan, PlannerContext& context);
LogicalPlan PushPredicates(LogicalPlan plan, PlannerContext& context);
LogicalPlan OrderPattern(LogicalPlan plan, PlannerContext& context);
LogicalPlan UseSemiApply(LogicalPlan plan, PlannerContext& context);
LogicalPlan UseCountApply(LogicalPlan plan, PlannerContext& context);
LogicalPlan CountFromStatistics(LogicalPlan plan, PlannerContext& context);
LogicalPlan Intersect(LogicalPlan plan, PlannerContext& context);
LogicalPlan DistinctEnds(LogicalPlan plan, PlannerContext& context);
LogicalPlan CountSteps(LogicalPlan plan, PlannerContext& context);
LogicalPlan UseTopK(LogicalPlan plan, PlannerContext& context);
LogicalPlan PushLimit(LogicalPlan plan, PlannerContext& context);
LogicalPlan InsertEager(LogicalPlan plan, PlannerContext& context);

/// Those that context.options allow, in their order.
LogicalPlan ApplyRules(LogicalPlan plan, PlannerContext& context);

/// Applies `change` to every operator, children first.
template <class Change>  // LogicalPlan(LogicalPlan)
LogicalPlan RewriteBottomUp(LogicalPlan plan, const Change& change) {
  for (LogicalPlan& child : plan->children) child = RewriteBottomUp(std::move(child), change);
  return change(std::move(plan));
}

}  // namespace tupu
