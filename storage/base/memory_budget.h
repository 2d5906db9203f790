#pragma once

#include <cstdint>
#include <functional>
#include <mutex>

namespace tupu {

/// The memory of one engine: CSRs and running queries take their part, caches and write buffers have the rest, a quarter of
/// the whole at least.
///
/// Threads: safe. `on_taken` is called one call after the other, in the order of the changes.
class MemoryBudget {
 public:
  /// `on_taken` is told how much of `total` is not for the caches, whenever that changes.
  MemoryBudget(uint64_t total_bytes, std::function<void(uint64_t taken_bytes)> on_taken)
      : total_(total_bytes), on_taken_(std::move(on_taken)) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  uint64_t total() const { return total_; }
  /// What CSRs and queries may hold together.
  uint64_t takeable() const { return total_ / 4 * 3; }

  /// CSRs hold so much now. They keep to takeable() by themselves.
  void SetTopology(uint64_t bytes);
  /// False, and nothing is taken, if that is more than is left beside CSRs and other queries.
  bool TakeForQuery(uint64_t bytes);
  void GiveBack(uint64_t bytes);

  /// No call of on_taken begins after this returns: what it uses may go.
  void Stop();

 private:
  void Tell() const;

  const uint64_t total_;
  mutable std::mutex mutex_;
  std::function<void(uint64_t)> on_taken_;
  uint64_t topology_ = 0;
  uint64_t queries_ = 0;
};

}  // namespace tupu
