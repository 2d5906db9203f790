// Patterns: element by element, every way to lay them.

#include <algorithm>

#include "query/interpreter/interpreter.h"
#include "query/value/compare.h"
#include "storage/catalog/catalog.h"

namespace tupu {

namespace {

bool IsShortest(const BoundPatternPart& part) {
  return part.selector != BoundPathSelector::kAll && !part.relationships.empty();
}

Value AsValue(const std::vector<EdgeReference>& trail, const BoundRelationshipPattern& relationship) {
  return relationship.length ? Value(List(trail.begin(), trail.end())) : Value(trail.front());
}

/// The edges of a step that has been laid: one, or those of the list.
List EdgesOf(const Value& step) {
  return step.type() == ValueType::kList ? step.AsList() : List{step};
}

PathReference PathOf(const BoundPatternPart& part, const Bindings& row) {
  PathReference path;
  path.vertices.push_back(row.at(part.nodes[0].slot).AsVertexReference());
  for (const BoundRelationshipPattern& relationship : part.relationships) {
    for (const Value& each : EdgesOf(row.at(relationship.slot))) {
      const EdgeReference& edge = each.AsEdgeReference();
      path.edges.push_back(edge);
      path.vertices.push_back(edge.start == path.vertices.back() ? edge.end : edge.start);
    }
  }
  return path;
}

/// Of rows that differ only in what `part` has between its ends: those with the fewest edges, one of them or all.
void KeepShortest(const BoundPatternPart& part, Table& rows) {
  const Slot slot = part.relationships[0].slot;
  const auto length = [&](const Bindings& row) { return EdgesOf(row.at(slot)).size(); };
  const auto same_otherwise = [&](Bindings a, Bindings b) {
    for (Bindings* each : {&a, &b}) {
      each->erase(slot);
      if (part.path) each->erase(*part.path);
    }
    return a == b;
  };
  Table kept;
  for (const Bindings& row : rows) {
    const auto rival = [&](const Bindings& other) { return same_otherwise(row, other); };
    const bool longer = std::any_of(rows.begin(), rows.end(),
                                    [&](const Bindings& other) { return length(other) < length(row) && rival(other); });
    const bool one_is_enough = part.selector == BoundPathSelector::kShortest;
    if (longer || (one_is_enough && std::any_of(kept.begin(), kept.end(), rival))) continue;
    kept.push_back(row);
  }
  rows = std::move(kept);
}

}  // namespace

// Parts are laid one after another; then properties and WHERE decide, for they may read any element of the clause. A
// shortestPath is the shortest of the trails that they let pass, all other elements being the same.
Result<Table> Interpreter::Match(const std::vector<BoundPatternPart>& parts, const BoundExpressionPtr& where,
                                 const Bindings& row) {
  std::vector<Partial> partials{{row, {}}};
  for (const BoundPatternPart& part : parts) {
    TUPU_TRY_ASSIGN(partials, LayPart(part, std::move(partials)));
  }
  Table result;
  for (Partial& partial : partials) {
    bool holds = true;
    for (const BoundPatternPart& part : parts) {
      if (part.path) partial.row[*part.path] = Value(PathOf(part, partial.row));
      TUPU_TRY_ASSIGN(const bool part_holds, Holds(part, partial.row));
      holds = holds && part_holds;
    }
    if (holds) {
      TUPU_TRY_ASSIGN(holds, IsTrue(where, partial.row));
    }
    if (holds) result.push_back(std::move(partial.row));
  }
  for (const BoundPatternPart& part : parts)
    if (IsShortest(part)) KeepShortest(part, result);
  return result;
}

Result<std::vector<Interpreter::Partial>> Interpreter::LayPart(const BoundPatternPart& part,
                                                               std::vector<Partial> partials) {
  if (part.selection || part.mode) return Error{ErrorCode::kUnsupported, "the interpreter selects no paths"};
  TUPU_TRY_ASSIGN(partials, LayNode(part.nodes[0], partials));
  for (size_t step = 0; step < part.relationships.size(); ++step) {
    TUPU_TRY_ASSIGN(partials, LayStep(part, step, partials));
  }
  return partials;
}

// A node that is bound stays where it is (nowhere, if it is null); one that is not may be any vertex with its labels.
Result<std::vector<Interpreter::Partial>> Interpreter::LayNode(const BoundNodePattern& node,
                                                               const std::vector<Partial>& partials) {
  std::vector<Partial> result;
  for (const Partial& partial : partials) {
    for (const VertexId vertex : vertices_) {
      if (node.bound && ValueOf(partial.row, node.slot) != Value(vertex)) continue;
      TUPU_TRY_ASSIGN(const bool labelled, HasLabels(vertex, node.labels));
      if (!labelled) continue;
      result.push_back(partial);
      result.back().row[node.slot] = Value(vertex);
    }
    TUPU_TRY(CheckSize(result.size()));
  }
  return result;
}

// From the node before it along every trail that has the right length, types and direction. A relationship or an end that
// is bound must be what the trail comes to.
Result<std::vector<Interpreter::Partial>> Interpreter::LayStep(const BoundPatternPart& part, size_t step,
                                                               const std::vector<Partial>& partials) {
  const BoundRelationshipPattern& relationship = part.relationships[step];
  if (relationship.segment) return Error{ErrorCode::kUnsupported, "the interpreter repeats no segments"};
  const BoundNodePattern& end_node = part.nodes[step + 1];
  // A shortestPath has its edges to itself.
  const bool unique = !IsShortest(part);
  std::vector<Partial> result;
  for (const Partial& partial : partials) {
    std::vector<std::pair<Trail, VertexId>> trails;
    Trail trail;
    const VertexId start = partial.row.at(part.nodes[step].slot).AsVertexReference();
    AddTrails(start, relationship, unique ? partial.used : std::set<EdgeId>(), trail, trails);
    for (const auto& [edges, end] : trails) {
      const Value walked = AsValue(edges, relationship);
      if (relationship.bound && ValueOf(partial.row, relationship.slot) != walked) continue;
      if (end_node.bound && ValueOf(partial.row, end_node.slot) != Value(end)) continue;
      TUPU_TRY_ASSIGN(const bool labelled, HasLabels(end, end_node.labels));
      if (!labelled) continue;
      Partial& next = result.emplace_back(partial);
      next.row[relationship.slot] = walked;
      next.row[end_node.slot] = Value(end);
      for (const EdgeReference& edge : edges)
        if (unique) next.used.insert(edge.id);
    }
    TUPU_TRY(CheckSize(result.size()));
  }
  return result;
}

void Interpreter::AddTrails(VertexId at, const BoundRelationshipPattern& relationship, const std::set<EdgeId>& used,
                            Trail& trail, std::vector<std::pair<Trail, VertexId>>& out) const {
  const BoundPathLength length = relationship.length.value_or(BoundPathLength{1, 1});
  if (trail.size() >= length.min && trail.size() <= length.max.value_or(trail.size())) out.emplace_back(trail, at);
  if (trail.size() >= length.max.value_or(edges_.size())) return;
  for (const EdgeReference& edge : edges_) {
    const bool forward = edge.start == at && relationship.direction != Direction::kIn;
    const bool backward = edge.end == at && relationship.direction != Direction::kOut;
    const bool walked = used.contains(edge.id) || std::find(trail.begin(), trail.end(), edge) != trail.end();
    if (walked || (!forward && !backward) || !HasType(edge, relationship.types)) continue;
    trail.push_back(edge);
    AddTrails(forward ? edge.end : edge.start, relationship, used, trail, out);
    trail.pop_back();
  }
}

Status Interpreter::CheckSize(size_t rows) const {
  if (rows <= max_rows_) return {};
  return Error{ErrorCode::kResourceExhausted, "more rows than the interpreter was made for"};
}

std::string_view Interpreter::TypeOf(const EdgeReference& edge) const {
  return view_->catalog().edge_types().GetName(edge.type);
}

bool Interpreter::HasType(const EdgeReference& edge, const std::vector<std::string>& types) const {
  return types.empty() || std::find(types.begin(), types.end(), TypeOf(edge)) != types.end();
}

Result<std::vector<std::string_view>> Interpreter::LabelsOf(VertexId vertex) const {
  TUPU_TRY_ASSIGN(const std::vector<LabelId> labels, view_->VertexLabels(vertex));
  std::vector<std::string_view> names;
  for (const LabelId label : labels) names.push_back(view_->catalog().labels().GetName(label));
  return names;
}

Result<bool> Interpreter::HasLabels(VertexId vertex, const std::vector<std::string>& labels) const {
  TUPU_TRY_ASSIGN(const std::vector<std::string_view> have, LabelsOf(vertex));
  return std::all_of(labels.begin(), labels.end(), [&](const std::string& label) {
    return std::find(have.begin(), have.end(), label) != have.end();
  });
}

Result<bool> Interpreter::Holds(const BoundPatternPart& part, const Bindings& row) {
  for (const BoundNodePattern& node : part.nodes) {
    TUPU_TRY_ASSIGN(const bool have, Have(row.at(node.slot), node.properties, row));
    TUPU_TRY_ASSIGN(const bool holds, IsTrue(node.condition, row));
    if (!have || !holds) return false;
  }
  for (const BoundRelationshipPattern& relationship : part.relationships) {
    for (const Value& edge : EdgesOf(row.at(relationship.slot))) {
      TUPU_TRY_ASSIGN(const bool have, Have(edge, relationship.properties, row));
      if (!have) return false;
    }
    TUPU_TRY_ASSIGN(const bool holds, IsTrue(relationship.condition, row));
    if (!holds) return false;
  }
  return IsTrue(part.condition, row);
}

Result<bool> Interpreter::Have(const Value& entity, const BoundProperties& properties, const Bindings& row) {
  for (const auto& [key, expression] : properties) {
    TUPU_TRY_ASSIGN(const Value have, PropertyOf(entity, key, *view_));
    TUPU_TRY_ASSIGN(const Value wanted, Evaluate(*expression, row));
    if (Equals(have, wanted) != true) return false;
  }
  return true;
}

}  // namespace tupu
