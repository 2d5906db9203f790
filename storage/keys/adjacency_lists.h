#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "storage/keys/adjacency_block.h"
#include "storage/keys/bytes.h"

namespace tupu {

// The part of an adjacency block (storage/keys/adjacency_block.h) that a hop reads: head, targets and edge ids, decoded
// in place without an allocation. This is what traversal and the building of CSRs spend their time in, hence inline.

namespace adjacency_lists {

/// Moves `at` past a varint; null when it does not end before `end` or has more than 64 bits.
inline const char* Take(const char* at, const char* end, uint64_t& value) {
  if (at < end && static_cast<uint8_t>(*at) < 0x80) [[likely]] {
    value = static_cast<uint8_t>(*at);
    return at + 1;
  }
  uint64_t v = 0;
  for (int shift = 0; shift < 64 && at < end; shift += 7) {
    const auto byte = static_cast<uint8_t>(*at++);
    if (shift == 63 && byte > 1) return nullptr;
    v |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      value = v;
      return at;
    }
  }
  return nullptr;
}

/// The varint of up to 8 bytes at the beginning of `word`, which stands at `at`; without a branch on its length, which no
/// branch predictor guesses. What is returned may lie beyond the list, so the caller compares at the end. Null: longer.
inline const char* TakeFromWord(const char* at, uint64_t word, uint64_t& value) {
  const uint64_t stops = ~word & 0x8080808080808080;
  if (stops == 0) [[unlikely]]
    return nullptr;
  const int last_bit = std::countr_zero(stops);
  word &= stops ^ (stops - 1);  // up to and with the first byte whose top bit is clear
  word &= 0x7f7f7f7f7f7f7f7f;
  // Groups of 7 bits move together: pairs, fours, all eight.
  word = (word & 0x007f007f007f007f) | (word & 0x7f007f007f007f00) >> 1;
  word = (word & 0x00003fff00003fff) | (word & 0x3fff00003fff0000) >> 2;
  word = (word & 0x000000000fffffff) | (word & 0x0fffffff00000000) >> 4;
  value = word;
  return at + (last_bit + 1) / 8;
}

/// Requires: little-endian, 8 readable bytes at `at`.
inline const char* TakeWord(const char* at, uint64_t& value) {
  uint64_t word;
  std::memcpy(&word, at, 8);
  return TakeFromWord(at, word, value);
}

/// The same near the end of a block. Requires: little-endian, 8 readable bytes before `end`, at < end.
inline const char* TakeWordBefore(const char* at, const char* end, uint64_t& value) {
  const char* const from = std::min(at, end - 8);
  uint64_t word;
  std::memcpy(&word, from, 8);
  return TakeFromWord(at, word >> (8 * (at - from)), value);
}

}  // namespace adjacency_lists

/// Borrowed from the bytes of the block.
struct AdjacencyLists {
  AdjacencyHead head;
  size_t size = 0;                // edges in this block; 0 for a split head
  const char* targets = nullptr;  // up to edges
  const char* edges = nullptr;
  const char* edges_end = nullptr;
  const char* block_end = nullptr;
};

