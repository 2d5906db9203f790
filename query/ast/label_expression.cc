#include "query/ast/label_expression.h"

namespace tupu {

LabelExpression LabelExpression::Chain(Kind kind, LabelExpression first, LabelExpression operand) {
  if (first.kind != kind) {
    LabelExpression chain{kind, {}, {}};
    chain.operands.push_back(std::move(first));
    first = std::move(chain);
  }
  first.operands.push_back(std::move(operand));
  return first;
}

std::optional<std::vector<std::string>> LabelExpression::NamesOf(Kind chain) const {
  if (IsName()) return std::vector<std::string>{name};
  if (kind != chain) return std::nullopt;
  std::vector<std::string> names;
  for (const LabelExpression& operand : operands) {
    if (!operand.IsName()) return std::nullopt;
    if (std::find(names.begin(), names.end(), operand.name) == names.end()) names.push_back(operand.name);
  }
  return names;
}

std::string LabelExpression::ToString() const {
  switch (kind) {
    case Kind::kName: return name;
    case Kind::kAny: return "%";
    case Kind::kNot: return "!" + operands[0].ToString();
    case Kind::kAnd:
    case Kind::kOr: break;
  }
  std::string text;
  for (const LabelExpression& operand : operands) {
    if (!text.empty()) text += kind == Kind::kAnd ? "&" : "|";
    text += operand.ToString();
  }
  return "(" + text + ")";
}

}  // namespace tupu
