#pragma once

#include "query/executor/expression.h"
#include "query/executor/operator.h"

namespace tupu {

/// One row for each element of a list; none for null; one for a value that is no list.
class Unwind final : public RowExpander {
 public:
  Unwind(OperatorPtr input, ExpressionPtr list, Slot variable);

 protected:
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  ExpressionPtr list_;
  Slot variable_;
  Value value_;
  size_t position_ = 0;
};

}  // namespace tupu
