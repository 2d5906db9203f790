#include "storage/csr/csr_graph.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "storage/base/check.h"

namespace tupu {
namespace {

/// counts[v + 1] holds the degree of v; makes offsets of it.
void CountsToOffsets(std::vector<uint64_t>& counts) {
  for (size_t v = 1; v < counts.size(); ++v) counts[v] += counts[v - 1];
}

/// Every arc turned round. Walking the sources in ascending order leaves each list of the result ascending, and arcs
/// between the same ends in their order: a counting sort for which the input lists need no order.
CsrAdjacency Transpose(VertexIndex num_vertices, const CsrAdjacency& adjacency) {
  CsrAdjacency result;
  result.offsets.assign(size_t{num_vertices} + 1, 0);
  for (const VertexIndex target : adjacency.targets) ++result.offsets[size_t{target} + 1];
  CountsToOffsets(result.offsets);
  result.targets.resize(adjacency.targets.size());
  result.weights.resize(adjacency.weights.size());
  std::vector<uint64_t> next(result.offsets.begin(), result.offsets.end() - 1);
  for (VertexIndex v = 0; v < num_vertices; ++v) {
    for (uint64_t i = adjacency.offsets[v]; i < adjacency.offsets[v + 1]; ++i) {
      const uint64_t position = next[adjacency.targets[i]]++;
      result.targets[position] = v;
      if (!adjacency.weights.empty()) result.weights[position] = adjacency.weights[i];
    }
  }
  return result;
}

/// Arcs by their end, each list in the order given: half of the sort of FromArcs.
CsrAdjacency BucketByEnd(VertexIndex num_vertices, std::span<const Arc> arcs, bool weighted) {
  CsrAdjacency result;
  result.offsets.assign(size_t{num_vertices} + 1, 0);
  for (const Arc& arc : arcs) ++result.offsets[size_t{arc.end} + 1];
  CountsToOffsets(result.offsets);
  result.targets.resize(arcs.size());
  if (weighted) result.weights.resize(arcs.size());
  std::vector<uint64_t> next(result.offsets.begin(), result.offsets.end() - 1);
  for (const Arc& arc : arcs) {
    const uint64_t position = next[arc.end]++;
    result.targets[position] = arc.start;
    if (weighted) result.weights[position] = arc.weight;
  }
  return result;
}

/// In place: one arc per pair of ends, no self loop. Requires: lists ascending.
void MergeParallel(VertexIndex num_vertices, CsrAdjacency& adjacency, ParallelArcs parallel) {
  const bool weighted = !adjacency.weights.empty();
  uint64_t kept = 0;
  uint64_t begin = 0;
  for (VertexIndex v = 0; v < num_vertices; ++v) {
    const uint64_t end = adjacency.offsets[size_t{v} + 1];
    const uint64_t first_kept = kept;
    for (uint64_t i = begin; i < end; ++i) {
      const VertexIndex target = adjacency.targets[i];
      if (target == v) continue;
      const bool again = kept > first_kept && adjacency.targets[kept - 1] == target;
      if (!again) adjacency.targets[kept++] = target;
      if (!weighted) continue;
      double& weight = adjacency.weights[kept - 1];
      const double added = adjacency.weights[i];
      if (!again)
        weight = added;
      else
        weight = parallel == ParallelArcs::kSumWeights ? weight + added : std::min(weight, added);
    }
    begin = end;
    adjacency.offsets[size_t{v} + 1] = kept;
  }
  adjacency.targets.resize(kept);
  if (weighted) adjacency.weights.resize(kept);
}

/// Requires: lists ascending.
bool IsSimple(VertexIndex num_vertices, const CsrAdjacency& adjacency) {
  for (VertexIndex v = 0; v < num_vertices; ++v) {
    for (uint64_t i = adjacency.offsets[v]; i < adjacency.offsets[v + 1]; ++i) {
      if (adjacency.targets[i] == v) return false;
      if (i > adjacency.offsets[v] && adjacency.targets[i] == adjacency.targets[i - 1]) return false;
    }
  }
  return true;
}

Error Broken(std::string rule) {
  return Error{ErrorCode::kInternal, "CSR graph: " + std::move(rule)};
}

/// The rules of CsrAdjacency that can be seen in one direction alone.
Status CheckAdjacency(size_t num_vertices, const CsrAdjacency& adjacency, bool weighted) {
  if (adjacency.offsets.size() != num_vertices + 1) return Broken("there must be one offset more than vertices");
  if (adjacency.offsets.front() != 0 || adjacency.offsets.back() != adjacency.targets.size())
    return Broken("offsets must run from 0 to the number of arcs");
  if (!std::is_sorted(adjacency.offsets.begin(), adjacency.offsets.end())) return Broken("offsets must not decrease");
  if (adjacency.weights.size() != (weighted ? adjacency.targets.size() : 0))
    return Broken("weights must stand beside all targets or be left out");
  for (size_t v = 0; v < num_vertices; ++v) {
    const auto first = adjacency.targets.begin() + static_cast<ptrdiff_t>(adjacency.offsets[v]);
    const auto last = adjacency.targets.begin() + static_cast<ptrdiff_t>(adjacency.offsets[v + 1]);
    if (!std::is_sorted(first, last)) return Broken("targets of vertex " + std::to_string(v) + " are not ascending");
    if (first != last && *(last - 1) >= num_vertices)
      return Broken("vertex " + std::to_string(v) + " has a target beyond the last vertex");
  }
  return {};
}

}  // namespace

CsrGraph CsrGraph::FromArcs(std::vector<VertexId> vertices, std::span<const Arc> arcs, const Options& options) {
  TUPU_CHECK(vertices.size() < std::numeric_limits<VertexIndex>::max());
  CsrGraph graph;
  graph.vertices_ = std::move(vertices);
  graph.symmetric_ = options.symmetric;
  graph.weighted_ = options.weighted;
  const VertexIndex n = graph.num_vertices();
  graph.out_ = Transpose(n, BucketByEnd(n, arcs, options.weighted));
  if (options.parallel != ParallelArcs::kKeep) MergeParallel(n, graph.out_, options.parallel);
  if (options.with_in && !options.symmetric) graph.in_ = Transpose(n, graph.out_);
  graph.simple_ = IsSimple(n, graph.out_);
  TUPU_DCHECK(graph.Validate().has_value());
  return graph;
}

Result<CsrGraph> CsrGraph::FromArrays(std::vector<VertexId> vertices, CsrAdjacency out, const Options& options) {
  TUPU_CHECK(options.parallel == ParallelArcs::kKeep);
  if (vertices.size() >= std::numeric_limits<VertexIndex>::max())
    return Error{ErrorCode::kInvalidArgument, "a CSR graph holds at most 2^32 - 2 vertices"};
  if (auto status = CheckAdjacency(vertices.size(), out, options.weighted); !status)
    return Error{ErrorCode::kInvalidArgument, status.error().message};
  CsrGraph graph;
  graph.vertices_ = std::move(vertices);
  graph.out_ = std::move(out);
  graph.symmetric_ = options.symmetric;
  graph.weighted_ = options.weighted;
  graph.simple_ = IsSimple(graph.num_vertices(), graph.out_);
  if (auto status = graph.Validate(); !status) return Error{ErrorCode::kInvalidArgument, status.error().message};
  if (options.with_in && !options.symmetric) graph.in_ = Transpose(graph.num_vertices(), graph.out_);
  return graph;
}

std::optional<VertexIndex> CsrGraph::FindIndex(VertexId id) const {
  const auto found = std::lower_bound(vertices_.begin(), vertices_.end(), id);
  if (found == vertices_.end() || *found != id) return std::nullopt;
  return static_cast<VertexIndex>(found - vertices_.begin());
}

Status CsrGraph::Validate() const {
  if (std::adjacent_find(vertices_.begin(), vertices_.end(), std::greater_equal<>()) != vertices_.end())
    return Broken("vertex ids must be ascending, each once");
  TUPU_TRY(CheckAdjacency(vertices_.size(), out_, weighted_));
  if (simple_ != IsSimple(num_vertices(), out_)) return Broken("simple() does not tell the truth");
  // Both are ascending, and Transpose keeps the order of parallel arcs, so equality is plain.
  const CsrAdjacency reverse = symmetric_ || has_in() ? Transpose(num_vertices(), out_) : CsrAdjacency{};
  if (symmetric_ && (reverse.offsets != out_.offsets || reverse.targets != out_.targets))
    return Broken("it is called symmetric, and an arc has no reverse");
  if (symmetric_ && reverse.weights != out_.weights) return Broken("an arc and its reverse weigh differently");
  if (!symmetric_ && has_in() && (reverse.offsets != in_.offsets || reverse.targets != in_.targets))
    return Broken("in-direction and out-direction differ");
  return {};
}

}  // namespace tupu
