#include "query/executor/aggregate.h"

#include <algorithm>

namespace tupu {

Aggregate::Aggregate(OperatorPtr input, std::vector<Key> keys, std::vector<AggregateCall> calls)
    : Operator(Children(std::move(input))), keys_(std::move(keys)), calls_(std::move(calls)) {}

Status Aggregate::OpenSelf() {
  table_ = KeyTable(keys_.size());
  groups_.clear();
  done_ = false;
  next_ = 0;
  return {};
}

void Aggregate::CloseSelf() {
  table_ = KeyTable();
  groups_.clear();
}

void Aggregate::AddGroup() {
  Group& group = groups_.emplace_back();
  group.reserve(calls_.size());
  for (const AggregateCall& call : calls_) group.push_back(MakeAggregator(*call.function, call.distinct));
}

Status Aggregate::UpdateGroup(size_t group, const std::vector<std::vector<Column>>& arguments, size_t row) {
  for (size_t i = 0; i < calls_.size(); ++i) {
    scratch_.clear();
    for (const Column& argument : arguments[i]) scratch_.push_back(argument.Get(row));
    Aggregator& state = *groups_[group][i];
    const size_t before = state.MemoryBytes();
    TUPU_TRY(state.Update(scratch_));
    const size_t after = state.MemoryBytes();
    if (after > before) TUPU_TRY(memory().Add(after - before));
  }
  return {};
}

Status Aggregate::TakeIn(const Batch& batch) {
  std::vector<Column> keys(keys_.size());
  for (size_t i = 0; i < keys_.size(); ++i) TUPU_TRY(keys_[i].second->EvaluateBatch(batch, context(), keys[i]));
  std::vector<std::vector<Column>> arguments(calls_.size());
  for (size_t i = 0; i < calls_.size(); ++i) {
    arguments[i].resize(calls_[i].arguments.size());
    for (size_t j = 0; j < arguments[i].size(); ++j)
      TUPU_TRY(calls_[i].arguments[j]->EvaluateBatch(batch, context(), arguments[i][j]));
  }
  std::vector<Value> key(keys_.size());
  for (size_t row = 0; row < batch.size; ++row) {
    for (size_t i = 0; i < keys.size(); ++i) key[i] = keys[i].Get(row);
    TUPU_TRY_ASSIGN(const auto added, table_.Add(key, memory()));
    if (added.second) {
      TUPU_TRY(memory().Add(calls_.size() * 64));
      AddGroup();
    }
    TUPU_TRY(UpdateGroup(added.first, arguments, row));
  }
  return {};
}

Status Aggregate::NextBatch(Batch& out) {
  if (!done_) {
    Batch batch = MakeBatch();
    while (true) {
      TUPU_TRY_ASSIGN(const bool more, child().Next(batch));
      if (!more) break;
      TUPU_TRY(TakeIn(batch));
    }
    if (keys_.empty() && groups_.empty()) AddGroup();
    done_ = true;
  }
  const size_t end = std::min(groups_.size(), next_ + kBatchRows);
  out.size = end - next_;
  for (; next_ < end; ++next_) {
    for (size_t i = 0; i < keys_.size(); ++i) out.columns[keys_[i].first].Append(table_.key(next_)[i]);
    for (size_t i = 0; i < calls_.size(); ++i) {
      TUPU_TRY_ASSIGN(const Value value, groups_[next_][i]->Finish());
      out.columns[calls_[i].slot].Append(value);
    }
  }
  return {};
}

}  // namespace tupu
