#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "query/executor/aggregate.h"
#include "query/executor/count_from_statistics.h"
#include "query/executor/count_steps.h"
#include "query/executor/create.h"
#include "query/executor/delete.h"
#include "query/executor/distinct.h"
#include "query/executor/eager.h"
#include "query/executor/expand.h"
#include "query/executor/expressions.h"
#include "query/executor/filter.h"
#include "query/executor/index_seek.h"
#include "query/executor/intersect_expand.h"
#include "query/executor/join.h"
#include "query/executor/limit.h"
#include "query/executor/load_csv.h"
#include "query/executor/merge.h"
#include "query/executor/procedure_call.h"
#include "query/executor/projection.h"
#include "query/executor/reach_expand.h"
#include "query/executor/scan.h"
#include "query/executor/set_items.h"
#include "query/executor/shortest_path.h"
#include "query/executor/sort.h"
#include "query/executor/subquery_apply.h"
#include "query/executor/union.h"
#include "query/executor/unwind.h"
#include "query/executor/var_length_expand.h"
#include "query/planner/bound_expressions.h"
#include "query/planner/build_logical_plan.h"
#include "query/planner/compile_expression.h"
#include "query/planner/physical_plan.h"

namespace tupu {

namespace {

using MakeOperator = std::function<OperatorPtr(std::vector<OperatorPtr> children, Arguments& arguments)>;

struct Description {
  std::string name;
  std::string details;
  MakeOperator make;
  std::optional<AdjacencyReading> reads = {};
};

/// `make` of an operator with one child: `T(child, parts...)`.
template <class T, class... Part>
MakeOperator Unary(Part... part) {
  return [=](std::vector<OperatorPtr> children, Arguments&) -> OperatorPtr {
    return std::make_unique<T>(std::move(children[0]), part...);
  };
}

class PhysicalBuilder {
 public:
  explicit PhysicalBuilder(PlannerContext& context) : context_(context) {}

  Result<PhysicalPlan> Build(const LogicalOperator& plan) {
    auto built = std::make_shared<PhysicalOperator>();
    for (const LogicalPlan& child : plan.children) {
      TUPU_TRY_ASSIGN(PhysicalPlan each, Build(*child));
      built->children.push_back(std::move(each));
    }
    properties_.clear();
    TUPU_TRY_ASSIGN(Description description, std::visit(*this, plan.node));
    built->name = std::move(description.name);
    built->details = std::move(description.details);
    built->make = std::move(description.make);
    built->reads = std::move(description.reads);
    built->properties = std::move(properties_);
    built->rows = plan.rows;
    if (plan.live) built->live.emplace(plan.live->begin(), plan.live->end());
    return PhysicalPlan(std::move(built));
  }

  // ---- Leaves and matching

