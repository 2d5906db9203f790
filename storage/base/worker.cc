#include "storage/base/worker.h"

#include <new>
#include <system_error>
#include <utility>

namespace tupu {

Status RunTask(const std::function<Status()>& task) {
  try {
    return task();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kResourceExhausted, "the memory of this machine does not suffice; nothing was changed"};
  }
}

Worker::~Worker() {
  if (!thread_.joinable()) return;
  task_ = nullptr;
  given_.release();
  thread_.join();
}

Status Worker::Share(const std::function<Status()>& task, const std::function<Status()>& own) {
  if (!thread_.joinable()) {
    try {
      thread_ = std::thread([this] { Run(); });
    } catch (const std::system_error&) {  // the system gives no more threads
      TUPU_TRY(own());
      return task();
    }
  }
  task_ = &task;
  given_.release();
  Status status = RunTask(own);  // which must not end before the task does: it may use what the caller holds
  done_.acquire();
  return status ? std::move(status_) : status;
}

void Worker::Run() {
  for (given_.acquire(); task_ != nullptr; given_.acquire()) {
    status_ = RunTask(*task_);
    done_.release();
  }
}

}  // namespace tupu
