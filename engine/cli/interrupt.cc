#include "engine/cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <utility>

#include "engine/cli/exit_status.h"

namespace tupu {

namespace {

// What the handler may touch: lock-free atomics alone.
CancellationToken* current_token = nullptr;
std::atomic<int> signals_seen{0};
struct sigaction before_interrupt, before_terminate;

extern "C" void OnSignal(int) {
  if (signals_seen.fetch_add(1) > 0) ::_exit(static_cast<int>(ExitStatus::kStopped));
  current_token->Cancel();
}

}  // namespace

InterruptGuard::InterruptGuard(CancellationToken token) {
  static CancellationToken holder;
  holder = std::move(token);
  current_token = &holder;
  signals_seen = 0;
  struct sigaction action = {};
  action.sa_handler = OnSignal;  // without SA_RESTART: a read of the terminal comes back
  ::sigaction(SIGINT, &action, &before_interrupt);
  ::sigaction(SIGTERM, &action, &before_terminate);
}

InterruptGuard::~InterruptGuard() {
  ::sigaction(SIGINT, &before_interrupt, nullptr);
  ::sigaction(SIGTERM, &before_terminate, nullptr);
}

}  // namespace tupu
