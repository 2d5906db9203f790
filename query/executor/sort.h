#pragma once

#include <cstdint>
#include <vector>

#include "query/executor/expression.h"
#include "query/executor/operator.h"
#include "query/executor/row_buffer.h"

namespace tupu {

struct SortKey {
  ExpressionPtr expression;
  bool ascending = true;
};

/// All rows in order; rows that compare equal keep the order they came in.
class Sort : public Operator {
 public:
  Sort(OperatorPtr input, std::vector<SortKey> keys);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;
  void CloseSelf() override;

  /// Called after each batch taken in.
  virtual Status AfterBatch() { return {}; }
  virtual size_t RowsToGive(size_t have) const { return have; }
  /// Rows in order; only the first `count` need be right.
  std::vector<uint32_t> Order(size_t count) const;
  size_t buffered() const { return buffer_.size(); }
  /// Drops all rows but the first `count` in order.
  Status Truncate(size_t count);

 private:
  Status TakeIn(const Batch& batch);

  std::vector<SortKey> keys_;
  RowBuffer buffer_;
  std::vector<Column> key_values_;
  std::vector<uint32_t> order_;
  bool sorted_ = false;
};

/// ORDER BY with LIMIT: the first `skip` + `limit` rows in order (SKIP itself stands above), in memory for about twice as many.
class TopK final : public Sort {
 public:
  TopK(OperatorPtr input, std::vector<SortKey> keys, ExpressionPtr skip, ExpressionPtr limit);

 protected:
  Status OpenSelf() override;
  Status AfterBatch() override;
  size_t RowsToGive(size_t have) const override { return have < count_ ? have : count_; }

 private:
  ExpressionPtr skip_;  // may be null
  ExpressionPtr limit_;
  size_t count_ = 0;
};

}  // namespace tupu
