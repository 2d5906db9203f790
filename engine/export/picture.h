#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>
#include <tupu/row.h>
#include <tupu/value.h>

#include "storage/graph/graph_view.h"

namespace tupu {

/// What a drawing should look like as a whole.
enum class PictureShape : uint8_t {
  kNetwork,  // vertices around each other
  kStar,     // a neighbourhood around one vertex
  kChain,    // paths and layers, from left to right
};

/// A part of the graph to be drawn or written: neutral to every format.
struct Picture {
  std::string title;
  PictureShape shape = PictureShape::kNetwork;
  std::vector<Vertex> vertices;       // ascending id, each once
  std::vector<Edge> edges;            // ascending id, each once; both ends are among the vertices
  std::map<VertexId, size_t> places;  // of vertices on paths: steps from the beginning, the least of all paths
  std::set<VertexId> highlights;      // what was asked for
};

/// Collects a Picture from pieces in any order; what comes twice is kept once.
class PictureBuilder {
 public:
  explicit PictureBuilder(const GraphView& view) : view_(view) {}

  void AddVertex(Vertex vertex) { vertices_.insert_or_assign(vertex.id, std::move(vertex)); }
  void AddEdge(Edge edge) { edges_.insert_or_assign(edge.id, std::move(edge)); }
  void AddPath(const Path& path);
  /// Every entity in `value`, nested in lists, maps and paths as well.
  void AddEntitiesOf(const Value& value);
  bool empty() const { return vertices_.empty() && edges_.empty(); }
  /// True once an edge that was added ends at `vertex`.
  bool IsTouched(VertexId vertex) const;

  /// Reads the ends that are missing and gives the whole. Errors: those of the view.
  Result<Picture> Build(std::string title, PictureShape shape, std::set<VertexId> highlights);

 private:
  const GraphView& view_;
  std::map<VertexId, Vertex> vertices_;
  std::map<EdgeId, Edge> edges_;
  std::map<VertexId, size_t> places_;
};

struct NeighbourhoodOptions {
  uint32_t depth = 1;
  std::vector<EdgeTypeId> types;  // empty: every type
  size_t limit = 0;               // at most so many vertices, the nearest ones; 0: all
  CancellationToken cancellation;
};

/// `centre` and what is at most `depth` steps away over the types, in either direction, with every edge of the types among
/// them. Documents (kSourceLabel) only as centre.
/// Cost  one Expand per vertex of the picture.
Result<Picture> PictureOfNeighbourhood(const GraphView& view, VertexId centre, const NeighbourhoodOptions& options);

struct SliceOptions {
  std::vector<std::string> labels;  // empty: any, documents left out unless `sources`
  bool sources = false;
  std::vector<EdgeTypeId> types;  // empty: every type
  size_t limit = 0;               // at most so many vertices, those of the lowest ids; 0: all
  CancellationToken cancellation;
};

/// The vertices of a slice and the edges of its types among them; where types are given, only vertices that one of these
/// edges touches. Errors: kNotFound for an unknown label.
Result<Picture> PictureOfSlice(const GraphView& view, const SliceOptions& options);

/// Walks a slice without holding it: every vertex, then every edge, each once in ascending id of vertex and start. Stops at
/// the first error of a visitor. The ids of the vertices are held where labels or types are named.
Status VisitSlice(const GraphView& view, const SliceOptions& options,
                  const std::function<Status(const Vertex&)>& on_vertex,
                  const std::function<Status(const Edge&)>& on_edge);

/// Every entity in the rows of an answer, nested in lists, maps and paths as well; missing ends of edges are read from
/// `view`. An answer without entities gives an empty picture.
Result<Picture> PictureOfRows(const GraphView& view, const std::vector<Row>& rows);

}  // namespace tupu
