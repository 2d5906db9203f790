#include "engine/verbs/relation.h"

#include <algorithm>

#include "engine/verbs/entity.h"

namespace tupu {

namespace {

Status AppendDirect(const GraphView& view, VertexId from, std::span<const EdgeTypeId> types, Direction direction,
                    std::vector<Relation>& out) {
  if (types.empty()) return {};  // to Expand, no type means every type
  std::vector<Neighbour> steps;
  TUPU_TRY(view.Expand(from, direction, types, steps));
  for (const Neighbour& step : steps) {
    if (step.vertex == from) continue;
    TUPU_TRY_ASSIGN(const bool source, IsSource(view, step.vertex));
    if (!source) out.push_back({from, step.vertex, std::nullopt, ReferenceOf(from, step), std::nullopt});
  }
  return {};
}

Status AppendProjected(const GraphView& view, VertexId from, std::span<const EdgeTypeId> types,
                       std::vector<Relation>& out) {
  if (types.empty()) return {};
  std::vector<Neighbour> targets;
  TUPU_TRY(view.Expand(from, Direction::kOut, types, targets));
  std::vector<Neighbour> starts;
  for (const Neighbour& target : targets) {
    starts.clear();
    TUPU_TRY(view.Expand(target.vertex, Direction::kIn, types, starts));
    for (const Neighbour& start : starts) {
      if (start.vertex == from || start.vertex == target.vertex) continue;
      out.push_back({from, start.vertex, target.vertex, ReferenceOf(from, target), ReferenceOf(target.vertex, start)});
    }
  }
  return {};
}

}  // namespace

Status AppendRelations(const GraphView& view, const EdgeScope& scope, VertexId from, std::vector<Relation>& out) {
  TUPU_TRY(AppendDirect(view, from, scope.direct, Direction::kBoth, out));
  TUPU_TRY(AppendDirect(view, from, scope.projected, Direction::kIn, out));
  return AppendProjected(view, from, scope.projected, out);
}

}  // namespace tupu
