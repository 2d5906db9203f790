// IS :: TYPE and IS NORMALIZED.

#include <fmt/format.h>

#include "query/executor/expressions.h"
#include "query/executor/lambda_expression.h"
#include "query/value/type_test.h"

namespace tupu {

ExpressionPtr MakeTypeTest(ExpressionPtr operand, bool negated, TypeUnion types) {
  return MakeLambda([operand = std::move(operand), negated, types = std::move(types)](
                        const Row& row, ExecutionContext& context) -> Result<Value> {
    TUPU_TRY_ASSIGN(const Value value, operand->Evaluate(row, context));
    return Value(IsOfType(value, types) != negated);
  });
}

ExpressionPtr MakeNormalizedTest(ExpressionPtr operand, bool negated, NormalForm form) {
  return MakeLambda(
      [operand = std::move(operand), negated, form](const Row& row, ExecutionContext& context) -> Result<Value> {
        TUPU_TRY_ASSIGN(const Value value, operand->Evaluate(row, context));
        if (value.type() != ValueType::kString) return Value();
        return Value(IsNormalized(value.AsString(), form) != negated);
      });
}

}  // namespace tupu
