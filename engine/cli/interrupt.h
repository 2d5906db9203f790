#pragma once

#include <tupu/cancellation.h>

namespace tupu {

/// While it lives, Ctrl-C (SIGINT) and SIGTERM cancel `token`; a second signal ends the process at once with status 4.
/// One at a time in a process.
class InterruptGuard {
 public:
  explicit InterruptGuard(CancellationToken token);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
};

}  // namespace tupu
