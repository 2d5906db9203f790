#include "storage/bulk/task_list.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "storage/base/worker.h"

namespace tupu {

Status RunTasks(const std::vector<std::function<Status()>>& tasks, size_t threads) {
  std::vector<Status> results(tasks.size());
  std::atomic<size_t> next = 0;
  std::atomic<bool> failed = false;
  const auto work = [&] {
    for (size_t i = next++; i < tasks.size() && !failed; i = next++) {
      results[i] = RunTask(tasks[i]);
      if (!results[i]) failed = true;
    }
  };
  std::vector<std::thread> workers;
  for (size_t i = 1; i < std::min(threads, tasks.size()); ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  for (Status& result : results) {
    if (!result) return std::move(result);
  }
  return {};
}

}  // namespace tupu
