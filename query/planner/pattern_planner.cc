#include "query/planner/pattern_planner.h"

#include <algorithm>
#include <limits>

#include "query/planner/bound_expressions.h"
#include "storage/ontology/ontology.h"

namespace tupu {

namespace {

/// Predicates that are cheap to test go first.
int ExpenseOf(const BoundExpression& expression) {
  int expense = expression.As<BoundLabelTest>() ? 0 : expression.As<BoundComparison>() ? 1 : 2;
  VisitExpressions(expression, [&](const BoundExpression& each) {
    if (each.As<BoundPatternExpression>() || each.As<BoundSubqueryExpression>()) expense = 3;
  });
  return expense;
}

void Wrap(LogicalPlan* plan, LogicalOperator::Node node, double rows) {
  if (plan == nullptr) return;
  *plan = MakePlan(std::move(node), std::move(*plan));
  (*plan)->rows = rows;
}

bool MayShareAnEdge(const PatternEdge& a, const PatternEdge& b) {
  if (a.types.empty() || b.types.empty()) return true;
  return std::any_of(a.types.begin(), a.types.end(), [&](const std::string& type) {
    return std::find(b.types.begin(), b.types.end(), type) != b.types.end();
  });
}

}  // namespace

PatternPlanner::PatternPlanner(PatternGraph graph, std::set<Slot> bound, PlannerContext& context)
    : graph_(std::move(graph)), initially_bound_(std::move(bound)), context_(context), statistics_(context.view) {
  known_ = graph_.Slots();
  known_.insert(initially_bound_.begin(), initially_bound_.end());
  for (const BoundExpressionPtr& expression : graph_.predicates)
    predicates_.push_back({expression, KnownSlotsOf(*expression), ExpenseOf(*expression)});
  std::stable_sort(predicates_.begin(), predicates_.end(),
                   [](const Predicate& a, const Predicate& b) { return a.expense < b.expense; });
}

std::set<Slot> PatternPlanner::KnownSlotsOf(const BoundExpression& expression) const {
  std::set<Slot> slots;
  for (const Slot slot : SlotsOf(expression))
    if (known_.contains(slot)) slots.insert(slot);
  return slots;
}

bool PatternPlanner::Covers(const Progress& progress, const std::set<Slot>& slots) const {
  return std::includes(progress.bound.begin(), progress.bound.end(), slots.begin(), slots.end());
}

LogicalPlan PatternPlanner::Plan(LogicalPlan input) {
  Progress progress;
  progress.bound = initially_bound_;
  progress.edges_done.assign(graph_.edges.size(), false);
  progress.predicates_done.assign(predicates_.size(), false);
  progress.paths_done.assign(graph_.paths.size(), false);
  LogicalPlan plan = std::move(input);
  ApplyReady(progress, &plan);
  ExtendConnected(progress, &plan);
  const auto open = [&] {
    return std::any_of(graph_.nodes.begin(), graph_.nodes.end(),
                       [&](Slot node) { return !progress.bound.contains(node); });
  };
  while (open()) StartComponent(progress, plan);
  ApplyPredicates(progress, &plan);
  AddShortestPaths(progress, plan);
  return plan;
}

// ---- Steps ----------------------------------------------------------------------------------------------------------

void PatternPlanner::ApplyPaths(Progress& progress, LogicalPlan* plan) const {
  for (size_t i = 0; i < graph_.paths.size(); ++i) {
    const PatternPath& path = graph_.paths[i];
    std::set<Slot> needed(path.edges.begin(), path.edges.end());
    needed.insert(path.start);
    // An edge list that is not built is bound all the same; but then no path reads it.
    if (progress.paths_done[i] || !Covers(progress, needed)) continue;
    progress.paths_done[i] = true;
    progress.bound.insert(path.path);
    Wrap(plan, LogicalPath{path}, progress.rows);
  }
}

void PatternPlanner::ApplyReady(Progress& progress, LogicalPlan* plan) const {
  ApplyPaths(progress, plan);
  if (Allows("EarlyFilter")) ApplyPredicates(progress, plan);
}

void PatternPlanner::ApplyPredicates(Progress& progress, LogicalPlan* plan) const {
  for (size_t i = 0; i < predicates_.size(); ++i) {
    if (progress.predicates_done[i] || !Covers(progress, predicates_[i].slots)) continue;
    progress.predicates_done[i] = true;
    if (!progress.implied.contains(i)) progress.rows *= SelectivityOf(*predicates_[i].expression, progress, nullptr);
    Wrap(plan, LogicalFilter{predicates_[i].expression}, progress.rows);
  }
}

LogicalExpand PatternPlanner::MakeExpand(const PatternEdge& edge, const Progress& progress) const {
  LogicalExpand expand;
  expand.edge = edge;
  expand.edge_known = progress.bound.contains(edge.slot);
  expand.left_bound = progress.bound.contains(edge.left);
  expand.right_bound = progress.bound.contains(edge.right);
  const bool both = expand.left_bound && expand.right_bound;
  // From the bound end; if both are bound, from where fewer edges are to be seen.
  const bool reverse = both ? !expand.edge_known && edge.length && Allows("EstimatedOrder") &&
                                  statistics_.Fanout(edge, LabelOf(edge.left), true) >
                                      statistics_.Fanout(edge, LabelOf(edge.right), false)
                            : expand.right_bound;
  if (reverse) {
    std::swap(expand.edge.left, expand.edge.right);
    std::swap(expand.left_bound, expand.right_bound);
    expand.edge.direction = Reverse(edge.direction);
    expand.reversed = true;
  }
  for (const PatternEdge& other : graph_.edges) {
    const bool taken =
        std::find(progress.edge_slots.begin(), progress.edge_slots.end(), other.slot) != progress.edge_slots.end();
    if (taken && other.slot != edge.slot && MayShareAnEdge(edge, other)) expand.different_from.push_back(other.slot);
  }
  expand.emit_edges = graph_.edges.size() > 1 || context_.read_slots.contains(edge.slot);
  return expand;
}

void PatternPlanner::TakeEdge(size_t index, Progress& progress, LogicalPlan* plan) const {
  const PatternEdge& edge = graph_.edges[index];
  const double rows = RowsAfter(edge, progress);
  if (plan != nullptr) Wrap(plan, MakeExpand(edge, progress), rows);
  progress.rows = rows;
  progress.cost += rows;
  progress.edges_done[index] = true;
  progress.edge_slots.push_back(edge.slot);
  progress.bound.insert(edge.slot);
  progress.bound.insert(edge.left);
  progress.bound.insert(edge.right);
  ApplyReady(progress, plan);
}

void PatternPlanner::ExtendConnected(Progress& progress, LogicalPlan* plan) const {
  while (const std::optional<size_t> edge = BestEdge(progress)) TakeEdge(*edge, progress, plan);
}

void PatternPlanner::StartAt(const AccessPath& access, Progress& progress, LogicalPlan* plan) const {
  progress.rows *= access.rows;
  progress.cost += progress.rows;
  switch (access.kind) {
    case AccessPath::Kind::kScan:
    case AccessPath::Kind::kLabel: Wrap(plan, LogicalNodeScan{access.slot, access.label}, progress.rows); break;
    case AccessPath::Kind::kName:
      Wrap(plan, LogicalNodeByName{access.slot, access.label, access.key}, progress.rows);
      break;
    case AccessPath::Kind::kId: Wrap(plan, LogicalNodeById{access.slot, access.key}, progress.rows); break;
    case AccessPath::Kind::kDeclaredKey: Wrap(plan, *access.declared_key, progress.rows); break;
    case AccessPath::Kind::kIndex:
      Wrap(plan, LogicalNodeIndexSeek{access.slot, access.index->seek}, progress.rows);
      break;
    case AccessPath::Kind::kEdgeIndex: StartAtEdge(access, progress, plan); break;
  }
  progress.implied.insert(access.implied.begin(), access.implied.end());
  if (access.satisfied) progress.predicates_done[*access.satisfied] = true;
  progress.bound.insert(access.slot);
  ApplyReady(progress, plan);
  ExtendConnected(progress, plan);
}

void PatternPlanner::StartAtEdge(const AccessPath& access, Progress& progress, LogicalPlan* plan) const {
  const PatternEdge& edge = graph_.edges[access.edge];
  Wrap(plan, LogicalEdgeIndexSeek{edge, access.index->seek}, progress.rows);
  std::vector<Slot> others;
  for (const PatternEdge& other : graph_.edges) {
    const bool taken =
        std::find(progress.edge_slots.begin(), progress.edge_slots.end(), other.slot) != progress.edge_slots.end();
    if (taken && MayShareAnEdge(edge, other)) others.push_back(other.slot);
  }
  if (!others.empty()) Wrap(plan, LogicalEdgesDiffer{std::move(others), {edge.slot}}, progress.rows);
  progress.edges_done[access.edge] = true;
  progress.edge_slots.push_back(edge.slot);
  progress.bound.insert(edge.left);
  progress.bound.insert(edge.right);
}

void PatternPlanner::StartComponent(Progress& progress, LogicalPlan& plan) const {
  std::vector<Slot> open;
  for (const Slot node : graph_.nodes)
    if (!progress.bound.contains(node)) open.push_back(node);
  const AccessPath access = BestStart(progress, open);
  // A seek may use the rows before, and costs little for each of them. Anything else is done once and joined.
  if (access.IsSeek() || plan->As<LogicalSingleRow>() || !Allows("Join")) return StartAt(access, progress, &plan);
  Progress own;
  own.edges_done = progress.edges_done;
  own.predicates_done = progress.predicates_done;
  own.paths_done = progress.paths_done;
  LogicalPlan own_plan = MakePlan(LogicalSingleRow{});
  StartAt(access, own, &own_plan);
  Join(progress, plan, std::move(own), std::move(own_plan));
}

void PatternPlanner::Join(Progress& left, LogicalPlan& left_plan, Progress right, LogicalPlan right_plan) const {
  LogicalHashJoin keys;
  std::vector<size_t> used;
  for (size_t i = 0; i < predicates_.size(); ++i) {
    const auto* comparison = predicates_[i].expression->As<BoundComparison>();
    const bool open = !left.predicates_done[i] && !right.predicates_done[i];
    if (!open || comparison == nullptr || comparison->operators.size() != 1 ||
        comparison->operators[0] != BoundComparisonOperator::kEqual)
      continue;
    std::set<Slot> a = KnownSlotsOf(*comparison->operands[0]);
    std::set<Slot> b = KnownSlotsOf(*comparison->operands[1]);
    const bool swapped = Covers(right, a) && Covers(left, b);
    if (a.empty() || b.empty() || (!swapped && !(Covers(left, a) && Covers(right, b)))) continue;
    keys.left_keys.push_back(comparison->operands[swapped ? 1 : 0]);
    keys.right_keys.push_back(comparison->operands[swapped ? 0 : 1]);
    used.push_back(i);
  }
  left.rows *= right.rows;
  left.cost += right.cost + left.rows;
  for (const size_t i : used) left.rows *= statistics_.Selectivity(*predicates_[i].expression);
  left_plan = keys.left_keys.empty() ? MakePlan(LogicalCartesianProduct{}, std::move(left_plan), std::move(right_plan))
                                     : MakePlan(std::move(keys), std::move(left_plan), std::move(right_plan));
  left_plan->rows = left.rows;
  if (!left.edge_slots.empty() && !right.edge_slots.empty())
    Wrap(&left_plan, LogicalEdgesDiffer{left.edge_slots, right.edge_slots}, left.rows);
  left.bound.insert(right.bound.begin(), right.bound.end());
  left.edge_slots.insert(left.edge_slots.end(), right.edge_slots.begin(), right.edge_slots.end());
  left.edges_done = right.edges_done;  // it began as a copy
  left.paths_done = right.paths_done;
  left.predicates_done = right.predicates_done;
  for (const size_t i : used) left.predicates_done[i] = true;
  ApplyReady(left, &left_plan);
  ExtendConnected(left, &left_plan);
}

void PatternPlanner::AddShortestPaths(Progress& progress, LogicalPlan& plan) const {
  for (const PatternShortestPath& shortest : graph_.shortest_paths) {
    LogicalShortestPath search{shortest, {}};
    progress.bound.insert(shortest.edge.slot);
    if (shortest.path) progress.bound.insert(*shortest.path);
    for (size_t i = 0; i < predicates_.size(); ++i) {
      if (progress.predicates_done[i] || !Covers(progress, predicates_[i].slots)) continue;
      progress.predicates_done[i] = true;
      search.predicates.push_back(predicates_[i].expression);
    }
    Wrap(&plan, std::move(search), progress.rows);
  }
  ApplyPaths(progress, &plan);
  ApplyPredicates(progress, &plan);
}

// ---- Choices --------------------------------------------------------------------------------------------------------

std::optional<std::string> PatternPlanner::LabelOf(Slot node) const {
  std::optional<std::string> best;
  for (const Predicate& predicate : predicates_) {
    const std::string* label = LabelTestedOn(*predicate.expression, node);
    if (label == nullptr) continue;
    if (!best || statistics_.VerticesWith(*label) < statistics_.VerticesWith(*best)) best = *label;
  }
  return best;
}

bool PatternPlanner::CanTake(const PatternEdge& edge, const Progress& progress) const {
  // An edge of the rows before is not at hand in a plan that stands beside them: it joins the two.
  if (initially_bound_.contains(edge.slot) && !progress.bound.contains(edge.slot)) return false;
  const bool end = progress.bound.contains(edge.left) || progress.bound.contains(edge.right);
  if (!end && (edge.length || !progress.bound.contains(edge.slot))) return false;
  for (const auto& [key, value] : edge.properties)
    if (!Covers(progress, KnownSlotsOf(*value))) return false;
  return true;
}

double PatternPlanner::RowsAfter(const PatternEdge& edge, const Progress& progress) const {
  if (progress.bound.contains(edge.slot)) return progress.rows;
  const bool left = progress.bound.contains(edge.left);
  const bool right = progress.bound.contains(edge.right);
  const double fanout = statistics_.Fanout(edge, LabelOf(left ? edge.left : edge.right), left);
  if (!left || !right) return progress.rows * fanout;
  return progress.rows * fanout / std::max(1.0, statistics_.Vertices());
}

std::optional<size_t> PatternPlanner::FirstEdge(const Progress& progress) const {
  for (size_t i = 0; i < graph_.edges.size(); ++i)
    if (!progress.edges_done[i] && CanTake(graph_.edges[i], progress)) return i;
  return std::nullopt;
}

/// A label at the end of a step is not as rare as the label is: types lead to certain labels. `next`: a step that is thought
/// of; null: none.
double PatternPlanner::SelectivityOf(const BoundExpression& predicate, const Progress& progress,
                                     const PatternEdge* next) const {
  const auto* test = predicate.As<BoundLabelTest>();
  const auto* variable = test == nullptr ? nullptr : test->base->As<BoundVariable>();
  if (variable == nullptr || !test->labels.IsName()) return statistics_.Selectivity(predicate);
  const auto leads_to = [&](const PatternEdge& edge) {
    return edge.left == variable->slot || edge.right == variable->slot;
  };
  const PatternEdge* edge = next != nullptr && leads_to(*next) ? next : nullptr;
  for (size_t i = 0; i < graph_.edges.size() && edge == nullptr; ++i)
    if (progress.edges_done[i] && leads_to(graph_.edges[i])) edge = &graph_.edges[i];
  if (edge == nullptr) return statistics_.Selectivity(predicate);
  return statistics_.ShareOfEnds(*edge, test->labels.name, edge->left == variable->slot);
}

std::optional<size_t> PatternPlanner::BestEdge(const Progress& progress) const {
  if (!Allows("EstimatedOrder")) return FirstEdge(progress);
  std::optional<size_t> best;
  double best_rows = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < graph_.edges.size(); ++i) {
    if (progress.edges_done[i] || !CanTake(graph_.edges[i], progress)) continue;
    double rows = RowsAfter(graph_.edges[i], progress);
    // What filters will take away right after the step counts too.
    for (const Slot end : {graph_.edges[i].left, graph_.edges[i].right}) {
      if (progress.bound.contains(end)) continue;
      for (size_t p = 0; p < predicates_.size(); ++p)
        if (!progress.predicates_done[p] && predicates_[p].slots.size() == 1 && predicates_[p].slots.contains(end))
          rows *= SelectivityOf(*predicates_[p].expression, progress, &graph_.edges[i]);
    }
    if (best && rows >= best_rows) continue;
    best = i;
    best_rows = rows;
  }
  return best;
}

