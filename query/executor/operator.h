#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <tupu/result.h>

#include "query/executor/batch.h"
#include "query/executor/execution_context.h"

namespace tupu {

/// One step of a running plan: pulls batches from its children and gives batches.
///
///     Open -> Next ... Next (false: no more) -> Close;  Open may follow again, also before the end was reached
///
/// Derived classes fill in OpenSelf, NextBatch and CloseSelf. This class opens and closes the children, counts rows, and
/// asks the cancellation token before each batch; long loops inside an operator ask it themselves.
class Operator {
 public:
  explicit Operator(std::vector<std::unique_ptr<Operator>> children = {}) : children_(std::move(children)) {}
  virtual ~Operator() = default;
  Operator(const Operator&) = delete;
  Operator& operator=(const Operator&) = delete;

  /// `context` must outlive the operator's use.
  Status Open(ExecutionContext& context);
  /// Fills `out` from its beginning; false (and an empty batch) is the end.
  Result<bool> Next(Batch& out);
  void Close();

  uint64_t rows() const { return rows_; }  // given since it was made

  /// The slots that operators above read; without a call: all. Others need not be filled.
  void SetLiveSlots(std::vector<Slot> slots) { live_ = std::move(slots); }

 protected:
  /// Children are open already.
  virtual Status OpenSelf() { return {}; }
  /// `out` is empty; leaving it empty is the end.
  virtual Status NextBatch(Batch& out) = 0;
  virtual void CloseSelf() {}

  ExecutionContext& context() { return *context_; }
  Operator& child(size_t index = 0) { return *children_[index]; }
  Batch MakeBatch() const { return Batch(context_->slot_count); }
  /// Empty, with a column for each slot; memory that it had is kept.
  void Prepare(Batch& batch) const {
    if (batch.columns.size() == context_->slot_count) return batch.Clear();
    batch = MakeBatch();
  }
  /// Appends rows of `from` to the columns that are live.
  void GatherLive(const Batch& from, std::span<const uint32_t> rows, Batch& out) const;
  bool IsLive(Slot slot) const { return !live_ || std::find(live_->begin(), live_->end(), slot) != live_->end(); }
  MemoryCharge& memory() { return memory_; }

 private:
  std::vector<std::unique_ptr<Operator>> children_;
  ExecutionContext* context_ = nullptr;
  MemoryCharge memory_;
  std::optional<std::vector<Slot>> live_;
  uint64_t rows_ = 0;
  uint32_t batches_ = 0;
};

using OperatorPtr = std::unique_ptr<Operator>;

/// The children of an operator, as its base takes them.
template <class... Child>
std::vector<OperatorPtr> Children(Child... child) {
  std::vector<OperatorPtr> children;
  (children.push_back(std::move(child)), ...);
  return children;
}

/// Base of operators that make zero or more rows out of each row of their child, in the child's order, keeping its
/// columns: scans within rows, expands, UNWIND, procedure calls.
class RowExpander : public Operator {
 public:
  explicit RowExpander(OperatorPtr input);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) final;
  void CloseSelf() override;

  /// Turns to a new input row.
  virtual Status Begin(const Row& row) = 0;
  /// Appends at most `room` values to each of the new columns of `out`; the number of rows made, 0: the row is done.
  virtual Result<size_t> Produce(const Row& row, size_t room, Batch& out) = 0;

 private:
  Batch input_;
  size_t row_ = 0;
  bool active_ = false;
  std::vector<uint32_t> source_rows_;
};

/// Walks all rows of a child: the outer loop of operators that take in everything first.
template <class Visit>  // Status(const Row&)
Status ForEachRow(Operator& child, Batch& buffer, Visit visit) {
  while (true) {
    TUPU_TRY_ASSIGN(const bool more, child.Next(buffer));
    if (!more) return {};
    for (size_t row = 0; row < buffer.size; ++row) TUPU_TRY(visit(Row{&buffer, row}));
  }
}

}  // namespace tupu
