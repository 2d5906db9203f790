#include <algorithm>

#include <fmt/format.h>

#include "query/binder/internal/query_binder.h"
#include "query/value/static_type.h"

namespace tupu {
namespace {

constexpr StaticType kBooleanType{StaticKind::kBoolean};
constexpr StaticType kAnyList{StaticKind::kAny, 1};

bool IsNumeric(StaticType type) {
  return !type.IsList() &&
         (type.kind == StaticKind::kInteger || type.kind == StaticKind::kFloat || type.kind == StaticKind::kNumber);
}

bool IsTemporal(StaticType type) {
  return !type.IsList() && type.kind >= StaticKind::kDate && type.kind <= StaticKind::kDuration;
}

bool IsUnknown(StaticType type) {
  return !type.IsList() && (type.kind == StaticKind::kAny || type.kind == StaticKind::kNull);
}

// Whether an operand of this type may stand at `op`. + joins strings and lists as well.
bool Fits(AstArithmeticOperator op, StaticType type) {
  if (IsUnknown(type) || IsNumeric(type)) return true;
  switch (op) {
    case AstArithmeticOperator::kAdd: return true;  // a list takes any element: left to the run
    case AstArithmeticOperator::kSubtract: return IsTemporal(type);
    case AstArithmeticOperator::kMultiply:
    case AstArithmeticOperator::kDivide: return type == StaticType{StaticKind::kDuration};
    case AstArithmeticOperator::kModulo:
    case AstArithmeticOperator::kPower: return false;
  }
  return true;
}

StaticType ResultOf(AstArithmeticOperator op, StaticType left, StaticType right) {
  if (IsNumeric(left) && IsNumeric(right)) {
    if (op == AstArithmeticOperator::kPower) return {StaticKind::kFloat};
    return left == StaticType{StaticKind::kFloat} || right == StaticType{StaticKind::kFloat}
               ? StaticType{StaticKind::kFloat}
               : CommonType(left, right);
  }
  const StaticType string{StaticKind::kString};
  if (op == AstArithmeticOperator::kAdd) {
    if (left == string && right == string) return string;
    if (left.IsList() && right.IsList()) return CommonType(left, right);
    if (left.IsList() || right.IsList()) return kAnyList;
  }
  return {};
}

bool HasProperties(StaticType type) {
  if (type.IsList()) return false;
  return IsUnknown(type) || type.IsEntity() || type.kind == StaticKind::kMap || IsTemporal(type);
}

}  // namespace

template <class Node>
BoundExpressionPtr QueryBinder::Make(const SourceSpan& where, StaticType type, Node node) {
  auto expression = std::make_shared<BoundExpression>();
  expression->where = where;
  expression->type = type;
  expression->node = std::move(node);
  return expression;
}

QueryBinder::BoundResult QueryBinder::BindExpression(const AstExpression& expression) {
  return std::visit([&](const auto& node) { return BindNode(expression, node); }, expression.node);
}

// Where a truth value is asked for, a pattern may stand for "there is such a path".
QueryBinder::BoundResult QueryBinder::BindPredicate(const AstExpression& expression) {
  const auto* pattern = expression.As<AstPatternExpression>();
  if (pattern != nullptr && pattern->pattern->selector == AstPathSelector::kAll) {
    return BindPatternPredicate(*pattern->pattern, expression.where);
  }
  TUPU_TRY_ASSIGN(BoundExpressionPtr bound, BindExpression(expression));
  TUPU_TRY(CheckType(*bound, kBooleanType, "a condition"));
  return bound;
}

QueryBinder::BoundResult QueryBinder::BindOptional(const AstExpressionPtr& expression) {
  if (!expression) return BoundExpressionPtr();
  return BindExpression(*expression);
}

QueryBinder::BoundResult QueryBinder::BindOptionalPredicate(const AstExpressionPtr& expression) {
  if (!expression) return BoundExpressionPtr();
  return BindPredicate(*expression);
}

Result<std::vector<BoundExpressionPtr>> QueryBinder::BindAll(const std::vector<AstExpressionPtr>& expressions) {
  std::vector<BoundExpressionPtr> bound;
  bound.reserve(expressions.size());
  for (const AstExpressionPtr& expression : expressions) {
    TUPU_TRY_ASSIGN(BoundExpressionPtr element, BindExpression(*expression));
    bound.push_back(std::move(element));
  }
  return bound;
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstLiteral& node) {
  return Make(from.where, StaticTypeOf(node.value), BoundLiteral{node.value});
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstParameter& node) {
  parameters_.insert(node.name);
  return Make(from.where, {}, BoundParameter{node.name});
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstVariable& node) {
  const Slot* slot = FindVariable(node.name);
  if (slot == nullptr) return UndefinedVariable(node.name, from.where);
  return MakeVariable(*slot, from.where);
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstProperty& node) {
  TUPU_TRY_ASSIGN(BoundExpressionPtr base, BindExpression(*node.base));
  if (!HasProperties(base->type)) {
    Error error =
        BindError(node.key.where, "InvalidArgumentType",
                  fmt::format("{} has no property {}: only nodes, relationships, maps and temporal values have",
                              ToString(base->type), node.key.text));
    if (base->type != StaticType{StaticKind::kPath}) error.condition = "TypeError.InvalidArgumentType";
    return error;
  }
  return Make(from.where, {}, BoundProperty{std::move(base), node.key.text});
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstLabelTest& node) {
  TUPU_TRY_ASSIGN(BoundExpressionPtr base, BindExpression(*node.base));
  if (!IsUnknown(base->type) && !base->type.IsEntity()) {
    return BindError(from.where, "InvalidArgumentType",
                     fmt::format("{} has no labels: only nodes have, and relationships a type", ToString(base->type)));
  }
  return Make(from.where, kBooleanType, BoundLabelTest{std::move(base), node.labels});
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstUnary& node) {
  const auto op = static_cast<BoundUnaryOperator>(node.op);
  if (node.op == AstUnaryOperator::kNot) {
    TUPU_TRY_ASSIGN(BoundExpressionPtr operand, BindPredicate(*node.operand));
    return Make(from.where, kBooleanType, BoundUnary{op, std::move(operand)});
  }
  TUPU_TRY_ASSIGN(BoundExpressionPtr operand, BindExpression(*node.operand));
  StaticType type = kBooleanType;
  if (node.op == AstUnaryOperator::kNegate || node.op == AstUnaryOperator::kPlus) {
    type = operand->type;
    if (!Fits(AstArithmeticOperator::kMultiply, type))
      TUPU_TRY(CheckType(*operand, {StaticKind::kNumber}, "the operand"));
  }
  return Make(from.where, type, BoundUnary{op, std::move(operand)});
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstLogical& node) {
  constexpr BoundLogicalOperator kOperators[] = {BoundLogicalOperator::kAnd, BoundLogicalOperator::kOr,
                                                 BoundLogicalOperator::kXor};
  BoundLogical logical{kOperators[static_cast<size_t>(node.op)], {}};
  for (const AstExpressionPtr& operand : node.operands) {
    TUPU_TRY_ASSIGN(BoundExpressionPtr bound, BindPredicate(*operand));
    logical.operands.push_back(std::move(bound));
  }
  return Make(from.where, kBooleanType, std::move(logical));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstArithmetic& node) {
  BoundArithmetic arithmetic;
  TUPU_TRY_ASSIGN(arithmetic.operands, BindAll(node.operands));
  StaticType type = arithmetic.operands[0]->type;
  for (size_t i = 0; i < node.operators.size(); ++i) {
    const AstArithmeticOperator op = node.operators[i];
    const BoundExpressionPtr& right = arithmetic.operands[i + 1];
    const bool left_fits = Fits(op, type);
    if (!left_fits || !Fits(op, right->type)) {
      constexpr std::string_view kSigns[] = {"+", "-", "*", "/", "%", "^"};
      return BindError((left_fits ? right : arithmetic.operands[i])->where, "InvalidArgumentType",
                       fmt::format("{} does not take {}", kSigns[static_cast<size_t>(op)],
                                   ToString(left_fits ? right->type : type)));
    }
    type = ResultOf(op, type, right->type);
    arithmetic.operators.push_back(static_cast<BoundArithmeticOperator>(op));
  }
  return Make(from.where, type, std::move(arithmetic));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstComparison& node) {
  BoundComparison comparison;
  TUPU_TRY_ASSIGN(comparison.operands, BindAll(node.operands));
  for (const auto op : node.operators) comparison.operators.push_back(static_cast<BoundComparisonOperator>(op));
  return Make(from.where, kBooleanType, std::move(comparison));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstBinary& node) {
  BoundBinary binary{static_cast<BoundBinaryOperator>(node.op), {}, {}};
  TUPU_TRY_ASSIGN(binary.left, BindExpression(*node.left));
  TUPU_TRY_ASSIGN(binary.right, BindExpression(*node.right));
  if (node.op == AstBinaryOperator::kIn) TUPU_TRY(CheckType(*binary.right, kAnyList, "the right side of IN"));
  return Make(from.where, kBooleanType, std::move(binary));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstList& node) {
  BoundList list;
  TUPU_TRY_ASSIGN(list.elements, BindAll(node.elements));
  StaticType element = list.elements.empty() ? StaticType{} : list.elements[0]->type;
  for (const BoundExpressionPtr& bound : list.elements) element = CommonType(element, bound->type);
  return Make(from.where, ListOf(element), std::move(list));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstMap& node) {
  BoundMap map;
  for (const auto& [key, value] : node.entries) {
    TUPU_TRY_ASSIGN(BoundExpressionPtr bound, BindExpression(*value));
    map.entries.emplace_back(key.text, std::move(bound));
  }
  return Make(from.where, {StaticKind::kMap}, std::move(map));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstIndex& node) {
  BoundIndex index;
  TUPU_TRY_ASSIGN(index.base, BindExpression(*node.base));
  TUPU_TRY_ASSIGN(index.index, BindExpression(*node.index));
  const StaticType type = ElementType(index.base->type);
  return Make(from.where, type, std::move(index));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstSlice& node) {
  BoundSlice slice;
  TUPU_TRY_ASSIGN(slice.base, BindExpression(*node.base));
  TUPU_TRY_ASSIGN(slice.from, BindOptional(node.from));
  TUPU_TRY_ASSIGN(slice.to, BindOptional(node.to));
  const StaticType type = slice.base->type.IsList() ? slice.base->type : StaticType{};
  return Make(from.where, type, std::move(slice));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstCase& node) {
  BoundCase result;
  TUPU_TRY_ASSIGN(result.subject, BindOptional(node.subject));
  StaticType type{StaticKind::kNull};
  for (const AstCase::Alternative& alternative : node.alternatives) {
    BoundCase::Alternative bound;
    TUPU_TRY_ASSIGN(bound.when, result.subject ? BindExpression(*alternative.when) : BindPredicate(*alternative.when));
    TUPU_TRY_ASSIGN(bound.then, BindExpression(*alternative.then));
    type = CommonType(type, bound.then->type);
    result.alternatives.push_back(std::move(bound));
  }
  TUPU_TRY_ASSIGN(result.otherwise, BindOptional(node.otherwise));
  if (result.otherwise) type = CommonType(type, result.otherwise->type);
  return Make(from.where, type, std::move(result));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstListComprehension& node) {
  BoundListComprehension comprehension;
  TUPU_TRY_ASSIGN(comprehension.list, BindExpression(*node.list));
  TUPU_TRY(CheckType(*comprehension.list, kAnyList, "what a list comprehension runs over"));
  const Restore<Aggregation*> no_aggregates(aggregation_, nullptr);
  const StaticType element = ElementType(comprehension.list->type);
  comprehension.variable = AddSlot(node.variable.text, element, true);
  locals_.emplace_back(node.variable.text, comprehension.variable);
  BoundResult where = BindOptionalPredicate(node.where);
  BoundResult projection = where ? BindOptional(node.projection) : BoundExpressionPtr();
  locals_.pop_back();
  TUPU_TRY_ASSIGN(comprehension.where, std::move(where));
  TUPU_TRY_ASSIGN(comprehension.projection, std::move(projection));
  const StaticType type = ListOf(comprehension.projection ? comprehension.projection->type : element);
  return Make(from.where, type, std::move(comprehension));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstQuantifier& node) {
  BoundQuantifier quantifier;
  quantifier.quantifier = static_cast<BoundQuantifierKind>(node.quantifier);
  TUPU_TRY_ASSIGN(quantifier.list, BindExpression(*node.list));
  TUPU_TRY(CheckType(*quantifier.list, kAnyList, "what a quantifier runs over"));
  const Restore<Aggregation*> no_aggregates(aggregation_, nullptr);
  quantifier.variable = AddSlot(node.variable.text, ElementType(quantifier.list->type), true);
  locals_.emplace_back(node.variable.text, quantifier.variable);
  BoundResult where = BindOptionalPredicate(node.where);
  locals_.pop_back();
  TUPU_TRY_ASSIGN(quantifier.where, std::move(where));
  return Make(from.where, kBooleanType, std::move(quantifier));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstReduce& node) {
  BoundReduce reduce;
  TUPU_TRY_ASSIGN(reduce.initial, BindExpression(*node.initial));
  TUPU_TRY_ASSIGN(reduce.list, BindExpression(*node.list));
  TUPU_TRY(CheckType(*reduce.list, kAnyList, "what reduce runs over"));
  const Restore<Aggregation*> no_aggregates(aggregation_, nullptr);
  // The accumulator takes the step's values: the initial one does not fix its type.
  reduce.accumulator = AddSlot(node.accumulator.text, {}, true);
  reduce.variable = AddSlot(node.variable.text, ElementType(reduce.list->type), true);
  locals_.emplace_back(node.accumulator.text, reduce.accumulator);
  locals_.emplace_back(node.variable.text, reduce.variable);
  BoundResult step = BindExpression(*node.step);
  locals_.resize(locals_.size() - 2);
  TUPU_TRY_ASSIGN(reduce.step, std::move(step));
  const StaticType type = reduce.initial->type == reduce.step->type ? reduce.step->type : StaticType{};
  return Make(from.where, type, std::move(reduce));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstMapProjection& node) {
  using Kind = AstMapProjection::ItemKind;
  BoundMapProjection projection;
  const Slot* base = FindVariable(node.base.text);
  if (base == nullptr) return UndefinedVariable(node.base.text, node.base.where);
  projection.base = MakeVariable(*base, node.base.where);
  if (!HasProperties(projection.base->type)) TUPU_TRY(CheckType(*projection.base, {StaticKind::kMap}, node.base.text));
  for (const AstMapProjection::Item& item : node.items) {
    BoundExpressionPtr value;
    if (item.item_kind == Kind::kAllProperties) {
      projection.all = true;
      continue;
    }
    if (item.item_kind == Kind::kProperty) {
      value = Make(item.name.where, {}, BoundProperty{projection.base, item.name.text});
    } else if (item.item_kind == Kind::kEntry) {
      TUPU_TRY_ASSIGN(value, BindExpression(*item.value));
    } else {
      const Slot* slot = FindVariable(item.name.text);
      if (slot == nullptr) return UndefinedVariable(item.name.text, item.name.where);
      value = MakeVariable(*slot, item.name.where);
    }
    projection.entries.emplace_back(item.name.text, std::move(value));
  }
  return Make(from.where, {StaticKind::kMap}, std::move(projection));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstPatternExpression& node) {
  if (node.pattern->selector != AstPathSelector::kAll) return BindPatternPredicate(*node.pattern, from.where);
  return BindError(from.where, "UnexpectedSyntax", "a pattern is no value here: it stands only where a condition does",
                   "For a list of matches write [(a)-->(b) | b]; for a truth value exists((a)-->(b)).");
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstPatternComprehension& node) {
  const Restore<Aggregation*> no_aggregates(aggregation_, nullptr);
  const Restore<std::vector<std::pair<std::string, Slot>>> outer(locals_);
  PatternScope scope = BeginPattern(PatternUse::kComprehension);
  TUPU_TRY_ASSIGN(BoundPatternPart pattern, DeclarePattern(*node.pattern, scope));
  TUPU_TRY(BindPatternProperties(*node.pattern, pattern, scope));
  BoundPatternExpression expression;
  expression.pattern_kind = BoundPatternExpressionKind::kComprehension;
  expression.pattern = std::make_shared<const BoundPatternPart>(std::move(pattern));
  TUPU_TRY_ASSIGN(expression.where, BindOptionalPredicate(node.where));
  TUPU_TRY_ASSIGN(expression.projection, BindExpression(*node.projection));
  const StaticType type = ListOf(expression.projection->type);
  return Make(from.where, type, std::move(expression));
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstSubqueryExpression& node) {
  const Restore<Aggregation*> no_aggregates(aggregation_, nullptr);
  const Restore<bool> not_inside(inside_aggregate_, false);
  // The locals of the expression around it are variables like others to the clauses inside.
  SubqueryScope scope{VisibleVariables(), std::nullopt};
  for (const auto& [name, slot] : locals_) is_expression_local_[slot] = false;
  const auto surrounding = std::exchange(locals_, {});
  Result<BoundColumns> bound = BindSubquery(*node.query, std::move(scope));
  for (const auto& [name, slot] : surrounding) is_expression_local_[slot] = true;
  locals_ = surrounding;
  if (!bound) return std::move(bound).error();
  const std::vector<Slot>& columns = bound->query->columns;
  StaticType type = kBooleanType;
  if (node.subquery_kind == AstSubqueryKind::kCount) type = {StaticKind::kInteger};
  if (node.subquery_kind == AstSubqueryKind::kCollect) {
    if (columns.size() != 1) {
      return BindError(from.where, "InvalidNumberOfColumns",
                       fmt::format("COLLECT {{ }} returns one column, not {}", columns.size()),
                       "Return a list or a map of them.");
    }
    type = ListOf(slots_[columns.front()].type);
  }
  return Make(from.where, type,
              BoundSubqueryExpression{static_cast<BoundSubqueryKind>(node.subquery_kind), std::move(bound->query)});
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstTypeTest& node) {
  TUPU_TRY_ASSIGN(BoundExpressionPtr operand, BindExpression(*node.operand));
  return Make(from.where, kBooleanType, BoundTypeTest{std::move(operand), node.negated, node.types});
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstNormalizedTest& node) {
  TUPU_TRY_ASSIGN(BoundExpressionPtr operand, BindExpression(*node.operand));
  return Make(from.where, kBooleanType, BoundNormalizedTest{std::move(operand), node.negated, node.form});
}

}  // namespace tupu
