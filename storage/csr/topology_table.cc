#include "storage/csr/topology_table.h"

#include "storage/csr/topology_builder.h"

namespace tupu {

void TopologyPart::AppendSteps(VertexId vertex, uint64_t at, bool skip_self_loops, std::vector<Neighbour>& out) const {
  const TopologyCsr::Row row = csr->RowOf(vertex);
  RowChanges changes;
  if (!delta->MayHave(vertex) || !delta->Read(vertex, at, changes)) {
    csr->AppendSteps(row, vertex, set, skip_self_loops, out);
    return;
  }
  MergeRow(*csr, row, changes, [&](uint64_t target, uint64_t edge) {
    if (skip_self_loops && static_cast<VertexId>(target) == vertex) return;
    out.push_back(
        {static_cast<VertexId>(target), static_cast<EdgeId>(edge), set.type, set.side == AdjacencySide::kOut});
  });
}

uint64_t TopologyPart::DegreeOf(VertexId vertex, uint64_t at, bool skip_self_loops) const {
  const TopologyCsr::Row row = csr->RowOf(vertex);
  uint64_t degree = row.size() - (skip_self_loops ? csr->CountSelfLoops(row, vertex) : 0);
  if (!delta->MayHave(vertex)) return degree;
  const TopologyDelta::Growth growth = delta->GrowthOf(vertex, at);
  return degree + static_cast<uint64_t>(growth.edges - (skip_self_loops ? growth.self_loops : 0));
}

}  // namespace tupu
