#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "query/executor/catalog_name.h"
#include "query/executor/expression.h"
#include "query/executor/operator.h"
#include "query/executor/var_length_expand.h"

namespace tupu {

struct ShortestPathStep {
  Slot from = 0;
  Slot to = 0;
  Slot edges = 0;
  std::optional<Slot> path;
  Direction direction = Direction::kOut;
  std::vector<EdgeTypeName> types;
  std::vector<EdgePropertyTest> properties;
  uint64_t min = 1;
  std::optional<uint64_t> max;
  bool all = false;
  /// Must hold of the path that is given; reads the path's and edges' slots.
  std::vector<ExpressionPtr> predicates;
};

/// shortestPath and allShortestPaths between two bound vertices.
///
/// A breadth-first search from both ends, the lesser frontier first, that meets in the middle: O(b^(d/2)) instead of
/// O(b^d) expanded vertices. All shortest paths are then walked through the levels of both searches.
/// Where no path of that length passes the predicates, with a minimum length above 1, and from a vertex to itself, trails
/// are enumerated by growing length instead, the first length that gives a path being the last: correct and bounded by
/// the run's limits, but exponential in the length.
class ShortestPath final : public RowExpander {
 public:
  ShortestPath(OperatorPtr input, ShortestPathStep step);

 protected:
  Status OpenSelf() override;
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  struct Arrival {
    EdgeReference edge;
    VertexId before{};
  };
  /// One half of the search: by which edges each vertex was first reached, level by level.
  struct Side {
    std::unordered_map<uint64_t, uint32_t> depth;
    std::unordered_map<uint64_t, std::vector<Arrival>> arrivals;
    std::vector<VertexId> frontier;
    uint32_t level = 0;
  };
  using Trail = std::vector<EdgeReference>;

  Status Search(VertexId from, VertexId to);
  Status Advance(Side& side, Direction direction, const Side& other, std::vector<VertexId>& meeting);
  Status Visit(Side& side, VertexId at, const Neighbour& next, std::vector<VertexId>& reached);
  Status CollectPaths(const Side& forward, const Side& backward, const std::vector<VertexId>& meeting);
  Status AddPaths(const std::vector<Trail>& heads, const std::vector<Trail>& tails);
  Result<std::vector<Trail>> HalvesOf(const Side& side, VertexId vertex);

  Status DropFailing(const Row& row);
  Status Enumerate(const Row& row, VertexId from, VertexId to, uint64_t length);
  Status EnumerateFrom(const Row& row, VertexId at, VertexId to, uint64_t left);
  Result<bool> Passes(const Row& row, const Trail& trail);
  Result<std::vector<Neighbour>> Neighbours(VertexId at, Direction direction);
  PathReference PathOf(const Trail& trail) const;

  ShortestPathStep step_;
  EdgeTypeSet types_;
  EdgeTester tester_;
  bool every_ = false;  // all paths of the least length are wanted: to be given, or to be tested
  VertexId start_{};
  std::vector<Trail> found_;
  size_t position_ = 0;
  // Enumeration under way.
  Trail trail_;
  bool deeper_ = false;  // some trail was cut at the length under way
  uint64_t steps_ = 0;
};

}  // namespace tupu
