#include "engine/verbs/path.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <string_view>

#include "engine/verbs/entity.h"
#include "engine/verbs/shortest_route.h"

namespace tupu {

namespace {

constexpr std::array<std::string_view, 2> kBondFamilies = {"cooperation", "ownership"};
constexpr std::array<std::string_view, 4> kBusinessFamilies = {"cooperation", "ownership", "supply", "activity"};

struct RouteLess {
  bool operator()(const PathReference& a, const PathReference& b) const {
    return std::pair(a.edges.size(), a.vertices) < std::pair(b.edges.size(), b.vertices);
  }
};

// One search for the ways between two vertices over one set of types.
class RouteSearch {
 public:
  RouteSearch(const GraphView& view, VertexId from, VertexId to, std::vector<EdgeTypeId> types,
              const CancellationToken& cancellation)
      : view_(view), from_(from), to_(to), types_(std::move(types)), cancellation_(cancellation) {}

  Result<std::vector<PathReference>> Shortest(size_t count) {
    std::vector<PathReference> routes;
    TUPU_TRY_ASSIGN(std::optional<PathReference> first,
                    FindShortestRoute(view_, from_, to_, types_, {}, cancellation_));
    if (!first || count == 0) return routes;
    routes.push_back(std::move(*first));
    while (routes.size() < count) {
      TUPU_TRY(AddDeviations(routes));
      if (deviations_.empty()) break;
      routes.push_back(std::move(deviations_.extract(deviations_.begin()).value()));
    }
    return routes;
  }

 private:
  // Yen: every way that leaves the last route found at one of its vertices, on a step that no found route with the same
  // beginning takes.
  Status AddDeviations(const std::vector<PathReference>& routes) {
    const PathReference& last = routes.back();
    for (size_t spur = 0; spur + 1 < last.vertices.size(); ++spur) {
      RouteLimits limits;
      limits.closed_vertices.insert(last.vertices.begin(), last.vertices.begin() + static_cast<ptrdiff_t>(spur));
      for (const PathReference& route : routes) {
        if (route.vertices.size() > spur + 1 &&
            std::equal(last.vertices.begin(), last.vertices.begin() + static_cast<ptrdiff_t>(spur) + 1,
                       route.vertices.begin()))
          limits.closed_steps.emplace(route.vertices[spur], route.vertices[spur + 1]);
      }
      TUPU_TRY_ASSIGN(const std::optional<PathReference> rest,
                      FindShortestRoute(view_, last.vertices[spur], to_, types_, limits, cancellation_));
      if (rest) deviations_.insert(Prefixed(last, spur, *rest));
    }
    return {};
  }

  static PathReference Prefixed(const PathReference& route, size_t spur, const PathReference& rest) {
    const auto length = static_cast<ptrdiff_t>(spur);
    PathReference whole{{route.vertices.begin(), route.vertices.begin() + length},
                        {route.edges.begin(), route.edges.begin() + length}};
    whole.vertices.insert(whole.vertices.end(), rest.vertices.begin(), rest.vertices.end());
    whole.edges.insert(whole.edges.end(), rest.edges.begin(), rest.edges.end());
    return whole;
  }

  const GraphView& view_;
  VertexId from_;
  VertexId to_;
  std::vector<EdgeTypeId> types_;
  const CancellationToken& cancellation_;
  std::set<PathReference, RouteLess> deviations_;  // each once: equal vertices are one route
};

struct Tier {
  PathTier tier;
  std::vector<EdgeTypeId> types;
};

Result<std::vector<Tier>> TiersOf(const GraphView& view, const EdgeChoice& choice) {
  std::vector<Tier> tiers;
  if (!choice.empty()) {
    TUPU_TRY_ASSIGN(const EdgeScope scope, ResolveEdgeScope(view, choice, {}));
    tiers.push_back({PathTier::kChosen, scope.All()});
    return tiers;
  }
  const auto add = [&](PathTier tier, std::span<const std::string_view> families) {
    const Result<EdgeScope> scope = ResolveEdgeScope(view, {}, families);
    if (scope) tiers.push_back({tier, scope->All()});  // else the ontology knows none of these families
  };
  add(PathTier::kBonds, kBondFamilies);
  add(PathTier::kBusiness, kBusinessFamilies);
  tiers.push_back({PathTier::kAnything, WholeEdgeScope(view).All()});
  return tiers;
}

}  // namespace

Result<PathAnswer> FindPaths(const GraphView& view, VertexId from, VertexId to, const PathOptions& options) {
  TUPU_TRY_ASSIGN(std::vector<Tier> tiers, TiersOf(view, options.edges));
  PathAnswer answer;
  for (Tier& tier : tiers) {
    answer.tier = tier.tier;
    RouteSearch search(view, from, to, std::move(tier.types), options.cancellation);
    TUPU_TRY_ASSIGN(const std::vector<PathReference> routes, search.Shortest(options.count));
    for (const PathReference& route : routes) {
      TUPU_TRY_ASSIGN(Path path, ReadPath(view, route));
      answer.paths.push_back(std::move(path));
    }
    if (!answer.paths.empty()) break;
  }
  return answer;
}

}  // namespace tupu
