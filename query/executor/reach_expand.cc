#include "query/executor/reach_expand.h"

#include <algorithm>

#include "query/executor/expand.h"

namespace tupu {

ReachExpand::ReachExpand(OperatorPtr input, VarLengthStep step)
    : RowExpander(std::move(input)), step_(std::move(step)), tester_(step_.properties) {}

Status ReachExpand::OpenSelf() {
  types_ = ResolveTypes(step_.types, context().view);
  return RowExpander::OpenSelf();
}

void ReachExpand::CloseSelf() {
  seen_ = {};
  place_ = {};
  reached_ = {};
  branch_ = {};
  depths_ = {};
  steps_ = {};
  ends_ = {};
  round_ = 0;
  RowExpander::CloseSelf();
}

Status ReachExpand::Begin(const Row& row) {
  active_ = false;
  const Value from = row.Get(step_.from);
  if (from.type() != ValueType::kVertexReference) return {};
  TUPU_TRY(tester_.Begin(row, context()));
  used_edges_.clear();
  CollectEdges(row, step_.different_from, used_edges_);
  start_ = from.AsVertexReference();
  reached_.clear();
  branch_.clear();
  depths_.clear();
  frontier_ = position_ = 0;
  depth_ = 0;
  gives_start_ = step_.min == 0;
  start_given_ = false;
  active_ = true;
  if (++round_ == 0) {  // after 2^32 rows
    std::fill(seen_.begin(), seen_.end(), 0u);
    round_ = 1;
  }
  return See(start_);
}

Status ReachExpand::See(VertexId vertex) {
  const size_t id = ToInteger(vertex);
  if (id >= seen_.size()) {
    const size_t size = std::max<size_t>({id + 1, 2 * seen_.size(), 1024});
    const size_t width = step_.direction == Direction::kBoth ? 2 * sizeof(uint32_t) : sizeof(uint32_t);
    TUPU_TRY(memory().Add((size - seen_.size()) * width));
    seen_.resize(size, 0);
    if (step_.direction == Direction::kBoth) place_.resize(size);
  }
  seen_[id] = round_;
  return {};
}

Result<bool> ReachExpand::MayWalk(VertexId from, const Neighbour& step) {
  if (!used_edges_.empty() && std::find(used_edges_.begin(), used_edges_.end(), step.edge) != used_edges_.end())
    return false;
  if (step_.properties.empty()) return true;
  const VertexId start = step.outgoing ? from : step.vertex;
  const VertexId end = step.outgoing ? step.vertex : from;
  return tester_.Passes({step.edge, start, end, step.type}, context());
}

/// Whether a trail goes on from `from` over the step and back to the start. A shortest cycle through the start closes between
/// two branches of the search from it, or is a loop.
bool ReachExpand::LeadsBack(VertexId from, const Neighbour& step, size_t place) const {
  if (step.vertex == start_)
    return step_.direction != Direction::kBoth || from == start_ || step.edge != branch_[place];
  if (step_.direction != Direction::kBoth || !HasSeen(step.vertex)) return false;
  const size_t other = place_[ToInteger(step.vertex)];
  if (place == kStart) return step.edge != branch_[other] && depths_[other] == 1 && (!step_.max || *step_.max >= 2);
  return branch_[place] != branch_[other] && (!step_.max || depths_[place] + depths_[other] + 1 <= *step_.max);
}

Status ReachExpand::Walk(VertexId from, std::span<const Neighbour> steps, size_t place) {
  for (const Neighbour& step : steps) {
    const bool seen = HasSeen(step.vertex);
    if (seen && (gives_start_ || (step_.direction != Direction::kBoth && step.vertex != start_))) continue;
    TUPU_TRY_ASSIGN(const bool may, MayWalk(from, step));
    if (!may) continue;
    gives_start_ = gives_start_ || LeadsBack(from, step, place);
    if (seen) continue;
    TUPU_TRY(See(step.vertex));
    if (step_.direction == Direction::kBoth) {
      place_[ToInteger(step.vertex)] = static_cast<uint32_t>(reached_.size());
      branch_.push_back(place == kStart ? step.edge : EdgeId(branch_[place]));
      depths_.push_back(depth_ + 1);
    }
    TUPU_TRY(memory().Add(sizeof(VertexId)));
    reached_.push_back(step.vertex);
  }
  return {};
}

/// Where every step may be walked, and only ends matter.
Status ReachExpand::WalkFreely(std::span<const VertexId> ends) {
  const size_t before = reached_.size();
  for (const VertexId end : ends) {
    if (HasSeen(end)) {
      gives_start_ = gives_start_ || end == start_;
      continue;
    }
    TUPU_TRY(See(end));
    reached_.push_back(end);
  }
  return memory().Add((reached_.size() - before) * sizeof(VertexId));
}

/// Expands the vertices at depth_.
Status ReachExpand::TakeLevel() {
  constexpr size_t kMostSteps = 1 << 14;
  const bool freely = step_.direction != Direction::kBoth && step_.properties.empty() && used_edges_.empty();
  const size_t end = reached_.size();
  if (depth_ == 0) {
    level_ = {start_};
  } else {
    level_.assign(reached_.begin() + static_cast<std::ptrdiff_t>(frontier_), reached_.end());
  }
  for (size_t done = 0; done < level_.size();) {
    TUPU_TRY(context().cancellation.Check());
    const std::span<const VertexId> rest = std::span(level_).subspan(done);
    if (freely) {
      TUPU_TRY(context().view.ExpandTargets(rest, step_.direction, types_.ids, kMostSteps, ends_));
      TUPU_TRY(WalkFreely(ends_.targets));
      done += ends_.size();
      continue;
    }
    TUPU_TRY(context().view.ExpandBatch(rest, step_.direction, types_.ids, kMostSteps, steps_));
    for (size_t i = 0; i < steps_.size(); ++i, ++done)
      TUPU_TRY(Walk(level_[done], steps_[i], depth_ == 0 ? kStart : frontier_ + done));
  }
  frontier_ = end;
  ++depth_;
  return {};
}

Result<size_t> ReachExpand::Produce(const Row&, size_t room, Batch& out) {
  if (!active_) return size_t{0};
  const bool emits = IsLive(step_.to);
  size_t made = 0;
  const auto give = [&](VertexId vertex) {
    if (emits) out.columns[step_.to].AppendVertex(vertex);
    ++made;
  };
  while (made < room) {
    if (gives_start_ && !start_given_) {
      start_given_ = true;
      give(start_);
    } else if (position_ < reached_.size()) {
      give(reached_[position_++]);
    } else if ((depth_ == 0 || frontier_ < reached_.size()) && (!step_.max || depth_ < *step_.max) &&
               !types_.MatchesNothing()) {
      TUPU_TRY(TakeLevel());
    } else {
      active_ = false;
      break;
    }
  }
  return made;
}

}  // namespace tupu
