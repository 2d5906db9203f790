#include <algorithm>

#include <fmt/format.h>

#include "query/binder/internal/query_binder.h"
#include "query/value/static_type.h"

namespace tupu {
namespace {

constexpr StaticType kNodeType{StaticKind::kNode};
constexpr StaticType kRelationshipType{StaticKind::kRelationship};
constexpr StaticType kPathType{StaticKind::kPath};

std::vector<std::string> Texts(const std::vector<AstName>& names) {
  std::vector<std::string> texts;
  for (const AstName& name : names) {
    if (std::find(texts.begin(), texts.end(), name.text) == texts.end()) texts.push_back(name.text);
  }
  return texts;
}

Error AlreadyBound(const AstName& name, std::string hint = {}) {
  return BindError(name.where, "VariableAlreadyBound", fmt::format("the variable {} is already defined", name.text),
                   std::move(hint));
}

}  // namespace

// A variable of a pattern: the one that is there, or a new one.
Result<Slot> QueryBinder::Declare(const AstName& name, StaticType type, PatternScope& scope, bool& bound) {
  const Slot* known = FindVariable(name.text);
  bound = known != nullptr;
  if (known != nullptr) {
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
  bound.labels = Texts(node.labels);
  if (node.variable) {
    TUPU_TRY_ASSIGN(bound.slot, Declare(*node.variable, kNodeType, scope, bound.bound));
  } else {
    bound.slot = AddSlot({}, kNodeType, scope.use == PatternUse::kPredicate || scope.use == PatternUse::kComprehension);
  }
  const bool creates = scope.use == PatternUse::kCreate || scope.use == PatternUse::kMerge;
  if (creates && bound.bound && (alone || !node.labels.empty() || node.properties)) {
    return AlreadyBound(*node.variable,
                        "A node that is there already is named alone, as (a), at an end of a relationship.");
  }
  return bound;
}

Status QueryBinder::CheckCreated(const AstRelationshipPattern& relationship, PatternUse use) const {
  if (use != PatternUse::kCreate && use != PatternUse::kMerge) return {};
  if (relationship.variable && FindVariable(relationship.variable->text)) return AlreadyBound(*relationship.variable);
  if (relationship.length) {
    return BindError(relationship.where, "CreatingVarLength", "a relationship of variable length cannot be created");
  }
  if (relationship.types.size() != 1) {
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
  BoundRelationshipPattern bound;
  bound.where = relationship.where;
  bound.types = Texts(relationship.types);
  bound.direction = relationship.direction;
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
  const bool creates = scope.use == PatternUse::kCreate || scope.use == PatternUse::kMerge;
  if (creates && part.selector != AstPathSelector::kAll) {
    return BindError(part.where, "UnexpectedSyntax", "a shortest path cannot be created");
  }
  for (size_t i = 0; i < part.nodes.size(); ++i) {
    if (i > 0) {
      TUPU_TRY_ASSIGN(auto relationship, DeclareRelationship(part.relationships[i - 1], scope));
      bound.relationships.push_back(std::move(relationship));
    }
    TUPU_TRY_ASSIGN(auto node, DeclareNode(part.nodes[i], part.relationships.empty(), scope));
    bound.nodes.push_back(std::move(node));
  }
  if (part.selector != AstPathSelector::kAll && bound.relationships[0].length &&
      bound.relationships[0].length->min > 1) {
    return BindError(part.relationships[0].where, "UnexpectedSyntax", "a shortest path has a least length of 0 or 1",
                     "Test length(p) in WHERE of a MATCH without shortestPath.");
  }
  if (part.path) {
    // After its elements: p = (p)--() is no path of itself.
    if (FindVariable(part.path->text)) return AlreadyBound(*part.path, "A path needs a name of its own.");
    bool known = false;
    TUPU_TRY_ASSIGN(bound.path, Declare(*part.path, kPathType, scope, known));
  }
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

Status QueryBinder::BindPatternProperties(const AstPatternPart& from, BoundPatternPart& part, PatternUse use) {
  const Restore<Aggregation*> no_aggregates(aggregation_, nullptr);
  for (size_t i = 0; i < part.nodes.size(); ++i) {
    TUPU_TRY(BindElementProperties(from.nodes[i].properties, part.nodes[i], use));
  }
  for (size_t i = 0; i < part.relationships.size(); ++i) {
    TUPU_TRY(BindElementProperties(from.relationships[i].properties, part.relationships[i], use));
  }
  return {};
}

// (a)-->(b) as a truth value, shortestPath((a)-[*]-(b)) as a path. Neither brings new variables.
QueryBinder::BoundResult QueryBinder::BindPatternPredicate(const AstPatternPart& part, const SourceSpan& where) {
  PatternScope scope{PatternUse::kPredicate, {}};
  TUPU_TRY_ASSIGN(BoundPatternPart bound, DeclarePattern(part, scope));
  TUPU_TRY(BindPatternProperties(part, bound, PatternUse::kPredicate));
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
  PatternScope scope{PatternUse::kCreate, {}};
  for (const AstPatternPart& part : create.parts) {
    Scope before = scope_;
    TUPU_TRY_ASSIGN(BoundPatternPart declared, DeclarePattern(part, scope));
    // A part reads what earlier parts have made, not what it is about to make.
    const Restore<Scope> input(scope_, std::move(before));
    TUPU_TRY(BindPatternProperties(part, declared, PatternUse::kCreate));
    bound.parts.push_back(std::move(declared));
  }
  return bound;
}

Result<BoundMerge> QueryBinder::BindMerge(const AstMerge& merge) {
  BoundMerge bound;
  PatternScope scope{PatternUse::kMerge, {}};
  const Scope before = scope_;
  TUPU_TRY_ASSIGN(bound.part, DeclarePattern(merge.part, scope));
  {
    const Restore<Scope> input(scope_, before);
    TUPU_TRY(BindPatternProperties(merge.part, bound.part, PatternUse::kMerge));
  }
  TUPU_TRY_ASSIGN(bound.on_create, BindSetItems(merge.on_create));
  TUPU_TRY_ASSIGN(bound.on_match, BindSetItems(merge.on_match));
  return bound;
}

}  // namespace tupu
