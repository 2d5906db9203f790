#include "query/planner/rules/rule.h"

// Aggregate(count(*))              CountFromStatistics(:Label)
//   NodeScan(:Label)        =>
//     SingleRow
//
// Also for count(n) of the scanned vertex, and for an expand of every vertex over all edges of one type (or of all types),
// whose rows are those edges. The store keeps these counts.

namespace tupu {

namespace {

bool IsSingleRow(const LogicalOperator& plan) {
  return plan.As<LogicalSingleRow>() != nullptr;
}

/// count(*), or count of a slot that is never null.
bool CountsRows(const BoundAggregate& aggregate, const std::set<Slot>& never_null) {
  if (aggregate.name != "count" || aggregate.distinct) return false;
  if (aggregate.star) return true;
  const auto* variable = aggregate.arguments.size() == 1 ? aggregate.arguments[0]->As<BoundVariable>() : nullptr;
  return variable != nullptr && never_null.contains(variable->slot);
}

struct Source {
  std::set<Slot> slots;
  LogicalCountFromStatistics count;
};

std::optional<Source> FindSource(const LogicalOperator& below) {
  if (const auto* scan = below.As<LogicalNodeScan>()) {
    if (!IsSingleRow(*below.children[0])) return std::nullopt;
    return Source{{scan->slot}, {0, false, scan->label}};
  }
  const auto* expand = below.As<LogicalExpand>();
  if (expand == nullptr || expand->edge_known || expand->right_bound || expand->edge.length) return std::nullopt;
  if (expand->edge.direction == Direction::kBoth || expand->edge.types.size() > 1) return std::nullopt;
  const auto* scan = below.children[0]->As<LogicalNodeScan>();
  if (scan == nullptr || scan->label || !IsSingleRow(*below.children[0]->children[0])) return std::nullopt;
  Source source{{scan->slot, expand->edge.slot, expand->edge.right}, {0, true, std::nullopt}};
  if (!expand->edge.types.empty()) source.count.name = expand->edge.types[0];
  return source;
}

}  // namespace

LogicalPlan CountFromStatistics(LogicalPlan plan, PlannerContext&) {
  return RewriteBottomUp(std::move(plan), [](LogicalPlan each) -> LogicalPlan {
    const auto* aggregate = each->As<LogicalAggregate>();
    if (aggregate == nullptr || !aggregate->keys.empty() || aggregate->aggregates.size() != 1) return each;
    std::optional<Source> source = FindSource(*each->children[0]);
    if (!source || !CountsRows(aggregate->aggregates[0], source->slots)) return each;
    source->count.slot = aggregate->aggregates[0].slot;
    return MakePlan(source->count);
  });
}

}  // namespace tupu
