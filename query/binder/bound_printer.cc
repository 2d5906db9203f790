#include "query/binder/bound_printer.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "query/value/type_test.h"

namespace tupu {
namespace {

constexpr std::array<std::string_view, 3> kLogical = {" AND ", " OR ", " XOR "};
constexpr std::array<std::string_view, 6> kArithmetic = {" + ", " - ", " * ", " / ", " % ", " ^ "};
constexpr std::array<std::string_view, 6> kComparison = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
constexpr std::array<std::string_view, 5> kBinary = {" IN ", " STARTS WITH ", " ENDS WITH ", " CONTAINS ", " =~ "};
constexpr std::array<std::string_view, 4> kQuantifiers = {"all", "any", "none", "single"};
constexpr std::array<std::string_view, 4> kPatternKinds = {"exists", "", "shortestPath", "allShortestPaths"};

template <class Enum>
size_t Index(Enum value) {
  return static_cast<size_t>(value);
}

class Printer {
 public:
  explicit Printer(std::span<const SlotInfo> slots) : slots_(slots) {}
  explicit Printer(const std::vector<bool>& renamed) : canonical_(true), renamed_(&renamed) {}

  void Print(const BoundExpression& expression) {
    std::visit([this](const auto& node) { PrintNode(node); }, expression.node);
  }
  void Print(const BoundPatternPart& part);
  std::string Take() { return std::move(out_); }

 private:
  void PrintSlot(Slot slot);
  void PrintOperand(const BoundExpressionPtr& expression);  // in parentheses when it has operators of its own
  void PrintList(const std::vector<BoundExpressionPtr>& list);
  void PrintEntries(const BoundProperties& entries, std::string_view before);
  void PrintProperties(const BoundProperties& properties, const BoundExpressionPtr& map);
  void PrintStep(const BoundRelationshipPattern& step);
  void PrintElements(const std::vector<BoundNodePattern>& nodes,
                     const std::vector<BoundRelationshipPattern>& relationships);
  void PrintLabels(const std::vector<std::string>& labels, std::string_view separator);
  void PrintRelationship(const BoundRelationshipPattern& relationship);

  template <class Node, class Names>
  void PrintChain(const Node& node, const Names& names) {
    for (size_t i = 0; i < node.operands.size(); ++i) {
      if (i > 0) out_ += names[Index(node.operators[i - 1])];
      PrintOperand(node.operands[i]);
    }
  }
  void PrintOptional(std::string_view before, const BoundExpressionPtr& expression) {
    if (!expression) return;
    out_ += before;
    Print(*expression);
  }

