#pragma once

#include <vector>

#include "query/executor/key_table.h"
#include "query/executor/operator.h"

namespace tupu {

/// The first row of each combination of the slots' values; rows stream.
class Distinct final : public Operator {
 public:
  Distinct(OperatorPtr input, std::vector<Slot> slots);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;
  void CloseSelf() override;

 private:
  std::vector<Slot> slots_;
  KeyTable seen_;
  Batch input_;
};

}  // namespace tupu
