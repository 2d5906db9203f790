#include <fmt/format.h>

#include "query/executor/expressions.h"
#include "query/executor/lambda_expression.h"
#include "query/value/arithmetic.h"

namespace tupu {

namespace {

/// The list to iterate over; nothing for null.
Result<Value> EvaluateList(const Expression& expression, const Row& row, ExecutionContext& context) {
  TUPU_TRY_ASSIGN(Value list, expression.Evaluate(row, context));
  if (list.is_null() || list.type() == ValueType::kList) return list;
  Error error{ErrorCode::kInvalidArgument,
              fmt::format("only a list can be iterated over, but here it is a {}", Name(list.type()))};
  error.condition = "TypeError.InvalidArgumentType";
  return error;
}

Status CheckSometimes(size_t step, const ExecutionContext& context) {
  return step % 4096 == 4095 ? context.cancellation.Check() : Status{};
}

struct TruthCounts {
  size_t yes = 0;
  size_t no = 0;
  size_t unknown = 0;

  bool Decides(BoundQuantifierKind kind) const {
    switch (kind) {
      case BoundQuantifierKind::kAll: return no > 0;
      case BoundQuantifierKind::kAny:
      case BoundQuantifierKind::kNone: return yes > 0;
      case BoundQuantifierKind::kSingle: return yes > 1;
    }
    return false;
  }

  Value Result(BoundQuantifierKind kind) const {
    if (Decides(kind)) return Value(kind == BoundQuantifierKind::kAny);
    if (unknown > 0) return Value();
    switch (kind) {
      case BoundQuantifierKind::kAll:
      case BoundQuantifierKind::kNone: return Value(true);
      case BoundQuantifierKind::kAny: return Value(false);
      case BoundQuantifierKind::kSingle: return Value(yes == 1);
    }
    return Value();
  }
};

}  // namespace

ExpressionPtr MakeListComprehension(Slot variable, ExpressionPtr list, ExpressionPtr where, ExpressionPtr projection) {
  return MakeLambda([=](const Row& row, ExecutionContext& context) -> Result<Value> {
    TUPU_TRY_ASSIGN(const Value source, EvaluateList(*list, row, context));
    if (source.is_null()) return Value();
    List result;
    for (size_t i = 0; i < source.AsList().size(); ++i) {
      TUPU_TRY(CheckSometimes(i, context));
      const Value& element = source.AsList()[i];
      context.locals[variable] = element;
      if (where) {
        TUPU_TRY_ASSIGN(const Value truth, where->Evaluate(row, context));
        TUPU_TRY_ASSIGN(const bool passes, IsTrue(truth));
        if (!passes) continue;
      }
      if (projection) {
        TUPU_TRY_ASSIGN(Value value, projection->Evaluate(row, context));
        result.push_back(std::move(value));
      } else {
        result.push_back(element);
      }
    }
    return Value(std::move(result));
  });
}

ExpressionPtr MakeQuantifier(BoundQuantifierKind kind, Slot variable, ExpressionPtr list, ExpressionPtr where) {
  return MakeLambda([=](const Row& row, ExecutionContext& context) -> Result<Value> {
    TUPU_TRY_ASSIGN(const Value source, EvaluateList(*list, row, context));
    if (source.is_null()) return Value();
    TruthCounts counts;
    for (size_t i = 0; i < source.AsList().size() && !counts.Decides(kind); ++i) {
      TUPU_TRY(CheckSometimes(i, context));
      context.locals[variable] = source.AsList()[i];
      Value value(true);
      if (where) {
        TUPU_TRY_ASSIGN(value, where->Evaluate(row, context));
      }
      TUPU_TRY_ASSIGN(const std::optional<bool> truth, ToTernary(value));
      ++(!truth ? counts.unknown : *truth ? counts.yes : counts.no);
    }
    return counts.Result(kind);
  });
}

ExpressionPtr MakeReduce(Slot accumulator, ExpressionPtr initial, Slot variable, ExpressionPtr list,
                         ExpressionPtr step) {
  return MakeLambda([=](const Row& row, ExecutionContext& context) -> Result<Value> {
    TUPU_TRY_ASSIGN(const Value source, EvaluateList(*list, row, context));
    TUPU_TRY_ASSIGN(Value result, initial->Evaluate(row, context));
    if (source.is_null()) return Value();
    for (size_t i = 0; i < source.AsList().size(); ++i) {
      TUPU_TRY(CheckSometimes(i, context));
      context.locals[accumulator] = result;
      context.locals[variable] = source.AsList()[i];
      TUPU_TRY_ASSIGN(result, step->Evaluate(row, context));
    }
    return result;
  });
}

}  // namespace tupu
