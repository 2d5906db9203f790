#include "query/executor/union.h"

namespace tupu {

Union::Union(std::vector<OperatorPtr> branches, std::vector<std::vector<Slot>> sources, std::vector<Slot> targets)
    : Operator(std::move(branches)), sources_(std::move(sources)), targets_(std::move(targets)) {}

Status Union::OpenSelf() {
  branch_ = 0;
  Prepare(input_);
  return {};
}

Status Union::NextBatch(Batch& out) {
  for (; branch_ < sources_.size(); ++branch_) {
    TUPU_TRY_ASSIGN(const bool more, child(branch_).Next(input_));
    if (!more) continue;
    const std::vector<Slot>& source = sources_[branch_];
    for (size_t i = 0; i < source.size(); ++i) out.columns[targets_[i]] = input_.columns[source[i]];
    out.size = input_.size;
    return {};
  }
  return {};
}

}  // namespace tupu
