#pragma once

#include <cstdint>

#pragma GCC visibility push(default)

namespace tupu {

/// What a transaction may rely on while others run. Its own view never changes under it but by its own writes.
enum class Isolation : uint8_t {
  kSnapshot,      // no other has written what it wrote; two that read each other's ground may both commit (write skew)
  kSerializable,  // as if transactions had run one after the other, in the order of their commits
};

struct TransactionOptions {
  Isolation isolation = Isolation::kSnapshot;
  bool read_only = false;  // every write is refused; commits without fail
  /// Waits until no other writing transaction is left and keeps new ones waiting: for long work that a conflict at its
  /// end would waste. Never inside another transaction of the same thread: it would wait for itself.
  bool exclusive = false;
};

}  // namespace tupu

#pragma GCC visibility pop
