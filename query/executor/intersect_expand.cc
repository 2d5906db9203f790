#include "query/executor/intersect_expand.h"

#include <algorithm>

#include "query/executor/expand.h"

namespace tupu {

namespace {

/// The first step from `at` on whose end is not below `end`: the next few one by one, then in strides that double, then
/// between the last two.
size_t GallopTo(std::span<const Neighbour> steps, size_t at, VertexId end) {
  constexpr size_t kOneByOne = 8;
  for (const size_t last = std::min(at + kOneByOne, steps.size()); at < last; ++at)
    if (steps[at].vertex >= end) return at;
  size_t stride = 1;
  size_t low = at;
  while (at < steps.size() && steps[at].vertex < end) {
    low = at + 1;
    at += stride;
    stride *= 2;
  }
  const auto found = std::lower_bound(steps.begin() + static_cast<std::ptrdiff_t>(low),
                                      steps.begin() + static_cast<std::ptrdiff_t>(std::min(at, steps.size())), end,
                                      [](const Neighbour& step, VertexId wanted) { return step.vertex < wanted; });
  return static_cast<size_t>(found - steps.begin());
}

/// Where the steps to the end of steps[at] stop.
size_t EndOfRun(std::span<const Neighbour> steps, size_t at) {
  const VertexId end = steps[at].vertex;
  while (at < steps.size() && steps[at].vertex == end) ++at;
  return at;
}

EdgeReference ReferenceOf(VertexId from, const Neighbour& step) {
  return {step.edge, step.outgoing ? from : step.vertex, step.outgoing ? step.vertex : from, step.type};
}

bool Contains(const std::vector<EdgeId>& edges, EdgeId edge) {
  return std::find(edges.begin(), edges.end(), edge) != edges.end();
}

}  // namespace

IntersectExpand::IntersectExpand(OperatorPtr input, MeetingStep first, MeetingStep second, Slot to, bool edges_differ)
    : Operator(Children(std::move(input))), to_(to), edges_differ_(edges_differ) {
  sides_[0].step = std::move(first);
  sides_[1].step = std::move(second);
}

Status IntersectExpand::OpenSelf() {
  Prepare(input_);
  for (Side& side : sides_) side.types = ResolveTypes(side.step.types, context().view);
  rows_.clear();
  place_ = 0;
  return {};
}

void IntersectExpand::CloseSelf() {
  input_.Clear();
  for (Side& side : sides_) {
    side.lists = {};
    side.sorted = {};
  }
}

/// The rows of input_ that have both vertices. False: there are none.
bool IntersectExpand::TakeRows() {
  rows_.clear();
  place_ = 0;
  for (Side& side : sides_) {
    side.vertices.clear();
    side.run_of.clear();
    side.lists.Clear();
    side.first = 0;
    side.sorted_run = SIZE_MAX;
    if (side.types.MatchesNothing()) return false;
  }
  for (uint32_t row = 0; row < input_.size; ++row) {
    const std::array vertices{VertexOf(Row{&input_, row}, sides_[0].step.from),
                              VertexOf(Row{&input_, row}, sides_[1].step.from)};
    if (!vertices[0] || !vertices[1]) continue;
    rows_.push_back(row);
    for (size_t i = 0; i < sides_.size(); ++i) {
      Side& side = sides_[i];
      if (side.vertices.empty() || side.vertices.back() != *vertices[i]) side.vertices.push_back(*vertices[i]);
      side.run_of.push_back(static_cast<uint32_t>(side.vertices.size() - 1));
    }
  }
  return !rows_.empty();
}

/// The steps of the row's vertex, by ends.
Result<std::span<const Neighbour>> IntersectExpand::ListOf(Side& side, size_t place) {
  constexpr size_t kMostSteps = 1 << 15;  // at a time, or one hub
  const size_t run = side.run_of[place];
  if (run == side.sorted_run) return std::span<const Neighbour>(side.sorted);
  while (run >= side.first + side.lists.size()) {
    side.first += side.lists.size();
    TUPU_TRY(context().cancellation.Check());
    TUPU_TRY(context().view.ExpandBatch(std::span(side.vertices).subspan(side.first), side.step.direction,
                                        side.types.ids, kMostSteps, side.lists));
  }
  const std::span<const Neighbour> list = side.lists[run - side.first];
  // A list of one type and side lies in the order of its ends.
  if (side.types.ids.size() == 1 && side.step.direction != Direction::kBoth) return list;
  side.sorted.assign(list.begin(), list.end());
  std::sort(side.sorted.begin(), side.sorted.end(),
            [](const Neighbour& a, const Neighbour& b) { return a.vertex < b.vertex; });
  side.sorted_run = run;
  return std::span<const Neighbour>(side.sorted);
}

/// Every pair of a step of `first` and one of `second`, all of them with one end.
void IntersectExpand::Emit(std::span<const Neighbour> first, std::span<const Neighbour> second, size_t place,
                           Batch& out) {
  const bool emits_first = IsLive(sides_[0].step.edge);
  const bool emits_second = IsLive(sides_[1].step.edge);
  const bool emits_end = IsLive(to_);
  for (const Neighbour& a : first) {
    if (Contains(sides_[0].used, a.edge)) continue;
    for (const Neighbour& b : second) {
      if (Contains(sides_[1].used, b.edge) || (edges_differ_ && a.edge == b.edge)) continue;
      if (emits_first)
        out.columns[sides_[0].step.edge].AppendEdge(ReferenceOf(sides_[0].vertices[sides_[0].run_of[place]], a));
      if (emits_second)
        out.columns[sides_[1].step.edge].AppendEdge(ReferenceOf(sides_[1].vertices[sides_[1].run_of[place]], b));
      if (emits_end) out.columns[to_].AppendVertex(a.vertex);
      source_rows_.push_back(rows_[place]);
    }
  }
}

Status IntersectExpand::MeetRow(size_t place, Batch& out) {
  TUPU_TRY_ASSIGN(std::span<const Neighbour> first, ListOf(sides_[0], place));
  if (first.empty()) return {};
  TUPU_TRY_ASSIGN(std::span<const Neighbour> second, ListOf(sides_[1], place));
  for (Side& side : sides_) {
    side.used.clear();
    if (!side.step.different_from.empty())
      CollectEdges(Row{&input_, rows_[place]}, side.step.different_from, side.used);
  }
  size_t i = 0;
  size_t j = 0;
  while (i < first.size() && j < second.size()) {
    if (first[i].vertex < second[j].vertex) {
      i = GallopTo(first, i, second[j].vertex);
    } else if (second[j].vertex < first[i].vertex) {
      j = GallopTo(second, j, first[i].vertex);
    } else {
      const size_t i_end = EndOfRun(first, i);
      const size_t j_end = EndOfRun(second, j);
      Emit(first.subspan(i, i_end - i), second.subspan(j, j_end - j), place, out);
      i = i_end;
      j = j_end;
    }
  }
  return {};
}

Status IntersectExpand::NextBatch(Batch& out) {
  source_rows_.clear();
  while (true) {
    // A row's matches are given together; a batch may grow above its usual size by those of one row.
    while (place_ < rows_.size() && source_rows_.size() < kBatchRows) TUPU_TRY(MeetRow(place_++, out));
    if (!source_rows_.empty()) break;
    TUPU_TRY_ASSIGN(const bool more, child().Next(input_));
    if (!more) return {};
    if (!TakeRows()) rows_.clear();
  }
  GatherLive(input_, source_rows_, out);
  return {};
}

}  // namespace tupu
