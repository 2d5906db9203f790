#include "query/executor/set_items.h"

namespace tupu {

SetItems::SetItems(OperatorPtr input, std::vector<SetItem> items)
    : Operator(Children(std::move(input))), items_(std::move(items)) {}

Status SetItems::NextBatch(Batch& out) {
  TUPU_TRY_ASSIGN(const bool more, child().Next(out));
  if (!more) return {};
  for (size_t row = 0; row < out.size; ++row) TUPU_TRY(ApplySetItems(items_, Row{&out, row}, context()));
  return {};
}

}  // namespace tupu
