#include "query/executor/join.h"

#include <algorithm>
#include <numeric>

#include "query/value/compare.h"

namespace tupu {

BufferedJoin::BufferedJoin(OperatorPtr left, OperatorPtr right)
    : Operator(Children(std::move(left), std::move(right))) {}

Status BufferedJoin::OpenSelf() {
  Prepare(left_);
  right_.Begin(context().slot_count);
  built_ = false;
  active_ = false;
  left_row_ = 0;
  return {};
}

void BufferedJoin::CloseSelf() {
  right_.Begin(0);
}

Status BufferedJoin::Build() {
  Batch batch = MakeBatch();
  while (true) {
    TUPU_TRY_ASSIGN(const bool more, child(1).Next(batch));
    if (!more) break;
    TUPU_TRY(right_.Add(batch, memory()));
  }
  built_ = true;
  return AfterBuild(right_.rows());
}

Status BufferedJoin::NextBatch(Batch& out) {
  std::vector<uint32_t> left_rows;
  std::vector<uint32_t> right_rows;
  while (left_rows.size() < kBatchRows) {
    if (!active_) {
      if (left_row_ >= left_.size) {
        if (!left_rows.empty()) break;
        TUPU_TRY_ASSIGN(const bool more, child(0).Next(left_));
        if (!more) return {};
        if (!built_) TUPU_TRY(Build());  // not before the left side has a row
        if (right_.size() == 0) return {};
        left_row_ = 0;
      }
      TUPU_TRY_ASSIGN(partners_, Partners(Row{&left_, left_row_}));
      position_ = 0;
      active_ = true;
    }
    const size_t count = std::min(kBatchRows - left_rows.size(), partners_.size() - position_);
    left_rows.insert(left_rows.end(), count, static_cast<uint32_t>(left_row_));
    right_rows.insert(right_rows.end(), partners_.begin() + static_cast<std::ptrdiff_t>(position_),
                      partners_.begin() + static_cast<std::ptrdiff_t>(position_ + count));
    position_ += count;
    if (position_ < partners_.size()) break;
    active_ = false;
    ++left_row_;
  }
  out.Gather(left_, left_rows);
  const Batch& right = right_.rows();
  for (Slot slot = 0; slot < right.columns.size(); ++slot)
    if (right.IsBound(slot) && out.columns[slot].size() == 0) out.columns[slot].Gather(right.columns[slot], right_rows);
  return {};
}

Status CartesianProduct::AfterBuild(const Batch& right) {
  all_.resize(right.size);
  std::iota(all_.begin(), all_.end(), 0u);
  return {};
}

Result<std::span<const uint32_t>> CartesianProduct::Partners(const Row&) {
  return std::span<const uint32_t>(all_);
}

HashJoin::HashJoin(OperatorPtr left, OperatorPtr right, std::vector<ExpressionPtr> left_keys,
                   std::vector<ExpressionPtr> right_keys)
    : BufferedJoin(std::move(left), std::move(right)),
      left_keys_(std::move(left_keys)),
      right_keys_(std::move(right_keys)) {}

namespace {

/// The key of a row; false when a part equals nothing, not even itself.
Result<bool> EvaluateKey(const std::vector<ExpressionPtr>& expressions, const Row& row, ExecutionContext& context,
                         std::vector<Value>& key) {
  key.clear();
  for (const ExpressionPtr& expression : expressions) {
    TUPU_TRY_ASSIGN(Value value, expression->Evaluate(row, context));
    if (!Equals(value, value).value_or(false)) return false;
    key.push_back(std::move(value));
  }
  return true;
}

}  // namespace

Status HashJoin::AfterBuild(const Batch& right) {
  table_ = KeyTable(right_keys_.size());
  rows_by_key_.clear();
  std::vector<Value> key;
  for (uint32_t row = 0; row < right.size; ++row) {
    TUPU_TRY_ASSIGN(const bool usable, EvaluateKey(right_keys_, Row{&right, row}, context(), key));
    if (!usable) continue;
    TUPU_TRY_ASSIGN(const auto added, table_.Add(key, memory()));
    if (added.second) rows_by_key_.emplace_back();
    rows_by_key_[added.first].push_back(row);
  }
  return {};
}

Result<std::span<const uint32_t>> HashJoin::Partners(const Row& left) {
  std::vector<Value> key;
  TUPU_TRY_ASSIGN(const bool usable, EvaluateKey(left_keys_, left, context(), key));
  const int64_t index = usable ? table_.Find(key) : -1;
  if (index < 0) return std::span<const uint32_t>();
  return std::span<const uint32_t>(rows_by_key_[static_cast<size_t>(index)]);
}

}  // namespace tupu
