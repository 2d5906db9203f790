#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "query/binder/bound.h"
#include "storage/catalog/index_catalog.h"

namespace tupu {

// The logical plan: a tree of operators that says what is done in which order, still with names and bound expressions.
// Clauses become operators one to one (build_logical_plan); a MATCH stays one LogicalMatch until the rule OrderPattern
// replaces it by scans, expands and filters. Write operators point into the bound query, which must outlive the plan.

// ---- The pattern of one MATCH, taken apart ---------------------------------------------------------------------------

struct PatternEdge {
  Slot slot = 0;
  Slot left = 0;
  Slot right = 0;
  Direction direction = Direction::kBoth;  // from left to right
  std::vector<std::string> types;
  std::optional<BoundPathLength> length;
  BoundProperties properties;  // variable length only; of a single edge they are predicates
};

struct PatternShortestPath {
  PatternEdge edge;
  std::optional<Slot> path;
  bool all = false;
};

/// A path variable: its value is made of the elements' slots.
struct PatternPath {
  Slot path = 0;
  Slot start = 0;
  std::vector<Slot> edges;
};

struct PatternGraph {
  std::vector<Slot> nodes;  // each once, in the order of the text
  std::vector<PatternEdge> edges;
  std::vector<PatternShortestPath> shortest_paths;
  std::vector<PatternPath> paths;
  std::vector<BoundExpressionPtr> predicates;  // all must be true: labels, properties, conjuncts of WHERE

