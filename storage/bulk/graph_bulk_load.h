#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include <tupu/cancellation.h>
#include <tupu/ids.h>
#include <tupu/result.h>

#include "storage/bulk/bulk_csrs.h"
#include "storage/bulk/bulk_edges.h"
#include "storage/bulk/bulk_indexes.h"
#include "storage/bulk/bulk_vertices.h"
#include "storage/bulk/spill_pool.h"
#include "storage/kv/kv_store.h"

namespace tupu {

class StoreCore;

struct BulkLoadOptions {
  /// Of pieces waiting to be sorted; beyond it they go to a temporary file. The maps of ids and the files being written
  /// come on top: 4 to 48 bytes a vertex, some 100 MiB in all.
  uint64_t memory = 320ull << 20;
  size_t threads = 1;
};

/// A load of new vertices and edges that goes into the store as sorted files, taken in at once, in place of a commit.
///
/// Life      Begin (keeps other writers out) -> vertices -> BeginEdges -> edges -> Commit. Dropped before Commit, or cut
///           off at any point, it leaves the store as it was.
/// Promises  The store then holds exactly the keys and values that one transaction with the same vertices and edges in
///           the same order would have written. Names given out stay in the catalog, as those of a dropped transaction.
/// Stored    Edges may begin and end at stored vertices: their lists are read, merged and written again.
/// Merged    Several rows may mean one new edge (EdgeBatch::TakeOut); which ones do, the caller says.
/// CSRs      Where no edge was stored and building them would cost enough, they are saved with the load, out of the same
///           lists; else a file of saved CSRs is given up.
/// Checked   Constraints and declared keys, among the new entities and against the stored ones: Commit refuses a load that
///           breaks one. Property indexes get their entries; their statistics stay as they are (RefreshStatistics).
/// Not here  Changes to stored vertices and edges.
/// Threads   Batches are filled and passed on by several threads; Admit calls come one at a time, in order.
class GraphBulkLoad {
 public:
  /// Waits for a writer to end. Errors: kUnsupported (read-only; a backend without it), kIo.
  static Result<std::unique_ptr<GraphBulkLoad>> Begin(std::shared_ptr<StoreCore> core, const BulkLoadOptions& options);
  ~GraphBulkLoad();
  GraphBulkLoad(const GraphBulkLoad&) = delete;
  GraphBulkLoad& operator=(const GraphBulkLoad&) = delete;

  const GraphSnapshot& base() const { return *base_; }
  const BulkLoadOptions& options() const { return options_; }

  LabelId InternLabel(std::string_view name);
  EdgeTypeId InternEdgeType(std::string_view name);
  PropertyKeyId InternPropertyKey(std::string_view name);
  IdGroupId InternIdGroup(std::string_view name);

  /// As GraphTransaction::SetOntology. Requires: the store has no vertex, and none was admitted.
  Status SetOntology(std::string_view json);
  const Ontology& ontology() const { return *ontology_; }

  BulkVertices& vertices() { return *vertices_; }
  /// What feeds pass entities on to. Lives from SetOntology on.
  BulkIndexes& indexes() { return *indexes_; }
  /// `expected`: about so many edges will come. Requires: every vertex was admitted.
  void BeginEdges(uint64_t expected);
  BulkEdges& edges() { return *edges_; }
  /// The id that the next new edge gets.
  EdgeId next_edge() const { return static_cast<EdgeId>(edge_counts_.next_edge); }
  /// The id of the batch's first edge. Threads: one at a time.
  EdgeId AdmitEdges(const EdgeBatch& batch);

  bool any_change() const {
    return ontology_changed_ || any_admitted_ || vertices_->counts().next_vertex != first_vertex();
  }
  /// Sorts, writes the files, takes them in. Requires: every feed is finished; once. Errors: kConstraint, kIo, kCancelled,
  /// ...
  Status Commit(const CancellationToken& cancellation);

 private:
  GraphBulkLoad(std::shared_ptr<StoreCore> core, const BulkLoadOptions& options);
  uint64_t first_vertex() const { return vertices_->first_vertex(); }
  void PrepareIndexes();
  GraphCounts Counts() const;
  Status WriteRuns(const CancellationToken& cancellation);

  const std::shared_ptr<StoreCore> core_;
  const BulkLoadOptions options_;
  const std::unique_lock<std::mutex> no_schema_change_;  // an index made meanwhile would miss the load
  std::shared_ptr<const GraphSnapshot> base_;
  std::shared_ptr<const Ontology> ontology_;
  bool ontology_changed_ = false;
  bool any_admitted_ = false;
  std::unique_ptr<KvBulkWriter> writer_;
  std::unique_ptr<SpillPool> pool_;
  std::unique_ptr<BulkIndexes> indexes_;
  std::unique_ptr<BulkVertices> vertices_;
  std::unique_ptr<BulkEdges> edges_;
  std::unique_ptr<BulkCsrs> csrs_;  // if they are worth saving and the load has all edges
  GraphCounts edge_counts_;         // only what concerns edges
};

}  // namespace tupu