namespace {

/// If `expression` is `slot`.key, its key.
const std::string* PropertyOfSlot(const BoundExpression& expression, Slot slot) {
  const auto* property = expression.As<BoundProperty>();
  const auto* variable = property == nullptr ? nullptr : property->base->As<BoundVariable>();
  return variable != nullptr && variable->slot == slot ? &property->key : nullptr;
}

bool IsIdOfSlot(const BoundExpression& expression, Slot slot) {
  const auto* call = expression.As<BoundFunctionCall>();
  if (call == nullptr || call->name != "id" || call->arguments.size() != 1) return false;
  const auto* variable = call->arguments[0]->As<BoundVariable>();
  return variable != nullptr && variable->slot == slot;
}

}  // namespace

void PatternPlanner::ConsiderPredicate(size_t index, Slot node, const Progress& progress, AccessPath& best) const {
  const BoundExpression& expression = *predicates_[index].expression;
  const auto usable = [&](const BoundExpressionPtr& key) {
    const std::set<Slot> slots = KnownSlotsOf(*key);
    return !slots.contains(node) && Covers(progress, slots);
  };
  const auto seek = [&](AccessPath::Kind kind, const BoundExpressionPtr& key) {
    if (best.IsSeek() || !Allows("Seek") || !usable(key)) return;
    best = {kind, node, LabelOf(node), key, std::nullopt, 1};
  };
  if (expression.As<BoundLabelTest>()) {
    const std::string* label = LabelTestedOn(expression, node);
    if (best.IsSeek() || label == nullptr || !Allows("LabelScan")) return;
    const double rows = statistics_.VerticesWith(*label);
    if (best.kind == AccessPath::Kind::kLabel && rows >= best.rows) return;
    best = {AccessPath::Kind::kLabel, node, *label, nullptr, index, rows};
    return;
  }
  const auto* binary = expression.As<BoundBinary>();
  if (binary != nullptr && binary->op == BoundBinaryOperator::kIn && IsIdOfSlot(*binary->left, node))
    return seek(AccessPath::Kind::kId, binary->right);
  const auto* comparison = expression.As<BoundComparison>();
  if (comparison == nullptr || comparison->operators.size() != 1) return;
  if (comparison->operators[0] != BoundComparisonOperator::kEqual) return;
  for (const size_t side : {size_t{0}, size_t{1}}) {
    const BoundExpressionPtr& key = comparison->operands[1 - side];
    if (IsIdOfSlot(*comparison->operands[side], node)) seek(AccessPath::Kind::kId, key);
    const std::string* property = PropertyOfSlot(*comparison->operands[side], node);
    if (property != nullptr && *property == "name") seek(AccessPath::Kind::kName, key);
  }
}

