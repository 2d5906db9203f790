#include "query/executor/distinct.h"

namespace tupu {

Distinct::Distinct(OperatorPtr input, std::vector<Slot> slots)
    : Operator(Children(std::move(input))), slots_(std::move(slots)) {}

Status Distinct::OpenSelf() {
  seen_ = KeyTable(slots_.size());
  Prepare(input_);
  return {};
}

void Distinct::CloseSelf() {
  seen_ = KeyTable();
}

Status Distinct::NextBatch(Batch& out) {
  std::vector<Value> key(slots_.size());
  std::vector<uint32_t> fresh;
  while (true) {
    TUPU_TRY_ASSIGN(const bool more, child().Next(input_));
    if (!more) return {};
    fresh.clear();
    for (uint32_t row = 0; row < input_.size; ++row) {
      for (size_t i = 0; i < slots_.size(); ++i) key[i] = input_.columns[slots_[i]].Get(row);
      TUPU_TRY_ASSIGN(const auto added, seen_.Add(key, memory()));
      if (added.second) fresh.push_back(row);
    }
    if (fresh.empty()) continue;
    out.Gather(input_, fresh);
    return {};
  }
}

}  // namespace tupu
