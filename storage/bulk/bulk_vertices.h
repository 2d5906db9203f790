#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/ids.h>
#include <tupu/result.h>

#include "storage/bulk/bulk_indexes.h"
#include "storage/bulk/external_id_map.h"
#include "storage/bulk/key_sorter.h"
#include "storage/bulk/spill_pool.h"
#include "storage/graph/graph_snapshot.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// New vertices in file order, gathered by one thread.
class VertexBatch {
 public:
  struct Row {
    uint64_t hash = 0;  // of group and id, ExternalIdMap::Hash
    IdGroupId group{};
    uint32_t id_size = 0;
    uint32_t record_size = 0;
    uint32_t names_size = 0;  // encoded: sized texts
    uint32_t label_set = 0;   // BulkVertices::LabelSet
    VertexId vertex{};        // after Admit
    bool rejected = false;    // after Admit: the id is taken, by `vertex`
  };

  /// `row`: encoded properties; `names`: as IndexedNames gives them.
  void Add(StoredExternalId id, uint32_t label_set, const std::vector<LabelId>& labels, std::string_view row,
           std::span<const std::string> names);
  size_t size() const { return rows_.size(); }
  const std::vector<Row>& rows() const { return rows_; }
  /// Cost: linear in `row`.
  std::string_view IdOf(size_t row) const;
  void Clear() {
    rows_.clear();
    bytes_.clear();
  }

 private:
  friend class BulkVertices;
  std::vector<Row> rows_;
  std::string bytes_;  // of each row: id, record, names
};

/// The vertices of a load on their way to records, label membership and the indexes of names and external ids.
class BulkVertices {
 public:
  BulkVertices(SpillPool& pool, std::shared_ptr<const GraphSnapshot> base);

  /// A number for a set of labels (sorted, each once). Threads: safe.
  uint32_t LabelSet(const std::vector<LabelId>& labels);
  /// Lives as long as this. Threads: safe.
  const std::vector<LabelId>& LabelsOf(uint32_t set) const;

  /// Gives the rows their vertex ids; rejects a row whose id another one has. Threads: one batch at a time, in file
  /// order; no look-up meanwhile. Errors: of the store.
  Status Admit(VertexBatch& batch);

  /// What one thread passes on after Admit.
  class Feed {
   public:
    Feed(BulkVertices& vertices, BulkIndexes& indexes)
        : vertices_(vertices), names_(vertices.names_), indexes_(indexes) {}
    /// Errors: kIo.
    Status Add(const VertexBatch& batch);
    Status Finish();

   private:
    BulkVertices& vertices_;
    KeySorter::Feed names_;
    std::map<IdGroupId, KeySorter::Feed> ids_;
    BulkIndexes::Feed indexes_;
  };

  /// Of the load's own vertices. Threads: safe while none is admitted.
  const ExternalIdMap& ids() const { return ids_; }
  /// The vertex that had the id before the load. Threads: safe. Cost: a read of the store, none if it had no vertex.
  Result<std::optional<VertexId>> FindStored(IdGroupId group, std::string_view id) const;
  /// A row of the load named the id of a stored vertex: edges will, too. Threads: as Admit.
  void RememberStored(IdGroupId group, std::string_view id, VertexId vertex);
  /// Those remembered. Threads: safe while none is.
  const ExternalIdMap& stored_ids() const { return stored_ids_; }
  /// The labels of a vertex; those of the load's own are known if KeepLabelSets was called before the first one.
  /// Lives as long as this. Threads: safe while none is admitted.
  Result<const std::vector<LabelId>*> LabelsOfVertex(VertexId vertex);
  void KeepLabelSets() { keeps_label_sets_ = true; }

  uint64_t first_vertex() const { return first_vertex_; }
  uint64_t next_vertex() const { return counts_.next_vertex; }
  /// Those of the base with the vertices added.
  const GraphCounts& counts() const { return counts_; }

  /// The parts of the result; each may be written by its own thread, once, after the last Feed was finished.
  size_t index_runs() const;
  Status WriteIndexRun(size_t number, KvRun& run);
  /// Records of the part `number` of `parts`.
  Status WriteRecords(size_t number, size_t parts, KvRun& run);

 private:
  struct OpenContainer {
    uint64_t chunk = 0;
    std::vector<uint16_t> ids;  // ascending
  };
  struct Records {
    uint64_t first = 0;  // vertex
    SpilledPiece piece;  // sized records of consecutive vertices
  };

  Status AddMember(LabelId label, uint64_t vertex);
  Status CloseContainer(LabelId label, OpenContainer& container);
  Status WriteMembership(KvRun& run);
  KeySorter& SorterOf(IdGroupId group);

  SpillPool& pool_;
  const std::shared_ptr<const GraphSnapshot> base_;
  const uint64_t first_vertex_;
  GraphCounts counts_;
  ExternalIdMap ids_;
  ExternalIdMap stored_ids_;
  bool keeps_label_sets_ = false;
  std::vector<uint32_t> label_set_of_;

  mutable std::mutex mutex_;
  std::map<std::vector<LabelId>, uint32_t> label_set_numbers_;
  std::deque<std::vector<LabelId>> label_sets_;
  KeySorter names_;
  std::map<IdGroupId, KeySorter> id_sorters_;
  std::map<uint64_t, Records> records_;  // by first vertex

  std::map<LabelId, OpenContainer> open_;  // kAllVertices too
  std::map<std::string, std::string> containers_;
};

}  // namespace tupu
