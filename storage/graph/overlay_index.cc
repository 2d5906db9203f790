#include "storage/graph/overlay_index.h"

#include <algorithm>

#include "storage/graph/graph_overlay.h"
#include "storage/graph/index_reader.h"

namespace tupu {

namespace {

/// The entry key of a vertex as it is now; nullopt if it has none.
Result<std::optional<std::string>> EntryOfVertex(const GraphOverlay& overlay, const IndexDefinition& index,
                                                 VertexId vertex) {
  std::string buffer;
  TUPU_TRY_ASSIGN(const auto bytes, overlay.FindVertexBytes(vertex, buffer));
  if (!bytes) return std::optional<std::string>();
  TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(*bytes));
  if (!std::binary_search(record.labels.begin(), record.labels.end(), index.target.label()))
    return std::optional<std::string>();
  TUPU_TRY_ASSIGN(const auto values, IndexedValues(index, record.row));
  if (!values) return std::optional<std::string>();
  return std::optional(IndexEntryKey(index.id, *values, ToInteger(vertex)));
}

struct EdgeEntry {
  EdgeReference edge;
  std::string key;
};

/// The same of an edge.
Result<std::optional<EdgeEntry>> EntryOfEdge(const GraphOverlay& overlay, const IndexDefinition& index, EdgeId id) {
  std::optional<EdgeReference> edge;
  // A changed edge knows its place; to look a stored one up by id would read the list of its start.
  if (const auto changed = overlay.changed_edges().find(id); changed != overlay.changed_edges().end()) {
    if (!changed->second.deleted) edge = changed->second.reference;
  } else {
    TUPU_TRY_ASSIGN(edge, overlay.FindEdgeReference(id));
  }
  if (!edge || edge->type != index.target.edge_type()) return std::optional<EdgeEntry>();
  TUPU_TRY_ASSIGN(const auto row, overlay.FindEdgeRow(*edge));
  if (!row) return std::optional<EdgeEntry>();
  TUPU_TRY_ASSIGN(const auto values, IndexedValues(index, *row));
  if (!values) return std::optional<EdgeEntry>();
  return std::optional(EdgeEntry{*edge, IndexEntryKey(index.id, *values, ToInteger(id))});
}

bool SameEntity(VertexId a, VertexId b) {
  return a == b;
}
bool SameEntity(const EdgeReference& a, const EdgeReference& b) {
  return a.id == b.id;
}
bool EntityBefore(VertexId a, VertexId b) {
  return a < b;
}
bool EntityBefore(const EdgeReference& a, const EdgeReference& b) {
  return a.id < b.id;
}

/// Gives the own entities, then the stored ones that are not among them and still fit.
template <class Base, class Entity, class StillFits>
class MergedCursor final : public Base {
 public:
  MergedCursor(std::vector<Entity> own, std::unique_ptr<Base> stored, StillFits still_fits)
      : own_(std::move(own)), stored_(std::move(stored)), still_fits_(std::move(still_fits)) {
    std::sort(own_.begin(), own_.end(), [](const Entity& a, const Entity& b) { return EntityBefore(a, b); });
    own_.erase(std::unique(own_.begin(), own_.end(), [](const Entity& a, const Entity& b) { return SameEntity(a, b); }),
               own_.end());
  }

  Result<size_t> Next(std::span<Entity> out) override {
    size_t filled = 0;
    while (filled < out.size() && at_ < own_.size()) out[filled++] = own_[at_++];
    while (filled == 0) {
      TUPU_TRY_ASSIGN(const size_t count, stored_->Next(out));
      if (count == 0) return size_t{0};
      for (size_t i = 0; i < count; ++i) {
        if (IsOwn(out[i])) continue;
        TUPU_TRY_ASSIGN(const bool fits, still_fits_(out[i]));
        if (fits) out[filled++] = out[i];
      }
    }
    return filled;
  }

 private:
  bool IsOwn(const Entity& entity) const {
    const auto found = std::lower_bound(own_.begin(), own_.end(), entity,
                                        [](const Entity& a, const Entity& b) { return EntityBefore(a, b); });
    return found != own_.end() && SameEntity(*found, entity);
  }

  std::vector<Entity> own_;
  const std::unique_ptr<Base> stored_;
  const StillFits still_fits_;
  size_t at_ = 0;
};

bool Within(const KeyRange& keys, const std::string& key) {
  return key >= keys.begin && (keys.end.empty() || key < keys.end);
}

}  // namespace

Status OverlayIndexes::AbsorbVertices(const IndexDefinition& index, Own& own) const {
  const auto& log = overlay_.record_log();
  for (; own.vertices_upto < log.size(); ++own.vertices_upto) {
    TUPU_TRY_ASSIGN(auto key, EntryOfVertex(overlay_, index, log[own.vertices_upto]));
    if (key) own.entries.insert(std::move(*key));
  }
  return {};
}

