#include "engine/verbs/group.h"

#include <algorithm>
#include <array>
#include <set>

#include "storage/catalog/catalog.h"

namespace tupu {

namespace {

// The owner of each vertex that has one; of several, the one with the least id.
Result<std::map<VertexId, VertexId>> Owners(const GraphView& view, EdgeTypeId type,
                                            const CancellationToken& cancellation) {
  std::map<VertexId, VertexId> owners;
  TUPU_TRY_ASSIGN(const std::unique_ptr<VertexCursor> cursor, view.ScanVertices(std::nullopt));
  std::array<VertexId, 1024> batch;
  std::vector<Neighbour> steps;
  while (true) {
    TUPU_TRY(cancellation.Check());
    TUPU_TRY_ASSIGN(const size_t count, cursor->Next(batch));
    if (count == 0) return owners;
    for (size_t i = 0; i < count; ++i) {
      steps.clear();
      TUPU_TRY(view.Expand(batch[i], Direction::kOut, {&type, 1}, steps));
      for (const Neighbour& step : steps) {
        if (step.vertex == batch[i]) continue;
        const auto [owner, added] = owners.emplace(batch[i], step.vertex);
        if (!added) owner->second = std::min(owner->second, step.vertex);
      }
    }
  }
}

VertexId TopOf(const std::map<VertexId, VertexId>& owners, VertexId vertex) {
  std::set<VertexId> seen;
  while (seen.insert(vertex).second) {
    const auto owner = owners.find(vertex);
    if (owner == owners.end()) return vertex;
    vertex = owner->second;
  }
  // A circle, entered at `vertex`: its least member stands for it.
  VertexId least = vertex;
  for (VertexId member = owners.at(vertex); member != vertex; member = owners.at(member))
    least = std::min(least, member);
  return least;
}

}  // namespace

Result<std::vector<VertexId>> GroupOf(const GraphView& view, VertexId top, const CancellationToken& cancellation) {
  std::vector<VertexId> members = {top};
  const std::optional<EdgeTypeId> type = view.catalog().edge_types().Find(kBelongsToType);
  if (!type) return members;
  std::set<VertexId> seen = {top};
  std::vector<Neighbour> steps;
  for (size_t begin = 0; begin < members.size();) {
    const size_t end = members.size();
    for (size_t i = begin; i < end; ++i) {
      TUPU_TRY(cancellation.Check());
      steps.clear();
      TUPU_TRY(view.Expand(members[i], Direction::kIn, {&*type, 1}, steps));
      for (const Neighbour& step : steps)
        if (seen.insert(step.vertex).second) members.push_back(step.vertex);
    }
    std::sort(members.begin() + static_cast<ptrdiff_t>(end), members.end());
    begin = end;
  }
  return members;
}

Result<std::map<VertexId, VertexId>> TopsOfGroups(const GraphView& view, const CancellationToken& cancellation) {
  const std::optional<EdgeTypeId> type = view.catalog().edge_types().Find(kBelongsToType);
  std::map<VertexId, VertexId> tops;
  if (!type) return tops;
  TUPU_TRY_ASSIGN(const auto owners, Owners(view, *type, cancellation));
  for (const auto& [vertex, owner] : owners) {
    const VertexId top = TopOf(owners, vertex);
    if (top != vertex) tops.emplace(vertex, top);
  }
  return tops;
}

}  // namespace tupu
