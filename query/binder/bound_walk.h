#pragma once

#include <functional>
#include <set>
#include <span>

#include "query/binder/bound.h"

namespace tupu {

/// Calls `visit` on each direct operand of `expression`, patterns' properties included, subqueries not.
void ForEachChild(const BoundExpression& expression, const std::function<void(const BoundExpressionPtr&)>& visit);

/// The tree with parts replaced: `replace` is asked from the top down and returns the new part, or null to look inside.
/// Parts without a replacement are shared with the old tree.
BoundExpressionPtr Rewrite(const BoundExpressionPtr& expression,
                           const std::function<BoundExpressionPtr(const BoundExpressionPtr&)>& replace);

/// `a` AND `b`, in one flat chain; either may be null.
BoundExpressionPtr Conjunction(BoundExpressionPtr a, BoundExpressionPtr b);

/// Calls `visit` on each expression pointer of a pattern, those of its repeated segments included; none is null.
void ForEachExpression(const BoundPatternPart& part, const std::function<void(const BoundExpressionPtr&)>& visit);

/// Calls `visit` on the slots that a step binds or checks in the row around it: its edge or list of edges, and the lists
/// of its groups. Not those of single iterations.
template <class Visit>
void ForEachSlot(const BoundRelationshipPattern& step, const Visit& visit) {
  visit(step.slot);
  if (!step.segment) return;
  for (const BoundGroupVariable& group : step.segment->groups) visit(group.list);
}

/// Calls `visit` on the slots of single iterations.
template <class Visit>
void ForEachIterationSlot(const BoundRelationshipPattern& step, const Visit& visit) {
  if (!step.segment) return;
  for (const BoundNodePattern& node : step.segment->nodes) visit(node.slot);
  for (const BoundRelationshipPattern& edge : step.segment->relationships) visit(edge.slot);
}

/// Adds every slot that `expression` reads or introduces; those of them that are not SlotInfo::local are what a row
/// must hold for it. Subqueries are walked through.
void CollectSlots(const BoundExpression& expression, std::set<Slot>& slots);
void CollectSlots(const BoundPatternPart& part, std::set<Slot>& slots);
void CollectSlots(std::span<const BoundClause> clauses, std::set<Slot>& slots);

}  // namespace tupu
