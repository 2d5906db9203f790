#pragma once

#include <span>
#include <vector>

#include "storage/graph/graph_overlay.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// Notes in `footprint` the edges that `overlay` changes, and the vertices that must stay for its new ones.
void PrepareEdges(const GraphOverlay& overlay, Footprint& footprint);

/// Appends to `batch` the adjacency blocks that the transactions of a group change, for out-lists, in-lists and edge
/// places. Each is read from `stored`, the last committed state, and written once, whatever the number of changes to it.
/// Requires: no two transactions change the same stored edge. Cost: sorts the changes of one side at a time, 40 bytes each.
Status WriteAdjacency(std::span<const GraphOverlay* const> overlays, const KvSnapshot& stored,
                      std::vector<KvWrite>& batch);

}  // namespace tupu
