#include "query/planner/plan_query.h"

#include <algorithm>
#include <numeric>

#include "query/executor/distinct.h"
#include "query/executor/union.h"
#include "query/planner/build_logical_plan.h"
#include "query/planner/liveness.h"
#include "query/planner/rules/rule.h"

namespace tupu {

namespace {

/// One branch with a slot numbering of its own.
Result<PhysicalPlan> PlanBranch(const BoundQuery& query, const BoundSingleQuery& branch, const GraphView& view,
                                const PlanningOptions& options, size_t& slot_count) {
  PlannerContext context{view, branch.slots, query.parameters, static_cast<Slot>(branch.slots.size()), 0,
                         ReadSlots(branch.clauses), options};
  LogicalPlan plan = BuildLogicalPlan(branch.clauses, MakePlan(LogicalSingleRow{}), context);
  if (query.columns.empty()) plan = MakePlan(LogicalEmptyResult{}, std::move(plan));
  plan = ApplyRules(std::move(plan), context);
  MarkLiveSlots(*plan, branch.results);
  TUPU_TRY_ASSIGN(PhysicalPlan physical, BuildPhysicalPlan(*plan, context));
  slot_count = std::max<size_t>(slot_count, context.next_slot);
  return physical;
}

PhysicalPlan MakeUnion(const BoundQuery& query, std::vector<PhysicalPlan> branches) {
  auto joined = std::make_shared<PhysicalOperator>();
  joined->name = "Union";
  joined->children = std::move(branches);
  std::vector<std::vector<Slot>> sources;
  for (const BoundSingleQuery& branch : query.branches) sources.push_back(branch.results);
  std::vector<Slot> targets(query.columns.size());
  std::iota(targets.begin(), targets.end(), Slot{0});
  joined->make = [sources, targets](std::vector<OperatorPtr> children, Arguments&) -> OperatorPtr {
    return std::make_unique<Union>(std::move(children), sources, targets);
  };
  return joined;
}

PhysicalPlan MakeDistinct(PhysicalPlan input, std::vector<Slot> slots) {
  auto distinct = std::make_shared<PhysicalOperator>();
  distinct->name = "Distinct";
  distinct->children = {std::move(input)};
  distinct->make = [slots](std::vector<OperatorPtr> children, Arguments&) -> OperatorPtr {
    return std::make_unique<Distinct>(std::move(children[0]), slots);
  };
  return distinct;
}

}  // namespace

Result<QueryPlan> PlanQuery(const BoundQuery& query, const GraphView& view, const PlanningOptions& options) {
  QueryPlan plan;
  plan.slot_count = query.columns.size();
  std::vector<PhysicalPlan> branches;
  for (const BoundSingleQuery& branch : query.branches) {
    TUPU_TRY_ASSIGN(PhysicalPlan each, PlanBranch(query, branch, view, options, plan.slot_count));
    branches.push_back(std::move(each));
  }
  if (branches.size() == 1) {
    plan.root = std::move(branches[0]);
    plan.results = query.branches[0].results;
    return plan;
  }
  plan.results.resize(query.columns.size());
  std::iota(plan.results.begin(), plan.results.end(), Slot{0});
  plan.root = MakeUnion(query, std::move(branches));
  if (!query.union_all) plan.root = MakeDistinct(std::move(plan.root), plan.results);
  return plan;
}

}  // namespace tupu
