#include "engine/algorithms/internal/slice_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <span>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "engine/algorithms/internal/via_pairs.h"
#include "storage/catalog/catalog.h"
#include "storage/graph/graph_view.h"

namespace tupu {
namespace {

/// Appends all vertices, or those with `label`.
Status AppendVertices(const GraphView& view, std::optional<LabelId> label, const CancellationToken& cancellation,
                      std::vector<VertexId>& out) {
  TUPU_TRY_ASSIGN(const std::unique_ptr<VertexCursor> cursor, view.ScanVertices(label));
  std::array<VertexId, 1024> batch;
  while (true) {
    TUPU_TRY(cancellation.Check());
    TUPU_TRY_ASSIGN(const size_t count, cursor->Next(batch));
    if (count == 0) return {};
    out.insert(out.end(), batch.begin(), batch.begin() + static_cast<ptrdiff_t>(count));
  }
}

/// Vertices that may be in the slice: labels, less what is left out, less what counts as another vertex.
Result<std::vector<VertexId>> ReadMembers(const GraphView& view, const SliceRequest& request,
                                          const SliceSelection& selection, const CancellationToken& cancellation) {
  std::vector<VertexId> members;
  if (!selection.labels) TUPU_TRY(AppendVertices(view, std::nullopt, cancellation, members));
  if (selection.labels)
    for (const LabelId label : *selection.labels) TUPU_TRY(AppendVertices(view, label, cancellation, members));
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  std::vector<VertexId> left_out;
  if (selection.left_out) TUPU_TRY(AppendVertices(view, selection.left_out, cancellation, left_out));
  for (const auto& [vertex, other] : request.counted_as) left_out.push_back(vertex);
  if (left_out.empty()) return members;
  std::sort(left_out.begin(), left_out.end());
  std::vector<VertexId> kept;
  std::set_difference(members.begin(), members.end(), left_out.begin(), left_out.end(), std::back_inserter(kept));
  return kept;
}

/// Membership by id, a bit each: ids are dense.
class VertexSet {
 public:
  explicit VertexSet(std::span<const VertexId> ascending)
      : bits_(ascending.empty() ? 0 : ToInteger(ascending.back()) + 1, false) {
    for (const VertexId vertex : ascending) bits_[ToInteger(vertex)] = true;
  }
  bool Contains(VertexId vertex) const { return ToInteger(vertex) < bits_.size() && bits_[ToInteger(vertex)]; }

 private:
  std::vector<bool> bits_;
};

class EdgeReader {
 public:
  EdgeReader(const GraphView& view, const SliceRequest& request, const SliceSelection& selection,
             std::span<const VertexId> members)
      : view_(view), request_(request), selection_(selection), members_(members) {
    for (const SelectedType& type : selection.types) type_ids_.push_back(type.id);
  }

  /// Every edge that starts at one of `starts`, which ascend: each stored edge is met once.
  Status Read(std::span<const VertexId> starts, const CancellationToken& cancellation) {
    view_.PrepareExpansions(starts.size(), Direction::kOut, type_ids_);
    // A scan of all lists costs less than looking up a quarter of them.
    if (starts.size() >= view_.CountVertices(std::nullopt) / 4) {
      size_t lists = 0;
      return view_.VisitSteps(Direction::kOut, type_ids_,
                              [&](VertexId vertex, std::span<const Neighbour> steps) -> Status {
                                if (++lists % 256 == 0) TUPU_TRY(cancellation.Check());
                                return AddSteps(vertex, steps);
                              });
    }
    NeighbourLists lists;
    while (!starts.empty()) {
      TUPU_TRY(cancellation.Check());
      TUPU_TRY(view_.ExpandBatch(starts.first(std::min<size_t>(starts.size(), 256)), Direction::kOut, type_ids_,
                                 kMostStepsAtOnce, lists));
      for (size_t i = 0; i < lists.size(); ++i) TUPU_TRY(AddSteps(starts[i], lists[i]));
      starts = starts.subspan(lists.size());
    }
    return {};
  }

  std::vector<SliceLine>& lines() { return lines_; }
  std::vector<ViaLeg>& legs() { return legs_; }

 private:
  static constexpr size_t kMostStepsAtOnce = 1 << 16;

  /// Of a vertex that is not in the slice, too: then nothing.
  Status AddSteps(VertexId vertex, std::span<const Neighbour> steps) {
    const VertexId start = CountedAs(vertex);
    if (!members_.Contains(start)) return {};
    for (const Neighbour& step : steps) TUPU_TRY(AddEdge(vertex, start, step));
    return {};
  }

  VertexId CountedAs(VertexId vertex) const {
    if (request_.counted_as.empty()) return vertex;
    const auto found = request_.counted_as.find(vertex);
    return found == request_.counted_as.end() ? vertex : found->second;
  }

  Status AddEdge(VertexId vertex, VertexId start, const Neighbour& step) {
    const VertexId end = CountedAs(step.vertex);
    if (start == end && vertex != step.vertex) return {};  // within one group
    const SelectedType& type = TypeOf(step.type);
    if (type.via ? start == end : !members_.Contains(end)) return {};
    TUPU_TRY_ASSIGN(const double weight, WeightOf({step.edge, vertex, step.vertex, step.type}, type));
    if (type.via)
      legs_.push_back({type.family, end, start, weight});
    else
      lines_.push_back({start, end, weight, type.symmetric, true});
    return {};
  }

  const SelectedType& TypeOf(EdgeTypeId id) const {
    return *std::lower_bound(selection_.types.begin(), selection_.types.end(), id,
                             [](const SelectedType& type, EdgeTypeId wanted) { return type.id < wanted; });
  }

  Result<double> WeightOf(const EdgeReference& edge, const SelectedType& type) const {
    if (!selection_.weighted || !type.weight) return selection_.weighted ? request_.default_weight : 1.0;
    TUPU_TRY_ASSIGN(const Value value, view_.EdgeProperty(edge, *type.weight));
    if (value.is_null()) return request_.default_weight;
    if (value.is_number() && value.ToDouble() >= 0.0 && std::isfinite(value.ToDouble())) return value.ToDouble();
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("the weight \"{}\" of edge {} ({}, from vertex {} to vertex {}) is {}; a weight must be a finite "
                    "number, 0 or more",
                    view_.catalog().property_keys().GetName(*type.weight), ToInteger(edge.id),
                    view_.catalog().edge_types().GetName(edge.type), ToInteger(edge.start), ToInteger(edge.end),
                    value.ToString())};
  }

  const GraphView& view_;
  const SliceRequest& request_;
  const SliceSelection& selection_;
  VertexSet members_;
  std::vector<EdgeTypeId> type_ids_;
  std::vector<SliceLine> lines_;
  std::vector<ViaLeg> legs_;
};

}  // namespace

Result<SliceContent> ReadSlice(const GraphView& view, const SliceRequest& request, const SliceSelection& selection,
                               const CancellationToken& cancellation) {
  SliceContent content;
  TUPU_TRY_ASSIGN(content.members, ReadMembers(view, request, selection, cancellation));
  if (selection.types.empty()) return content;  // Expand would take an empty list for every type
  EdgeReader reader(view, request, selection, content.members);
  std::vector<VertexId> starts = content.members;
  for (const auto& [vertex, other] : request.counted_as) starts.push_back(vertex);
  std::sort(starts.begin(), starts.end());
  TUPU_TRY(reader.Read(starts, cancellation));
  content.lines = std::move(reader.lines());
  TUPU_TRY(AddViaPairs(std::move(reader.legs()), request.weight_meaning, cancellation, content));
  return content;
}

}  // namespace tupu
