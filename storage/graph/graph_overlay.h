#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/graph/byte_arena.h"
#include "storage/graph/commit_history.h"
#include "storage/graph/created_ids.h"
#include "storage/graph/graph_snapshot.h"
#include "storage/graph/overlay_index.h"

namespace tupu {

/// A committed state with one transaction's writes over it; reads see both.
///
/// What was created lies in arrays by position (created_ids.h knows the ids), encoded as it will be stored; the new
/// edges of a vertex are linked through the array. What was stored before and changed lies in hash maps. So a load of
/// millions of edges costs about 60 bytes an edge beside its properties.
///
/// Mutators keep the counts right and check nothing: GraphTransaction does. Threads: one.
class GraphOverlay : public GraphView {
 public:
  /// `ids` outlives the overlay. With `reads`, every answer notes there what it rests on.
  GraphOverlay(std::shared_ptr<const GraphSnapshot> base, std::shared_ptr<StoreNames> names, EntityIds& ids,
               ReadSet* reads);

  // --- Writing ---

  VertexId AddVertex(const std::vector<LabelId>& labels, const std::optional<StoredExternalId>& external_id,
                     std::string_view row);
  /// Replaces the record of a vertex that is there. `before` is its record until now.
  void ReplaceVertex(VertexId vertex, std::string_view before, const VertexRecordView& record);
  /// Requires: no edges left.
  void RemoveVertex(VertexId vertex, std::string_view before);
  EdgeId AddEdge(VertexId start, EdgeTypeId type, VertexId end, std::string_view row);
  /// Requires: the edge is there.
  void ReplaceEdgeRow(const EdgeReference& edge, std::string_view row);
  void RemoveEdge(const EdgeReference& edge);
  void ReplaceOntology(std::shared_ptr<const Ontology> ontology) {
    ontology_ = std::move(ontology);
    ontology_changed_ = true;
  }

  // --- Reading what is stored or will be ---

  /// The record of a vertex; it may lie in `buffer`.
  Result<std::optional<std::string_view>> FindVertexBytes(VertexId id, std::string& buffer) const;
  /// Every vertex there is, ascending, with its record, which lives as long as the call. The first error ends it.
  Status VisitVertices(const std::function<Status(VertexId, std::string_view)>& visit) const;
  /// The encoded properties of an edge that is there.
  Result<std::optional<std::string>> FindEdgeRow(const EdgeReference& edge) const;
  Result<std::optional<EdgeReference>> FindEdgeReference(EdgeId id) const;
  Result<std::optional<VertexId>> FindByStoredId(const StoredExternalId& id) const;

  // --- What changed, for the commit ---

  struct CreatedVertex {
    std::string_view record;  // null data: deleted again
    uint32_t first_out;
    uint32_t first_in;
  };
  struct ChangedVertex {
    std::string_view before;
    std::string_view record;  // null data: deleted
  };
  struct CreatedEdge {
    VertexId start;
    VertexId end;
    EdgeTypeId type;
    uint32_t next_out;  // position of the next edge with this start, or kNone
    uint32_t next_in;
    std::string_view row;  // null data: deleted again

    bool deleted() const { return row.data() == nullptr; }
  };
  struct ChangedEdge {
    EdgeReference reference;
    bool deleted = false;
    std::string_view row;
  };
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint64_t kMaxCreatedEdges = kNone;

  const GraphSnapshot& base() const { return *base_; }
  const GraphCounts& counts() const { return counts_; }
  const std::shared_ptr<const Ontology>& shared_ontology() const { return ontology_; }
  bool ontology_changed() const { return ontology_changed_; }
  const std::deque<CreatedVertex>& created_vertices() const { return created_vertices_; }
  const std::unordered_map<VertexId, ChangedVertex>& changed_vertices() const { return changed_vertices_; }
  VertexId CreatedVertexAt(size_t position) const { return static_cast<VertexId>(vertex_ids_.IdAt(position)); }
  const std::deque<CreatedEdge>& created_edges() const { return created_edges_; }
  EdgeId CreatedEdgeAt(size_t position) const { return static_cast<EdgeId>(edge_ids_.IdAt(position)); }
  bool IsCreated(VertexId id) const { return vertex_ids_.PositionOf(ToInteger(id)).has_value(); }
  bool IsCreated(EdgeId id) const { return edge_ids_.PositionOf(ToInteger(id)).has_value(); }
  const CreatedVertex* Created(VertexId id) const;
  const CreatedEdge* Created(EdgeId id) const;
  /// One above the greatest created id, 0 without any.
  uint64_t end_of_vertices() const { return vertex_ids_.end(); }
  uint64_t end_of_edges() const { return edge_ids_.end(); }
  /// The created ids belong to the store from now on, committed or not.
  void KeepIds() {
    vertex_ids_.Keep();
    edge_ids_.Keep();
  }
  const std::unordered_map<EdgeId, ChangedEdge>& changed_edges() const { return changed_edges_; }
  bool any_change() const;
  /// Every vertex whose record was written, and every edge whose row was replaced, in order; one may be there twice.
  const std::vector<VertexId>& record_log() const { return record_log_; }
  const std::vector<EdgeId>& edge_row_log() const { return edge_row_log_; }
  /// About what the changes occupy.
  uint64_t memory_bytes() const;

  // --- GraphView ---

