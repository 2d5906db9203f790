#include "engine/algorithms/closeness.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <queue>
#include <utility>

namespace tupu {
namespace {

Status CheckInput(const CsrGraph& graph) {
  if (!graph.has_in())
    return Error{ErrorCode::kInvalidArgument, "closeness needs a CSR graph that was built with its in-direction"};
  const auto& weights = graph.out().weights;
  if (std::any_of(weights.begin(), weights.end(), [](double weight) { return !(weight > 0.0); }))
    return Error{ErrorCode::kInvalidArgument,
                 "closeness reads weights as lengths, which must be above 0; found one that is not"};
  return {};
}

/// Breadth-first searches against the arcs from 64 vertices at once. Bit b of a word at v: v reaches the batch's vertex
/// b, so what is counted at v is v's own distances, 64 of them with one popcount.
class BatchSearch {
 public:
  explicit BatchSearch(const CsrGraph& graph)
      : graph_(graph),
        seen_(graph.num_vertices()),
        frontier_(graph.num_vertices(), 0),
        next_(graph.num_vertices(), 0) {}

  /// Adds the distances to [first, first + count) to `totals`. Requires: 1 <= count <= 64.
  Status Add(VertexIndex first, unsigned count, DistanceTotals& totals, const CancellationToken& cancellation) {
    all_ = count == 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
    std::fill(seen_.begin(), seen_.end(), 0);
    active_.clear();
    for (unsigned bit = 0; bit < count; ++bit) {
      seen_[first + bit] = frontier_[first + bit] = uint64_t{1} << bit;
      ++totals.reached[first + bit];
      active_.push_back(first + bit);
    }
    for (uint32_t level = 1; !active_.empty(); ++level) {
      if (auto status = cancellation.Check(); !status) return status;
      reached_.clear();
      ActiveArcs() * kPullFactor > graph_.num_arcs() ? Pull() : Push();
      Finish(level, totals);
    }
    return {};
  }

 private:
  // A pull reads every list once, but in order and without writes to others; by trial on cn-listed-sh any factor from 2
  // to 8.
  static constexpr uint64_t kPullFactor = 4;

  uint64_t ActiveArcs() const {
    uint64_t arcs = 0;
    for (const VertexIndex v : active_) arcs += graph_.InDegree(v);
    return arcs;
  }

  void Pull() {
    for (VertexIndex v = 0; v < graph_.num_vertices(); ++v) {
      if (seen_[v] == all_) continue;
      uint64_t bits = 0;
      for (const VertexIndex w : graph_.OutNeighbours(v)) bits |= frontier_[w];
      bits &= ~seen_[v];
      if (bits == 0) continue;
      next_[v] = bits;
      reached_.push_back(v);
    }
  }

  void Push() {
    for (const VertexIndex w : active_) {
      for (const VertexIndex v : graph_.InNeighbours(w)) {
        const uint64_t bits = frontier_[w] & ~seen_[v];
        if (bits == 0) continue;
        if (next_[v] == 0) reached_.push_back(v);
        next_[v] |= bits;
      }
    }
  }

  void Finish(uint32_t level, DistanceTotals& totals) {
    for (const VertexIndex v : active_) frontier_[v] = 0;
    for (const VertexIndex v : reached_) {
      const auto count = static_cast<uint64_t>(std::popcount(next_[v]));
      totals.reached[v] += count;
      totals.distance[v] += static_cast<double>(level * count);
      totals.inverse_distance[v] += static_cast<double>(count) / level;
      seen_[v] |= next_[v];
      frontier_[v] = std::exchange(next_[v], 0);
    }
    std::swap(active_, reached_);
  }

  const CsrGraph& graph_;
  uint64_t all_ = 0;
  std::vector<uint64_t> seen_;
  std::vector<uint64_t> frontier_;  // reached in the level before
  std::vector<uint64_t> next_;
  std::vector<VertexIndex> active_;   // frontier is not 0
  std::vector<VertexIndex> reached_;  // next is not 0
};

/// Dijkstra from one vertex after the other.
class LengthSearch {
 public:
  explicit LengthSearch(const CsrGraph& graph) : graph_(graph), distance_(graph.num_vertices(), kUnreached) {}

  void Add(VertexIndex source, DistanceTotals& totals) {
    touched_.assign(1, source);
    distance_[source] = 0.0;
    queue_.emplace(0.0, source);
    while (!queue_.empty()) {
      const auto [distance, v] = queue_.top();
      queue_.pop();
      if (distance > distance_[v]) continue;  // a longer entry that a shorter one overtook
      ++totals.reached[source];
      totals.distance[source] += distance;
      if (v != source) totals.inverse_distance[source] += 1.0 / distance;
      Relax(v);
    }
    for (const VertexIndex v : touched_) distance_[v] = kUnreached;
  }

 private:
  static constexpr double kUnreached = std::numeric_limits<double>::infinity();

  void Relax(VertexIndex v) {
    const auto targets = graph_.OutNeighbours(v);
    const auto weights = graph_.OutWeights(v);
    for (size_t i = 0; i < targets.size(); ++i) {
      const double distance = distance_[v] + weights[i];
      double& known = distance_[targets[i]];
      if (!(distance < known)) continue;
      if (known == kUnreached) touched_.push_back(targets[i]);
      known = distance;
      queue_.emplace(distance, targets[i]);
    }
  }

  using Entry = std::pair<double, VertexIndex>;
  const CsrGraph& graph_;
  std::vector<double> distance_;
  std::vector<VertexIndex> touched_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
};

}  // namespace

Result<DistanceTotals> TotalDistances(const CsrGraph& graph, const CancellationToken& cancellation) {
  TUPU_TRY(CheckInput(graph));
  const VertexIndex n = graph.num_vertices();
  DistanceTotals totals{std::vector<uint64_t>(n, 0), std::vector<double>(n, 0.0), std::vector<double>(n, 0.0)};
  if (graph.weighted()) {
    LengthSearch search(graph);
    for (VertexIndex source = 0; source < n; ++source) {
      TUPU_TRY(cancellation.Check());
      search.Add(source, totals);
    }
    return totals;
  }
  BatchSearch search(graph);
  for (uint64_t first = 0; first < n; first += 64) {
    const auto count = static_cast<unsigned>(std::min<uint64_t>(64, n - first));
    TUPU_TRY(search.Add(static_cast<VertexIndex>(first), count, totals, cancellation));
  }
  return totals;
}

std::vector<double> Closeness(const DistanceTotals& totals, ClosenessVariant variant) {
  const size_t n = totals.reached.size();
  std::vector<double> scores(n, 0.0);
  for (size_t v = 0; v < n; ++v) {
    const auto others = static_cast<double>(totals.reached[v] - 1);
    if (others == 0.0) continue;
    scores[v] = others / totals.distance[v];
    if (variant == ClosenessVariant::kWassermanFaust) scores[v] *= others / (static_cast<double>(n) - 1.0);
  }
  return scores;
}

std::vector<double> Harmonic(DistanceTotals totals, bool normalized) {
  std::vector<double> scores = std::move(totals.inverse_distance);
  if (normalized && scores.size() > 1)
    for (double& score : scores) score /= static_cast<double>(scores.size()) - 1.0;
  return scores;
}

}  // namespace tupu
