#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "query/executor/expression.h"
#include "query/executor/key_table.h"
#include "query/executor/operator.h"
#include "query/functions/function_registry.h"

namespace tupu {

struct AggregateCall {
  Slot slot = 0;
  const Function* function = nullptr;
  bool distinct = false;
  std::vector<ExpressionPtr> arguments;
};

/// Groups rows by keys in a hash table; a row per group, in the order in which groups were met first. No keys: one
/// group, even of no rows.
class Aggregate final : public Operator {
 public:
  using Key = std::pair<Slot, ExpressionPtr>;
  Aggregate(OperatorPtr input, std::vector<Key> keys, std::vector<AggregateCall> calls);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;
  void CloseSelf() override;

 private:
  using Group = std::vector<std::unique_ptr<Aggregator>>;

  void AddGroup();
  Status TakeIn(const Batch& batch);
  Status UpdateGroup(size_t group, const std::vector<std::vector<Column>>& arguments, size_t row);

  std::vector<Key> keys_;
  std::vector<AggregateCall> calls_;
  KeyTable table_;
  std::vector<Group> groups_;
  std::vector<Value> scratch_;
  bool done_ = false;
  size_t next_ = 0;
};

}  // namespace tupu
