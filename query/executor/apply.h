#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "query/executor/expression.h"
#include "query/executor/operator.h"

namespace tupu {

/// Where an inner plan takes in the rows of the plan around it. The outer side sets the rows, then opens the inner plan.
/// An inner plan with several branches has a leaf in each, which follow one another in a chain.
class Argument final : public Operator {
 public:
  /// `rows` must stay as they are while the inner plan runs; null: no rows.
  void SetRows(const Batch* rows) {
    for (Argument* each = this; each != nullptr; each = each->next_) each->rows_ = rows;
  }
  const Batch* rows() const { return rows_; }

  /// Puts a leaf of another branch behind this one.
  void Chain(Argument* leaf) { leaf->next_ = std::exchange(next_, leaf); }

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  const Batch* rows_ = nullptr;
  Argument* next_ = nullptr;
  bool given_ = false;
};

/// Numbers the rows of a batch from 0 in `slot`: how rows of an inner plan are led back to their outer row.
void NumberRows(Batch& batch, Slot slot);

/// OPTIONAL MATCH: the inner plan runs for a whole batch of outer rows at once; an outer row for which it gives nothing
/// comes back once, with null in the slots that the inner plan would have bound. Keeps the order of the outer rows.
///
/// Requires: every operator of the inner plan keeps the columns and the order of its argument; `row_number` is a slot of
/// this operator's own, by which inner rows are led back to their outer row.
class OptionalApply final : public Operator {
 public:
  OptionalApply(OperatorPtr outer, OperatorPtr inner, Argument* argument, Slot row_number,
                std::vector<Slot> introduced);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  void AddRow(Batch& out, const Batch& from, size_t row) const;
  void AddUnmatched(Batch& out, size_t end);
  Status AddInnerRows(Batch& out);

  Argument* argument_;
  Slot row_number_;
  std::vector<Slot> introduced_;
  Batch outer_;
  Batch inner_rows_;
  size_t next_outer_ = 0;  // outer rows before it are done
  bool active_ = false;
};

/// EXISTS as a predicate: the outer rows for which the inner plan gives a row (or none, if `anti`).
/// Requires: as OptionalApply.
class SemiApply final : public Operator {
 public:
  SemiApply(OperatorPtr outer, OperatorPtr inner, Argument* argument, Slot row_number, bool anti);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  Argument* argument_;
  Slot row_number_;
  bool anti_;
  Batch outer_;
  Batch inner_rows_;
};

/// An inner plan of an expression, run for one row at a time.
class Subplan {
 public:
  Subplan(OperatorPtr root, Argument* argument, size_t slots)
      : root_(std::move(root)), argument_(argument), rows_(slots) {}

  /// Runs for the row, with `extra` slots set besides; calls `visit` for each row until it says false.
  Status Run(const Row& row, const std::vector<std::pair<Slot, Value>>& extra, ExecutionContext& context,
             const std::function<Result<bool>(const Row&)>& visit);

 private:
  OperatorPtr root_;
  Argument* argument_;
  Batch rows_;
};

}  // namespace tupu
