#pragma once

#include <utility>
#include <vector>

#include "query/executor/expression.h"
#include "query/executor/operator.h"
#include "query/procedure/procedure.h"

namespace tupu {

/// CALL: the procedure's rows for each input row; one without outputs passes the row on.
class ProcedureCall final : public RowExpander {
 public:
  using Yield = std::pair<size_t, Slot>;  // output of the signature, slot
  ProcedureCall(OperatorPtr input, const Procedure* procedure, const ProcedureRegistry* registry,
                std::vector<ExpressionPtr> arguments, std::vector<Yield> yields);

 protected:
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  const Procedure* procedure_;
  const ProcedureRegistry* registry_;
  std::vector<ExpressionPtr> arguments_;
  std::vector<Yield> yields_;
  ProcedureRows rows_;
  size_t position_ = 0;
};

}  // namespace tupu
