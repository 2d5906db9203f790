#include "query/executor/expressions.h"
#include "query/executor/lambda_expression.h"
#include "query/value/arithmetic.h"
#include "query/value/compare.h"

namespace tupu {

namespace {

Result<Value> Compute(BoundArithmeticOperator op, const Value& a, const Value& b) {
  switch (op) {
    case BoundArithmeticOperator::kAdd: return Add(a, b);
    case BoundArithmeticOperator::kSubtract: return Subtract(a, b);
    case BoundArithmeticOperator::kMultiply: return Multiply(a, b);
    case BoundArithmeticOperator::kDivide: return Divide(a, b);
    case BoundArithmeticOperator::kModulo: return Modulo(a, b);
    case BoundArithmeticOperator::kPower: return Power(a, b);
  }
  return Value();
}

Status EvaluateEntries(const MapEntries& entries, const Row& row, ExecutionContext& context, Map& map) {
  for (const auto& [key, expression] : entries) {
    TUPU_TRY_ASSIGN(Value value, expression->Evaluate(row, context));
    map.insert_or_assign(key, std::move(value));
  }
  return {};
}

}  // namespace

ExpressionPtr MakeArithmetic(std::vector<ExpressionPtr> operands, std::vector<BoundArithmeticOperator> operators) {
  return MakeLambda([operands = std::move(operands), operators = std::move(operators)](
                        const Row& row, ExecutionContext& context) -> Result<Value> {
    TUPU_TRY_ASSIGN(Value result, operands[0]->Evaluate(row, context));
    for (size_t i = 0; i < operators.size(); ++i) {
      TUPU_TRY_ASSIGN(const Value next, operands[i + 1]->Evaluate(row, context));
      TUPU_TRY_ASSIGN(result, Compute(operators[i], result, next));
    }
    return result;
  });
}

ExpressionPtr MakeList(std::vector<ExpressionPtr> elements) {
  return MakeLambda([elements = std::move(elements)](const Row& row, ExecutionContext& context) -> Result<Value> {
    List list;
    list.reserve(elements.size());
    for (const ExpressionPtr& element : elements) {
      TUPU_TRY_ASSIGN(Value value, element->Evaluate(row, context));
      list.push_back(std::move(value));
    }
    return Value(std::move(list));
  });
}

ExpressionPtr MakeMap(MapEntries entries) {
  return MakeLambda([entries = std::move(entries)](const Row& row, ExecutionContext& context) -> Result<Value> {
    Map map;
    TUPU_TRY(EvaluateEntries(entries, row, context, map));
    return Value(std::move(map));
  });
}

ExpressionPtr MakeMapProjection(ExpressionPtr base, bool all, MapEntries entries) {
  return MakeLambda(
      [base, all, entries = std::move(entries)](const Row& row, ExecutionContext& context) -> Result<Value> {
        TUPU_TRY_ASSIGN(const Value source, base->Evaluate(row, context));
        if (source.is_null()) return Value();
        Map map;
        if (all) {
          TUPU_TRY_ASSIGN(const Value properties, PropertiesOf(source, context.view));
          if (properties.type() == ValueType::kMap) map = properties.AsMap();
        }
        TUPU_TRY(EvaluateEntries(entries, row, context, map));
        return Value(std::move(map));
      });
}

ExpressionPtr MakeCase(ExpressionPtr subject, std::vector<CaseAlternative> alternatives, ExpressionPtr otherwise) {
  return MakeLambda([subject, alternatives = std::move(alternatives), otherwise](
                        const Row& row, ExecutionContext& context) -> Result<Value> {
    Value compared;
    if (subject) {
      TUPU_TRY_ASSIGN(compared, subject->Evaluate(row, context));
    }
    for (const CaseAlternative& alternative : alternatives) {
      TUPU_TRY_ASSIGN(const Value when, alternative.when->Evaluate(row, context));
      bool chosen = false;
      if (subject) {
        chosen = Equals(compared, when).value_or(false);
      } else {
        TUPU_TRY_ASSIGN(chosen, IsTrue(when));
      }
      if (chosen) return alternative.then->Evaluate(row, context);
    }
    return otherwise ? otherwise->Evaluate(row, context) : Result<Value>(Value());
  });
}

ExpressionPtr MakeFunctionCall(const Function* function, std::vector<ExpressionPtr> arguments) {
  return MakeLambda(
      [function, arguments = std::move(arguments)](const Row& row, ExecutionContext& context) -> Result<Value> {
        std::vector<Value> values;
        values.reserve(arguments.size());
        for (const ExpressionPtr& argument : arguments) {
          TUPU_TRY_ASSIGN(Value value, argument->Evaluate(row, context));
          values.push_back(std::move(value));
        }
        return CallFunction(*function, values, context.functions);
      });
}

}  // namespace tupu
