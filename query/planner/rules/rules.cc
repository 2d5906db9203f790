#include <array>

#include "query/planner/rules/rule.h"

namespace tupu {

std::span<const Rule> AllRules() {
  static constexpr std::array kRules{
      Rule{"UnnestApply", UnnestApply},
      Rule{"PushPredicates", PushPredicates},
      Rule{"OrderPattern", OrderPattern, true},
      Rule{"UseSemiApply", UseSemiApply},
      Rule{"UseCountApply", UseCountApply},
      Rule{"CountFromStatistics", CountFromStatistics},
      Rule{"Intersect", Intersect},
      Rule{"DistinctEnds", DistinctEnds},
      Rule{"CountSteps", CountSteps},
      Rule{"UseTopK", UseTopK},
      Rule{"PushLimit", PushLimit},
      Rule{"InsertEager", InsertEager, true},
  };
  return kRules;
}

LogicalPlan ApplyRules(LogicalPlan plan, PlannerContext& context) {
  for (const Rule& rule : AllRules())
    if (rule.needed || context.options.Allows(rule.name)) plan = rule.apply(std::move(plan), context);
  return plan;
}

}  // namespace tupu
