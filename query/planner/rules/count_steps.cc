#include <algorithm>

#include "query/functions/function_registry.h"
#include "query/planner/bound_expressions.h"
#include "query/planner/liveness.h"
#include "query/planner/rules/rule.h"
#include "query/planner/statistics.h"

// Aggregate s.name: count(*)                     Aggregate s.name: count(*) weight #3
//   Filter a:Firm                                  Aggregate s: count(*) AS #3 weight #2
//     Expand (b)<-[:SUPPLIES]-(a)            =>      CountSteps (b)<-[:SUPPLIES]-() :Firm AS #2
//       Expand (s)<-[:OPERATES_IN]-(b)                 Expand (s)<-[:OPERATES_IN]-(b)
//
// Steps that nobody names are counted, not walked; and rows of which only one vertex is still of interest are put together
// as soon as there are far more of them than vertices, each with the number of rows it stands for. So a count over a pattern
// that is a tree costs what its edges cost, however many matches there are (Yannakakis 1981, with counts in place of sets).

namespace tupu {

namespace {

/// `predicate` as a test of one label of a variable.
struct LabelOfSlot {
  Slot slot = 0;
  std::string label;
};
std::optional<LabelOfSlot> FindLabelTest(const BoundExpression& predicate) {
  const auto* test = predicate.As<BoundLabelTest>();
  const auto* variable = test == nullptr ? nullptr : test->base->As<BoundVariable>();
  if (variable == nullptr || !test->labels.IsName()) return std::nullopt;
  return LabelOfSlot{variable->slot, test->labels.name};
}

/// Walks down from one aggregate.
class Counter {
 public:
  explicit Counter(PlannerContext& context) : context_(context), statistics_(context.view) {}

  void Run(LogicalAggregate& aggregate, LogicalPlan& below) {
    std::set<Slot> needed;
    for (const BoundGroupingKey& key : aggregate.keys) Need(*key.expression, needed);
    for (const BoundAggregate& each : aggregate.aggregates)
      for (const BoundExpressionPtr& argument : each.arguments) Need(*argument, needed);
    weight_ = &aggregate.weight;
    const auto is_variable = [](const BoundGroupingKey& key) { return key.expression->As<BoundVariable>() != nullptr; };
    // Below an aggregate that groups by the vertex itself nothing is won by doing so twice.
    may_gather_ = !std::all_of(aggregate.keys.begin(), aggregate.keys.end(), is_variable);
    Descend(below, std::move(needed));
  }

 private:
  static void Need(const BoundExpression& expression, std::set<Slot>& needed) { needed.merge(SlotsOf(expression)); }

  void Descend(LogicalPlan& plan, std::set<Slot> needed) {
    if (may_gather_ && GatherRows(plan, needed)) return;
    if (TakeStep(plan, needed)) return;
    const bool passes = plan->As<LogicalFilter>() || plan->As<LogicalExpand>() || plan->As<LogicalIntersect>() ||
                        plan->As<LogicalEdgesDiffer>();
    if (!passes) return;
    const std::optional<std::set<Slot>> read = SlotsReadBy(*plan);
    if (!read) return;
    needed.insert(read->begin(), read->end());
    may_gather_ = may_gather_ || plan->As<LogicalExpand>() || plan->As<LogicalIntersect>();
    Descend(plan->children[0], std::move(needed));
  }

  /// An Expand that can be counted, below label tests of its end.
  struct Countable {
    LogicalPlan* expand = nullptr;  // null: there is none
    std::vector<std::string> labels;
  };
  Countable FindCountable(LogicalPlan& plan, const std::set<Slot>& needed) const {
    Countable found;
    std::vector<LabelOfSlot> tests;
    LogicalPlan* at = &plan;
    while (const auto* filter = (*at)->As<LogicalFilter>()) {
      const std::optional<LabelOfSlot> test = FindLabelTest(*filter->predicate);
      if (!test) return {};
      tests.push_back(*test);
      at = &(*at)->children[0];
    }
    const auto* expand = (*at)->As<LogicalExpand>();
    if (expand == nullptr || !IsCountable(*expand, needed)) return {};
    for (const LabelOfSlot& test : tests) {
      if (test.slot != expand->edge.right) return {};
      found.labels.push_back(test.label);
    }
    found.expand = at;
    return found;
  }

