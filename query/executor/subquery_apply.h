#pragma once

#include <vector>

#include "query/executor/apply.h"
#include "query/executor/operator.h"

namespace tupu {

/// CALL { }: the inner plan runs for one outer row at a time, in their order; gives the outer row with the columns of each
/// inner row. With `optional`, a row for which there is none comes back once, with null in the columns. Without columns the
/// inner plan runs to its end for what it changes, and the outer row comes back once.
/// A run sees what the runs before it have changed.
class Apply final : public Operator {
 public:
  Apply(OperatorPtr outer, OperatorPtr inner, Argument* argument, std::vector<Slot> columns, bool optional);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  Status Begin();
  Status AddInnerRows(Batch& out);
  void AddOuterRow(Batch& out, size_t times);

  Argument* argument_;
  std::vector<Slot> columns_;
  bool optional_;
  Batch outer_;
  size_t row_ = 0;
  Batch argument_rows_;  // the row that the inner plan runs for
  Batch inner_rows_;
  bool active_ = false;
  bool matched_ = false;
};

/// COUNT { }: the number of inner rows of each outer row, in `slot`. The inner plan runs for a batch of rows at once.
/// Requires: as OptionalApply.
class CountApply final : public Operator {
 public:
  CountApply(OperatorPtr outer, OperatorPtr inner, Argument* argument, Slot row_number, Slot slot);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  Argument* argument_;
  Slot row_number_;
  Slot slot_;
  Batch inner_rows_;
};

/// Gives the argument's values back to rows that have lost them, as behind an aggregation.
/// Requires: the argument is one row.
class Recall final : public Operator {
 public:
  Recall(OperatorPtr input, const Argument* argument, std::vector<Slot> slots);

 protected:
  Status NextBatch(Batch& out) override;

 private:
  const Argument* argument_;
  std::vector<Slot> slots_;
};

}  // namespace tupu
