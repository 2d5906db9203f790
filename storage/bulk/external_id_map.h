#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include <tupu/ids.h>

#include "storage/graph/byte_arena.h"

namespace tupu {

/// (group, external id) -> vertex, for the ids of one load.
///
/// Open addressing over slots of 24 bytes, at most 5/8 full. An id of up to 11 bytes stands in its slot, so that a
/// look-up touches one cache line; callers with many of them prefetch first, since at a million ids each is a miss.
/// Threads: look-ups from several at once, insertions alone.
class ExternalIdMap {
 public:
  ExternalIdMap();

  static uint64_t Hash(uint32_t group, std::string_view id);

  void Prefetch(uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }
  /// `hash`: as Hash gives it.
  std::optional<VertexId> Find(uint64_t hash, uint32_t group, std::string_view id) const;
  /// False if the id is there already, its vertex in `vertex`.
  bool Insert(uint64_t hash, uint32_t group, std::string_view id, VertexId& vertex);

  uint64_t size() const { return size_; }

 private:
  /// The first 16 bytes tell ids apart: group, length and the id itself, or, for a long one, where it stands.
  struct Slot {
    uint64_t low = 0;   // group (4), first 4 bytes of the id
    uint64_t high = 0;  // next 7 bytes, then length + 1 (0: the slot is free) or kLong
    uint64_t vertex = 0;
  };
  struct Key {
    uint64_t low = 0;
    uint64_t high = 0;
  };
  static constexpr size_t kInline = 11;
  static constexpr uint64_t kLong = 0xff;

  static Key KeyOf(uint64_t hash, uint32_t group, std::string_view id);
  bool SameLong(const Slot& slot, std::string_view id) const;
  size_t SlotOf(uint64_t hash, const Key& key, std::string_view id) const;
  uint64_t HashOf(const Slot& slot) const;
  void Grow();

  std::vector<Slot> slots_;
  uint64_t mask_ = 0;
  uint64_t size_ = 0;
  ByteArena arena_;
  std::vector<std::string_view> long_ids_;  // by the low half of `low`
};

}  // namespace tupu