Status OverlayIndexes::AbsorbEdge(const IndexDefinition& index, EdgeId edge, Own& own) const {
  TUPU_TRY_ASSIGN(auto entry, EntryOfEdge(overlay_, index, edge));
  if (entry) own.entries.insert(std::move(entry->key));
  return {};
}

Status OverlayIndexes::AbsorbEdges(const IndexDefinition& index, Own& own) const {
  const auto& created = overlay_.created_edges();
  for (; own.created_edges_upto < created.size(); ++own.created_edges_upto) {
    if (created[own.created_edges_upto].type != index.target.edge_type()) continue;
    TUPU_TRY(AbsorbEdge(index, overlay_.CreatedEdgeAt(own.created_edges_upto), own));
  }
  const auto& changed = overlay_.edge_row_log();
  for (; own.changed_edges_upto < changed.size(); ++own.changed_edges_upto) {
    TUPU_TRY(AbsorbEdge(index, changed[own.changed_edges_upto], own));
  }
  return {};
}

Result<std::vector<VertexId>> OverlayIndexes::OwnVertices(const IndexDefinition& index, const KeyRange& keys) const {
  Own& own = own_[index.id];
  TUPU_TRY(AbsorbVertices(index, own));
  std::vector<VertexId> found;
  for (auto at = own.entries.lower_bound(keys.begin); at != own.entries.end() && Within(keys, *at); ++at) {
    TUPU_TRY_ASSIGN(const VertexId vertex, DecodeVertexEntry(*at));
    TUPU_TRY_ASSIGN(const auto now, EntryOfVertex(overlay_, index, vertex));
    if (now && *now == *at) found.push_back(vertex);
  }
  return found;
}

Result<std::vector<EdgeReference>> OverlayIndexes::OwnEdges(const IndexDefinition& index, const KeyRange& keys) const {
  Own& own = own_[index.id];
  TUPU_TRY(AbsorbEdges(index, own));
  std::vector<EdgeReference> found;
  for (auto at = own.entries.lower_bound(keys.begin); at != own.entries.end() && Within(keys, *at); ++at) {
    TUPU_TRY_ASSIGN(const VertexId number, DecodeVertexEntry(*at));
    TUPU_TRY_ASSIGN(auto now, EntryOfEdge(overlay_, index, static_cast<EdgeId>(ToInteger(number))));
    if (now && now->key == *at) found.push_back(now->edge);
  }
  return found;
}

Result<std::unique_ptr<VertexCursor>> OverlayIndexes::SeekVertices(const IndexDefinition& index,
                                                                   const IndexRange& range) const {
  const std::optional<KeyRange> keys = KeysOf(index.id, range);
  if (!keys) return NoVertices();
  TUPU_TRY_ASSIGN(std::vector<VertexId> own, OwnVertices(index, *keys));
  TUPU_TRY_ASSIGN(auto stored, overlay_.base().SeekVertices(index.id, range));
  const auto still_fits = [this, index, keys = *keys](VertexId vertex) -> Result<bool> {
    if (!overlay_.changed_vertices().contains(vertex)) return true;
    TUPU_TRY_ASSIGN(const auto now, EntryOfVertex(overlay_, index, vertex));
    return now.has_value() && Within(keys, *now);
  };
  return std::unique_ptr<VertexCursor>(std::make_unique<MergedCursor<VertexCursor, VertexId, decltype(still_fits)>>(
      std::move(own), std::move(stored), still_fits));
}

Result<std::unique_ptr<EdgeCursor>> OverlayIndexes::SeekEdges(const IndexDefinition& index,
                                                              const IndexRange& range) const {
  const std::optional<KeyRange> keys = KeysOf(index.id, range);
  if (!keys) return NoEdges();
  TUPU_TRY_ASSIGN(std::vector<EdgeReference> own, OwnEdges(index, *keys));
  TUPU_TRY_ASSIGN(auto stored, overlay_.base().SeekEdges(index.id, range));
  const auto still_fits = [this, index, keys = *keys](const EdgeReference& edge) -> Result<bool> {
    if (!overlay_.changed_edges().contains(edge.id)) return true;
    TUPU_TRY_ASSIGN(const auto now, EntryOfEdge(overlay_, index, edge.id));
    return now.has_value() && Within(keys, now->key);
  };
  return std::unique_ptr<EdgeCursor>(std::make_unique<MergedCursor<EdgeCursor, EdgeReference, decltype(still_fits)>>(
      std::move(own), std::move(stored), still_fits));
}

}  // namespace tupu
