#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "query/executor/batch.h"
#include "query/executor/memory_tracker.h"

namespace tupu {

/// Bytes of rows [begin, end) of a batch, roughly.
uint64_t EstimateBytes(const Batch& batch, size_t begin, size_t end);

/// Rows that an operator holds on to, charged to its memory.
class RowBuffer {
 public:
  void Begin(size_t slots) {
    rows_ = Batch(slots);
    next_ = 0;
  }
  Status Add(const Batch& batch, MemoryCharge& charge);
  size_t size() const { return rows_.size; }
  const Batch& rows() const { return rows_; }
  Batch& rows() { return rows_; }

  /// The next rows in the order they came; leaves `out` empty at the end.
  void Give(Batch& out);
  /// The next rows in the order of `order`.
  void Give(std::span<const uint32_t> order, Batch& out);

 private:
  Batch rows_;
  size_t next_ = 0;
};

}  // namespace tupu
