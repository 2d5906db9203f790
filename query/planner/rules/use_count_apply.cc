#include "query/binder/bound_walk.h"
#include "query/planner/bound_expressions.h"
#include "query/planner/build_logical_plan.h"
#include "query/planner/rules/rule.h"
#include "query/planner/subquery_plan.h"

// Project(COUNT { (a)-->() } AS n)        Project(#7 AS n)           and the same below Filter
//   input                           =>      CountApply(#7)
//                                             input
//                                             Expand ... Argument
//
// The inner plan runs once for a batch of rows instead of once for a row. Only where every row needs the count: not within
// CASE, AND, OR, or an expression over a list, which may pass it over.

namespace tupu {

namespace {

/// Takes the counts of one operator's expressions out of them and puts them below it.
class Hoist {
 public:
  explicit Hoist(PlannerContext& context) : context_(context) {}

  BoundExpressionPtr Replace(const BoundExpressionPtr& expression) {
    return Rewrite(expression, [this](const BoundExpressionPtr& part) -> BoundExpressionPtr {
      if (MayPassOver(*part)) return part;
      const auto* count = part->As<BoundSubqueryExpression>();
      if (count == nullptr) return nullptr;
      return count->subquery_kind == BoundSubqueryKind::kCount ? TakeOut(part, *count->query) : part;
    });
  }

  LogicalPlan PutBelow(LogicalPlan input) {
    for (auto& [apply, inner] : counts_) input = MakePlan(apply, std::move(input), std::move(inner));
    return input;
  }

 private:
  static bool MayPassOver(const BoundExpression& expression) {
    return expression.As<BoundCase>() || expression.As<BoundLogical>() || expression.As<BoundListComprehension>() ||
           expression.As<BoundQuantifier>() || expression.As<BoundReduce>() ||
           expression.As<BoundPatternExpression>() || expression.As<BoundFunctionCall>();  // coalesce stops early
  }

  BoundExpressionPtr TakeOut(const BoundExpressionPtr& expression, const BoundSubquery& query) {
    const size_t argument = context_.NewArgument();
    LogicalPlan inner = ShapeForBatches(BuildSubqueryPlan(query, argument, context_), argument, context_);
    if (inner == nullptr) return expression;
    const Slot slot = context_.NewSlot();
    counts_.emplace_back(LogicalCountApply{argument, slot}, std::move(inner));
    return MakeVariable(slot, StaticKind::kInteger);
  }

  PlannerContext& context_;
  std::vector<std::pair<LogicalCountApply, LogicalPlan>> counts_;
};

}  // namespace

LogicalPlan UseCountApply(LogicalPlan plan, PlannerContext& context) {
  return RewriteBottomUp(std::move(plan), [&](LogicalPlan each) -> LogicalPlan {
    Hoist hoist(context);
    if (auto* filter = each->As<LogicalFilter>()) filter->predicate = hoist.Replace(filter->predicate);
    if (auto* project = each->As<LogicalProject>())
      for (auto& [slot, expression] : project->items) expression = hoist.Replace(expression);
    if (!each->children.empty()) each->children[0] = hoist.PutBelow(std::move(each->children[0]));
    return each;
  });
}

}  // namespace tupu