AccessPath PatternPlanner::BestAccess(Slot node, const Progress& progress) const {
  AccessPath best{AccessPath::Kind::kScan, node, std::nullopt, nullptr, std::nullopt, statistics_.Vertices()};
  for (size_t i = 0; i < predicates_.size(); ++i)
    if (!progress.predicates_done[i]) ConsiderPredicate(i, node, progress, best);
  if (!Allows("Seek")) return best;
  ConsiderDeclaredKeys(node, progress, best);
  ConsiderIndexes(node, progress, best);
  return best;
}

std::vector<PropertyCondition> PatternPlanner::ConditionsOn(Slot slot, const Progress& progress) const {
  std::vector<PropertyCondition> conditions;
  const auto usable = [&](const BoundExpressionPtr& value) {
    const std::set<Slot> slots = KnownSlotsOf(*value);
    return !slots.contains(slot) && Covers(progress, slots);
  };
  for (size_t i = 0; i < predicates_.size(); ++i)
    if (!progress.predicates_done[i]) AppendConditions(*predicates_[i].expression, i, slot, usable, conditions);
  return conditions;
}

bool PatternPlanner::IsCorrelated(const IndexSeek& seek) const {
  const auto reads_row = [&](const BoundExpressionPtr& value) { return value && !KnownSlotsOf(*value).empty(); };
  return reads_row(seek.prefix) || (seek.lower && reads_row(seek.lower->value)) ||
         (seek.upper && reads_row(seek.upper->value)) ||
         std::any_of(seek.equal.begin(), seek.equal.end(),
                     [&](const IndexSeek::Term& term) { return reads_row(term.value); });
}

