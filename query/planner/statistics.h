#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "query/planner/logical_plan.h"
#include "storage/graph/graph_view.h"

namespace tupu {

/// Estimates of how many rows a step gives, from the counts that the store keeps. Guesses where it keeps none; only
/// the ratio between two estimates matters.
class Statistics {
 public:
  explicit Statistics(const GraphView& view) : view_(view) {}

  double Vertices() const;
  /// 0 for a label that the store does not know.
  double VerticesWith(const std::string& label) const;
  /// Edges that fit any of the types; of every type if there are none.
  double Edges(const std::vector<std::string>& types) const;
  /// Rows that one row becomes by walking the edge from one of its ends, a vertex that has `label` (nothing: any vertex).
  double Fanout(const PatternEdge& edge, const std::optional<std::string>& label, bool from_left) const;
  /// The share of the edges' ends on the left (or right) side that have `label`.
  double ShareOfEnds(const PatternEdge& edge, const std::string& label, bool left) const;
  /// The share of rows that a predicate lets pass.
  double Selectivity(const BoundExpression& predicate) const;

 private:
  double ShareOf(const LabelExpression& labels, bool of_edges) const;
  double EdgesAt(const PatternEdge& edge, const std::optional<std::string>& label, bool from_left) const;

  const GraphView& view_;
};

}  // namespace tupu
