#pragma once

#include <atomic>
#include <span>
#include <vector>

#include <tupu/result.h>

#include "storage/csr/topology_csr.h"
#include "storage/csr/topology_delta.h"
#include "storage/keys/graph_counts.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// One committed state, as far as its adjacency goes.
struct TopologySource {
  std::shared_ptr<const KvSnapshot> kv;  // shared: a build goes on while the store publishes later states
  GraphCounts counts;
};

/// The CSRs of `sets` from one scan of the adjacency blocks; result[i] belongs to sets[i].
///
/// Cost    one scan whatever the sets, since lists lie by vertex; `threads` ranges of vertices are scanned side by side,
///         which takes the memory of the result twice at the end, with one thread once.
/// Errors  kCorruption: a damaged block, a target that was never given out, a degree or a count that is not the number of
///         edges found. kCancelled after `stop` was set.
Result<std::vector<TopologyCsr>> BuildTopology(const TopologySource& source, std::span<const ListSet> sets,
                                               unsigned threads, const std::atomic<bool>& stop);

/// Calls visit(target, edge) along the row as `changes` leave it, in its order.
template <class Visitor>
void MergeRow(const TopologyCsr& csr, const TopologyCsr::Row& row, const RowChanges& changes, Visitor&& visitor) {
  auto added = changes.added.begin();
  auto removed = changes.removed.begin();
  csr.VisitRow(row, [&](uint64_t target, uint64_t edge) {
    const RowEdge at{target, edge};
    for (; added != changes.added.end() && *added < at; ++added) visitor(added->target, added->edge);
    while (removed != changes.removed.end() && *removed < at) ++removed;
    if (removed != changes.removed.end() && *removed == at) return;
    visitor(target, edge);
  });
  for (; added != changes.added.end(); ++added) visitor(added->target, added->edge);
}

/// `csr` with what `delta` holds up to `commit`. `source` gives the widths: next_vertex and next_edge at `commit` or later.
TopologyCsr FoldTopology(const TopologyCsr& csr, const TopologyDelta& delta, uint64_t commit, uint64_t next_vertex,
                         uint64_t next_edge);

}  // namespace tupu
