#include "query/executor/aggregate.h"

#include <algorithm>

namespace tupu {

Aggregate::Aggregate(OperatorPtr input, std::vector<Key> keys, std::vector<AggregateCall> calls,
                     std::optional<Slot> weight)
    : Operator(Children(std::move(input))), keys_(std::move(keys)), calls_(std::move(calls)), weight_(weight) {}

Status Aggregate::OpenSelf() {
  Prepare(input_);
  table_ = KeyTable(keys_.size());
  vertices_.Clear();
  by_vertex_ = keys_.size() == 1;
  key_columns_.resize(keys_.size());
  states_.clear();
  for (const AggregateCall& call : calls_) states_.push_back(MakeAggregateStates(*call.function, call.distinct));
  done_ = false;
  next_ = 0;
  return {};
}

void Aggregate::CloseSelf() {
  input_.Clear();
  table_ = KeyTable();
  vertices_.Clear();
  states_.clear();
}

/// The key is something else than a vertex: the groups until now go over to the other table, in their order.
Status Aggregate::TurnToValues() {
  by_vertex_ = false;
  for (size_t group = 0; group < vertices_.size(); ++group) {
    const Value key(static_cast<VertexId>(vertices_.first(group)));
    TUPU_TRY(table_.Add({&key, 1}, memory()));
  }
  vertices_.Clear();
  return {};
}

Status Aggregate::FindGroupsByVertex(const Column& key) {
  const std::span<const VertexId> vertices = key.vertices();
  for (size_t row = 0; row < vertices.size(); ++row) {
    TUPU_TRY_ASSIGN(const auto added, vertices_.Add(ToInteger(vertices[row]), 0, memory()));
    groups_[row] = added.first;
  }
  return {};
}

Status Aggregate::FindGroups(const Batch& batch) {
  groups_.assign(batch.size, 0);
  if (keys_.empty()) return {};
  for (size_t i = 0; i < keys_.size(); ++i) {
    key_columns_[i].Clear();
    TUPU_TRY(keys_[i].second->EvaluateBatch(batch, context(), key_columns_[i]));
  }
  if (by_vertex_ && (key_columns_[0].type() != ColumnType::kVertex || key_columns_[0].has_nulls()))
    TUPU_TRY(TurnToValues());
  if (by_vertex_) return FindGroupsByVertex(key_columns_[0]);
  key_.resize(keys_.size());
  for (size_t row = 0; row < batch.size; ++row) {
    for (size_t i = 0; i < keys_.size(); ++i) key_[i] = key_columns_[i].Get(row);
    TUPU_TRY_ASSIGN(const auto added, table_.Add(key_, memory()));
    groups_[row] = added.first;
  }
  return {};
}

Status Aggregate::Update(const Batch& batch) {
  const std::span<const int64_t> weights = weight_ ? batch.columns[*weight_].integers() : std::span<const int64_t>();
  for (size_t call = 0; call < calls_.size(); ++call) {
    arguments_.resize(std::max(arguments_.size(), calls_[call].arguments.size()));
    const std::span<Column> arguments = std::span(arguments_).first(calls_[call].arguments.size());
    for (size_t i = 0; i < arguments.size(); ++i) {
      arguments[i].Clear();
      TUPU_TRY(calls_[call].arguments[i]->EvaluateBatch(batch, context(), arguments[i]));
    }
    states_[call]->Resize(num_groups());
    TUPU_TRY(states_[call]->Update({arguments, groups_, weights}, memory()));
  }
  return {};
}

Status Aggregate::TakeIn(const Batch& batch) {
  constexpr uint64_t kBytesPerState = 64;
  const size_t before = num_groups();
  TUPU_TRY(FindGroups(batch));
  TUPU_TRY(memory().Add((num_groups() - before) * calls_.size() * kBytesPerState));
  return Update(batch);
}

void Aggregate::AppendKey(size_t group, Batch& out) const {
  if (by_vertex_) return out.columns[keys_[0].first].AppendVertex(static_cast<VertexId>(vertices_.first(group)));
  for (size_t i = 0; i < keys_.size(); ++i) out.columns[keys_[i].first].Append(table_.key(group)[i]);
}

Status Aggregate::NextBatch(Batch& out) {
  if (!done_) {
    while (true) {
      TUPU_TRY_ASSIGN(const bool more, child().Next(input_));
      if (!more) break;
      TUPU_TRY(TakeIn(input_));
    }
    for (const std::unique_ptr<AggregateStates>& states : states_) states->Resize(num_groups());
    done_ = true;
  }
  const size_t end = std::min(num_groups(), next_ + kBatchRows);
  out.size = end - next_;
  for (; next_ < end; ++next_) {
    if (!keys_.empty()) AppendKey(next_, out);
    for (size_t call = 0; call < calls_.size(); ++call) {
      TUPU_TRY_ASSIGN(const Value value, states_[call]->Finish(next_));
      out.columns[calls_[call].slot].Append(value);
    }
  }
  return {};
}

}  // namespace tupu
