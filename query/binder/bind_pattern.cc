#include <algorithm>

#include <fmt/format.h>

#include "query/binder/bound_walk.h"
#include "query/binder/internal/query_binder.h"
#include "query/value/static_type.h"

namespace tupu {
namespace {

constexpr StaticType kNodeType{StaticKind::kNode};
constexpr StaticType kRelationshipType{StaticKind::kRelationship};
constexpr StaticType kPathType{StaticKind::kPath};
constexpr StaticType kBooleanType{StaticKind::kBoolean};

Error AlreadyBound(const AstName& name, std::string hint = {}) {
  return BindError(name.where, "VariableAlreadyBound", fmt::format("the variable {} is already defined", name.text),
                   std::move(hint));
}

/// More than a type and properties is asked of each edge of a repeated step, or more than an edge is repeated.
bool NeedsSegment(const AstRelationshipPattern& relationship) {
  if (!relationship.length) return false;
  const bool plain_types = !relationship.types || relationship.types->kind == LabelExpression::Kind::kAny ||
                           relationship.types->NamesOf(LabelExpression::Kind::kOr);
  return relationship.segment || relationship.condition || relationship.cost || !plain_types;
}

Status CheckShortestPath(const AstPatternPart& part, const BoundPatternPart& bound) {
  const BoundRelationshipPattern& step = bound.relationships[0];
  const AstRelationshipPattern& written = part.relationships[0];
  const bool plain_types = !written.types || written.types->NamesOf(LabelExpression::Kind::kOr);
  if (step.segment || written.condition || written.cost || !plain_types) {
    return BindError(written.where, "UnexpectedSyntax",
                     "the function around this pattern takes a relationship with types and properties only",
                     "Write ANY SHORTEST or ALL SHORTEST before the pattern instead.");
  }
  if (step.length && step.length->min > 1) {
    return BindError(written.where, "UnexpectedSyntax", "a shortest path has a least length of 0 or 1",
                     "Test length(p) in WHERE of a MATCH without shortestPath.");
  }
  return {};
}

}  // namespace

// A variable of a pattern: the one that is there, or a new one.
Result<Slot> QueryBinder::Declare(const AstName& name, StaticType type, PatternScope& scope, bool& bound) {
  const Slot* known = FindVariable(name.text);
  bound = known != nullptr;
  if (known != nullptr) {
    if (scope.interiors.contains(*known)) {
      return BindError(
          name.where, "VariableAlreadyBound",
          fmt::format("the variable {} is inside a selection of paths and cannot stand in another pattern", name.text),
          "Only the ends of such a pattern can: name it in a later MATCH.");
    }
    if (MayBe(slots_[*known].type, type)) return *known;
    return BindError(
        name.where, "VariableTypeConflict",
        fmt::format("the variable {} is {} and cannot be {}", name.text, ToString(slots_[*known].type), ToString(type)),
        "Choose another name.");
  }
  if (scope.use == PatternUse::kPredicate) return UndefinedVariable(name.text, name.where);
  const bool local = scope.use == PatternUse::kComprehension;
  const Slot slot = AddSlot(name.text, type, local);
  if (local) {
    locals_.emplace_back(name.text, slot);
  } else {
    scope_.emplace(name.text, slot);
  }
  return slot;
}

Result<BoundNodePattern> QueryBinder::DeclareNode(const AstNodePattern& node, bool alone, PatternScope& scope) {
  BoundNodePattern bound;
  bound.where = node.where;
  TUPU_TRY(CheckCreated(node, scope.use));
  if (node.variable) {
    TUPU_TRY_ASSIGN(bound.slot, Declare(*node.variable, kNodeType, scope, bound.bound));
  } else {
    bound.slot = AddSlot({}, kNodeType, scope.use == PatternUse::kPredicate || scope.use == PatternUse::kComprehension);
  }
  const bool creates = scope.use == PatternUse::kCreate || scope.use == PatternUse::kMerge;
  if (creates && bound.bound && (alone || node.labels || node.properties)) {
    return AlreadyBound(*node.variable,
                        "A node that is there already is named alone, as (a), at an end of a relationship.");
  }
  return bound;
}

Status QueryBinder::CheckCreated(const AstNodePattern& node, PatternUse use) const {
  if (use != PatternUse::kCreate && use != PatternUse::kMerge) return {};
  if (node.condition) return BindError(node.condition->where, "UnexpectedSyntax", "a node to create has no WHERE");
  if (!node.labels || node.labels->NamesOf(LabelExpression::Kind::kAnd)) return {};
  return BindError(node.where, "UnexpectedSyntax",
                   "the labels of a node to create are named, not described by | ! or %", "Write (n:A&B).");
}

Status QueryBinder::CheckCreated(const AstPatternPart& part, PatternUse use) const {
  if (use != PatternUse::kCreate && use != PatternUse::kMerge) return {};
  if (part.selector != AstPathSelector::kAll)
    return BindError(part.where, "UnexpectedSyntax", "a shortest path cannot be created");
  if (part.selection || part.mode)
    return BindError(part.where, "UnexpectedSyntax", "a path to create takes no selection and no path mode");
  if (part.condition) return BindError(part.condition->where, "UnexpectedSyntax", "a path to create has no WHERE");
  return {};
}

Status QueryBinder::CheckCreated(const AstRelationshipPattern& relationship, PatternUse use) const {
  if (use != PatternUse::kCreate && use != PatternUse::kMerge) return {};
  if (relationship.variable && FindVariable(relationship.variable->text)) return AlreadyBound(*relationship.variable);
  if (relationship.length) {
    return BindError(relationship.where, "CreatingVarLength", "a relationship of variable length cannot be created");
  }
  if (relationship.condition || relationship.cost)
    return BindError(relationship.where, "UnexpectedSyntax", "a relationship to create has no WHERE and no COST");
  if (!relationship.types || !relationship.types->IsName()) {
    return BindError(relationship.where, "NoSingleRelationshipType", "a relationship is created with exactly one type",
                     "Write -[:TYPE]->.");
  }
  if (use == PatternUse::kCreate && relationship.direction == Direction::kBoth) {
    return BindError(relationship.where, "RequiresDirectedRelationship", "a relationship is created with a direction",
                     "Write -[:TYPE]->.");
  }
  return {};
}

Result<BoundRelationshipPattern> QueryBinder::DeclareRelationship(const AstRelationshipPattern& relationship,
                                                                  PatternScope& scope) {
  TUPU_TRY(CheckCreated(relationship, scope.use));
  if (NeedsSegment(relationship)) return DeclareRepetition(relationship, scope);
  BoundRelationshipPattern bound;
  bound.where = relationship.where;
  bound.direction = relationship.direction;
  if (relationship.types)
    bound.types = relationship.types->NamesOf(LabelExpression::Kind::kOr).value_or(std::vector<std::string>());
  if (relationship.length) {
    const AstPathLength& length = *relationship.length;
    bound.length = BoundPathLength{length.min.value_or(1), length.max};
  }
  const StaticType type = bound.length ? ListOf(kRelationshipType) : kRelationshipType;
  if (!relationship.variable) {
    bound.slot = AddSlot({}, type, scope.use == PatternUse::kPredicate || scope.use == PatternUse::kComprehension);
    return bound;
  }
  TUPU_TRY_ASSIGN(bound.slot, Declare(*relationship.variable, type, scope, bound.bound));
  if (!scope.relationships.insert(bound.slot).second) {
    return BindError(relationship.variable->where, "RelationshipUniquenessViolation",
                     fmt::format("the relationship {} stands twice in one MATCH, and none matches twice",
                                 relationship.variable->text),
                     "Use two variables, or two MATCH clauses.");
  }
  return bound;
}

Result<BoundPatternPart> QueryBinder::DeclarePattern(const AstPatternPart& part, PatternScope& scope) {
  BoundPatternPart bound;
  bound.where = part.where;
  bound.selector = static_cast<BoundPathSelector>(part.selector);
  bound.selection = part.selection;
  bound.mode = part.mode;
  if (scope.repeatable && !bound.mode) bound.mode = PathMode::kWalk;
  TUPU_TRY(CheckCreated(part, scope.use));
  TUPU_TRY(CheckSelection(part, scope));
  for (size_t i = 0; i < part.nodes.size(); ++i) {
    if (i > 0) {
      TUPU_TRY_ASSIGN(auto relationship, DeclareRelationship(part.relationships[i - 1], scope));
      bound.relationships.push_back(std::move(relationship));
    }
    TUPU_TRY_ASSIGN(auto node, DeclareNode(part.nodes[i], part.relationships.empty(), scope));
    bound.nodes.push_back(std::move(node));
  }
  if (part.selector != AstPathSelector::kAll) TUPU_TRY(CheckShortestPath(part, bound));
  if (part.path) {
    // After its elements: p = (p)--() is no path of itself.
    if (FindVariable(part.path->text)) return AlreadyBound(*part.path, "A path needs a name of its own.");
    bool known = false;
    TUPU_TRY_ASSIGN(bound.path, Declare(*part.path, kPathType, scope, known));
  }
  if (part.selection) TUPU_TRY(CloseInterior(part, scope, bound));
  return bound;
}

template <class Element>
Status QueryBinder::BindElementProperties(const AstExpressionPtr& from, Element& element, PatternUse use) {
  if (!from) return {};
  if (const auto* map = from->template As<AstMap>()) {
    for (const auto& [key, value] : map->entries) {
      TUPU_TRY_ASSIGN(BoundExpressionPtr bound, BindExpression(*value));
      element.properties.emplace_back(key.text, std::move(bound));
    }
    return {};
  }
  if (use != PatternUse::kCreate) {
    return BindError(from->where, "InvalidParameterUse", "a parameter cannot stand for all properties of this pattern",
                     "Name the properties: {name: $map.name}.");
  }
  TUPU_TRY_ASSIGN(element.properties_map, BindExpression(*from));
  return {};
}

Status QueryBinder::AddCondition(const AstExpressionPtr& from, BoundExpressionPtr& condition) {
  if (!from) return {};
  TUPU_TRY_ASSIGN(BoundExpressionPtr bound, BindPredicate(*from));
  condition = Conjunction(std::move(condition), std::move(bound));
  return {};
}

BoundExpressionPtr QueryBinder::MakeLabelTest(Slot slot, const SourceSpan& where, LabelExpression labels) const {
  return std::make_shared<const BoundExpression>(
      BoundExpression{where, kBooleanType, BoundLabelTest{MakeVariable(slot, where), std::move(labels)}});
}

BoundExpressionPtr QueryBinder::MakeSame(Slot a, Slot b, const SourceSpan& where) const {
  BoundComparison same{{MakeVariable(a, where), MakeVariable(b, where)}, {BoundComparisonOperator::kEqual}};
  return std::make_shared<const BoundExpression>(BoundExpression{where, kBooleanType, std::move(same)});
}

Status QueryBinder::BindElement(const AstNodePattern& from, BoundNodePattern& node, PatternUse use) {
  if (from.labels) {
    const bool chain = from.labels->kind == LabelExpression::Kind::kAnd;
    const std::vector<LabelExpression> alone{*from.labels};
    for (const LabelExpression& each : chain ? from.labels->operands : alone) {
      if (!each.IsName()) {
        node.condition = Conjunction(std::move(node.condition), MakeLabelTest(node.slot, from.where, each));
      } else if (std::find(node.labels.begin(), node.labels.end(), each.name) == node.labels.end()) {
        node.labels.push_back(each.name);
      }
    }
  }
  TUPU_TRY(BindElementProperties(from.properties, node, use));
  return AddCondition(from.condition, node.condition);
}

Status QueryBinder::BindElement(const AstRelationshipPattern& from, BoundRelationshipPattern& relationship,
                                PatternUse use) {
  if (relationship.segment) return {};  // bound when it was declared
  TUPU_TRY(BindElementProperties(from.properties, relationship, use));
  const bool any = !from.types || from.types->kind == LabelExpression::Kind::kAny;
  if (!any && !from.types->NamesOf(LabelExpression::Kind::kOr))
    relationship.condition = MakeLabelTest(relationship.slot, from.where, *from.types);
  TUPU_TRY(AddCondition(from.condition, relationship.condition));
  if (!from.cost) return {};
  TUPU_TRY_ASSIGN(relationship.cost, BindExpression(*from.cost));
  return CheckType(*relationship.cost, {StaticKind::kNumber}, "a COST");
}

Status QueryBinder::BindPatternElements(const AstPatternPart& from, BoundPatternPart& part, PatternUse use) {
  for (size_t i = 0; i < part.nodes.size(); ++i) TUPU_TRY(BindElement(from.nodes[i], part.nodes[i], use));
  for (size_t i = 0; i < part.relationships.size(); ++i)
    TUPU_TRY(BindElement(from.relationships[i], part.relationships[i], use));
  return AddCondition(from.condition, part.condition);
}

Status QueryBinder::BindPatternProperties(const AstPatternPart& from, BoundPatternPart& part,
                                          const PatternScope& scope) {
  const Restore<Aggregation*> no_aggregates(aggregation_, nullptr);
  return part.selection ? BindSelected(from, part, scope) : BindPatternElements(from, part, scope.use);
}

// (a)-->(b) as a truth value, shortestPath((a)-[*]-(b)) as a path. Neither brings new variables.
QueryBinder::BoundResult QueryBinder::BindPatternPredicate(const AstPatternPart& part, const SourceSpan& where) {
  PatternScope scope = BeginPattern(PatternUse::kPredicate);
  TUPU_TRY_ASSIGN(BoundPatternPart bound, DeclarePattern(part, scope));
  TUPU_TRY(BindPatternProperties(part, bound, scope));
  BoundPatternExpression expression;
  StaticType type{StaticKind::kBoolean};
  expression.pattern_kind = BoundPatternExpressionKind::kExists;
  if (part.selector == AstPathSelector::kShortest) {
    expression.pattern_kind = BoundPatternExpressionKind::kShortestPath;
    type = kPathType;
  } else if (part.selector == AstPathSelector::kAllShortest) {
    expression.pattern_kind = BoundPatternExpressionKind::kAllShortestPaths;
    type = ListOf(kPathType);
  }
  expression.pattern = std::make_shared<const BoundPatternPart>(std::move(bound));
  auto result = std::make_shared<BoundExpression>();
  result->where = where;
  result->type = type;
  result->node = std::move(expression);
  return BoundExpressionPtr(std::move(result));
}

Result<BoundCreate> QueryBinder::BindCreate(const AstCreate& create) {
  BoundCreate bound;
  PatternScope scope = BeginPattern(PatternUse::kCreate);
  for (const AstPatternPart& part : create.parts) {
    Scope before = scope_;
    TUPU_TRY_ASSIGN(BoundPatternPart declared, DeclarePattern(part, scope));
    // A part reads what earlier parts have made, not what it is about to make.
    const Restore<Scope> input(scope_, std::move(before));
    TUPU_TRY(BindPatternProperties(part, declared, scope));
    bound.parts.push_back(std::move(declared));
  }
  return bound;
}

Result<BoundMerge> QueryBinder::BindMerge(const AstMerge& merge) {
  BoundMerge bound;
  PatternScope scope = BeginPattern(PatternUse::kMerge);
  const Scope before = scope_;
  TUPU_TRY_ASSIGN(bound.part, DeclarePattern(merge.part, scope));
  {
    const Restore<Scope> input(scope_, before);
    TUPU_TRY(BindPatternProperties(merge.part, bound.part, scope));
  }
  TUPU_TRY_ASSIGN(bound.on_create, BindSetItems(merge.on_create));
  TUPU_TRY_ASSIGN(bound.on_match, BindSetItems(merge.on_match));
  return bound;
}

}  // namespace tupu
