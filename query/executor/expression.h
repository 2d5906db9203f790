#pragma once

#include <memory>
#include <span>
#include <vector>

#include <tupu/result.h>
#include <tupu/value.h>

#include "query/executor/batch.h"

namespace tupu {

struct ExecutionContext;

/// An expression made ready to run: variables are slots, names are ids, constants are values.
/// Immutable; shared by all runs of a plan, from any thread.
class Expression {
 public:
  virtual ~Expression() = default;

  virtual Result<Value> Evaluate(const Row& row, ExecutionContext& context) const = 0;
  /// Appends one value for each row of `batch`. By default row by row; the hot kinds work on whole columns.
  virtual Status EvaluateBatch(const Batch& batch, ExecutionContext& context, Column& out) const;
};

using ExpressionPtr = std::shared_ptr<const Expression>;

/// WHERE's view of a value: true passes, false and null do not. Errors: kInvalidArgument for anything else.
Result<bool> IsTrue(const Value& value);

}  // namespace tupu
