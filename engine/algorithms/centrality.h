#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/ids.h>
#include <tupu/result.h>

#include "engine/algorithms/slice.h"

namespace tupu {

class GraphView;

enum class CentralityMeasure : uint8_t { kDegree, kPageRank, kBetweenness, kCloseness, kHarmonic };

/// "degree", "pagerank", "betweenness", "closeness", "harmonic".
std::string_view Name(CentralityMeasure measure);
/// The reverse of Name, in any case. Errors: kInvalidArgument naming the nearest measure and all of them.
Result<CentralityMeasure> ParseCentralityMeasure(std::string_view name);

/// What to compute, over which slice. A member that its measure does not read is ignored.
struct CentralityRequest {
  CentralityMeasure measure = CentralityMeasure::kBetweenness;
  SliceRequest slice = {};  // its weight_meaning is set by the measure

  // PageRank (engine/algorithms/pagerank.h)
  double damping_factor = 0.85;
  uint32_t max_iterations = 200;
  double tolerance = 1e-10;

  // Betweenness, degree: default off; harmonic: default on (divided by the other vertices' number).
  std::optional<bool> normalized = {};
  // Betweenness: 0 is exact, else estimated from so many sources drawn with `sampling_seed`.
  uint64_t sampling_size = 0;
  uint64_t sampling_seed = 1;
  // Closeness: scaled by the part of the graph a vertex reaches, so that small components do not lead.
  bool wasserman_faust = true;
};

struct CentralityRow {
  VertexId vertex{};
  double score = 0;
  uint64_t edges = 0;  // stored edges that the vertex's place in the slice rests on
};

struct CentralityResult {
  std::vector<CentralityRow> rows;  // every vertex of the slice; highest score first, then ascending id
  uint64_t num_vertices = 0;
  uint64_t num_stated_edges = 0;
  uint32_t iterations = 0;  // PageRank: done
  bool converged = true;    // PageRank: false when max_iterations came first
};

/// Reads the slice and runs the measure over it: the one entry of `tupu centrality` and of the CALL procedures.
///
///     CentralityRequest request;
///     request.slice.family = "cooperation";
///     request.slice.orientation = Orientation::kUndirected;
///     TUPU_TRY_ASSIGN(const CentralityResult result, ComputeCentrality(*view, request, cancellation));
///
/// Result  deterministic: equal content gives equal scores and order.
/// Cost    BuildSlice, then degree O(V), PageRank O(V + E) per iteration, the others O(V E) (weighted: O(V E log V)).
/// Errors  those of BuildSlice and of the kernel (kInvalidArgument for a parameter out of range); kInvalidArgument when
/// kept
///         parallel edges are asked of a measure of shortest paths; kCancelled.
Result<CentralityResult> ComputeCentrality(const GraphView& view, const CentralityRequest& request,
                                           const CancellationToken& cancellation);

struct ComponentRow {
  VertexId vertex{};
  uint64_t component = 0;  // from 0, in the order of each component's least vertex id
};

enum class ComponentKind : uint8_t { kWeak, kStrong };

/// Components of a slice, rows in ascending vertex id. Weak components ignore the slice's orientation.
/// Cost O(V + E) after BuildSlice. Errors: those of BuildSlice; kCancelled.
Result<std::vector<ComponentRow>> ComputeComponents(const GraphView& view, const SliceRequest& slice,
                                                    ComponentKind kind, const CancellationToken& cancellation);

}  // namespace tupu
