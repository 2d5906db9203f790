#pragma once

#include <utility>
#include <vector>

#include "query/executor/expression.h"
#include "query/executor/operator.h"

namespace tupu {

/// Evaluates expressions into new slots; what was bound stays bound.
class Project final : public Operator {
 public:
  using Item = std::pair<Slot, ExpressionPtr>;
  Project(OperatorPtr input, std::vector<Item> items);

 protected:
  Status NextBatch(Batch& out) override;

 private:
  std::vector<Item> items_;
};

/// Lets go of every slot but `kept`.
class Keep final : public Operator {
 public:
  Keep(OperatorPtr input, std::vector<Slot> kept);

 protected:
  Status NextBatch(Batch& out) override;

 private:
  std::vector<Slot> kept_;
};

}  // namespace tupu
