#include "storage/bulk/bulk_edges.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <deque>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "storage/bulk/stored_keys.h"
#include "storage/graph/byte_arena.h"
#include "storage/keys/bytes.h"
#include "storage/keys/edge_places.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

constexpr size_t kPieceBytes = 32 << 10;
/// About 2 MiB in memory, so that sorting stays in the cache of a core.
constexpr uint64_t kEdgesPerBucket = 16 << 10;
constexpr uint64_t kMaxBuckets = 1024;
/// A small load into a large graph: a bucket is an array over its vertices.
constexpr int kMostBucketBits = 20;
constexpr int kFormBits = 2;  // in a record, below the type
/// Room that is left in a buffer for one more edge without its row.
constexpr size_t kMostEdgeBytes = 6 * kMaxVarintBytes;

/// One edge of one list. The vertex counts from the first of the bucket.
struct Step {
  uint32_t vertex;
  uint32_t side_and_type;  // as in the key: out-lists first
  uint64_t target;
  uint64_t edge;
  const char* row;  // its size first, as a varint; null in an in-list

  friend bool operator<(const Step& a, const Step& b) {
    if (a.side_and_type != b.side_and_type) return a.side_and_type < b.side_and_type;
    return a.target != b.target ? a.target < b.target : a.edge < b.edge;
  }
};

constexpr uint32_t kInBit = 0x8000'0000;

/// A row that means the edge of another one.
struct LaterStep {
  uint32_t vertex;  // as in Step
  EdgeTypeId type;
  uint64_t target;
  uint64_t edge;
  uint64_t number;
  std::string_view row;

  auto edge_key() const { return std::tuple(vertex, type, target, edge); }
  friend bool operator<(const LaterStep& a, const LaterStep& b) {
    return a.edge_key() != b.edge_key() ? a.edge_key() < b.edge_key() : a.number < b.number;
  }
};

/// A varint whose bytes this process wrote.
uint64_t TakeVarint(const char*& at) {
  uint64_t v = static_cast<uint8_t>(*at++);
  if (v < 0x80) return v;
  v &= 0x7f;
  for (int shift = 7;; shift += 7) {
    const auto byte = static_cast<uint8_t>(*at++);
    v |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return v;
  }
}

/// Appends the edges of a stored block; their rows go to `rows`.
Status AppendStored(std::string_view bytes, bool with_rows, ByteArena& rows, std::vector<AdjacencyEntry>& entries) {
  TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(bytes));
  std::vector<uint64_t> targets;
  std::vector<uint64_t> edges;
  TUPU_TRY(block.DecodeTargets(targets));
  TUPU_TRY(block.DecodeEdgeIds(edges));
  std::vector<Properties> properties;
  if (with_rows) TUPU_TRY(block.DecodeProperties(properties));
  std::string row;
  for (size_t i = 0; i < targets.size(); ++i) {
    row.clear();
    if (with_rows) AppendRow(row, properties[i]);
    entries.push_back({targets[i], edges[i], rows.Add(row)});
  }
  return {};
}

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

// --- Lists ---

class BulkEdges::BucketSorter {
 public:
  BucketSorter(BulkEdges& edges, BulkCsrs* csrs, uint64_t first_vertex, KvRun& run)
      : edges_(edges),
        run_(run),
        stored_keys_(edges.base_->kv(), Keyspace::kAdjacency, ""),
        emit_([this](std::string_view key, std::string_view value) -> Status {
          if (!stale_.empty()) TUPU_TRY(DeleteStaleBefore(key));
          return run_.Put(key, value);
        }) {
    if (csrs != nullptr) csr_part_.emplace(*csrs, first_vertex);
  }

  Status Write(size_t bucket) {
    TUPU_TRY(Load(bucket));
    Sort();
    std::sort(later_.begin(), later_.end());
    const uint64_t first_vertex = uint64_t{bucket} << edges_.bucket_bits_;
    for (size_t i = 0; i < sorted_.size();) {
      size_t end = i + 1;
      const auto same = [&](const Step& a, const Step& b) {
        return a.vertex == b.vertex && a.side_and_type == b.side_and_type;
      };
      while (end < sorted_.size() && same(sorted_[end], sorted_[i])) ++end;
      for (size_t ahead = end; ahead < std::min(end + kAhead, sorted_.size()); ++ahead)
        __builtin_prefetch(sorted_[ahead].row);
      TUPU_TRY(
          WriteList(static_cast<VertexId>(first_vertex + sorted_[i].vertex), std::span(sorted_).subspan(i, end - i)));
      i = end;
    }
    // One whose edge starts elsewhere, or is of another type.
    return merged_ == later_.size() ? Status() : Mistaken();
  }

