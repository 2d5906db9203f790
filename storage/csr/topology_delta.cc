#include "storage/csr/topology_delta.h"

#include <algorithm>
#include <bit>

namespace tupu {

namespace {

/// Position of the first change after `commit`.
template <class Changes>
auto EndAt(const Changes& changes, uint64_t commit) {
  return std::upper_bound(changes.begin(), changes.end(), commit,
                          [](uint64_t wanted, const auto& change) { return wanted < change.commit; });
}

}  // namespace

TopologyDelta::TopologyDelta(uint64_t next_vertex)
    : mask_(std::bit_ceil(std::max<uint64_t>(next_vertex, 64)) - 1), bits_((mask_ + 1) / 64) {}

void TopologyDelta::Add(uint64_t commit, VertexId vertex, RowEdge edge, bool added) {
  {
    Shard& shard = ShardOf(vertex);
    std::unique_lock lock(shard.mutex);
    std::vector<Change>& changes = shard.changes[vertex];
    Growth growth = changes.empty() ? Growth{} : changes.back().growth;
    const int64_t step = added ? 1 : -1;
    growth.edges += step;
    if (edge.target == ToInteger(vertex)) growth.self_loops += step;
    changes.push_back({commit, edge, growth, added});
  }
  size_.fetch_add(1, std::memory_order_relaxed);
  const uint64_t id = ToInteger(vertex) & mask_;
  bits_[id / 64].fetch_or(uint64_t{1} << (id % 64), std::memory_order_release);
}

bool TopologyDelta::Read(VertexId vertex, uint64_t commit, RowChanges& out) const {
  out.added.clear();
  out.removed.clear();
  struct Step {
    RowEdge edge;
    bool added;
  };
  std::vector<Step> steps;
  {
    const Shard& shard = ShardOf(vertex);
    std::shared_lock lock(shard.mutex);
    const auto found = shard.changes.find(vertex);
    if (found == shard.changes.end()) return false;
    const auto end = EndAt(found->second, commit);
    steps.reserve(static_cast<size_t>(end - found->second.begin()));
    for (auto at = found->second.begin(); at != end; ++at) steps.push_back({at->edge, at->added});
  }
  // Stable: the changes of one edge stay in their order. The first tells whether the CSR has it, the last whether it is.
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.edge < b.edge; });
  for (size_t i = 0; i < steps.size();) {
    size_t last = i;
    while (last + 1 < steps.size() && steps[last + 1].edge == steps[i].edge) ++last;
    if (steps[i].added && steps[last].added) out.added.push_back(steps[i].edge);
    if (!steps[i].added && !steps[last].added) out.removed.push_back(steps[i].edge);
    i = last + 1;
  }
  return !out.added.empty() || !out.removed.empty();
}

TopologyDelta::Growth TopologyDelta::GrowthOf(VertexId vertex, uint64_t commit) const {
  const Shard& shard = ShardOf(vertex);
  std::shared_lock lock(shard.mutex);
  const auto found = shard.changes.find(vertex);
  if (found == shard.changes.end()) return {};
  const auto end = EndAt(found->second, commit);
  return end == found->second.begin() ? Growth{} : (end - 1)->growth;
}

std::vector<VertexId> TopologyDelta::ChangedVertices() const {
  std::vector<VertexId> vertices;
  for (const Shard& shard : shards_) {
    std::shared_lock lock(shard.mutex);
    for (const auto& [vertex, changes] : shard.changes) vertices.push_back(vertex);
  }
  std::sort(vertices.begin(), vertices.end());
  return vertices;
}

void TopologyDelta::CopyAfter(uint64_t commit, TopologyDelta& to) const {
  for (const Shard& shard : shards_) {
    std::shared_lock lock(shard.mutex);
    for (const auto& [vertex, changes] : shard.changes) {
      for (auto at = EndAt(changes, commit); at != changes.end(); ++at) to.Add(at->commit, vertex, at->edge, at->added);
    }
  }
}

}  // namespace tupu
