#pragma once

#include <cstdint>

#include <tupu/result.h>
#include <tupu/value.h>

namespace tupu {

/// Counts what the operators of one run hold on to. Only what grows with the data is charged: sorts, aggregates,
/// DISTINCT, joins, paths under way. Threads: one run, one thread.
class MemoryTracker {
 public:
  /// limit 0: none.
  explicit MemoryTracker(uint64_t limit_bytes) : limit_(limit_bytes) {}

  /// Errors: kResourceExhausted when the run would hold more than its limit.
  Status Charge(uint64_t bytes) {
    used_ += bytes;
    if (used_ > peak_) peak_ = used_;
    if (limit_ != 0 && used_ > limit_) return LimitReached();
    return {};
  }
  void Release(uint64_t bytes) { used_ -= bytes < used_ ? bytes : used_; }

  uint64_t used() const { return used_; }
  uint64_t peak() const { return peak_; }

 private:
  Error LimitReached() const;

  uint64_t limit_;
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
