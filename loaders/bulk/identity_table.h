#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <tupu/ids.h>

namespace tupu {

/// Hash of an identity (start, end, type and the values of a declared key; or an id of its own) -> the edge of the load that
/// has it. Two identities with one hash are not told apart here.
///
/// Open addressing in shards that grow one at a time, at most 7/8 full: 14 to 28 bytes an edge. Threads: one at a time.
class IdentityTable {
 public:
  /// At most so many edges.
  static constexpr uint64_t kMostEdges = UINT32_MAX;

  void Prefetch(uint64_t hash) const {
    const Shard& shard = shards_[hash >> kShardShift];
    if (!shard.hashes.empty()) __builtin_prefetch(&shard.hashes[hash & (shard.hashes.size() - 1)]);
  }
  /// The edge of the hash if it has one; else `edge` is it from now on. `edge`: counted from the load's first.
  std::optional<uint32_t> FindOrAdd(uint64_t hash, uint32_t edge) {
    hash = std::max<uint64_t>(hash, 1);
    Shard& shard = shards_[hash >> kShardShift];
    if (shard.used * 8 >= shard.hashes.size() * 7) Grow(shard);
    const size_t at = SlotOf(shard, hash);
    if (shard.hashes[at] == hash) return shard.edges[at];
    shard.hashes[at] = hash;
    shard.edges[at] = edge;
    ++shard.used;
    return std::nullopt;
  }

 private:
  static constexpr int kShardShift = 58;  // 64 shards, by the highest bits; the lowest ones choose the slot
  static constexpr size_t kFirstSlots = 16;
  struct Shard {
    std::vector<uint64_t> hashes;  // 0: the slot is free
    std::vector<uint32_t> edges;
    size_t used = 0;
  };

  static size_t SlotOf(const Shard& shard, uint64_t hash) {
    const size_t mask = shard.hashes.size() - 1;
    size_t at = hash & mask;
    while (shard.hashes[at] != 0 && shard.hashes[at] != hash) at = (at + 1) & mask;
    return at;
  }

  static void Grow(Shard& shard) {
    Shard larger;
    larger.hashes.resize(std::max(kFirstSlots, 2 * shard.hashes.size()));
    larger.edges.resize(larger.hashes.size());
    larger.used = shard.used;
    for (size_t i = 0; i < shard.hashes.size(); ++i) {
      if (shard.hashes[i] == 0) continue;
      const size_t at = SlotOf(larger, shard.hashes[i]);
      larger.hashes[at] = shard.hashes[i];
      larger.edges[at] = shard.edges[i];
    }
    shard = std::move(larger);
  }

  std::array<Shard, 64> shards_;
};

}  // namespace tupu
