#include "query/planner/compile_expression.h"

#include <algorithm>

#include <fmt/format.h>

#include "query/executor/expressions.h"
#include "query/planner/bound_expressions.h"
#include "query/planner/build_logical_plan.h"
#include "query/planner/physical_plan.h"
#include "query/planner/rules/rule.h"
#include "query/planner/subquery_plan.h"

namespace tupu {

namespace {

class Compiler {
 public:
  Compiler(PlannerContext& context, std::set<Slot> locals) : context_(context), locals_(std::move(locals)) {}

  Result<ExpressionPtr> Compile(const BoundExpression& expression) { return std::visit(*this, expression.node); }

  Result<ExpressionPtr> operator()(const BoundLiteral& e) { return MakeConstant(e.value); }
  Result<ExpressionPtr> operator()(const BoundParameter& e) {
    const auto place = std::lower_bound(context_.parameters.begin(), context_.parameters.end(), e.name);
    return MakeParameter(static_cast<size_t>(place - context_.parameters.begin()));
  }
  Result<ExpressionPtr> operator()(const BoundVariable& e) {
    return locals_.contains(e.slot) ? MakeLocal(e.slot) : MakeSlot(e.slot);
  }
  Result<ExpressionPtr> operator()(const BoundProperty& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr base, Compile(*e.base));
    return MakeProperty(std::move(base), e.key);
  }
  Result<ExpressionPtr> operator()(const BoundLabelTest& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr base, Compile(*e.base));
    return MakeLabelTest(std::move(base), e.labels);
  }
  Result<ExpressionPtr> operator()(const BoundUnary& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr operand, Compile(*e.operand));
    return MakeUnary(e.op, std::move(operand));
  }
  Result<ExpressionPtr> operator()(const BoundLogical& e) {
    TUPU_TRY_ASSIGN(std::vector<ExpressionPtr> operands, CompileAll(e.operands));
    return MakeLogicalExpression(e.op, std::move(operands));
  }
  Result<ExpressionPtr> operator()(const BoundArithmetic& e) {
    TUPU_TRY_ASSIGN(std::vector<ExpressionPtr> operands, CompileAll(e.operands));
    return MakeArithmetic(std::move(operands), e.operators);
  }
  Result<ExpressionPtr> operator()(const BoundComparison& e) {
    TUPU_TRY_ASSIGN(std::vector<ExpressionPtr> operands, CompileAll(e.operands));
    return MakeComparison(std::move(operands), e.operators);
  }
  Result<ExpressionPtr> operator()(const BoundBinary& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr left, Compile(*e.left));
    TUPU_TRY_ASSIGN(ExpressionPtr right, Compile(*e.right));
    return MakeBinary(e.op, std::move(left), std::move(right));
  }
  Result<ExpressionPtr> operator()(const BoundList& e) {
    TUPU_TRY_ASSIGN(std::vector<ExpressionPtr> elements, CompileAll(e.elements));
    return MakeList(std::move(elements));
  }
  Result<ExpressionPtr> operator()(const BoundMap& e) {
    TUPU_TRY_ASSIGN(MapEntries entries, CompileEntries(e.entries));
    return MakeMap(std::move(entries));
  }
  Result<ExpressionPtr> operator()(const BoundIndex& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr base, Compile(*e.base));
    TUPU_TRY_ASSIGN(ExpressionPtr index, Compile(*e.index));
    return MakeIndex(std::move(base), std::move(index));
  }
  Result<ExpressionPtr> operator()(const BoundSlice& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr base, Compile(*e.base));
    TUPU_TRY_ASSIGN(ExpressionPtr from, CompileIfThere(e.from));
    TUPU_TRY_ASSIGN(ExpressionPtr to, CompileIfThere(e.to));
    return MakeSlice(std::move(base), std::move(from), std::move(to));
  }
  Result<ExpressionPtr> operator()(const BoundCase& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr subject, CompileIfThere(e.subject));
    std::vector<CaseAlternative> alternatives;
    for (const BoundCase::Alternative& each : e.alternatives) {
      TUPU_TRY_ASSIGN(ExpressionPtr when, Compile(*each.when));
      TUPU_TRY_ASSIGN(ExpressionPtr then, Compile(*each.then));
      alternatives.push_back({std::move(when), std::move(then)});
    }
    TUPU_TRY_ASSIGN(ExpressionPtr otherwise, CompileIfThere(e.otherwise));
    return MakeCase(std::move(subject), std::move(alternatives), std::move(otherwise));
  }
  Result<ExpressionPtr> operator()(const BoundFunctionCall& e) {
    TUPU_TRY_ASSIGN(std::vector<ExpressionPtr> arguments, CompileAll(e.arguments));
    return MakeFunctionCall(e.function, std::move(arguments));
  }
  Result<ExpressionPtr> operator()(const BoundListComprehension& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr list, Compile(*e.list));
    Compiler inner = With({e.variable});
    TUPU_TRY_ASSIGN(ExpressionPtr where, inner.CompileIfThere(e.where));
    TUPU_TRY_ASSIGN(ExpressionPtr projection, inner.CompileIfThere(e.projection));
    return MakeListComprehension(e.variable, std::move(list), std::move(where), std::move(projection));
  }
  Result<ExpressionPtr> operator()(const BoundQuantifier& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr list, Compile(*e.list));
    TUPU_TRY_ASSIGN(ExpressionPtr where, With({e.variable}).CompileIfThere(e.where));
    return MakeQuantifier(e.quantifier, e.variable, std::move(list), std::move(where));
  }
  Result<ExpressionPtr> operator()(const BoundReduce& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr initial, Compile(*e.initial));
    TUPU_TRY_ASSIGN(ExpressionPtr list, Compile(*e.list));
    TUPU_TRY_ASSIGN(ExpressionPtr step, With({e.accumulator, e.variable}).Compile(*e.step));
    return MakeReduce(e.accumulator, std::move(initial), e.variable, std::move(list), std::move(step));
  }
  Result<ExpressionPtr> operator()(const BoundMapProjection& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr base, Compile(*e.base));
    TUPU_TRY_ASSIGN(MapEntries entries, CompileEntries(e.entries));
    return MakeMapProjection(std::move(base), e.all, std::move(entries));
  }

  Result<ExpressionPtr> operator()(const BoundPatternExpression& e) {
    BoundPatternPart part = *e.pattern;
    // shortestPath as an expression needs a slot for the path that it gives.
    const bool shortest = e.pattern_kind == BoundPatternExpressionKind::kShortestPath ||
                          e.pattern_kind == BoundPatternExpressionKind::kAllShortestPaths;
    if (shortest && !part.path) part.path = context_.NewSlot();
    if (e.pattern_kind == BoundPatternExpressionKind::kShortestPath) part.selector = BoundPathSelector::kShortest;
    if (e.pattern_kind == BoundPatternExpressionKind::kAllShortestPaths)
      part.selector = BoundPathSelector::kAllShortest;
    const size_t argument = context_.NewArgument();
    LogicalPlan plan =
        MakePlan(LogicalMatch{MakePatternGraph({part}, e.where), OuterSlotsOf(e)}, MakePlan(LogicalArgument{argument}));
    TUPU_TRY_ASSIGN(SubplanSource source, MakeSource(std::move(plan), argument));
    switch (e.pattern_kind) {
      case BoundPatternExpressionKind::kExists: return MakeExists(std::move(source));
      case BoundPatternExpressionKind::kComprehension: {
        TUPU_TRY_ASSIGN(ExpressionPtr projection, CompileExpression(*e.projection, context_));
        return MakeCollect(std::move(source), std::move(projection), false);
      }
      case BoundPatternExpressionKind::kShortestPath: return MakeCollect(std::move(source), MakeSlot(*part.path), true);
      case BoundPatternExpressionKind::kAllShortestPaths:
        return MakeCollect(std::move(source), MakeSlot(*part.path), false);
    }
    return Error{ErrorCode::kInternal, "a kind of pattern expression without a plan"};
  }

  Result<ExpressionPtr> operator()(const BoundSubqueryExpression& e) {
    const size_t argument = context_.NewArgument();
    LogicalPlan plan = BuildSubqueryPlan(*e.query, argument, context_);
    if (e.subquery_kind == BoundSubqueryKind::kExists) plan = DropOutput(std::move(plan));
    TUPU_TRY_ASSIGN(SubplanSource source, MakeSource(std::move(plan), argument));
    switch (e.subquery_kind) {
      case BoundSubqueryKind::kExists: return MakeExists(std::move(source));
      case BoundSubqueryKind::kCount: return MakeCount(std::move(source));
      case BoundSubqueryKind::kCollect:
        return MakeCollect(std::move(source), MakeSlot(e.query->columns.front()), false);
    }
    return Error{ErrorCode::kInternal, "a kind of subquery without a plan"};
  }

  Result<ExpressionPtr> operator()(const BoundTypeTest& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr operand, Compile(*e.operand));
    return MakeTypeTest(std::move(operand), e.negated, e.types);
  }
  Result<ExpressionPtr> operator()(const BoundNormalizedTest& e) {
    TUPU_TRY_ASSIGN(ExpressionPtr operand, Compile(*e.operand));
    return MakeNormalizedTest(std::move(operand), e.negated, e.form);
  }

 private:
  Compiler With(std::initializer_list<Slot> slots) const {
    Compiler inner(context_, locals_);
    inner.locals_.insert(slots.begin(), slots.end());
    return inner;
  }

  Result<ExpressionPtr> CompileIfThere(const BoundExpressionPtr& expression) {
    return expression ? Compile(*expression) : Result<ExpressionPtr>(ExpressionPtr());
  }

  Result<std::vector<ExpressionPtr>> CompileAll(const std::vector<BoundExpressionPtr>& expressions) {
    std::vector<ExpressionPtr> compiled;
    for (const BoundExpressionPtr& expression : expressions) {
      TUPU_TRY_ASSIGN(ExpressionPtr each, Compile(*expression));
      compiled.push_back(std::move(each));
    }
    return compiled;
  }

  Result<MapEntries> CompileEntries(const std::vector<std::pair<std::string, BoundExpressionPtr>>& entries) {
    MapEntries compiled;
    for (const auto& [key, expression] : entries) {
      TUPU_TRY_ASSIGN(ExpressionPtr each, Compile(*expression));
      compiled.emplace_back(key, std::move(each));
    }
    return compiled;
  }

  Result<SubplanSource> MakeSource(LogicalPlan logical, size_t argument) {
    logical = ApplyRules(std::move(logical), context_);
    TUPU_TRY_ASSIGN(PhysicalPlan plan, BuildPhysicalPlan(*logical, context_));
    SubplanSource source;
    source.locals.assign(locals_.begin(), locals_.end());
    source.make = [plan, argument](size_t slots) {
      Arguments arguments;
      OperatorPtr root = Instantiate(*plan, arguments);
      return std::make_unique<Subplan>(std::move(root), arguments.at(argument), slots);
    };
    return source;
  }

  PlannerContext& context_;
  std::set<Slot> locals_;
};

}  // namespace

Result<ExpressionPtr> CompileExpression(const BoundExpression& expression, PlannerContext& context,
                                        const std::set<Slot>& locals) {
  return Compiler(context, locals).Compile(expression);
}

}  // namespace tupu