/// False for bytes that are not such a block: AdjacencyBlock::Parse says what is wrong with them. It is laxer than that one
/// on the columns, which it leaps over.
inline bool ParseAdjacencyLists(std::string_view bytes, AdjacencyLists& out) {
  using adjacency_lists::Take;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  if (bytes.empty()) return false;
  const auto first = static_cast<uint8_t>(*at++);
  if ((first & 0x0f) != adjacency_block::kVersion) return false;
  out.head = {.degree = 0,
              .self_loops = 0,
              .split = (first & adjacency_block::kSplitFlag) != 0,
              .fence_block = (first & adjacency_block::kFenceBlockFlag) != 0};
  const bool has_columns = (first & adjacency_block::kColumnsFlag) != 0;
  if ((at = Take(at, end, out.head.degree)) == nullptr) return false;
  if ((first & adjacency_block::kSelfLoopsFlag) != 0 && (at = Take(at, end, out.head.self_loops)) == nullptr)
    return false;
  if (out.head.degree == 0 || out.head.self_loops > out.head.degree) return false;
  out.size = 0;
  if (out.head.split) return at == end && !out.head.fence_block && !has_columns;
  uint64_t targets_size = 0;
  uint64_t edges_size = 0;
  uint64_t columns_size = 0;
  if ((at = Take(at, end, targets_size)) == nullptr) return false;
  if (has_columns) {
    uint64_t count = 0;
    if ((at = Take(at, end, edges_size)) == nullptr || (at = Take(at, end, count)) == nullptr) return false;
    if (count == 0 || count > bytes.size()) return false;
    for (uint64_t i = 0; i < count; ++i) {
      uint64_t tag = 0;
      uint64_t section = 0;
      if ((at = Take(at, end, tag)) == nullptr || (at = Take(at, end, section)) == nullptr) return false;
      if (section > bytes.size()) return false;
      columns_size += section;
    }
  }
  const auto left = static_cast<uint64_t>(end - at);
  if (targets_size > left) return false;
  if (!has_columns) edges_size = left - targets_size;
  if (edges_size > left || columns_size > left || targets_size + edges_size + columns_size != left) return false;
  if (out.head.degree > targets_size || out.head.degree > edges_size) return false;
  out.size = static_cast<size_t>(out.head.degree);
  out.targets = at;
  out.edges = at + targets_size;
  out.edges_end = out.edges + edges_size;
  out.block_end = end;
  return true;
}

/// Calls visit(target, edge), both as numbers, for each edge in its order. False, after some calls perhaps, when the lists
/// do not end where the directory says.
template <class Visit>
bool VisitAdjacencyLists(const AdjacencyLists& lists, Visit&& visit) {
  using adjacency_lists::Take;
  using adjacency_lists::TakeWord;
  using adjacency_lists::TakeWordBefore;
  const char* t = lists.targets;
  const char* e = lists.edges;
  uint64_t target = 0;
  uint64_t edge = 0;
  if (lists.size == 0) return true;
  // The first ones stand whole, in some bytes each. Before the targets lie three bytes at least.
  constexpr bool kWords = std::endian::native == std::endian::little;
  const bool has_word = kWords && lists.block_end - t >= 8 - 3;
  const char* const after_target = has_word ? TakeWordBefore(t, lists.block_end, target) : nullptr;
  const char* const after_edge = has_word ? TakeWordBefore(e, lists.block_end, edge) : nullptr;
  if (after_target != nullptr && after_edge != nullptr) {
    t = after_target;
    e = after_edge;
  } else if ((t = Take(t, lists.edges, target)) == nullptr || (e = Take(e, lists.edges_end, edge)) == nullptr) {
    return false;
  }
  visit(target, edge);
  size_t i = 1;
  uint64_t target_step = 0;
  uint64_t edge_step = 0;
  if constexpr (kWords) {
    for (; i < lists.size && lists.block_end - e >= 8 && lists.block_end - t >= 8; ++i) {
      const char* const next_target = TakeWord(t, target_step);
      const char* const next_edge = TakeWord(e, edge_step);
      if (next_target == nullptr || next_edge == nullptr) break;  // a step above 2^56: the plain way below
      t = next_target;
      e = next_edge;
      visit(target += target_step, edge += static_cast<uint64_t>(UnZigZag(edge_step)));
    }
  }
  for (; i < lists.size; ++i) {
    if ((t = Take(t, lists.edges, target_step)) == nullptr) return false;
    if ((e = Take(e, lists.edges_end, edge_step)) == nullptr) return false;
    visit(target += target_step, edge += static_cast<uint64_t>(UnZigZag(edge_step)));
  }
  return t == lists.edges && e == lists.edges_end;
}

}  // namespace tupu
