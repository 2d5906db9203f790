#pragma once

#include <cstdint>
#include <memory>

#include <tupu/result.h>
#include <tupu/value.h>

#include "storage/base/memory_budget.h"

namespace tupu {

/// Counts what the operators of one run hold on to. Only what grows with the data is charged: sorts, aggregates,
/// DISTINCT, joins, paths under way. Threads: one run, one thread.
class MemoryTracker {
 public:
  /// limit 0: none. What the run holds is taken out of `budget`, if there is one.
  explicit MemoryTracker(uint64_t limit_bytes, std::shared_ptr<MemoryBudget> budget = nullptr)
      : limit_(limit_bytes), budget_(std::move(budget)) {}
  ~MemoryTracker() {
    if (taken_ != 0) budget_->GiveBack(taken_);
  }
  MemoryTracker(const MemoryTracker&) = delete;
  MemoryTracker& operator=(const MemoryTracker&) = delete;

  /// Errors: kResourceExhausted when the run would hold more than its limit, or than the engine has left.
  Status Charge(uint64_t bytes) {
    used_ += bytes;
    if (used_ > peak_) peak_ = used_;
    if (limit_ != 0 && used_ > limit_) return LimitReached();
    if (used_ > taken_ && budget_ != nullptr) return TakeMore();
    return {};
  }
  void Release(uint64_t bytes) { used_ -= bytes < used_ ? bytes : used_; }

  uint64_t used() const { return used_; }
  uint64_t peak() const { return peak_; }

 private:
  Error LimitReached() const;
  Status TakeMore();

  uint64_t limit_;
  std::shared_ptr<MemoryBudget> budget_;
  uint64_t taken_ = 0;  // of the budget: as much as was used at most, in large pieces
  uint64_t used_ = 0;
  uint64_t peak_ = 0;
};

/// Bytes that a value holds, roughly: shared content counts in full wherever it is held.
uint64_t EstimateBytes(const Value& value);

/// What one operator has charged; gives it back when it is reset or dies.
class MemoryCharge {
 public:
  explicit MemoryCharge(MemoryTracker* tracker = nullptr) : tracker_(tracker) {}
  ~MemoryCharge() { Reset(); }
  MemoryCharge(const MemoryCharge&) = delete;
  MemoryCharge& operator=(const MemoryCharge&) = delete;

  void Attach(MemoryTracker* tracker) {
    Reset();
    tracker_ = tracker;
  }
  Status Add(uint64_t bytes) {
    held_ += bytes;
    return tracker_ == nullptr ? Status{} : tracker_->Charge(bytes);
  }
  void Reset() {
    if (tracker_ != nullptr) tracker_->Release(held_);
    held_ = 0;
  }

 private:
  MemoryTracker* tracker_;
  uint64_t held_ = 0;
};

}  // namespace tupu
