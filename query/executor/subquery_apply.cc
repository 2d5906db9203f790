#include "query/executor/subquery_apply.h"

namespace tupu {

Apply::Apply(OperatorPtr outer, OperatorPtr inner, Argument* argument, std::vector<Slot> columns, bool optional)
    : Operator(Children(std::move(outer), std::move(inner))),
      argument_(argument),
      columns_(std::move(columns)),
      optional_(optional) {}

Status Apply::OpenSelf() {
  Prepare(outer_);
  Prepare(argument_rows_);
  Prepare(inner_rows_);
  row_ = 0;
  active_ = false;
  return {};
}

Status Apply::Begin() {
  argument_rows_.Clear();
  const auto index = static_cast<uint32_t>(row_);
  argument_rows_.Gather(outer_, {&index, 1});
  argument_->SetRows(&argument_rows_);
  active_ = true;
  matched_ = false;
  return child(1).Open(context());
}

void Apply::AddOuterRow(Batch& out, size_t times) {
  const std::vector<uint32_t> rows(times, static_cast<uint32_t>(row_));
  GatherLive(outer_, rows, out);
}

Status Apply::AddInnerRows(Batch& out) {
  TUPU_TRY_ASSIGN(const bool more, child(1).Next(inner_rows_));
  if (more && !columns_.empty()) {
    matched_ = true;
    std::vector<uint32_t> all(inner_rows_.size);
    for (uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    AddOuterRow(out, all.size());
    for (const Slot slot : columns_) out.columns[slot].Gather(inner_rows_.columns[slot], all);
  }
  if (more) return {};
  child(1).Close();
  argument_->SetRows(nullptr);
  if (columns_.empty() || (optional_ && !matched_)) {
    AddOuterRow(out, 1);
    for (const Slot slot : columns_) out.columns[slot].AppendNull();
  }
  active_ = false;
  ++row_;
  return {};
}

Status Apply::NextBatch(Batch& out) {
  while (out.size < kBatchRows) {
    if (!active_ && row_ >= outer_.size) {
      // Rows made so far are given before the input is asked for more: a LIMIT above may not need it.
      if (out.size > 0) return {};
      TUPU_TRY_ASSIGN(const bool more, child(0).Next(outer_));
      if (!more) return {};
      row_ = 0;
    }
    if (!active_) TUPU_TRY(Begin());
    TUPU_TRY(AddInnerRows(out));
  }
  return {};
}

CountApply::CountApply(OperatorPtr outer, OperatorPtr inner, Argument* argument, Slot row_number, Slot slot)
    : Operator(Children(std::move(outer), std::move(inner))),
      argument_(argument),
      row_number_(row_number),
      slot_(slot) {}

Status CountApply::OpenSelf() {
  Prepare(inner_rows_);
  return {};
}

Status CountApply::NextBatch(Batch& out) {
  TUPU_TRY_ASSIGN(const bool more, child(0).Next(out));
  if (!more) return {};
  NumberRows(out, row_number_);
  argument_->SetRows(&out);
  TUPU_TRY(child(1).Open(context()));
  std::vector<int64_t> counts(out.size, 0);
  while (true) {
    TUPU_TRY_ASSIGN(const bool rows, child(1).Next(inner_rows_));
    if (!rows) break;
    for (const int64_t number : inner_rows_.columns[row_number_].integers()) ++counts[static_cast<size_t>(number)];
  }
  argument_->SetRows(nullptr);
  out.columns[row_number_].Clear();
  for (const int64_t count : counts) out.columns[slot_].AppendInteger(count);
  return {};
}

Recall::Recall(OperatorPtr input, const Argument* argument, std::vector<Slot> slots)
    : Operator(Children(std::move(input))), argument_(argument), slots_(std::move(slots)) {}

Status Recall::NextBatch(Batch& out) {
  TUPU_TRY_ASSIGN(const bool more, child().Next(out));
  if (!more) return {};
  const Batch& from = *argument_->rows();
  for (const Slot slot : slots_)
    if (from.IsBound(slot) && !out.IsBound(slot)) out.columns[slot].AppendRepeated(from.columns[slot].Get(0), out.size);
  return {};
}

}  // namespace tupu
