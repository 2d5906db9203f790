#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "query/planner/logical_plan.h"
#include "query/planner/statistics.h"
#include "storage/catalog/index_catalog.h"
#include "storage/graph/graph_view.h"

namespace tupu {

/// What a predicate says about one property of an element of the pattern, where an index could use it.
struct PropertyCondition {
  enum class Kind : uint8_t { kEqual, kIn, kLower, kUpper, kPrefix, kExists };
  Kind kind{};
  std::string key;
  BoundExpressionPtr value;  // null for kExists
  bool inclusive = true;     // kLower, kUpper
  size_t predicate = 0;      // which one says it
};

/// Appends the conditions of `predicate` on the properties of `slot` whose values `usable` accepts. Of a chain a < b <= c it
/// takes each part. What it appends follows from the predicate; the predicate need not follow from it.
void AppendConditions(const BoundExpression& predicate, size_t number, Slot slot,
                      const std::function<bool(const BoundExpressionPtr&)>& usable,
                      std::vector<PropertyCondition>& out);

/// An index that can find the element, with the estimate of what it gives for one row before.
struct IndexAccess {
  IndexSeek seek;
  std::vector<size_t> implied;  // predicates of which the seek has taken account
  double rows = 0;
};

/// The online index that gives the fewest entities of `entity` kind under the conditions: equality (or one IN) on its first
/// properties, then a range or a prefix. Every property of the index must have a condition that no null fulfils, since an
/// index holds only entities that have them all. `schemas`: the labels or the type that the element surely has.
std::optional<IndexAccess> BestIndex(const GraphView& view, EntityKind entity, const std::vector<std::string>& schemas,
                                     const std::vector<PropertyCondition>& conditions);

}  // namespace tupu