  Result<Description> operator()(const LogicalSingleRow&) {
    return Description{"SingleRow", "", [](std::vector<OperatorPtr>, Arguments&) -> OperatorPtr {
                         return std::make_unique<SingleRow>();
                       }};
  }
  Result<Description> operator()(const LogicalArgument& node) {
    const size_t number = node.number;
    return Description{"Argument", "", [number](std::vector<OperatorPtr>, Arguments& arguments) -> OperatorPtr {
                         auto argument = std::make_unique<Argument>();
                         const auto [first, added] = arguments.emplace(number, argument.get());
                         if (!added) first->second->Chain(argument.get());
                         return argument;
                       }};
  }
  Result<Description> operator()(const LogicalMatch&) {
    return Error{ErrorCode::kInternal, "a pattern was left without an order"};
  }
  Result<Description> operator()(const LogicalNodeScan& node) {
    std::optional<LabelName> label;
    if (node.label) label.emplace(*node.label);
    return Description{"NodeScan", Text(node.slot) + (node.label ? ":" + *node.label : ""),
                       Unary<NodeScan>(node.slot, label)};
  }
  Result<Description> operator()(const LogicalNodeByName& node) {
    TUPU_TRY_ASSIGN(const ExpressionPtr name, Compile(node.name));
    std::optional<LabelName> label;
    if (node.label) label.emplace(*node.label);
    return Description{"NodeByName", fmt::format("{} name index = {}", Text(node.slot), Text(node.name)),
                       Unary<NodeByName>(node.slot, label, name)};
  }
  Result<Description> operator()(const LogicalNodeById& node) {
    TUPU_TRY_ASSIGN(const ExpressionPtr id, Compile(node.id));
    return Description{"NodeById", fmt::format("{} id = {}", Text(node.slot), Text(node.id)),
                       Unary<NodeById>(node.slot, id)};
  }
  Result<Description> operator()(const LogicalNodeByKey& node) {
    TUPU_TRY_ASSIGN(const std::vector<ExpressionPtr> values, CompileAll(node.values));
    std::vector<std::string> parts;
    for (size_t i = 0; i < node.values.size(); ++i)
      parts.push_back(fmt::format("{} = {}", node.properties[i], Text(node.values[i])));
    const LabelName label(node.label);
    return Description{
        "NodeByKey",
        fmt::format("{}:{} key of {} ({})", Text(node.slot), node.label, node.key_label, fmt::join(parts, ", ")),
        Unary<NodeByKey>(node.slot, label, node.key_label, values)};
  }
  Result<Description> operator()(const LogicalNodeIndexSeek& node) {
    TUPU_TRY_ASSIGN(const IndexSeekTerms terms, CompileSeek(node.seek));
    const LabelName label(node.seek.schema);
    return Description{"NodeIndexSeek", fmt::format("{}:{}", Text(node.slot), Text(node.seek)),
                       Unary<NodeIndexSeek>(node.slot, label, terms)};
  }
  Result<Description> operator()(const LogicalEdgeIndexSeek& node) {
    types_of_[node.edge.slot] = {node.seek.schema};
    TUPU_TRY_ASSIGN(const IndexSeekTerms terms, CompileSeek(node.seek));
    const EdgeSeekStep step{node.edge.slot, node.edge.left, node.edge.right, node.edge.direction};
    const EdgeTypeName type(node.seek.schema);
    return Description{"EdgeIndexSeek", fmt::format("{} by {}", DescribeEdge(node.edge), Text(node.seek)),
                       Unary<EdgeIndexSeek>(step, type, terms)};
  }
  Result<Description> operator()(const LogicalExpand& node) {
    types_of_[node.edge.slot] = node.edge.types;
    std::string details = DescribeEdge(node.edge);
    if (node.edge.length) return DescribeVarLength(node, std::move(details));
    if (node.edge_known) {
      const bool loop = node.edge.left == node.edge.right && !node.left_bound;
      KnownEdgeStep step{node.edge.left, node.left_bound,     node.edge.slot,     node.edge.right,    node.right_bound,
                         loop,           node.edge.direction, TypesOf(node.edge), node.different_from};
      return Description{"ExpandKnownEdge", std::move(details), Unary<ExpandKnownEdge>(step)};
    }
    ExpandStep step{node.edge.left,      node.edge.slot,     node.edge.right,    node.right_bound,
                    node.edge.direction, TypesOf(node.edge), node.different_from};
    return Description{node.right_bound ? "ExpandInto" : "Expand", std::move(details), Unary<Expand>(step),
                       AdjacencyReading{node.edge.direction, node.edge.types}};
  }
  Result<Description> operator()(const LogicalCountSteps& node) {
    CountedSteps step;
    step.from = node.edge.left;
    step.direction = node.edge.direction;
    step.types = TypesOf(node.edge);
    for (const std::string& label : node.to_labels) step.to_labels.emplace_back(label);
    step.different_from = node.different_from;
    step.weight_in = node.weight_in;
    step.weight = node.weight;
    std::string labels;
    for (const std::string& label : node.to_labels) labels += ":" + label;
    return Description{"CountSteps", DescribeEdge(node.edge) + (labels.empty() ? "" : fmt::format(" ends {}", labels)),
                       Unary<CountSteps>(step), AdjacencyReading{node.edge.direction, node.edge.types}};
  }
  Result<Description> operator()(const LogicalIntersect& node) {
    const auto meeting = [&](const LogicalExpand& expand) {
      types_of_[expand.edge.slot] = expand.edge.types;
      return MeetingStep{expand.edge.left, expand.edge.slot, expand.edge.direction, TypesOf(expand.edge),
                         expand.different_from};
    };
    MeetingStep first = meeting(node.first);
    MeetingStep second = meeting(node.second);
    // The first edge is none of the rows': whether both differ is for the operator to see.
    const auto same = std::find(second.different_from.begin(), second.different_from.end(), first.edge);
    const bool differ = same != second.different_from.end();
    if (differ) second.different_from.erase(same);
    return Description{"IntersectExpand",
                       fmt::format("{} and {}", DescribeEdge(node.first.edge), DescribeEdge(node.second.edge)),
                       Unary<IntersectExpand>(first, second, node.first.edge.right, differ),
                       AdjacencyReading{node.first.edge.direction, node.first.edge.types}};
  }
  Result<Description> operator()(const LogicalShortestPath& node) {
    ShortestPathStep step;
    const PatternEdge& edge = node.pattern.edge;
    step.from = edge.left;
    step.to = edge.right;
    step.edges = edge.slot;
    step.path = node.pattern.path;
    step.direction = edge.direction;
    step.types = TypesOf(edge);
    TUPU_TRY_ASSIGN(step.properties, TestsOf(edge));
    step.min = edge.length->min;
    step.max = edge.length->max;
    step.all = node.pattern.all;
    TUPU_TRY_ASSIGN(step.predicates, CompileAll(node.predicates));
    return Description{node.pattern.all ? "AllShortestPaths" : "ShortestPath", DescribeEdge(edge),
                       Unary<ShortestPath>(step), AdjacencyReading{edge.direction, edge.types}};
  }
  Result<Description> operator()(const LogicalPath& node) {
    const std::vector<Project::Item> items{{node.path.path, MakePath(node.path.start, node.path.edges)}};
    return Description{"Path", Text(node.path.path), Unary<Project>(items)};
  }
  Result<Description> operator()(const LogicalFilter& node) {
    TUPU_TRY_ASSIGN(const ExpressionPtr predicate, Compile(node.predicate));
    return Description{"Filter", Text(node.predicate), Unary<Filter>(predicate)};
  }
  Result<Description> operator()(const LogicalEdgesDiffer& node) {
    return Description{"Filter", fmt::format("edges {} differ from {}", TextOfAll(node.left), TextOfAll(node.right)),
                       Unary<Filter>(MakeEdgesDiffer(node.left, node.right))};
  }

