#pragma once

// What the measuring programs of this folder share.

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <utility>

#include <fmt/format.h>

#include <tupu/result.h>

namespace tupu {

/// Ends the program with the message of an error.
inline void Must(const Status& status) {
  if (status) return;
  fmt::print(stderr, "{}\n", status.error().message);
  std::exit(1);
}
template <class T>
T Must(Result<T> result) {
  if (!result) Must(Status(result.error()));
  return std::move(result).value();
}

/// Of all threads of this process.
inline double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace tupu
