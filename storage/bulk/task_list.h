#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include <tupu/result.h>

namespace tupu {

/// Runs the tasks on `threads` threads (the caller's is one of them), each task once, in about the given order. After
/// an error no further task begins; the error of the earliest failed task is the result.
Status RunTasks(const std::vector<std::function<Status()>>& tasks, size_t threads);

}  // namespace tupu
