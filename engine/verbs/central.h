#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>
#include <tupu/value.h>

#include "engine/algorithms/centrality.h"
#include "engine/verbs/edge_scope.h"
#include "storage/graph/graph_view.h"

namespace tupu {

struct CentralOptions {
  CentralityMeasure measure = CentralityMeasure::kBetweenness;
  std::vector<std::string> labels;  // only vertices with one of these; empty: any
  EdgeChoice edges;                 // default: the family cooperation, projected via its targets
  bool directed = false;            // edges as they point; default: both ways
  std::string weight_property;      // empty: unweighted
  bool group = false;               // brands and subsidiaries counted as the top of their group
  CancellationToken cancellation;
};

struct CentralVertex {
  Vertex vertex;
  double score = 0;    // > 0
  uint64_t edges = 0;  // stored edges that the score rests on
};

struct CentralAnswer {
  std::vector<CentralVertex> rows;  // highest first, then ascending id; zeros left out; at most `limit`
  uint64_t scored = 0;              // vertices with a score above zero
  uint64_t vertices = 0;            // of the slice
  uint64_t edges = 0;               // stored edges behind the slice
};

/// Who is central in a slice of the graph, by a measure of engine/algorithms/centrality.h, with the number of stored edges
/// that each place rests on: a rank that rests on one edge is to be read as such.
/// Errors: those of ResolveEdgeScope and ComputeCentrality.
Result<CentralAnswer> FindCentral(const GraphView& view, const CentralOptions& options, size_t limit);

}  // namespace tupu