std::vector<std::string> PatternPlanner::LabelsOf(Slot node) const {
  std::vector<std::string> labels;
  for (const Predicate& predicate : predicates_) {
    if (const std::string* label = LabelTestedOn(*predicate.expression, node)) labels.push_back(*label);
  }
  return labels;
}

void PatternPlanner::ConsiderDeclaredKeys(Slot node, const Progress& progress, AccessPath& best) const {
  const Ontology& ontology = context_.view.ontology();
  if (best.IsSeek() || ontology.empty()) return;
  const std::vector<std::string> labels = LabelsOf(node);
  const std::vector<PropertyCondition> conditions = ConditionsOn(node, progress);
  for (const auto& [key_label, rule] : ontology.labels()) {
    const auto below = [&, &name = key_label](const std::string& label) {
      return label == name || ontology.IsA(label, name);
    };
    const auto label = std::find_if(labels.begin(), labels.end(), below);
    if (rule.key.empty() || label == labels.end()) continue;
    LogicalNodeByKey seek{node, *label, key_label, rule.key, {}};
    std::vector<size_t> implied;
    for (const std::string& property : rule.key) {
      const auto equal = std::find_if(conditions.begin(), conditions.end(), [&](const PropertyCondition& each) {
        return each.kind == PropertyCondition::Kind::kEqual && each.key == property;
      });
      if (equal == conditions.end()) continue;
      seek.values.push_back(equal->value);
      implied.push_back(equal->predicate);
    }
    if (seek.values.size() != rule.key.size()) continue;
    for (size_t i = 0; i < predicates_.size(); ++i) {
      const std::string* tested = LabelTestedOn(*predicates_[i].expression, node);
      if (tested != nullptr && *tested == *label) implied.push_back(i);
    }
    best = {AccessPath::Kind::kDeclaredKey, node, *label, nullptr, std::nullopt, 1};
    best.declared_key = std::move(seek);
    best.implied = std::move(implied);
    return;
  }
}

