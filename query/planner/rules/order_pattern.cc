#include "query/planner/pattern_planner.h"
#include "query/planner/rules/rule.h"

// Match (a:Firm {name: $n})-[:SUPPLIES]->(b:Firm)         Filter b:Firm
//   input                                          =>       Expand (a)-[:SUPPLIES]->(b)
//                                                             Filter a.name = $n
//                                                               NodeByName a, then the filter a:Firm
//                                                                 input
//
// Access path, direction and order of the steps by estimated rows; see PatternPlanner.

namespace tupu {

LogicalPlan OrderPattern(LogicalPlan plan, PlannerContext& context) {
  return RewriteBottomUp(std::move(plan), [&](LogicalPlan each) -> LogicalPlan {
    auto* match = each->As<LogicalMatch>();
    if (match == nullptr) return each;
    PatternPlanner planner(std::move(match->graph), std::move(match->bound), context);
    return planner.Plan(std::move(each->children[0]));
  });
}

}  // namespace tupu
