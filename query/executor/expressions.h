#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "query/binder/bound.h"
#include "query/executor/apply.h"
#include "query/executor/catalog_name.h"
#include "query/executor/execution_context.h"
#include "query/executor/expression.h"
#include "query/functions/function_registry.h"

namespace tupu {

// The kinds of expressions, made by the planner. Operands are never null pointers unless it says so.

// ---- access_expressions.cc
ExpressionPtr MakeConstant(Value value);
ExpressionPtr MakeParameter(size_t index);  // into ExecutionContext::parameters
ExpressionPtr MakeSlot(Slot slot);
/// A variable of an expression around this one: ExecutionContext::locals[slot].
ExpressionPtr MakeLocal(Slot slot);
ExpressionPtr MakeProperty(ExpressionPtr base, std::string key);
ExpressionPtr MakeLabelTest(ExpressionPtr base, LabelExpression labels);
ExpressionPtr MakeIndex(ExpressionPtr base, ExpressionPtr index);
ExpressionPtr MakeSlice(ExpressionPtr base, ExpressionPtr from, ExpressionPtr to);  // ends may be null
/// A path from the slots of its elements: vertex, then edge or edge list and so on. Null if one of them is null.
ExpressionPtr MakePath(Slot start, std::vector<Slot> edges);
/// True if no edge of `left` is one of `right`; slots of edges and edge lists.
ExpressionPtr MakeEdgesDiffer(std::vector<Slot> left, std::vector<Slot> right);

// ---- logic_expressions.cc
ExpressionPtr MakeUnary(BoundUnaryOperator op, ExpressionPtr operand);
ExpressionPtr MakeLogicalExpression(BoundLogicalOperator op, std::vector<ExpressionPtr> operands);
ExpressionPtr MakeComparison(std::vector<ExpressionPtr> operands, std::vector<BoundComparisonOperator> operators);
ExpressionPtr MakeBinary(BoundBinaryOperator op, ExpressionPtr left, ExpressionPtr right);

// ---- type_expressions.cc
ExpressionPtr MakeTypeTest(ExpressionPtr operand, bool negated, TypeUnion types);
ExpressionPtr MakeNormalizedTest(ExpressionPtr operand, bool negated, NormalForm form);

// ---- value_expressions.cc
ExpressionPtr MakeArithmetic(std::vector<ExpressionPtr> operands, std::vector<BoundArithmeticOperator> operators);
ExpressionPtr MakeList(std::vector<ExpressionPtr> elements);
using MapEntries = std::vector<std::pair<std::string, ExpressionPtr>>;
ExpressionPtr MakeMap(MapEntries entries);
ExpressionPtr MakeMapProjection(ExpressionPtr base, bool all, MapEntries entries);
struct CaseAlternative {
  ExpressionPtr when;
  ExpressionPtr then;
};
ExpressionPtr MakeCase(ExpressionPtr subject, std::vector<CaseAlternative> alternatives, ExpressionPtr otherwise);
ExpressionPtr MakeFunctionCall(const Function* function, std::vector<ExpressionPtr> arguments);

// ---- iteration_expressions.cc
ExpressionPtr MakeListComprehension(Slot variable, ExpressionPtr list, ExpressionPtr where, ExpressionPtr projection);
ExpressionPtr MakeQuantifier(BoundQuantifierKind kind, Slot variable, ExpressionPtr list, ExpressionPtr where);
ExpressionPtr MakeReduce(Slot accumulator, ExpressionPtr initial, Slot variable, ExpressionPtr list,
                         ExpressionPtr step);

// ---- subplan_expressions.cc
/// An inner plan of an expression: what makes an instance of it, and the locals it reads as slots.
struct SubplanSource {
  std::function<std::unique_ptr<Subplan>(size_t slots)> make;
  std::vector<Slot> locals;
};
/// True if the plan gives a row.
ExpressionPtr MakeExists(SubplanSource plan);
/// The number of its rows.
ExpressionPtr MakeCount(SubplanSource plan);
/// The values of `projection` over the plan's rows, as a list; with `first_only` the first of them, or null.
ExpressionPtr MakeCollect(SubplanSource plan, ExpressionPtr projection, bool first_only);

}  // namespace tupu
