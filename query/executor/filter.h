#pragma once

#include <vector>

#include "query/executor/expression.h"
#include "query/executor/operator.h"

namespace tupu {

/// The rows for which the predicate is true.
class Filter final : public Operator {
 public:
  Filter(OperatorPtr input, ExpressionPtr predicate);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  ExpressionPtr predicate_;
  Batch input_;
  Column truth_;
  std::vector<uint32_t> passing_;
};

/// Appends to `out` the rows of `truth` that are true. Errors: a value that is no truth value.
Status SelectTrue(const Column& truth, std::vector<uint32_t>& out);

}  // namespace tupu
