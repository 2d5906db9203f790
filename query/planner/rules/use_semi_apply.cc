#include <algorithm>

#include "query/planner/bound_expressions.h"
#include "query/planner/build_logical_plan.h"
#include "query/planner/rules/rule.h"
#include "query/planner/subquery_plan.h"

// Filter((a)-->(:B))          SemiApply                 EXISTS { MATCH ... WHERE ... } and COUNT { } > 0 alike.
//   input              =>       input                   NOT of these, COUNT { } = 0: AntiSemiApply
//                               Expand ... Argument
//
// The inner plan runs once for a batch of rows instead of once for a row. Subqueries that aggregate, sort and cut or join
// branches stay expressions: they run for a row at a time.

namespace tupu {

namespace {

/// What a predicate asks: whether there is a match of `pattern`, or a row of `query`.
struct Existence {
  const BoundPatternExpression* pattern = nullptr;
  const BoundSubquery* query = nullptr;
  bool anti = false;
  bool found() const { return pattern != nullptr || query != nullptr; }
};

/// COUNT { } compared with 0 or 1, as far as it asks for existence: `count op literal`.
std::optional<bool> AsksForNone(BoundComparisonOperator op, int64_t literal) {
  using Op = BoundComparisonOperator;
  if (literal == 0 && (op == Op::kGreater || op == Op::kNotEqual)) return false;
  if (literal == 0 && (op == Op::kEqual || op == Op::kLessEqual)) return true;
  if (literal == 1 && op == Op::kGreaterEqual) return false;
  if (literal == 1 && op == Op::kLess) return true;
  return std::nullopt;
}

Existence FindCountTest(const BoundComparison& comparison) {
  if (comparison.operands.size() != 2) return {};
  const auto* count = comparison.operands[0]->As<BoundSubqueryExpression>();
  const auto* literal = comparison.operands[1]->As<BoundLiteral>();
  if (count == nullptr || count->subquery_kind != BoundSubqueryKind::kCount) return {};
  if (literal == nullptr || literal->value.type() != ValueType::kInteger) return {};
  const std::optional<bool> none = AsksForNone(comparison.operators[0], literal->value.AsInteger());
  return none ? Existence{nullptr, count->query.get(), *none} : Existence{};
}

Existence FindExistence(const BoundExpression& predicate) {
  if (const auto* unary = predicate.As<BoundUnary>(); unary != nullptr && unary->op == BoundUnaryOperator::kNot) {
    Existence inner = FindExistence(*unary->operand);
    inner.anti = !inner.anti;
    return inner;
  }
  if (const auto* pattern = predicate.As<BoundPatternExpression>())
    return pattern->pattern_kind == BoundPatternExpressionKind::kExists ? Existence{pattern} : Existence{};
  if (const auto* subquery = predicate.As<BoundSubqueryExpression>())
    return subquery->subquery_kind == BoundSubqueryKind::kExists ? Existence{nullptr, subquery->query.get()}
                                                                 : Existence{};
  if (const auto* comparison = predicate.As<BoundComparison>()) return FindCountTest(*comparison);
  return {};
}

LogicalPlan MakeInner(const Existence& existence, size_t argument, PlannerContext& context) {
  if (existence.query != nullptr) return DropOutput(BuildSubqueryPlan(*existence.query, argument, context));
  const BoundPatternExpression& pattern = *existence.pattern;
  return MakePlan(LogicalMatch{MakePatternGraph({*pattern.pattern}, pattern.where), OuterSlotsOf(pattern)},
                  MakePlan(LogicalArgument{argument}));
}

}  // namespace

LogicalPlan UseSemiApply(LogicalPlan plan, PlannerContext& context) {
  return RewriteBottomUp(std::move(plan), [&](LogicalPlan each) -> LogicalPlan {
    const auto* filter = each->As<LogicalFilter>();
    if (filter == nullptr) return each;
    const Existence existence = FindExistence(*filter->predicate);
    if (!existence.found()) return each;
    const size_t argument = context.NewArgument();
    LogicalPlan inner = ShapeForBatches(MakeInner(existence, argument, context), argument, context);
    if (inner == nullptr) return each;
    return MakePlan(LogicalSemiApply{argument, existence.anti}, std::move(each->children[0]), std::move(inner));
  });
}

}  // namespace tupu
