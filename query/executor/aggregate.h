#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "query/executor/aggregate_states.h"
#include "query/executor/expression.h"
#include "query/executor/id_table.h"
#include "query/executor/key_table.h"
#include "query/executor/operator.h"

namespace tupu {

struct AggregateCall {
  Slot slot = 0;
  const Function* function = nullptr;
  bool distinct = false;
  std::vector<ExpressionPtr> arguments;
};

/// Groups rows by keys in a hash table; a row per group, in the order in which groups were met first. No keys: one
/// group, even of no rows. With `weight`, a row counts as often as that slot says.
class Aggregate final : public Operator {
 public:
  using Key = std::pair<Slot, ExpressionPtr>;
  Aggregate(OperatorPtr input, std::vector<Key> keys, std::vector<AggregateCall> calls,
            std::optional<Slot> weight = std::nullopt);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;
  void CloseSelf() override;

 private:
  Status TakeIn(const Batch& batch);
  Status FindGroups(const Batch& batch);
  Status FindGroupsByVertex(const Column& key);
  Status TurnToValues();
  Status Update(const Batch& batch);
  size_t num_groups() const { return keys_.empty() ? 1 : by_vertex_ ? vertices_.size() : table_.size(); }
  void AppendKey(size_t group, Batch& out) const;

  std::vector<Key> keys_;
  std::vector<AggregateCall> calls_;
  std::optional<Slot> weight_;
  Batch input_;
  // One key that is a vertex in every row so far: groups by number; else by value.
  bool by_vertex_ = false;
  IdTable vertices_;
  KeyTable table_;
  std::vector<Column> key_columns_;
  std::vector<Column> arguments_;
  std::vector<Value> key_;
  std::vector<uint32_t> groups_;                          // of the rows of the batch at hand
  std::vector<std::unique_ptr<AggregateStates>> states_;  // by call
  bool done_ = false;
  size_t next_ = 0;
};

}  // namespace tupu
