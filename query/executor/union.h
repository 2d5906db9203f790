#pragma once

#include <vector>

#include "query/executor/operator.h"

namespace tupu {

/// The rows of each branch, one after another; slot sources[branch][i] becomes slot targets[i].
class Union final : public Operator {
 public:
  Union(std::vector<OperatorPtr> branches, std::vector<std::vector<Slot>> sources, std::vector<Slot> targets);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  std::vector<std::vector<Slot>> sources_;
  std::vector<Slot> targets_;
  size_t branch_ = 0;
  Batch input_;
};

}  // namespace tupu
