#include "engine/algorithms/degree.h"

#include <numeric>

namespace tupu {
namespace {

double Sum(std::span<const double> weights) {
  return std::accumulate(weights.begin(), weights.end(), 0.0);
}

}  // namespace

Result<std::vector<double>> Degrees(const CsrGraph& graph, Direction direction) {
  const bool out = direction != Direction::kIn;
  const bool in = direction != Direction::kOut;
  if (in && !graph.has_in())
    return Error{ErrorCode::kInvalidArgument, "in-degrees need a CSR graph that was built with its in-direction"};
  std::vector<double> degrees(graph.num_vertices(), 0.0);
  for (VertexIndex v = 0; v < graph.num_vertices(); ++v) {
    if (graph.weighted()) {
      degrees[v] = (out ? Sum(graph.OutWeights(v)) : 0.0) + (in ? Sum(graph.InWeights(v)) : 0.0);
    } else {
      degrees[v] = static_cast<double>((out ? graph.OutDegree(v) : 0) + (in ? graph.InDegree(v) : 0));
    }
  }
  return degrees;
}

}  // namespace tupu
