#include <algorithm>

#include <fmt/format.h>

#include "query/binder/internal/query_binder.h"
#include "query/schema/catalog_procedures.h"
#include "query/schema/show_procedures.h"
#include "query/value/static_type.h"
#include "storage/base/similar.h"

namespace tupu {

Error QueryBinder::ProcedureNotFound(const AstName& name) const {
  std::vector<std::string_view> names;
  for (const auto& [known, procedure] : procedures_.procedures()) names.push_back(known);
  for (const Procedure& procedure : CatalogProcedures()) names.push_back(procedure.signature.name);
  Error error =
      BindError(name.where, {}, fmt::format("there is no procedure {}", name.text), DidYouMean(name.text, names));
  error.condition = "ProcedureError.ProcedureNotFound";
  return error;
}

Result<BoundCall> QueryBinder::BindCall(const AstCall& call, const SourceSpan& where, bool standalone) {
  BoundCall bound;
  bound.where = where;
  bound.registry = &procedures_;
  bound.procedure = FindShowProcedure(call.procedure.text);
  if (bound.procedure == nullptr) bound.procedure = procedures_.Find(call.procedure.text);
  if (bound.procedure == nullptr) bound.procedure = FindCatalogProcedure(call.procedure.text);
  if (bound.procedure == nullptr) return ProcedureNotFound(call.procedure);
  const ProcedureSignature& signature = bound.procedure->signature;
  if (!call.arguments && !standalone) {
    return BindError(call.procedure.where, "InvalidArgumentPassingMode",
                     "a CALL within a query needs its arguments in parentheses",
                     fmt::format("Write CALL {}(...).", call.procedure.text));
  }
  TUPU_TRY(BindCallArguments(call, signature, bound));
  TUPU_TRY(BindYields(call, signature, standalone, bound));
  TUPU_TRY_ASSIGN(bound.filter, BindOptionalPredicate(call.where));
  return bound;
}

Status QueryBinder::BindCallArguments(const AstCall& call, const ProcedureSignature& signature, BoundCall& bound) {
  const size_t given = call.arguments ? call.arguments->size() : 0;
  if (given > signature.inputs.size()) {
    return BindError(call.procedure.where, "InvalidNumberOfArguments",
                     fmt::format("{} takes {} arguments, not {}", signature.name, signature.inputs.size(), given));
  }
  for (size_t i = 0; i < signature.inputs.size(); ++i) {
    const ProcedureField& input = signature.inputs[i];
    auto expression = std::make_shared<BoundExpression>();
    expression->where = call.procedure.where;
    if (i < given) {
      TUPU_TRY_ASSIGN(BoundExpressionPtr argument, BindExpression(*(*call.arguments)[i]));
      TUPU_TRY(CheckType(*argument, ParseStaticType(input.type), fmt::format("the argument {}", input.name)));
      bound.arguments.push_back(std::move(argument));
      continue;
    }
    if (!call.arguments && !input.default_value) {  // CALL without parentheses: parameters of the inputs' names
      parameters_.insert(input.name);
      expression->node = BoundParameter{input.name};
    } else if (input.default_value) {
      expression->type = StaticTypeOf(*input.default_value);
      expression->node = BoundLiteral{*input.default_value};
    } else {
      return BindError(call.procedure.where, "InvalidNumberOfArguments",
                       fmt::format("{} needs the argument {} ({})", signature.name, input.name, input.type));
    }
    bound.arguments.push_back(std::move(expression));
  }
  return {};
}

Status QueryBinder::BindYields(const AstCall& call, const ProcedureSignature& signature, bool standalone,
                               BoundCall& bound) {
  const auto add = [&](size_t output, const AstName& name) -> Status {
    if (IsTaken(name.text)) {
      return BindError(name.where, "VariableAlreadyBound", fmt::format("the variable {} is already defined", name.text),
                       fmt::format("Rename it: YIELD {} AS other.", signature.outputs[output].name));
    }
    const Slot slot = AddSlot(name.text, ParseStaticType(signature.outputs[output].type));
    scope_.emplace(name.text, slot);
    bound.yields.push_back({output, slot});
    return {};
  };
  const bool shows = FindShowProcedure(signature.name) != nullptr;
  if (call.yield_star && !standalone && !shows) {
    return BindError(call.procedure.where, "UnexpectedSyntax", "YIELD * stands only in a CALL on its own",
                     "Name the outputs.");
  }
  if (call.yield_star || (standalone && !call.has_yield)) {
    for (size_t i = 0; i < signature.outputs.size(); ++i) {
      TUPU_TRY(add(i, {signature.outputs[i].name, call.procedure.where}));
    }
  }
  for (const AstYieldItem& item : call.yields) {
    const auto output = std::find_if(signature.outputs.begin(), signature.outputs.end(),
                                     [&](const ProcedureField& field) { return field.name == item.output.text; });
    if (output == signature.outputs.end()) {
      std::vector<std::string_view> names;
      for (const ProcedureField& field : signature.outputs) names.push_back(field.name);
      return BindError(item.output.where, "UndefinedVariable",
                       fmt::format("{} has no output {}", signature.name, item.output.text),
                       fmt::format("Its outputs: {}.", fmt::join(names, ", ")));
    }
    const AstName& name = item.alias ? *item.alias : item.output;
    TUPU_TRY(add(static_cast<size_t>(output - signature.outputs.begin()), name));
  }
  return {};
}

}  // namespace tupu
