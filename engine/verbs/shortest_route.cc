#include "engine/verbs/shortest_route.h"

#include <algorithm>
#include <unordered_map>

#include "engine/verbs/entity.h"

namespace tupu {

namespace {

// One side of the search: how each vertex was reached, and the vertices reached last.
class Side {
 public:
  Side(VertexId root, bool forward) : frontier_{root}, forward_(forward) { reached_.emplace(root, Reached{root, {}}); }

  bool Knows(VertexId vertex) const { return reached_.contains(vertex); }
  const std::vector<VertexId>& frontier() const { return frontier_; }
  size_t depth() const { return depth_; }

  // Goes one level on; the vertices that the other side knows are where the two meet.
  Result<std::vector<VertexId>> Advance(const GraphView& view, std::span<const EdgeTypeId> types,
                                        const RouteLimits& limits, const Side& other,
                                        const CancellationToken& cancellation) {
    std::vector<VertexId> next;
    std::vector<VertexId> meeting;
    std::vector<Neighbour> steps;
    for (const VertexId vertex : frontier_) {
      TUPU_TRY(cancellation.Check());
      steps.clear();
      TUPU_TRY(view.Expand(vertex, Direction::kBoth, types, steps));
      // Of parallel edges the least (type, id), whichever way it points.
      std::sort(steps.begin(), steps.end(), [](const Neighbour& a, const Neighbour& b) {
        return std::tie(a.vertex, a.type, a.edge) < std::tie(b.vertex, b.type, b.edge);
      });
      for (const Neighbour& step : steps) {
        if (Knows(step.vertex) || IsClosed(limits, vertex, step.vertex)) continue;
        const bool meets = other.Knows(step.vertex);
        if (!meets) {
          TUPU_TRY_ASSIGN(const bool source, IsSource(view, step.vertex));
          if (source) continue;
        }
        reached_.emplace(step.vertex, Reached{vertex, ReferenceOf(vertex, step)});
        next.push_back(step.vertex);
        if (meets) meeting.push_back(step.vertex);
      }
    }
    frontier_ = std::move(next);
    ++depth_;
    return meeting;
  }

  // The walk from the root to `vertex`.
  PathReference Trace(VertexId vertex) const {
    PathReference walk{{vertex}, {}};
    for (const Reached* step = &reached_.at(vertex); step->from != vertex; step = &reached_.at(vertex)) {
      walk.edges.push_back(step->edge);
      walk.vertices.push_back(step->from);
      vertex = step->from;
    }
    std::reverse(walk.vertices.begin(), walk.vertices.end());
    std::reverse(walk.edges.begin(), walk.edges.end());
    return walk;
  }

 private:
  struct Reached {
    VertexId from{};  // itself: the root
    EdgeReference edge;
  };

  bool IsClosed(const RouteLimits& limits, VertexId from, VertexId to) const {
    return limits.closed_vertices.contains(to) ||
           limits.closed_steps.contains(forward_ ? std::pair(from, to) : std::pair(to, from));
  }

  std::unordered_map<VertexId, Reached> reached_;
  std::vector<VertexId> frontier_;
  size_t depth_ = 0;
  bool forward_;
};

PathReference Join(const Side& forward, const Side& backward, VertexId meeting) {
  PathReference route = forward.Trace(meeting);
  PathReference rest = backward.Trace(meeting);
  route.vertices.insert(route.vertices.end(), rest.vertices.rbegin() + 1, rest.vertices.rend());
  route.edges.insert(route.edges.end(), rest.edges.rbegin(), rest.edges.rend());
  return route;
}

}  // namespace

Result<std::optional<PathReference>> FindShortestRoute(const GraphView& view, VertexId from, VertexId to,
                                                       std::span<const EdgeTypeId> types, const RouteLimits& limits,
                                                       const CancellationToken& cancellation) {
  if (from == to) return std::optional<PathReference>(PathReference{{from}, {}});
  if (types.empty()) return std::optional<PathReference>();
  Side forward(from, true);
  Side backward(to, false);
  while (!forward.frontier().empty() && !backward.frontier().empty()) {
    const bool first = forward.frontier().size() <= backward.frontier().size();
    Side& side = first ? forward : backward;
    TUPU_TRY_ASSIGN(const std::vector<VertexId> meeting,
                    side.Advance(view, types, limits, first ? backward : forward, cancellation));
    // Every vertex where the two meet now lies on a shortest route: both sides are complete up to their depth.
    if (!meeting.empty()) {
      const VertexId least = *std::min_element(meeting.begin(), meeting.end());
      return std::optional<PathReference>(Join(forward, backward, least));
    }
  }
  return std::optional<PathReference>();
}

}  // namespace tupu