  void PrintNode(const BoundLiteral& node) { out_ += node.value.ToString(); }
  void PrintNode(const BoundParameter& node) { out_ += "$" + node.name; }
  void PrintNode(const BoundVariable& node) { PrintSlot(node.slot); }
  void PrintNode(const BoundProperty& node) {
    PrintOperand(node.base);
    out_ += "." + node.key;
  }
  void PrintNode(const BoundLabelTest& node) {
    PrintOperand(node.base);
    out_ += ":" + node.labels.ToString();
  }
  void PrintNode(const BoundUnary& node);
  void PrintNode(const BoundLogical& node) {
    for (size_t i = 0; i < node.operands.size(); ++i) {
      if (i > 0) out_ += kLogical[Index(node.op)];
      PrintOperand(node.operands[i]);
    }
  }
  void PrintNode(const BoundArithmetic& node) { PrintChain(node, kArithmetic); }
  void PrintNode(const BoundComparison& node) { PrintChain(node, kComparison); }
  void PrintNode(const BoundBinary& node) {
    PrintOperand(node.left);
    out_ += kBinary[Index(node.op)];
    PrintOperand(node.right);
  }
  void PrintNode(const BoundList& node) {
    out_ += "[";
    PrintList(node.elements);
    out_ += "]";
  }
  void PrintNode(const BoundMap& node) {
    out_ += "{";
    PrintEntries(node.entries, "");
    out_ += "}";
  }
  void PrintNode(const BoundIndex& node) {
    PrintOperand(node.base);
    out_ += "[";
    Print(*node.index);
    out_ += "]";
  }
  void PrintNode(const BoundSlice& node) {
    PrintOperand(node.base);
    PrintOptional("[", node.from);
    out_ += node.from ? ".." : "[..";
    PrintOptional("", node.to);
    out_ += "]";
  }
  void PrintNode(const BoundCase& node) {
    out_ += "CASE";
    PrintOptional(" ", node.subject);
    for (const auto& alternative : node.alternatives) {
      PrintOptional(" WHEN ", alternative.when);
      PrintOptional(" THEN ", alternative.then);
    }
    PrintOptional(" ELSE ", node.otherwise);
    out_ += " END";
  }
  void PrintNode(const BoundFunctionCall& node) {
    out_ += node.name + "(";
    PrintList(node.arguments);
    out_ += ")";
  }
  void PrintNode(const BoundListComprehension& node) {
    out_ += "[";
    PrintSlot(node.variable);
    PrintOptional(" IN ", node.list);
    PrintOptional(" WHERE ", node.where);
    PrintOptional(" | ", node.projection);
    out_ += "]";
  }
  void PrintNode(const BoundQuantifier& node) {
    out_ += fmt::format("{}(", kQuantifiers[Index(node.quantifier)]);
    PrintSlot(node.variable);
    PrintOptional(" IN ", node.list);
    PrintOptional(" WHERE ", node.where);
    out_ += ")";
  }
  void PrintNode(const BoundReduce& node) {
    out_ += "reduce(";
    PrintSlot(node.accumulator);
    PrintOptional(" = ", node.initial);
    out_ += ", ";
    PrintSlot(node.variable);
    PrintOptional(" IN ", node.list);
    PrintOptional(" | ", node.step);
    out_ += ")";
  }
  void PrintNode(const BoundMapProjection& node) {
    PrintOperand(node.base);
    out_ += node.all ? " {.*" : " {";
    PrintEntries(node.entries, node.all ? ", " : "");
    out_ += "}";
  }
  void PrintNode(const BoundPatternExpression& node) {
    const bool list = node.pattern_kind == BoundPatternExpressionKind::kComprehension;
    out_ += list ? "[" : fmt::format("{}(", kPatternKinds[Index(node.pattern_kind)]);
    Print(*node.pattern);
    PrintOptional(" WHERE ", node.where);
    PrintOptional(" | ", node.projection);
    out_ += list ? "]" : ")";
  }
  void PrintNode(const BoundSubqueryExpression& node) {
    // Two subqueries are equal only when they are one: nothing compares whole queries.
    constexpr std::string_view kNames[] = {"EXISTS", "COUNT", "COLLECT"};
    out_ += kNames[Index(node.subquery_kind)];
    out_ += canonical_ ? fmt::format(" {{{}}}", static_cast<const void*>(node.query.get())) : " {...}";
  }
  void PrintNode(const BoundTypeTest& node) {
    PrintOperand(node.operand);
    out_ += fmt::format(" IS {}:: {}", node.negated ? "NOT " : "", ToString(node.types));
  }
  void PrintNode(const BoundNormalizedTest& node) {
    PrintOperand(node.operand);
    out_ += fmt::format(" IS {}{} NORMALIZED", node.negated ? "NOT " : "", Name(node.form));
  }

