#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
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

#include "storage/bulk/bulk_csrs.h"
#include "storage/bulk/bulk_indexes.h"
#include "storage/bulk/spill_pool.h"
#include "storage/graph/graph_snapshot.h"
#include "storage/keys/adjacency_list.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// Edges in the order of their rows, gathered by one thread.
class EdgeBatch {
 public:
  struct Edge {
    uint64_t start;
    uint64_t end;
    EdgeTypeId type;
    uint32_t row_size;
  };
  /// A row of the batch that is no new edge.
  struct KnownRow {
    size_t row = 0;
    std::optional<EdgeId> edge;  // an edge of the load, with which the row is merged; nullopt: the row is dropped
  };

  /// `row`: encoded properties.
  void Add(VertexId start, EdgeTypeId type, VertexId end, std::string_view row) {
    rows_.append(row);
    AddWithRow(start, type, end, row.size());
  }
  /// Where rows of edges to come may be put before AddWithRow takes each in, in their order.
  std::string& rows() { return rows_; }
  std::string_view rows() const { return rows_; }
  void AddWithRow(VertexId start, EdgeTypeId type, VertexId end, size_t row_size) {
    edges_.push_back({ToInteger(start), ToInteger(end), type, static_cast<uint32_t>(row_size)});
  }
  size_t size() const { return edges_.size(); }
  /// The row of each lies in rows() behind those of the edges before it.
  std::span<const Edge> edges() const { return edges_; }
  /// Takes `known` out, so that new edges are left. Rows that mean one edge are merged in the order of their numbers, the
  /// first of which is `first_number`. Requires: ascending rows.
  void TakeOut(std::span<const KnownRow> known, uint64_t first_number);
  void CountTypes(GraphCounts& counts) const {
    for (const Edge& edge : edges_) counts.AddToType(edge.type, +1);
  }
  void Clear() {
    edges_.clear();
    rows_.clear();
    later_.clear();
    later_rows_.clear();
  }

 private:
  friend class BulkEdges;
  struct LaterRow {
    Edge edge;
    EdgeId same_as;
    uint64_t number;
  };
  std::vector<Edge> edges_;
  std::string rows_;
  std::vector<LaterRow> later_;
  std::string later_rows_;
};

/// The edges of a load on their way to adjacency blocks and edge places.
///
/// An external distribution sort: each edge is put, once for its start and once for its end, into the bucket of a range
/// of vertices; a bucket fits in memory, is sorted there, and gives a run of the adjacency keyspace. So buckets are
/// worked on by several threads, and no run is merged with another. The list of one vertex, side and type must fit in
/// memory, which is so for every list that a commit can write.
class BulkEdges {
  enum class Form : uint8_t { kOut, kIn, kLaterRow };  // of a record in a bucket
  static constexpr int kFormBits = 2;                  // in a record, below the type

 public:
  /// Lays `later` rows, in their order, over the row `first` of the edge that they mean, and puts what comes of it into
  /// `merged`. False: they do not mean it. Threads: called from several at once.
  using MergeRows = std::function<Result<bool>(EdgeTypeId type, std::string_view first,
                                               std::span<const std::string_view> later, std::string& merged)>;

  /// `base`: what was stored before. `vertices`: one above the greatest vertex id. `expected`: about so many edges;
  /// chooses the number of buckets.
  BulkEdges(SpillPool& pool, std::shared_ptr<const GraphSnapshot> base, uint64_t vertices, uint64_t expected);

  /// What one thread gathers. Requires: Finish before the buckets are written.
  class Feed {
   public:
    Feed(BulkEdges& edges, BulkIndexes& indexes) : edges_(edges), buffers_(edges.buckets_.size()), indexes_(indexes) {}
    /// Takes the edges of `batch` in, whose ids begin at `first`. Errors: kIo.
    Status Add(const EdgeBatch& batch, EdgeId first);
    Status Finish();

   private:
    Status Put(Form form, uint64_t vertex, EdgeTypeId type, uint64_t target, uint64_t edge, std::string_view row,
               uint64_t number = 0);
    Status PutLaterRows(const EdgeBatch& batch);
    Status AddPlaces(const EdgeBatch& batch, uint64_t first);
    Status AddIndexEntries(const EdgeBatch& batch, uint64_t first);
    Status MakeRoom(size_t bucket, size_t room);
    Status Flush(size_t bucket);

    struct Buffer {
      std::string bytes;
      size_t used = 0;
    };
    BulkEdges& edges_;
    std::vector<Buffer> buffers_;  // by bucket
    BulkIndexes::Feed indexes_;
  };

  size_t buckets() const { return buckets_.size(); }
  /// Requires: before lists are written, if a batch had rows that mean edges of the load.
  void SetMergeRows(MergeRows merge) { merge_rows_ = std::move(merge); }
  /// Whether WriteLists met a row that does not mean the edge it was said to mean; then it failed.
  bool any_mistaken() const { return any_mistaken_; }
  /// Sorts the buckets [begin, end) and writes their lists, with what was stored of them; gives them to `csrs` too, unless
  /// it is null. Threads: disjoint ranges at once. Errors: kIo, kCorruption; kCancelled from `check`, asked once a bucket.
  Status WriteLists(size_t begin, size_t end, const std::function<Status()>& check, BulkCsrs* csrs, KvRun& run);
  Status WritePlaces(KvRun& run);

 private:
  struct Bucket {
    std::mutex mutex;
    std::vector<SpilledPiece> pieces;
  };
  /// The place blocks of one batch that are whole, in order, each: number u64, size u32, bytes.
  using WholePlaces = SpilledPiece;
  struct LoosePlace {
    uint64_t edge;
    uint64_t start;
    EdgeTypeId type;
  };
  class BucketSorter;

  uint64_t BucketOf(uint64_t vertex) const { return vertex >> bucket_bits_; }

  SpillPool& pool_;
  const std::shared_ptr<const GraphSnapshot> base_;
  MergeRows merge_rows_;
  std::atomic<bool> any_mistaken_ = false;
  int bucket_bits_ = 0;  // a bucket is of 2^bits vertices
  std::vector<Bucket> buckets_;
  std::mutex places_mutex_;
  std::map<uint64_t, WholePlaces> whole_places_;  // by the first block's number
  std::vector<LoosePlace> loose_places_;          // of blocks that two batches share
};

}  // namespace tupu
