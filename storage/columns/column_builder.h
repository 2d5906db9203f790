#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <tupu/result.h>

#include "storage/catalog/index_catalog.h"
#include "storage/columns/property_column.h"
#include "storage/csr/topology_builder.h"

namespace tupu {

/// What one column holds: a property of all vertices, or of all edges of a type; or who carries a label, true for those.
struct ColumnKey {
  EntityKind entity = EntityKind::kVertex;
  EdgeTypeId type{};  // of edges
  PropertyKeyId key{};
  std::optional<LabelId> label = {};  // of vertices: then no property is meant
  friend auto operator<=>(const ColumnKey&, const ColumnKey&) = default;
};

/// The columns of `keys`, all of vertices or all of edges, from one scan of the vertex records or of the adjacency blocks;
/// result[i] belongs to keys[i].
///
/// `fits` is told now and then how much memory the columns in the making hold. As long as it says no, the last of them is
/// given up, and its result is empty.
/// Errors  kCorruption: a damaged record or block, an id that was never given out, or another number of vertices or edges
///         than were counted. kCancelled after `stop` was set.
Result<std::vector<std::optional<PropertyColumn>>> BuildPropertyColumns(const TopologySource& source,
                                                                        std::span<const ColumnKey> keys,
                                                                        const std::function<bool(uint64_t bytes)>& fits,
                                                                        const std::atomic<bool>& stop);

}  // namespace tupu
