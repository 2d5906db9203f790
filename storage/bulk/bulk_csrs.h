#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <vector>

#include <tupu/ids.h>
#include <tupu/result.h>

#include "storage/bulk/spill_pool.h"
#include "storage/csr/topology_csr.h"
#include "storage/keys/adjacency_block.h"

namespace tupu {

/// The CSRs of a load into a graph without edges, gathered from the sorted lists as they become blocks: so the file that the
/// next opening maps (storage/csr/saved_topology.h) costs no second reading. What waits lies in the pool; while a CSR is put
/// together, that one is in memory.
class BulkCsrs {
 public:
  /// Below these ids all vertices and edges lie: they decide the widths.
  BulkCsrs(SpillPool& pool, uint64_t next_vertex, uint64_t next_edge)
      : pool_(pool), next_vertex_(next_vertex), next_edge_(next_edge) {}

  /// The lists of one run of vertices, taken by one thread.
  class Part {
   public:
    /// `first_vertex`: none of the run is below.
    Part(BulkCsrs& csrs, uint64_t first_vertex) : csrs_(csrs), first_vertex_(first_vertex) {}
    /// Requires: vertices ascend within a set, less than 2^32 of them; entries in their order.
    void Add(VertexId vertex, ListSet set, std::span<const AdjacencyEntry> entries);
    /// Errors: kIo.
    Status Finish();

   private:
    struct Lists {
      explicit Lists(const BulkCsrs& csrs);
      std::vector<CsrRowSize> rows;
      IdColumn targets;
      IdColumn edges;
    };
    BulkCsrs& csrs_;
    const uint64_t first_vertex_;
    std::map<ListSet, Lists> lists_;
  };

  /// The sets with edges. Requires: every part is finished.
  std::vector<ListSet> sets() const;
  /// Their CSR, once each. Errors: kIo.
  Result<TopologyCsr> Take(ListSet set);

 private:
  struct Pieces {
    SpilledPiece rows;
    SpilledPiece targets;
    SpilledPiece edges;
  };

  SpillPool& pool_;
  const uint64_t next_vertex_;
  const uint64_t next_edge_;
  std::mutex mutex_;
  std::map<ListSet, std::map<uint64_t, Pieces>> pieces_;  // by the first vertex of the part
};

}  // namespace tupu