  // ---- Joins and inner plans

  Result<Description> operator()(const LogicalCartesianProduct&) {
    return Description{"CartesianProduct", "", [](std::vector<OperatorPtr> children, Arguments&) -> OperatorPtr {
                         return std::make_unique<CartesianProduct>(std::move(children[0]), std::move(children[1]));
                       }};
  }
  Result<Description> operator()(const LogicalHashJoin& node) {
    TUPU_TRY_ASSIGN(const std::vector<ExpressionPtr> left, CompileAll(node.left_keys));
    TUPU_TRY_ASSIGN(const std::vector<ExpressionPtr> right, CompileAll(node.right_keys));
    std::vector<std::string> keys;
    for (size_t i = 0; i < node.left_keys.size(); ++i)
      keys.push_back(Text(node.left_keys[i]) + " = " + Text(node.right_keys[i]));
    return Description{"HashJoin", fmt::format("{}", fmt::join(keys, ", ")),
                       [left, right](std::vector<OperatorPtr> children, Arguments&) -> OperatorPtr {
                         return std::make_unique<HashJoin>(std::move(children[0]), std::move(children[1]), left, right);
                       }};
  }
  Result<Description> operator()(const LogicalOptional& node) {
    const Slot row_number = context_.NewSlot();
    return Description{"Optional", TextOfAll(node.introduced),
                       [node, row_number](std::vector<OperatorPtr> children, Arguments& arguments) -> OperatorPtr {
                         return std::make_unique<OptionalApply>(std::move(children[0]), std::move(children[1]),
                                                                arguments.at(node.argument), row_number,
                                                                node.introduced);
                       }};
  }
  Result<Description> operator()(const LogicalSemiApply& node) {
    const Slot row_number = context_.NewSlot();
    return Description{node.anti ? "AntiSemiApply" : "SemiApply", "",
                       [node, row_number](std::vector<OperatorPtr> children, Arguments& arguments) -> OperatorPtr {
                         return std::make_unique<SemiApply>(std::move(children[0]), std::move(children[1]),
                                                            arguments.at(node.argument), row_number, node.anti);
                       }};
  }
  Result<Description> operator()(const LogicalApply& node) {
    return Description{node.optional ? "OptionalApply" : "Apply", TextOfAll(node.columns),
                       [node](std::vector<OperatorPtr> children, Arguments& arguments) -> OperatorPtr {
                         return std::make_unique<Apply>(std::move(children[0]), std::move(children[1]),
                                                        arguments.at(node.argument), node.columns, node.optional);
                       }};
  }
  Result<Description> operator()(const LogicalCountApply& node) {
    const Slot row_number = context_.NewSlot();
    return Description{"CountApply", Text(node.slot),
                       [node, row_number](std::vector<OperatorPtr> children, Arguments& arguments) -> OperatorPtr {
                         return std::make_unique<CountApply>(std::move(children[0]), std::move(children[1]),
                                                             arguments.at(node.argument), row_number, node.slot);
                       }};
  }
  Result<Description> operator()(const LogicalRecall& node) {
    return Description{"Recall", TextOfAll(node.slots),
                       [node](std::vector<OperatorPtr> children, Arguments& arguments) -> OperatorPtr {
                         return std::make_unique<Recall>(std::move(children[0]), arguments.at(node.argument),
                                                         node.slots);
                       }};
  }
  Result<Description> operator()(const LogicalUnion& node) {
    return Description{"Union", "", [node](std::vector<OperatorPtr> children, Arguments&) -> OperatorPtr {
                         return std::make_unique<Union>(std::move(children), node.sources, node.targets);
                       }};
  }

