#pragma once

#include <optional>
#include <span>
#include <vector>

#include "query/executor/catalog_name.h"
#include "query/executor/operator.h"

namespace tupu {

/// One step of a pattern, from a bound vertex.
struct ExpandStep {
  Slot from = 0;
  Slot edge = 0;
  Slot to = 0;
  bool to_bound = false;  // "into": only edges that end where `to` already is
  Direction direction = Direction::kOut;
  std::vector<EdgeTypeName> types;  // empty: every type
  /// Edges and edge lists of the same MATCH that this edge must differ from.
  std::vector<Slot> different_from;
};

/// The edges of the bound slots `slots`: single edges and lists of edges.
void CollectEdges(const Row& row, const std::vector<Slot>& slots, std::vector<EdgeId>& out);

/// The vertex of a row, if there is one: a null, as OPTIONAL MATCH leaves it, begins no pattern.
std::optional<VertexId> VertexOf(const Row& row, Slot slot);

/// Walks all edges of a vertex. Each row of the input becomes one row per edge.
/// Order: that of GraphView::Expand. Cost: the degree of `from`; into: the lesser degree of the two ends.
class Expand final : public RowExpander {
 public:
  Expand(OperatorPtr input, ExpandStep step);

 protected:
  Status OpenSelf() override;
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  Status BeginInto(VertexId from, VertexId to);
  Status ReadAhead(const Row& row);
  size_t ProduceAll(size_t room, Batch& out);

  ExpandStep step_;
  EdgeTypeSet types_;
  std::vector<Neighbour> own_;             // of one vertex: into
  std::span<const Neighbour> neighbours_;  // of the row at hand: in own_ or lists_
  // Rows are expanded some at a time. Twice as many each time, so that a LIMIT above pays for few that it does not need.
  NeighbourLists lists_;
  std::vector<VertexId> origins_;  // lists_[i] is of origins_[i]
  size_t next_list_ = 0;
  size_t rows_ahead_ = 1;
  bool emits_edges_ = true;
  bool emits_ends_ = true;
  std::vector<EdgeId> used_edges_;
  size_t position_ = 0;
  VertexId origin_{};  // the vertex that neighbours_ were read from
  std::optional<VertexId> target_;
};

/// A step over an edge that is known already: finds the ends, or checks them.
struct KnownEdgeStep {
  Slot from = 0;
  bool from_bound = false;
  Slot edge = 0;
  Slot to = 0;
  bool to_bound = false;
  bool same_vertex = false;  // `from` and `to` are one slot that is not bound: a loop
  Direction direction = Direction::kOut;
  std::vector<EdgeTypeName> types;
  std::vector<Slot> different_from;
};

class ExpandKnownEdge final : public RowExpander {
 public:
  ExpandKnownEdge(OperatorPtr input, KnownEdgeStep step);

 protected:
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  bool Fits(const Row& row, VertexId from, VertexId to) const;

  KnownEdgeStep step_;
  std::vector<EdgeId> used_edges_;
  std::vector<std::pair<VertexId, VertexId>> ends_;
  size_t position_ = 0;
};

}  // namespace tupu
