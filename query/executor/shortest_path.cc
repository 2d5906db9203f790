#include "query/executor/shortest_path.h"

#include <algorithm>

namespace tupu {

ShortestPath::ShortestPath(OperatorPtr input, ShortestPathStep step)
    : RowExpander(std::move(input)), step_(std::move(step)), tester_(step_.properties) {
  every_ = step_.all || !step_.predicates.empty();
}

Status ShortestPath::OpenSelf() {
  types_ = ResolveTypes(step_.types, context().view);
  return RowExpander::OpenSelf();
}

Status ShortestPath::Begin(const Row& row) {
  found_.clear();
  position_ = 0;
  memory().Reset();
  const Value from = row.Get(step_.from);
  const Value to = row.Get(step_.to);
  if (from.type() != ValueType::kVertexReference || to.type() != ValueType::kVertexReference) return {};
  if (step_.max && *step_.max < step_.min) return {};
  TUPU_TRY(tester_.Begin(row, context()));
  start_ = from.AsVertexReference();
  const bool loop = from.AsVertexReference() == to.AsVertexReference();
  if (step_.min > 1 || loop) return Enumerate(row, from.AsVertexReference(), to.AsVertexReference(), step_.min);
  TUPU_TRY(Search(from.AsVertexReference(), to.AsVertexReference()));
  if (step_.predicates.empty() || found_.empty()) return {};
  const uint64_t length = found_[0].size();
  TUPU_TRY(DropFailing(row));
  if (!found_.empty()) return {};
  return Enumerate(row, from.AsVertexReference(), to.AsVertexReference(), length + 1);
}

Status ShortestPath::DropFailing(const Row& row) {
  std::vector<Trail> passing;
  for (Trail& trail : found_) {
    TUPU_TRY_ASSIGN(const bool passes, Passes(row, trail));
    if (passes && (step_.all || passing.empty())) passing.push_back(std::move(trail));
  }
  found_ = std::move(passing);
  return {};
}

Result<std::vector<Neighbour>> ShortestPath::Neighbours(VertexId at, Direction direction) {
  if (++steps_ % 256 == 0) TUPU_TRY(context().cancellation.Check());
  std::vector<Neighbour> neighbours;
  if (!types_.MatchesNothing()) TUPU_TRY(context().view.Expand(at, direction, types_.ids, neighbours));
  return neighbours;
}

// ---- Two breadth-first searches that meet ---------------------------------------------------------------------------

namespace {

EdgeReference ReferenceOf(VertexId at, const Neighbour& next) {
  return {next.edge, next.outgoing ? at : next.vertex, next.outgoing ? next.vertex : at, next.type};
}

}  // namespace

Status ShortestPath::Search(VertexId from, VertexId to) {
  Side forward;
  Side backward;
  forward.depth[ToInteger(from)] = 0;
  backward.depth[ToInteger(to)] = 0;
  forward.frontier = {from};
  backward.frontier = {to};
  std::vector<VertexId> meeting;
  while (meeting.empty() && !forward.frontier.empty() && !backward.frontier.empty()) {
    if (step_.max && forward.level + backward.level >= *step_.max) return {};
    if (forward.frontier.size() <= backward.frontier.size()) {
      TUPU_TRY(Advance(forward, step_.direction, backward, meeting));
    } else {
      TUPU_TRY(Advance(backward, Reverse(step_.direction), forward, meeting));
    }
  }
  return meeting.empty() ? Status{} : CollectPaths(forward, backward, meeting);
}

/// A whole level. Vertices of it that the other side knows are where shortest paths meet: they are all at the other
/// side's outermost level, since nearer ones would have met before.
Status ShortestPath::Advance(Side& side, Direction direction, const Side& other, std::vector<VertexId>& meeting) {
  std::vector<VertexId> reached;
  ++side.level;
  for (const VertexId at : side.frontier) {
    TUPU_TRY_ASSIGN(const std::vector<Neighbour> neighbours, Neighbours(at, direction));
    for (const Neighbour& next : neighbours) TUPU_TRY(Visit(side, at, next, reached));
  }
  for (const VertexId vertex : reached)
    if (other.depth.contains(ToInteger(vertex))) meeting.push_back(vertex);
  side.frontier = std::move(reached);
  return {};
}

Status ShortestPath::Visit(Side& side, VertexId at, const Neighbour& next, std::vector<VertexId>& reached) {
  const uint64_t key = ToInteger(next.vertex);
  const auto known = side.depth.find(key);
  if (known != side.depth.end() && (known->second != side.level || !every_)) return {};
  const EdgeReference edge = ReferenceOf(at, next);
  if (!step_.properties.empty()) {
    TUPU_TRY_ASSIGN(const bool passes, tester_.Passes(edge, context()));
    if (!passes) return {};
  }
  constexpr uint64_t kBytesPerArrival = 128;  // two hash entries and the arrival itself
  TUPU_TRY(memory().Add(kBytesPerArrival));
  if (known == side.depth.end()) {
    side.depth.emplace(key, side.level);
    reached.push_back(next.vertex);
  }
  side.arrivals[key].push_back({edge, at});
  return {};
}

/// Trails from the side's origin to `vertex`, in the order walked.
Result<std::vector<ShortestPath::Trail>> ShortestPath::HalvesOf(const Side& side, VertexId vertex) {
  const auto arrivals = side.arrivals.find(ToInteger(vertex));
  if (arrivals == side.arrivals.end()) return std::vector<Trail>{Trail{}};
  std::vector<Trail> halves;
  for (const Arrival& arrival : arrivals->second) {
    TUPU_TRY_ASSIGN(std::vector<Trail> heads, HalvesOf(side, arrival.before));
    for (Trail& head : heads) {
      head.push_back(arrival.edge);
      TUPU_TRY(memory().Add(sizeof(Trail) + head.size() * sizeof(EdgeReference)));
      halves.push_back(std::move(head));
    }
  }
  return halves;
}

Status ShortestPath::AddPaths(const std::vector<Trail>& heads, const std::vector<Trail>& tails) {
  for (const Trail& head : heads)
    for (const Trail& tail : tails) {
      if (!every_ && !found_.empty()) return {};
      Trail trail = head;
      trail.insert(trail.end(), tail.rbegin(), tail.rend());
      TUPU_TRY(memory().Add(sizeof(Trail) + trail.size() * sizeof(EdgeReference)));
      found_.push_back(std::move(trail));
    }
  return {};
}

Status ShortestPath::CollectPaths(const Side& forward, const Side& backward, const std::vector<VertexId>& meeting) {
  for (const VertexId vertex : meeting) {
    TUPU_TRY_ASSIGN(const std::vector<Trail> heads, HalvesOf(forward, vertex));
    TUPU_TRY_ASSIGN(const std::vector<Trail> tails, HalvesOf(backward, vertex));
    TUPU_TRY(AddPaths(heads, tails));
    if (!every_) break;
  }
  return {};
}

// ---- Enumeration by growing length ----------------------------------------------------------------------------------

Status ShortestPath::Enumerate(const Row& row, VertexId from, VertexId to, uint64_t length) {
  for (; !step_.max || length <= *step_.max; ++length) {
    trail_.clear();
    deeper_ = false;
    TUPU_TRY(EnumerateFrom(row, from, to, length));
    if (!found_.empty() || !deeper_) return {};
  }
  return {};
}

Status ShortestPath::EnumerateFrom(const Row& row, VertexId at, VertexId to, uint64_t left) {
  if (left == 0) {
    deeper_ = true;
    if (at != to) return {};
    TUPU_TRY_ASSIGN(const bool passes, Passes(row, trail_));
    if (!passes) return {};
    TUPU_TRY(memory().Add(sizeof(Trail) + trail_.size() * sizeof(EdgeReference)));
    found_.push_back(trail_);
    return {};
  }
  TUPU_TRY_ASSIGN(const std::vector<Neighbour> neighbours, Neighbours(at, step_.direction));
  for (const Neighbour& next : neighbours) {
    const EdgeReference edge = ReferenceOf(at, next);
    if (std::find(trail_.begin(), trail_.end(), edge) != trail_.end()) continue;
    TUPU_TRY_ASSIGN(const bool passes, tester_.Passes(edge, context()));
    if (!passes) continue;
    trail_.push_back(edge);
    TUPU_TRY(EnumerateFrom(row, next.vertex, to, left - 1));
    trail_.pop_back();
    if (!step_.all && !found_.empty()) return {};
  }
  return {};
}

PathReference ShortestPath::PathOf(const Trail& trail) const {
  PathReference path;
  path.vertices.push_back(start_);
  for (const EdgeReference& edge : trail) {
    path.vertices.push_back(edge.start == path.vertices.back() ? edge.end : edge.start);
    path.edges.push_back(edge);
  }
  return path;
}

Result<bool> ShortestPath::Passes(const Row& row, const Trail& trail) {
  if (step_.predicates.empty()) return true;
  Batch one = MakeBatch();
  const uint32_t index = static_cast<uint32_t>(row.index);
  one.Gather(*row.batch, {&index, 1});
  one.columns[step_.edges].Append(Value(List(trail.begin(), trail.end())));
  if (step_.path) one.columns[*step_.path].Append(Value(PathOf(trail)));
  for (const ExpressionPtr& predicate : step_.predicates) {
    TUPU_TRY_ASSIGN(const Value truth, predicate->Evaluate(Row{&one, 0}, context()));
    TUPU_TRY_ASSIGN(const bool passes, IsTrue(truth));
    if (!passes) return false;
  }
  return true;
}

Result<size_t> ShortestPath::Produce(const Row&, size_t room, Batch& out) {
  size_t made = 0;
  for (; made < room && position_ < found_.size(); ++position_, ++made) {
    const Trail& trail = found_[position_];
    out.columns[step_.edges].Append(Value(List(trail.begin(), trail.end())));
    if (step_.path) out.columns[*step_.path].Append(Value(PathOf(trail)));
  }
  return made;
}

}  // namespace tupu