  // ---- Rows

  Result<Description> operator()(const LogicalUnwind& node) {
    TUPU_TRY_ASSIGN(const ExpressionPtr list, Compile(node.list));
    return Description{"Unwind", fmt::format("{} AS {}", Text(node.list), Text(node.variable)),
                       Unary<Unwind>(list, node.variable)};
  }
  Result<Description> operator()(const LogicalProject& node) {
    std::vector<Project::Item> items;
    std::vector<std::string> texts;
    for (const auto& [slot, expression] : node.items) {
      TUPU_TRY_ASSIGN(ExpressionPtr compiled, Compile(expression));
      items.emplace_back(slot, std::move(compiled));
      texts.push_back(fmt::format("{} AS {}", Text(expression), Text(slot)));
    }
    return Description{"Project", fmt::format("{}", fmt::join(texts, ", ")), Unary<Project>(items)};
  }
  Result<Description> operator()(const LogicalKeep& node) {
    return Description{"Keep", TextOfAll(node.slots), Unary<Keep>(node.slots)};
  }
  Result<Description> operator()(const LogicalAggregate& node) {
    std::vector<Aggregate::Key> keys;
    std::vector<std::string> texts;
    for (const BoundGroupingKey& key : node.keys) {
      TUPU_TRY_ASSIGN(ExpressionPtr compiled, Compile(key.expression));
      keys.emplace_back(key.slot, std::move(compiled));
      texts.push_back(Text(key.expression));
    }
    std::vector<AggregateCall> calls;
    std::vector<std::string> call_texts;
    for (const BoundAggregate& aggregate : node.aggregates) {
      TUPU_TRY_ASSIGN(AggregateCall call, CompileCall(aggregate));
      calls.push_back(std::move(call));
      call_texts.push_back(Text(aggregate));
    }
    return Description{
        "Aggregate",
        fmt::format("{}{}{}", fmt::join(texts, ", "), texts.empty() ? "" : ": ", fmt::join(call_texts, ", ")),
        Unary<Aggregate>(keys, calls, node.weight)};
  }
  Result<Description> operator()(const LogicalCountFromStatistics& node) {
    const CountSource source{node.slot, node.edges, node.name};
    return Description{"CountFromStatistics",
                       (node.edges ? "edges" : "vertices") + (node.name ? " :" + *node.name : ""),
                       [source](std::vector<OperatorPtr>, Arguments&) -> OperatorPtr {
                         return std::make_unique<CountFromStatisticsOperator>(source);
                       }};
  }
  Result<Description> operator()(const LogicalDistinct& node) {
    return Description{"Distinct", TextOfAll(node.slots), Unary<Distinct>(node.slots)};
  }
  Result<Description> operator()(const LogicalSort& node) {
    TUPU_TRY_ASSIGN(const std::vector<SortKey> keys, CompileSort(node.items));
    return Description{"Sort", Text(node.items), Unary<Sort>(keys)};
  }
  Result<Description> operator()(const LogicalTopK& node) {
    TUPU_TRY_ASSIGN(const std::vector<SortKey> keys, CompileSort(node.items));
    ExpressionPtr skip;
    if (node.skip) {
      TUPU_TRY_ASSIGN(skip, Compile(node.skip));
    }
    TUPU_TRY_ASSIGN(const ExpressionPtr limit, Compile(node.limit));
    return Description{"TopK", fmt::format("{} limit {}", Text(node.items), Text(node.limit)),
                       Unary<TopK>(keys, skip, limit)};
  }
  Result<Description> operator()(const LogicalSkip& node) {
    TUPU_TRY_ASSIGN(const ExpressionPtr count, Compile(node.count));
    return Description{"Skip", Text(node.count), Unary<Skip>(count)};
  }
  Result<Description> operator()(const LogicalLimit& node) {
    TUPU_TRY_ASSIGN(const ExpressionPtr count, Compile(node.count));
    return Description{"Limit", Text(node.count), Unary<Limit>(count)};
  }
  Result<Description> operator()(const LogicalCall& node) {
    TUPU_TRY_ASSIGN(const std::vector<ExpressionPtr> arguments, CompileAll(node.call->arguments));
    std::vector<ProcedureCall::Yield> yields;
    for (const BoundCall::Yield& yield : node.call->yields) yields.emplace_back(yield.output, yield.slot);
    return Description{"ProcedureCall", node.call->procedure->signature.name,
                       Unary<ProcedureCall>(node.call->procedure, node.call->registry, arguments, yields)};
  }

