#include "query/executor/unwind.h"

namespace tupu {

Unwind::Unwind(OperatorPtr input, ExpressionPtr list, Slot variable)
    : RowExpander(std::move(input)), list_(std::move(list)), variable_(variable) {}

Status Unwind::Begin(const Row& row) {
  position_ = 0;
  TUPU_TRY_ASSIGN(value_, list_->Evaluate(row, context()));
  return {};
}

Result<size_t> Unwind::Produce(const Row&, size_t room, Batch& out) {
  Column& column = out.columns[variable_];
  if (value_.is_null() || room == 0) return size_t{0};
  if (value_.type() != ValueType::kList) {
    if (position_++ > 0) return size_t{0};
    column.Append(value_);
    return size_t{1};
  }
  const List& list = value_.AsList();
  size_t made = 0;
  for (; made < room && position_ < list.size(); ++position_, ++made) column.Append(list[position_]);
  return made;
}

}  // namespace tupu
