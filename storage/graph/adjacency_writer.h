#pragma once

#include <span>
#include <vector>

#include "storage/graph/graph_overlay.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// Appends to `batch` the adjacency blocks that `overlay` changes, for out-lists, in-lists and edge places.
/// Each list is read and written once, whatever the number of changes to it.
/// Cost: sorts the changes of one side at a time, 32 bytes each.
Status WriteAdjacency(const GraphOverlay& overlay, std::vector<KvWrite>& batch);

}  // namespace tupu
