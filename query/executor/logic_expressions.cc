#include <fmt/format.h>

#include "query/executor/expressions.h"
#include "query/executor/lambda_expression.h"
#include "query/value/arithmetic.h"
#include "query/value/compare.h"

namespace tupu {

ExpressionPtr MakeUnary(BoundUnaryOperator op, ExpressionPtr operand) {
  return MakeLambda([op, operand](const Row& row, ExecutionContext& context) -> Result<Value> {
    TUPU_TRY_ASSIGN(const Value value, operand->Evaluate(row, context));
    switch (op) {
      case BoundUnaryOperator::kNot: {
        TUPU_TRY_ASSIGN(const Ternary truth, ToTernary(value));
        return FromTernary(Not(truth));
      }
      case BoundUnaryOperator::kNegate: return Negate(value);
      case BoundUnaryOperator::kPlus: return Plus(value);
      case BoundUnaryOperator::kIsNull: return Value(value.is_null());
      case BoundUnaryOperator::kIsNotNull: return Value(!value.is_null());
    }
    return Value();
  });
}

namespace {

/// AND and OR stop at the first operand that decides; `deciding` is that truth value.
Result<Value> EvaluateUntil(const std::vector<ExpressionPtr>& operands, bool deciding, const Row& row,
                            ExecutionContext& context) {
  bool unknown = false;
  for (const ExpressionPtr& operand : operands) {
    TUPU_TRY_ASSIGN(const Value value, operand->Evaluate(row, context));
    TUPU_TRY_ASSIGN(const Ternary truth, ToTernary(value));
    if (truth == deciding) return Value(deciding);
    unknown = unknown || !truth;
  }
  return unknown ? Value() : Value(!deciding);
}

Result<Value> EvaluateXor(const std::vector<ExpressionPtr>& operands, const Row& row, ExecutionContext& context) {
  Ternary result = false;
  for (const ExpressionPtr& operand : operands) {
    TUPU_TRY_ASSIGN(const Value value, operand->Evaluate(row, context));
    TUPU_TRY_ASSIGN(const Ternary truth, ToTernary(value));
    result = Xor(result, truth);
  }
  return FromTernary(result);
}

Ternary Compare(BoundComparisonOperator op, const Value& a, const Value& b) {
  switch (op) {
    case BoundComparisonOperator::kEqual: return Equals(a, b);
    case BoundComparisonOperator::kNotEqual: return Not(Equals(a, b));
    case BoundComparisonOperator::kLess: return Less(a, b);
    case BoundComparisonOperator::kLessEqual: return LessOrEqual(a, b);
    case BoundComparisonOperator::kGreater: return Less(b, a);
    case BoundComparisonOperator::kGreaterEqual: return LessOrEqual(b, a);
  }
  return std::nullopt;
}

template <class T>
bool CompareNumbers(BoundComparisonOperator op, T a, T b) {
  switch (op) {
    case BoundComparisonOperator::kEqual: return a == b;
    case BoundComparisonOperator::kNotEqual: return a != b;
    case BoundComparisonOperator::kLess: return a < b;
    case BoundComparisonOperator::kLessEqual: return a <= b;
    case BoundComparisonOperator::kGreater: return a > b;
    case BoundComparisonOperator::kGreaterEqual: return a >= b;
  }
  return false;
}

class ComparisonExpression final : public Expression {
 public:
  ComparisonExpression(std::vector<ExpressionPtr> operands, std::vector<BoundComparisonOperator> operators)
      : operands_(std::move(operands)), operators_(std::move(operators)) {}

  Result<Value> Evaluate(const Row& row, ExecutionContext& context) const override {
    TUPU_TRY_ASSIGN(Value left, operands_[0]->Evaluate(row, context));
    Ternary all = true;
    for (size_t i = 0; i < operators_.size(); ++i) {
      TUPU_TRY_ASSIGN(Value right, operands_[i + 1]->Evaluate(row, context));
      all = And(all, Compare(operators_[i], left, right));
      if (all == false) return Value(false);
      left = std::move(right);
    }
    return FromTernary(all);
  }

  Status EvaluateBatch(const Batch& batch, ExecutionContext& context, Column& out) const override {
    if (operators_.size() != 1) return Expression::EvaluateBatch(batch, context, out);
    Column left;
    Column right;
    TUPU_TRY(operands_[0]->EvaluateBatch(batch, context, left));
    TUPU_TRY(operands_[1]->EvaluateBatch(batch, context, right));
    const BoundComparisonOperator op = operators_[0];
    const bool plain = left.type() == right.type() && !left.has_nulls() && !right.has_nulls();
    if (plain && left.type() == ColumnType::kInteger) {
      for (size_t row = 0; row < batch.size; ++row)
        out.AppendBoolean(CompareNumbers(op, left.integers()[row], right.integers()[row]));
    } else {
      for (size_t row = 0; row < batch.size; ++row) AppendTernary(Compare(op, left.Get(row), right.Get(row)), out);
    }
    return {};
  }

 private:
  static void AppendTernary(Ternary truth, Column& out) {
    if (truth) {
      out.AppendBoolean(*truth);
    } else {
      out.AppendNull();
    }
  }

  std::vector<ExpressionPtr> operands_;
  std::vector<BoundComparisonOperator> operators_;
};

Result<Value> EvaluateIn(const Value& element, const Value& list) {
  if (list.is_null()) return Value();
  if (list.type() == ValueType::kList) return FromTernary(In(element, list.AsList()));
  Error error{ErrorCode::kInvalidArgument, fmt::format("IN takes a list, but here it is a {}", Name(list.type()))};
  error.condition = "TypeError.InvalidArgumentType";
  return error;
}

}  // namespace

ExpressionPtr MakeLogicalExpression(BoundLogicalOperator op, std::vector<ExpressionPtr> operands) {
  return MakeLambda([op, operands = std::move(operands)](const Row& row, ExecutionContext& context) -> Result<Value> {
    if (op == BoundLogicalOperator::kXor) return EvaluateXor(operands, row, context);
    return EvaluateUntil(operands, op == BoundLogicalOperator::kOr, row, context);
  });
}

ExpressionPtr MakeComparison(std::vector<ExpressionPtr> operands, std::vector<BoundComparisonOperator> operators) {
  return std::make_shared<const ComparisonExpression>(std::move(operands), std::move(operators));
}

ExpressionPtr MakeBinary(BoundBinaryOperator op, ExpressionPtr left, ExpressionPtr right) {
  return MakeLambda([op, left, right](const Row& row, ExecutionContext& context) -> Result<Value> {
    TUPU_TRY_ASSIGN(const Value a, left->Evaluate(row, context));
    TUPU_TRY_ASSIGN(const Value b, right->Evaluate(row, context));
    switch (op) {
      case BoundBinaryOperator::kIn: return EvaluateIn(a, b);
      case BoundBinaryOperator::kStartsWith: return StartsWith(a, b);
      case BoundBinaryOperator::kEndsWith: return EndsWith(a, b);
      case BoundBinaryOperator::kContains: return Contains(a, b);
      case BoundBinaryOperator::kMatchesRegex: return MatchesRegex(a, b);
    }
    return Value();
  });
}

}  // namespace tupu
