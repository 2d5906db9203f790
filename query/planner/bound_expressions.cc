#include "query/planner/bound_expressions.h"

#include "query/binder/bound_walk.h"
#include "query/functions/function_registry.h"

namespace tupu {

namespace {

struct Visit {
  const std::function<void(const BoundExpression&)>& expression;
  const std::function<void(const BoundClause&)>* clause = nullptr;
};

void Walk(const BoundExpression& expression, const Visit& visit);
void Walk(const std::vector<BoundClause>& clauses, const Visit& visit);

void VisitIfThere(const BoundExpressionPtr& expression, const Visit& visit) {
  if (expression) Walk(*expression, visit);
}

void VisitAll(const std::vector<BoundExpressionPtr>& expressions, const Visit& visit) {
  for (const BoundExpressionPtr& each : expressions) VisitIfThere(each, visit);
}

void VisitPart(const BoundPatternPart& part, const Visit& visit) {
  ForEachExpression(part, [&](const BoundExpressionPtr& each) { Walk(*each, visit); });
}

/// Of SET and REMOVE.
template <class Item>
void VisitItems(const std::vector<Item>& items, const Visit& visit) {
  for (const Item& item : items)
    std::visit(
        [&](const auto& each) {
          VisitIfThere(each.target, visit);
          if constexpr (requires { each.value; }) VisitIfThere(each.value, visit);
          if constexpr (requires { each.computed_key; }) VisitIfThere(each.computed_key, visit);
          if constexpr (requires { each.labels; }) VisitAll(each.labels.computed, visit);
        },
        item.node);
}

struct ClauseVisitor {
  const Visit& visit;

  void operator()(const BoundMatch& match) const {
    for (const BoundPatternPart& part : match.parts) VisitPart(part, visit);
    VisitIfThere(match.where, visit);
  }
  void operator()(const BoundUnwind& unwind) const { VisitIfThere(unwind.list, visit); }
  void operator()(const BoundProjection& projection) const {
    for (const BoundGroupingKey& key : projection.keys) VisitIfThere(key.expression, visit);
    for (const BoundAggregate& aggregate : projection.aggregates) VisitAll(aggregate.arguments, visit);
    for (const BoundProjectionItem& item : projection.items) VisitIfThere(item.expression, visit);
    for (const BoundSortItem& item : projection.order_by) VisitIfThere(item.expression, visit);
    VisitIfThere(projection.skip, visit);
    VisitIfThere(projection.limit, visit);
    VisitIfThere(projection.where, visit);
  }
  void operator()(const BoundCall& call) const {
    VisitAll(call.arguments, visit);
    VisitIfThere(call.filter, visit);
  }
  void operator()(const BoundCreate& create) const {
    for (const BoundPatternPart& part : create.parts) VisitPart(part, visit);
  }
  void operator()(const BoundMerge& merge) const {
    VisitPart(merge.part, visit);
    VisitItems(merge.on_create, visit);
    VisitItems(merge.on_match, visit);
  }
  void operator()(const BoundSet& set) const { VisitItems(set.items, visit); }
  void operator()(const BoundRemove& remove) const { VisitItems(remove.items, visit); }
  void operator()(const BoundDelete& deletion) const { VisitAll(deletion.targets, visit); }
  void operator()(const BoundSubqueryCall& call) const {
    for (const BoundSubquery::Branch& branch : call.query->branches) Walk(branch.clauses, visit);
  }
  void operator()(const BoundLoadCsv& load) const {
    VisitIfThere(load.source, visit);
    VisitIfThere(load.delimiter, visit);
  }
};

struct ChildVisitor {
  const Visit& visit;

