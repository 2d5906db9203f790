#include <algorithm>

#include "query/planner/bound_expressions.h"
#include "query/planner/rules/rule.h"

// Create                 Create           A clause sees the graph as the clauses before it left it, for all of its rows:
//   NodeScan     =>        Eager          reads are finished before writes begin, and writes before reads above them.
//                            NodeScan
//
// Operators that take in all rows before they give one (Sort, Aggregate, Delete) separate by themselves.

namespace tupu {

namespace {

/// What still happens, row by row, while the operator above runs.
struct Streaming {
  bool reads = false;
  bool writes = false;
};

bool IsWrite(const LogicalOperator& plan) {
  return plan.As<LogicalCreate>() || plan.As<LogicalMerge>() || plan.As<LogicalSet>() || plan.As<LogicalRemove>() ||
         plan.As<LogicalDelete>();
}

bool ReadsGraph(const std::vector<std::pair<Slot, BoundExpressionPtr>>& items) {
  return std::any_of(items.begin(), items.end(), [](const auto& item) { return ReadsGraph(*item.second); });
}

/// CREATE of plain values looks at nothing.
bool IsPlainCreate(const LogicalOperator& plan) {
  const auto* create = plan.As<LogicalCreate>();
  if (create == nullptr) return false;
  const auto plain = [](const auto& element) {
    return (!element.properties_map || !ReadsGraph(*element.properties_map)) &&
           std::none_of(element.properties.begin(), element.properties.end(),
                        [](const auto& property) { return ReadsGraph(*property.second); });
  };
  return std::all_of(create->create->parts.begin(), create->create->parts.end(), [&](const BoundPatternPart& part) {
    return std::all_of(part.nodes.begin(), part.nodes.end(), plain) &&
           std::all_of(part.relationships.begin(), part.relationships.end(), plain);
  });
}

/// Operators through which rows pass without a look at the graph.
bool IsBlind(const LogicalOperator& plan) {
  if (const auto* project = plan.As<LogicalProject>()) return !ReadsGraph(project->items);
  if (const auto* unwind = plan.As<LogicalUnwind>()) return !ReadsGraph(*unwind->list);
  return plan.As<LogicalSingleRow>() || plan.As<LogicalArgument>() || plan.As<LogicalRecall>() ||
         plan.As<LogicalKeep>() || plan.As<LogicalEmptyResult>() || plan.As<LogicalEager>() || plan.As<LogicalPath>() ||
         plan.As<LogicalEdgesDiffer>();
}

bool SeparatesByItself(const LogicalOperator& plan) {
  return plan.As<LogicalSort>() || plan.As<LogicalTopK>() || plan.As<LogicalAggregate>() || plan.As<LogicalEager>() ||
         plan.As<LogicalDelete>();
}

void WrapInEager(LogicalPlan& plan) {
  plan = MakePlan(LogicalEager{}, std::move(plan));
}

bool Writes(const LogicalOperator& plan) {
  return IsWrite(plan) || std::any_of(plan.children.begin(), plan.children.end(),
                                      [](const LogicalPlan& child) { return Writes(*child); });
}

/// Whether the second child runs under its operator's control, once for each row of the first, or for some.
bool HasInnerPlan(const LogicalOperator& plan) {
  return plan.As<LogicalOptional>() || plan.As<LogicalSemiApply>() || plan.As<LogicalCountApply>() ||
         plan.As<LogicalMerge>() || plan.As<LogicalApply>();
}

Streaming Insert(LogicalPlan& plan) {
  Streaming below;
  // A subquery that writes does so between the rows of the plan around it, even where it separates within itself.
  const bool write = IsWrite(*plan) || (plan->As<LogicalApply>() && Writes(*plan->children[1]));
  const bool create = IsPlainCreate(*plan);
  const bool blind = IsBlind(*plan);
  const bool has_inner = HasInnerPlan(*plan);
  for (size_t i = 0; i < plan->children.size(); ++i) {
    Streaming child = Insert(plan->children[i]);
    const bool inner = has_inner && i == 1;
    const bool hazard = (child.reads && write) || (child.writes && !blind && !create);
    if (hazard && !inner) {
      WrapInEager(plan->children[i]);
      child = {};
    }
    below.reads = below.reads || child.reads;
    below.writes = below.writes || child.writes;
  }
  if (SeparatesByItself(*plan)) return {};
  below.reads = below.reads || (!blind && !create);
  below.writes = below.writes || write;
  return below;
}

}  // namespace

LogicalPlan InsertEager(LogicalPlan plan, PlannerContext&) {
  if (!Writes(*plan)) return plan;
  const Streaming rest = Insert(plan);
  // Rows given to the caller show entities as the statement leaves them.
  if (rest.writes && !plan->As<LogicalEmptyResult>()) WrapInEager(plan);
  return plan;
}

}  // namespace tupu
