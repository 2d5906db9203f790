#include <algorithm>

#include "query/planner/bound_expressions.h"
#include "query/planner/logical_plan.h"

namespace tupu {

namespace {

void AddNode(const BoundNodePattern& node, PatternGraph& graph) {
  if (std::find(graph.nodes.begin(), graph.nodes.end(), node.slot) == graph.nodes.end())
    graph.nodes.push_back(node.slot);
  for (const std::string& label : node.labels) graph.predicates.push_back(MakeLabelPredicate(node.slot, label));
  for (const auto& [key, value] : node.properties)
    graph.predicates.push_back(MakePropertyEquality(node.slot, StaticKind::kNode, key, value));
  SplitConjunction(node.condition, graph.predicates);
}

PatternEdge MakeEdge(const BoundPatternPart& part, size_t index) {
  const BoundRelationshipPattern& relationship = part.relationships[index];
  PatternEdge edge;
  edge.slot = relationship.slot;
  edge.left = part.nodes[index].slot;
  edge.right = part.nodes[index + 1].slot;
  edge.direction = relationship.direction;
  edge.types = relationship.types;
  edge.length = relationship.length;
  if (relationship.length) edge.properties = relationship.properties;
  return edge;
}

void AddShortestPath(const BoundPatternPart& part, PatternGraph& graph) {
  PatternShortestPath shortest;
  shortest.edge = MakeEdge(part, 0);
  shortest.edge.properties = part.relationships[0].properties;
  // A single step is the variable length 1..1; its slot is then a single edge, which nothing can name here.
  if (!shortest.edge.length) shortest.edge.length = BoundPathLength{1, 1};
  shortest.path = part.path;
  shortest.all = part.selector == BoundPathSelector::kAllShortest;
  graph.shortest_paths.push_back(std::move(shortest));
}

void AddPart(const BoundPatternPart& part, PatternGraph& graph) {
  for (const BoundNodePattern& node : part.nodes) AddNode(node, graph);
  if (part.selector != BoundPathSelector::kAll && !part.relationships.empty()) return AddShortestPath(part, graph);
  for (size_t i = 0; i < part.relationships.size(); ++i) {
    graph.edges.push_back(MakeEdge(part, i));
    const BoundRelationshipPattern& relationship = part.relationships[i];
    if (relationship.length) continue;
    for (const auto& [key, value] : relationship.properties)
      graph.predicates.push_back(MakePropertyEquality(relationship.slot, StaticKind::kRelationship, key, value));
    SplitConjunction(relationship.condition, graph.predicates);
  }
  SplitConjunction(part.condition, graph.predicates);
  if (!part.path) return;
  PatternPath path{*part.path, part.nodes[0].slot, {}};
  for (const BoundRelationshipPattern& relationship : part.relationships) path.edges.push_back(relationship.slot);
  graph.paths.push_back(std::move(path));
}

}  // namespace

PatternGraph MakePatternGraph(const std::vector<BoundPatternPart>& parts, const BoundExpressionPtr& where) {
  PatternGraph graph;
  for (const BoundPatternPart& part : parts) AddPart(part, graph);
  SplitConjunction(where, graph.predicates);
  return graph;
}

std::set<Slot> PatternGraph::Slots() const {
  std::set<Slot> slots(nodes.begin(), nodes.end());
  for (const PatternEdge& edge : edges) slots.insert(edge.slot);
  for (const PatternShortestPath& shortest : shortest_paths) {
    slots.insert(shortest.edge.slot);
    if (shortest.path) slots.insert(*shortest.path);
  }
  for (const PatternPath& path : paths) slots.insert(path.path);
  return slots;
}

}  // namespace tupu