  Result<Description> operator()(const LogicalLoadCsv& node) {
    const BoundLoadCsv& load = *node.load;
    LoadCsv::Spec spec{nullptr, nullptr, load.with_headers, load.row, load.line, load.file};
    TUPU_TRY_ASSIGN(spec.source, Compile(load.source));
    if (load.delimiter) {
      TUPU_TRY_ASSIGN(spec.delimiter, Compile(load.delimiter));
    }
    return Description{"LoadCsv", fmt::format("{} AS {}", Text(load.source), Text(load.row)), Unary<LoadCsv>(spec)};
  }

  // ---- Writes

  Result<Description> operator()(const LogicalCreate& node) {
    std::vector<CreatePattern> parts(node.create->parts.size());
    std::set<Slot> bound = node.bound;
    for (size_t i = 0; i < parts.size(); ++i) TUPU_TRY(AddCreated(node.create->parts[i], bound, parts[i]));
    return Description{"Create", DescribeCreated(parts), Unary<Create>(parts)};
  }
  Result<Description> operator()(const LogicalMerge& node) {
    Merge::Spec spec;
    std::set<Slot> bound = node.bound;
    TUPU_TRY(AddCreated(node.merge->part, bound, spec.pattern));
    for (const CreateVertexItem& item : spec.pattern.vertices) spec.introduced.push_back(item.slot);
    for (const CreateEdgeItem& item : spec.pattern.edges) spec.introduced.push_back(item.slot);
    TUPU_TRY_ASSIGN(spec.on_create, CompileSet(node.merge->on_create));
    TUPU_TRY_ASSIGN(spec.on_match, CompileSet(node.merge->on_match));
    const size_t argument = node.argument;
    return Description{"Merge", DescribeCreated({spec.pattern}),
                       [spec, argument](std::vector<OperatorPtr> children, Arguments& arguments) -> OperatorPtr {
                         return std::make_unique<Merge>(std::move(children[0]), std::move(children[1]),
                                                        arguments.at(argument), spec);
                       }};
  }
  Result<Description> operator()(const LogicalSet& node) {
    TUPU_TRY_ASSIGN(const std::vector<SetItem> items, CompileSet(node.set->items));
    return Description{"Set", fmt::format("{} items", items.size()), Unary<SetItems>(items)};
  }
  Result<Description> operator()(const LogicalRemove& node) {
    std::vector<SetItem> items;
    for (const BoundRemoveItem& item : node.remove->items) {
      if (const auto* property = std::get_if<BoundRemoveProperty>(&item.node)) {
        TUPU_TRY_ASSIGN(ExpressionPtr target, Compile(property->target));
        TUPU_TRY_ASSIGN(ExpressionPtr key, CompileIfThere(property->computed_key));
        items.push_back(SetPropertyItem{std::move(target), property->key, std::move(key), nullptr});
      } else {
        const auto& labels = std::get<BoundRemoveLabels>(item.node);
        TUPU_TRY_ASSIGN(LabelsItem compiled, CompileLabels(labels, true));
        items.push_back(std::move(compiled));
      }
    }
    return Description{"Remove", fmt::format("{} items", items.size()), Unary<SetItems>(items)};
  }
  Result<Description> operator()(const LogicalDelete& node) {
    TUPU_TRY_ASSIGN(const std::vector<ExpressionPtr> targets, CompileAll(node.deletion->targets));
    std::vector<std::string> texts;
    for (const BoundExpressionPtr& target : node.deletion->targets) texts.push_back(Text(target));
    return Description{node.deletion->detach ? "DetachDelete" : "Delete", fmt::format("{}", fmt::join(texts, ", ")),
                       Unary<Delete>(targets, node.deletion->detach)};
  }
  Result<Description> operator()(const LogicalEager&) { return Description{"Eager", "", Unary<Eager>()}; }
  Result<Description> operator()(const LogicalEmptyResult&) {
    return Description{"EmptyResult", "", Unary<EmptyResult>()};
  }

