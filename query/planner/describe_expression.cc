#include <fmt/format.h>
#include <fmt/ranges.h>

#include "query/planner/bound_expressions.h"
#include "query/value/type_test.h"

namespace tupu {

namespace {

std::string_view Symbol(BoundComparisonOperator op) {
  switch (op) {
    case BoundComparisonOperator::kEqual: return "=";
    case BoundComparisonOperator::kNotEqual: return "<>";
    case BoundComparisonOperator::kLess: return "<";
    case BoundComparisonOperator::kLessEqual: return "<=";
    case BoundComparisonOperator::kGreater: return ">";
    case BoundComparisonOperator::kGreaterEqual: return ">=";
  }
  return "?";
}

std::string_view Symbol(BoundArithmeticOperator op) {
  switch (op) {
    case BoundArithmeticOperator::kAdd: return "+";
    case BoundArithmeticOperator::kSubtract: return "-";
    case BoundArithmeticOperator::kMultiply: return "*";
    case BoundArithmeticOperator::kDivide: return "/";
    case BoundArithmeticOperator::kModulo: return "%";
    case BoundArithmeticOperator::kPower: return "^";
  }
  return "?";
}

std::string_view Symbol(BoundBinaryOperator op) {
  switch (op) {
    case BoundBinaryOperator::kIn: return "IN";
    case BoundBinaryOperator::kStartsWith: return "STARTS WITH";
    case BoundBinaryOperator::kEndsWith: return "ENDS WITH";
    case BoundBinaryOperator::kContains: return "CONTAINS";
    case BoundBinaryOperator::kMatchesRegex: return "=~";
  }
  return "?";
}

struct Describer {
  const std::vector<SlotInfo>& slots;

  std::string Text(const BoundExpressionPtr& e) const { return e ? std::visit(*this, e->node) : ""; }

  std::string Join(const std::vector<BoundExpressionPtr>& expressions, std::string_view separator) const {
    std::vector<std::string> texts;
    for (const BoundExpressionPtr& each : expressions) texts.push_back(Text(each));
    return fmt::format("{}", fmt::join(texts, separator));
  }

  template <class Operator>
  std::string Chain(const std::vector<BoundExpressionPtr>& operands, const std::vector<Operator>& operators) const {
    std::string text = Text(operands[0]);
    for (size_t i = 0; i < operators.size(); ++i)
      text += fmt::format(" {} {}", Symbol(operators[i]), Text(operands[i + 1]));
    return text;
  }

  std::string operator()(const BoundLiteral& e) const { return e.value.ToString(); }
  std::string operator()(const BoundParameter& e) const { return "$" + e.name; }
  std::string operator()(const BoundVariable& e) const { return DescribeSlot(e.slot, slots); }
  std::string operator()(const BoundProperty& e) const { return Text(e.base) + "." + e.key; }
  std::string operator()(const BoundLabelTest& e) const {
    return fmt::format("{}:{}", Text(e.base), e.labels.ToString());
  }
  std::string operator()(const BoundUnary& e) const {
    switch (e.op) {
      case BoundUnaryOperator::kNot: return "NOT (" + Text(e.operand) + ")";
      case BoundUnaryOperator::kNegate: return "-" + Text(e.operand);
      case BoundUnaryOperator::kPlus: return "+" + Text(e.operand);
      case BoundUnaryOperator::kIsNull: return Text(e.operand) + " IS NULL";
      case BoundUnaryOperator::kIsNotNull: return Text(e.operand) + " IS NOT NULL";
    }
    return "";
  }
  std::string operator()(const BoundLogical& e) const {
    constexpr std::string_view kSeparators[] = {" AND ", " OR ", " XOR "};
    return "(" + Join(e.operands, kSeparators[static_cast<size_t>(e.op)]) + ")";
  }
  std::string operator()(const BoundArithmetic& e) const { return "(" + Chain(e.operands, e.operators) + ")"; }
  std::string operator()(const BoundComparison& e) const { return Chain(e.operands, e.operators); }
  std::string operator()(const BoundBinary& e) const {
    return fmt::format("{} {} {}", Text(e.left), Symbol(e.op), Text(e.right));
  }
  std::string operator()(const BoundList& e) const { return "[" + Join(e.elements, ", ") + "]"; }
  std::string operator()(const BoundMap& e) const { return "{" + Entries(e.entries) + "}"; }
  std::string operator()(const BoundIndex& e) const { return fmt::format("{}[{}]", Text(e.base), Text(e.index)); }
  std::string operator()(const BoundSlice& e) const {
    return fmt::format("{}[{}..{}]", Text(e.base), Text(e.from), Text(e.to));
  }
  std::string operator()(const BoundCase&) const { return "CASE ... END"; }
  std::string operator()(const BoundFunctionCall& e) const {
    return fmt::format("{}({})", e.name, Join(e.arguments, ", "));
  }
  std::string operator()(const BoundListComprehension& e) const {
    return fmt::format("[{} IN {}{}{}{}{}]", DescribeSlot(e.variable, slots), Text(e.list), e.where ? " WHERE " : "",
                       Text(e.where), e.projection ? " | " : "", Text(e.projection));
  }
  std::string operator()(const BoundQuantifier& e) const {
    constexpr std::string_view kNames[] = {"all", "any", "none", "single"};
    return fmt::format("{}({} IN {} WHERE {})", kNames[static_cast<size_t>(e.quantifier)],
                       DescribeSlot(e.variable, slots), Text(e.list), Text(e.where));
  }
  std::string operator()(const BoundReduce& e) const {
    return fmt::format("reduce({} = {}, {} IN {} | {})", DescribeSlot(e.accumulator, slots), Text(e.initial),
                       DescribeSlot(e.variable, slots), Text(e.list), Text(e.step));
  }
  std::string operator()(const BoundMapProjection& e) const {
    return fmt::format("{} {{{}{}}}", Text(e.base), e.all ? ".*, " : "", Entries(e.entries));
  }
  std::string operator()(const BoundPatternExpression& e) const {
    constexpr std::string_view kTexts[] = {"exists(pattern)", "[pattern | ...]", "shortestPath(pattern)",
                                           "allShortestPaths(pattern)"};
    return std::string(kTexts[static_cast<size_t>(e.pattern_kind)]);
  }
  std::string operator()(const BoundSubqueryExpression& e) const {
    constexpr std::string_view kTexts[] = {"EXISTS { ... }", "COUNT { ... }", "COLLECT { ... }"};
    return std::string(kTexts[static_cast<size_t>(e.subquery_kind)]);
  }
  std::string operator()(const BoundTypeTest& e) const {
    return fmt::format("{} IS {}:: {}", Text(e.operand), e.negated ? "NOT " : "", ToString(e.types));
  }
  std::string operator()(const BoundNormalizedTest& e) const {
    return fmt::format("{} IS {}{} NORMALIZED", Text(e.operand), e.negated ? "NOT " : "", Name(e.form));
  }

  std::string Entries(const std::vector<std::pair<std::string, BoundExpressionPtr>>& entries) const {
    std::vector<std::string> texts;
    for (const auto& [key, value] : entries) texts.push_back(key + ": " + Text(value));
    return fmt::format("{}", fmt::join(texts, ", "));
  }
};

}  // namespace

std::string DescribeSlot(Slot slot, const std::vector<SlotInfo>& slots) {
  if (slot < slots.size() && !slots[slot].name.empty()) return slots[slot].name;
  return fmt::format("#{}", slot);
}

std::string Describe(const BoundExpression& expression, const std::vector<SlotInfo>& slots) {
  return std::visit(Describer{slots}, expression.node);
}

}  // namespace tupu
