#include "query/executor/row_buffer.h"

#include <algorithm>
#include <numeric>

namespace tupu {

uint64_t EstimateBytes(const Batch& batch, size_t begin, size_t end) {
  uint64_t bytes = 0;
  for (Slot slot = 0; slot < batch.columns.size(); ++slot) {
    if (!batch.IsBound(slot)) continue;
    const Column& column = batch.columns[slot];
    if (column.type() == ColumnType::kValue) {
      for (size_t row = begin; row < end; ++row) bytes += EstimateBytes(column.values()[row]);
    } else {
      bytes += (end - begin) * (column.type() == ColumnType::kEdge ? sizeof(EdgeReference) : sizeof(uint64_t));
    }
  }
  return bytes;
}

Status RowBuffer::Add(const Batch& batch, MemoryCharge& charge) {
  TUPU_TRY(charge.Add(EstimateBytes(batch, 0, batch.size)));
  std::vector<uint32_t> all(batch.size);
  std::iota(all.begin(), all.end(), 0u);
  rows_.Gather(batch, all);
  return {};
}

void RowBuffer::Give(Batch& out) {
  const size_t end = std::min(rows_.size, next_ + kBatchRows);
  std::vector<uint32_t> some(end - next_);
  std::iota(some.begin(), some.end(), static_cast<uint32_t>(next_));
  out.Gather(rows_, some);
  next_ = end;
}

void RowBuffer::Give(std::span<const uint32_t> order, Batch& out) {
  const size_t end = std::min(order.size(), next_ + kBatchRows);
  out.Gather(rows_, order.subspan(next_, end - next_));
  next_ = end;
}

}  // namespace tupu