 private:
  // ---- Expressions

  Result<ExpressionPtr> Compile(const BoundExpressionPtr& expression) {
    VisitExpressions(*expression, [this](const BoundExpression& each) { NoteProperty(each); });
    return CompileExpression(*expression, context_);
  }

  Result<ExpressionPtr> CompileIfThere(const BoundExpressionPtr& expression) {
    return expression ? Compile(expression) : Result<ExpressionPtr>(ExpressionPtr());
  }

  /// For EXPLAIN: a property of a variable that is known to be a vertex or an edge.
  void NoteProperty(const BoundExpression& expression) {
    const auto* property = expression.As<BoundProperty>();
    if (property == nullptr || !property->base->type.IsEntity()) return;
    PropertyReading reading{property->base->type.kind == StaticKind::kRelationship, property->key, {}};
    const auto* variable = property->base->As<BoundVariable>();
    if (const auto found = types_of_.find(variable ? variable->slot : Slot()); variable && found != types_of_.end()) {
      if (reading.of_edges) reading.types = found->second;
    }
    NoteReading(std::move(reading));
  }
  void NoteReading(PropertyReading reading) {
    if (std::find(properties_.begin(), properties_.end(), reading) == properties_.end())
      properties_.push_back(std::move(reading));
  }

  Result<std::vector<ExpressionPtr>> CompileAll(const std::vector<BoundExpressionPtr>& expressions) {
    std::vector<ExpressionPtr> compiled;
    for (const BoundExpressionPtr& expression : expressions) {
      TUPU_TRY_ASSIGN(ExpressionPtr each, Compile(expression));
      compiled.push_back(std::move(each));
    }
    return compiled;
  }

  Result<std::vector<SortKey>> CompileSort(const std::vector<BoundSortItem>& items) {
    std::vector<SortKey> keys;
    for (const BoundSortItem& item : items) {
      TUPU_TRY_ASSIGN(ExpressionPtr each, Compile(item.expression));
      keys.push_back({std::move(each), item.ascending});
    }
    return keys;
  }

  Result<AggregateCall> CompileCall(const BoundAggregate& aggregate) {
    AggregateCall call{aggregate.slot, aggregate.function, aggregate.distinct, {}};
    TUPU_TRY_ASSIGN(call.arguments, CompileAll(aggregate.arguments));
    return call;
  }

  Result<std::vector<EdgePropertyTest>> TestsOf(const PatternEdge& edge) {
    std::vector<EdgePropertyTest> tests;
    for (const auto& [key, value] : edge.properties) {
      TUPU_TRY_ASSIGN(ExpressionPtr compiled, Compile(value));
      tests.push_back({PropertyKeyName(key), std::move(compiled)});
      NoteReading({true, key, edge.types});
    }
    return tests;
  }

  static std::vector<EdgeTypeName> TypesOf(const PatternEdge& edge) {
    std::vector<EdgeTypeName> types;
    for (const std::string& type : edge.types) types.emplace_back(type);
    return types;
  }

  Result<Description> DescribeVarLength(const LogicalExpand& node, std::string details) {
    VarLengthStep step;
    step.from = node.edge.left;
    step.edges = node.edge.slot;
    step.to = node.edge.right;
    step.to_bound = node.right_bound;
    step.emit_edges = node.emit_edges;
    step.reversed = node.reversed;
    step.direction = node.edge.direction;
    step.types = TypesOf(node.edge);
    TUPU_TRY_ASSIGN(step.properties, TestsOf(node.edge));
    step.min = node.edge.length->min;
    step.max = node.edge.length->max;
    step.different_from = node.different_from;
    if (node.edge_known) return Description{"FollowEdgeList", std::move(details), Unary<FollowEdgeList>(step)};
    if (node.distinct_ends)
      return Description{"ReachExpand", std::move(details), Unary<ReachExpand>(step),
                         AdjacencyReading{node.edge.direction, node.edge.types}};
    return Description{node.right_bound ? "VarLengthExpandInto" : "VarLengthExpand", std::move(details),
                       Unary<VarLengthExpand>(step), AdjacencyReading{node.edge.direction, node.edge.types}};
  }

