#include "storage/base/memory_budget.h"

#include <algorithm>

namespace tupu {

void MemoryBudget::SetTopology(uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    topology_ = bytes;
    Tell();
  }
  LetColumnsYield();
}

bool MemoryBudget::TakeForQuery(uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (topology_ + queries_ + bytes > takeable()) return false;
    queries_ += bytes;
    Tell();
  }
  LetColumnsYield();
  return true;
}

void MemoryBudget::GiveBack(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  queries_ -= std::min(bytes, queries_);
  Tell();
}

bool MemoryBudget::SetColumns(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes >= columns_ && bytes > LeftForColumns()) return false;
  columns_ = bytes;
  Tell();
  return true;
}

void MemoryBudget::OnColumnsExceed(std::function<void(uint64_t most_bytes)> yield) {
  const std::lock_guard lock(mutex_);
  yield_ = std::move(yield);
}

void MemoryBudget::Stop() {
  const std::lock_guard lock(mutex_);
  on_taken_ = nullptr;
}

void MemoryBudget::Tell() const {
  if (on_taken_) on_taken_(topology_ + columns_ + queries_);
}

uint64_t MemoryBudget::LeftForColumns() const {
  const uint64_t others = topology_ + queries_;
  return others < takeable() ? takeable() - others : 0;
}

/// Without the lock: who yields says so by SetColumns.
void MemoryBudget::LetColumnsYield() {
  std::function<void(uint64_t)> yield;
  uint64_t left = 0;
  {
    const std::lock_guard lock(mutex_);
    left = LeftForColumns();
    if (columns_ <= left) return;
    yield = yield_;
  }
  if (yield) yield(left);
}

}  // namespace tupu
