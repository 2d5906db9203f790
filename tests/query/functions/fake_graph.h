#pragma once

#include <map>

#include "query/functions/function_registry.h"
#include "storage/base/check.h"
#include "storage/catalog/catalog.h"
#include "storage/graph/graph_view.h"

namespace tupu {

/// A graph of two vertices and an edge, (#1 :B:A {name: 'Ada'})-[#5 :KNOWS {since: 1815}]->(#2), enough for functions.
/// Vertex 9 and edge 9 are not there: as after DELETE.
class FakeGraph : public GraphView {
 public:
  FakeGraph() {
    labels_ = {catalog_.labels().Intern("B"), catalog_.labels().Intern("A")};
    knows_ = catalog_.edge_types().Intern("KNOWS");
    name_ = catalog_.property_keys().Intern("name");
    since_ = catalog_.property_keys().Intern("since");
  }

  EdgeReference knows() const { return {EdgeId{5}, VertexId{1}, VertexId{2}, knows_}; }
  EdgeReference deleted_edge() const { return {EdgeId{9}, VertexId{1}, VertexId{2}, knows_}; }

  const Catalog& catalog() const override { return catalog_; }
  const Ontology& ontology() const override {
    TUPU_CHECK(false);  // no function asks for it
    __builtin_unreachable();
  }
  Result<bool> HasVertex(VertexId id) const override { return id == VertexId{1} || id == VertexId{2}; }
  Result<std::optional<VertexRecord>> FindVertex(VertexId id) const override {
    if (id == VertexId{1}) return std::optional(VertexRecord{labels_, {{name_, "Ada"}}, {}});
    if (id == VertexId{2}) return std::optional(VertexRecord{});
    return std::optional<VertexRecord>();
  }
  Result<std::vector<LabelId>> VertexLabels(VertexId id) const override {
    return id == VertexId{1} ? labels_ : std::vector<LabelId>();
  }
  Result<Value> VertexProperty(VertexId id, PropertyKeyId key) const override {
    return id == VertexId{1} && key == name_ ? Value("Ada") : Value();
  }
  Result<std::optional<EdgeRecord>> FindEdge(EdgeId id) const override {
    if (id != EdgeId{5}) return std::optional<EdgeRecord>();
    return std::optional(EdgeRecord{knows(), {{since_, 1815}}});
  }
  Result<Properties> EdgeProperties(const EdgeReference& edge) const override {
    return edge.id == EdgeId{5} ? Properties{{since_, 1815}} : Properties{};
  }
  Result<Value> EdgeProperty(const EdgeReference& edge, PropertyKeyId key) const override {
    return edge.id == EdgeId{5} && key == since_ ? Value(1815) : Value();
  }
  Status Expand(VertexId, Direction, std::span<const EdgeTypeId>, std::vector<Neighbour>&) const override { return {}; }
  Status ExpandWithProperties(VertexId, Direction, std::span<const EdgeTypeId>,
                              std::vector<NeighbourRecord>&) const override {
    return {};
  }
  Result<uint64_t> Degree(VertexId vertex, Direction direction, std::span<const EdgeTypeId>) const override {
    const bool out = vertex == VertexId{1} && direction != Direction::kIn;
    const bool in = vertex == VertexId{2} && direction != Direction::kOut;
    return uint64_t{out || in ? 1u : 0u};
  }
  Result<std::unique_ptr<VertexCursor>> ScanVertices(std::optional<LabelId>) const override {
    return Error{ErrorCode::kUnsupported, "not needed"};
  }
  uint64_t CountVertices(std::optional<LabelId>) const override { return 2; }
  uint64_t CountEdges(std::optional<EdgeTypeId>) const override { return 1; }
  Result<std::optional<VertexId>> FindByExternalId(const ExternalId&) const override {
    return std::optional<VertexId>();
  }
  Result<std::vector<VertexId>> FindByName(std::string_view) const override { return std::vector<VertexId>(); }

 private:
  Catalog catalog_;
  std::vector<LabelId> labels_;
  EdgeTypeId knows_{};
  PropertyKeyId name_{};
  PropertyKeyId since_{};
};

}  // namespace tupu
