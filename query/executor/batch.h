#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "query/executor/column.h"

namespace tupu {

/// Place of a variable in every row of a plan. One numbering per statement: a variable keeps its slot from the operator
/// that binds it to the last that reads it, so operators agree without translation.
using Slot = uint32_t;

/// Rows an operator gives at once: enough to hide the calls, few enough to stay in the cache.
inline constexpr size_t kBatchRows = 1024;

/// Some rows. A column whose size is not the batch's is a variable that is not bound here.
struct Batch {
  std::vector<Column> columns;  // by slot
  size_t size = 0;

  explicit Batch(size_t slots = 0) : columns(slots) {}

  bool IsBound(Slot slot) const { return columns[slot].size() == size; }
  void Clear() {
    for (Column& column : columns) column.Clear();
    size = 0;
  }
  /// Appends rows of `from`: every bound column of it.
  void Gather(const Batch& from, std::span<const uint32_t> rows) {
    for (size_t slot = 0; slot < columns.size(); ++slot)
      if (from.IsBound(static_cast<Slot>(slot))) columns[slot].Gather(from.columns[slot], rows);
    size += rows.size();
  }
};

/// One row of a batch. Lives as long as the batch stays as it is.
struct Row {
  const Batch* batch = nullptr;
  size_t index = 0;

  bool IsNull(Slot slot) const { return batch->columns[slot].IsNull(index); }
  Value Get(Slot slot) const { return batch->columns[slot].Get(index); }
};

}  // namespace tupu
