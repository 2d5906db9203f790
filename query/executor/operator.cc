#include "query/executor/operator.h"

namespace tupu {

Status Operator::Open(ExecutionContext& context) {
  context_ = &context;
  memory_.Attach(&context.memory);
  for (const OperatorPtr& each : children_) TUPU_TRY(each->Open(context));
  return OpenSelf();
}

Result<bool> Operator::Next(Batch& out) {
  out.Clear();
  // The clock costs as much as a short batch: it is asked now and then, by operators that give many.
  constexpr uint32_t kBatchesPerLook = 16;
  if (context_->cancellation.cancelled() || ++batches_ % kBatchesPerLook == 0)
    TUPU_TRY(context_->cancellation.Check());
  TUPU_TRY(NextBatch(out));
  rows_ += out.size;
  return out.size > 0;
}

void Operator::GatherLive(const Batch& from, std::span<const uint32_t> rows, Batch& out) const {
  if (!live_) return out.Gather(from, rows);
  for (const Slot slot : *live_)
    if (from.IsBound(slot)) out.columns[slot].Gather(from.columns[slot], rows);
  out.size += rows.size();
}

void Operator::Close() {
  if (context_ == nullptr) return;
  CloseSelf();
  memory_.Reset();
  for (const OperatorPtr& each : children_) each->Close();
}

RowExpander::RowExpander(OperatorPtr input) : Operator(Children(std::move(input))) {}

Status RowExpander::OpenSelf() {
  Prepare(input_);
  row_ = 0;
  active_ = false;
  return {};
}

void RowExpander::CloseSelf() {
  input_.Clear();
}

Status RowExpander::NextBatch(Batch& out) {
  source_rows_.clear();
  while (source_rows_.size() < kBatchRows) {
    if (!active_) {
      if (row_ >= input_.size) {
        // Rows made so far are given before the input is asked for more: a LIMIT above may not need it.
        if (!source_rows_.empty()) break;
        TUPU_TRY_ASSIGN(const bool more, child().Next(input_));
        if (!more) return {};
        row_ = 0;
      }
      TUPU_TRY(Begin(Row{&input_, row_}));
      active_ = true;
    }
    TUPU_TRY_ASSIGN(const size_t made, Produce(Row{&input_, row_}, kBatchRows - source_rows_.size(), out));
    if (made == 0) {
      active_ = false;
      ++row_;
    } else {
      source_rows_.insert(source_rows_.end(), made, static_cast<uint32_t>(row_));
    }
  }
  GatherLive(input_, source_rows_, out);
  return {};
}

}  // namespace tupu
