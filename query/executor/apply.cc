#include "query/executor/apply.h"

#include <numeric>

#include "storage/base/check.h"

namespace tupu {

Status Argument::OpenSelf() {
  given_ = false;
  return {};
}

Status Argument::NextBatch(Batch& out) {
  if (given_ || rows_ == nullptr) return {};
  given_ = true;
  out = *rows_;
  return {};
}

void NumberRows(Batch& batch, Slot slot) {
  batch.columns[slot].Clear();
  for (size_t row = 0; row < batch.size; ++row) batch.columns[slot].AppendInteger(static_cast<int64_t>(row));
}

namespace {

size_t RowNumber(const Batch& batch, Slot slot, size_t row) {
  return static_cast<size_t>(batch.columns[slot].integers()[row]);
}

}  // namespace

OptionalApply::OptionalApply(OperatorPtr outer, OperatorPtr inner, Argument* argument, Slot row_number,
                             std::vector<Slot> introduced)
    : Operator(Children(std::move(outer), std::move(inner))),
      argument_(argument),
      row_number_(row_number),
      introduced_(std::move(introduced)) {}

Status OptionalApply::OpenSelf() {
  Prepare(outer_);
  Prepare(inner_rows_);
  active_ = false;
  return {};
}

void OptionalApply::AddRow(Batch& out, const Batch& from, size_t row) const {
  for (Slot slot = 0; slot < from.columns.size(); ++slot)
    if (slot != row_number_ && from.IsBound(slot)) out.columns[slot].AppendRow(from.columns[slot], row);
  ++out.size;
}

/// Outer rows in [next_outer_, end) had no inner row.
void OptionalApply::AddUnmatched(Batch& out, size_t end) {
  for (; next_outer_ < end; ++next_outer_) {
    AddRow(out, outer_, next_outer_);
    for (const Slot slot : introduced_) out.columns[slot].AppendNull();
  }
}

Status OptionalApply::AddInnerRows(Batch& out) {
  for (size_t row = 0; row < inner_rows_.size; ++row) {
    const size_t number = RowNumber(inner_rows_, row_number_, row);
    TUPU_DCHECK(number + 1 >= next_outer_);
    AddUnmatched(out, number);
    AddRow(out, inner_rows_, row);
    // Slots that the inner plan did not need to bind are null rather than missing.
    for (const Slot slot : introduced_)
      if (out.columns[slot].size() < out.size) out.columns[slot].AppendNull();
    next_outer_ = number + 1;
  }
  return {};
}

Status OptionalApply::NextBatch(Batch& out) {
  while (out.size == 0) {
    if (!active_) {
      TUPU_TRY_ASSIGN(const bool more, child(0).Next(outer_));
      if (!more) return {};
      NumberRows(outer_, row_number_);
      argument_->SetRows(&outer_);
      TUPU_TRY(child(1).Open(context()));
      next_outer_ = 0;
      active_ = true;
    }
    TUPU_TRY_ASSIGN(const bool more, child(1).Next(inner_rows_));
    if (more) {
      TUPU_TRY(AddInnerRows(out));
    } else {
      AddUnmatched(out, outer_.size);
      active_ = false;
    }
  }
  return {};
}

SemiApply::SemiApply(OperatorPtr outer, OperatorPtr inner, Argument* argument, Slot row_number, bool anti)
    : Operator(Children(std::move(outer), std::move(inner))),
      argument_(argument),
      row_number_(row_number),
      anti_(anti) {}

Status SemiApply::OpenSelf() {
  Prepare(outer_);
  Prepare(inner_rows_);
  return {};
}

Status SemiApply::NextBatch(Batch& out) {
  while (out.size == 0) {
    TUPU_TRY_ASSIGN(const bool more, child(0).Next(outer_));
    if (!more) return {};
    NumberRows(outer_, row_number_);
    argument_->SetRows(&outer_);
    TUPU_TRY(child(1).Open(context()));
    std::vector<uint8_t> found(outer_.size, 0);
    size_t number_found = 0;
    while (number_found < outer_.size) {  // all found: the rest of the inner rows says nothing new
      TUPU_TRY_ASSIGN(const bool rows, child(1).Next(inner_rows_));
      if (!rows) break;
      for (size_t row = 0; row < inner_rows_.size; ++row) {
        uint8_t& seen = found[RowNumber(inner_rows_, row_number_, row)];
        number_found += seen == 0 ? 1 : 0;
        seen = 1;
      }
    }
    outer_.columns[row_number_].Clear();
    std::vector<uint32_t> passing;
    for (uint32_t row = 0; row < outer_.size; ++row)
      if ((found[row] != 0) != anti_) passing.push_back(row);
    out.Gather(outer_, passing);
  }
  return {};
}

Status Subplan::Run(const Row& row, const std::vector<std::pair<Slot, Value>>& extra, ExecutionContext& context,
                    const std::function<Result<bool>(const Row&)>& visit) {
  // Its own batch: a subquery may be met again inside itself, through an expression of its rows.
  Batch argument(context.slot_count);
  const uint32_t index = static_cast<uint32_t>(row.index);
  argument.Gather(*row.batch, {&index, 1});
  for (const auto& [slot, value] : extra) {
    argument.columns[slot].Clear();
    argument.columns[slot].Append(value);
  }
  argument_->SetRows(&argument);
  TUPU_TRY(root_->Open(context));
  bool more = true;
  while (more) {
    TUPU_TRY_ASSIGN(more, root_->Next(rows_));
    for (size_t i = 0; more && i < rows_.size; ++i) {
      TUPU_TRY_ASSIGN(more, visit(Row{&rows_, i}));
    }
  }
  root_->Close();
  argument_->SetRows(nullptr);
  return {};
}

}  // namespace tupu
