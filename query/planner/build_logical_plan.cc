#include "query/planner/build_logical_plan.h"

#include <algorithm>

#include "query/planner/bound_expressions.h"

namespace tupu {

std::set<Slot> SlotsOf(const BoundPatternPart& part) {
  std::set<Slot> slots;
  for (const BoundNodePattern& node : part.nodes) slots.insert(node.slot);
  for (const BoundRelationshipPattern& relationship : part.relationships) slots.insert(relationship.slot);
  if (part.path) slots.insert(*part.path);
  return slots;
}

namespace {

/// A node that the rows before bind and no edge touches: null, as OPTIONAL MATCH leaves it, is no vertex and matches nothing.
void RequireLoneNodes(const std::set<Slot>& bound, PatternGraph& graph) {
  for (const Slot node : graph.nodes) {
    const auto touches = [node](const PatternEdge& edge) { return edge.left == node || edge.right == node; };
    const bool lone = std::none_of(graph.edges.begin(), graph.edges.end(), touches);
    if (lone && bound.contains(node)) graph.predicates.push_back(MakeIsNotNull(node, StaticKind::kNode));
  }
}

/// Adds the operators of one clause after another on top of `plan`.
class Builder {
 public:
  Builder(LogicalPlan plan, std::set<Slot> bound, PlannerContext& context)
      : plan_(std::move(plan)), bound_(std::move(bound)), context_(context) {}

  LogicalPlan Take() { return std::move(plan_); }

  void operator()(const BoundMatch& match) {
    PatternGraph graph = MakePatternGraph(match.parts, match.where);
    RequireLoneNodes(bound_, graph);
    const std::set<Slot> slots = graph.Slots();
    if (!match.optional) {
      Wrap(LogicalMatch{std::move(graph), bound_});
    } else {
      LogicalOptional optional{context_.NewArgument(), {}};
      std::set_difference(slots.begin(), slots.end(), bound_.begin(), bound_.end(),
                          std::back_inserter(optional.introduced));
      LogicalPlan inner =
          MakePlan(LogicalMatch{std::move(graph), bound_}, MakePlan(LogicalArgument{optional.argument}));
      plan_ = MakePlan(std::move(optional), std::move(plan_), std::move(inner));
    }
    bound_.insert(slots.begin(), slots.end());
  }

  void operator()(const BoundUnwind& unwind) {
    Wrap(LogicalUnwind{unwind.list, unwind.variable});
    bound_.insert(unwind.variable);
  }

  void operator()(const BoundProjection& projection) {
    if (projection.aggregating) Wrap(LogicalAggregate{projection.keys, projection.aggregates});
    AddItems(projection);
    std::vector<Slot> slots;
    for (const BoundProjectionItem& item : projection.items) slots.push_back(item.slot);
    if (projection.distinct) Wrap(LogicalDistinct{slots});
    if (!projection.order_by.empty()) Wrap(LogicalSort{projection.order_by});
    if (projection.skip) Wrap(LogicalSkip{projection.skip});
    if (projection.limit) Wrap(LogicalLimit{projection.limit});
    AddFilters(projection.where);
    Wrap(LogicalKeep{slots});
    bound_ = std::set<Slot>(slots.begin(), slots.end());
  }

  void operator()(const BoundCall& call) {
    Wrap(LogicalCall{&call});
    for (const BoundCall::Yield& yield : call.yields) bound_.insert(yield.slot);
    AddFilters(call.filter);
  }

  void operator()(const BoundCreate& create) {
    Wrap(LogicalCreate{&create, bound_});
    for (const BoundPatternPart& part : create.parts) Bind(part);
    AddPaths(create.parts);
  }

  void operator()(const BoundMerge& merge) {
    const size_t argument = context_.NewArgument();
    PatternGraph graph = MakePatternGraph({merge.part}, nullptr);
    graph.paths.clear();  // made above, for what was matched and what was created alike
    LogicalPlan match = MakePlan(LogicalMatch{std::move(graph), bound_}, MakePlan(LogicalArgument{argument}));
    plan_ = MakePlan(LogicalMerge{&merge, argument, bound_}, std::move(plan_), std::move(match));
    Bind(merge.part);
    AddPaths({merge.part});
  }

