#include "query/executor/materialize.h"

#include <algorithm>

#include "storage/catalog/catalog.h"
#include "storage/graph/graph_view.h"

namespace tupu {

namespace {

Map NamedProperties(const Properties& properties, const Catalog& catalog) {
  Map map;
  for (const auto& [key, value] : properties) map.emplace(catalog.property_keys().GetName(key), value);
  return map;
}

Result<Vertex> MakeVertex(VertexId id, const GraphView& view) {
  Vertex vertex{id, {}, {}};
  TUPU_TRY_ASSIGN(const std::optional<VertexRecord> record, view.FindVertex(id));
  if (!record) return vertex;
  for (const LabelId label : record->labels) vertex.labels.emplace_back(view.catalog().labels().GetName(label));
  std::sort(vertex.labels.begin(), vertex.labels.end());
  vertex.properties = NamedProperties(record->properties, view.catalog());
  return vertex;
}

Result<Edge> MakeEdge(const EdgeReference& reference, const ExecutionContext& context) {
  const GraphView& view = context.view;
  Edge edge{reference.id,
            std::string(view.catalog().edge_types().GetName(reference.type)),
            reference.start,
            reference.end,
            {}};
  if (context.IsDeleted(reference.id)) return edge;
  TUPU_TRY_ASSIGN(const Properties properties, view.EdgeProperties(reference));
  edge.properties = NamedProperties(properties, view.catalog());
  return edge;
}

Result<Path> MakePath(const PathReference& reference, const ExecutionContext& context) {
  Path path;
  for (const VertexId id : reference.vertices) {
    TUPU_TRY_ASSIGN(Vertex vertex, MakeVertex(id, context.view));
    path.vertices.push_back(std::move(vertex));
  }
  for (const EdgeReference& each : reference.edges) {
    TUPU_TRY_ASSIGN(Edge edge, MakeEdge(each, context));
    path.edges.push_back(std::move(edge));
  }
  return path;
}

}  // namespace

Result<Value> Materialize(const Value& value, const ExecutionContext& context) {
  switch (value.type()) {
    case ValueType::kVertexReference: {
      TUPU_TRY_ASSIGN(Vertex vertex, MakeVertex(value.AsVertexReference(), context.view));
      return Value(std::move(vertex));
    }
    case ValueType::kEdgeReference: {
      TUPU_TRY_ASSIGN(Edge edge, MakeEdge(value.AsEdgeReference(), context));
      return Value(std::move(edge));
    }
    case ValueType::kPathReference: {
      TUPU_TRY_ASSIGN(Path path, MakePath(value.AsPathReference(), context));
      return Value(std::move(path));
    }
    case ValueType::kList: {
      List list;
      list.reserve(value.AsList().size());
      for (const Value& element : value.AsList()) {
        TUPU_TRY_ASSIGN(Value each, Materialize(element, context));
        list.push_back(std::move(each));
      }
      return Value(std::move(list));
    }
    case ValueType::kMap: {
      Map map;
      for (const auto& [key, element] : value.AsMap()) {
        TUPU_TRY_ASSIGN(Value each, Materialize(element, context));
        map.emplace(key, std::move(each));
      }
      return Value(std::move(map));
    }
    default: return value;
  }
}

}  // namespace tupu