  void operator()(const BoundLiteral&) const {}
  void operator()(const BoundParameter&) const {}
  void operator()(const BoundVariable&) const {}
  void operator()(const BoundProperty& e) const { VisitIfThere(e.base, visit); }
  void operator()(const BoundLabelTest& e) const { VisitIfThere(e.base, visit); }
  void operator()(const BoundUnary& e) const { VisitIfThere(e.operand, visit); }
  void operator()(const BoundLogical& e) const { VisitAll(e.operands, visit); }
  void operator()(const BoundArithmetic& e) const { VisitAll(e.operands, visit); }
  void operator()(const BoundComparison& e) const { VisitAll(e.operands, visit); }
  void operator()(const BoundBinary& e) const {
    VisitIfThere(e.left, visit);
    VisitIfThere(e.right, visit);
  }
  void operator()(const BoundList& e) const { VisitAll(e.elements, visit); }
  void operator()(const BoundMap& e) const {
    for (const auto& [key, value] : e.entries) VisitIfThere(value, visit);
  }
  void operator()(const BoundIndex& e) const {
    VisitIfThere(e.base, visit);
    VisitIfThere(e.index, visit);
  }
  void operator()(const BoundSlice& e) const {
    VisitIfThere(e.base, visit);
    VisitIfThere(e.from, visit);
    VisitIfThere(e.to, visit);
  }
  void operator()(const BoundCase& e) const {
    VisitIfThere(e.subject, visit);
    for (const BoundCase::Alternative& alternative : e.alternatives) {
      VisitIfThere(alternative.when, visit);
      VisitIfThere(alternative.then, visit);
    }
    VisitIfThere(e.otherwise, visit);
  }
  void operator()(const BoundFunctionCall& e) const { VisitAll(e.arguments, visit); }
  void operator()(const BoundListComprehension& e) const {
    VisitIfThere(e.list, visit);
    VisitIfThere(e.where, visit);
    VisitIfThere(e.projection, visit);
  }
  void operator()(const BoundQuantifier& e) const {
    VisitIfThere(e.list, visit);
    VisitIfThere(e.where, visit);
  }
  void operator()(const BoundReduce& e) const {
    VisitIfThere(e.initial, visit);
    VisitIfThere(e.list, visit);
    VisitIfThere(e.step, visit);
  }
  void operator()(const BoundMapProjection& e) const {
    VisitIfThere(e.base, visit);
    for (const auto& [key, value] : e.entries) VisitIfThere(value, visit);
  }
  void operator()(const BoundPatternExpression& e) const {
    VisitPart(*e.pattern, visit);
    VisitIfThere(e.where, visit);
    VisitIfThere(e.projection, visit);
  }
  void operator()(const BoundSubqueryExpression& e) const {
    for (const BoundSubquery::Branch& branch : e.query->branches) Walk(branch.clauses, visit);
  }
  void operator()(const BoundTypeTest& e) const { VisitIfThere(e.operand, visit); }
  void operator()(const BoundNormalizedTest& e) const { VisitIfThere(e.operand, visit); }
};

void Walk(const BoundExpression& expression, const Visit& visit) {
  visit.expression(expression);
  std::visit(ChildVisitor{visit}, expression.node);
}

void Walk(const std::vector<BoundClause>& clauses, const Visit& visit) {
  for (const BoundClause& clause : clauses) {
    if (visit.clause != nullptr) (*visit.clause)(clause);
    std::visit(ClauseVisitor{visit}, clause.node);
  }
}

void AddPartSlots(const BoundPatternPart& part, std::set<Slot>& out) {
  for (const BoundNodePattern& node : part.nodes) out.insert(node.slot);
  for (const BoundRelationshipPattern& step : part.relationships)
    ForEachSlot(step, [&](Slot slot) { out.insert(slot); });
}

}  // namespace

void VisitExpressions(const BoundExpression& expression, const std::function<void(const BoundExpression&)>& visit) {
  Walk(expression, {visit});
}

void VisitClauses(const std::vector<BoundClause>& clauses, const std::function<void(const BoundClause&)>& visit_clause,
                  const std::function<void(const BoundExpression&)>& visit_expression) {
  Walk(clauses, {visit_expression, &visit_clause});
}

std::set<Slot> SlotsOf(const BoundExpression& expression) {
  std::set<Slot> slots;
  VisitExpressions(expression, [&](const BoundExpression& each) {
    if (const auto* variable = each.As<BoundVariable>()) slots.insert(variable->slot);
    if (const auto* pattern = each.As<BoundPatternExpression>()) AddPartSlots(*pattern->pattern, slots);
    if (const auto* subquery = each.As<BoundSubqueryExpression>())
      slots.insert(subquery->query->imported.begin(), subquery->query->imported.end());
  });
  return slots;
}

namespace {

void AddIntroduced(const BoundPatternPart& part, std::set<Slot>& out) {
  for (const BoundNodePattern& node : part.nodes)
    if (!node.bound) out.insert(node.slot);
  const auto add = [&](Slot slot) { out.insert(slot); };
  for (const BoundRelationshipPattern& relationship : part.relationships) {
    if (!relationship.bound) ForEachSlot(relationship, add);
    ForEachIterationSlot(relationship, add);
  }
  if (part.path) out.insert(*part.path);
}

std::set<Slot> Without(std::set<Slot> slots, const std::set<Slot>& excluded) {
  for (const Slot slot : excluded) slots.erase(slot);
  return slots;
}

}  // namespace

std::set<Slot> OuterSlotsOf(const BoundPatternExpression& pattern) {
  std::set<Slot> introduced;
  AddIntroduced(*pattern.pattern, introduced);
  return Without(SlotsOf(BoundExpression{{}, {}, pattern}), introduced);
}

bool ReadsGraph(const BoundExpression& expression) {
  bool reads = false;
  VisitExpressions(expression, [&](const BoundExpression& each) {
    reads = reads || each.As<BoundProperty>() || each.As<BoundLabelTest>() || each.As<BoundPatternExpression>() ||
            each.As<BoundSubqueryExpression>() || each.As<BoundMapProjection>() || each.As<BoundFunctionCall>() ||
            each.As<BoundIndex>();
  });
  return reads;
}

bool IsDeterministic(const std::vector<BoundClause>& clauses) {
  bool deterministic = true;
  VisitClauses(
      clauses, [](const BoundClause&) {},
      [&](const BoundExpression& each) {
        const auto* call = each.As<BoundFunctionCall>();
        deterministic = deterministic && (call == nullptr || call->function->deterministic);
      });
  return deterministic;
}

namespace {

BoundExpressionPtr MakeBound(StaticType type, decltype(BoundExpression::node) node) {
  return std::make_shared<const BoundExpression>(BoundExpression{{}, type, std::move(node)});
}

}  // namespace

void SplitConjunction(const BoundExpressionPtr& expression, std::vector<BoundExpressionPtr>& out) {
  if (!expression) return;
  if (const auto* test = expression->As<BoundLabelTest>(); test && test->labels.kind == LabelExpression::Kind::kAnd) {
    for (const LabelExpression& each : test->labels.operands)
      out.push_back(MakeBound(expression->type, BoundLabelTest{test->base, each}));
    return;
  }
  const auto* logical = expression->As<BoundLogical>();
  if (logical == nullptr || logical->op != BoundLogicalOperator::kAnd) {
    out.push_back(expression);
    return;
  }
  for (const BoundExpressionPtr& operand : logical->operands) SplitConjunction(operand, out);
}

BoundExpressionPtr MakeVariable(Slot slot, StaticKind kind) {
  return MakeBound({kind}, BoundVariable{slot});
}

BoundExpressionPtr MakePropertyEquality(Slot slot, StaticKind kind, const std::string& key, BoundExpressionPtr value) {
  BoundExpressionPtr property = MakeBound({}, BoundProperty{MakeVariable(slot, kind), key});
  return MakeBound({StaticKind::kBoolean},
                   BoundComparison{{std::move(property), std::move(value)}, {BoundComparisonOperator::kEqual}});
}

const std::string* LabelTestedOn(const BoundExpression& predicate, Slot slot) {
  const auto* test = predicate.As<BoundLabelTest>();
  const auto* variable = test == nullptr ? nullptr : test->base->As<BoundVariable>();
  return variable != nullptr && variable->slot == slot && test->labels.IsName() ? &test->labels.name : nullptr;
}

BoundExpressionPtr MakeLabelPredicate(Slot slot, const std::string& label) {
  return MakeBound({StaticKind::kBoolean},
                   BoundLabelTest{MakeVariable(slot, StaticKind::kNode), LabelExpression::Of(label)});
}

BoundExpressionPtr MakeIsNotNull(Slot slot, StaticKind kind) {
  return MakeBound({StaticKind::kBoolean}, BoundUnary{BoundUnaryOperator::kIsNotNull, MakeVariable(slot, kind)});
}

}  // namespace tupu
