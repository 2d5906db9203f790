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

/// Adds every slot that `expression` reads or introduces; those of them that are not SlotInfo::local are what a row
/// must hold for it. Subqueries are walked through.
void CollectSlots(const BoundExpression& expression, std::set<Slot>& slots);
void CollectSlots(const BoundPatternPart& part, std::set<Slot>& slots);
void CollectSlots(std::span<const BoundClause> clauses, std::set<Slot>& slots);

}  // namespace tupu
