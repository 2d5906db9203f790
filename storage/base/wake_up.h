#pragma once

#include <cerrno>

#include <semaphore.h>

namespace tupu {

/// Wakes one waiting thread, now or when it comes to wait. std::binary_semaphore yields some times before it sleeps, which
/// costs a switch of threads each time where more threads wait than there are cores. Threads: safe.
class WakeUp {
 public:
  WakeUp() { ::sem_init(&semaphore_, 0, 0); }  // cannot fail with a value of zero
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;
  ~WakeUp() { ::sem_destroy(&semaphore_); }

  void Send() { ::sem_post(&semaphore_); }
  /// Waits for one that nobody else has taken.
  void Await() {
    while (::sem_wait(&semaphore_) != 0 && errno == EINTR) {
    }
  }

 private:
  ::sem_t semaphore_;
};

}  // namespace tupu
