#include <algorithm>

#include "query/planner/liveness.h"
#include "query/planner/rules/rule.h"

// ExpandInto (a)-[r3]->(c)                 Intersect (b)-[r2]->(c) and (a)-[r3]->(c)
//   Filter ... of c alone                    input
//     Expand (b)-[r2]->(c)            =>     with the filters above it
//       input, which has a and b
//
// The two lists are walked together, instead of making a row for each end of the first.

namespace tupu {

namespace {

bool IsSingleStep(const LogicalExpand& expand) {
  return !expand.edge_known && !expand.edge.length && expand.left_bound && expand.edge.left != expand.edge.right;
}

/// The Expand that finds the end that `into` leads to, below filters; null: there is none, or something between looks at its
/// edge.
LogicalPlan* FindFirst(LogicalPlan& below, const LogicalExpand& into) {
  LogicalPlan* at = &below;
  while ((*at)->As<LogicalFilter>() != nullptr) at = &(*at)->children[0];
  const auto* expand = (*at)->As<LogicalExpand>();
  if (expand == nullptr || !IsSingleStep(*expand) || expand->right_bound) return nullptr;
  const bool finds = expand->edge.right == into.edge.right && expand->edge.left != into.edge.left;
  return finds ? at : nullptr;
}

/// The same step from its other end.
LogicalExpand Turned(LogicalExpand expand) {
  std::swap(expand.edge.left, expand.edge.right);
  expand.edge.direction = Reverse(expand.edge.direction);
  expand.reversed = !expand.reversed;
  return expand;
}

}  // namespace

LogicalPlan Intersect(LogicalPlan plan, PlannerContext&) {
  return RewriteBottomUp(std::move(plan), [](LogicalPlan each) -> LogicalPlan {
    const auto* found = each->As<LogicalExpand>();
    if (found == nullptr || !found->right_bound || !IsSingleStep(*found)) return each;
    LogicalExpand into = *found;
    LogicalPlan* first = FindFirst(each->children[0], into);
    if (first == nullptr) {
      into = Turned(into);
      first = FindFirst(each->children[0], into);
    }
    if (first == nullptr) return each;
    LogicalIntersect meeting{*(*first)->As<LogicalExpand>(), std::move(into)};
    meeting.second.right_bound = false;
    LogicalPlan input = std::move((*first)->children[0]);
    *first = MakePlan(std::move(meeting), std::move(input));
    (*first)->rows = each->rows;
    return std::move(each->children[0]);
  });
}

}  // namespace tupu
