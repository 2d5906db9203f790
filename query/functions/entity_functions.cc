// Functions of nodes, relationships and paths.

#include <algorithm>

#include <fmt/format.h>

#include "query/functions/internal/entity_access.h"
#include "query/functions/internal/function_tables.h"
#include "storage/catalog/catalog.h"
#include "storage/graph/graph_view.h"

namespace tupu {

namespace {

using namespace function_types;
using Arguments = std::span<const Value>;

std::optional<uint64_t> EntityNumber(const Value& value) {
  switch (value.type()) {
    case ValueType::kVertexReference: return ToInteger(value.AsVertexReference());
    case ValueType::kVertex: return ToInteger(value.AsVertex().id);
    case ValueType::kEdgeReference: return ToInteger(value.AsEdgeReference().id);
    case ValueType::kEdge: return ToInteger(value.AsEdge().id);
    default: return std::nullopt;
  }
}

Result<Value> Id(Arguments arguments, FunctionContext&) {
  const auto id = EntityNumber(arguments[0]);
  if (!id) return WrongArgument("id", "a NODE or a RELATIONSHIP", arguments[0]);
  return Value(static_cast<int64_t>(*id));
}

Result<Value> ElementId(Arguments arguments, FunctionContext&) {
  const auto id = EntityNumber(arguments[0]);
  if (!id) return WrongArgument("elementId", "a NODE or a RELATIONSHIP", arguments[0]);
  return Value(std::to_string(*id));
}

Result<Value> Labels(Arguments arguments, FunctionContext& context) {
  if (arguments[0].type() == ValueType::kVertex) {
    const Vertex& vertex = arguments[0].AsVertex();
    return Value(List(vertex.labels.begin(), vertex.labels.end()));
  }
  if (arguments[0].type() != ValueType::kVertexReference) return WrongArgument("labels", "a NODE", arguments[0]);
  const VertexId vertex = arguments[0].AsVertexReference();
  TUPU_TRY_ASSIGN(const std::vector<LabelId> labels, context.view.VertexLabels(vertex));
  if (labels.empty()) TUPU_TRY(CheckVertexExists(vertex, context.view));
  std::vector<std::string_view> names;
  for (const LabelId label : labels) names.push_back(context.view.catalog().labels().GetName(label));
  std::ranges::sort(names);
  return Value(List(names.begin(), names.end()));
}

Result<Value> Type(Arguments arguments, FunctionContext& context) {
  if (arguments[0].type() == ValueType::kEdge) return Value(arguments[0].AsEdge().type);
  if (arguments[0].type() != ValueType::kEdgeReference) return WrongArgument("type", "a RELATIONSHIP", arguments[0]);
  return Value(context.view.catalog().edge_types().GetName(arguments[0].AsEdgeReference().type));
}

Result<Value> PropertiesFunction(Arguments arguments, FunctionContext& context) {
  return PropertiesOf(arguments[0], context.view);
}

Result<Value> Keys(Arguments arguments, FunctionContext& context) {
  TUPU_TRY_ASSIGN(const Value properties, PropertiesOf(arguments[0], context.view));
  List keys;
  for (const auto& [key, value] : properties.AsMap()) keys.emplace_back(key);
  return Value(std::move(keys));
}

// An end of a full edge has no properties at hand: it is given as the reference, which execution resolves.
Result<Value> StartNode(Arguments arguments, FunctionContext&) {
  if (arguments[0].type() == ValueType::kEdge) return Value(arguments[0].AsEdge().start);
  if (arguments[0].type() != ValueType::kEdgeReference)
    return WrongArgument("startNode", "a RELATIONSHIP", arguments[0]);
  return Value(arguments[0].AsEdgeReference().start);
}

Result<Value> EndNode(Arguments arguments, FunctionContext&) {
  if (arguments[0].type() == ValueType::kEdge) return Value(arguments[0].AsEdge().end);
  if (arguments[0].type() != ValueType::kEdgeReference) return WrongArgument("endNode", "a RELATIONSHIP", arguments[0]);
  return Value(arguments[0].AsEdgeReference().end);
}

Result<Value> Nodes(Arguments arguments, FunctionContext&) {
  if (arguments[0].type() == ValueType::kPath) {
    const std::vector<Vertex>& vertices = arguments[0].AsPath().vertices;
    return Value(List(vertices.begin(), vertices.end()));
  }
  if (arguments[0].type() != ValueType::kPathReference) return WrongArgument("nodes", "a PATH", arguments[0]);
  const std::vector<VertexId>& vertices = arguments[0].AsPathReference().vertices;
  return Value(List(vertices.begin(), vertices.end()));
}

Result<Value> Relationships(Arguments arguments, FunctionContext&) {
  if (arguments[0].type() == ValueType::kPath) {
    const std::vector<Edge>& edges = arguments[0].AsPath().edges;
    return Value(List(edges.begin(), edges.end()));
  }
  if (arguments[0].type() != ValueType::kPathReference) return WrongArgument("relationships", "a PATH", arguments[0]);
  const std::vector<EdgeReference>& edges = arguments[0].AsPathReference().edges;
  return Value(List(edges.begin(), edges.end()));
}

Result<Value> Length(Arguments arguments, FunctionContext&) {
  if (arguments[0].type() == ValueType::kPath) return Value(static_cast<int64_t>(arguments[0].AsPath().edges.size()));
  if (arguments[0].type() != ValueType::kPathReference)
    return WrongArgument("length", "a PATH (size() is for lists and strings)", arguments[0]);
  return Value(static_cast<int64_t>(arguments[0].AsPathReference().edges.size()));
}

// degree(node), degree(node, 'TYPE', ...): steps in `direction`, from block heads.
template <Direction kDirection>
Result<Value> Degree(Arguments arguments, FunctionContext& context) {
  if (arguments[0].type() != ValueType::kVertexReference) return WrongArgument("degree", "a NODE", arguments[0]);
  std::vector<EdgeTypeId> types;
  for (const Value& name : arguments.subspan(1)) {
    if (name.type() != ValueType::kString) return WrongArgument("degree", "relationship types as STRINGs", name);
    if (const auto type = context.view.catalog().edge_types().Find(name.AsString())) types.push_back(*type);
  }
  if (arguments.size() > 1 && types.empty()) return Value(0);  // only types that no edge has ever had
  TUPU_TRY_ASSIGN(const uint64_t degree, context.view.Degree(arguments[0].AsVertexReference(), kDirection, types));
  return Value(static_cast<int64_t>(degree));
}

constexpr auto& kNodes = kTypesOf<StaticKind::kNode>;
constexpr auto& kRelationships = kTypesOf<StaticKind::kRelationship>;
constexpr auto& kPaths = kTypesOf<StaticKind::kPath>;
constexpr auto& kEntities = kTypesOf<StaticKind::kNode, StaticKind::kRelationship>;
constexpr auto& kWithProperties = kTypesOf<StaticKind::kNode, StaticKind::kRelationship, StaticKind::kMap>;

constexpr ParameterTypes kNode1[] = {kNodes};
constexpr ParameterTypes kRelationship1[] = {kRelationships};
constexpr ParameterTypes kPath1[] = {kPaths};
constexpr ParameterTypes kEntity1[] = {kEntities};
constexpr ParameterTypes kWithProperties1[] = {kWithProperties};
constexpr ParameterTypes kNodeAndTypes[] = {kNodes, kTypesOf<StaticKind::kString>};

constexpr uint16_t kMany = Function::kAnyNumber;

// clang-format off
constexpr Function kFunctions[] = {
  {.name = "id", .min_arguments = 1, .max_arguments = 1, .parameters = kEntity1,
   .result_type = Always<StaticKind::kInteger>, .evaluate = Id},
  {.name = "elementId", .min_arguments = 1, .max_arguments = 1, .parameters = kEntity1,
   .result_type = Always<StaticKind::kString>, .evaluate = ElementId},
  {.name = "labels", .min_arguments = 1, .max_arguments = 1, .reads_graph = true, .parameters = kNode1,
   .result_type = Always<StaticKind::kString, 1>, .evaluate = Labels},
  {.name = "type", .min_arguments = 1, .max_arguments = 1, .reads_graph = true, .parameters = kRelationship1,
   .result_type = Always<StaticKind::kString>, .evaluate = Type},
  {.name = "properties", .min_arguments = 1, .max_arguments = 1, .reads_graph = true, .parameters = kWithProperties1,
   .result_type = Always<StaticKind::kMap>, .evaluate = PropertiesFunction},
  {.name = "keys", .min_arguments = 1, .max_arguments = 1, .reads_graph = true, .parameters = kWithProperties1,
   .result_type = Always<StaticKind::kString, 1>, .evaluate = Keys},
  {.name = "startNode", .min_arguments = 1, .max_arguments = 1, .parameters = kRelationship1,
   .result_type = Always<StaticKind::kNode>, .evaluate = StartNode},
  {.name = "endNode", .min_arguments = 1, .max_arguments = 1, .parameters = kRelationship1,
   .result_type = Always<StaticKind::kNode>, .evaluate = EndNode},
  {.name = "nodes", .min_arguments = 1, .max_arguments = 1, .parameters = kPath1,
   .result_type = Always<StaticKind::kNode, 1>, .evaluate = Nodes},
  {.name = "relationships", .min_arguments = 1, .max_arguments = 1, .parameters = kPath1,
   .result_type = Always<StaticKind::kRelationship, 1>, .evaluate = Relationships},
  {.name = "length", .min_arguments = 1, .max_arguments = 1, .parameters = kPath1,
   .result_type = Always<StaticKind::kInteger>, .evaluate = Length},
  {.name = "degree", .min_arguments = 1, .max_arguments = kMany, .reads_graph = true, .parameters = kNodeAndTypes,
   .result_type = Always<StaticKind::kInteger>, .evaluate = Degree<Direction::kBoth>},
  {.name = "outDegree", .min_arguments = 1, .max_arguments = kMany, .reads_graph = true, .parameters = kNodeAndTypes,
   .result_type = Always<StaticKind::kInteger>, .evaluate = Degree<Direction::kOut>},
  {.name = "inDegree", .min_arguments = 1, .max_arguments = kMany, .reads_graph = true, .parameters = kNodeAndTypes,
   .result_type = Always<StaticKind::kInteger>, .evaluate = Degree<Direction::kIn>},
};
// clang-format on

}  // namespace

std::span<const Function> EntityFunctions() {
  return kFunctions;
}

}  // namespace tupu
