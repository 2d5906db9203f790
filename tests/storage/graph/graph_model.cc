#include "tests/storage/graph/graph_model.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <gtest/gtest.h>

#include "storage/catalog/catalog.h"
#include "storage/text/normalize.h"

namespace tupu {

std::vector<Neighbour> GraphModel::Expand(VertexId vertex, Direction direction,
                                          const std::vector<EdgeTypeId>& types) const {
  std::vector<Neighbour> steps;
  for (const auto& [id, edge] : edges) {
    if (!types.empty() && std::find(types.begin(), types.end(), edge.type) == types.end()) continue;
    const bool out = edge.start == vertex && direction != Direction::kIn;
    if (out) steps.push_back({edge.end, id, edge.type, true});
    const bool loop_seen = out && edge.start == edge.end;
    if (edge.end == vertex && direction != Direction::kOut && !loop_seen) {
      steps.push_back({edge.start, id, edge.type, false});
    }
  }
  std::sort(steps.begin(), steps.end(), [](const Neighbour& a, const Neighbour& b) {
    return std::make_tuple(!a.outgoing, a.type, a.vertex, a.edge) <
           std::make_tuple(!b.outgoing, b.type, b.vertex, b.edge);
  });
  return steps;
}

std::vector<VertexId> GraphModel::WithLabel(std::optional<LabelId> label) const {
  std::vector<VertexId> found;
  for (const auto& [id, vertex] : vertices) {
    if (!label || vertex.labels.contains(*label)) found.push_back(id);
  }
  return found;
}

std::vector<VertexId> GraphModel::WithName(PropertyKeyId name, PropertyKeyId aliases, const std::string& text) const {
  const std::string wanted = NormalizeName(text);
  std::vector<VertexId> found;
  for (const auto& [id, vertex] : vertices) {
    bool matches = false;
    for (const PropertyKeyId key : {name, aliases}) {
      const auto at = vertex.properties.find(key);
      if (at == vertex.properties.end()) continue;
      const Value& value = at->second;
      if (value.type() == ValueType::kString) matches = matches || NormalizeName(value.AsString()) == wanted;
      if (value.type() != ValueType::kList) continue;
      for (const Value& element : value.AsList()) {
        matches = matches || (element.type() == ValueType::kString && NormalizeName(element.AsString()) == wanted);
      }
    }
    if (matches) found.push_back(id);
  }
  return found;
}

namespace {

Properties ToProperties(const std::map<PropertyKeyId, Value>& map) {
  return {map.begin(), map.end()};
}

void ExpectSameVertex(const GraphModel& model, const GraphView& view, VertexId id) {
  const auto record = view.FindVertex(id);
  ASSERT_TRUE(record.has_value()) << record.error().message;
  const auto expected = model.vertices.find(id);
  ASSERT_EQ(record->has_value(), expected != model.vertices.end()) << "vertex " << ToInteger(id);
  EXPECT_EQ(view.HasVertex(id).value(), record->has_value());
  if (!*record) return;
  const GraphModel::VertexState& vertex = expected->second;
  EXPECT_EQ((*record)->labels, std::vector<LabelId>(vertex.labels.begin(), vertex.labels.end()));
  EXPECT_EQ(view.VertexLabels(id).value(), (*record)->labels);
  EXPECT_EQ((*record)->properties, ToProperties(vertex.properties));
  EXPECT_EQ((*record)->external_id, vertex.external_id);
  for (const auto& [key, value] : vertex.properties) EXPECT_EQ(view.VertexProperty(id, key).value(), value);
  if (vertex.external_id) {
    EXPECT_EQ(view.FindByExternalId(*vertex.external_id).value(), id);
  }
}

void ExpectSameEdge(const GraphModel& model, const GraphView& view, EdgeId id) {
  const auto record = view.FindEdge(id);
  ASSERT_TRUE(record.has_value()) << record.error().message;
  const auto expected = model.edges.find(id);
  ASSERT_EQ(record->has_value(), expected != model.edges.end()) << "edge " << ToInteger(id);
  if (!*record) return;
  const GraphModel::EdgeState& edge = expected->second;
  const EdgeReference& reference = (*record)->reference;
  EXPECT_EQ(reference.start, edge.start);
  EXPECT_EQ(reference.end, edge.end);
  EXPECT_EQ(reference.type, edge.type);
  EXPECT_EQ((*record)->properties, ToProperties(edge.properties));
  EXPECT_EQ(view.EdgeProperties(reference).value(), ToProperties(edge.properties));
  for (const auto& [key, value] : edge.properties) EXPECT_EQ(view.EdgeProperty(reference, key).value(), value);
}

// The steps of ExpandWithProperties are those of Expand, after what was in the vector already.
void ExpectSameRecords(const GraphModel& model, const GraphView& view, VertexId vertex, Direction direction,
                       const std::vector<EdgeTypeId>& types) {
  const std::vector<Neighbour> expected = model.Expand(vertex, direction, types);
  std::vector<NeighbourRecord> records(1);
  const Status status = view.ExpandWithProperties(vertex, direction, types, records);
  ASSERT_TRUE(status.has_value()) << status.error().message;
  ASSERT_EQ(records.size(), expected.size() + 1) << "vertex " << ToInteger(vertex);
  for (size_t i = 0; i < expected.size(); ++i) {
    const NeighbourRecord& record = records[i + 1];
    ASSERT_EQ(record.edge, expected[i].edge) << "vertex " << ToInteger(vertex) << " step " << i;
    ASSERT_EQ(record.vertex, expected[i].vertex);
    ASSERT_EQ(record.type, expected[i].type);
    ASSERT_EQ(record.outgoing, expected[i].outgoing);
    ASSERT_EQ(record.properties, ToProperties(model.edges.at(record.edge).properties));
  }
}

void ExpectSameSteps(const GraphModel& model, const GraphView& view, VertexId vertex, Direction direction,
                     const std::vector<EdgeTypeId>& types) {
  const std::vector<Neighbour> expected = model.Expand(vertex, direction, types);
  std::vector<Neighbour> steps;
  const Status status = view.Expand(vertex, direction, types, steps);
  ASSERT_TRUE(status.has_value()) << status.error().message;
  ASSERT_EQ(steps.size(), expected.size()) << "vertex " << ToInteger(vertex);
  for (size_t i = 0; i < steps.size(); ++i) {
    ASSERT_EQ(steps[i].edge, expected[i].edge) << "vertex " << ToInteger(vertex) << " step " << i;
    ASSERT_EQ(steps[i].vertex, expected[i].vertex);
    ASSERT_EQ(steps[i].type, expected[i].type);
    ASSERT_EQ(steps[i].outgoing, expected[i].outgoing);
  }
  EXPECT_EQ(view.Degree(vertex, direction, types).value(), expected.size());
  ExpectSameRecords(model, view, vertex, direction, types);
}

std::vector<VertexId> Scan(const GraphView& view, std::optional<LabelId> label) {
  auto cursor = view.ScanVertices(label);
  EXPECT_TRUE(cursor.has_value());
  std::vector<VertexId> found;
  std::array<VertexId, 7> batch{};
  while (true) {
    const size_t count = (*cursor)->Next(batch).value();
    if (count == 0) return found;
    found.insert(found.end(), batch.begin(), batch.begin() + static_cast<ptrdiff_t>(count));
  }
}

}  // namespace

void ExpectSame(const GraphModel& model, const GraphView& view) {
  const Catalog& catalog = view.catalog();
  uint64_t ids = model.vertices.empty() ? 0 : ToInteger(model.vertices.rbegin()->first) + 2;
  for (uint64_t id = 0; id < ids; ++id) ExpectSameVertex(model, view, static_cast<VertexId>(id));
  ids = model.edges.empty() ? 0 : ToInteger(model.edges.rbegin()->first) + 2;
  for (uint64_t id = 0; id < ids; ++id) ExpectSameEdge(model, view, static_cast<EdgeId>(id));

  std::vector<EdgeTypeId> types;
  for (size_t i = 0; i < catalog.edge_types().size(); ++i) types.push_back(static_cast<EdgeTypeId>(i));
  for (const auto& [id, vertex] : model.vertices) {
    for (const Direction direction : {Direction::kOut, Direction::kIn, Direction::kBoth}) {
      ExpectSameSteps(model, view, id, direction, {});
      for (const EdgeTypeId type : types) ExpectSameSteps(model, view, id, direction, {type});
      if (types.size() > 1) ExpectSameSteps(model, view, id, direction, {types[1], types[0], types[1]});
    }
  }

  EXPECT_EQ(Scan(view, std::nullopt), model.WithLabel(std::nullopt));
  EXPECT_EQ(view.CountVertices(std::nullopt), model.vertices.size());
  for (size_t i = 0; i < catalog.labels().size(); ++i) {
    const auto label = static_cast<LabelId>(i);
    EXPECT_EQ(Scan(view, label), model.WithLabel(label));
    EXPECT_EQ(view.CountVertices(label), model.WithLabel(label).size());
  }
  EXPECT_EQ(view.CountEdges(std::nullopt), model.edges.size());
  for (const EdgeTypeId type : types) {
    EXPECT_EQ(view.CountEdges(type),
              static_cast<uint64_t>(std::count_if(model.edges.begin(), model.edges.end(),
                                                  [&](const auto& edge) { return edge.second.type == type; })));
  }
}

}  // namespace tupu
