#include "engine/algorithms/centrality.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/algorithms/betweenness.h"
#include "engine/algorithms/closeness.h"
#include "engine/algorithms/components.h"
#include "engine/algorithms/degree.h"
#include "engine/algorithms/pagerank.h"
#include "storage/base/ascii.h"
#include "storage/base/similar.h"

namespace tupu {
namespace {

/// By CentralityMeasure.
constexpr std::array<std::string_view, 5> kMeasureNames = {"degree", "pagerank", "betweenness", "closeness",
                                                           "harmonic"};

/// Measures of shortest paths see weights as lengths and one arc per pair.
bool IsOfShortestPaths(CentralityMeasure measure) {
  return measure == CentralityMeasure::kBetweenness || measure == CentralityMeasure::kCloseness ||
         measure == CentralityMeasure::kHarmonic;
}

Result<SliceRequest> SliceFor(const CentralityRequest& request) {
  SliceRequest slice = request.slice;
  const bool paths = IsOfShortestPaths(request.measure);
  if (paths && slice.parallel_edges == ParallelEdges::kKept)
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} is a measure of shortest paths, for which parallel edges are one; leave them merged",
                             Name(request.measure))};
  slice.weight_meaning = paths ? WeightMeaning::kDistance : WeightMeaning::kStrength;
  return slice;
}

Result<std::vector<double>> DegreeScores(const CsrGraph& graph, bool normalized) {
  TUPU_TRY_ASSIGN(std::vector<double> scores, Degrees(graph, Direction::kOut));
  if (normalized && graph.num_vertices() > 1)
    for (double& score : scores) score /= graph.num_vertices() - 1.0;
  return scores;
}

Result<std::vector<double>> PageRankResult(const CsrGraph& graph, const CentralityRequest& request,
                                           const CancellationToken& cancellation, CentralityResult& result) {
  const PageRankOptions options{request.damping_factor, request.tolerance, request.max_iterations};
  TUPU_TRY_ASSIGN(PageRankScores ranks, PageRank(graph, options, cancellation));
  result.iterations = ranks.iterations;
  result.converged = ranks.converged;
  return std::move(ranks.scores);
}

Result<std::vector<double>> Score(const CsrGraph& graph, const CentralityRequest& request,
                                  const CancellationToken& cancellation, CentralityResult& result) {
  switch (request.measure) {
    case CentralityMeasure::kDegree: return DegreeScores(graph, request.normalized.value_or(false));
    case CentralityMeasure::kPageRank: return PageRankResult(graph, request, cancellation, result);
    case CentralityMeasure::kBetweenness:
      return Betweenness(graph, {request.normalized.value_or(false), request.sampling_size, request.sampling_seed},
                         cancellation);
    case CentralityMeasure::kCloseness: {
      TUPU_TRY_ASSIGN(const DistanceTotals totals, TotalDistances(graph, cancellation));
      return Closeness(totals,
                       request.wasserman_faust ? ClosenessVariant::kWassermanFaust : ClosenessVariant::kComponent);
    }
    case CentralityMeasure::kHarmonic: {
      TUPU_TRY_ASSIGN(DistanceTotals totals, TotalDistances(graph, cancellation));
      return Harmonic(std::move(totals), request.normalized.value_or(true));
    }
  }
  return Error{ErrorCode::kInternal, "unknown measure of centrality"};
}

}  // namespace

std::string_view Name(CentralityMeasure measure) {
  return kMeasureNames[static_cast<size_t>(measure)];
}

Result<CentralityMeasure> ParseCentralityMeasure(std::string_view name) {
  const std::string lower = ToLowerAscii(name);
  const auto found = std::find(kMeasureNames.begin(), kMeasureNames.end(), lower);
  if (found != kMeasureNames.end()) return static_cast<CentralityMeasure>(found - kMeasureNames.begin());
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = fmt::format("unknown measure \"{}\"", name),
               .hint = SuggestName(name, {kMeasureNames.begin(), kMeasureNames.end()})};
}

Result<CentralityResult> ComputeCentrality(const GraphView& view, const CentralityRequest& request,
                                           const CancellationToken& cancellation) {
  TUPU_TRY_ASSIGN(const SliceRequest slice_request, SliceFor(request));
  TUPU_TRY_ASSIGN(const Slice slice, BuildSlice(view, slice_request, cancellation));
  CentralityResult result;
  TUPU_TRY_ASSIGN(const std::vector<double> scores, Score(slice.graph, request, cancellation, result));
  result.num_vertices = slice.graph.num_vertices();
  result.num_stated_edges = slice.num_stated_edges;
  result.rows.reserve(scores.size());
  for (VertexIndex v = 0; v < slice.graph.num_vertices(); ++v)
    result.rows.push_back({slice.graph.GetVertexId(v), scores[v], slice.stated_edges[v]});
  std::stable_sort(result.rows.begin(), result.rows.end(),
                   [](const CentralityRow& a, const CentralityRow& b) { return a.score > b.score; });
  return result;
}

Result<std::vector<ComponentRow>> ComputeComponents(const GraphView& view, const SliceRequest& slice,
                                                    ComponentKind kind, const CancellationToken& cancellation) {
  SliceRequest request = slice;
  if (kind == ComponentKind::kWeak) request.orientation = Orientation::kUndirected;
  TUPU_TRY_ASSIGN(const Slice built, BuildSlice(view, request, cancellation));
  TUPU_TRY_ASSIGN(const Components components, kind == ComponentKind::kWeak
                                                   ? WeaklyConnectedComponents(built.graph, cancellation)
                                                   : StronglyConnectedComponents(built.graph, cancellation));
  std::vector<ComponentRow> rows;
  rows.reserve(built.graph.num_vertices());
  for (VertexIndex v = 0; v < built.graph.num_vertices(); ++v)
    rows.push_back({built.graph.GetVertexId(v), components.component[v]});
  return rows;
}

}  // namespace tupu
