#pragma once

#include <vector>

#include "storage/graph/graph_overlay.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// Appends to `batch` the vertex records that `overlay` changes, and the entries of the indexes over them: label
/// membership, names, external ids, and the keys that the ontology declares. Errors: kConstraint when two vertices have
/// the same values for a declared key.
Status WriteVertices(const GraphOverlay& overlay, std::vector<KvWrite>& batch);

}  // namespace tupu
