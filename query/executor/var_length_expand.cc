#include "query/executor/var_length_expand.h"

#include <algorithm>

#include "query/executor/expand.h"
#include "query/value/compare.h"

namespace tupu {

Status EdgeTester::Begin(const Row& row, ExecutionContext& context) {
  wanted_.clear();
  for (const EdgePropertyTest& test : tests_) {
    TUPU_TRY_ASSIGN(Value value, test.value->Evaluate(row, context));
    wanted_.push_back(std::move(value));
  }
  return {};
}

Result<bool> EdgeTester::Passes(const EdgeReference& edge, ExecutionContext& context) const {
  for (size_t i = 0; i < tests_.size(); ++i) {
    const std::optional<PropertyKeyId> key = tests_[i].key.Find(context.view);
    if (!key) return false;
    TUPU_TRY_ASSIGN(const Value value, context.view.EdgeProperty(edge, *key));
    if (!Equals(value, wanted_[i]).value_or(false)) return false;
  }
  return true;
}

VarLengthExpand::VarLengthExpand(OperatorPtr input, VarLengthStep step)
    : RowExpander(std::move(input)), step_(std::move(step)), tester_(step_.properties) {}

Status VarLengthExpand::OpenSelf() {
  types_ = ResolveTypes(step_.types, context().view);
  depth_ = 0;
  trail_.clear();
  return RowExpander::OpenSelf();
}

void VarLengthExpand::CloseSelf() {
  levels_.clear();
  depth_ = 0;
  trail_.clear();
  RowExpander::CloseSelf();
}

Status VarLengthExpand::Begin(const Row& row) {
  depth_ = 0;
  trail_.clear();
  used_edges_.clear();
  target_.reset();
  fresh_ = false;
  const Value from = row.Get(step_.from);
  if (from.type() != ValueType::kVertexReference) return {};
  if (step_.to_bound) {
    const Value to = row.Get(step_.to);
    if (to.type() != ValueType::kVertexReference) return {};
    target_ = to.AsVertexReference();
  }
  if (step_.max && *step_.max < step_.min) return {};
  TUPU_TRY(tester_.Begin(row, context()));
  CollectEdges(row, step_.different_from, used_edges_);
  fresh_ = true;
  return Push(from.AsVertexReference());
}

Status VarLengthExpand::Push(VertexId vertex) {
  if (depth_ == levels_.size()) levels_.emplace_back();
  Level& level = levels_[depth_++];
  level.vertex = vertex;
  level.neighbours.clear();
  level.position = 0;
  const bool at_end = step_.max && trail_.size() >= *step_.max;
  if (at_end || types_.MatchesNothing()) return {};
  const size_t before = level.neighbours.capacity();
  TUPU_TRY(context().view.Expand(vertex, step_.direction, types_.ids, level.neighbours));
  return memory().Add((level.neighbours.capacity() - before) * sizeof(Neighbour));
}

bool VarLengthExpand::Reports() const {
  return trail_.size() >= step_.min && (!target_ || levels_[depth_ - 1].vertex == *target_);
}

/// One edge further from `level`, if an edge is left that may be taken.
Result<bool> VarLengthExpand::TakeStep(Level& level) {
  while (level.position < level.neighbours.size()) {
    const Neighbour next = level.neighbours[level.position++];
    // Trails are short: a look along them costs less than a set.
    const bool walked =
        std::any_of(trail_.begin(), trail_.end(), [&](const EdgeReference& e) { return e.id == next.edge; });
    if (walked || std::find(used_edges_.begin(), used_edges_.end(), next.edge) != used_edges_.end()) continue;
    const EdgeReference edge{next.edge, next.outgoing ? level.vertex : next.vertex,
                             next.outgoing ? next.vertex : level.vertex, next.type};
    if (!step_.properties.empty()) {
      TUPU_TRY_ASSIGN(const bool passes, tester_.Passes(edge, context()));
      if (!passes) continue;
    }
    trail_.push_back(edge);
    TUPU_TRY(Push(next.vertex));
    return true;
  }
  return false;
}

Result<bool> VarLengthExpand::Advance() {
  if (fresh_) {
    fresh_ = false;
    if (Reports()) return true;
  }
  while (depth_ > 0) {
    if (++steps_ % 1024 == 0) TUPU_TRY(context().cancellation.Check());
    TUPU_TRY_ASSIGN(const bool deeper, TakeStep(levels_[depth_ - 1]));
    if (deeper) {
      if (Reports()) return true;
      continue;
    }
    --depth_;
    if (!trail_.empty()) trail_.pop_back();
  }
  return false;
}

void VarLengthExpand::Emit(Batch& out) const {
  if (!step_.to_bound) out.columns[step_.to].AppendVertex(levels_[depth_ - 1].vertex);
  if (!step_.emit_edges) return;
  List edges(trail_.begin(), trail_.end());
  if (step_.reversed) std::reverse(edges.begin(), edges.end());
  out.columns[step_.edges].Append(Value(std::move(edges)));
}

Result<size_t> VarLengthExpand::Produce(const Row&, size_t room, Batch& out) {
  size_t made = 0;
  while (made < room) {
    TUPU_TRY_ASSIGN(const bool found, Advance());
    if (!found) break;
    Emit(out);
    ++made;
  }
  return made;
}

FollowEdgeList::FollowEdgeList(OperatorPtr input, VarLengthStep step)
    : RowExpander(std::move(input)), step_(std::move(step)) {}

Status FollowEdgeList::Begin(const Row& row) {
  end_.reset();
  const Value from = row.Get(step_.from);
  const Value edges = row.Get(step_.edges);
  if (from.type() != ValueType::kVertexReference || edges.type() != ValueType::kList) return {};
  if (edges.AsList().size() < step_.min || (step_.max && edges.AsList().size() > *step_.max)) return {};
  const EdgeTypeSet types = ResolveTypes(step_.types, context().view);
  EdgeTester tester(step_.properties);
  TUPU_TRY(tester.Begin(row, context()));
  std::vector<EdgeId> used;
  CollectEdges(row, step_.different_from, used);
  VertexId at = from.AsVertexReference();
  List list = edges.AsList();
  if (step_.reversed) std::reverse(list.begin(), list.end());
  for (const Value& each : list) {
    if (each.type() != ValueType::kEdgeReference) return {};
    const EdgeReference& edge = each.AsEdgeReference();
    const bool forward = edge.start == at && step_.direction != Direction::kIn;
    const bool backward = edge.end == at && step_.direction != Direction::kOut;
    if (!types.Contains(edge.type) || (!forward && !backward)) return {};
    if (std::find(used.begin(), used.end(), edge.id) != used.end()) return {};
    TUPU_TRY_ASSIGN(const bool passes, tester.Passes(edge, context()));
    if (!passes) return {};
    used.push_back(edge.id);
    at = forward ? edge.end : edge.start;
  }
  if (step_.to_bound && !(row.Get(step_.to) == Value(at))) return {};
  end_ = at;
  return {};
}

Result<size_t> FollowEdgeList::Produce(const Row&, size_t room, Batch& out) {
  if (!end_ || room == 0) return size_t{0};
  if (!step_.to_bound) out.columns[step_.to].AppendVertex(*end_);
  end_.reset();
  return size_t{1};
}

}  // namespace tupu
