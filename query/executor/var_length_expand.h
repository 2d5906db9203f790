#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "query/executor/catalog_name.h"
#include "query/executor/expression.h"
#include "query/executor/operator.h"

namespace tupu {

/// `{key: value}` on a variable-length relationship: holds of every edge. The values read the input row only.
struct EdgePropertyTest {
  PropertyKeyName key;
  ExpressionPtr value;
};

/// A variable-length step, from a bound vertex.
struct VarLengthStep {
  Slot from = 0;
  Slot edges = 0;
  Slot to = 0;
  bool to_bound = false;
  bool emit_edges = true;  // false: nothing reads the list; the column stays unbound
  bool reversed = false;   // walked against the pattern: the list is given in the pattern's order all the same
  Direction direction = Direction::kOut;  // as walked, from `from`
  std::vector<EdgeTypeName> types;
  std::vector<EdgePropertyTest> properties;
  uint64_t min = 1;
  std::optional<uint64_t> max;
  std::vector<Slot> different_from;
};

/// Checks the property tests of a step for one input row.
class EdgeTester {
 public:
  explicit EdgeTester(const std::vector<EdgePropertyTest>& tests) : tests_(tests) {}
  Status Begin(const Row& row, ExecutionContext& context);
  Result<bool> Passes(const EdgeReference& edge, ExecutionContext& context) const;

 private:
  const std::vector<EdgePropertyTest>& tests_;
  std::vector<Value> wanted_;
};

/// All trails (no edge twice) of min to max edges from a vertex, depth first, one row each. They are made as they are
/// asked for: a LIMIT above ends the walk. Memory: the trail under way and the open neighbours beside it.
class VarLengthExpand final : public RowExpander {
 public:
  VarLengthExpand(OperatorPtr input, VarLengthStep step);

 protected:
  Status OpenSelf() override;
  void CloseSelf() override;
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  struct Level {
    VertexId vertex{};
    std::vector<Neighbour> neighbours;
    size_t position = 0;
  };

  Status Push(VertexId vertex);
  Result<bool> Advance();  // to the next trail; false: no more
  Result<bool> TakeStep(Level& level);
  void Emit(Batch& out) const;
  bool Reports() const;

  VarLengthStep step_;
  EdgeTypeSet types_;
  EdgeTester tester_;
  std::vector<Level> levels_;  // levels_[0, depth_) are in use; the rest keep their memory for the next trail
  size_t depth_ = 0;
  std::vector<EdgeReference> trail_;
  std::vector<EdgeId> used_edges_;
  std::optional<VertexId> target_;
  bool fresh_ = false;  // the trail of no edges was not looked at yet
  uint64_t steps_ = 0;
};

/// A variable-length step whose list of edges is bound already: checks that it is a trail from `from`, and gives its end.
class FollowEdgeList final : public RowExpander {
 public:
  FollowEdgeList(OperatorPtr input, VarLengthStep step);

 protected:
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;

 private:
  VarLengthStep step_;
  std::optional<VertexId> end_;
};

}  // namespace tupu