  // ---- Writes

  Result<PropertyWrites> CompileWrites(const BoundProperties& properties, const BoundExpressionPtr& map) {
    PropertyWrites writes;
    for (const auto& [key, value] : properties) {
      TUPU_TRY_ASSIGN(ExpressionPtr compiled, Compile(value));
      writes.entries.emplace_back(key, std::move(compiled));
    }
    if (map) {
      TUPU_TRY_ASSIGN(writes.map, Compile(map));
    }
    return writes;
  }

  Status AddCreated(const BoundPatternPart& part, std::set<Slot>& bound, CreatePattern& pattern) {
    for (const BoundNodePattern& node : part.nodes) {
      if (!bound.insert(node.slot).second) continue;
      TUPU_TRY_ASSIGN(PropertyWrites writes, CompileWrites(node.properties, node.properties_map));
      pattern.vertices.push_back({node.slot, node.labels, std::move(writes)});
    }
    for (size_t i = 0; i < part.relationships.size(); ++i) {
      const BoundRelationshipPattern& relationship = part.relationships[i];
      if (!bound.insert(relationship.slot).second) continue;
      TUPU_TRY_ASSIGN(PropertyWrites writes, CompileWrites(relationship.properties, relationship.properties_map));
      const Slot left = part.nodes[i].slot;
      const Slot right = part.nodes[i + 1].slot;
      const bool backwards = relationship.direction == Direction::kIn;
      pattern.edges.push_back({relationship.slot, backwards ? right : left, backwards ? left : right,
                               relationship.types.front(), std::move(writes)});
    }
    return {};
  }

  /// Of BoundSetLabels and BoundRemoveLabels.
  template <class Labels>
  Result<LabelsItem> CompileLabels(const Labels& from, bool remove) {
    LabelsItem item{nullptr, {from.labels.names, {}}, remove};
    TUPU_TRY_ASSIGN(item.target, Compile(from.target));
    TUPU_TRY_ASSIGN(item.labels.computed, CompileAll(from.labels.computed));
    return item;
  }

  Result<std::vector<SetItem>> CompileSet(const std::vector<BoundSetItem>& items) {
    std::vector<SetItem> compiled;
    for (const BoundSetItem& item : items) {
      if (const auto* property = std::get_if<BoundSetProperty>(&item.node)) {
        TUPU_TRY_ASSIGN(ExpressionPtr target, Compile(property->target));
        TUPU_TRY_ASSIGN(ExpressionPtr key, CompileIfThere(property->computed_key));
        TUPU_TRY_ASSIGN(ExpressionPtr value, Compile(property->value));
        compiled.emplace_back(std::in_place_type<SetPropertyItem>, std::move(target), property->key, std::move(key),
                              std::move(value));
      } else if (const auto* properties = std::get_if<BoundSetProperties>(&item.node)) {
        TUPU_TRY_ASSIGN(ExpressionPtr target, Compile(properties->target));
        TUPU_TRY_ASSIGN(ExpressionPtr value, Compile(properties->value));
        compiled.emplace_back(std::in_place_type<SetPropertiesItem>, std::move(target), properties->replace,
                              std::move(value));
      } else {
        const auto& labels = std::get<BoundSetLabels>(item.node);
        TUPU_TRY_ASSIGN(LabelsItem set, CompileLabels(labels, false));
        compiled.push_back(std::move(set));
      }
    }
    return compiled;
  }

  // ---- Index seeks

  Result<IndexSeekTerms> CompileSeek(const IndexSeek& seek) {
    IndexSeekTerms terms;
    terms.index = seek.index;
    for (const IndexSeek::Term& term : seek.equal) {
      TUPU_TRY_ASSIGN(ExpressionPtr value, Compile(term.value));
      terms.equal.push_back({std::move(value), term.in_list});
    }
    if (seek.lower) {
      TUPU_TRY_ASSIGN(ExpressionPtr value, Compile(seek.lower->value));
      terms.lower = IndexSeekTerms::Bound{std::move(value), seek.lower->inclusive};
    }
    if (seek.upper) {
      TUPU_TRY_ASSIGN(ExpressionPtr value, Compile(seek.upper->value));
      terms.upper = IndexSeekTerms::Bound{std::move(value), seek.upper->inclusive};
    }
    if (seek.prefix) {
      TUPU_TRY_ASSIGN(terms.prefix, Compile(seek.prefix));
    }
    return terms;
  }

