#include "query/executor/sort.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "query/executor/limit.h"
#include "query/value/compare.h"

namespace tupu {

Sort::Sort(OperatorPtr input, std::vector<SortKey> keys)
    : Operator(Children(std::move(input))), keys_(std::move(keys)) {}

Status Sort::OpenSelf() {
  buffer_.Begin(context().slot_count);
  key_values_.assign(keys_.size(), Column());
  order_.clear();
  sorted_ = false;
  return {};
}

void Sort::CloseSelf() {
  buffer_.Begin(0);
  key_values_.clear();
}

Status Sort::TakeIn(const Batch& batch) {
  for (size_t i = 0; i < keys_.size(); ++i)
    TUPU_TRY(keys_[i].expression->EvaluateBatch(batch, context(), key_values_[i]));
  TUPU_TRY(memory().Add(batch.size * keys_.size() * sizeof(Value)));
  TUPU_TRY(buffer_.Add(batch, memory()));
  return AfterBatch();
}

namespace {

/// Orders two rows of one column; typed columns without nulls need no Value.
int CompareRows(const Column& column, uint32_t a, uint32_t b) {
  if (!column.has_nulls() && column.type() == ColumnType::kInteger) {
    const int64_t x = column.integers()[a], y = column.integers()[b];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (column.type() == ColumnType::kValue) return Order(column.values()[a], column.values()[b]);
  return Order(column.Get(a), column.Get(b));
}

}  // namespace

std::vector<uint32_t> Sort::Order(size_t count) const {
  std::vector<uint32_t> order(buffer_.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto before = [this](uint32_t a, uint32_t b) {
    for (size_t i = 0; i < keys_.size(); ++i) {
      const int compared = CompareRows(key_values_[i], a, b);
      if (compared != 0) return (compared < 0) == keys_[i].ascending;
    }
    return a < b;
  };
  if (count < order.size()) {
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(), before);
    order.resize(count);
  } else {
    std::sort(order.begin(), order.end(), before);
  }
  return order;
}

Status Sort::Truncate(size_t count) {
  const std::vector<uint32_t> order = Order(count);
  Batch kept(context().slot_count);
  kept.Gather(buffer_.rows(), order);
  for (Column& column : key_values_) {
    Column rest;
    rest.Gather(column, order);
    column = std::move(rest);
  }
  memory().Reset();
  buffer_.Begin(context().slot_count);
  TUPU_TRY(memory().Add(kept.size * keys_.size() * sizeof(Value)));
  return buffer_.Add(kept, memory());
}

Status Sort::NextBatch(Batch& out) {
  if (!sorted_) {
    Batch batch = MakeBatch();
    while (true) {
      TUPU_TRY_ASSIGN(const bool more, child().Next(batch));
      if (!more) break;
      TUPU_TRY(TakeIn(batch));
    }
    order_ = Order(RowsToGive(buffer_.size()));
    sorted_ = true;
  }
  buffer_.Give(order_, out);
  return {};
}

TopK::TopK(OperatorPtr input, std::vector<SortKey> keys, ExpressionPtr skip, ExpressionPtr limit)
    : Sort(std::move(input), std::move(keys)), skip_(std::move(skip)), limit_(std::move(limit)) {}

Status TopK::OpenSelf() {
  uint64_t skip = 0;
  if (skip_) {
    TUPU_TRY_ASSIGN(skip, EvaluateRowCount(*skip_, "SKIP", context()));
  }
  TUPU_TRY_ASSIGN(const uint64_t limit, EvaluateRowCount(*limit_, "LIMIT", context()));
  count_ = limit > std::numeric_limits<uint64_t>::max() - skip ? std::numeric_limits<size_t>::max() : skip + limit;
  return Sort::OpenSelf();
}

Status TopK::AfterBatch() {
  const size_t enough = std::max(count_, kBatchRows);
  if (buffered() / 2 <= enough) return {};
  return Truncate(count_);
}

}  // namespace tupu
