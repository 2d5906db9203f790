#include "storage/keys/adjacency_list.h"

#include <algorithm>

#include "storage/keys/bytes.h"

namespace tupu {

Status AdjacencyListEncoder::Encode(VertexId vertex, AdjacencySide side, EdgeTypeId type,
                                    std::span<const AdjacencyEntry> entries, const Emit& emit) {
  const auto self_loops = static_cast<uint64_t>(std::count_if(
      entries.begin(), entries.end(), [&](const AdjacencyEntry& entry) { return entry.target == ToInteger(vertex); }));
  key_ = AdjacencyHeadKey(vertex, side, type);
  encoder_.Encode(entries, BlockKind::kWhole, self_loops, value_);
  if (value_.size() <= kMaxBlockBytes || entries.size() == 1) return emit(key_, value_);
  TUPU_TRY(emit(key_, EncodeSplitHead(entries.size(), self_loops)));
  // Three quarters full: room for some more edges before the next split.
  const size_t per_block = std::max<size_t>(1, entries.size() * (kMaxBlockBytes * 3 / 4) / value_.size());
  while (entries.size() > per_block) {
    TUPU_TRY(EncodeFenceBlocks(entries.first(per_block), false, emit));
    entries = entries.subspan(per_block);
  }
  return EncodeFenceBlocks(entries, true, emit);
}

/// `is_last`: of the list, whose last fence is the greatest possible.
Status AdjacencyListEncoder::EncodeFenceBlocks(std::span<const AdjacencyEntry> entries, bool is_last,
                                               const Emit& emit) {
  encoder_.Encode(entries, BlockKind::kFenceBlock, 0, value_);
  if (value_.size() > kMaxBlockBytes && entries.size() > 1) {
    TUPU_TRY(EncodeFenceBlocks(entries.first(entries.size() / 2), false, emit));
    return EncodeFenceBlocks(entries.subspan(entries.size() / 2), is_last, emit);
  }
  const Fence fence = is_last ? Fence{} : Fence{entries.back().target, entries.back().edge};
  key_.resize(kAdjacencyHeadKeySize);
  AppendU64(key_, fence.target);
  AppendU64(key_, fence.edge);
  return emit(key_, value_);
}

}  // namespace tupu
