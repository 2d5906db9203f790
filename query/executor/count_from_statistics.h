#pragma once

#include <optional>
#include <string>

#include "query/executor/operator.h"

namespace tupu {

/// A count that the store keeps: vertices (of a label) or edges (of a type).
struct CountSource {
  Slot slot = 0;
  bool edges = false;
  std::optional<std::string> name;
};

/// One row with the count.
class CountFromStatisticsOperator final : public Operator {
 public:
  explicit CountFromStatisticsOperator(CountSource source) : source_(std::move(source)) {}

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  CountSource source_;
  bool given_ = false;
};

}  // namespace tupu
