#pragma once

#include <memory>
#include <utility>

#include "query/executor/expression.h"

namespace tupu {

/// An expression that is one function of the row: for the kinds that gain nothing from whole columns.
template <class Evaluation>  // Result<Value>(const Row&, ExecutionContext&)
class LambdaExpression final : public Expression {
 public:
  explicit LambdaExpression(Evaluation evaluation) : evaluation_(std::move(evaluation)) {}
  Result<Value> Evaluate(const Row& row, ExecutionContext& context) const override { return evaluation_(row, context); }

 private:
  Evaluation evaluation_;
};

template <class Evaluation>
ExpressionPtr MakeLambda(Evaluation evaluation) {
  return std::make_shared<const LambdaExpression<Evaluation>>(std::move(evaluation));
}

}  // namespace tupu