  const Catalog& catalog() const override { return names_->catalog; }
  const Ontology& ontology() const override { return *ontology_; }
  Result<bool> HasVertex(VertexId id) const override;
  Result<std::optional<VertexRecord>> FindVertex(VertexId id) const override;
  Result<std::vector<LabelId>> VertexLabels(VertexId id) const override;
  Status ReadLabel(std::span<const VertexId> ids, LabelId label, std::span<uint8_t> out) const override;
  Result<Value> VertexProperty(VertexId id, PropertyKeyId key) const override;
  Result<std::optional<EdgeRecord>> FindEdge(EdgeId id) const override;
  Result<Properties> EdgeProperties(const EdgeReference& edge) const override;
  Result<Value> EdgeProperty(const EdgeReference& edge, PropertyKeyId key) const override;
  Status ReadVertexProperty(std::span<const VertexId> ids, PropertyKeyId key, PropertySink& out) const override;
  Status ReadEdgeProperty(std::span<const EdgeReference> edges, PropertyKeyId key, PropertySink& out) const override;
  std::vector<PropertyForm> PropertyForms() const override { return base_->PropertyForms(); }
  std::vector<AdjacencyForm> AdjacencyForms() const override { return base_->AdjacencyForms(); }
  Status Expand(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types,
                std::vector<Neighbour>& out) const override;
  Status ExpandWithProperties(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types,
                              std::vector<NeighbourRecord>& out) const override;
  Result<uint64_t> Degree(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types) const override;
  Result<std::unique_ptr<VertexCursor>> ScanVertices(std::optional<LabelId> label) const override;
  uint64_t CountVertices(std::optional<LabelId> label) const override;
  uint64_t CountEdges(std::optional<EdgeTypeId> type) const override;
  Result<std::optional<VertexId>> FindByExternalId(const ExternalId& id) const override;
  Result<std::vector<VertexId>> FindByName(std::string_view name) const override;
  Result<std::optional<std::vector<VertexId>>> FindByDeclaredKey(std::string_view label,
                                                                 std::span<const Value> values) const override;
  SchemaToken schema_token() const override { return {base_->schema_token().schema, ontology_}; }
  const IndexCatalog& indexes() const override { return base_->indexes(); }
  const GraphStatistics& statistics() const override { return base_->statistics(); }
  Result<std::unique_ptr<VertexCursor>> SeekVertices(IndexId index, const IndexRange& range) const override;
  Result<std::unique_ptr<EdgeCursor>> SeekEdges(IndexId index, const IndexRange& range) const override;

 private:
  struct Chain {
    uint32_t first_out = kNone;
    uint32_t first_in = kNone;
  };

  void NoteRead(ItemKind kind, uint64_t id) const {
    if (reads_ != nullptr) reads_->AddItem(kind, id);
  }
  void NoteSeek(IndexId index, const IndexRange& range) const;
  Chain ChainOf(VertexId vertex) const;
  uint32_t& ChainHead(VertexId vertex, AdjacencySide side);
  Status ExpandSide(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types, bool skip_self_loops,
                    std::vector<Neighbour>& out) const;
  Status ExpandOutWithProperties(VertexId vertex, std::span<const EdgeTypeId> types,
                                 std::vector<NeighbourRecord>& out) const;
  bool IsDeleted(EdgeId stored) const;
  void AppendCreatedSteps(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types, bool skip_self_loops,
                          std::vector<Neighbour>& out) const;
  Result<bool> HasNow(VertexId vertex, LabelId label) const;
  void CountLabels(const std::vector<LabelId>& labels, int64_t change);
  void IndexNames() const;

  friend class OverlayCursor;

  const std::shared_ptr<const GraphSnapshot> base_;
  const std::shared_ptr<StoreNames> names_;
  ReadSet* const reads_;
  std::shared_ptr<const Ontology> ontology_;
  bool ontology_changed_ = false;
  GraphCounts counts_;
  ByteArena arena_;
  CreatedIds vertex_ids_;
  CreatedIds edge_ids_;
  std::deque<CreatedVertex> created_vertices_;  // by position in vertex_ids_
  std::unordered_map<VertexId, ChangedVertex> changed_vertices_;
  std::deque<CreatedEdge> created_edges_;  // by position in edge_ids_
  std::unordered_map<EdgeId, ChangedEdge> changed_edges_;
  uint64_t deleted_stored_edges_ = 0;
  std::unordered_map<VertexId, Chain> chains_;  // new edges of stored vertices
  std::unordered_map<std::string, std::optional<VertexId>> external_ids_;
  std::unordered_map<LabelId, std::vector<VertexId>> gained_;  // a superset: a vertex may have lost the label again
  std::vector<VertexId> record_log_;                           // every vertex whose record was written, in order
  std::vector<EdgeId> edge_row_log_;
  // Names of the records in the log, up to names_upto_: filled when a name is first looked up, since a load never does.
  mutable std::unordered_multimap<size_t, VertexId> names_by_hash_;
  mutable size_t names_upto_ = 0;
  const OverlayIndexes indexes_{*this};
  mutable std::unordered_multimap<std::string, VertexId> declared_keys_;  // likewise, by index key
  mutable size_t declared_keys_upto_ = 0;
};

/// The normalised texts under which the name index finds a vertex with these properties; sorted, each once.
Result<std::vector<std::string>> IndexedNames(const Catalog& catalog, std::string_view row);

}  // namespace tupu
