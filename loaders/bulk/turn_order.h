#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace tupu {

/// Lets threads that work on numbered pieces pass one after the other, in the order of the numbers. Threads: safe.
class TurnOrder {
 public:
  /// False: the order was stopped. Requires: each number once, and no gap.
  bool Wait(uint64_t number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || next_ == number; });
    return !stopped_;
  }
  /// The thread whose turn it is goes on; the next number's turn begins.
  void Pass() {
    {
      const std::lock_guard lock(mutex_);
      ++next_;
    }
    changed_.notify_all();
  }
  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
  }
  bool stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t next_ = 0;
  bool stopped_ = false;
};

}  // namespace tupu
