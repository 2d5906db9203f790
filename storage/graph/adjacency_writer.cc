#include "storage/graph/adjacency_writer.h"

#include <algorithm>

#include "storage/base/check.h"
#include "storage/keys/adjacency_block.h"
#include "storage/keys/edge_places.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

enum class ChangeKind : uint8_t { kAdd, kRemove, kReplaceRow };

/// One edge of one list that is to change; `vertex` and `type` say which list of the side at hand.
struct Change {
  uint64_t vertex;
  uint64_t target;
  uint64_t edge;
  const std::string_view* row;  // of an edge that is added or replaced
  EdgeTypeId type;
  ChangeKind kind;
  uint8_t part;  // whose it is

  friend bool operator<(const Change& a, const Change& b) {
    return std::tie(a.vertex, a.type, a.target, a.edge) < std::tie(b.vertex, b.type, b.target, b.edge);
  }
};

using Changes = std::span<const Change>;

/// A long list whose edges would fit in this share of a block becomes one block again; below half, so that a list at
/// the border is not rewritten back and forth.
constexpr uint64_t kJoinBelow = 64;

/// So many changed edges take longer than handing half of their lists to another thread.
constexpr size_t kWorthSharing = 8;
static_assert(kMostParts - 1 <= UINT8_MAX);

size_t CountChanges(const GraphOverlay& overlay) {
  return overlay.created_edges().size() + overlay.changed_edges().size();
}

/// The lists of one side.
class SideWriter {
 public:
  /// `changed` null: nothing is drafted.
  SideWriter(std::span<const AdjacencyPart> parts, const KvSnapshot& stored, AdjacencySide side,
             const ListChanges* changed, std::vector<KvWrite>& batch)
      : parts_(parts), stored_(stored), side_(side), changed_(changed), batch_(batch) {}

  /// `lists`: becomes longer by what was written, where the batch holds it; null: not asked for.
  Status Write(std::vector<AdjacencyDraft::List>* lists = nullptr) {
    const std::vector<Change> changes = Collect();
    for (size_t i = 0; i < changes.size();) {
      size_t end = i + 1;
      while (end < changes.size() && changes[end].vertex == changes[i].vertex && changes[end].type == changes[i].type) {
        ++end;
      }
      vertex_ = static_cast<VertexId>(changes[i].vertex);
      type_ = changes[i].type;
      const Changes of_list = Changes(changes).subspan(i, end - i);
      const size_t begin = batch_.size();
      if (!TakeDraft(of_list)) TUPU_TRY(WriteList(of_list));
      if (lists != nullptr) lists->push_back({side_, vertex_, type_, begin, batch_.size()});
      i = end;
    }
    return {};
  }

 private:
  bool outgoing() const { return side_ == AdjacencySide::kOut; }

  std::vector<Change> Collect() const {
    size_t size = 0;
    for (const AdjacencyPart& part : parts_) size += CountChanges(*part.overlay);
    std::vector<Change> changes;
    changes.reserve(size);
    for (size_t part = 0; part < parts_.size(); ++part) CollectFrom(static_cast<uint8_t>(part), changes);
    std::sort(changes.begin(), changes.end());
    return changes;
  }

  void CollectFrom(uint8_t part, std::vector<Change>& changes) const {
    const GraphOverlay& overlay = *parts_[part].overlay;
    const auto add = [&](const EdgeReference& edge, ChangeKind kind, const std::string_view* row) {
      const uint64_t start = ToInteger(edge.start);
      const uint64_t end = ToInteger(edge.end);
      changes.push_back(
          {outgoing() ? start : end, outgoing() ? end : start, ToInteger(edge.id), row, edge.type, kind, part});
    };
    size_t position = 0;
    for (const auto& edge : overlay.created_edges()) {
      const EdgeId id = overlay.CreatedEdgeAt(position++);
      if (!edge.deleted()) add({id, edge.start, edge.end, edge.type}, ChangeKind::kAdd, &edge.row);
    }
    for (const auto& [edge_id, changed] : overlay.changed_edges()) {
      if (changed.deleted) {
        add(changed.reference, ChangeKind::kRemove, nullptr);
      } else if (outgoing()) {
        add(changed.reference, ChangeKind::kReplaceRow, &changed.row);
      }
    }
  }

