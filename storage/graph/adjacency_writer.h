#pragma once

#include <span>
#include <vector>

#include "storage/base/worker.h"
#include "storage/graph/graph_overlay.h"
#include "storage/keys/edge_places.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// Notes in `footprint` the edges that `overlay` changes, and the vertices that must stay for its new ones.
void PrepareEdges(const GraphOverlay& overlay, Footprint& footprint);

/// The lists of a transaction as it leaves them if nobody else changes them meanwhile.
struct AdjacencyDraft {
  struct List {
    AdjacencySide side;
    VertexId vertex;
    EdgeTypeId type;
    size_t begin;  // of its writes
    size_t end;
  };
  std::vector<List> lists;  // by side, vertex and type
  std::vector<KvWrite> writes;
};

/// Makes the lists of a transaction that changes few, over its base: so those of many are made at once, by their own
/// threads, before they queue for their commit. One that changes many, or that fails, has none.
AdjacencyDraft DraftAdjacency(const GraphOverlay& overlay);

/// Which lists were changed after a commit; more, where two share a place. 256 KiB. Threads: one at a time.
class ListChanges {
 public:
  bool IsChangedAfter(uint64_t commit, AdjacencySide side, VertexId vertex, EdgeTypeId type) const {
    return last_commits_[PlaceOf(side, vertex, type)] > commit;
  }
  void Note(uint64_t commit, AdjacencySide side, VertexId vertex, EdgeTypeId type) {
    last_commits_[PlaceOf(side, vertex, type)] = commit;
  }

 private:
  static constexpr int kPlaceBits = 15;
  static size_t PlaceOf(AdjacencySide side, VertexId vertex, EdgeTypeId type) {
    const uint64_t list =
        (ToInteger(vertex) << 1 | (side == AdjacencySide::kIn ? 1 : 0)) + (uint64_t{ToInteger(type)} << 44);
    return list * 0x9e37'79b9'7f4a'7c15 >> (64 - kPlaceBits);  // by the golden ratio (Knuth, vol. 3, 6.4)
  }

  std::vector<uint64_t> last_commits_ = std::vector<uint64_t>(size_t{1} << kPlaceBits);
};

/// What one transaction brings to a commit.
struct AdjacencyPart {
  const GraphOverlay* overlay;
  AdjacencyDraft* draft;  // what is used of it is taken
};

/// The block of edge places that the last batch wrote: edge ids ascend, so that the next one mostly changes it again.
struct RecentPlaces {
  uint64_t block = UINT64_MAX;
  EdgePlaces places;
};

/// Appends to `batch` the adjacency blocks that the transactions of a group change, for out-lists, in-lists and edge
/// places. Lists that one of them drafted, and nobody else changed since its base, are as drafted; others are read from
/// `stored`, the last committed state, and written once, whatever the number of changes to them.
/// `changed`: which lists the commits before changed; those of this one are noted under its number, `commit`.
/// `recent`: of the batch before, if `stored` is what that left, else empty; becomes that of this one.
/// `worker`: makes the in-lists while the caller makes the out-lists, where many were not drafted.
/// Requires: no two transactions change the same stored edge; kMostParts at most.
/// Cost: sorts the changes of each side, 40 bytes each.
Status WriteAdjacency(std::span<const AdjacencyPart> parts, const KvSnapshot& stored, uint64_t commit,
                      ListChanges& changed, RecentPlaces& recent, Worker& worker, std::vector<KvWrite>& batch);
inline constexpr size_t kMostParts = 256;

}  // namespace tupu
