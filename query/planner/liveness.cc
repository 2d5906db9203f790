#include "query/planner/liveness.h"

#include "query/planner/bound_expressions.h"

namespace tupu {

namespace {

using Slots = std::set<Slot>;

/// Collects what one operator reads.
class ReadCollector {
 public:
  std::optional<Slots> Collect(const LogicalOperator& plan) {
    std::visit(*this, plan.node);
    return all_ ? std::nullopt : std::optional(std::move(slots_));
  }

  void operator()(const LogicalSingleRow&) {}
  void operator()(const LogicalArgument&) {}
  void operator()(const LogicalNodeScan&) {}
  void operator()(const LogicalCountFromStatistics&) {}
  void operator()(const LogicalCartesianProduct&) {}
  void operator()(const LogicalEmptyResult&) {}
  void operator()(const LogicalNodeByName& node) { Add(node.name); }
  void operator()(const LogicalNodeById& node) { Add(node.id); }
  void operator()(const LogicalNodeByKey& node) { AddAll(node.values); }
  void operator()(const LogicalNodeIndexSeek& node) { Add(node.seek); }
  void operator()(const LogicalEdgeIndexSeek& node) { Add(node.seek); }
  void operator()(const LogicalExpand& node) {
    slots_.insert(node.edge.left);
    if (node.right_bound || node.edge_known) slots_.insert(node.edge.right);
    if (node.edge_known) slots_.insert(node.edge.slot);
    AddSlots(node.different_from);
    for (const auto& [key, value] : node.edge.properties) Add(value);
  }
  void operator()(const LogicalCountSteps& node) {
    slots_.insert(node.edge.left);
    AddSlots(node.different_from);
    if (node.weight_in) slots_.insert(*node.weight_in);
  }
  void operator()(const LogicalIntersect& node) {
    (*this)(node.first);
    (*this)(node.second);
  }
  void operator()(const LogicalPath& node) {
    slots_.insert(node.path.start);
    AddSlots(node.path.edges);
  }
  void operator()(const LogicalFilter& node) { Add(node.predicate); }
  void operator()(const LogicalEdgesDiffer& node) {
    AddSlots(node.left);
    AddSlots(node.right);
  }
  void operator()(const LogicalHashJoin& node) {
    AddAll(node.left_keys);
    AddAll(node.right_keys);
  }
  void operator()(const LogicalUnwind& node) { Add(node.list); }
  void operator()(const LogicalProject& node) {
    for (const auto& [slot, expression] : node.items) Add(expression);
  }
  void operator()(const LogicalKeep&) {}
  void operator()(const LogicalAggregate& node) {
    for (const BoundGroupingKey& key : node.keys) Add(key.expression);
    for (const BoundAggregate& aggregate : node.aggregates) AddAll(aggregate.arguments);
    if (node.weight) slots_.insert(*node.weight);
  }
  void operator()(const LogicalDistinct& node) { AddSlots(node.slots); }
  void operator()(const LogicalSort& node) { Add(node.items); }
  void operator()(const LogicalTopK& node) {
    Add(node.items);
    Add(node.skip);
    Add(node.limit);
  }
  void operator()(const LogicalSkip& node) { Add(node.count); }
  void operator()(const LogicalLimit& node) { Add(node.count); }
  /// Inner plans, writes, procedures that may see the row, and whatever is new: all.
  template <class Other>
  void operator()(const Other&) {
    all_ = true;
  }

 private:
  void Add(const BoundExpressionPtr& expression) {
    if (expression) slots_.merge(SlotsOf(*expression));
  }
  void AddAll(const std::vector<BoundExpressionPtr>& expressions) {
    for (const BoundExpressionPtr& each : expressions) Add(each);
  }
  void AddSlots(const std::vector<Slot>& slots) { slots_.insert(slots.begin(), slots.end()); }
  void Add(const std::vector<BoundSortItem>& items) {
    for (const BoundSortItem& item : items) Add(item.expression);
  }
  void Add(const IndexSeek& seek) {
    for (const IndexSeek::Term& term : seek.equal) Add(term.value);
    if (seek.lower) Add(seek.lower->value);
    if (seek.upper) Add(seek.upper->value);
    Add(seek.prefix);
  }

  Slots slots_;
  bool all_ = false;
};

/// What is read of the rows below, where `above` is read of the operator's own; nullopt: any slot.
std::optional<Slots> LiveBelow(const LogicalOperator& plan, const std::optional<Slots>& above) {
  // These give new rows: nothing of the input's outlives them.
  const bool fresh = plan.As<LogicalAggregate>() != nullptr || plan.As<LogicalEmptyResult>() != nullptr;
  std::optional<Slots> below = SlotsReadBy(plan);
  if (!below || fresh) return below;
  if (!above) return std::nullopt;
  below->insert(above->begin(), above->end());
  return below;
}

void Mark(LogicalOperator& plan, const std::optional<Slots>& above) {
  plan.live = above;
  const std::optional<Slots> below = LiveBelow(plan, above);
  for (const LogicalPlan& child : plan.children) Mark(*child, below);
}

}  // namespace

std::optional<std::set<Slot>> SlotsReadBy(const LogicalOperator& plan) {
  return ReadCollector().Collect(plan);
}

void MarkLiveSlots(LogicalOperator& plan, const std::vector<Slot>& results) {
  Mark(plan, Slots(results.begin(), results.end()));
}

}  // namespace tupu
