#include "engine/export/picture.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/verbs/entity.h"
#include "storage/catalog/catalog.h"

namespace tupu {

namespace {

Result<std::vector<LabelId>> FindLabels(const Catalog& catalog, const std::vector<std::string>& names) {
  std::vector<LabelId> labels;
  for (const std::string& name : names) {
    const std::optional<LabelId> label = catalog.labels().Find(name);
    if (!label)
      return Error{.code = ErrorCode::kNotFound,
                   .message = fmt::format("there is no label {}", name),
                   .hint = "see tupu schema"};
    labels.push_back(*label);
  }
  return labels;
}

// Every vertex with one of the labels, ascending within each label.
Status ScanSlice(const GraphView& view, const SliceOptions& options, const std::function<Status(VertexId)>& visit) {
  TUPU_TRY_ASSIGN(const std::vector<LabelId> named, FindLabels(view.catalog(), options.labels));
  std::vector<std::optional<LabelId>> scans(named.begin(), named.end());
  if (scans.empty()) scans.emplace_back(std::nullopt);
  std::array<VertexId, 1024> batch;
  for (const std::optional<LabelId>& label : scans) {
    TUPU_TRY_ASSIGN(const std::unique_ptr<VertexCursor> cursor, view.ScanVertices(label));
    while (true) {
      TUPU_TRY(options.cancellation.Check());
      TUPU_TRY_ASSIGN(const size_t count, cursor->Next(batch));
      if (count == 0) break;
      for (size_t i = 0; i < count; ++i) {
        TUPU_TRY_ASSIGN(const bool hidden, !label && !options.sources ? IsSource(view, batch[i]) : Result<bool>(false));
        if (!hidden) TUPU_TRY(visit(batch[i]));
      }
    }
  }
  return {};
}

// The vertices of a slice: of its labels, and at an edge of its types.
Result<std::set<VertexId>> VerticesOfSlice(const GraphView& view, const SliceOptions& options) {
  std::set<VertexId> vertices;
  TUPU_TRY(ScanSlice(view, options, [&](VertexId id) {
    vertices.insert(id);
    return Status();
  }));
  if (!options.types.empty()) {
    std::set<VertexId> touched;
    std::vector<Neighbour> steps;
    for (const VertexId id : vertices) {
      steps.clear();
      TUPU_TRY(view.Expand(id, Direction::kOut, options.types, steps));
      for (const Neighbour& step : steps)
        if (vertices.contains(step.vertex)) touched.insert({id, step.vertex});
    }
    vertices = std::move(touched);
  }
  if (options.limit != 0 && vertices.size() > options.limit)
    vertices.erase(std::next(vertices.begin(), static_cast<ptrdiff_t>(options.limit)), vertices.end());
  return vertices;
}

// The edges of `types` that start at `vertex`.
Status VisitEdges(const GraphView& view, VertexId vertex, std::span<const EdgeTypeId> types,
                  const std::function<bool(VertexId)>& takes_end, const std::function<Status(const Edge&)>& on_edge) {
  std::vector<Neighbour> steps;
  TUPU_TRY(view.Expand(vertex, Direction::kOut, types, steps));
  for (const Neighbour& step : steps) {
    if (!takes_end(step.vertex)) continue;
    TUPU_TRY_ASSIGN(const Edge edge, ReadEdge(view, ReferenceOf(vertex, step)));
    TUPU_TRY(on_edge(edge));
  }
  return {};
}

Status VisitVertex(const GraphView& view, VertexId id, const std::function<Status(const Vertex&)>& on_vertex) {
  TUPU_TRY_ASSIGN(const Vertex vertex, ReadVertex(view, id));
  return on_vertex(vertex);
}

// The whole graph, nothing held: two scans.
Status VisitGraph(const GraphView& view, const SliceOptions& options,
                  const std::function<Status(const Vertex&)>& on_vertex,
                  const std::function<Status(const Edge&)>& on_edge) {
  TUPU_TRY(ScanSlice(view, options, [&](VertexId id) { return VisitVertex(view, id, on_vertex); }));
  return ScanSlice(view, options, [&](VertexId id) {
    return VisitEdges(
        view, id, {}, [](VertexId) { return true; }, on_edge);
  });
}

Result<std::set<VertexId>> Neighbourhood(const GraphView& view, VertexId centre, const NeighbourhoodOptions& options) {
  std::set<VertexId> seen = {centre};
  std::vector<VertexId> level = {centre};
  std::vector<Neighbour> steps;
  for (uint32_t depth = 0; depth < options.depth && !level.empty(); ++depth) {
    std::vector<VertexId> next;
    for (const VertexId vertex : level) {
      TUPU_TRY(options.cancellation.Check());
      steps.clear();
      TUPU_TRY(view.Expand(vertex, Direction::kBoth, options.types, steps));
      for (const Neighbour& step : steps) {
        if (options.limit != 0 && seen.size() >= options.limit) return seen;
        if (seen.contains(step.vertex)) continue;
        TUPU_TRY_ASSIGN(const bool source, IsSource(view, step.vertex));
        if (source) continue;
        seen.insert(step.vertex);
        next.push_back(step.vertex);
      }
    }
    level = std::move(next);
  }
  return seen;
}

}  // namespace

void PictureBuilder::AddPath(const Path& path) {
  for (size_t place = 0; place < path.vertices.size(); ++place) {
    const VertexId id = path.vertices[place].id;
    AddVertex(path.vertices[place]);
    const auto [known, added] = places_.emplace(id, place);
    if (!added) known->second = std::min(known->second, place);
  }
  for (const Edge& edge : path.edges) AddEdge(edge);
}

bool PictureBuilder::IsTouched(VertexId vertex) const {
  return std::any_of(edges_.begin(), edges_.end(),
                     [&](const auto& entry) { return entry.second.start == vertex || entry.second.end == vertex; });
}

void PictureBuilder::AddEntitiesOf(const Value& value) {
  switch (value.type()) {
    case ValueType::kVertex: AddVertex(value.AsVertex()); break;
    case ValueType::kEdge: AddEdge(value.AsEdge()); break;
    case ValueType::kPath: AddPath(value.AsPath()); break;
    case ValueType::kList:
      for (const Value& item : value.AsList()) AddEntitiesOf(item);
      break;
    case ValueType::kMap:
      for (const auto& [key, item] : value.AsMap()) AddEntitiesOf(item);
      break;
    default: break;
  }
}

Result<Picture> PictureBuilder::Build(std::string title, PictureShape shape, std::set<VertexId> highlights) {
  Picture picture{std::move(title), shape, {}, {}, std::move(places_), std::move(highlights)};
  for (auto& [id, edge] : edges_) {
    for (const VertexId end : {edge.start, edge.end}) {
      if (vertices_.contains(end)) continue;
      TUPU_TRY_ASSIGN(Vertex vertex, ReadVertex(view_, end));
      AddVertex(std::move(vertex));
    }
    picture.edges.push_back(std::move(edge));
  }
  for (auto& [id, vertex] : vertices_) picture.vertices.push_back(std::move(vertex));
  vertices_.clear();
  edges_.clear();
  places_.clear();
  return picture;
}

Result<Picture> PictureOfNeighbourhood(const GraphView& view, VertexId centre, const NeighbourhoodOptions& options) {
  TUPU_TRY_ASSIGN(const std::set<VertexId> vertices, Neighbourhood(view, centre, options));
  PictureBuilder builder(view);
  for (const VertexId id : vertices) {
    TUPU_TRY_ASSIGN(Vertex vertex, ReadVertex(view, id));
    builder.AddVertex(std::move(vertex));
  }
  for (const VertexId id : vertices) {
    TUPU_TRY(VisitEdges(
        view, id, options.types, [&](VertexId end) { return vertices.contains(end); },
        [&](const Edge& edge) {
          builder.AddEdge(edge);
          return Status();
        }));
  }
  TUPU_TRY_ASSIGN(std::string title, ReadCaption(view, centre));
  return builder.Build(std::move(title), PictureShape::kStar, {centre});
}

Status VisitSlice(const GraphView& view, const SliceOptions& options,
                  const std::function<Status(const Vertex&)>& on_vertex,
                  const std::function<Status(const Edge&)>& on_edge) {
  if (options.labels.empty() && options.types.empty() && options.limit == 0 && options.sources)
    return VisitGraph(view, options, on_vertex, on_edge);
  TUPU_TRY_ASSIGN(const std::set<VertexId> vertices, VerticesOfSlice(view, options));
  for (const VertexId id : vertices) TUPU_TRY(VisitVertex(view, id, on_vertex));
  for (const VertexId id : vertices) {
    TUPU_TRY(options.cancellation.Check());
    TUPU_TRY(VisitEdges(
        view, id, options.types, [&](VertexId end) { return vertices.contains(end); }, on_edge));
  }
  return {};
}

Result<Picture> PictureOfSlice(const GraphView& view, const SliceOptions& options) {
  PictureBuilder builder(view);
  TUPU_TRY(VisitSlice(
      view, options,
      [&](const Vertex& vertex) {
        builder.AddVertex(vertex);
        return Status();
      },
      [&](const Edge& edge) {
        builder.AddEdge(edge);
        return Status();
      }));
  return builder.Build("", PictureShape::kNetwork, {});
}

Result<Picture> PictureOfRows(const GraphView& view, const std::vector<Row>& rows) {
  PictureBuilder builder(view);
  bool only_paths = true;
  for (const Row& row : rows) {
    for (const Value& value : row) {
      builder.AddEntitiesOf(value);
      if (value.type() == ValueType::kVertex || value.type() == ValueType::kEdge) only_paths = false;
    }
  }
  return builder.Build("", only_paths ? PictureShape::kChain : PictureShape::kNetwork, {});
}

}  // namespace tupu
