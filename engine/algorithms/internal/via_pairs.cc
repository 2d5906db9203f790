#include "engine/algorithms/internal/via_pairs.h"

#include <algorithm>
#include <span>
#include <tuple>

#include <fmt/format.h>

namespace tupu {
namespace {

/// All parallel legs from one start to one end.
struct MergedLeg {
  VertexId start{};
  double weight = 0.0;
  uint64_t edges = 0;
};

/// `legs`: of one end, by start.
void MergeLegs(std::span<const ViaLeg> legs, WeightMeaning meaning, std::vector<MergedLeg>& merged) {
  merged.clear();
  for (const ViaLeg& leg : legs) {
    if (merged.empty() || merged.back().start != leg.start) {
      merged.push_back({leg.start, leg.weight, 1});
      continue;
    }
    MergedLeg& last = merged.back();
    last.weight = meaning == WeightMeaning::kStrength ? last.weight + leg.weight : std::min(last.weight, leg.weight);
    ++last.edges;
  }
}

Status AddPairs(std::span<const MergedLeg> starts, WeightMeaning meaning, SliceContent& content) {
  if (starts.size() < 2) return {};
  const uint64_t pairs = uint64_t{starts.size()} * (starts.size() - 1) / 2;
  if (2 * (content.lines.size() + pairs) > kMaxSliceArcs)
    return Error{
        ErrorCode::kResourceExhausted,
        fmt::format("the projection via an end with {} starts would make more than {} arcs; choose fewer types or "
                    "labels, or switch `via` off",
                    starts.size(), kMaxSliceArcs)};
  for (size_t i = 0; i < starts.size(); ++i) {
    content.via_edges.push_back({starts[i].start, starts[i].edges});
    for (size_t j = i + 1; j < starts.size(); ++j) {
      const double a = starts[i].weight;
      const double b = starts[j].weight;
      const double weight = meaning == WeightMeaning::kStrength ? std::min(a, b) : a + b;
      content.lines.push_back({starts[i].start, starts[j].start, weight, true, false});
    }
  }
  return {};
}

}  // namespace

Status AddViaPairs(std::vector<ViaLeg> legs, WeightMeaning meaning, const CancellationToken& cancellation,
                   SliceContent& content) {
  // Stable: parallel legs add up in the order of the store, so that sums are the same every time.
  std::stable_sort(legs.begin(), legs.end(), [](const ViaLeg& a, const ViaLeg& b) {
    return std::tie(a.family, a.target, a.start) < std::tie(b.family, b.target, b.start);
  });
  std::vector<MergedLeg> starts;
  for (size_t begin = 0, end = 0; begin < legs.size(); begin = end) {
    TUPU_TRY(cancellation.Check());
    while (end < legs.size() && legs[end].family == legs[begin].family && legs[end].target == legs[begin].target) ++end;
    MergeLegs({legs.data() + begin, end - begin}, meaning, starts);
    TUPU_TRY(AddPairs(starts, meaning, content));
    content.via_targets.push_back(legs[begin].target);
  }
  std::sort(content.via_targets.begin(), content.via_targets.end());
  content.via_targets.erase(std::unique(content.via_targets.begin(), content.via_targets.end()),
                            content.via_targets.end());
  return {};
}

}  // namespace tupu