  void operator()(const BoundSet& set) { Wrap(LogicalSet{&set}); }
  void operator()(const BoundRemove& remove) { Wrap(LogicalRemove{&remove}); }
  void operator()(const BoundDelete& deletion) { Wrap(LogicalDelete{&deletion}); }

 private:
  void Wrap(LogicalOperator::Node node) { plan_ = MakePlan(std::move(node), std::move(plan_)); }

  void AddFilters(const BoundExpressionPtr& condition) {
    std::vector<BoundExpressionPtr> predicates;
    SplitConjunction(condition, predicates);
    for (BoundExpressionPtr& predicate : predicates) Wrap(LogicalFilter{std::move(predicate)});
  }

  /// Items that are not there yet: neither a variable passed on nor a grouping key.
  void AddItems(const BoundProjection& projection) {
    LogicalProject project;
    for (const BoundProjectionItem& item : projection.items) {
      const auto* variable = item.expression->As<BoundVariable>();
      if (variable == nullptr || variable->slot != item.slot) project.items.emplace_back(item.slot, item.expression);
    }
    if (!project.items.empty()) Wrap(std::move(project));
  }

  void Bind(const BoundPatternPart& part) {
    const std::set<Slot> slots = SlotsOf(part);
    bound_.insert(slots.begin(), slots.end());
  }

  void AddPaths(const std::vector<BoundPatternPart>& parts) {
    for (const BoundPatternPart& part : parts) {
      if (!part.path) continue;
      PatternPath path{*part.path, part.nodes[0].slot, {}};
      for (const BoundRelationshipPattern& relationship : part.relationships) path.edges.push_back(relationship.slot);
      Wrap(LogicalPath{std::move(path)});
    }
  }

  LogicalPlan plan_;
  std::set<Slot> bound_;
  PlannerContext& context_;
};

void AddVariables(const BoundExpressionPtr& expression, std::set<Slot>& out) {
  if (!expression) return;
  const std::set<Slot> slots = SlotsOf(*expression);
  out.insert(slots.begin(), slots.end());
}

/// Edges that a pattern names again, and those that its path is made of.
void AddPatternReads(const BoundPatternPart& part, std::set<Slot>& out) {
  for (const BoundRelationshipPattern& relationship : part.relationships)
    if (relationship.bound || part.path) out.insert(relationship.slot);
  for (const BoundNodePattern& node : part.nodes)
    for (const auto& [key, value] : node.properties) AddVariables(value, out);
  for (const BoundRelationshipPattern& relationship : part.relationships)
    for (const auto& [key, value] : relationship.properties) AddVariables(value, out);
}

}  // namespace

LogicalPlan BuildLogicalPlan(const std::vector<BoundClause>& clauses, LogicalPlan input, std::set<Slot> bound,
                             PlannerContext& context) {
  Builder builder(std::move(input), std::move(bound), context);
  for (const BoundClause& clause : clauses) std::visit(builder, clause.node);
  return builder.Take();
}

std::set<Slot> ReadSlots(const std::vector<BoundClause>& clauses) {
  std::set<Slot> slots;
  // One walk over all expressions, by way of the subquery that the clauses would be.
  const auto subquery = std::make_shared<BoundSubquery>();
  subquery->branches.push_back(clauses);
  const BoundExpression all{{}, {}, BoundExistsSubquery{subquery}};
  VisitExpressions(all, [&](const BoundExpression& each) {
    if (const auto* variable = each.As<BoundVariable>()) slots.insert(variable->slot);
    if (const auto* pattern = each.As<BoundPatternExpression>()) AddPatternReads(*pattern->pattern, slots);
    if (const auto* exists = each.As<BoundExistsSubquery>())
      for (const auto& branch : exists->query->branches)
        for (const BoundClause& clause : branch) {
          if (const auto* match = clause.As<BoundMatch>())
            for (const BoundPatternPart& part : match->parts) AddPatternReads(part, slots);
          if (const auto* merge = clause.As<BoundMerge>()) AddPatternReads(merge->part, slots);
        }
  });
  return slots;
}

}  // namespace tupu
