#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <tupu/result.h>

#include "query/executor/memory_tracker.h"

namespace tupu {

/// A set of pairs of numbers, each with a dense index in the order of arrival: groups by vertex, distinct vertices of a group.
/// Open addressing with linear probing, at most half full.
class IdTable {
 public:
  /// The index of the pair, and whether it is new.
  Result<std::pair<uint32_t, bool>> Add(uint64_t first, uint32_t second, MemoryCharge& charge) {
    if (2 * keys_.size() >= places_.size()) TUPU_TRY(Grow(charge));
    const size_t mask = places_.size() - 1;
    size_t at = HashOf(first, second) & mask;
    while (places_[at] != 0) {
      const Key& key = keys_[places_[at] - 1];
      if (key.first == first && key.second == second) return std::pair<uint32_t, bool>(places_[at] - 1, false);
      at = (at + 1) & mask;
    }
    keys_.push_back({first, second});
    places_[at] = static_cast<uint32_t>(keys_.size());
    return std::pair<uint32_t, bool>(static_cast<uint32_t>(keys_.size() - 1), true);
  }

  size_t size() const { return keys_.size(); }
  uint64_t first(size_t index) const { return keys_[index].first; }
  uint32_t second(size_t index) const { return keys_[index].second; }
  /// Keeps the memory of a small table.
  void Clear() {
    constexpr size_t kKept = 1 << 12;
    if (places_.size() > kKept) {
      places_ = {};
      keys_ = {};
      return;
    }
    std::fill(places_.begin(), places_.end(), 0u);
    keys_.clear();
  }

 private:
  struct Key {
    uint64_t first;
    uint32_t second;
  };

  static size_t HashOf(uint64_t first, uint32_t second) {
    const uint64_t mixed = (first ^ (uint64_t{second} << 40)) * 0x9e3779b97f4a7c15ull;
    return mixed ^ (mixed >> 32);
  }

  Status Grow(MemoryCharge& charge) {
    const size_t size = std::max<size_t>(64, 2 * places_.size());
    TUPU_TRY(charge.Add((size - places_.size()) * (sizeof(uint32_t) + sizeof(Key) / 2)));
    places_.assign(size, 0);
    for (size_t i = 0; i < keys_.size(); ++i) {
      size_t at = HashOf(keys_[i].first, keys_[i].second) & (size - 1);
      while (places_[at] != 0) at = (at + 1) & (size - 1);
      places_[at] = static_cast<uint32_t>(i + 1);
    }
    return {};
  }

  std::vector<uint32_t> places_;  // index + 1; 0 is free
  std::vector<Key> keys_;
};

}  // namespace tupu