  /// The writes of the list at hand, as its only changer drafted them. False: there is no such draft.
  bool TakeDraft(Changes changes) {
    const AdjacencyPart& part = parts_[changes.front().part];
    if (changed_ == nullptr || part.draft->lists.empty()) return false;
    const auto same_part = [&](const Change& change) { return change.part == changes.front().part; };
    if (!std::all_of(changes.begin(), changes.end(), same_part)) return false;
    if (changed_->IsChangedAfter(part.overlay->base().counts().commit, side_, vertex_, type_)) return false;
    const auto list = std::find_if(part.draft->lists.begin(), part.draft->lists.end(), [&](const auto& drafted) {
      return drafted.side == side_ && drafted.vertex == vertex_ && drafted.type == type_;
    });
    if (list == part.draft->lists.end()) return false;
    const auto writes = part.draft->writes.begin();
    std::move(writes + static_cast<ptrdiff_t>(list->begin), writes + static_cast<ptrdiff_t>(list->end),
              std::back_inserter(batch_));
    return true;
  }

  /// A vertex that one transaction made cannot have edges of another yet.
  bool IsNew(Changes changes) const { return parts_[changes.front().part].overlay->IsCreated(vertex_); }

  std::string_view RowOf(const Change& change) const { return outgoing() ? *change.row : std::string_view(); }

  Status WriteList(Changes changes) {
    const std::string head_key = AdjacencyHeadKey(vertex_, side_, type_);
    AdjacencyHead head;
    Status loaded;
    const auto load = [&](std::string_view stored) -> Status {
      TUPU_TRY_ASSIGN(head, DecodeAdjacencyHead(stored));
      return head.split ? Status() : Load(stored);
    };
    Clear();
    if (!IsNew(changes)) {
      TUPU_TRY(stored_.Read(Keyspace::kAdjacency, head_key, [&](std::string_view stored) { loaded = load(stored); }));
      TUPU_TRY(std::move(loaded));
    }
    if (head.split) return WriteSplitList(head, changes);
    TUPU_TRY(Apply(changes));
    if (merged_.empty()) {
      batch_.push_back({Keyspace::kAdjacency, head_key, std::nullopt});
    } else {
      PutList(merged_);
    }
    return {};
  }

  void Clear() {
    rows_.Clear();
    entries_.clear();
  }

