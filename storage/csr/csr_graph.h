#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <tupu/ids.h>
#include <tupu/result.h>

namespace tupu {

/// Dense position of a vertex in one CsrGraph, [0, num_vertices()). Never stored, never shown: see
/// CsrGraph::GetVertexId.
using VertexIndex = uint32_t;

/// One direction of adjacency: the targets of v are targets[offsets[v], offsets[v + 1]).
struct CsrAdjacency {
  std::vector<uint64_t> offsets;     // num_vertices + 1, from 0, not decreasing; empty: this direction is not there
  std::vector<VertexIndex> targets;  // ascending within one vertex
  std::vector<double> weights;       // beside `targets`, or empty: every arc weighs 1
};

/// One directed step, as a CsrGraph is built from it.
struct Arc {
  VertexIndex start = 0;
  VertexIndex end = 0;
  double weight = 1.0;
};

/// What becomes of several arcs with the same ends, and of self loops.
enum class ParallelArcs : uint8_t {
  kKeep,         // all stay, in the order given
  kSumWeights,   // one arc with the summed weight; self loops are dropped
  kLeastWeight,  // one arc with the least weight; self loops are dropped
};

/// A read-only directed graph over dense vertex positions: compressed sparse rows, the form every kernel runs on.
///
/// Life      built once from arrays or arcs, then only read. It knows no labels, types or properties: a slice
///           (engine/algorithms/slice.h) chooses what goes in.
/// Sorted    lists ascend: guaranteed by the builders.
/// Simple    simple(): no self loop, no two arcs with the same ends. Found out by the builders.
/// Symmetric symmetric(): every arc has its reverse, with the same weight; a self loop is its own. Promised by the
///           caller (checked in FromArrays and in debug builds); one adjacency then serves both directions.
/// Memory    8 (V + 1) + 4 A bytes per direction, + 8 A with weights, + 8 V for the ids.
/// Threads   any number of readers.
class CsrGraph {
 public:
  /// What the caller promises and wants.
  struct Options {
    bool symmetric = false;  // the arcs hold each edge both ways
    bool weighted = false;   // keep Arc::weight
    bool with_in = false;    // also build the in-direction (free when symmetric)
    ParallelArcs parallel = ParallelArcs::kKeep;
  };

  CsrGraph() = default;

  /// Counting sort of `arcs` by (start, end), then `options.parallel`. O(V + A), 12 bytes per arc beside the result.
  /// Requires: `vertices` ascending, no id twice, at most 2^32 - 2 of them; arc ends below vertices.size().
  static CsrGraph FromArcs(std::vector<VertexId> vertices, std::span<const Arc> arcs, const Options& options);

  /// Takes arrays as they are; `options.parallel` must be kKeep. Errors: kInvalidArgument when they break a rule of
  /// CsrAdjacency or of Options.
  static Result<CsrGraph> FromArrays(std::vector<VertexId> vertices, CsrAdjacency out, const Options& options);

  VertexIndex num_vertices() const { return static_cast<VertexIndex>(vertices_.size()); }
  uint64_t num_arcs() const { return out_.targets.size(); }
  bool symmetric() const { return symmetric_; }
  bool simple() const { return simple_; }
  bool weighted() const { return weighted_; }
  bool has_in() const { return symmetric_ || !in_.offsets.empty(); }

  std::span<const VertexIndex> OutNeighbours(VertexIndex v) const { return Targets(out_, v); }
  uint64_t OutDegree(VertexIndex v) const { return out_.offsets[v + 1] - out_.offsets[v]; }
  /// Requires: weighted(). Parallel to OutNeighbours.
  std::span<const double> OutWeights(VertexIndex v) const { return Weights(out_, v); }

  /// Require: has_in().
  std::span<const VertexIndex> InNeighbours(VertexIndex v) const { return Targets(in(), v); }
  uint64_t InDegree(VertexIndex v) const { return in().offsets[v + 1] - in().offsets[v]; }
  std::span<const double> InWeights(VertexIndex v) const { return Weights(in(), v); }

  /// The arrays themselves, for kernels that run over all arcs.
  const CsrAdjacency& out() const { return out_; }
  const CsrAdjacency& in() const { return symmetric_ ? out_ : in_; }

  VertexId GetVertexId(VertexIndex v) const { return vertices_[v]; }
  /// Ascending; position is the VertexIndex.
  std::span<const VertexId> vertices() const { return vertices_; }
  /// O(log V). Empty when the vertex is not in this graph.
  std::optional<VertexIndex> FindIndex(VertexId id) const;

  /// Every rule of this header, O(A log(max degree)). Errors: kInternal naming the first broken rule.
  Status Validate() const;

 private:
  static std::span<const VertexIndex> Targets(const CsrAdjacency& adjacency, VertexIndex v) {
    return {adjacency.targets.data() + adjacency.offsets[v], adjacency.targets.data() + adjacency.offsets[v + 1]};
  }
  static std::span<const double> Weights(const CsrAdjacency& adjacency, VertexIndex v) {
    return {adjacency.weights.data() + adjacency.offsets[v], adjacency.weights.data() + adjacency.offsets[v + 1]};
  }

  std::vector<VertexId> vertices_;
  CsrAdjacency out_{.offsets = {0}, .targets = {}, .weights = {}};
  CsrAdjacency in_{};
  bool symmetric_ = false;
  bool weighted_ = false;
  bool simple_ = true;
};

}  // namespace tupu
