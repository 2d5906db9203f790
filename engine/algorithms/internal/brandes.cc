#include "engine/algorithms/internal/brandes.h"

#include <limits>

namespace tupu {

LevelBrandes::LevelBrandes(const CsrGraph& graph, std::span<const double> multiplicity)
    : graph_(graph),
      multiplicity_(multiplicity),
      level_(graph.num_vertices(), kUnseen),
      paths_(graph.num_vertices(), 0.0),
      coefficient_(graph.num_vertices(), 0.0),
      finished_(graph.num_vertices(), 0.0) {
  order_.reserve(graph.num_vertices());
}

void LevelBrandes::AddSource(VertexIndex source, std::span<double> scores) {
  CountPaths(source);
  PullDependencies(multiplicity_[source], scores);
  for (const VertexIndex v : order_) level_[v] = kUnseen;
}

void LevelBrandes::CountPaths(VertexIndex source) {
  order_.assign(1, source);
  level_starts_.assign(1, 0);
  level_[source] = 0;
  paths_[source] = 1.0;
  for (size_t begin = 0, end = 1; begin < end; begin = end, end = order_.size()) {
    const auto next_level = static_cast<uint32_t>(level_starts_.size());
    for (size_t i = begin; i < end; ++i) {
      const VertexIndex v = order_[i];
      const double paths = paths_[v];
      for (const VertexIndex w : graph_.OutNeighbours(v)) {
        if (level_[w] == kUnseen) {
          level_[w] = next_level;
          paths_[w] = paths;
          order_.push_back(w);
        } else if (level_[w] == next_level) {
          paths_[w] += paths;
        }
      }
    }
    level_starts_.push_back(end);
  }
}

void LevelBrandes::PullDependencies(double source_multiplicity, std::span<double> scores) {
  // Only the level behind has coefficients that are not 0, and an arc never leads further than one level on: so the sum
  // over all out-neighbours is the sum over the successors, without asking for anyone's level.
  for (size_t level = level_starts_.size() - 1; level-- > 1;) {
    const size_t begin = level_starts_[level];
    const size_t end = level_starts_[level + 1];
    for (size_t i = begin; i < end; ++i) {
      const VertexIndex v = order_[i];
      double sum = 0.0;
      for (const VertexIndex w : graph_.OutNeighbours(v)) sum += coefficient_[w];
      const double dependency = paths_[v] * sum;
      scores[v] += source_multiplicity * dependency;
      finished_[v] = (multiplicity_[v] + dependency) / paths_[v];
    }
    const size_t behind = level + 2 < level_starts_.size() ? level_starts_[level + 2] : end;
    for (size_t i = end; i < behind; ++i) coefficient_[order_[i]] = 0.0;
    for (size_t i = begin; i < end; ++i) coefficient_[order_[i]] = finished_[order_[i]];
  }
  if (level_starts_.size() > 2)
    for (size_t i = level_starts_[1]; i < level_starts_[2]; ++i) coefficient_[order_[i]] = 0.0;
}

LengthBrandes::LengthBrandes(const CsrGraph& graph, std::span<const double> multiplicity)
    : graph_(graph),
      multiplicity_(multiplicity),
      distance_(graph.num_vertices(), std::numeric_limits<double>::infinity()),
      settled_(graph.num_vertices(), 0),
      paths_(graph.num_vertices(), 0.0),
      coefficient_(graph.num_vertices(), 0.0) {}

void LengthBrandes::AddSource(VertexIndex source, std::span<double> scores) {
  CountPaths(source);
  PullDependencies(multiplicity_[source], scores);
  for (const VertexIndex v : order_) {
    distance_[v] = std::numeric_limits<double>::infinity();
    settled_[v] = 0;
    coefficient_[v] = 0.0;
  }
}

void LengthBrandes::CountPaths(VertexIndex source) {
  order_.clear();
  distance_[source] = 0.0;
  paths_[source] = 1.0;
  queue_.emplace(0.0, source);
  while (!queue_.empty()) {
    const VertexIndex v = queue_.top().second;
    queue_.pop();
    if (settled_[v]) continue;  // a longer entry that a shorter one overtook
    settled_[v] = 1;
    order_.push_back(v);
    const auto targets = graph_.OutNeighbours(v);
    const auto weights = graph_.OutWeights(v);
    for (size_t i = 0; i < targets.size(); ++i) {
      const VertexIndex w = targets[i];
      const double distance = distance_[v] + weights[i];
      if (settled_[w] || distance > distance_[w]) continue;
      if (distance == distance_[w]) {
        paths_[w] += paths_[v];
      } else {
        distance_[w] = distance;
        paths_[w] = paths_[v];
        queue_.emplace(distance, w);
      }
    }
  }
}

void LengthBrandes::PullDependencies(double source_multiplicity, std::span<double> scores) {
  // Farthest first: the successors of v have their coefficients, and vertices not farther than v still have 0.
  for (size_t i = order_.size(); i-- > 1;) {
    const VertexIndex v = order_[i];
    const auto targets = graph_.OutNeighbours(v);
    const auto weights = graph_.OutWeights(v);
    double sum = 0.0;
    for (size_t k = 0; k < targets.size(); ++k)
      if (distance_[v] + weights[k] == distance_[targets[k]]) sum += coefficient_[targets[k]];
    const double dependency = paths_[v] * sum;
    scores[v] += source_multiplicity * dependency;
    coefficient_[v] = (multiplicity_[v] + dependency) / paths_[v];
  }
}

}  // namespace tupu