  Status Finish() { return csr_part_ ? csr_part_->Finish() : Status(); }

 private:
  static constexpr size_t kAhead = 4;  // rows lie anywhere in the bucket

  static std::string_view RowOf(const Step& step) {
    if (step.row == nullptr) return {};
    const char* at = step.row;
    const uint64_t size = TakeVarint(at);
    return {at, size};
  }

  Status Load(size_t bucket) {
    texts_.clear();
    steps_.clear();
    later_.clear();
    merged_ = 0;
    for (SpilledPiece& piece : edges_.buckets_[bucket].pieces) {
      TUPU_TRY_ASSIGN(std::string text, edges_.pool_.Take(std::move(piece)));
      texts_.push_back(std::move(text));
    }
    edges_.buckets_[bucket].pieces = {};
    for (const std::string& text : texts_) {
      const char* at = text.data();
      const char* const end = at + text.size();
      while (at < end) {
        Step step;
        step.vertex = static_cast<uint32_t>(TakeVarint(at));
        const auto type_and_form = static_cast<uint32_t>(TakeVarint(at));
        const auto form = static_cast<Form>(type_and_form & ((1u << kFormBits) - 1));
        step.side_and_type = type_and_form >> kFormBits | (form == Form::kIn ? kInBit : 0);
        step.target = TakeVarint(at);
        step.edge = TakeVarint(at);
        const uint64_t number = form == Form::kLaterRow ? TakeVarint(at) : 0;
        step.row = nullptr;
        if (form != Form::kIn) {
          step.row = at;
          const uint64_t row_size = TakeVarint(at);
          at += row_size;
        }
        if (form == Form::kLaterRow) {
          later_.push_back(
              {step.vertex, static_cast<EdgeTypeId>(step.side_and_type), step.target, step.edge, number, RowOf(step)});
          continue;
        }
        steps_.push_back(step);
      }
    }
    return {};
  }

  /// By counting the vertices, then each vertex's steps by comparison: few, so they stay in the first cache.
  void Sort() {
    first_of_.assign((size_t{1} << edges_.bucket_bits_) + 1, 0);
    for (const Step& step : steps_) ++first_of_[step.vertex + 1];
    for (size_t v = 1; v < first_of_.size(); ++v) first_of_[v] += first_of_[v - 1];
    sorted_.resize(steps_.size());
    next_of_.assign(first_of_.begin(), first_of_.end() - 1);
    for (const Step& step : steps_) sorted_[next_of_[step.vertex]++] = step;
    for (size_t v = 0; v + 1 < first_of_.size(); ++v) {
      std::sort(sorted_.begin() + first_of_[v], sorted_.begin() + first_of_[v + 1]);
    }
  }

  Status WriteList(VertexId vertex, std::span<const Step> steps) {
    const AdjacencySide side = (steps[0].side_and_type & kInBit) != 0 ? AdjacencySide::kIn : AdjacencySide::kOut;
    const auto type = static_cast<EdgeTypeId>(steps[0].side_and_type & ~kInBit);
    entries_.clear();
    for (const Step& step : steps) entries_.push_back({step.target, step.edge, RowOf(step)});
    if (!later_.empty() && side == AdjacencySide::kOut) TUPU_TRY(MergeLaterRows(steps[0].vertex, type));
    stale_.clear();
    if (ToInteger(vertex) < edges_.base_->counts().next_vertex) TUPU_TRY(AddStored(vertex, side, type));
    if (csr_part_) csr_part_->Add(vertex, {type, side}, entries_);
    TUPU_TRY(encoder_.Encode(vertex, side, type, entries_, emit_));
    while (!stale_.empty()) TUPU_TRY(DeleteFirstStale());
    return {};
  }

