#include "query/executor/projection.h"

#include <algorithm>

namespace tupu {

Project::Project(OperatorPtr input, std::vector<Item> items)
    : Operator(Children(std::move(input))), items_(std::move(items)) {}

Status Project::NextBatch(Batch& out) {
  TUPU_TRY_ASSIGN(const bool more, child().Next(out));
  if (!more) return {};
  for (const auto& [slot, expression] : items_) {
    // A fresh column: the expression may read slots of `out`, and a failed evaluation leaves none half filled.
    Column values;
    TUPU_TRY(expression->EvaluateBatch(out, context(), values));
    out.columns[slot] = std::move(values);
  }
  return {};
}

Keep::Keep(OperatorPtr input, std::vector<Slot> kept) : Operator(Children(std::move(input))), kept_(std::move(kept)) {
  std::sort(kept_.begin(), kept_.end());
}

Status Keep::NextBatch(Batch& out) {
  TUPU_TRY_ASSIGN(const bool more, child().Next(out));
  if (!more) return {};
  for (Slot slot = 0; slot < out.columns.size(); ++slot)
    if (!std::binary_search(kept_.begin(), kept_.end(), slot)) out.columns[slot].Clear();
  return {};
}

}  // namespace tupu