  /// "Firm(code = 'x', size >= 3) index firm_code"
  std::string Text(const IndexSeek& seek) const {
    std::vector<std::string> parts;
    size_t at = 0;
    for (const IndexSeek::Term& term : seek.equal)
      parts.push_back(fmt::format("{} {} {}", seek.properties[at++], term.in_list ? "IN" : "=", Text(term.value)));
    if (seek.lower)
      parts.push_back(
          fmt::format("{} {} {}", seek.properties[at], seek.lower->inclusive ? ">=" : ">", Text(seek.lower->value)));
    if (seek.upper)
      parts.push_back(
          fmt::format("{} {} {}", seek.properties[at], seek.upper->inclusive ? "<=" : "<", Text(seek.upper->value)));
    if (seek.prefix) parts.push_back(fmt::format("{} STARTS WITH {}", seek.properties[at], Text(seek.prefix)));
    if (parts.empty()) parts.push_back(seek.properties[0] + " IS NOT NULL");
    return fmt::format("{}({}) index {}", seek.schema, fmt::join(parts, ", "), seek.name);
  }

  // ---- Text

  std::string Text(const BoundExpressionPtr& expression) const { return Describe(*expression, context_.slots); }
  std::string Text(Slot slot) const { return DescribeSlot(slot, context_.slots); }

  std::string Text(const std::vector<BoundSortItem>& items) const {
    std::vector<std::string> texts;
    for (const BoundSortItem& item : items) texts.push_back(Text(item.expression) + (item.ascending ? "" : " DESC"));
    return fmt::format("{}", fmt::join(texts, ", "));
  }

  std::string Text(const BoundAggregate& aggregate) const {
    std::vector<std::string> arguments;
    for (const BoundExpressionPtr& argument : aggregate.arguments) arguments.push_back(Text(argument));
    return fmt::format("{}({}{})", aggregate.name, aggregate.distinct ? "DISTINCT " : "",
                       aggregate.star ? "*" : fmt::format("{}", fmt::join(arguments, ", ")));
  }

  std::string TextOfAll(const std::vector<Slot>& slots) const {
    std::vector<std::string> texts;
    for (const Slot slot : slots) texts.push_back(Text(slot));
    return fmt::format("{}", fmt::join(texts, ", "));
  }

  std::string DescribeEdge(const PatternEdge& edge) const {
    std::string length;
    if (edge.length)
      length = fmt::format("*{}..{}", edge.length->min, edge.length->max ? std::to_string(*edge.length->max) : "");
    const std::string types = edge.types.empty() ? "" : fmt::format(":{}", fmt::join(edge.types, "|"));
    const bool named = edge.slot < context_.slots.size() && !context_.slots[edge.slot].name.empty();
    return fmt::format("({}){}[{}{}{}]{}({})", Text(edge.left), edge.direction == Direction::kIn ? "<-" : "-",
                       named ? Text(edge.slot) : "", types, length, edge.direction == Direction::kOut ? "->" : "-",
                       Text(edge.right));
  }

  static std::string DescribeCreated(const std::vector<CreatePattern>& parts) {
    size_t vertices = 0;
    size_t edges = 0;
    for (const CreatePattern& part : parts) {
      vertices += part.vertices.size();
      edges += part.edges.size();
    }
    return fmt::format("{} vertices, {} edges", vertices, edges);
  }

  PlannerContext& context_;
  std::vector<PropertyReading> properties_;            // of the operator at hand
  std::map<Slot, std::vector<std::string>> types_of_;  // of edges that operators below bind; empty: any
};

}  // namespace

Result<PhysicalPlan> BuildPhysicalPlan(const LogicalOperator& plan, PlannerContext& context) {
  return PhysicalBuilder(context).Build(plan);
}

OperatorPtr Instantiate(const PhysicalOperator& plan, Arguments& arguments) {
  std::vector<OperatorPtr> children;
  for (const PhysicalPlan& child : plan.children) children.push_back(Instantiate(*child, arguments));
  OperatorPtr made = plan.make(std::move(children), arguments);
  if (plan.live) made->SetLiveSlots(*plan.live);
  return made;
}

}  // namespace tupu
