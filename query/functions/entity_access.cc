// The parts of values that have parts: n.key, n[key], r.year, date.month.

#include <fmt/format.h>

#include "query/functions/function_registry.h"
#include "query/functions/internal/entity_access.h"
#include "query/functions/internal/temporal_components.h"
#include "query/value/value_error.h"
#include "storage/catalog/catalog.h"
#include "storage/graph/graph_view.h"

namespace tupu {

namespace {

Map NamedProperties(const Properties& properties, const GraphView& view) {
  Map named;
  for (const auto& [key, value] : properties) named.emplace(view.catalog().property_keys().GetName(key), value);
  return named;
}

// A property the caller asks for, and the word on an entity that has none: it may have been deleted.
Result<Value> VertexProperty(VertexId vertex, std::string_view key, const GraphView& view, bool check_deleted) {
  Value value;
  if (const auto id = view.catalog().property_keys().Find(key)) {
    TUPU_TRY_ASSIGN(value, view.VertexProperty(vertex, *id));
  }
  if (value.is_null() && check_deleted) TUPU_TRY(CheckVertexExists(vertex, view));
  return value;
}

Result<Value> EdgeProperty(const EdgeReference& edge, std::string_view key, const GraphView& view, bool check_deleted) {
  Value value;
  if (const auto id = view.catalog().property_keys().Find(key)) {
    TUPU_TRY_ASSIGN(value, view.EdgeProperty(edge, *id));
  }
  if (value.is_null() && check_deleted) TUPU_TRY(CheckEdgeExists(edge, view));
  return value;
}

Value FindInMap(const Map& map, std::string_view key) {
  const auto found = map.find(key);
  return found == map.end() ? Value() : found->second;
}

Result<Value> ElementOf(const List& list, const Value& index) {
  if (index.type() != ValueType::kInteger)
    return ValueError("TypeError.InvalidArgumentType",
                      fmt::format("a list is indexed by an integer, not by {}", Describe(index)));
  const auto size = static_cast<int64_t>(list.size());
  const int64_t position = index.AsInteger() < 0 ? index.AsInteger() + size : index.AsInteger();
  if (position < 0 || position >= size) return Value();
  return list[static_cast<size_t>(position)];
}

}  // namespace

Error DeletedEntity(std::string_view kind, uint64_t id) {
  Error error{ErrorCode::kNotFound, fmt::format("the {} #{} has been deleted by this query", kind, id)};
  error.condition = "EntityNotFound.DeletedEntityAccess";
  error.hint = "read what is needed with WITH before DELETE";
  return error;
}

Status CheckVertexExists(VertexId vertex, const GraphView& view) {
  TUPU_TRY_ASSIGN(const bool exists, view.HasVertex(vertex));
  if (!exists) return DeletedEntity("node", ToInteger(vertex));
  return {};
}

Status CheckEdgeExists(const EdgeReference& edge, const GraphView& view) {
  TUPU_TRY_ASSIGN(const auto record, view.FindEdge(edge.id));
  if (!record) return DeletedEntity("relationship", ToInteger(edge.id));
  return {};
}

Result<Value> PropertyOf(const Value& base, std::string_view key, const GraphView& view, bool check_deleted) {
  switch (base.type()) {
    case ValueType::kNull: return Value();
    case ValueType::kVertexReference: return VertexProperty(base.AsVertexReference(), key, view, check_deleted);
    case ValueType::kEdgeReference: return EdgeProperty(base.AsEdgeReference(), key, view, check_deleted);
    case ValueType::kVertex: return FindInMap(base.AsVertex().properties, key);
    case ValueType::kEdge: return FindInMap(base.AsEdge().properties, key);
    case ValueType::kMap: return FindInMap(base.AsMap(), key);
    case ValueType::kDate:
    case ValueType::kLocalTime:
    case ValueType::kTime:
    case ValueType::kLocalDateTime:
    case ValueType::kDateTime:
    case ValueType::kDuration: return TemporalComponent(base, key);
    default:
      return ValueError("TypeError.InvalidArgumentType",
                        fmt::format("{} has no property {}: only nodes, relationships, maps and temporal values have",
                                    Describe(base), key));
  }
}

Result<Value> PropertiesOf(const Value& base, const GraphView& view) {
  switch (base.type()) {
    case ValueType::kNull: return Value();
    case ValueType::kMap: return base;
    case ValueType::kVertex: return Value(base.AsVertex().properties);
    case ValueType::kEdge: return Value(base.AsEdge().properties);
    case ValueType::kVertexReference: {
      TUPU_TRY_ASSIGN(const auto record, view.FindVertex(base.AsVertexReference()));
      if (!record) return DeletedEntity("node", ToInteger(base.AsVertexReference()));
      return Value(NamedProperties(record->properties, view));
    }
    case ValueType::kEdgeReference: {
      TUPU_TRY_ASSIGN(const Properties properties, view.EdgeProperties(base.AsEdgeReference()));
      if (properties.empty()) TUPU_TRY(CheckEdgeExists(base.AsEdgeReference(), view));
      return Value(NamedProperties(properties, view));
    }
    default:
      return ValueError("TypeError.InvalidArgumentType",
                        fmt::format("{} has no properties: only nodes, relationships and maps have", Describe(base)));
  }
}

Result<Value> IndexOf(const Value& base, const Value& index, const GraphView& view, bool check_deleted) {
  if (base.is_null() || index.is_null()) return Value();
  switch (base.type()) {
    case ValueType::kList: return ElementOf(base.AsList(), index);
    case ValueType::kMap:
    case ValueType::kVertex:
    case ValueType::kEdge:
    case ValueType::kVertexReference:
    case ValueType::kEdgeReference:
      if (index.type() != ValueType::kString)
        return ValueError("TypeError.MapElementAccessByNonString",
                          fmt::format("a key is a string, not {}", Describe(index)));
      return PropertyOf(base, index.AsString(), view, check_deleted);
    default:
      return ValueError(
          "TypeError.InvalidArgumentType",
          fmt::format("{} has no elements: only lists, maps, nodes and relationships have", Describe(base)));
  }
}

}  // namespace tupu
