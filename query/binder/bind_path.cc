#include <algorithm>

#include <fmt/format.h>

#include "query/binder/bound_walk.h"
#include "query/binder/internal/query_binder.h"
#include "query/value/static_type.h"

// Repeated segments and selections of paths. Both are closed: their conditions see their own variables and those of earlier
// clauses, not the other patterns of the MATCH, so that what they mean does not hang on the order of matching.

namespace tupu {
namespace {

constexpr StaticType kNodeType{StaticKind::kNode};
constexpr StaticType kRelationshipType{StaticKind::kRelationship};

/// An unbounded step, or null.
const AstRelationshipPattern* FindUnbounded(const AstPatternPart& part) {
  for (const AstRelationshipPattern& step : part.relationships)
    if (step.length && !step.length->max) return &step;
  return nullptr;
}

bool HasCost(const AstPatternPart& part) {
  return std::any_of(part.relationships.begin(), part.relationships.end(), [](const AstRelationshipPattern& step) {
    return step.cost || (step.segment && HasCost(*step.segment));
  });
}

}  // namespace

/// The named elements of one iteration.
struct QueryBinder::SegmentNames {
  std::vector<std::pair<AstName, Slot>> elements;

  const Slot* Find(std::string_view name) const {
    for (const auto& [known, slot] : elements)
      if (known.text == name) return &slot;
    return nullptr;
  }
};

Result<BoundRelationshipPattern> QueryBinder::DeclareRepetition(const AstRelationshipPattern& step,
                                                                PatternScope& scope) {
  if (true)
    return Error{ErrorCode::kUnsupported, "A quantified path pattern is not offered by this version", step.where};
  BoundRelationshipPattern bound;
  bound.where = step.where;
  bound.length = BoundPathLength{step.length->min.value_or(1), step.length->max};
  const bool local = scope.use == PatternUse::kPredicate || scope.use == PatternUse::kComprehension;
  bound.slot = AddSlot({}, ListOf(kRelationshipType), local);
  auto segment = std::make_shared<BoundSegment>();
  SegmentNames names;
  if (step.segment) {
    const AstPatternPart& inner = *step.segment;
    TUPU_TRY(BindSegment(inner.nodes, inner.relationships, inner.condition, scope, names, *segment));
  } else {
    // -[r WHERE ...]->{1,3} is (()-[r WHERE ...]->()){1,3}.
    const AstNodePattern unnamed[2];
    TUPU_TRY(BindSegment(unnamed, {&step, 1}, nullptr, scope, names, *segment));
  }
  TUPU_TRY(DeclareGroups(names, scope, *segment));
  bound.segment = std::move(segment);
  return bound;
}

// An element of one iteration. A node that is named twice in it is one vertex.
Result<Slot> QueryBinder::DeclareElement(const std::optional<AstName>& name, StaticType type, SegmentNames& names,
                                         BoundExpressionPtr& condition) {
  if (!name) return AddSlot({}, type, true);
  if (const Slot* known = names.Find(name->text)) {
    if (type != kNodeType || slots_[*known].type != kNodeType) {
      return BindError(name->where, "RelationshipUniquenessViolation",
                       fmt::format("the variable {} stands twice in one iteration of a quantified pattern", name->text),
                       "Use two variables.");
    }
    const Slot again = AddSlot(name->text, type, true);
    condition = Conjunction(std::move(condition), MakeSame(*known, again, name->where));
    return again;
  }
  if (FindVariable(name->text)) {
    return BindError(name->where, "VariableAlreadyBound",
                     fmt::format("the variable {} is already defined outside of the quantified pattern", name->text),
                     "Within it the variable is another one in every iteration: choose another name.");
  }
  const Slot slot = AddSlot(name->text, type, true);
  names.elements.emplace_back(*name, slot);
  return slot;
}

Status QueryBinder::BindSegment(std::span<const AstNodePattern> nodes,
                                std::span<const AstRelationshipPattern> relationships,
                                const AstExpressionPtr& condition, const PatternScope& scope, SegmentNames& names,
                                BoundSegment& segment) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (i > 0) {
      BoundRelationshipPattern& edge = segment.relationships.emplace_back();
      const AstRelationshipPattern& from = relationships[i - 1];
      edge.where = from.where;
      edge.direction = from.direction;
      if (from.types) edge.types = from.types->NamesOf(LabelExpression::Kind::kOr).value_or(std::vector<std::string>());
      TUPU_TRY_ASSIGN(edge.slot, DeclareElement(from.variable, kRelationshipType, names, segment.condition));
    }
    BoundNodePattern& node = segment.nodes.emplace_back();
    node.where = nodes[i].where;
    TUPU_TRY_ASSIGN(node.slot, DeclareElement(nodes[i].variable, kNodeType, names, segment.condition));
  }
  const Restore<Scope> outer(scope_, scope.before);
  const Restore<std::vector<std::pair<std::string, Slot>>> outer_locals(locals_, scope.locals_before);
  const Restore<Aggregation*> no_aggregates(aggregation_, nullptr);
  const Restore<bool> closed(inside_closed_pattern_, true);
  for (const auto& [name, slot] : names.elements) locals_.emplace_back(name.text, slot);
  for (size_t i = 0; i < nodes.size(); ++i) TUPU_TRY(BindElement(nodes[i], segment.nodes[i], scope.use));
  for (size_t i = 0; i < relationships.size(); ++i)
    TUPU_TRY(BindElement(relationships[i], segment.relationships[i], scope.use));
  return AddCondition(condition, segment.condition);
}