  /// Appends the edges of a stored block to entries_; their rows go to rows_.
  Status Load(std::string_view bytes) {
    TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(bytes));
    TUPU_TRY(block.DecodeTargets(targets_));
    TUPU_TRY(block.DecodeEdgeIds(edges_));
    if (outgoing()) TUPU_TRY(block.DecodeRows(block_rows_));
    for (size_t i = 0; i < targets_.size(); ++i) {
      const std::string_view row = outgoing() ? rows_.Add(block_rows_.At(i)) : std::string_view();
      entries_.push_back({targets_[i], edges_[i], row});
    }
    return {};
  }

  /// Merges ordered changes with entries_ into merged_. kCorruption if an edge to change is not there.
  Status Apply(Changes changes) {
    std::vector<AdjacencyEntry>& entries = entries_;
    std::vector<AdjacencyEntry>& merged = merged_;
    merged.clear();
    merged.reserve(entries.size() + changes.size());
    size_t at = 0;
    for (const Change& change : changes) {
      const Fence place{change.target, change.edge};
      while (at < entries.size() && Fence{entries[at].target, entries[at].edge} < place)
        merged.push_back(entries[at++]);
      const bool found = at < entries.size() && Fence{entries[at].target, entries[at].edge} == place;
      if (found == (change.kind == ChangeKind::kAdd)) {
        return Error{ErrorCode::kCorruption,
                     "an adjacency list does not hold the edges that it should: load the data into a new database"};
      }
      if (found) ++at;
      if (change.kind != ChangeKind::kRemove) merged.push_back({change.target, change.edge, RowOf(change)});
    }
    merged.insert(merged.end(), entries.begin() + static_cast<ptrdiff_t>(at), entries.end());
    return {};
  }

  uint64_t SelfLoops(std::span<const AdjacencyEntry> entries) const {
    return static_cast<uint64_t>(std::count_if(entries.begin(), entries.end(), [&](const AdjacencyEntry& entry) {
      return entry.target == ToInteger(vertex_);
    }));
  }

  /// A whole list: one block under the head key, or a head and fence blocks.
  void PutList(std::span<const AdjacencyEntry> entries) {
    const uint64_t self_loops = SelfLoops(entries);
    std::string head_key = AdjacencyHeadKey(vertex_, side_, type_);
    std::string whole;
    encoder_.Encode(entries, BlockKind::kWhole, self_loops, whole);
    if (whole.size() <= kMaxBlockBytes || entries.size() == 1) {
      batch_.push_back({Keyspace::kAdjacency, std::move(head_key), std::move(whole)});
      return;
    }
    batch_.push_back({Keyspace::kAdjacency, std::move(head_key), EncodeSplitHead(entries.size(), self_loops)});
    // Three quarters full: room for some more edges before the next split.
    const size_t per_block = std::max<size_t>(1, entries.size() * (kMaxBlockBytes * 3 / 4) / whole.size());
    whole = std::string();
    while (entries.size() > per_block) {
      PutFenceBlocks(entries.first(per_block), std::nullopt);
      entries = entries.subspan(per_block);
    }
    PutFenceBlocks(entries, Fence{});
  }

  /// `fence`: of the last block; nullopt: the last entry.
  void PutFenceBlocks(std::span<const AdjacencyEntry> entries, std::optional<Fence> fence) {
    std::string block;
    encoder_.Encode(entries, BlockKind::kFenceBlock, 0, block);
    if (block.size() > kMaxBlockBytes && entries.size() > 1) {
      block = std::string();
      PutFenceBlocks(entries.first(entries.size() / 2), std::nullopt);
      PutFenceBlocks(entries.subspan(entries.size() / 2), fence);
      return;
    }
    const Fence own = fence.value_or(Fence{entries.back().target, entries.back().edge});
    batch_.push_back({Keyspace::kAdjacency, AdjacencyBlockKey(vertex_, side_, type_, own), std::move(block)});
  }

  Status WriteSplitList(const AdjacencyHead& head, Changes changes) {
    uint64_t degree = head.degree;
    uint64_t self_loops = head.self_loops;
    for (const Change& change : changes) {
      if (change.kind == ChangeKind::kReplaceRow) continue;
      const int64_t step = change.kind == ChangeKind::kAdd ? 1 : -1;
      degree += static_cast<uint64_t>(step);
      if (change.target == change.vertex) self_loops += static_cast<uint64_t>(step);
    }
    if (degree < kJoinBelow) return JoinList(changes);
    if (degree != head.degree) {
      batch_.push_back(
          {Keyspace::kAdjacency, AdjacencyHeadKey(vertex_, side_, type_), EncodeSplitHead(degree, self_loops)});
    }
    while (!changes.empty()) {
      TUPU_TRY_ASSIGN(const size_t done, WriteFenceBlock(changes));
      changes = changes.subspan(done);
    }
    return {};
  }

  /// Applies the changes that fall into the block of the first one; gives their number.
  Result<size_t> WriteFenceBlock(Changes changes) {
    KeyRange range = AdjacencyBlocksRange(vertex_, side_, type_);
    range.begin = AdjacencyBlockKey(vertex_, side_, type_, {changes.front().target, changes.front().edge});
    Fence fence;
    std::string bytes;
    Status failed;
    TUPU_TRY(
        stored_.Scan(Keyspace::kAdjacency, range.begin, range.end, [&](std::string_view key, std::string_view value) {
          const auto decoded = DecodeAdjacencyKey(key);
          if (decoded) {
            fence = decoded->fence;
          } else {
            failed = decoded.error();
          }
          bytes = value;
          return false;
        }));
    TUPU_TRY(std::move(failed));
    size_t count = 0;
    while (count < changes.size() && Fence{changes[count].target, changes[count].edge} <= fence) ++count;
    Clear();
    if (!bytes.empty()) TUPU_TRY(Load(bytes));
    TUPU_TRY(Apply(changes.first(count)));
    if (merged_.empty()) {
      batch_.push_back({Keyspace::kAdjacency, AdjacencyBlockKey(vertex_, side_, type_, fence), std::nullopt});
    } else {
      PutFenceBlocks(merged_, fence);
    }
    return count;
  }

  /// A long list that became short: all its blocks into one.
  Status JoinList(Changes changes) {
    Clear();
    const KeyRange range = AdjacencyBlocksRange(vertex_, side_, type_);
    Status failed;
    TUPU_TRY(
        stored_.Scan(Keyspace::kAdjacency, range.begin, range.end, [&](std::string_view key, std::string_view value) {
          batch_.push_back({Keyspace::kAdjacency, std::string(key), std::nullopt});
          failed = Load(value);
          return failed.has_value();
        }));
    TUPU_TRY(std::move(failed));
    TUPU_TRY(Apply(changes));
    if (merged_.empty()) {
      batch_.push_back({Keyspace::kAdjacency, AdjacencyHeadKey(vertex_, side_, type_), std::nullopt});
    } else {
      PutList(merged_);
    }
    return {};
  }

  const std::span<const AdjacencyPart> parts_;
  const KvSnapshot& stored_;
  const AdjacencySide side_;
  const ListChanges* const changed_;
  std::vector<KvWrite>& batch_;
  VertexId vertex_{};  // the list at hand
  EdgeTypeId type_{};
  // Of the list at hand; kept for the sake of their room.
  ByteArena rows_;                       // of the stored edges
  std::vector<AdjacencyEntry> entries_;  // as stored
  std::vector<AdjacencyEntry> merged_;   // with the changes
  std::vector<uint64_t> targets_;
  std::vector<uint64_t> edges_;
  EncodedRows block_rows_;
  AdjacencyBlockEncoder encoder_;
};

