#include "query/planner/index_access.h"

#include <algorithm>

#include "query/functions/function_registry.h"
#include "query/planner/bound_expressions.h"
#include "storage/base/storable.h"
#include "storage/catalog/catalog.h"
#include "storage/catalog/graph_statistics.h"
#include "storage/graph/index_range.h"

namespace tupu {

namespace {

using Kind = PropertyCondition::Kind;

// Shares where the values are not known before the run, or were never counted.
constexpr double kRangeShare = 0.3;
constexpr double kBoundedShare = 0.1;
constexpr double kPrefixShare = 0.05;
constexpr double kEqualShare = 0.05;
constexpr double kListLength = 10;

/// If `expression` is `slot`.key, its key.
const std::string* PropertyOf(const BoundExpression& expression, Slot slot) {
  const auto* property = expression.As<BoundProperty>();
  const auto* variable = property == nullptr ? nullptr : property->base->As<BoundVariable>();
  return variable != nullptr && variable->slot == slot ? &property->key : nullptr;
}

struct Sides {
  Kind property_left;   // n.p op value
  Kind property_right;  // value op n.p
  bool inclusive;
};

std::optional<Sides> SidesOf(BoundComparisonOperator op) {
  switch (op) {
    case BoundComparisonOperator::kEqual: return Sides{Kind::kEqual, Kind::kEqual, true};
    case BoundComparisonOperator::kLess: return Sides{Kind::kUpper, Kind::kLower, false};
    case BoundComparisonOperator::kLessEqual: return Sides{Kind::kUpper, Kind::kLower, true};
    case BoundComparisonOperator::kGreater: return Sides{Kind::kLower, Kind::kUpper, false};
    case BoundComparisonOperator::kGreaterEqual: return Sides{Kind::kLower, Kind::kUpper, true};
    case BoundComparisonOperator::kNotEqual: return std::nullopt;
  }
  return std::nullopt;
}

void AppendComparison(const BoundComparison& comparison, size_t number, Slot slot,
                      const std::function<bool(const BoundExpressionPtr&)>& usable,
                      std::vector<PropertyCondition>& out) {
  for (size_t i = 0; i < comparison.operators.size(); ++i) {
    const std::optional<Sides> sides = SidesOf(comparison.operators[i]);
    if (!sides) continue;
    const BoundExpressionPtr& left = comparison.operands[i];
    const BoundExpressionPtr& right = comparison.operands[i + 1];
    if (const std::string* key = PropertyOf(*left, slot); key != nullptr && usable(right))
      out.push_back({sides->property_left, *key, right, sides->inclusive, number});
    if (const std::string* key = PropertyOf(*right, slot); key != nullptr && usable(left))
      out.push_back({sides->property_right, *key, left, sides->inclusive, number});
  }
}

const PropertyCondition* FindCondition(const std::vector<PropertyCondition>& conditions, const std::string& key,
                                       Kind kind) {
  const auto found = std::find_if(conditions.begin(), conditions.end(),
                                  [&](const PropertyCondition& each) { return each.key == key && each.kind == kind; });
  return found == conditions.end() ? nullptr : &*found;
}

bool HasCondition(const std::vector<PropertyCondition>& conditions, const std::string& key) {
  return std::any_of(conditions.begin(), conditions.end(),
                     [&](const PropertyCondition& each) { return each.key == key; });
}

std::optional<Value> LiteralOf(const BoundExpressionPtr& expression) {
  const auto* literal = expression ? expression->As<BoundLiteral>() : nullptr;
  if (literal == nullptr || !IsStorable(literal->value)) return std::nullopt;
  return literal->value;
}

/// The range that a seek will read, if all of its values are known already.
std::optional<IndexRange> KnownRange(const IndexSeek& seek) {
  IndexRange range;
  for (const IndexSeek::Term& term : seek.equal) {
    const std::optional<Value> value = LiteralOf(term.value);
    if (!value || term.in_list) return std::nullopt;
    range.equal.push_back(*value);
  }
  const auto bound = [](const std::optional<IndexSeek::Bound>& from, std::optional<IndexBound>& to) {
    if (!from) return true;
    const std::optional<Value> value = LiteralOf(from->value);
    if (value) to = IndexBound{*value, from->inclusive};
    return value.has_value();
  };
  if (!bound(seek.lower, range.lower) || !bound(seek.upper, range.upper)) return std::nullopt;
  if (seek.prefix) {
    const std::optional<Value> value = LiteralOf(seek.prefix);
    if (!value || value->type() != ValueType::kString) return std::nullopt;
    range.prefix = value->AsString();
  }
  return range;
}

double ListLength(const BoundExpressionPtr& list) {
  if (const auto* elements = list->As<BoundList>()) return static_cast<double>(elements->elements.size());
  const auto* literal = list->As<BoundLiteral>();
  if (literal != nullptr && literal->value.type() == ValueType::kList)
    return static_cast<double>(literal->value.AsList().size());
  return kListLength;
}

/// By what was counted of the index, scaled to the entities there are now.
double EstimateRows(const GraphView& view, const IndexDefinition& index, const IndexSeek& seek) {
  const double now =
      static_cast<double>(index.target.entity == EntityKind::kVertex ? view.CountVertices(index.target.label())
                                                                     : view.CountEdges(index.target.edge_type()));
  const IndexStatistics* counted = view.statistics().Find(index.id);
  // An index that was made before its data was loaded knows nothing of them.
  const bool known = counted != nullptr && static_cast<double>(counted->entries) * 4 >= now;
  const bool whole_key = seek.equal.size() == index.target.properties.size();
  double rows = now;
  if (known) {
    if (const std::optional<IndexRange> range = KnownRange(seek); range && !whole_key) {
      const std::optional<KeyRange> keys = KeysOf(index.id, *range);
      if (!keys) return 0;
      const size_t head = IndexPrefix(index.id).size();
      return counted->EstimateRange(std::string_view(keys->begin).substr(std::min(head, keys->begin.size())),
                                    std::string_view(keys->end).substr(std::min(head, keys->end.size())));
    }
    rows = counted->EstimateEqual(seek.equal.size());
  } else if (!seek.equal.empty()) {
    rows = std::max(1.0, now * kEqualShare);
  }
  if (index.unique && whole_key) rows = std::min(rows, 1.0);
  for (const IndexSeek::Term& term : seek.equal)
    if (term.in_list) rows *= ListLength(term.value);
  if (seek.lower && seek.upper) return rows * kBoundedShare;
  if (seek.lower || seek.upper) return rows * kRangeShare;
  return seek.prefix ? rows * kPrefixShare : rows;
}

/// The conditions put onto the properties of `index`, or nothing if they do not fit it.
std::optional<IndexAccess> Fit(const GraphView& view, const IndexDefinition& index,
                               const std::vector<PropertyCondition>& conditions) {
  IndexAccess access;
  access.seek.index = index.id;
  access.seek.name = index.name;
  const Catalog& catalog = view.catalog();
  access.seek.schema = index.target.entity == EntityKind::kVertex
                           ? catalog.labels().GetName(index.target.label())
                           : catalog.edge_types().GetName(index.target.edge_type());
  for (const PropertyKeyId key : index.target.properties)
    access.seek.properties.emplace_back(catalog.property_keys().GetName(key));
  bool leading = true;
  bool has_list = false;
  for (const std::string& key : access.seek.properties) {
    if (!HasCondition(conditions, key)) return std::nullopt;
    if (!leading) continue;
    if (const PropertyCondition* equal = FindCondition(conditions, key, Kind::kEqual)) {
      access.seek.equal.push_back({equal->value, false});
      access.implied.push_back(equal->predicate);
      continue;
    }
    if (const PropertyCondition* in = FindCondition(conditions, key, Kind::kIn); in != nullptr && !has_list) {
      has_list = true;
      access.seek.equal.push_back({in->value, true});
      access.implied.push_back(in->predicate);
      continue;
    }
    leading = false;
    if (const PropertyCondition* prefix = FindCondition(conditions, key, Kind::kPrefix)) {
      access.seek.prefix = prefix->value;
      access.implied.push_back(prefix->predicate);
      continue;
    }
    if (const PropertyCondition* lower = FindCondition(conditions, key, Kind::kLower)) {
      access.seek.lower = IndexSeek::Bound{lower->value, lower->inclusive};
      access.implied.push_back(lower->predicate);
    }
    if (const PropertyCondition* upper = FindCondition(conditions, key, Kind::kUpper)) {
      access.seek.upper = IndexSeek::Bound{upper->value, upper->inclusive};
      access.implied.push_back(upper->predicate);
    }
    if (const PropertyCondition* exists = FindCondition(conditions, key, Kind::kExists))
      access.implied.push_back(exists->predicate);
  }
  access.rows = EstimateRows(view, index, access.seek);
  return access;
}

/// Functions that give something else at every call: a seek would ask them once, a filter for each row.
bool IsSteady(const BoundExpression& expression) {
  bool steady = true;
  VisitExpressions(expression, [&](const BoundExpression& each) {
    const auto* call = each.As<BoundFunctionCall>();
    if (call != nullptr && !call->function->deterministic) steady = false;
    if (each.As<BoundPatternExpression>() || each.As<BoundSubqueryExpression>()) steady = false;
  });
  return steady;
}

}  // namespace

void AppendConditions(const BoundExpression& predicate, size_t number, Slot slot,
                      const std::function<bool(const BoundExpressionPtr&)>& usable,
                      std::vector<PropertyCondition>& out) {
  const auto fits = [&](const BoundExpressionPtr& value) { return usable(value) && IsSteady(*value); };
  if (const auto* comparison = predicate.As<BoundComparison>())
    return AppendComparison(*comparison, number, slot, fits, out);
  if (const auto* binary = predicate.As<BoundBinary>()) {
    const std::string* key = PropertyOf(*binary->left, slot);
    if (key == nullptr || !fits(binary->right)) return;
    if (binary->op == BoundBinaryOperator::kIn) out.push_back({Kind::kIn, *key, binary->right, true, number});
    if (binary->op == BoundBinaryOperator::kStartsWith)
      out.push_back({Kind::kPrefix, *key, binary->right, true, number});
    return;
  }
  const auto* unary = predicate.As<BoundUnary>();
  if (unary == nullptr || unary->op != BoundUnaryOperator::kIsNotNull) return;
  if (const std::string* key = PropertyOf(*unary->operand, slot))
    out.push_back({Kind::kExists, *key, nullptr, true, number});
}

std::optional<IndexAccess> BestIndex(const GraphView& view, EntityKind entity, const std::vector<std::string>& schemas,
                                     const std::vector<PropertyCondition>& conditions) {
  std::optional<IndexAccess> best;
  if (conditions.empty()) return best;
  for (const IndexDefinition& index : view.indexes().indexes()) {
    if (index.target.entity != entity || !index.online()) continue;
    std::optional<IndexAccess> access = Fit(view, index, conditions);
    if (!access || std::find(schemas.begin(), schemas.end(), access->seek.schema) == schemas.end()) continue;
    if (!best || access->rows < best->rows) best = std::move(access);
  }
  return best;
}

}  // namespace tupu
