#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tupu {

/// What a pattern or a test asks of the labels of a vertex, or of the type of an edge: A, %, !A, A&B, A|B. The older forms
/// :A:B and :A|:B are a conjunction and a disjunction. Plain text in every stage: labels stay names.
struct LabelExpression {
  enum class Kind : uint8_t { kName, kAny, kNot, kAnd, kOr };
  Kind kind = Kind::kName;
  std::string name;                       // kName
  std::vector<LabelExpression> operands;  // kNot: one; kAnd, kOr: two or more, flat

  static LabelExpression Of(std::string label) { return {Kind::kName, std::move(label), {}}; }
  /// `first` with `operand` added to the chain of `kind`.
  static LabelExpression Chain(Kind kind, LabelExpression first, LabelExpression operand);

  bool IsName() const { return kind == Kind::kName; }
  /// The names of a chain of `chain` (or of one name alone), each once; nothing if there is anything else in it.
  std::optional<std::vector<std::string>> NamesOf(Kind chain) const;
  /// As it is written, without the colon.
  std::string ToString() const;

  /// Whether it holds, given what holds of a name and whether there is any label at all.
  template <class Has>
  bool Holds(const Has& has, bool has_any) const {
    const auto each = [&](const LabelExpression& operand) { return operand.Holds(has, has_any); };
    switch (kind) {
      case Kind::kName: return has(name);
      case Kind::kAny: return has_any;
      case Kind::kNot: return !each(operands[0]);
      case Kind::kAnd: return std::all_of(operands.begin(), operands.end(), each);
      case Kind::kOr: return std::any_of(operands.begin(), operands.end(), each);
    }
    return false;
  }
};

}  // namespace tupu
