#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "query/planner/index_access.h"
#include "query/planner/logical_plan.h"
#include "query/planner/planner_context.h"
#include "query/planner/statistics.h"

namespace tupu {

/// How the first vertices of a pattern are found.
struct AccessPath {
  enum class Kind : uint8_t { kScan, kLabel, kName, kId, kDeclaredKey, kIndex, kEdgeIndex };
  Kind kind = Kind::kScan;
  Slot slot = 0;
  std::optional<std::string> label;
  BoundExpressionPtr key;           // kName, kId
  std::optional<size_t> satisfied;  // the predicate that it makes needless
  double rows = 0;

  std::vector<size_t> implied = {};  // predicates of which `rows` takes account: tested, but they let all pass
  std::optional<LogicalNodeByKey> declared_key = {};
  std::optional<IndexAccess> index = {};  // kIndex, kEdgeIndex
  size_t edge = 0;                        // kEdgeIndex: which of the pattern
  bool correlated = false;                // the values come from the rows before

  /// Done for each row before, which costs little; anything else is done once and joined.
  bool IsSeek() const { return kind == Kind::kName || kind == Kind::kId || kind == Kind::kDeclaredKey || correlated; }
};

/// Finds an order of scans, expands and joins for one pattern: greedily the step that gives the fewest rows, from the
/// start whose whole order is estimated to touch the fewest. Every predicate is applied as soon as its slots are bound.
/// What PlanningOptions do not allow is done as the text has it.
/// Cost: O(nodes * edges^2); patterns have few of both.
class PatternPlanner {
 public:
  PatternPlanner(PatternGraph graph, std::set<Slot> bound, PlannerContext& context);

  /// `input`: the rows before, with the bound slots.
  LogicalPlan Plan(LogicalPlan input);

 private:
  struct Predicate {
    BoundExpressionPtr expression;
    std::set<Slot> slots;  // of those that the pattern or the rows before bind
    int expense = 0;
  };
  /// How far an order has come. `plan` is null while orders are only tried.
  struct Progress {
    std::set<Slot> bound;
    std::vector<bool> edges_done;
    std::vector<bool> predicates_done;
    std::set<size_t> implied;  // predicates of which an index has taken account: tested, but they let all pass
    std::vector<bool> paths_done;
    std::vector<Slot> edge_slots;  // of the steps taken, for uniqueness
    double rows = 1;
    double cost = 0;
  };

  bool Covers(const Progress& progress, const std::set<Slot>& slots) const;
  std::set<Slot> KnownSlotsOf(const BoundExpression& expression) const;
  std::optional<std::string> LabelOf(Slot node) const;

  // Steps. Each changes `progress`, and `plan` unless it is null.
  void ApplyReady(Progress& progress, LogicalPlan* plan) const;
  void ApplyPredicates(Progress& progress, LogicalPlan* plan) const;
  void ApplyPaths(Progress& progress, LogicalPlan* plan) const;
  void ExtendConnected(Progress& progress, LogicalPlan* plan) const;
  void TakeEdge(size_t edge, Progress& progress, LogicalPlan* plan) const;
  void StartAt(const AccessPath& access, Progress& progress, LogicalPlan* plan) const;
  void StartComponent(Progress& progress, LogicalPlan& plan) const;
  void Join(Progress& left, LogicalPlan& left_plan, Progress right, LogicalPlan right_plan) const;
  void AddShortestPaths(Progress& progress, LogicalPlan& plan) const;

  // Choices.
  bool Allows(std::string_view choice) const { return context_.options.Allows(choice); }
  std::optional<size_t> FirstEdge(const Progress& progress) const;
  std::optional<size_t> BestEdge(const Progress& progress) const;
  bool CanTake(const PatternEdge& edge, const Progress& progress) const;
  double SelectivityOf(const BoundExpression& predicate, const Progress& progress, const PatternEdge* next) const;
  double RowsAfter(const PatternEdge& edge, const Progress& progress) const;
  AccessPath BestAccess(Slot node, const Progress& progress) const;
  void ConsiderPredicate(size_t index, Slot node, const Progress& progress, AccessPath& best) const;
  void ConsiderDeclaredKeys(Slot node, const Progress& progress, AccessPath& best) const;
  std::vector<std::string> LabelsOf(Slot node) const;
  void ConsiderIndexes(Slot node, const Progress& progress, AccessPath& best) const;
  std::optional<AccessPath> EdgeAccess(size_t edge, const Progress& progress) const;
  std::vector<PropertyCondition> ConditionsOn(Slot slot, const Progress& progress) const;
  bool IsCorrelated(const IndexSeek& seek) const;
  void StartAtEdge(const AccessPath& access, Progress& progress, LogicalPlan* plan) const;
  AccessPath BestStart(const Progress& progress, const std::vector<Slot>& open) const;
  LogicalExpand MakeExpand(const PatternEdge& edge, const Progress& progress) const;

  PatternGraph graph_;
  std::set<Slot> initially_bound_;
  std::set<Slot> known_;
  PlannerContext& context_;
  Statistics statistics_;
  std::vector<Predicate> predicates_;
};

}  // namespace tupu
