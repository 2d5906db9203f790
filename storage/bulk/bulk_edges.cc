#include "storage/bulk/bulk_edges.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>

#include "storage/keys/bytes.h"
#include "storage/keys/edge_places.h"

namespace tupu {

namespace {

constexpr size_t kPieceBytes = 32 << 10;
/// About 2 MiB in memory, so that sorting stays in the cache of a core.
constexpr uint64_t kEdgesPerBucket = 16 << 10;
constexpr uint64_t kMaxBuckets = 1024;
/// A small load into a large graph: a bucket is an array over its vertices.
constexpr int kMostBucketBits = 20;
/// Room that is left in a buffer for one more edge without its row.
constexpr size_t kMostEdgeBytes = 6 * kMaxVarintBytes;

}  // namespace

BulkEdges::BulkEdges(SpillPool& pool, std::shared_ptr<const GraphSnapshot> base, uint64_t vertices, uint64_t expected)
    : pool_(pool), base_(std::move(base)) {
  const uint64_t wanted = std::clamp<uint64_t>(expected / kEdgesPerBucket, 1, kMaxBuckets);
  // As many as wanted or up to twice that, but for the most.
  bucket_bits_ =
      std::min(static_cast<int>(std::bit_width(std::max<uint64_t>(1, vertices / wanted))) - 1, kMostBucketBits);
  while (BucketOf(vertices) >= kMaxBuckets) ++bucket_bits_;
  buckets_ = std::vector<Bucket>(BucketOf(vertices == 0 ? 0 : vertices - 1) + 1);
}

// --- Gathering ---

void EdgeBatch::TakeOut(std::span<const KnownRow> known, uint64_t first_number) {
  if (known.empty()) return;
  std::vector<Edge> kept;
  std::string kept_rows;
  size_t begin = 0;
  auto next = known.begin();
  for (size_t i = 0; i < edges_.size(); ++i) {
    const std::string_view row = std::string_view(rows_).substr(begin, edges_[i].row_size);
    begin += row.size();
    if (next == known.end() || next->row != i) {
      kept.push_back(edges_[i]);
      kept_rows.append(row);
      continue;
    }
    if (next->edge) {
      later_.push_back({edges_[i], *next->edge, first_number++});
      later_rows_.append(row);
    }
    ++next;
  }
  edges_ = std::move(kept);
  rows_ = std::move(kept_rows);
}

Status BulkEdges::Feed::Add(const EdgeBatch& batch, EdgeId first) {
  uint64_t id = ToInteger(first);
  size_t row = 0;
  for (const EdgeBatch::Edge& edge : batch.edges_) {
    const std::string_view properties = std::string_view(batch.rows_).substr(row, edge.row_size);
    TUPU_TRY(Put(Form::kOut, edge.start, edge.type, edge.end, id, properties));
    TUPU_TRY(Put(Form::kIn, edge.end, edge.type, edge.start, id, {}));
    row += edge.row_size;
    ++id;
  }
  TUPU_TRY(PutLaterRows(batch));
  if (indexes_.takes_edges()) TUPU_TRY(AddIndexEntries(batch, ToInteger(first)));
  return AddPlaces(batch, ToInteger(first));
}

Status BulkEdges::Feed::AddIndexEntries(const EdgeBatch& batch, uint64_t first) {
  uint64_t id = first;
  size_t row = 0;
  for (const EdgeBatch::Edge& edge : batch.edges_) {
    const EdgeReference reference{static_cast<EdgeId>(id++), static_cast<VertexId>(edge.start),
                                  static_cast<VertexId>(edge.end), edge.type};
    TUPU_TRY(indexes_.AddEdge(reference, std::string_view(batch.rows_).substr(row, edge.row_size)));
    row += edge.row_size;
  }
  return {};
}

/// As Step, in varints: vertex in the bucket, type and form, target, edge; of a later row its number; unless it is of an
/// in-list the sized row.
Status BulkEdges::Feed::Put(Form form, uint64_t vertex, EdgeTypeId type, uint64_t target, uint64_t edge,
                            std::string_view row, uint64_t number) {
  const uint64_t bucket = edges_.BucketOf(vertex);
  Buffer& buffer = buffers_[bucket];
  const size_t room = kMostEdgeBytes + row.size();
  if (buffer.used + room > buffer.bytes.size()) TUPU_TRY(MakeRoom(bucket, room));
  char* end = buffer.bytes.data() + buffer.used;
  end = PutVarint(end, vertex - (bucket << edges_.bucket_bits_));
  end = PutVarint(end, uint64_t{ToInteger(type)} << kFormBits | static_cast<uint64_t>(form));
  end = PutVarint(end, target);
  end = PutVarint(end, edge);
  if (form == Form::kLaterRow) end = PutVarint(end, number);
  if (form != Form::kIn) {
    end = PutVarint(end, row.size());
    std::memcpy(end, row.data(), row.size());
    end += row.size();
  }
  buffer.used = static_cast<size_t>(end - buffer.bytes.data());
  return {};
}

Status BulkEdges::Feed::PutLaterRows(const EdgeBatch& batch) {
  size_t begin = 0;
  for (const EdgeBatch::LaterRow& later : batch.later_) {
    const EdgeBatch::Edge& edge = later.edge;
    const auto row = std::string_view(batch.later_rows_).substr(begin, edge.row_size);
    TUPU_TRY(Put(Form::kLaterRow, edge.start, edge.type, edge.end, ToInteger(later.same_as), row, later.number));
    begin += edge.row_size;
  }
  return {};
}

Status BulkEdges::Feed::MakeRoom(size_t bucket, size_t room) {
  TUPU_TRY(Flush(bucket));
  buffers_[bucket].bytes.resize(std::max(kPieceBytes, room));
  return {};
}

Status BulkEdges::Feed::Flush(size_t bucket) {
  Buffer buffer = std::exchange(buffers_[bucket], {});
  if (buffer.used == 0) return {};
  buffer.bytes.resize(buffer.used);
  TUPU_TRY_ASSIGN(SpilledPiece piece, edges_.pool_.Keep(std::move(buffer.bytes)));
  const std::scoped_lock lock(edges_.buckets_[bucket].mutex);
  edges_.buckets_[bucket].pieces.push_back(std::move(piece));
  return {};
}

Status BulkEdges::Feed::Finish() {
  for (size_t bucket = 0; bucket < buffers_.size(); ++bucket) TUPU_TRY(Flush(bucket));
  return indexes_.Finish();
}

Status BulkEdges::Feed::AddPlaces(const EdgeBatch& batch, uint64_t first) {
  const uint64_t end = first + batch.size();
  const auto slot = [&](uint64_t id) -> const EdgeBatch::Edge& { return batch.edges_[id - first]; };
  std::string whole;
  std::string bytes;
  std::vector<LoosePlace> loose;
  uint64_t first_block = 0;
  for (uint64_t id = first; id < end;) {
    const uint64_t block = id / kEdgesPerPlaceBlock;
    const uint64_t block_end = std::min(end, (block + 1) * kEdgesPerPlaceBlock);
    if (block_end - id < kEdgesPerPlaceBlock) {
      for (; id < block_end; ++id) loose.push_back({id, slot(id).start, slot(id).type});
      continue;
    }
    std::array<EdgePlace, kEdgesPerPlaceBlock> places;
    for (EdgePlace& place : places) {
      place = {static_cast<VertexId>(slot(id).start), slot(id).type};
      ++id;
    }
    if (whole.empty()) first_block = block;
    bytes.clear();
    AppendWholePlaces(bytes, places);
    AppendU64(whole, block);
    AppendU32(whole, static_cast<uint32_t>(bytes.size()));
    whole.append(bytes);
  }
  std::optional<SpilledPiece> piece;
  if (!whole.empty()) {
    TUPU_TRY_ASSIGN(piece, edges_.pool_.Keep(std::move(whole)));
  }
  const std::scoped_lock lock(edges_.places_mutex_);
  if (piece) edges_.whole_places_.emplace(first_block, std::move(*piece));
  edges_.loose_places_.insert(edges_.loose_places_.end(), loose.begin(), loose.end());
  return {};
}

// --- Places ---

Status BulkEdges::WritePlaces(KvRun& run) {
  std::sort(loose_places_.begin(), loose_places_.end(),
            [](const LoosePlace& a, const LoosePlace& b) { return a.edge < b.edge; });
  size_t at = 0;
  // Writes the shared blocks below `limit`; the first one may be stored already in part.
  const auto write_loose = [&](uint64_t limit) -> Status {
    while (at < loose_places_.size() && loose_places_[at].edge / kEdgesPerPlaceBlock < limit) {
      const auto id = static_cast<EdgeId>(loose_places_[at].edge);
      const std::string key = EdgePlacesKey(id);
      EdgePlaces places;
      const uint64_t block = loose_places_[at].edge / kEdgesPerPlaceBlock;
      if (block * kEdgesPerPlaceBlock < base_->counts().next_edge) {
        TUPU_TRY_ASSIGN(const auto stored, base_->kv().Get(Keyspace::kEdge, key));
        if (stored) {
          TUPU_TRY_ASSIGN(places, EdgePlaces::Decode(*stored));
        }
      }
      for (; at < loose_places_.size() && loose_places_[at].edge / kEdgesPerPlaceBlock == block; ++at) {
        const LoosePlace& place = loose_places_[at];
        places.Set(static_cast<EdgeId>(place.edge), EdgePlace{static_cast<VertexId>(place.start), place.type});
      }
      TUPU_TRY(run.Put(key, places.Encode()));
    }
    return {};
  };
  for (auto& [first_block, piece] : whole_places_) {
    TUPU_TRY(write_loose(first_block));
    TUPU_TRY_ASSIGN(const std::string bytes, pool_.Take(std::move(piece)));
    ByteReader reader(bytes);
    std::string key;
    while (reader.remaining() > 0) {
      key.clear();
      AppendU64(key, reader.U64());
      const uint32_t size = reader.U32();
      TUPU_TRY(run.Put(key, reader.Bytes(size)));
    }
  }
  return write_loose(UINT64_MAX);
}

}  // namespace tupu
