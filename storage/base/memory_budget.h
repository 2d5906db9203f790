#pragma once

#include <cstdint>
#include <functional>
#include <mutex>

namespace tupu {

/// The memory of one engine: CSRs, property columns and running queries take their part, caches and write buffers have the
/// rest, a quarter of the whole at least. Columns yield to the others: what they hold refuses nobody, they are told to go.
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
  /// What CSRs, columns and queries may hold together.
  uint64_t takeable() const { return total_ / 4 * 3; }

  /// CSRs hold so much now. They keep to takeable() by themselves.
  void SetTopology(uint64_t bytes);
  /// False, and nothing is taken, if that is more than is left beside CSRs and other queries.
  bool TakeForQuery(uint64_t bytes);
  void GiveBack(uint64_t bytes);

  /// Columns would hold so much in all. False, and nothing changes, if that is more than is left and no less than they had.
  bool SetColumns(uint64_t bytes);
  /// `yield` is told how much is left for columns when they hold more, by whoever took the memory.
  void OnColumnsExceed(std::function<void(uint64_t most_bytes)> yield);

  /// No call of on_taken begins after this returns: what it uses may go.
  void Stop();

 private:
  void Tell() const;
  uint64_t LeftForColumns() const;
  void LetColumnsYield();

  const uint64_t total_;
  mutable std::mutex mutex_;
  std::function<void(uint64_t)> on_taken_;
  std::function<void(uint64_t)> yield_;
  uint64_t topology_ = 0;
  uint64_t columns_ = 0;
  uint64_t queries_ = 0;
};

}  // namespace tupu
