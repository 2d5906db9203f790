#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>

#include <tupu/result.h>

#pragma GCC visibility push(default)

namespace tupu {

/// Asks a running query, load or algorithm to stop. Copies share one flag; a deadline is the copy's own, and that of copies
/// made of it later.
/// Threads: Cancel may be called from any thread, also from a signal handler.
class CancellationToken {
 public:
  CancellationToken() : state_(std::make_shared<State>()) {}

  void Cancel() noexcept { state_->cancelled.store(true, std::memory_order_relaxed); }
  bool cancelled() const noexcept { return state_->cancelled.load(std::memory_order_relaxed); }
  /// From now on Check() fails once `deadline` has passed.
  void SetDeadline(std::chrono::steady_clock::time_point deadline) { deadline_ = deadline; }

  /// Every loop calls this every some thousand steps. Errors: kCancelled after Cancel(), kResourceExhausted after the deadline.
  Status Check() const {
    if (cancelled()) return Error{ErrorCode::kCancelled, "stopped by the caller"};
    if (deadline_ && std::chrono::steady_clock::now() >= *deadline_)
      return Error{ErrorCode::kResourceExhausted, "the time limit was reached; raise it with --timeout"};
    return {};
  }

 private:
  struct State {
    std::atomic<bool> cancelled{false};
  };
  std::shared_ptr<State> state_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
};

}  // namespace tupu

#pragma GCC visibility pop
