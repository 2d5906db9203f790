#include "query/executor/procedure_call.h"

#include <algorithm>

#include <fmt/format.h>

namespace tupu {

ProcedureCall::ProcedureCall(OperatorPtr input, const Procedure* procedure, const ProcedureRegistry* registry,
                             std::vector<ExpressionPtr> arguments, std::vector<Yield> yields)
    : RowExpander(std::move(input)),
      procedure_(procedure),
      registry_(registry),
      arguments_(std::move(arguments)),
      yields_(std::move(yields)) {}

Status ProcedureCall::Begin(const Row& row) {
  std::vector<Value> arguments;
  for (const ExpressionPtr& argument : arguments_) {
    TUPU_TRY_ASSIGN(Value value, argument->Evaluate(row, context()));
    arguments.push_back(std::move(value));
  }
  const ProcedureContext call{context().view, context().cancellation, registry_};
  TUPU_TRY_ASSIGN(rows_, procedure_->function(call, arguments));
  position_ = 0;
  if (procedure_->signature.outputs.empty()) rows_.assign(1, {});
  for (const std::vector<Value>& each : rows_)
    if (each.size() != procedure_->signature.outputs.size())
      return Error{ErrorCode::kInternal,
                   fmt::format("procedure {} gave a row of {} values for {} outputs", procedure_->signature.name,
                               each.size(), procedure_->signature.outputs.size())};
  return {};
}

Result<size_t> ProcedureCall::Produce(const Row&, size_t room, Batch& out) {
  const size_t count = std::min(room, rows_.size() - position_);
  for (size_t i = 0; i < count; ++i, ++position_)
    for (const auto& [output, slot] : yields_) out.columns[slot].Append(rows_[position_][output]);
  return count;
}

}  // namespace tupu