  std::span<const SlotInfo> slots_;
  bool canonical_ = false;
  const std::vector<bool>* renamed_ = nullptr;
  std::vector<Slot> locals_;  // in the order of appearance
  std::string out_;
};

void Printer::PrintSlot(Slot slot) {
  if (canonical_ && slot < renamed_->size() && (*renamed_)[slot]) {
    const auto found = std::find(locals_.begin(), locals_.end(), slot);
    out_ += fmt::format("@{}", found - locals_.begin());
    if (found == locals_.end()) locals_.push_back(slot);
  } else if (!canonical_ && slot < slots_.size() && !slots_[slot].name.empty()) {
    out_ += slots_[slot].name;
  } else {
    out_ += fmt::format("#{}", slot);
  }
}

void Printer::PrintOperand(const BoundExpressionPtr& expression) {
  const bool bare = expression->As<BoundLiteral>() || expression->As<BoundParameter>() ||
                    expression->As<BoundVariable>() || expression->As<BoundProperty>() ||
                    expression->As<BoundLabelTest>() || expression->As<BoundList>() || expression->As<BoundMap>() ||
                    expression->As<BoundFunctionCall>() || expression->As<BoundIndex>() ||
                    expression->As<BoundPatternExpression>() || expression->As<BoundQuantifier>();
  const auto* comparison = expression->As<BoundComparison>();  // reads well under AND
  if (bare || (comparison != nullptr && comparison->operands.size() == 2 && !canonical_)) return Print(*expression);
  out_ += "(";
  Print(*expression);
  out_ += ")";
}

void Printer::PrintNode(const BoundUnary& node) {
  if (node.op == BoundUnaryOperator::kNot) out_ += "NOT ";
  if (node.op == BoundUnaryOperator::kNegate) out_ += "-";
  if (node.op == BoundUnaryOperator::kPlus) out_ += "+";
  PrintOperand(node.operand);
  if (node.op == BoundUnaryOperator::kIsNull) out_ += " IS NULL";
  if (node.op == BoundUnaryOperator::kIsNotNull) out_ += " IS NOT NULL";
}

void Printer::PrintList(const std::vector<BoundExpressionPtr>& list) {
  for (size_t i = 0; i < list.size(); ++i) PrintOptional(i > 0 ? ", " : "", list[i]);
}

void Printer::PrintEntries(const BoundProperties& entries, std::string_view before) {
  for (const auto& [key, value] : entries) {
    out_ += fmt::format("{}{}: ", before, key);
    Print(*value);
    before = ", ";
  }
}

void Printer::PrintProperties(const BoundProperties& properties, const BoundExpressionPtr& map) {
  if (!properties.empty()) {
    out_ += " {";
    PrintEntries(properties, "");
    out_ += "}";
  }
  PrintOptional(" ", map);
}

void Printer::PrintLabels(const std::vector<std::string>& labels, std::string_view separator) {
  for (size_t i = 0; i < labels.size(); ++i) out_ += fmt::format("{}{}", i == 0 ? ":" : separator, labels[i]);
}

void Printer::PrintRelationship(const BoundRelationshipPattern& relationship) {
  out_ += relationship.direction == Direction::kIn ? "<-[" : "-[";
  PrintSlot(relationship.slot);
  PrintLabels(relationship.types, "|");
  if (relationship.length) {
    const auto& length = *relationship.length;
    out_ += fmt::format("*{}..{}", length.min, length.max ? std::to_string(*length.max) : "");
  }
  PrintProperties(relationship.properties, relationship.properties_map);
  PrintOptional(" WHERE ", relationship.condition);
  PrintOptional(" COST ", relationship.cost);
  out_ += relationship.direction == Direction::kOut ? "]->" : "]-";
}

void Printer::PrintStep(const BoundRelationshipPattern& step) {
  if (!step.segment) return PrintRelationship(step);
  out_ += " (";
  PrintElements(step.segment->nodes, step.segment->relationships);
  PrintOptional(" WHERE ", step.segment->condition);
  out_ += fmt::format("){{{},{}}} ", step.length->min, step.length->max ? std::to_string(*step.length->max) : "");
}

void Printer::PrintElements(const std::vector<BoundNodePattern>& nodes,
                            const std::vector<BoundRelationshipPattern>& relationships) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (i > 0) PrintStep(relationships[i - 1]);
    out_ += "(";
    PrintSlot(nodes[i].slot);
    PrintLabels(nodes[i].labels, ":");
    PrintProperties(nodes[i].properties, nodes[i].properties_map);
    PrintOptional(" WHERE ", nodes[i].condition);
    out_ += ")";
  }
}

void Printer::Print(const BoundPatternPart& part) {
  if (part.path) {
    PrintSlot(*part.path);
    out_ += " = ";
  }
  PrintElements(part.nodes, part.relationships);
  PrintOptional(" WHERE ", part.condition);
}

}  // namespace

std::string ToString(const BoundExpression& expression, std::span<const SlotInfo> slots) {
  Printer printer(slots);
  printer.Print(expression);
  return printer.Take();
}

std::string ToString(const BoundPatternPart& part, std::span<const SlotInfo> slots) {
  Printer printer(slots);
  printer.Print(part);
  return printer.Take();
}

std::string Fingerprint(const BoundExpression& expression, const std::vector<bool>& renamed) {
  Printer printer(renamed);
  printer.Print(expression);
  return printer.Take();
}

}  // namespace tupu
