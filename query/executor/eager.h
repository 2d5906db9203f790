#pragma once

#include "query/executor/operator.h"
#include "query/executor/row_buffer.h"

namespace tupu {

/// Takes in all rows before it gives the first: what stands below is done, reads before writes or writes before reads.
class Eager final : public Operator {
 public:
  explicit Eager(OperatorPtr input) : Operator(Children(std::move(input))) {}

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;
  void CloseSelf() override { buffer_.Begin(0); }

 private:
  RowBuffer buffer_;
  bool done_ = false;
};

/// Runs its child to the end and gives no rows: a statement that ends in a write.
class EmptyResult final : public Operator {
 public:
  explicit EmptyResult(OperatorPtr input) : Operator(Children(std::move(input))) {}

 protected:
  Status NextBatch(Batch& out) override;
};

}  // namespace tupu
