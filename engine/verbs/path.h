#pragma once

#include <cstddef>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>
#include <tupu/value.h>

#include "engine/verbs/edge_scope.h"
#include "storage/graph/graph_view.h"

namespace tupu {

struct PathOptions {
  EdgeChoice edges;  // given: only these, nothing wider is tried
  size_t count = 1;  // so many shortest simple paths
  CancellationToken cancellation;
};

/// What the steps of an answer's paths are made of, narrowest first.
enum class PathTier : uint8_t {
  kChosen,    // the edges that the user chose
  kBonds,     // cooperation and ownership: the two are connected
  kBusiness,  // besides, what firms do and supply: they only meet in a segment, product or market
  kAnything,  // any edge: a common region, policy, indicator
};

struct PathAnswer {
  PathTier tier = PathTier::kBonds;  // of `paths`; the widest that was tried if there are none
  std::vector<Path> paths;           // ascending length; of one length in a fixed order
};

/// The shortest ways between two vertices, edges taken in either direction; documents (kSourceLabel) are passed only as
/// ends. Cooperation and ownership first; only if they do not connect the two, wider tiers one after the other: the caller
/// must say so to its reader.
///
/// Result  `paths` are simple and distinct in their vertices; parallel edges: the one with the least (type, id).
///         from == to gives the one path without edges.
/// Cost    one bidirectional search per tier; `count` paths: O(count * length) searches.
/// Source  Yen (1971), Finding the K shortest loopless paths in a network; with the search of Pohl (1971) inside.
Result<PathAnswer> FindPaths(const GraphView& view, VertexId from, VertexId to, const PathOptions& options);

}  // namespace tupu
