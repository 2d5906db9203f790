#pragma once

#include <functional>
#include <semaphore>
#include <thread>

#include <tupu/result.h>

namespace tupu {

/// What `task` says; kResourceExhausted if memory did not suffice: no exception may leave a thread.
Status RunTask(const std::function<Status()>& task);

/// A thread that does one task at a time beside its owner's own work. It is started by the first task and sleeps between
/// tasks. Handing one over costs some microseconds on either side, so that tasks should last longer.
/// Threads: one owner at a time.
class Worker {
 public:
  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();

  /// Runs `task` on the thread and `own` on the caller's; returns when both have ended, with the error of `own`, else that
  /// of `task`. Without a thread to be had, one after the other. Errors: kResourceExhausted if memory does not suffice.
  Status Share(const std::function<Status()>& task, const std::function<Status()>& own);

 private:
  void Run();

  const std::function<Status()>* task_ = nullptr;  // null: end
  Status status_;
  std::binary_semaphore given_{0};
  std::binary_semaphore done_{0};
  std::thread thread_;
};

}  // namespace tupu
