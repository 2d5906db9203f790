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
  TUPU_TRY(context_->cancellation.Check());
  TUPU_TRY(NextBatch(out));
  rows_ += out.size;
  return out.size > 0;
}

void Operator::Close() {
  if (context_ == nullptr) return;
  CloseSelf();
  memory_.Reset();
  for (const OperatorPtr& each : children_) each->Close();
}

RowExpander::RowExpander(OperatorPtr input) : Operator(Children(std::move(input))) {}

Status RowExpander::OpenSelf() {
  input_ = MakeBatch();
  row_ = 0;
  active_ = false;
  return {};
}

void RowExpander::CloseSelf() {
  input_ = Batch();
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
  out.Gather(input_, source_rows_);
  return {};
}

}  // namespace tupu
