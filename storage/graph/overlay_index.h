#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "storage/graph/graph_view.h"
#include "storage/graph/index_range.h"

namespace tupu {

class GraphOverlay;

/// The property indexes as a transaction sees them: stored entries, less those of entities that it changed, and what its own
/// writes put there. The latter are found when an index is first read, since a load never reads one.
/// Threads: one, that of the transaction.
class OverlayIndexes {
 public:
  explicit OverlayIndexes(const GraphOverlay& overlay) : overlay_(overlay) {}
  OverlayIndexes(const OverlayIndexes&) = delete;
  OverlayIndexes& operator=(const OverlayIndexes&) = delete;

  /// Writes made while the cursor is open do not add to it; an entity that they change is given if it was stored within
  /// `range` and is there still.
  Result<std::unique_ptr<VertexCursor>> SeekVertices(const IndexDefinition& index, const IndexRange& range) const;
  Result<std::unique_ptr<EdgeCursor>> SeekEdges(const IndexDefinition& index, const IndexRange& range) const;

 private:
  /// What the logs of the overlay have brought so far; a superset: an entity may have been written again since.
  struct Own {
    size_t vertices_upto = 0;
    size_t created_edges_upto = 0;
    size_t changed_edges_upto = 0;
    std::set<std::string> entries;  // keys
  };

  Status AbsorbVertices(const IndexDefinition& index, Own& own) const;
  Status AbsorbEdges(const IndexDefinition& index, Own& own) const;
  Status AbsorbEdge(const IndexDefinition& index, EdgeId edge, Own& own) const;
  Result<std::vector<VertexId>> OwnVertices(const IndexDefinition& index, const KeyRange& keys) const;
  Result<std::vector<EdgeReference>> OwnEdges(const IndexDefinition& index, const KeyRange& keys) const;

  const GraphOverlay& overlay_;
  mutable std::map<IndexId, Own> own_;
};

}  // namespace tupu
