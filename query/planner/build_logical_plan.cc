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
  Builder(LogicalPlan plan, PlannerContext& context) : plan_(std::move(plan)), context_(context) {}
  /// Of a subquery.
  Builder(size_t argument, const std::vector<Slot>& imported, PlannerContext& context)
      : plan_(MakePlan(LogicalArgument{argument})),
        bound_(imported.begin(), imported.end()),
        context_(context),
        argument_(argument),
        imported_(imported),
        kept_(bound_) {}

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
    if (projection.aggregating) {
      Wrap(LogicalAggregate{projection.keys, projection.aggregates});
      kept_ = std::set<Slot>(imported_.begin(), imported_.end());
      if (!imported_.empty()) Wrap(LogicalRecall{argument_, imported_});
    }
    AddItems(projection);
    std::vector<Slot> slots;
    for (const BoundProjectionItem& item : projection.items) slots.push_back(item.slot);
    if (projection.distinct) Wrap(LogicalDistinct{slots});
    if (!projection.order_by.empty()) Wrap(LogicalSort{projection.order_by});
    if (projection.skip) Wrap(LogicalSkip{projection.skip});
    if (projection.limit) Wrap(LogicalLimit{projection.limit});
    AddFilters(projection.where);
    bound_ = kept_;
    bound_.insert(slots.begin(), slots.end());
    Wrap(LogicalKeep{{bound_.begin(), bound_.end()}});
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

  void operator()(const BoundSubqueryCall& call) {
    const BoundSubquery& query = *call.query;
    LogicalApply apply{context_.NewArgument(), query.columns, call.optional, false};
    apply.steady = query.imported.empty() && !query.writes &&
                   std::all_of(query.branches.begin(), query.branches.end(),
                               [](const auto& branch) { return IsDeterministic(branch.clauses); });
    LogicalPlan inner = BuildSubqueryPlan(query, apply.argument, context_);
    if (query.columns.empty()) inner = MakePlan(LogicalEmptyResult{}, std::move(inner));
    plan_ = MakePlan(std::move(apply), std::move(plan_), std::move(inner));
    bound_.insert(query.columns.begin(), query.columns.end());
  }

  void operator()(const BoundLoadCsv& load) {
    Wrap(LogicalLoadCsv{&load});
    bound_.insert({load.row, load.line, load.file});
    kept_.insert({load.line, load.file});
  }

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
  size_t argument_ = 0;
  std::vector<Slot> imported_;
  std::set<Slot> kept_;  // what lives on whatever a projection passes on
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

LogicalPlan BuildLogicalPlan(const std::vector<BoundClause>& clauses, LogicalPlan input, PlannerContext& context) {
  Builder builder(std::move(input), context);
  for (const BoundClause& clause : clauses) std::visit(builder, clause.node);
  return builder.Take();
}

LogicalPlan BuildSubqueryPlan(const BoundSubquery& subquery, size_t argument, PlannerContext& context) {
  std::vector<LogicalPlan> branches;
  for (const BoundSubquery::Branch& branch : subquery.branches) {
    Builder builder(argument, subquery.imported, context);
    for (const BoundClause& clause : branch.clauses) std::visit(builder, clause.node);
    branches.push_back(builder.Take());
  }
  if (branches.size() == 1) return std::move(branches.front());
  LogicalUnion together{{}, subquery.columns};
  for (const BoundSubquery::Branch& branch : subquery.branches) together.sources.push_back(branch.results);
  LogicalPlan plan = MakePlan(std::move(together));
  plan->children = std::move(branches);
  return subquery.union_all ? std::move(plan) : MakePlan(LogicalDistinct{subquery.columns}, std::move(plan));
}

std::set<Slot> ReadSlots(const std::vector<BoundClause>& clauses) {
  std::set<Slot> slots;
  const auto add_clause = [&](const BoundClause& clause) {
    if (const auto* match = clause.As<BoundMatch>())
      for (const BoundPatternPart& part : match->parts) AddPatternReads(part, slots);
    if (const auto* merge = clause.As<BoundMerge>()) AddPatternReads(merge->part, slots);
  };
  const auto add_expression = [&](const BoundExpression& each) {
    if (const auto* variable = each.As<BoundVariable>()) slots.insert(variable->slot);
    if (const auto* pattern = each.As<BoundPatternExpression>()) AddPatternReads(*pattern->pattern, slots);
  };
  VisitClauses(clauses, add_clause, add_expression);
  return slots;
}

}  // namespace tupu
