#include "query/planner/subquery_plan.h"

#include "query/planner/rules/rule.h"

namespace tupu {

namespace {

bool OnlyShapesRows(const LogicalOperator& plan) {
  return plan.As<LogicalKeep>() || plan.As<LogicalProject>() || plan.As<LogicalSort>() || plan.As<LogicalDistinct>();
}

bool MakesRowsOfRows(const LogicalOperator& plan) {
  return plan.As<LogicalKeep>() || plan.As<LogicalProject>() || plan.As<LogicalFilter>() || plan.As<LogicalMatch>() ||
         plan.As<LogicalUnwind>() || plan.As<LogicalCall>() || plan.As<LogicalLoadCsv>() || plan.As<LogicalPath>() ||
         plan.As<LogicalNodeScan>() || plan.As<LogicalNodeByName>() || plan.As<LogicalNodeById>() ||
         plan.As<LogicalNodeByKey>() || plan.As<LogicalNodeIndexSeek>() || plan.As<LogicalEdgeIndexSeek>() ||
         plan.As<LogicalExpand>() || plan.As<LogicalShortestPath>() || plan.As<LogicalEdgesDiffer>() ||
         plan.As<LogicalOptional>() || plan.As<LogicalSemiApply>() || plan.As<LogicalCountApply>() ||
         plan.As<LogicalCartesianProduct>() || plan.As<LogicalHashJoin>();
}

}  // namespace

LogicalPlan DropOutput(LogicalPlan inner) {
  while (OnlyShapesRows(*inner)) {
    LogicalPlan below = std::move(inner->children[0]);
    inner = std::move(below);
  }
  return inner;
}

bool IsRowWise(const LogicalOperator& inner) {
  if (inner.As<LogicalArgument>()) return true;
  return MakesRowsOfRows(inner) && IsRowWise(*inner.children[0]);
}

LogicalPlan PutOnTop(LogicalPlan inner, LogicalPlan input) {
  if (inner->As<LogicalArgument>()) return input;
  LogicalPlan below = PutOnTop(std::move(inner->children[0]), std::move(input));
  if (inner->As<LogicalKeep>()) return below;
  inner->children[0] = std::move(below);
  return inner;
}

LogicalPlan ShapeForBatches(LogicalPlan inner, size_t argument, PlannerContext& context) {
  const auto apply = [&](std::string_view name, LogicalPlan (*rule)(LogicalPlan, PlannerContext&)) {
    if (context.options.Allows(name)) inner = rule(std::move(inner), context);
  };
  apply("UnnestApply", UnnestApply);
  if (!IsRowWise(*inner)) return nullptr;
  inner = PutOnTop(std::move(inner), MakePlan(LogicalArgument{argument}));
  apply("PushPredicates", PushPredicates);
  inner = OrderPattern(std::move(inner), context);
  apply("UseSemiApply", UseSemiApply);
  apply("UseCountApply", UseCountApply);
  return inner;
}

LogicalPlan RootAtSingleRow(LogicalPlan inner, size_t argument) {
  const auto* leaf = inner->As<LogicalArgument>();
  if (leaf != nullptr && leaf->number == argument) return MakePlan(LogicalSingleRow{});
  for (LogicalPlan& child : inner->children) child = RootAtSingleRow(std::move(child), argument);
  return inner;
}

}  // namespace tupu