void PatternPlanner::ConsiderIndexes(Slot node, const Progress& progress, AccessPath& best) const {
  if (best.kind == AccessPath::Kind::kId || best.kind == AccessPath::Kind::kDeclaredKey) return;
  const std::vector<std::string> labels = LabelsOf(node);
  std::optional<size_t> label_predicate;
  if (labels.empty()) return;
  std::optional<IndexAccess> index =
      BestIndex(context_.view, EntityKind::kVertex, labels, ConditionsOn(node, progress));
  // Beyond some share of the label, a scan and a look at each vertex is no dearer than the index.
  if (!index || index->rows > (best.IsSeek() ? best.rows : 0.7 * best.rows)) return;
  const bool correlated = IsCorrelated(index->seek);
  const double label_rows = statistics_.VerticesWith(index->seek.schema);
  if (correlated && progress.rows > 1 + label_rows) return;  // a hash join reads the label once
  for (size_t i = 0; i < predicates_.size(); ++i) {
    const std::string* label = LabelTestedOn(*predicates_[i].expression, node);
    if (label != nullptr && *label == index->seek.schema && !progress.predicates_done[i]) label_predicate = i;
  }
  best = {AccessPath::Kind::kIndex, node, index->seek.schema, nullptr, label_predicate, index->rows};
  best.correlated = correlated;
  best.implied = index->implied;
  best.index = std::move(index);
}

