#pragma once

#include <string>

#include "query/executor/expression.h"
#include "query/executor/operator.h"

namespace tupu {

/// The value of SKIP or LIMIT; it reads no row. Errors: kInvalidArgument if it is no integer of 0 or more.
Result<uint64_t> EvaluateRowCount(const Expression& expression, const std::string& clause, ExecutionContext& context);

/// All rows but the first `count`.
class Skip final : public Operator {
 public:
  Skip(OperatorPtr input, ExpressionPtr count);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  ExpressionPtr count_;
  uint64_t left_ = 0;
  Batch input_;
};

/// The first `count` rows; asks its child for no more once it has them.
class Limit final : public Operator {
 public:
  Limit(OperatorPtr input, ExpressionPtr count);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  ExpressionPtr count_;
  uint64_t left_ = 0;
  bool pulled_ = false;
  Batch input_;
};

}  // namespace tupu
