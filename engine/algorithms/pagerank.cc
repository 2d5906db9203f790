#include "engine/algorithms/pagerank.h"

#include <cmath>
#include <string>

namespace tupu {
namespace {

Status CheckOptions(const CsrGraph& graph, const PageRankOptions& options) {
  const auto refuse = [](const std::string& what) { return Error{ErrorCode::kInvalidArgument, "PageRank: " + what}; };
  if (!(options.damping >= 0.0 && options.damping < 1.0))
    return refuse("the damping factor must be in [0, 1), it is " + std::to_string(options.damping));
  if (!(options.tolerance > 0.0)) return refuse("the tolerance must be above 0");
  if (options.max_iterations == 0) return refuse("at least one iteration is needed");
  if (!graph.has_in()) return refuse("the CSR graph must be built with its in-direction");
  return {};
}

/// 1 / summed out-weight, 0 for a vertex that passes nothing on.
std::vector<double> InverseOutWeights(const CsrGraph& graph) {
  std::vector<double> inverse(graph.num_vertices(), 0.0);
  for (VertexIndex v = 0; v < graph.num_vertices(); ++v) {
    double sum = 0.0;
    if (graph.weighted()) {
      for (const double weight : graph.OutWeights(v)) sum += weight;
    } else {
      sum = static_cast<double>(graph.OutDegree(v));
    }
    if (sum > 0.0) inverse[v] = 1.0 / sum;
  }
  return inverse;
}

/// What reaches `v` over its in-arcs, `shares` being each start's score over its summed out-weight.
double Pull(const CsrGraph& graph, VertexIndex v, const std::vector<double>& shares) {
  double sum = 0.0;
  const auto starts = graph.InNeighbours(v);
  if (!graph.weighted()) {
    for (const VertexIndex start : starts) sum += shares[start];
    return sum;
  }
  const auto weights = graph.InWeights(v);
  for (size_t i = 0; i < starts.size(); ++i) sum += shares[starts[i]] * weights[i];
  return sum;
}

}  // namespace

Result<PageRankScores> PageRank(const CsrGraph& graph, const PageRankOptions& options,
                                const CancellationToken& cancellation) {
  TUPU_TRY(CheckOptions(graph, options));
  const VertexIndex n = graph.num_vertices();
  PageRankScores result;
  if (n == 0) {
    result.converged = true;
    return result;
  }
  const std::vector<double> inverse = InverseOutWeights(graph);
  std::vector<double> shares(n);
  std::vector<double>& scores = result.scores;
  scores.assign(n, 1.0 / n);
  while (result.iterations < options.max_iterations && !result.converged) {
    TUPU_TRY(cancellation.Check());
    double dangling = 0.0;
    for (VertexIndex v = 0; v < n; ++v) {
      shares[v] = scores[v] * inverse[v];
      if (inverse[v] == 0.0) dangling += scores[v];
    }
    const double base = (1.0 - options.damping + options.damping * dangling) / n;
    double change = 0.0;
    for (VertexIndex v = 0; v < n; ++v) {
      const double score = base + options.damping * Pull(graph, v, shares);
      change += std::abs(score - scores[v]);
      scores[v] = score;  // safe: Pull reads shares, not scores
    }
    ++result.iterations;
    result.converged = change < options.tolerance;
  }
  return result;
}

}  // namespace tupu