std::optional<AccessPath> PatternPlanner::EdgeAccess(size_t number, const Progress& progress) const {
  const PatternEdge& edge = graph_.edges[number];
  const bool open = !progress.edges_done[number] && !progress.bound.contains(edge.slot) &&
                    !progress.bound.contains(edge.left) && !progress.bound.contains(edge.right);
  if (!open || edge.length || edge.types.size() != 1 || edge.left == edge.right) return std::nullopt;
  std::optional<IndexAccess> index =
      BestIndex(context_.view, EntityKind::kEdge, edge.types, ConditionsOn(edge.slot, progress));
  if (!index) return std::nullopt;
  if (edge.direction == Direction::kBoth) index->rows *= 2;
  AccessPath access{AccessPath::Kind::kEdgeIndex, edge.slot, std::nullopt, nullptr, std::nullopt, index->rows};
  access.edge = number;
  access.correlated = IsCorrelated(index->seek);
  access.implied = index->implied;
  access.index = std::move(index);
  return access;
}

AccessPath PatternPlanner::BestStart(const Progress& progress, const std::vector<Slot>& open) const {
  if (!Allows("EstimatedOrder")) return BestAccess(open[0], progress);
  std::vector<AccessPath> starts;
  for (const Slot node : open) starts.push_back(BestAccess(node, progress));
  for (size_t edge = 0; edge < graph_.edges.size(); ++edge)
    if (std::optional<AccessPath> access = Allows("Seek") ? EdgeAccess(edge, progress) : std::nullopt)
      starts.push_back(std::move(*access));
  std::stable_sort(starts.begin(), starts.end(),
                   [](const AccessPath& a, const AccessPath& b) { return a.rows < b.rows; });
  constexpr size_t kTried = 12;  // of a pattern with more vertices, those that are cheapest to find
  if (starts.size() > kTried) starts.resize(kTried);
  const AccessPath* best = nullptr;
  double best_cost = std::numeric_limits<double>::infinity();
  for (const AccessPath& start : starts) {
    Progress attempt = progress;
    attempt.rows = 1;
    attempt.cost = 0;
    StartAt(start, attempt, nullptr);
    // An order that leaves less of the pattern to be joined later wins over one that is cheap because it is short.
    const double left = static_cast<double>(std::count(attempt.edges_done.begin(), attempt.edges_done.end(), false));
    const double cost = attempt.cost + left * 1e6;
    if (best != nullptr && cost >= best_cost) continue;
    best = &start;
    best_cost = cost;
  }
  return *best;
}

}  // namespace tupu
