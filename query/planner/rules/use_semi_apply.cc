#include "query/planner/bound_expressions.h"
#include "query/planner/rules/rule.h"

// Filter((a)-->(:B))          SemiApply                 NOT of a pattern: AntiSemiApply
//   input              =>       input
//                               Expand ... Argument
//
// The inner plan runs once for a batch of rows instead of once for a row.

namespace tupu {

namespace {

struct Existence {
  const BoundPatternExpression* pattern = nullptr;
  bool anti = false;
};

Existence FindExistence(const BoundExpression& predicate) {
  if (const auto* unary = predicate.As<BoundUnary>(); unary != nullptr && unary->op == BoundUnaryOperator::kNot) {
    Existence inner = FindExistence(*unary->operand);
    inner.anti = !inner.anti;
    return inner;
  }
  const auto* pattern = predicate.As<BoundPatternExpression>();
  if (pattern == nullptr || pattern->pattern_kind != BoundPatternExpressionKind::kExists) return {};
  return {pattern, false};
}

}  // namespace

LogicalPlan UseSemiApply(LogicalPlan plan, PlannerContext& context) {
  return RewriteBottomUp(std::move(plan), [&](LogicalPlan each) -> LogicalPlan {
    const auto* filter = each->As<LogicalFilter>();
    if (filter == nullptr) return each;
    const Existence existence = FindExistence(*filter->predicate);
    if (existence.pattern == nullptr) return each;
    const size_t argument = context.NewArgument();
    LogicalPlan inner = MakePlan(LogicalMatch{MakePatternGraph({*existence.pattern->pattern}, existence.pattern->where),
                                              OuterSlotsOf(*existence.pattern)},
                                 MakePlan(LogicalArgument{argument}));
    inner = UseSemiApply(OrderPattern(std::move(inner), context), context);
    return MakePlan(LogicalSemiApply{argument, existence.anti}, std::move(each->children[0]), std::move(inner));
  });
}

}  // namespace tupu
