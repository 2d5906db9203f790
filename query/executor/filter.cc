#include "query/executor/filter.h"

#include <fmt/format.h>

namespace tupu {

Result<bool> IsTrue(const Value& value) {
  if (value.is_null()) return false;
  if (value.type() == ValueType::kBoolean) return value.AsBoolean();
  Error error{ErrorCode::kInvalidArgument,
              fmt::format("a predicate must be true, false or null, but here it is a {}", Name(value.type()))};
  error.condition = "TypeError.InvalidArgumentType";
  return error;
}

Status SelectTrue(const Column& truth, std::vector<uint32_t>& out) {
  if (truth.type() == ColumnType::kUnset) return {};
  if (truth.type() == ColumnType::kBoolean) {
    const auto booleans = truth.booleans();
    for (uint32_t row = 0; row < booleans.size(); ++row)
      if (booleans[row] != 0 && !truth.IsNull(row)) out.push_back(row);
    return {};
  }
  for (uint32_t row = 0; row < truth.size(); ++row) {
    TUPU_TRY_ASSIGN(const bool passes, IsTrue(truth.Get(row)));
    if (passes) out.push_back(row);
  }
  return {};
}

Filter::Filter(OperatorPtr input, ExpressionPtr predicate)
    : Operator(Children(std::move(input))), predicate_(std::move(predicate)) {}

Status Filter::OpenSelf() {
  Prepare(input_);
  return {};
}

Status Filter::NextBatch(Batch& out) {
  while (true) {
    TUPU_TRY_ASSIGN(const bool more, child().Next(input_));
    if (!more) return {};
    truth_.Clear();
    passing_.clear();
    TUPU_TRY(predicate_->EvaluateBatch(input_, context(), truth_));
    TUPU_TRY(SelectTrue(truth_, passing_));
    if (passing_.empty()) continue;
    if (passing_.size() == input_.size) {
      std::swap(out, input_);  // all pass: no copy
    } else {
      GatherLive(input_, passing_, out);
    }
    return {};
  }
}

}  // namespace tupu
