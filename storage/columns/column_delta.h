#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include <tupu/value.h>

namespace tupu {

/// What commits after that of a column changed in it, by id and in the order of commits, so that a reader at any commit sees
/// its own state.
///
/// Cost     an id without changes: one bit, no lock. Else a lock shared by readers, and a search in the changes of the id.
/// Memory   about 120 bytes a change and what its text takes; PropertyCache folds before that hurts.
/// Threads  one that adds, any number that read.
class ColumnDelta {
 public:
  /// Bits are kept by id up to `next_id`; later ids share them, which costs a look-up in vain.
  explicit ColumnDelta(uint64_t next_id);

  /// Null: the property is gone, or all that had it. Requires: `commit` is not below that of an earlier call.
  void Add(uint64_t commit, uint64_t id, Value value);

  bool MayHave(uint64_t id) const {
    const uint64_t bit = id & mask_;
    return (bits_[bit / 64].load(std::memory_order_acquire) >> (bit % 64) & 1) != 0;
  }
  /// The value that the last of the commits up to `commit` gave; nullopt: none of them changed it.
  std::optional<Value> Find(uint64_t id, uint64_t commit) const;

  uint64_t size() const { return size_.load(std::memory_order_relaxed); }
  uint64_t bytes() const { return bits_.size() * sizeof(bits_[0]) + bytes_.load(std::memory_order_relaxed); }

  /// Ids with changes, ascending.
  std::vector<uint64_t> ChangedIds() const;
  /// Adds the changes after `commit` to `to`.
  void CopyAfter(uint64_t commit, ColumnDelta& to) const;

 private:
  static constexpr uint64_t kBytesPerChange = 120;
  static constexpr size_t kShards = 16;

  struct Change {
    uint64_t commit;
    Value value;
  };
  struct Shard {
    mutable std::shared_mutex mutex;
    std::unordered_map<uint64_t, std::vector<Change>> changes;
  };

  uint64_t mask_;
  std::vector<std::atomic<uint64_t>> bits_;
  std::array<Shard, kShards> shards_;
  std::atomic<uint64_t> size_ = 0;
  std::atomic<uint64_t> bytes_ = 0;
};

}  // namespace tupu
