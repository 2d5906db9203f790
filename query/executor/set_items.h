#pragma once

#include <vector>

#include "query/executor/operator.h"
#include "query/executor/write_properties.h"

namespace tupu {

/// SET and REMOVE.
class SetItems final : public Operator {
 public:
  SetItems(OperatorPtr input, std::vector<SetItem> items);

 protected:
  Status NextBatch(Batch& out) override;

 private:
  std::vector<SetItem> items_;
};

}  // namespace tupu
