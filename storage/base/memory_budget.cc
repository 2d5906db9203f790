#include "storage/base/memory_budget.h"

#include <algorithm>

namespace tupu {

void MemoryBudget::SetTopology(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  topology_ = bytes;
  Tell();
}

bool MemoryBudget::TakeForQuery(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (topology_ + queries_ + bytes > takeable()) return false;
  queries_ += bytes;
  Tell();
  return true;
}

void MemoryBudget::GiveBack(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  queries_ -= std::min(bytes, queries_);
  Tell();
}

void MemoryBudget::Stop() {
  const std::lock_guard lock(mutex_);
  on_taken_ = nullptr;
}

void MemoryBudget::Tell() const {
  if (on_taken_) on_taken_(topology_ + queries_);
}

}  // namespace tupu
