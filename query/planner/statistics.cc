#include "query/planner/statistics.h"

#include <algorithm>
#include <cmath>

#include "storage/catalog/catalog.h"
#include "storage/catalog/graph_statistics.h"

namespace tupu {

double Statistics::Vertices() const {
  return static_cast<double>(view_.CountVertices(std::nullopt));
}

double Statistics::VerticesWith(const std::string& label) const {
  const std::optional<LabelId> id = view_.catalog().labels().Find(label);
  return id ? static_cast<double>(view_.CountVertices(*id)) : 0;
}

double Statistics::Edges(const std::vector<std::string>& types) const {
  if (types.empty()) return static_cast<double>(view_.CountEdges(std::nullopt));
  double edges = 0;
  for (const std::string& type : types) {
    const std::optional<EdgeTypeId> id = view_.catalog().edge_types().Find(type);
    if (id) edges += static_cast<double>(view_.CountEdges(*id));
  }
  return edges;
}

/// Edges that the vertices with `label` at that end have together: as last counted by labels, in the measure of what there is
/// now; as if every edge were at such a vertex, if they were never counted.
double Statistics::EdgesAt(const PatternEdge& edge, const std::optional<std::string>& label, bool from_left) const {
  const double all = Edges(edge.types) * (edge.direction == Direction::kBoth ? 2 : 1);
  const GraphStatistics& counted = view_.statistics();
  const std::optional<LabelId> id = label ? view_.catalog().labels().Find(*label) : std::nullopt;
  if (!id || edge.types.empty() || counted.commit == 0 || counted.edges_counted == 0) return all;
  const bool leaving = (edge.direction == Direction::kOut) == from_left;
  double at_label = 0;
  for (const std::string& name : edge.types) {
    const std::optional<EdgeTypeId> type = view_.catalog().edge_types().Find(name);
    if (!type) continue;
    at_label += static_cast<double>(counted.EdgesAt(*id, *type, leaving).value_or(0));
    if (edge.direction == Direction::kBoth)
      at_label += static_cast<double>(counted.EdgesAt(*id, *type, !leaving).value_or(0));
  }
  const double growth =
      static_cast<double>(view_.CountEdges(std::nullopt)) / static_cast<double>(counted.edges_counted);
  return std::min(at_label * growth, all);
}

double Statistics::ShareOfEnds(const PatternEdge& edge, const std::string& label, bool left) const {
  constexpr double kUncounted = 0.7;  // most types lead to one label, and that is the one a pattern names
  const double known = static_cast<double>(view_.statistics().commit);
  const double all = Edges(edge.types) * (edge.direction == Direction::kBoth ? 2 : 1);
  const double share = VerticesWith(label) / std::max(1.0, Vertices());
  if (edge.types.empty() || all == 0) return std::min(1.0, share);
  if (known == 0) return std::max(share, VerticesWith(label) > 0 ? kUncounted : 0.0);
  return std::min(1.0, EdgesAt(edge, label, left) / all);
}

double Statistics::Fanout(const PatternEdge& edge, const std::optional<std::string>& label, bool from_left) const {
  const double starts = std::max(1.0, label ? VerticesWith(*label) : Vertices());
  const double one = EdgesAt(edge, label, from_left) / starts;
  if (!edge.length) return one;
  constexpr uint64_t kDeepest = 8;  // beyond it every estimate says "very many" all the same
  const uint64_t max = std::min(edge.length->max.value_or(kDeepest), kDeepest);
  double total = 0;
  for (uint64_t length = std::min(edge.length->min, max); length <= max; ++length)
    total += std::pow(one, static_cast<double>(length));
  return std::min(total, 1e12);
}

/// As if labels came independently of each other; an edge has one type.
double Statistics::ShareOf(const LabelExpression& labels, bool of_edges) const {
  const auto each = [&](const LabelExpression& operand) { return ShareOf(operand, of_edges); };
  switch (labels.kind) {
    case LabelExpression::Kind::kName: {
      const double with = of_edges ? Edges({labels.name}) : VerticesWith(labels.name);
      const double all = of_edges ? Edges({}) : Vertices();
      return std::min(1.0, with / std::max(1.0, all));
    }
    case LabelExpression::Kind::kAny: return 1;
    case LabelExpression::Kind::kNot: return 1 - each(labels.operands[0]);
    case LabelExpression::Kind::kAnd: {
      double share = 1;
      for (const LabelExpression& operand : labels.operands) share *= each(operand);
      return share;
    }
    case LabelExpression::Kind::kOr: {
      double share = 0;
      for (const LabelExpression& operand : labels.operands) share += each(operand);
      return std::min(1.0, share);
    }
  }
  return 1;
}

double Statistics::Selectivity(const BoundExpression& predicate) const {
  if (const auto* test = predicate.As<BoundLabelTest>())
    return ShareOf(test->labels, test->base->type.kind == StaticKind::kRelationship);
  if (const auto* comparison = predicate.As<BoundComparison>()) {
    double share = 1;
    for (const BoundComparisonOperator op : comparison->operators)
      share *= op == BoundComparisonOperator::kEqual ? 0.05 : op == BoundComparisonOperator::kNotEqual ? 0.9 : 0.3;
    return share;
  }
  if (const auto* logical = predicate.As<BoundLogical>()) {
    double share = logical->op == BoundLogicalOperator::kAnd ? 1 : 0;
    for (const BoundExpressionPtr& operand : logical->operands) {
      const double each = Selectivity(*operand);
      share = logical->op == BoundLogicalOperator::kAnd ? share * each : std::min(1.0, share + each);
    }
    return share;
  }
  const auto* unary = predicate.As<BoundUnary>();
  if (unary != nullptr && unary->op == BoundUnaryOperator::kNot) return 1 - Selectivity(*unary->operand);
  return 0.5;
}

}  // namespace tupu
