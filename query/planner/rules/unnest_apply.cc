#include "query/planner/rules/rule.h"
#include "query/planner/subquery_plan.h"

// Apply                       Project              The inner plan makes its rows of each row by itself: CALL (x) { MATCH
//   outer              =>       Match              (x)-->(y) RETURN y.name AS name } is what its clauses would be outside.
//   Project ... Argument          outer
//
// Apply                       CartesianProduct     The inner plan takes nothing of the outer row, and gives the same rows
//   outer              =>       outer              every time: it runs once.
//   inner                       inner
//
// Apply over a single row is its inner plan.

namespace tupu {

namespace {

bool RunsAlone(const LogicalApply& apply, const LogicalOperator& outer) {
  return apply.steady && outer.As<LogicalSingleRow>();
}

}  // namespace

LogicalPlan UnnestApply(LogicalPlan plan, PlannerContext&) {
  return RewriteBottomUp(std::move(plan), [](LogicalPlan each) -> LogicalPlan {
    const auto* apply = each->As<LogicalApply>();
    if (apply == nullptr || apply->optional || apply->columns.empty()) return each;
    const size_t argument = apply->argument;
    LogicalPlan& outer = each->children[0];
    LogicalPlan& inner = each->children[1];
    if (RunsAlone(*apply, *outer)) return RootAtSingleRow(std::move(inner), argument);
    if (apply->steady) {
      return MakePlan(LogicalCartesianProduct{}, std::move(outer), RootAtSingleRow(std::move(inner), argument));
    }
    return IsRowWise(*inner) ? PutOnTop(std::move(inner), std::move(outer)) : std::move(each);
  });
}

}  // namespace tupu
