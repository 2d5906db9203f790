#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "storage/csr/topology.h"
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

/// Reads adjacency lists of one committed state: from CSRs where `topology` has them, else from blocks. The answers are the
/// same to the letter. Borrows both. Threads: safe.
class AdjacencyReader {
 public:
  /// `topology` may be null: blocks only.
  explicit AdjacencyReader(const KvSnapshot& kv, const TopologyView* topology = nullptr)
      : kv_(kv), topology_(topology) {}

  /// Steps of one side; every type if `types` is empty. Appends in (type, neighbour, edge) order; `skip_self_loops`
  /// leaves loops out (they were seen on the other side).
  Status Expand(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types, bool skip_self_loops,
                std::vector<Neighbour>& out) const;
  /// GraphView::ExpandBatch.
  Status ExpandBatch(std::span<const VertexId> vertices, Direction direction, std::span<const EdgeTypeId> types,
                     size_t max_steps, NeighbourLists& out) const;
  /// GraphView::ExpandTargets.
  Status ExpandTargets(std::span<const VertexId> vertices, Direction direction, std::span<const EdgeTypeId> types,
                       size_t max_steps, TargetLists& out) const;
  /// GraphView::VisitSteps. `next_vertex`: ids below it were given out.
  Status VisitSteps(uint64_t next_vertex, Direction direction, std::span<const EdgeTypeId> types,
                    const std::function<Status(VertexId, std::span<const Neighbour>)>& visit) const;
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
  /// Adds the parts that all lists asked for are read from to `expander`; false: some are read from blocks.
  template <class Expander>
  bool AddParts(Direction direction, std::span<const EdgeTypeId> types, Expander& expander) const;
  const TopologyTable* table() const { return topology_ == nullptr ? nullptr : topology_->table(); }
  void CountBlockReads(ListSet set, uint64_t reads) const;

  Status ExpandBlocks(VertexId vertex, ListSet set, bool skip_self_loops, std::vector<Neighbour>& out) const;
  Status ExpandAllBlocks(VertexId vertex, AdjacencySide side, bool skip_self_loops, std::vector<Neighbour>& out) const;
  Result<uint64_t> BlockDegree(VertexId vertex, ListSet set, bool skip_self_loops) const;
  /// Every block that holds edges of the lists, in their order.
  Status VisitBlocks(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                     const std::function<Status(EdgeTypeId, std::string_view)>& visit) const;
  /// The heads of one side, whatever the type.
  Status VisitHeads(VertexId vertex, AdjacencySide side,
                    const std::function<Status(EdgeTypeId, std::string_view)>& visit) const;

  const KvSnapshot& kv_;
  const TopologyView* const topology_;
};

}  // namespace tupu
