#include <fmt/format.h>

#include "query/binder/bound_printer.h"
#include "query/binder/bound_walk.h"
#include "query/binder/internal/query_binder.h"
#include "query/functions/function_registry.h"
#include "query/value/static_type.h"
#include "storage/base/ascii.h"

namespace tupu {
namespace {

bool IsExists(std::string_view name) {
  return ToLowerAscii(name) == "exists";
}

Error UnknownFunction(const AstName& name) {
  const std::vector<std::string> similar = SimilarFunctionNames(name.text);
  return BindError(name.where, "UnknownFunction", fmt::format("there is no function {}", name.text),
                   similar.empty() ? std::string() : fmt::format("Did you mean {}?", fmt::join(similar, " or ")));
}

std::string DescribeCount(const Function& function) {
  if (function.max_arguments == Function::kAnyNumber) return fmt::format("{} or more", function.min_arguments);
  if (function.min_arguments == function.max_arguments) return std::to_string(function.min_arguments);
  return fmt::format("{} to {}", function.min_arguments, function.max_arguments);
}

// The first call whose value changes from row to row, or null.
const BoundExpression* FindNondeterministic(const BoundExpressionPtr& expression) {
  const auto* call = expression->As<BoundFunctionCall>();
  if (call != nullptr && !call->function->deterministic) return expression.get();
  const BoundExpression* found = nullptr;
  ForEachChild(*expression, [&found](const BoundExpressionPtr& child) {
    if (found == nullptr) found = FindNondeterministic(child);
  });
  return found;
}

StaticType ResultType(const Function& function, const std::vector<BoundExpressionPtr>& arguments) {
  if (function.result_type == nullptr) return {};
  std::vector<StaticType> types;
  for (const BoundExpressionPtr& argument : arguments) types.push_back(argument->type);
  return function.result_type(types);
}

std::string AggregateFingerprint(const BoundAggregate& aggregate, const std::vector<bool>& locals) {
  std::string fingerprint =
      fmt::format("{}({}{}", aggregate.name, aggregate.distinct ? "DISTINCT " : "", aggregate.star ? "*" : "");
  for (const BoundExpressionPtr& argument : aggregate.arguments) fingerprint += Fingerprint(*argument, locals) + ",";
  return fingerprint;
}

}  // namespace

// exists(n.key) is n.key IS NOT NULL; exists((a)-->(b)) is the pattern as a condition.
QueryBinder::BoundResult QueryBinder::BindExists(const AstExpression& from, const AstFunctionCall& call) {
  const AstExpression& argument = *call.arguments[0];
  if (argument.As<AstPatternExpression>()) return BindPredicate(argument);
  TUPU_TRY_ASSIGN(BoundExpressionPtr operand, BindExpression(argument));
  auto expression = std::make_shared<BoundExpression>();
  expression->where = from.where;
  expression->type = {StaticKind::kBoolean};
  expression->node = BoundUnary{BoundUnaryOperator::kIsNotNull, std::move(operand)};
  return BoundExpressionPtr(std::move(expression));
}

Status QueryBinder::CheckArguments(const AstFunctionCall& call, const Function& function,
                                   const std::vector<BoundExpressionPtr>& arguments) const {
  const size_t count = arguments.size();
  if (!call.star && (count < function.min_arguments || count > function.max_arguments)) {
    return BindError(call.name.where, "InvalidNumberOfArguments",
                     fmt::format("{} takes {} arguments, not {}", function.name, DescribeCount(function), count));
  }
  for (size_t i = 0; i < count; ++i) {
    if (AcceptsArgument(function, i, arguments[i]->type)) continue;
    return BindError(arguments[i]->where, "InvalidArgumentType",
                     fmt::format("{} takes {}, not {}", function.name, DescribeParameter(function, i),
                                 ToString(arguments[i]->type)));
  }
  return {};
}

QueryBinder::BoundResult QueryBinder::BindNode(const AstExpression& from, const AstFunctionCall& call) {
  if (IsExists(call.name.text) && call.arguments.size() == 1) return BindExists(from, call);
  const Function* function = FindFunction(call.name.text);
  if (function == nullptr && call.arguments.empty()) {
    const std::string name = ToLowerAscii(call.name.text);
    if (name == "linenumber" || name == "file") return BindCsvPlace(from, name == "linenumber");
  }
  if (function == nullptr) return UnknownFunction(call.name);
  if (function->aggregate) return BindAggregate(from, call, *function);
  if (call.distinct || call.star) {
    return BindError(from.where, "UnexpectedSyntax",
                     fmt::format("{} is no aggregate: it takes neither DISTINCT nor *", function->name));
  }
  BoundFunctionCall bound{std::string(function->name), {}, function};
  TUPU_TRY_ASSIGN(bound.arguments, BindAll(call.arguments));
  TUPU_TRY(CheckArguments(call, *function, bound.arguments));
  auto expression = std::make_shared<BoundExpression>();
  expression->where = from.where;
  expression->type = ResultType(*function, bound.arguments);
  expression->node = std::move(bound);
  return BoundExpressionPtr(std::move(expression));
}

QueryBinder::BoundResult QueryBinder::BindAggregate(const AstExpression& from, const AstFunctionCall& call,
                                                    const Function& function) {
  if (inside_aggregate_) {
    return BindError(from.where, "NestedAggregation", fmt::format("{} stands inside another aggregate", function.name),
                     "Aggregate in a WITH first.");
  }
  if (aggregation_ == nullptr) {
    return BindError(from.where, "InvalidAggregation", fmt::format("the aggregate {} cannot stand here", function.name),
                     "Aggregates belong into the items of RETURN or WITH; filter on them in the WHERE of that WITH.");
  }
  if (call.star && function.name != "count") {
    return BindError(from.where, "UnexpectedSyntax",
                     fmt::format("{}(*) has no meaning: only count(*) has", function.name));
  }
  BoundAggregate aggregate;
  aggregate.where = from.where;
  aggregate.name = std::string(function.name);
  aggregate.function = &function;
  aggregate.distinct = call.distinct;
  aggregate.star = call.star;
  {
    const Restore<bool> inside(inside_aggregate_, true);
    // In ORDER BY the arguments are those of the projection, which it can only repeat.
    const Restore<Scope> input(scope_, aggregation_->input ? *aggregation_->input : scope_);
    TUPU_TRY_ASSIGN(aggregate.arguments, BindAll(call.arguments));
  }
  TUPU_TRY(CheckArguments(call, function, aggregate.arguments));
  for (const BoundExpressionPtr& argument : aggregate.arguments) {
    if (const BoundExpression* random = FindNondeterministic(argument)) {
      return BindError(random->where, "NonConstantExpression", "an aggregate cannot be taken over random values",
                       "Compute them in a WITH first.");
    }
  }
  const std::string fingerprint = AggregateFingerprint(aggregate, is_expression_local_);
  ++aggregation_->uses;
  const auto known = aggregation_->by_fingerprint.find(fingerprint);
  if (known != aggregation_->by_fingerprint.end()) return MakeVariable(known->second, from.where);
  if (aggregation_->output != nullptr) return MissingAggregate(from, aggregate);
  aggregate.slot = AddSlot({}, ResultType(function, aggregate.arguments));
  aggregation_->by_fingerprint.emplace(fingerprint, aggregate.slot);
  const Slot slot = aggregate.slot;
  aggregation_->aggregates.push_back(std::move(aggregate));
  return MakeVariable(slot, from.where);
}

// ORDER BY names an aggregate that the projection does not have.
Error QueryBinder::MissingAggregate(const AstExpression& from, const BoundAggregate& aggregate) const {
  std::set<Slot> slots;
  for (const BoundExpressionPtr& argument : aggregate.arguments) CollectSlots(*argument, slots);
  for (const Slot slot : slots) {
    const SlotInfo& info = slots_[slot];
    if (!is_expression_local_[slot] && !aggregation_->output->contains(info.name))
      return UndefinedVariable(info.name, from.where);
  }
  return BindError(
      from.where, "InvalidAggregation",
      fmt::format("ORDER BY can only repeat an aggregate of the projection, and {} is none", aggregate.name),
      "Add it to the items.");
}

}  // namespace tupu
