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
/// Ids that are decimal numbers and lie close together, as keys of tables do, index an array of 4 bytes each. All else:
/// open addressing over slots of 24 bytes, at most 5/8 full. An id of up to 11 bytes stands in its slot, so that a look-up
/// touches one cache line; callers with many of them prefetch first, since at a million ids each is a miss.
/// Threads: look-ups from several at once, insertions alone.
class ExternalIdMap {
 public:
  ExternalIdMap();

  static uint64_t Hash(uint32_t group, std::string_view id);

  static constexpr uint64_t kNoNumber = UINT64_MAX;
  /// The number below 10^18 of which `id` is the decimal form without sign and leading zeros, or kNoNumber.
  static uint64_t NumberOf(std::string_view id);

  void Prefetch(uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }
  void PrefetchNumber(uint32_t group, uint64_t number) const {
    if (group < arrays_.size() && number < arrays_[group].vertices.size())
      __builtin_prefetch(&arrays_[group].vertices[number]);
  }
  /// Looks in the array alone: what is not there may still be found by its hash.
  std::optional<VertexId> FindNumber(uint32_t group, uint64_t number) const {
    if (group >= arrays_.size() || number >= arrays_[group].vertices.size()) return std::nullopt;
    const uint32_t entry = arrays_[group].vertices[number];
    if (entry == 0) return std::nullopt;
    return static_cast<VertexId>(first_vertex_ + entry - 1);
  }
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
  /// Of one group: by number, 1 + how far the vertex is above the first one; 0: none.
  struct Array {
    std::vector<uint32_t> vertices;
    uint64_t used = 0;
  };
  static constexpr size_t kInline = 11;
  static constexpr uint64_t kLong = 0xff;

  static Key KeyOf(uint64_t hash, uint32_t group, std::string_view id);
  bool SameLong(const Slot& slot, std::string_view id) const;
  std::optional<VertexId> FindHashed(uint64_t hash, uint32_t group, std::string_view id) const;
  /// The place for a number, or null if it lies too far off.
  uint32_t* PlaceOf(uint32_t group, uint64_t number, VertexId vertex);
  size_t SlotOf(uint64_t hash, const Key& key, std::string_view id) const;
  uint64_t HashOf(const Slot& slot) const;
  void Grow();

  std::vector<Slot> slots_;
  uint64_t mask_ = 0;
  uint64_t size_ = 0;
  uint64_t hashed_ = 0;
  bool hashes_numbers_ = false;  // some number is not in its array
  std::vector<Array> arrays_;    // by group
  uint64_t first_vertex_ = 0;
  ByteArena arena_;
  std::vector<std::string_view> long_ids_;  // by the low half of `low`
};

}  // namespace tupu
