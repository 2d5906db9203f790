#include "query/executor/aggregate_states.h"

#include "query/executor/id_table.h"

namespace tupu {

namespace {

/// count(*) and count(x).
class CountStates final : public AggregateStates {
 public:
  void Resize(size_t groups) override { counts_.resize(groups, 0); }
  Status Update(const GroupedRows& rows, MemoryCharge&) override {
    const Column* argument = rows.arguments.empty() ? nullptr : &rows.arguments[0];
    const bool all = argument == nullptr || (argument->type() != ColumnType::kUnset && !argument->has_nulls() &&
                                             argument->type() != ColumnType::kValue);
    for (size_t row = 0; row < rows.groups.size(); ++row)
      if (all || !argument->IsNull(row)) counts_[rows.groups[row]] += rows.WeightOf(row);
    return {};
  }
  Result<Value> Finish(size_t group) override { return Value(counts_[group]); }

 private:
  std::vector<int64_t> counts_;
};

/// An Aggregator a group.
class AggregatorStates final : public AggregateStates {
 public:
  AggregatorStates(const Function& function, bool distinct) : function_(function), distinct_(distinct) {}

  void Resize(size_t groups) override {
    while (states_.size() < groups) states_.push_back(MakeAggregator(function_, distinct_));
  }
  Status Update(const GroupedRows& rows, MemoryCharge& memory) override {
    // Twice is once for these, whatever the weight.
    const bool idempotent = distinct_ || function_.name == "min" || function_.name == "max";
    for (size_t row = 0; row < rows.groups.size(); ++row) {
      scratch_.clear();
      for (const Column& argument : rows.arguments) scratch_.push_back(argument.Get(row));
      Aggregator& state = *states_[rows.groups[row]];
      const size_t before = state.MemoryBytes();
      TUPU_TRY(state.UpdateRepeated(scratch_, idempotent ? 1 : rows.WeightOf(row)));
      const size_t after = state.MemoryBytes();
      if (after > before) TUPU_TRY(memory.Add(after - before));
    }
    return {};
  }
  Result<Value> Finish(size_t group) override { return states_[group]->Finish(); }

 private:
  const Function& function_;
  bool distinct_;
  std::vector<std::unique_ptr<Aggregator>> states_;
  std::vector<Value> scratch_;
};

/// count(DISTINCT x) while x is a vertex; when something else comes, what was seen goes over to Aggregators.
class CountDistinctStates final : public AggregateStates {
 public:
  explicit CountDistinctStates(const Function& function) : function_(function) {}

  void Resize(size_t groups) override {
    counts_.resize(groups, 0);
    if (other_) other_->Resize(groups);
  }
  Status Update(const GroupedRows& rows, MemoryCharge& memory) override {
    const Column& argument = rows.arguments[0];
    if (!other_ && argument.type() != ColumnType::kVertex && argument.type() != ColumnType::kUnset)
      TUPU_TRY(GoOver(memory));
    if (other_) return other_->Update(rows, memory);
    if (argument.type() == ColumnType::kUnset) return {};
    const std::span<const VertexId> vertices = argument.vertices();
    for (size_t row = 0; row < vertices.size(); ++row) {
      if (argument.has_nulls() && argument.IsNull(row)) continue;
      TUPU_TRY_ASSIGN(const auto added, seen_.Add(ToInteger(vertices[row]), rows.groups[row], memory));
      counts_[rows.groups[row]] += added.second ? 1 : 0;
    }
    return {};
  }
  Result<Value> Finish(size_t group) override { return other_ ? other_->Finish(group) : Value(counts_[group]); }

 private:
  Status GoOver(MemoryCharge& memory) {
    other_ = std::make_unique<AggregatorStates>(function_, true);
    other_->Resize(counts_.size());
    Column vertices;
    std::vector<uint32_t> groups;
    for (size_t i = 0; i < seen_.size(); ++i) {
      vertices.AppendVertex(static_cast<VertexId>(seen_.first(i)));
      groups.push_back(seen_.second(i));
    }
    return other_->Update({{&vertices, 1}, groups, {}}, memory);
  }

  const Function& function_;
  IdTable seen_;  // (vertex, group)
  std::vector<int64_t> counts_;
  std::unique_ptr<AggregatorStates> other_;
};

}  // namespace

std::unique_ptr<AggregateStates> MakeAggregateStates(const Function& function, bool distinct) {
  if (function.name == "count") {
    if (distinct) return std::make_unique<CountDistinctStates>(function);
    return std::make_unique<CountStates>();
  }
  return std::make_unique<AggregatorStates>(function, distinct);
}

}  // namespace tupu
