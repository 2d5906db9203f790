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

/// The block of edge places that the last batch wrote: edge ids ascend, so that the next one mostly changes it again.
struct RecentPlaces {
  uint64_t block = UINT64_MAX;
  EdgePlaces places;
};

/// Appends to `batch` the adjacency blocks that the transactions of a group change, for out-lists, in-lists and edge
/// places. Each is read from `stored`, the last committed state, and written once, whatever the number of changes to it.
/// `recent`: of the batch before, if `stored` is what that left, else empty; becomes that of this one.
/// `worker`: makes the in-lists while the caller makes the out-lists, where there are enough of them.
/// Requires: no two transactions change the same stored edge. Cost: sorts the changes of each side, 40 bytes each.
Status WriteAdjacency(std::span<const GraphOverlay* const> overlays, const KvSnapshot& stored, RecentPlaces& recent,
                      Worker& worker, std::vector<KvWrite>& batch);

}  // namespace tupu
