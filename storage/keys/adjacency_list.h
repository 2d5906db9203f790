#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "storage/keys/adjacency_block.h"
#include "storage/keys/key_codec.h"

namespace tupu {

/// Turns a whole adjacency list into its pairs: one block under the head key, or a head and fence blocks of at most
/// kMaxBlockBytes. Kept for many lists, it allocates little.
class AdjacencyListEncoder {
 public:
  using Emit = std::function<Status(std::string_view key, std::string_view value)>;

  /// Calls `emit` in ascending keys; the views live for the call. Requires: entries ordered by (target, edge), not
  /// empty. Errors: of `emit`.
  Status Encode(VertexId vertex, AdjacencySide side, EdgeTypeId type, std::span<const AdjacencyEntry> entries,
                const Emit& emit);

 private:
  Status EncodeFenceBlocks(std::span<const AdjacencyEntry> entries, bool is_last, const Emit& emit);

  AdjacencyBlockEncoder encoder_;
  std::string key_;  // the head key, behind it the fence of a block
  std::string value_;
};

}  // namespace tupu
