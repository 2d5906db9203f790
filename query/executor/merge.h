#pragma once

#include <memory>
#include <vector>

#include "query/executor/apply.h"
#include "query/executor/create.h"
#include "query/executor/operator.h"

namespace tupu {

/// MERGE, one input row after another: what the pattern matches, or else the pattern created as a whole. A row sees
/// what the rows before it created.
class Merge final : public Operator {
 public:
  struct Spec {
    CreatePattern pattern;
    std::vector<Slot> introduced;  // slots that the pattern binds
    std::vector<SetItem> on_create;
    std::vector<SetItem> on_match;
  };
  /// `match` finds the pattern for the row of `argument`; it belongs to this operator alone.
  Merge(OperatorPtr input, OperatorPtr match, Argument* argument, Spec spec);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) override;

 private:
  Status CheckProperties(const Row& row);
  Status MergeRow(const Row& row, Batch& out);

  OperatorPtr match_root_;
  Argument* argument_;
  std::unique_ptr<Subplan> match_;
  Spec spec_;
  Batch input_;
};

}  // namespace tupu