  /// Lays the rows that mean edges of the list at hand over theirs.
  Status MergeLaterRows(uint32_t vertex, EdgeTypeId type) {
    merged_rows_.Clear();
    const auto list_key = [](const LaterStep& later) { return std::pair(later.vertex, later.type); };
    auto at = std::lower_bound(later_.begin(), later_.end(), std::pair(vertex, type),
                               [&](const LaterStep& later, const auto& key) { return list_key(later) < key; });
    auto entry = entries_.begin();
    std::vector<std::string_view> rows;
    std::string merged;
    while (at != later_.end() && list_key(*at) == std::pair(vertex, type)) {
      while (entry != entries_.end() && (entry->target != at->target || entry->edge != at->edge)) ++entry;
      if (entry == entries_.end()) return Mistaken();
      rows.clear();
      const auto first = at;
      for (; at != later_.end() && at->edge_key() == first->edge_key(); ++at) rows.push_back(at->row);
      merged.clear();
      TUPU_TRY_ASSIGN(const bool same, edges_.merge_rows_(type, entry->row, rows, merged));
      if (!same) return Mistaken();
      entry->row = merged_rows_.Add(merged);
      merged_ += rows.size();
    }
    return {};
  }

  Status Mistaken() {
    edges_.any_mistaken_ = true;
    return Error{ErrorCode::kInternal, "a row does not mean the edge that it was said to mean"};
  }

  /// Merges the list as it is stored into entries_. Its keys become stale_: they are written again or, where the blocks
  /// end elsewhere now, deleted.
  Status AddStored(VertexId vertex, AdjacencySide side, EdgeTypeId type) {
    const std::string head_key = AdjacencyHeadKey(vertex, side, type);
    TUPU_TRY_ASSIGN(const StoredKeys::Pair* const stored, stored_keys_.Find(head_key));
    if (stored == nullptr) return {};
    TUPU_TRY_ASSIGN(const AdjacencyHead head, DecodeAdjacencyHead(stored->second));
    stored_rows_.Clear();
    const bool outgoing = side == AdjacencySide::kOut;
    stale_.push_back(head_key);
    if (head.split) {
      const KeyRange range = AdjacencyBlocksRange(vertex, side, type);
      Status failed;
      TUPU_TRY(edges_.base_->kv().Scan(Keyspace::kAdjacency, range.begin, range.end,
                                       [&](std::string_view key, std::string_view value) {
                                         stale_.emplace_back(key);
                                         failed = AppendStored(value, outgoing, stored_rows_, entries_);
                                         return failed.has_value();
                                       }));
      TUPU_TRY(std::move(failed));
    } else {
      TUPU_TRY(AppendStored(stored->second, outgoing, stored_rows_, entries_));
    }
    std::sort(entries_.begin(), entries_.end(), [](const AdjacencyEntry& a, const AdjacencyEntry& b) {
      return a.target != b.target ? a.target < b.target : a.edge < b.edge;
    });
    return {};
  }

  Status DeleteFirstStale() {
    TUPU_TRY(run_.Delete(stale_.front()));
    stale_.pop_front();
    return {};
  }

  /// A key that is written now is stale no more.
  Status DeleteStaleBefore(std::string_view key) {
    while (!stale_.empty() && stale_.front() < key) TUPU_TRY(DeleteFirstStale());
    if (!stale_.empty() && stale_.front() == key) stale_.pop_front();
    return {};
  }

  BulkEdges& edges_;
  KvRun& run_;
  StoredKeys stored_keys_;  // lists come in the order of their keys
  const AdjacencyListEncoder::Emit emit_;
  std::optional<BulkCsrs::Part> csr_part_;
  std::vector<std::string> texts_;
  std::vector<Step> steps_;
  std::vector<Step> sorted_;
  std::vector<uint32_t> first_of_;  // by vertex of the bucket
  std::vector<uint32_t> next_of_;
  std::vector<AdjacencyEntry> entries_;
  std::vector<LaterStep> later_;
  size_t merged_ = 0;              // of later_
  ByteArena merged_rows_;          // of edges in entries_
  ByteArena stored_rows_;          // of the stored edges in entries_
  std::deque<std::string> stale_;  // keys of the stored list that are not written yet, ascending
  AdjacencyListEncoder encoder_;
};

Status BulkEdges::WriteLists(size_t begin, size_t end, const std::function<Status()>& check, BulkCsrs* csrs,
                             KvRun& run) {
  BucketSorter sorter(*this, csrs, uint64_t{begin} << bucket_bits_, run);
  for (size_t bucket = begin; bucket < end; ++bucket) {
    TUPU_TRY(check());
    TUPU_TRY(sorter.Write(bucket));
  }
  return sorter.Finish();
}

}  // namespace tupu
