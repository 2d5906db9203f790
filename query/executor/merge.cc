#include "query/executor/merge.h"

namespace tupu {

Merge::Merge(OperatorPtr input, OperatorPtr match, Argument* argument, Spec spec)
    : Operator(Children(std::move(input))),
      match_root_(std::move(match)),
      argument_(argument),
      spec_(std::move(spec)) {}

Status Merge::OpenSelf() {
  if (!match_) match_ = std::make_unique<Subplan>(std::move(match_root_), argument_, context().slot_count);
  Prepare(input_);
  return {};
}

/// Nulls and values that cannot be stored are errors also where something matches.
Status Merge::CheckProperties(const Row& row) {
  for (const CreateVertexItem& item : spec_.pattern.vertices)
    TUPU_TRY(EvaluateProperties(item.properties, row, context(), true));
  for (const CreateEdgeItem& item : spec_.pattern.edges)
    TUPU_TRY(EvaluateProperties(item.properties, row, context(), true));
  return {};
}

Status Merge::MergeRow(const Row& row, Batch& out) {
  TUPU_TRY(CheckProperties(row));
  const size_t first = out.size;
  const auto add_outer = [&] {
    for (Slot slot = 0; slot < out.columns.size(); ++slot)
      if (row.batch->IsBound(slot)) out.columns[slot].AppendRow(row.batch->columns[slot], row.index);
    ++out.size;
  };
  const auto add_match = [&](const Row& found) -> Result<bool> {
    add_outer();
    for (const Slot slot : spec_.introduced) out.columns[slot].AppendRow(found.batch->columns[slot], found.index);
    return true;
  };
  TUPU_TRY(match_->Run(row, {}, context(), add_match));
  if (out.size == first) {
    add_outer();
    TUPU_TRY(CreateForRow(spec_.pattern, out, first, context(), true));
    return ApplySetItems(spec_.on_create, Row{&out, first}, context());
  }
  for (size_t each = first; each < out.size; ++each)
    TUPU_TRY(ApplySetItems(spec_.on_match, Row{&out, each}, context()));
  return {};
}

Status Merge::NextBatch(Batch& out) {
  TUPU_TRY_ASSIGN(const bool more, child().Next(input_));
  if (!more) return {};
  for (size_t row = 0; row < input_.size; ++row) {
    TUPU_TRY(context().cancellation.Check());
    TUPU_TRY(MergeRow(Row{&input_, row}, out));
  }
  return {};
}

}  // namespace tupu