/// Reads and writes each touched block of places once.
class PlacesWriter {
 public:
  PlacesWriter(const KvSnapshot& stored, RecentPlaces& recent, std::vector<KvWrite>& batch)
      : stored_(stored), at_(recent), batch_(batch) {}

  Status Write(std::span<const AdjacencyPart> parts) {
    for (const auto& [edge, place] : Collect(parts)) TUPU_TRY(Set(edge, place));
    Flush();
    return {};
  }

 private:
  using Change = std::pair<EdgeId, std::optional<EdgePlace>>;

  static std::vector<Change> Collect(std::span<const AdjacencyPart> parts) {
    std::vector<Change> changes;
    for (const AdjacencyPart& part : parts) {
      const GraphOverlay* const overlay = part.overlay;
      size_t position = 0;
      for (const auto& edge : overlay->created_edges()) {
        const EdgeId id = overlay->CreatedEdgeAt(position++);
        if (!edge.deleted()) changes.emplace_back(id, EdgePlace{edge.start, edge.type});
      }
      for (const auto& [id, edge] : overlay->changed_edges()) {
        if (edge.deleted) changes.emplace_back(id, std::nullopt);
      }
    }
    const auto by_id = [](const Change& a, const Change& b) { return a.first < b.first; };
    if (!std::is_sorted(changes.begin(), changes.end(), by_id)) std::sort(changes.begin(), changes.end(), by_id);
    return changes;
  }