  /// Turns an Expand, with the label tests of its end above it, into CountSteps.
  bool TakeStep(LogicalPlan& plan, std::set<Slot>& needed) {
    const Countable found = FindCountable(plan, needed);
    if (found.expand == nullptr) return false;
    const LogicalExpand& expand = *(*found.expand)->As<LogicalExpand>();
    LogicalCountSteps count{expand.edge, found.labels, expand.different_from, std::nullopt, context_.NewSlot()};
    *weight_ = count.weight;
    LogicalPlan input = std::move((*found.expand)->children[0]);
    const double rows = input->rows;
    plan = MakePlan(std::move(count), std::move(input));
    plan->rows = rows;
    auto* made = plan->As<LogicalCountSteps>();
    weight_ = &made->weight_in;
    needed.insert(made->edge.left);
    needed.insert(made->different_from.begin(), made->different_from.end());
    may_gather_ = true;
    Descend(plan->children[0], needed);
    return true;
  }

  static bool IsCountable(const LogicalExpand& expand, const std::set<Slot>& needed) {
    return !expand.edge_known && !expand.edge.length && expand.left_bound && !expand.right_bound &&
           expand.edge.left != expand.edge.right && !needed.contains(expand.edge.slot) &&
           !needed.contains(expand.edge.right);
  }

  /// Puts rows together where one vertex alone is of interest and there are many more rows than vertices.
  bool GatherRows(LogicalPlan& plan, const std::set<Slot>& needed) {
    constexpr double kLeastRows = 1000;
    constexpr double kLeastRatio = 3;
    if (needed.size() != 1) return false;
    const Slot slot = *needed.begin();
    const std::optional<double> vertices = VerticesOf(*plan, slot);
    const Countable counted = FindCountable(plan, needed);
    const double rows = counted.expand == nullptr ? plan->rows : (*counted.expand)->children[0]->rows;
    if (!vertices || rows < kLeastRows || rows < kLeastRatio * *vertices) return false;
    BoundGroupingKey key{MakeVariable(slot, StaticKind::kNode), slot};
    BoundAggregate count;
    count.name = "count";
    count.star = true;
    count.slot = context_.NewSlot();
    count.function = FindFunction("count");
    *weight_ = count.slot;
    LogicalAggregate gather{{std::move(key)}, {std::move(count)}, std::nullopt};
    LogicalPlan input = std::move(plan);
    plan = MakePlan(std::move(gather), std::move(input));
    plan->rows = *vertices;
    weight_ = &plan->As<LogicalAggregate>()->weight;
    may_gather_ = false;
    Descend(plan->children[0], needed);
    return true;
  }

  /// How many vertices a slot may hold, by where it is bound below; nullopt: it is no vertex of this pattern.
  std::optional<double> VerticesOf(const LogicalOperator& plan, Slot slot) const {
    std::optional<double> most;
    for (const LogicalOperator* at = &plan; at != nullptr;
         at = at->children.empty() ? nullptr : at->children[0].get()) {
      if (const auto* filter = at->As<LogicalFilter>()) {
        const std::optional<LabelOfSlot> test = FindLabelTest(*filter->predicate);
        if (test && test->slot == slot) most = statistics_.VerticesWith(test->label);
      }
      const auto* expand = at->As<LogicalExpand>();
      if (expand != nullptr && !expand->right_bound && expand->edge.right == slot)
        return most.value_or(statistics_.Vertices());
      const auto* scan = at->As<LogicalNodeScan>();
      if (scan != nullptr && scan->slot == slot)
        return scan->label ? statistics_.VerticesWith(*scan->label) : statistics_.Vertices();
      if (at->children.size() > 1) return std::nullopt;
    }
    return std::nullopt;
  }

  PlannerContext& context_;
  Statistics statistics_;
  std::optional<Slot>* weight_ = nullptr;  // of who stands above and counts
  bool may_gather_ = true;
};

}  // namespace

LogicalPlan CountSteps(LogicalPlan plan, PlannerContext& context) {
  return RewriteBottomUp(std::move(plan), [&](LogicalPlan each) -> LogicalPlan {
    auto* aggregate = each->As<LogicalAggregate>();
    if (aggregate != nullptr && !aggregate->weight) Counter(context).Run(*aggregate, each->children[0]);
    return each;
  });
}

}  // namespace tupu
