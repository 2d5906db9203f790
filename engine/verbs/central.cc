#include "engine/verbs/central.h"

#include <algorithm>
#include <array>

#include "engine/verbs/entity.h"
#include "engine/verbs/group.h"

namespace tupu {

namespace {

constexpr std::array<std::string_view, 1> kCentralFamilies = {"cooperation"};

Result<CentralityRequest> RequestOf(const GraphView& view, const CentralOptions& options) {
  // Names are checked here for the hint that all verbs give; the slice resolves them again.
  TUPU_TRY(ResolveEdgeScope(view, options.edges, kCentralFamilies));
  CentralityRequest request;
  request.measure = options.measure;
  request.slice.labels = options.labels;
  request.slice.types = options.edges.types;
  request.slice.family = options.edges.empty() ? std::string(kCentralFamilies[0]) : options.edges.family;
  request.slice.orientation = options.directed ? Orientation::kNatural : Orientation::kUndirected;
  request.slice.weight_property = options.weight_property;
  if (options.group) {
    TUPU_TRY_ASSIGN(request.slice.counted_as, TopsOfGroups(view, options.cancellation));
  }
  return request;
}

}  // namespace

Result<CentralAnswer> FindCentral(const GraphView& view, const CentralOptions& options, size_t limit) {
  TUPU_TRY_ASSIGN(const CentralityRequest request, RequestOf(view, options));
  TUPU_TRY_ASSIGN(const CentralityResult result, ComputeCentrality(view, request, options.cancellation));
  CentralAnswer answer;
  answer.vertices = result.num_vertices;
  answer.edges = result.num_stated_edges;
  for (const CentralityRow& row : result.rows) {
    if (!(row.score > 0)) continue;
    ++answer.scored;
    if (answer.rows.size() == limit) continue;
    CentralVertex central;
    TUPU_TRY_ASSIGN(central.vertex, ReadVertex(view, row.vertex));
    central.score = row.score;
    central.edges = row.edges;
    answer.rows.push_back(std::move(central));
  }
  return answer;
}

}  // namespace tupu