  Status Set(EdgeId edge, std::optional<EdgePlace> place) {
    const uint64_t block = ToInteger(edge) / kEdgesPerPlaceBlock;
    if (block != at_.block) {
      Flush();
      at_ = {block, {}};
      TUPU_TRY_ASSIGN(const auto stored, stored_.Get(Keyspace::kEdge, EdgePlacesKey(edge)));
      if (stored) {
        TUPU_TRY_ASSIGN(at_.places, EdgePlaces::Decode(*stored));
      }
    }
    changed_ = true;
    at_.places.Set(edge, place);
    return {};
  }

  void Flush() {
    if (!changed_) return;
    std::optional<std::string> value;
    if (!at_.places.empty()) value = at_.places.Encode();
    const auto first = static_cast<EdgeId>(at_.block * kEdgesPerPlaceBlock);
    batch_.push_back({Keyspace::kEdge, EdgePlacesKey(first), std::move(value)});
    changed_ = false;
  }

  const KvSnapshot& stored_;
  RecentPlaces& at_;  // the block at hand
  std::vector<KvWrite>& batch_;
  bool changed_ = false;
};

void NoteChanges(std::span<const AdjacencyPart> parts, uint64_t commit, ListChanges& changed) {
  const auto note = [&](VertexId start, EdgeTypeId type, VertexId end) {
    changed.Note(commit, AdjacencySide::kOut, start, type);
    changed.Note(commit, AdjacencySide::kIn, end, type);
  };
  for (const AdjacencyPart& part : parts) {
    for (const auto& edge : part.overlay->created_edges()) note(edge.start, edge.type, edge.end);
    for (const auto& [id, edge] : part.overlay->changed_edges()) {
      note(edge.reference.start, edge.reference.type, edge.reference.end);
    }
  }
}

}  // namespace

void PrepareEdges(const GraphOverlay& overlay, Footprint& footprint) {
  for (const auto& [edge, changed] : overlay.changed_edges()) {
    footprint.writes.push_back(ItemOf(ItemKind::kEdge, ToInteger(edge)));
  }
  std::vector<VertexId> ends;
  for (const auto& edge : overlay.created_edges()) {
    if (edge.deleted()) continue;
    for (const VertexId end : {edge.start, edge.end}) {
      if (!overlay.IsCreated(end)) ends.push_back(end);
    }
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  for (const VertexId end : ends) footprint.needs.push_back(ItemOf(ItemKind::kVertexShape, ToInteger(end)));
}

AdjacencyDraft DraftAdjacency(const GraphOverlay& overlay) {
  AdjacencyDraft draft;
  if (CountChanges(overlay) >= kWorthSharing) return draft;
  const AdjacencyPart part{&overlay, nullptr};
  for (const AdjacencySide side : {AdjacencySide::kOut, AdjacencySide::kIn}) {
    SideWriter writer({&part, 1}, overlay.base().kv(), side, nullptr, draft.writes);
    if (!writer.Write(&draft.lists)) return {};  // the commit will say why
  }
  return draft;
}

Status WriteAdjacency(std::span<const AdjacencyPart> parts, const KvSnapshot& stored, uint64_t commit,
                      ListChanges& changed, RecentPlaces& recent, Worker& worker, std::vector<KvWrite>& batch) {
  size_t not_drafted = 0;
  for (const AdjacencyPart& part : parts) {
    if (part.draft->lists.empty()) not_drafted += CountChanges(*part.overlay);
  }
  std::vector<KvWrite> rest;
  const auto write_out = [&] { return SideWriter(parts, stored, AdjacencySide::kOut, &changed, batch).Write(); };
  const auto write_rest = [&]() -> Status {
    TUPU_TRY(SideWriter(parts, stored, AdjacencySide::kIn, &changed, rest).Write());
    return PlacesWriter(stored, recent, rest).Write(parts);
  };
  if (not_drafted < kWorthSharing) {
    TUPU_TRY(write_out());
    TUPU_TRY(write_rest());
  } else {
    TUPU_TRY(worker.Share(write_rest, write_out));
  }
  batch.insert(batch.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  NoteChanges(parts, commit, changed);
  return {};
}

}  // namespace tupu
