#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/ids.h>
#include <tupu/result.h>

#include "storage/csr/csr_graph.h"

namespace tupu {

class GraphView;

/// How a stored edge becomes arcs. An edge of a symmetric type gives both arcs under each of them.
enum class Orientation : uint8_t {
  kNatural,     // start -> end
  kReverse,     // end -> start
  kUndirected,  // both
};

/// What becomes of several edges between the same two vertices.
enum class ParallelEdges : uint8_t {
  kMerged,  // one arc; self loops dropped: a simple graph
  kKept,    // one arc each; self loops kept
};

/// What the weight of an arc means; it decides how parallel and projected edges are combined.
enum class WeightMeaning : uint8_t {
  kStrength,  // more is closer: parallel edges add up; a pair via an end is as strong as its weaker leg
  kDistance,  // more is farther: the shortest parallel edge counts; a pair via an end is as long as both legs
};

/// Which part of the graph an algorithm sees.
///
/// Edges     of the named `types`, or of the types of `family` in the ontology, or all. Both ends must be vertices
///           of the slice.
/// Vertices  that carry one of `labels`, or any. Where types or a family are named, only those that an edge of the
///           slice touches, unless `isolated` asks for the others too. `Source` vertices (documents that assert
///           facts, no part of the industry) only if `labels` names Source.
/// Via       in a type that the ontology declares `via` its end, two starts of one end are related through it: with
///           `via` on, such edges are replaced by one undirected pair for every two starts of one end (types of one
///           family together). The end is then a vertex of the slice only if another edge touches it.
struct SliceRequest {
  std::vector<std::string> labels = {};
  std::vector<std::string> types = {};
  std::string family = {};            // not together with `types`
  std::optional<bool> via = {};       // default: on for a family, off for named types and for all edges
  std::optional<bool> isolated = {};  // default: on when neither types nor family are named
  Orientation orientation = Orientation::kNatural;
  ParallelEdges parallel_edges = ParallelEdges::kMerged;

  /// Property that weighs an edge; empty: unweighted, unless `declared_weight`.
  std::string weight_property = {};
  bool declared_weight = false;  // for each type the weight or share property that the ontology declares
  double default_weight = 1.0;   // of an edge without the property; finite and >= 0
  WeightMeaning weight_meaning = WeightMeaning::kStrength;

  /// Vertices that count as another one, e.g. a brand as its group: their edges become the other's, edges within one
  /// group fall away. Applied before everything else; a vertex is not followed twice.
  std::map<VertexId, VertexId> counted_as = {};
};

/// A slice as kernels read it, and what it rests on.
struct Slice {
  CsrGraph graph;  // with in-direction; symmetric under kUndirected; simple under kMerged
  /// Per VertexIndex: stored edges that this vertex's arcs rest on, each counted once.
  std::vector<uint64_t> stated_edges;
  uint64_t num_stated_edges = 0;  // distinct stored edges behind the whole slice
};

/// Reads the slice out of `view`.
///
/// Result  vertices in ascending id, lists sorted: equal for equal content, whatever the order of writes.
/// Cost    one scan of the vertices (of `labels`, if named) and one Expand each. While it builds, about 60 bytes
///         per edge and 4 per vertex id ever given, beside the result. An end with k starts gives k (k - 1) / 2
///         pairs.
/// Errors  kNotFound for a label, type, family or weight property that neither data nor ontology know, with the
///         nearest known one; kInvalidArgument for types together with a family, or a weight that is no number,
///         negative or not finite; kResourceExhausted above 2^31 arcs; kCancelled; those of `view`.
Result<Slice> BuildSlice(const GraphView& view, const SliceRequest& request, const CancellationToken& cancellation);

}  // namespace tupu
