#include "engine/algorithms/slice.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "engine/algorithms/internal/slice_reader.h"
#include "engine/algorithms/internal/slice_selection.h"
#include "engine/algorithms/internal/via_pairs.h"

namespace tupu {
namespace {

void SortUnique(std::vector<VertexId>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

/// Ends of lines, and the untouched members if they are asked for.
std::vector<VertexId> VerticesOf(const SliceContent& content, bool isolated) {
  std::vector<VertexId> vertices;
  vertices.reserve(2 * content.lines.size());
  for (const SliceLine& line : content.lines) {
    vertices.push_back(line.start);
    vertices.push_back(line.end);
  }
  SortUnique(vertices);
  if (!isolated) return vertices;
  std::set_difference(content.members.begin(), content.members.end(), content.via_targets.begin(),
                      content.via_targets.end(), std::back_inserter(vertices));
  SortUnique(vertices);
  return vertices;
}

/// VertexIndex by id: a table, since ids are dense.
std::vector<VertexIndex> IndexTable(const std::vector<VertexId>& vertices) {
  std::vector<VertexIndex> table(vertices.empty() ? 0 : ToInteger(vertices.back()) + 1);
  for (size_t i = 0; i < vertices.size(); ++i) table[ToInteger(vertices[i])] = static_cast<VertexIndex>(i);
  return table;
}

std::vector<Arc> ArcsOf(const SliceContent& content, const std::vector<VertexIndex>& index, Orientation orientation) {
  std::vector<Arc> arcs;
  arcs.reserve(content.lines.size() * (orientation == Orientation::kUndirected ? 2 : 1));
  for (const SliceLine& line : content.lines) {
    const VertexIndex start = index[ToInteger(line.start)];
    const VertexIndex end = index[ToInteger(line.end)];
    // A symmetric self loop is one arc where direction counts; undirected, every self loop has two ends, as in a
    // degree.
    const bool both = orientation == Orientation::kUndirected || (line.both_ways && start != end);
    if (both || orientation == Orientation::kNatural) arcs.push_back({start, end, line.weight});
    if (both || orientation == Orientation::kReverse) arcs.push_back({end, start, line.weight});
  }
  return arcs;
}

void CountStatedEdges(const SliceContent& content, const std::vector<VertexIndex>& index, ParallelEdges parallel,
                      Slice& slice) {
  slice.stated_edges.assign(slice.graph.num_vertices(), 0);
  for (const SliceLine& line : content.lines) {
    const bool self_loop = line.start == line.end;
    if (!line.stated || (self_loop && parallel == ParallelEdges::kMerged)) continue;
    ++slice.num_stated_edges;
    ++slice.stated_edges[index[ToInteger(line.start)]];
    if (!self_loop) ++slice.stated_edges[index[ToInteger(line.end)]];
  }
  for (const RestsOn& via : content.via_edges) {
    slice.num_stated_edges += via.edges;
    slice.stated_edges[index[ToInteger(via.vertex)]] += via.edges;
  }
}

ParallelArcs HowToMerge(const SliceRequest& request) {
  if (request.parallel_edges == ParallelEdges::kKept) return ParallelArcs::kKeep;
  return request.weight_meaning == WeightMeaning::kStrength ? ParallelArcs::kSumWeights : ParallelArcs::kLeastWeight;
}

}  // namespace

Result<Slice> BuildSlice(const GraphView& view, const SliceRequest& request, const CancellationToken& cancellation) {
  TUPU_TRY_ASSIGN(const SliceSelection selection, SelectSlice(view, request));
  TUPU_TRY_ASSIGN(const SliceContent content, ReadSlice(view, request, selection, cancellation));
  if (2 * content.lines.size() > kMaxSliceArcs)
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("the slice has more than {} arcs; choose fewer types or labels", kMaxSliceArcs)};
  std::vector<VertexId> vertices = VerticesOf(content, selection.isolated);
  const std::vector<VertexIndex> index = IndexTable(vertices);
  Slice slice;
  slice.graph = CsrGraph::FromArcs(std::move(vertices), ArcsOf(content, index, request.orientation),
                                   {.symmetric = request.orientation == Orientation::kUndirected,
                                    .weighted = selection.weighted,
                                    .with_in = true,
                                    .parallel = HowToMerge(request)});
  CountStatedEdges(content, index, request.parallel_edges, slice);
  return slice;
}

}  // namespace tupu
