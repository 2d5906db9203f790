#include "query/executor/expand.h"

#include <algorithm>

namespace tupu {

void CollectEdges(const Row& row, const std::vector<Slot>& slots, std::vector<EdgeId>& out) {
  for (const Slot slot : slots) {
    const Column& column = row.batch->columns[slot];
    if (column.type() == ColumnType::kEdge) {
      if (!column.IsNull(row.index)) out.push_back(column.edges()[row.index].id);
      continue;
    }
    const Value value = column.Get(row.index);
    if (value.type() == ValueType::kEdgeReference) out.push_back(value.AsEdgeReference().id);
    if (value.type() != ValueType::kList) continue;
    for (const Value& edge : value.AsList())
      if (edge.type() == ValueType::kEdgeReference) out.push_back(edge.AsEdgeReference().id);
  }
}

std::optional<VertexId> VertexOf(const Row& row, Slot slot) {
  const Column& column = row.batch->columns[slot];
  if (column.IsNull(row.index)) return std::nullopt;
  if (column.type() == ColumnType::kVertex) return column.vertices()[row.index];
  const Value value = column.Get(row.index);
  if (value.type() != ValueType::kVertexReference) return std::nullopt;
  return value.AsVertexReference();
}

namespace {

bool IsUsed(const std::vector<EdgeId>& used, EdgeId edge) {
  return std::find(used.begin(), used.end(), edge) != used.end();
}

}  // namespace

Expand::Expand(OperatorPtr input, ExpandStep step) : RowExpander(std::move(input)), step_(std::move(step)) {}

Status Expand::OpenSelf() {
  types_ = ResolveTypes(step_.types, context().view);
  lists_.Clear();
  next_list_ = 0;
  rows_ahead_ = 1;
  emits_edges_ = IsLive(step_.edge);
  emits_ends_ = !step_.to_bound && IsLive(step_.to);
  return RowExpander::OpenSelf();
}

Status Expand::Begin(const Row& row) {
  neighbours_ = {};
  used_edges_.clear();
  position_ = 0;
  target_.reset();
  const std::optional<VertexId> from = VertexOf(row, step_.from);
  if (!from || types_.MatchesNothing()) return {};
  if (!step_.different_from.empty()) CollectEdges(row, step_.different_from, used_edges_);
  origin_ = *from;
  if (!step_.to_bound) {
    // Rows come in order, from 0 in each batch of the input; those without a vertex have no list.
    if (row.index == 0) next_list_ = lists_.size();
    if (next_list_ == lists_.size()) TUPU_TRY(ReadAhead(row));
    neighbours_ = lists_[next_list_++];
    return {};
  }
  target_ = VertexOf(row, step_.to);
  return target_ ? BeginInto(*from, *target_) : Status{};
}

/// Expands this row and some that follow it.
Status Expand::ReadAhead(const Row& row) {
  constexpr size_t kMostRows = 64;
  constexpr size_t kMostSteps = 1 << 16;  // 1.5 MiB, or one hub
  origins_.clear();
  for (size_t i = row.index; i < row.batch->size && origins_.size() < rows_ahead_; ++i) {
    const std::optional<VertexId> from = VertexOf(Row{row.batch, i}, step_.from);
    if (from) origins_.push_back(*from);
  }
  rows_ahead_ = std::min(2 * rows_ahead_, kMostRows);
  next_list_ = 0;
  const size_t before = lists_.neighbours.capacity();
  TUPU_TRY(context().view.ExpandBatch(origins_, step_.direction, types_.ids, kMostSteps, lists_));
  return memory().Add((lists_.neighbours.capacity() - before) * sizeof(Neighbour));
}

Status Expand::BeginInto(VertexId from, VertexId to) {
  const GraphView& view = context().view;
  TUPU_TRY_ASSIGN(const uint64_t from_degree, view.Degree(from, step_.direction, types_.ids));
  TUPU_TRY_ASSIGN(const uint64_t to_degree, view.Degree(to, Reverse(step_.direction), types_.ids));
  own_.clear();
  if (from_degree <= to_degree) {
    TUPU_TRY(view.Expand(from, step_.direction, types_.ids, own_));
  } else {
    origin_ = to;
    target_ = from;
    TUPU_TRY(view.Expand(to, Reverse(step_.direction), types_.ids, own_));
  }
  neighbours_ = own_;
  return {};
}

/// All that is left of the list, when nothing of it is to be looked at.
size_t Expand::ProduceAll(size_t room, Batch& out) {
  const std::span<const Neighbour> steps =
      neighbours_.subspan(position_, std::min(room, neighbours_.size() - position_));
  position_ += steps.size();
  if (emits_ends_) {
    const std::span<VertexId> ends = out.columns[step_.to].ExtendVertices(steps.size());
    for (size_t i = 0; i < steps.size(); ++i) ends[i] = steps[i].vertex;
  }
  if (emits_edges_) {
    const std::span<EdgeReference> edges = out.columns[step_.edge].ExtendEdges(steps.size());
    for (size_t i = 0; i < steps.size(); ++i) {
      const Neighbour& next = steps[i];
      edges[i] = {next.edge, next.outgoing ? origin_ : next.vertex, next.outgoing ? next.vertex : origin_, next.type};
    }
  }
  return steps.size();
}

Result<size_t> Expand::Produce(const Row&, size_t room, Batch& out) {
  if (!target_ && used_edges_.empty()) return ProduceAll(room, out);
  Column& edges = out.columns[step_.edge];
  Column& ends = out.columns[step_.to];
  size_t made = 0;
  for (; made < room && position_ < neighbours_.size(); ++position_) {
    const Neighbour& next = neighbours_[position_];
    if (target_ && next.vertex != *target_) continue;
    if (!used_edges_.empty() && IsUsed(used_edges_, next.edge)) continue;
    if (emits_edges_)
      edges.AppendEdge(
          {next.edge, next.outgoing ? origin_ : next.vertex, next.outgoing ? next.vertex : origin_, next.type});
    if (emits_ends_) ends.AppendVertex(next.vertex);
    ++made;
  }
  return made;
}

ExpandKnownEdge::ExpandKnownEdge(OperatorPtr input, KnownEdgeStep step)
    : RowExpander(std::move(input)), step_(std::move(step)) {}

bool ExpandKnownEdge::Fits(const Row& row, VertexId from, VertexId to) const {
  if (step_.from_bound && VertexOf(row, step_.from) != from) return false;
  if (step_.to_bound && VertexOf(row, step_.to) != to) return false;
  return !step_.same_vertex || from == to;
}

Status ExpandKnownEdge::Begin(const Row& row) {
  ends_.clear();
  used_edges_.clear();
  position_ = 0;
  const Value value = row.Get(step_.edge);
  if (value.type() != ValueType::kEdgeReference) return {};
  const EdgeReference& edge = value.AsEdgeReference();
  if (!ResolveTypes(step_.types, context().view).Contains(edge.type)) return {};
  CollectEdges(row, step_.different_from, used_edges_);
  if (IsUsed(used_edges_, edge.id)) return {};
  if (step_.direction != Direction::kIn && Fits(row, edge.start, edge.end)) ends_.emplace_back(edge.start, edge.end);
  const bool loop_again = step_.direction == Direction::kBoth && edge.start == edge.end;
  if (step_.direction != Direction::kOut && !loop_again && Fits(row, edge.end, edge.start))
    ends_.emplace_back(edge.end, edge.start);
  return {};
}

Result<size_t> ExpandKnownEdge::Produce(const Row&, size_t room, Batch& out) {
  size_t made = 0;
  for (; made < room && position_ < ends_.size(); ++position_, ++made) {
    if (!step_.from_bound) out.columns[step_.from].AppendVertex(ends_[position_].first);
    if (!step_.to_bound && !step_.same_vertex) out.columns[step_.to].AppendVertex(ends_[position_].second);
  }
  return made;
}

}  // namespace tupu
