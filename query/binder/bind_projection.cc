// WITH and RETURN: items, the split into grouping keys and aggregates, and what ORDER BY and WHERE may see.

#include <algorithm>

#include <fmt/format.h>

#include "query/binder/bound_printer.h"
#include "query/binder/bound_walk.h"
#include "query/binder/internal/query_binder.h"
#include "query/value/static_type.h"

namespace tupu {

struct QueryBinder::ItemState {
  std::string name;
  SourceSpan where;
  BoundExpressionPtr expression;
  bool aggregates = false;
  bool unnamed = false;  // neither AS nor a variable: not allowed in WITH
};

/// Expressions that the projection has computed, so that what stands over it reads the slot in their place.
struct QueryBinder::GroupingKeys {
  struct Key {
    Slot slot = 0;
    bool simple = false;  // a variable or a property of one: may be a part of an expression with aggregates
  };
  std::map<std::string, Key> by_fingerprint;
  std::set<Slot> visible;  // slots that an expression over the projection may read
  bool closed = false;     // distinct or aggregating: only those
};

namespace {

bool IsSimple(const BoundExpression& expression) {
  if (expression.As<BoundVariable>()) return true;
  const auto* property = expression.As<BoundProperty>();
  return property != nullptr && property->base->As<BoundVariable>();
}

}  // namespace

Status QueryBinder::BindItems(const AstProjection& from, const SourceSpan& where, Aggregation& aggregation,
                              std::vector<ItemState>& items) {
  if (from.star) {
    if (scope_.empty() && from.is_return) {
      return BindError(where, "NoVariablesInScope", "RETURN * has nothing to return: no variable is defined");
    }
    for (const auto& [name, slot] : scope_) items.push_back({name, where, MakeVariable(slot, where)});
  }
  const Restore<Aggregation*> allowed(aggregation_, from.may_aggregate ? &aggregation : nullptr);
  for (const AstProjectionItem& item : from.items) {
    const size_t uses = aggregation.uses;
    ItemState state;
    TUPU_TRY_ASSIGN(state.expression, BindExpression(*item.expression));
    const auto* variable = item.expression->As<AstVariable>();
    state.aggregates = aggregation.uses > uses;
    state.unnamed = !item.alias && variable == nullptr;
    // The column of a variable in backticks is the name they hold; that of (n) is its text.
    const bool by_name = variable != nullptr && (!from.is_return || item.text.starts_with('`'));
    state.name = item.alias ? item.alias->text : by_name ? variable->name : item.text;
    state.where = item.alias ? item.alias->where : item.expression->where;
    items.push_back(std::move(state));
  }
  return {};
}

Result<BoundProjection> QueryBinder::BindProjection(const AstProjection& from, const SourceSpan& where) {
  BoundProjection projection;
  projection.is_return = from.is_return;
  projection.distinct = from.distinct;
  Aggregation aggregation;
  std::vector<ItemState> items;
  GroupingKeys keys;
  TUPU_TRY(BindItems(from, where, aggregation, items));
  projection.aggregating = aggregation.uses > 0;

  Scope output;
  for (const ItemState& item : items) {
    const auto* variable = item.expression->As<BoundVariable>();
    const auto* known = variable != nullptr ? FindVariable(item.name) : nullptr;
    // Passed on under its own name: the slot stays.
    const bool same = known != nullptr && *known == variable->slot;
    if (!same && !from.is_return && constants_.contains(item.name)) {
      return BindError(item.where, "VariableAlreadyBound",
                       fmt::format("the query around has a variable {}, which is seen here too", item.name),
                       "Choose another name.");
    }
    const Slot slot = same ? variable->slot : AddSlot(item.name, item.expression->type);
    if (!output.emplace(item.name, slot).second) {
      return BindError(item.where, "ColumnNameConflict", fmt::format("two columns are named {}", item.name),
                       "Rename one with AS.");
    }
    projection.items.push_back({item.name, item.expression, slot});
  }

  keys.closed = projection.distinct || projection.aggregating;
  const bool looked_up = projection.aggregating || !from.order_by.empty() || from.where;
  for (size_t i = 0; i < items.size(); ++i) {
    const Slot slot = projection.items[i].slot;
    keys.visible.insert(slot);
    if (items[i].aggregates || !looked_up) continue;
    keys.by_fingerprint.emplace(Fingerprint(*items[i].expression, is_expression_local_),
                                GroupingKeys::Key{slot, IsSimple(*items[i].expression)});
  }
  if (projection.aggregating) {
    for (const BoundAggregate& aggregate : aggregation.aggregates) keys.visible.insert(aggregate.slot);
    for (size_t i = 0; i < items.size(); ++i) {
      BoundProjectionItem& item = projection.items[i];
      if (items[i].aggregates) {
        item.expression = ReplaceKeys(item.expression, keys, true);
        TUPU_TRY(CheckVisible(*item.expression, keys, true));
      } else {
        projection.keys.push_back({item.expression, item.slot});
        item.expression = MakeVariable(item.slot, item.expression->where);
      }
    }
  }
  TUPU_TRY(BindSortAndFilter(from, keys, output, aggregation, projection));
  TUPU_TRY_ASSIGN(projection.skip, BindRowCount(from.skip, "SKIP"));
  TUPU_TRY_ASSIGN(projection.limit, BindRowCount(from.limit, "LIMIT"));
  for (const ItemState& item : items) {
    if (!item.unnamed || from.is_return) continue;
    return BindError(item.where, "NoExpressionAlias", "an expression in WITH needs a name",
                     "Write expression AS name.");
  }
  projection.aggregates = std::move(aggregation.aggregates);
  scope_ = std::move(output);
  if (keys.closed) csv_place_.reset();
  return projection;
}

BoundExpressionPtr QueryBinder::ReplaceKeys(const BoundExpressionPtr& expression, const GroupingKeys& keys,
                                            bool simple_only) const {
  return Rewrite(expression, [&](const BoundExpressionPtr& part) -> BoundExpressionPtr {
    if (part->As<BoundLiteral>() || part->As<BoundParameter>()) return part;
    const auto found = keys.by_fingerprint.find(Fingerprint(*part, is_expression_local_));
    if (found == keys.by_fingerprint.end() || (simple_only && !found->second.simple)) return nullptr;
    return MakeVariable(found->second.slot, part->where);
  });
}

Status QueryBinder::CheckVisible(const BoundExpression& expression, const GroupingKeys& keys, bool aggregate) const {
  std::set<Slot> slots;
  CollectSlots(expression, slots);
  for (const Slot slot : slots) {
    const bool constant = depth_[slot] != subquery_depth_;  // of a query around, or within this expression
    if (constant || is_expression_local_[slot] || keys.visible.contains(slot)) continue;
    if (!aggregate) return UndefinedVariable(slots_[slot].name, expression.where);
    return BindError(expression.where, "AmbiguousAggregationExpression",
                     fmt::format("{} is used beside an aggregate and is no grouping key", slots_[slot].name),
                     "Make what stands beside the aggregate an item of its own, or compute it in a WITH first.");
  }
  return {};
}

QueryBinder::BoundResult QueryBinder::BindOverProjection(const AstExpressionPtr& from, const GroupingKeys& keys,
                                                         bool predicate, Aggregation& aggregation,
                                                         const BoundProjection& projection) {
  const bool may_aggregate = projection.aggregating && !predicate;
  const Restore<Aggregation*> allowed(aggregation_, may_aggregate ? &aggregation : nullptr);
  const size_t uses = aggregation.uses;
  TUPU_TRY_ASSIGN(BoundExpressionPtr bound, predicate ? BindPredicate(*from) : BindExpression(*from));
  const bool aggregates = aggregation.uses > uses;
  bound = ReplaceKeys(bound, keys, aggregates);
  if (keys.closed) TUPU_TRY(CheckVisible(*bound, keys, aggregates));
  return bound;
}

// ORDER BY and WHERE see the items, and below them what the projection was computed from.
Status QueryBinder::BindSortAndFilter(const AstProjection& from, const GroupingKeys& keys, const Scope& output,
                                      Aggregation& aggregation, BoundProjection& projection) {
  const Scope input = scope_;
  Scope both = output;
  both.insert(input.begin(), input.end());
  const Restore<Scope> restored(scope_, std::move(both));
  aggregation.input = &input;
  aggregation.output = &output;
  for (const AstSortItem& item : from.order_by) {
    TUPU_TRY_ASSIGN(BoundExpressionPtr bound,
                    BindOverProjection(item.expression, keys, false, aggregation, projection));
    projection.order_by.push_back({std::move(bound), item.ascending});
  }
  if (from.where) {
    TUPU_TRY_ASSIGN(projection.where, BindOverProjection(from.where, keys, true, aggregation, projection));
  }
  return {};
}

QueryBinder::BoundResult QueryBinder::BindRowCount(const AstExpressionPtr& from, std::string_view clause) {
  if (!from) return BoundExpressionPtr();
  TUPU_TRY_ASSIGN(BoundExpressionPtr bound, BindExpression(*from));
  std::set<Slot> slots;
  CollectSlots(*bound, slots);
  for (const Slot slot : slots) {
    if (is_expression_local_[slot]) continue;
    return BindError(from->where, "NonConstantExpression",
                     fmt::format("{} cannot depend on the row, as {} does", clause, slots_[slot].name),
                     "Use a number or a parameter.");
  }
  const auto* literal = bound->As<BoundLiteral>();
  if (literal != nullptr && literal->value.type() == ValueType::kInteger && literal->value.AsInteger() < 0) {
    return BindError(from->where, "NegativeIntegerArgument", fmt::format("{} cannot be negative", clause));
  }
  if (bound->type == StaticType{StaticKind::kFloat}) {
    return BindError(from->where, "InvalidArgumentType", fmt::format("{} must be INTEGER, not FLOAT", clause));
  }
  TUPU_TRY(CheckType(*bound, {StaticKind::kInteger}, clause));
  return bound;
}

}  // namespace tupu