  /// Every slot the pattern binds or checks.
  std::set<Slot> Slots() const;
};

/// `where` may be null.
PatternGraph MakePatternGraph(const std::vector<BoundPatternPart>& parts, const BoundExpressionPtr& where);

// ---- Operators ------------------------------------------------------------------------------------------------------

struct LogicalSingleRow {};

/// Where an inner plan takes in rows of the operator that has the same number.
struct LogicalArgument {
  size_t number = 0;
};

/// Child: the rows before. `bound`: the slots that have a value there.
struct LogicalMatch {
  PatternGraph graph;
  std::set<Slot> bound;
};

struct LogicalNodeScan {
  Slot slot = 0;
  std::optional<std::string> label;
};

struct LogicalNodeByName {
  Slot slot = 0;
  std::optional<std::string> label;
  BoundExpressionPtr name;
};

struct LogicalNodeById {
  Slot slot = 0;
  BoundExpressionPtr id;
};

/// Vertices by the key that the ontology declares for `key_label`, which `label` is or stands below. The predicates stand above.
struct LogicalNodeByKey {
  Slot slot = 0;
  std::string label;
  std::string key_label;
  std::vector<std::string> properties;
  std::vector<BoundExpressionPtr> values;
};

/// Which part of a property index is read: equality with the first properties, then a range or a prefix of the next.
struct IndexSeek {
  struct Term {
    BoundExpressionPtr value;
    bool in_list = false;  // any of the list; at most one term
  };
  struct Bound {
    BoundExpressionPtr value;
    bool inclusive = true;
  };
  IndexId index{};
  std::string name;
  std::string schema;                   // the label or type
  std::vector<std::string> properties;  // of the index
  std::vector<Term> equal;
  std::optional<Bound> lower;
  std::optional<Bound> upper;
  BoundExpressionPtr prefix;  // may be null
};

/// Vertices by a property index. The predicates stand above all the same; should the index be gone when the plan runs, the
/// label is scanned.
struct LogicalNodeIndexSeek {
  Slot slot = 0;
  IndexSeek seek;
};

/// Edges of one type by a property index: binds the edge and both of its ends. Each edge twice when the pattern has no direction.
struct LogicalEdgeIndexSeek {
  PatternEdge edge;
  IndexSeek seek;
};

/// Any step over an edge: single or variable length, to a new end or into a bound one, over a new edge or a known one.
struct LogicalExpand {
  PatternEdge edge;        // left is where the step begins
  bool reversed = false;   // left and right changed places against the pattern
  bool left_bound = true;  // false: only with a known edge
  bool right_bound = false;
  bool edge_known = false;
  std::vector<Slot> different_from;
  bool emit_edges = true;
  bool distinct_ends = false;  // of variable length: each end once a row will do
};

/// In place of an Expand of whose edge and end nothing is read: how many steps there are, times `weight_in`.
struct LogicalCountSteps {
  PatternEdge edge;  // from left
  std::vector<std::string> to_labels;
  std::vector<Slot> different_from;
  std::optional<Slot> weight_in;
  Slot weight = 0;
};

/// In place of two Expands that end at one new vertex: `second` leads into what `first` finds.
struct LogicalIntersect {
  LogicalExpand first;
  LogicalExpand second;
};

struct LogicalShortestPath {
  PatternShortestPath pattern;
  std::vector<BoundExpressionPtr> predicates;  // on the path or its edges, part of the search
};

struct LogicalPath {
  PatternPath path;
};

struct LogicalFilter {
  BoundExpressionPtr predicate;
};

struct LogicalEdgesDiffer {
  std::vector<Slot> left;
  std::vector<Slot> right;
};

struct LogicalCartesianProduct {};

struct LogicalHashJoin {
  std::vector<BoundExpressionPtr> left_keys;
  std::vector<BoundExpressionPtr> right_keys;
};

/// Children: outer, inner.
struct LogicalOptional {
  size_t argument = 0;
  std::vector<Slot> introduced;
};

/// Children: outer, inner.
struct LogicalSemiApply {
  size_t argument = 0;
  bool anti = false;
};

/// A subquery for each outer row: the row with the columns of each inner row. Children: outer, inner.
struct LogicalApply {
  size_t argument = 0;
  std::vector<Slot> columns;  // none: the inner plan runs for what it changes, and the outer row passes on
  bool optional = false;      // no inner row: null in the columns
  bool steady = false;  // the inner plan neither writes nor reads the outer row, and gives the same rows each time
};

/// The number of inner rows for each outer row. Children: outer, inner.
struct LogicalCountApply {
  size_t argument = 0;
  Slot slot = 0;
};

/// Within an inner plan: the argument's values in the slots, which an operator below has dropped. They are the same for
/// every row, since the inner plan runs for one row at a time.
struct LogicalRecall {
  size_t argument = 0;
  std::vector<Slot> slots;
};

struct LogicalUnwind {
  BoundExpressionPtr list;
  Slot variable = 0;
};

struct LogicalProject {
  std::vector<std::pair<Slot, BoundExpressionPtr>> items;
};

struct LogicalKeep {
  std::vector<Slot> slots;
};

struct LogicalAggregate {
  std::vector<BoundGroupingKey> keys;
  std::vector<BoundAggregate> aggregates;
  std::optional<Slot> weight = {};  // how often a row stands for itself; none: once
};

/// A count that the statistics of the store know: vertices of a label (or all), or edges of a type (or all).
struct LogicalCountFromStatistics {
  Slot slot = 0;
  bool edges = false;
  std::optional<std::string> name;
};

struct LogicalDistinct {
  std::vector<Slot> slots;
};

struct LogicalSort {
  std::vector<BoundSortItem> items;
};

struct LogicalTopK {
  std::vector<BoundSortItem> items;
  BoundExpressionPtr skip;  // may be null; the SKIP itself stands above
  BoundExpressionPtr limit;
};

struct LogicalSkip {
  BoundExpressionPtr count;
};

struct LogicalLimit {
  BoundExpressionPtr count;
};

struct LogicalUnion {
  std::vector<std::vector<Slot>> sources;  // per branch
  std::vector<Slot> targets;
};

struct LogicalCall {
  const BoundCall* call = nullptr;
};

struct LogicalLoadCsv {
  const BoundLoadCsv* load = nullptr;
};

struct LogicalCreate {
  const BoundCreate* create = nullptr;
  std::set<Slot> bound;
};

/// Children: the rows before, the plan that matches the pattern.
struct LogicalMerge {
  const BoundMerge* merge = nullptr;
  size_t argument = 0;
  std::set<Slot> bound;
};

struct LogicalSet {
  const BoundSet* set = nullptr;
};

struct LogicalRemove {
  const BoundRemove* remove = nullptr;
};

struct LogicalDelete {
  const BoundDelete* deletion = nullptr;
};

struct LogicalEager {};

struct LogicalEmptyResult {};

struct LogicalOperator;
using LogicalPlan = std::unique_ptr<LogicalOperator>;

struct LogicalOperator {
  using Node = std::variant<LogicalSingleRow, LogicalArgument, LogicalMatch, LogicalNodeScan, LogicalNodeByName,
                            LogicalNodeById, LogicalNodeByKey, LogicalNodeIndexSeek, LogicalEdgeIndexSeek,
                            LogicalExpand, LogicalCountSteps, LogicalIntersect, LogicalShortestPath, LogicalPath,
                            LogicalFilter, LogicalEdgesDiffer, LogicalCartesianProduct, LogicalHashJoin,
                            LogicalOptional, LogicalSemiApply, LogicalApply, LogicalCountApply, LogicalRecall,
                            LogicalUnwind, LogicalProject, LogicalKeep, LogicalAggregate, LogicalCountFromStatistics,
                            LogicalDistinct, LogicalSort, LogicalTopK, LogicalSkip, LogicalLimit, LogicalUnion,
                            LogicalCall, LogicalLoadCsv, LogicalCreate, LogicalMerge, LogicalSet, LogicalRemove,
                            LogicalDelete, LogicalEager, LogicalEmptyResult>;

  explicit LogicalOperator(Node kind) : node(std::move(kind)) {}

  Node node;
  std::vector<LogicalPlan> children;
  double rows = -1;  // estimated; negative: not estimated
  /// The slots of its rows that operators above read; nullopt: any. See planner/liveness.h.
  std::optional<std::set<Slot>> live;

  template <class T>
  T* As() noexcept {
    return std::get_if<T>(&node);
  }
  template <class T>
  const T* As() const noexcept {
    return std::get_if<T>(&node);
  }
};

template <class... Child>
LogicalPlan MakePlan(LogicalOperator::Node node, Child... children) {
  auto plan = std::make_unique<LogicalOperator>(std::move(node));
  (plan->children.push_back(std::move(children)), ...);
  return plan;
}

/// One line for tests: `Keep(Filter(NodeScan(SingleRow)))`, a scan or expand with its label or types.
std::string Encode(const LogicalOperator& plan);

}  // namespace tupu
