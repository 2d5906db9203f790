// The second half of BulkEdges: buckets to adjacency lists.

#include <algorithm>
#include <deque>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "storage/bulk/bulk_edges.h"
#include "storage/bulk/stored_keys.h"
#include "storage/graph/byte_arena.h"
#include "storage/keys/bytes.h"

namespace tupu {

namespace {

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

}  // namespace

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
    const auto fresh = static_cast<ptrdiff_t>(entries_.size());
    stale_.push_back(head_key);
    if (head.split) {
      const KeyRange range = AdjacencyBlocksRange(vertex, side, type);
      Status failed;
      TUPU_TRY(edges_.base_->kv().Scan(Keyspace::kAdjacency, range.begin, range.end,
                                       [&](std::string_view key, std::string_view value) {
                                         stale_.emplace_back(key);
                                         failed = AppendStored(value, outgoing);
                                         return failed.has_value();
                                       }));
      TUPU_TRY(std::move(failed));
    } else {
      TUPU_TRY(AppendStored(stored->second, outgoing));
    }
    std::inplace_merge(entries_.begin(), entries_.begin() + fresh, entries_.end(),
                       [](const AdjacencyEntry& a, const AdjacencyEntry& b) {
                         return a.target != b.target ? a.target < b.target : a.edge < b.edge;
                       });
    return {};
  }

  /// Appends the edges of a stored block to entries_.
  Status AppendStored(std::string_view bytes, bool with_rows) {
    TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(bytes));
    TUPU_TRY(block.DecodeTargets(block_targets_));
    TUPU_TRY(block.DecodeEdgeIds(block_edges_));
    if (with_rows) TUPU_TRY(block.DecodeRows(block_rows_));
    for (size_t i = 0; i < block_targets_.size(); ++i) {
      const std::string_view row = with_rows ? stored_rows_.Add(block_rows_.At(i)) : std::string_view();
      entries_.push_back({block_targets_[i], block_edges_[i], row});
    }
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
  size_t merged_ = 0;      // of later_
  ByteArena merged_rows_;  // of edges in entries_
  std::vector<uint64_t> block_targets_;
  std::vector<uint64_t> block_edges_;
  EncodedRows block_rows_;
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
