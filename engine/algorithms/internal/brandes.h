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
class LevelBrandes {
 public:
  LevelBrandes(const CsrGraph& graph, std::span<const double> multiplicity);
  /// Adds multiplicity[source] * dependency of source on v to scores[v], for every v but the source.
  void AddSource(VertexIndex source, std::span<double> scores);

 private:
  void CountPaths(VertexIndex source);
  void PullDependencies(double source_multiplicity, std::span<double> scores);

  static constexpr uint32_t kUnseen = UINT32_MAX;
  const CsrGraph& graph_;
  std::span<const double> multiplicity_;
  std::vector<VertexIndex> order_;    // reached vertices, by level
  std::vector<size_t> level_starts_;  // level l is order_[level_starts_[l], level_starts_[l + 1])
  std::vector<uint32_t> level_;
  std::vector<double> paths_;        // shortest paths from the source
  std::vector<double> coefficient_;  // (multiplicity + dependency) / paths, of the level that was finished last; else 0
  std::vector<double> finished_;     // the same for the level at work
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
