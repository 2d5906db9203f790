#include "engine/verbs/entity.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "storage/catalog/catalog.h"

namespace tupu {

namespace {

// The first that a vertex has is its caption.
constexpr std::array<std::string_view, 4> kCaptionKeys = {"name", "title", "key", "id"};

Map NamedProperties(const Catalog& catalog, const Properties& properties) {
  Map named;
  for (const auto& [key, value] : properties) named.emplace(catalog.property_keys().GetName(key), value);
  return named;
}

std::string CaptionFromValue(const Value& value) {
  return value.type() == ValueType::kString ? value.AsString() : value.ToString();
}

std::string CaptionFromId(VertexId id) {
  return fmt::format("#{}", ToInteger(id));
}

}  // namespace

Result<Vertex> ReadVertex(const GraphView& view, VertexId id) {
  TUPU_TRY_ASSIGN(const std::optional<VertexRecord> record, view.FindVertex(id));
  if (!record) return Error{ErrorCode::kNotFound, fmt::format("vertex #{} is not in the graph", ToInteger(id))};
  Vertex vertex{id, {}, NamedProperties(view.catalog(), record->properties)};
  for (const LabelId label : record->labels) vertex.labels.emplace_back(view.catalog().labels().GetName(label));
  std::sort(vertex.labels.begin(), vertex.labels.end());
  return vertex;
}

Result<Edge> ReadEdge(const GraphView& view, const EdgeReference& reference) {
  TUPU_TRY_ASSIGN(const Properties properties, view.EdgeProperties(reference));
  return Edge{reference.id, std::string(view.catalog().edge_types().GetName(reference.type)), reference.start,
              reference.end, NamedProperties(view.catalog(), properties)};
}

Result<Path> ReadPath(const GraphView& view, const PathReference& reference) {
  Path path;
  for (const VertexId id : reference.vertices) {
    TUPU_TRY_ASSIGN(Vertex vertex, ReadVertex(view, id));
    path.vertices.push_back(std::move(vertex));
  }
  for (const EdgeReference& step : reference.edges) {
    TUPU_TRY_ASSIGN(Edge edge, ReadEdge(view, step));
    path.edges.push_back(std::move(edge));
  }
  return path;
}

std::string CaptionOf(const Vertex& vertex) {
  for (const std::string_view key : kCaptionKeys) {
    if (const auto found = vertex.properties.find(key); found != vertex.properties.end())
      return CaptionFromValue(found->second);
  }
  return CaptionFromId(vertex.id);
}

Result<std::string> ReadCaption(const GraphView& view, VertexId id) {
  for (const std::string_view key : kCaptionKeys) {
    const std::optional<PropertyKeyId> key_id = view.catalog().property_keys().Find(key);
    if (!key_id) continue;
    TUPU_TRY_ASSIGN(const Value value, view.VertexProperty(id, *key_id));
    if (!value.is_null()) return CaptionFromValue(value);
  }
  return CaptionFromId(id);
}

Result<bool> IsSource(const GraphView& view, VertexId id) {
  const std::optional<LabelId> source = view.catalog().labels().Find(kSourceLabel);
  if (!source) return false;
  TUPU_TRY_ASSIGN(const std::vector<LabelId> labels, view.VertexLabels(id));
  return std::find(labels.begin(), labels.end(), *source) != labels.end();
}

std::vector<std::string> TextsOf(const Map& properties, std::string_view key) {
  const auto found = properties.find(key);
  if (found == properties.end()) return {};
  if (found->second.type() == ValueType::kString) return {found->second.AsString()};
  std::vector<std::string> texts;
  if (found->second.type() == ValueType::kList) {
    for (const Value& item : found->second.AsList())
      if (item.type() == ValueType::kString) texts.push_back(item.AsString());
  }
  return texts;
}

}  // namespace tupu
