#include "query/binder/bound_walk.h"

#include <type_traits>

namespace tupu {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

// One walk for reading and for rewriting: `Pointer` is const or not as the node is.
template <class Properties, class Visit>
void VisitProperties(Properties& properties, const Visit& visit) {
  for (auto& [key, value] : properties) visit(value);
}

template <class Part, class Visit>
void VisitPattern(Part& part, const Visit& visit) {
  const auto visit_element = [&](auto& element) {
    VisitProperties(element.properties, visit);
    if (element.properties_map) visit(element.properties_map);
    if (element.condition) visit(element.condition);
  };
  for (auto& node : part.nodes) visit_element(node);
  for (auto& relationship : part.relationships) {
    visit_element(relationship);
    if (relationship.cost) visit(relationship.cost);
    if (!relationship.segment) continue;
    if constexpr (std::is_const_v<Part>) {
      VisitPattern(*relationship.segment, visit);
    } else {
      auto segment = std::make_shared<BoundSegment>(*relationship.segment);
      VisitPattern(*segment, visit);
      relationship.segment = std::move(segment);
    }
  }
  if (part.condition) visit(part.condition);
}

template <class Variant, class Visit>
void VisitChildren(Variant& node, const Visit& visit) {
  const auto optional = [&visit](auto& pointer) {
    if (pointer) visit(pointer);
  };
  const auto all = [&visit](auto& pointers) {
    for (auto& pointer : pointers) visit(pointer);
  };
  constexpr bool kReadOnly = std::is_const_v<Variant>;
  const auto children = [&](auto& n) {
    using Node = std::remove_cvref_t<decltype(n)>;
    if constexpr (std::is_same_v<Node, BoundProperty> || std::is_same_v<Node, BoundLabelTest>) {
      visit(n.base);
    } else if constexpr (std::is_same_v<Node, BoundUnary> || std::is_same_v<Node, BoundTypeTest> ||
                         std::is_same_v<Node, BoundNormalizedTest>) {
      visit(n.operand);
    } else if constexpr (std::is_same_v<Node, BoundLogical> || std::is_same_v<Node, BoundArithmetic> ||
                         std::is_same_v<Node, BoundComparison>) {
      all(n.operands);
    } else if constexpr (std::is_same_v<Node, BoundBinary>) {
      visit(n.left);
      visit(n.right);
    } else if constexpr (std::is_same_v<Node, BoundList>) {
      all(n.elements);
    } else if constexpr (std::is_same_v<Node, BoundMap>) {
      VisitProperties(n.entries, visit);
    } else if constexpr (std::is_same_v<Node, BoundIndex>) {
      visit(n.base);
      visit(n.index);
    } else if constexpr (std::is_same_v<Node, BoundSlice>) {
      visit(n.base);
      optional(n.from);
      optional(n.to);
    } else if constexpr (std::is_same_v<Node, BoundCase>) {
      optional(n.subject);
      for (auto& alternative : n.alternatives) {
        visit(alternative.when);
        visit(alternative.then);
      }
      optional(n.otherwise);
    } else if constexpr (std::is_same_v<Node, BoundFunctionCall>) {
      all(n.arguments);
    } else if constexpr (std::is_same_v<Node, BoundListComprehension>) {
      visit(n.list);
      optional(n.where);
      optional(n.projection);
    } else if constexpr (std::is_same_v<Node, BoundQuantifier>) {
      visit(n.list);
      optional(n.where);
    } else if constexpr (std::is_same_v<Node, BoundReduce>) {
      visit(n.initial);
      visit(n.list);
      visit(n.step);
    } else if constexpr (std::is_same_v<Node, BoundMapProjection>) {
      visit(n.base);
      VisitProperties(n.entries, visit);
    } else if constexpr (std::is_same_v<Node, BoundPatternExpression>) {
      if constexpr (kReadOnly) {
        VisitPattern(*n.pattern, visit);
      } else {
        auto pattern = std::make_shared<BoundPatternPart>(*n.pattern);
        VisitPattern(*pattern, visit);
        n.pattern = std::move(pattern);
      }
      optional(n.where);
      optional(n.projection);
    }
  };
  std::visit(children, node);
}

void CollectSlots(const BoundExpressionPtr& expression, std::set<Slot>& slots) {
  if (expression) CollectSlots(*expression, slots);
}

// Of SET and REMOVE.
template <class Item>
void CollectItemSlots(const std::vector<Item>& items, std::set<Slot>& slots) {
  for (const Item& item : items) {
    std::visit(
        [&](const auto& n) {
          CollectSlots(n.target, slots);
          if constexpr (requires { n.value; }) CollectSlots(n.value, slots);
          if constexpr (requires { n.computed_key; }) CollectSlots(n.computed_key, slots);
          if constexpr (requires { n.labels; }) {
            for (const auto& each : n.labels.computed) CollectSlots(each, slots);
          }
        },
        item.node);
  }
}

void CollectSlots(const BoundSubquery& subquery, std::set<Slot>& slots) {
  for (const auto& branch : subquery.branches) CollectSlots(std::span<const BoundClause>(branch.clauses), slots);
  slots.insert(subquery.columns.begin(), subquery.columns.end());
}

void CollectSlots(const BoundProjection& projection, std::set<Slot>& slots) {
  for (const auto& key : projection.keys) CollectSlots(key.expression, slots);
  for (const auto& aggregate : projection.aggregates) {
    slots.insert(aggregate.slot);
    for (const auto& argument : aggregate.arguments) CollectSlots(argument, slots);
  }
  for (const auto& item : projection.items) {
    slots.insert(item.slot);
    CollectSlots(item.expression, slots);
  }
  for (const auto& item : projection.order_by) CollectSlots(item.expression, slots);
  CollectSlots(projection.where, slots);
}

void CollectSlots(const BoundClause& clause, std::set<Slot>& slots) {
  const auto collect = Overloaded{
      [&](const BoundMatch& match) {
        for (const auto& part : match.parts) CollectSlots(part, slots);
        CollectSlots(match.where, slots);
      },
      [&](const BoundUnwind& unwind) {
        slots.insert(unwind.variable);
        CollectSlots(unwind.list, slots);
      },
      [&](const BoundProjection& projection) { CollectSlots(projection, slots); },
      [&](const BoundCall& call) {
        for (const auto& argument : call.arguments) CollectSlots(argument, slots);
        for (const auto& yield : call.yields) slots.insert(yield.slot);
        CollectSlots(call.filter, slots);
      },
      [&](const BoundCreate& create) {
        for (const auto& part : create.parts) CollectSlots(part, slots);
      },
      [&](const BoundMerge& merge) {
        CollectSlots(merge.part, slots);
        CollectItemSlots(merge.on_create, slots);
        CollectItemSlots(merge.on_match, slots);
      },
      [&](const BoundSet& set) { CollectItemSlots(set.items, slots); },
      [&](const BoundRemove& remove) { CollectItemSlots(remove.items, slots); },
      [&](const BoundDelete& deletion) {
        for (const auto& target : deletion.targets) CollectSlots(target, slots);
      },
      [&](const BoundSubqueryCall& call) { CollectSlots(*call.query, slots); },
      [&](const BoundLoadCsv& load) {
        slots.insert({load.row, load.line, load.file});
        CollectSlots(load.source, slots);
        CollectSlots(load.delimiter, slots);
      },
  };
  std::visit(collect, clause.node);
}

}  // namespace

