#include "query/executor/limit.h"

#include <numeric>

#include <fmt/format.h>

namespace tupu {

Result<uint64_t> EvaluateRowCount(const Expression& expression, const std::string& clause, ExecutionContext& context) {
  Batch none(context.slot_count);
  none.size = 1;
  TUPU_TRY_ASSIGN(const Value value, expression.Evaluate(Row{&none, 0}, context));
  if (value.type() == ValueType::kInteger && value.AsInteger() >= 0) return static_cast<uint64_t>(value.AsInteger());
  Error error{ErrorCode::kInvalidArgument,
              fmt::format("{} takes an integer of 0 or more, but here it is {}", clause, value.ToString())};
  error.condition =
      value.type() == ValueType::kInteger ? "SyntaxError.NegativeIntegerArgument" : "SyntaxError.InvalidArgumentType";
  return error;
}

namespace {

std::vector<uint32_t> RowRange(size_t begin, size_t end) {
  std::vector<uint32_t> rows(end - begin);
  std::iota(rows.begin(), rows.end(), static_cast<uint32_t>(begin));
  return rows;
}

}  // namespace

Skip::Skip(OperatorPtr input, ExpressionPtr count) : Operator(Children(std::move(input))), count_(std::move(count)) {}

Status Skip::OpenSelf() {
  TUPU_TRY_ASSIGN(left_, EvaluateRowCount(*count_, "SKIP", context()));
  Prepare(input_);
  return {};
}

Status Skip::NextBatch(Batch& out) {
  while (true) {
    if (left_ == 0) {
      TUPU_TRY(child().Next(out));
      return {};
    }
    TUPU_TRY_ASSIGN(const bool more, child().Next(input_));
    if (!more) return {};
    if (left_ >= input_.size) {
      left_ -= input_.size;
      continue;
    }
    out.Gather(input_, RowRange(left_, input_.size));
    left_ = 0;
    return {};
  }
}

Limit::Limit(OperatorPtr input, ExpressionPtr count) : Operator(Children(std::move(input))), count_(std::move(count)) {}

Status Limit::OpenSelf() {
  TUPU_TRY_ASSIGN(left_, EvaluateRowCount(*count_, "LIMIT", context()));
  Prepare(input_);
  pulled_ = false;
  return {};
}

Status Limit::NextBatch(Batch& out) {
  // LIMIT 0 over writes: they happen all the same, at the first call of the Eager below.
  const bool must_write = context().transaction != nullptr && !pulled_;
  if (left_ == 0 && !must_write) return {};
  pulled_ = true;
  TUPU_TRY_ASSIGN(const bool more, child().Next(input_));
  if (!more || left_ == 0) return {};
  if (input_.size <= left_) {
    left_ -= input_.size;
    std::swap(out, input_);
  } else {
    out.Gather(input_, RowRange(0, left_));
    left_ = 0;
  }
  return {};
}

}  // namespace tupu
