#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "storage/keys/adjacency_block.h"
#include "storage/keys/key_codec.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// An edge found in the out-list of its start, with the bytes of the block that holds it.
struct LocatedEdge {
  std::string block_bytes;
  size_t position = 0;
  EdgeReference reference;
};

/// Reads adjacency lists from one snapshot of the store. Borrows the snapshot. Threads: safe.
class AdjacencyReader {
 public:
  explicit AdjacencyReader(const KvSnapshot& kv) : kv_(kv) {}

  /// Steps of one side; every type if `types` is empty. Appends in (type, neighbour, edge) order; `skip_self_loops`
  /// leaves loops out (they were seen on the other side).
  Status Expand(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types, bool skip_self_loops,
                std::vector<Neighbour>& out) const;
  /// The out-side of Expand with the properties, each block decoded once.
  Status ExpandWithProperties(VertexId vertex, std::span<const EdgeTypeId> types,
                              std::vector<NeighbourRecord>& out) const;
  Result<uint64_t> Degree(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                          bool skip_self_loops) const;

  /// The edge whose ends and type are known: one block read, or two for a long list.
  Result<std::optional<LocatedEdge>> Locate(const EdgeReference& edge) const;
  /// The edge of which only the id and the place are known: reads the list of (start, type) until it is found.
  Result<std::optional<LocatedEdge>> Search(EdgeId edge, VertexId start, EdgeTypeId type) const;

 private:
  /// Every block that holds edges of the lists, in their order.
  Status VisitBlocks(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                     const std::function<Status(EdgeTypeId, std::string_view)>& visit) const;
  Status VisitHeads(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                    const std::function<Status(EdgeTypeId, std::string_view)>& visit) const;

  const KvSnapshot& kv_;
};

}  // namespace tupu