BoundExpressionPtr Conjunction(BoundExpressionPtr a, BoundExpressionPtr b) {
  if (!a || !b) return a ? a : b;
  BoundLogical both{BoundLogicalOperator::kAnd, {}};
  for (BoundExpressionPtr* each : {&a, &b}) {
    const auto* logical = (*each)->As<BoundLogical>();
    if (logical != nullptr && logical->op == BoundLogicalOperator::kAnd) {
      both.operands.insert(both.operands.end(), logical->operands.begin(), logical->operands.end());
    } else {
      both.operands.push_back(*each);
    }
  }
  const SourceSpan where = a->where;
  return std::make_shared<const BoundExpression>(BoundExpression{where, {StaticKind::kBoolean}, std::move(both)});
}

void ForEachExpression(const BoundPatternPart& part, const std::function<void(const BoundExpressionPtr&)>& visit) {
  VisitPattern(part, visit);
}

void ForEachChild(const BoundExpression& expression, const std::function<void(const BoundExpressionPtr&)>& visit) {
  VisitChildren(expression.node, visit);
}

BoundExpressionPtr Rewrite(const BoundExpressionPtr& expression,
                           const std::function<BoundExpressionPtr(const BoundExpressionPtr&)>& replace) {
  if (BoundExpressionPtr replacement = replace(expression)) return replacement;
  auto copy = std::make_shared<BoundExpression>(*expression);
  bool changed = false;
  VisitChildren(copy->node, [&](BoundExpressionPtr& child) {
    BoundExpressionPtr rewritten = Rewrite(child, replace);
    changed = changed || rewritten != child;
    child = std::move(rewritten);
  });
  return changed ? BoundExpressionPtr(std::move(copy)) : expression;
}

void CollectSlots(const BoundExpression& expression, std::set<Slot>& slots) {
  if (const auto* variable = expression.As<BoundVariable>()) slots.insert(variable->slot);
  if (const auto* comprehension = expression.As<BoundListComprehension>()) slots.insert(comprehension->variable);
  if (const auto* quantifier = expression.As<BoundQuantifier>()) slots.insert(quantifier->variable);
  if (const auto* reduce = expression.As<BoundReduce>()) slots.insert({reduce->accumulator, reduce->variable});
  if (const auto* pattern = expression.As<BoundPatternExpression>()) CollectSlots(*pattern->pattern, slots);
  if (const auto* subquery = expression.As<BoundSubqueryExpression>()) CollectSlots(*subquery->query, slots);
  ForEachChild(expression, [&slots](const BoundExpressionPtr& child) { CollectSlots(*child, slots); });
}

void CollectSlots(const BoundPatternPart& part, std::set<Slot>& slots) {
  if (part.path) slots.insert(*part.path);
  for (const auto& node : part.nodes) slots.insert(node.slot);
  for (const auto& relationship : part.relationships) {
    ForEachSlot(relationship, [&slots](Slot slot) { slots.insert(slot); });
    ForEachIterationSlot(relationship, [&slots](Slot slot) { slots.insert(slot); });
  }
  VisitPattern(part, [&slots](const BoundExpressionPtr& child) { CollectSlots(*child, slots); });
}

void CollectSlots(std::span<const BoundClause> clauses, std::set<Slot>& slots) {
  for (const BoundClause& clause : clauses) CollectSlots(clause, slots);
}

}  // namespace tupu
