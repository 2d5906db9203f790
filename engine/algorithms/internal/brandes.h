#pragma once

#include <cstdint>
#include <queue>
#include <span>
#include <utility>
#include <vector>

#include "storage/csr/csr_graph.h"

namespace tupu {

/// One source's part of Brandes' sum, unweighted; the work arrays are kept from source to source.
/// `multiplicity[v]`: how many vertices stand at v as ends of paths (1, or more where leaves were folded into it).
///
/// Every level is worked from its cheaper side (Beamer, Asanovic, Patterson 2012, for the search; the same thought
/// serves the way back). Most arcs lie in one or two levels of a small world, and are then not touched at all:
///   search     push  over the out-arcs of the level        or pull  over the in-arcs of what is unseen
///   way back   pull  over the out-arcs of the level        or push  over the in-arcs of the level behind it
/// A pull has no branch on levels: it adds over all neighbours an array that is 0 but for one level.
class LevelBrandes {
 public:
  /// The in-direction is used if `graph` has it.
  LevelBrandes(const CsrGraph& graph, std::span<const double> multiplicity);
  /// Adds multiplicity[source] * dependency of source on v to scores[v], for every v but the source.
  void AddSource(VertexIndex source, std::span<double> scores);

 private:
  struct Level {
    size_t begin = 0;  // in order_
    size_t end = 0;
    uint64_t out_arcs = 0;
    uint64_t in_arcs = 0;  // 0 in a graph without in-direction
  };

  void CountPaths(VertexIndex source);
  void PushPaths(const Level& level);
  void PullPaths(const Level& level);
  /// Closes the level that holds all of order_ from `begin` on.
  void FinishLevel(size_t begin);

  void CollectDependencies(double source_multiplicity, std::span<double> scores);
  void PullCoefficients(const Level& level);
  void PushCoefficients(uint32_t level_number, const Level& behind);

  std::span<const VertexIndex> VerticesOf(const Level& level) const {
    return {order_.data() + level.begin, order_.data() + level.end};
  }

  static constexpr uint32_t kUnseen = UINT32_MAX;
  const CsrGraph& graph_;
  const bool has_in_;
  std::span<const double> multiplicity_;
  std::vector<VertexIndex> order_;   // reached vertices, by level
  std::vector<Level> levels_;        // the last is empty
  std::vector<VertexIndex> unseen_;  // a superset of the unseen vertices, once a search has pulled
  uint64_t unseen_in_arcs_ = 0;
  std::vector<uint32_t> level_;
  std::vector<double> paths_;     // shortest paths from the source
  std::vector<double> of_level_;  // paths, then coefficients, of the one level that is pulled from; else 0
  std::vector<double> sum_;       // of coefficients behind a vertex of the level at work; else 0
};

/// The same over arc weights as lengths (Dijkstra in place of levels). Requires: graph.weighted(), weights above 0.
class LengthBrandes {
 public:
  LengthBrandes(const CsrGraph& graph, std::span<const double> multiplicity);
  void AddSource(VertexIndex source, std::span<double> scores);

 private:
  void CountPaths(VertexIndex source);
  void PullDependencies(double source_multiplicity, std::span<double> scores);

  using Entry = std::pair<double, VertexIndex>;
  const CsrGraph& graph_;
  std::span<const double> multiplicity_;
  std::vector<VertexIndex> order_;  // settled vertices, by distance
  std::vector<double> distance_;
  std::vector<char> settled_;
  std::vector<double> paths_;
  std::vector<double> coefficient_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
};

}  // namespace tupu