// Outside, a variable of the iterations is a list. A predicate brings no variables: there it is nothing.
Status QueryBinder::DeclareGroups(const SegmentNames& names, PatternScope& scope, BoundSegment& segment) {
  if (scope.use == PatternUse::kPredicate) return {};
  for (const auto& [name, element] : names.elements) {
    bool bound = false;
    TUPU_TRY_ASSIGN(const Slot list, Declare(name, ListOf(slots_[element].type), scope, bound));
    segment.groups.push_back({element, list});
  }
  return {};
}

Status QueryBinder::CheckSelection(const AstPatternPart& part, const PatternScope& scope) const {
  if (part.selection || part.mode || scope.repeatable)
    return Error{ErrorCode::kUnsupported, "A path selection, path mode or match mode is not offered by this version",
                 part.where};
  const PathMode mode = part.mode.value_or(scope.repeatable ? PathMode::kWalk : PathMode::kTrail);
  const bool cheapest = part.selection && part.selection->cheapest;
  if (cheapest && !HasCost(part)) {
    return BindError(part.where, "UnexpectedSyntax", "CHEAPEST needs a COST in its pattern",
                     "Write the cost of an edge in its brackets: -[r:TYPE COST r.weight]->.");
  }
  if (!cheapest && HasCost(part)) {
    return BindError(part.where, "UnexpectedSyntax", "a COST is read by CHEAPEST only",
                     "Write ANY CHEAPEST, ALL CHEAPEST or CHEAPEST k before the pattern.");
  }
  if (mode != PathMode::kWalk) return {};
  if (cheapest && part.selection->groups) {
    return BindError(part.where, "UnboundedWalk", "walks of one cost can be without end: edges may cost nothing",
                     "Add TRAIL, ACYCLIC or SIMPLE.");
  }
  const AstRelationshipPattern* unbounded = part.selection ? nullptr : FindUnbounded(part);
  if (unbounded == nullptr) return {};
  return BindError(unbounded->where, "UnboundedWalk", "walks without an upper bound are without end",
                   "Give the quantifier an upper bound, add TRAIL, ACYCLIC or SIMPLE, or select: ANY SHORTEST.");
}

// What lies between the ends of a selection belongs to it alone. A variable that is there already, or that stands twice in
// it, is asked to be the same vertex before the selection.
Status QueryBinder::CloseInterior(const AstPatternPart& from, PatternScope& scope, BoundPatternPart& part) {
  std::set<Slot> seen{part.nodes.front().slot, part.nodes.back().slot};
  for (size_t i = 1; i + 1 < part.nodes.size(); ++i) {
    BoundNodePattern& node = part.nodes[i];
    if (!node.bound) {
      seen.insert(node.slot);
      scope.interiors.insert(node.slot);
      continue;
    }
    const AstName& name = *from.nodes[i].variable;
    const auto before = scope.before.find(name.text);
    if (before == scope.before.end() && !seen.contains(node.slot)) {
      return BindError(name.where, "VariableAlreadyBound",
                       fmt::format("the variable {} stands in another pattern of this MATCH and inside a selection of "
                                   "paths",
                                   name.text),
                       "Only the ends of such a pattern can: match it in an earlier MATCH.");
    }
    const Slot again = AddSlot(name.text, kNodeType);
    part.condition = Conjunction(std::move(part.condition), MakeSame(node.slot, again, name.where));
    node.slot = again;
    node.bound = false;
  }
  for (const BoundRelationshipPattern& step : part.relationships) {
    if (step.bound) {
      return BindError(step.where, "VariableAlreadyBound",
                       "a selection of paths cannot go over a relationship that is known already",
                       "Compare with it in the pattern's WHERE.");
    }
    scope.interiors.insert(step.slot);
    if (!step.segment) continue;
    for (const BoundGroupVariable& group : step.segment->groups) scope.interiors.insert(group.list);
  }
  return {};
}

Status QueryBinder::BindSelected(const AstPatternPart& from, BoundPatternPart& part, const PatternScope& scope) {
  Scope own = scope.before;
  const auto add = [&](const std::optional<AstName>& name) {
    const auto found = name ? scope_.find(name->text) : scope_.end();
    if (found != scope_.end()) own.insert_or_assign(found->first, found->second);
  };
  for (const AstNodePattern& node : from.nodes) add(node.variable);
  for (const AstRelationshipPattern& step : from.relationships) {
    add(step.variable);
    if (!step.segment) continue;
    for (const AstNodePattern& node : step.segment->nodes) add(node.variable);
    for (const AstRelationshipPattern& edge : step.segment->relationships) add(edge.variable);
  }
  add(from.path);
  const Restore<Scope> closed_scope(scope_, std::move(own));
  const Restore<bool> closed(inside_closed_pattern_, true);
  return BindPatternElements(from, part, scope.use);
}

}  // namespace tupu
