#pragma once

#include <memory>

#include "storage/catalog/catalog.h"
#include "storage/catalog/graph_statistics.h"
#include "storage/columns/property_cache.h"
#include "storage/graph/adjacency_reader.h"
#include "storage/graph/graph_view.h"
#include "storage/graph/seek_memo.h"
#include "storage/keys/graph_counts.h"
#include "storage/keys/vertex_record.h"
#include "storage/kv/kv_store.h"
#include "storage/ontology/ontology.h"

namespace tupu {

using IdGroups = NameTable<IdGroupId>;

/// Names of the store: the catalog that everyone sees, and the id groups. Outlives every snapshot (they share it).
struct StoreNames {
  Catalog catalog;
  IdGroups id_groups;
};

/// Appends the incoming `steps` of `vertex` with the properties of their edges, each read from the list of its start.
Status AppendIncomingRecords(const GraphView& view, VertexId vertex, std::span<const Neighbour> steps,
                             std::vector<NeighbourRecord>& out);

/// One committed state. Threads: safe.
class GraphSnapshot : public GraphView {
 public:
  // Names and key-value snapshot are shared: a query may hold its snapshot while the store commits or closes.
  // `topology`, `columns` and `seeks` may be null (blocks, records and tables only); else the snapshot becomes the state that
  // CSRs and columns are built from: whoever makes a snapshot has told Apply of each of them of its commit before.
  GraphSnapshot(std::shared_ptr<const KvSnapshot> kv, std::shared_ptr<const StoreNames> names, GraphCounts counts,
                std::shared_ptr<const Ontology> ontology,
                std::shared_ptr<const SchemaState> schema = std::make_shared<const SchemaState>(),
                std::shared_ptr<Topology> topology = nullptr, std::shared_ptr<PropertyCache> columns = nullptr,
                std::shared_ptr<SeekMemo> seeks = nullptr);

  const KvSnapshot& kv() const { return *kv_; }
  const std::shared_ptr<const KvSnapshot>& shared_kv() const { return kv_; }
  const AdjacencyReader& adjacency() const { return adjacency_; }
  const GraphCounts& counts() const { return counts_; }
  const std::shared_ptr<const Ontology>& shared_ontology() const { return ontology_; }
  const std::shared_ptr<const SchemaState>& shared_schema() const { return schema_; }
  const SchemaState& schema() const { return *schema_; }
  /// What CSRs of this store there are; may be null.
  Topology* topology() const { return topology_.topology(); }
  /// What property columns of this store there are; may be null.
  PropertyCache* columns() const { return columns_.cache(); }
  const IdGroups& id_groups() const { return names_->id_groups; }
  const std::shared_ptr<const StoreNames>& shared_names() const { return names_; }

  /// The stored bytes (storage/keys/vertex_record.h).
  Result<std::optional<std::string>> FindVertexBytes(VertexId id) const;
  Result<VertexRecord> ToRecord(std::string_view bytes) const;
  /// The sets of `label`, in ascending ids.
  Result<std::unique_ptr<VertexCursor>> ScanMembers(LabelId label) const;
  Result<std::optional<EdgeReference>> FindEdgeReference(EdgeId id) const;
  Result<std::optional<VertexId>> FindByStoredId(const StoredExternalId& id) const;
  /// The ids of the entries whose keys begin with `prefix`, which is all of the key but the id.
  Status SeekIds(std::string_view prefix, std::vector<uint64_t>& ids) const;
  Result<std::vector<VertexId>> FindByNormalizedName(std::string_view normalized) const;

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
  std::vector<PropertyForm> PropertyForms() const override;
  Status Expand(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types,
                std::vector<Neighbour>& out) const override;
  Status ExpandBatch(std::span<const VertexId> vertices, Direction direction, std::span<const EdgeTypeId> types,
                     size_t max_steps, NeighbourLists& out) const override;
  Status ExpandTargets(std::span<const VertexId> vertices, Direction direction, std::span<const EdgeTypeId> types,
                       size_t max_steps, TargetLists& out) const override;
  Status VisitSteps(Direction direction, std::span<const EdgeTypeId> types,
                    const std::function<Status(VertexId, std::span<const Neighbour>)>& visit) const override;
  void PrepareExpansions(uint64_t expansions, Direction direction, std::span<const EdgeTypeId> types) const override;
  std::vector<AdjacencyForm> AdjacencyForms() const override;
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
  SchemaToken schema_token() const override { return {schema_, ontology_}; }
  const IndexCatalog& indexes() const override { return schema_->indexes; }
  const GraphStatistics& statistics() const override { return schema_->statistics; }
  Result<std::unique_ptr<VertexCursor>> SeekVertices(IndexId index, const IndexRange& range) const override;
  Result<std::unique_ptr<EdgeCursor>> SeekEdges(IndexId index, const IndexRange& range) const override;

 private:
  Result<std::optional<LocatedEdge>> LocateById(EdgeId id) const;
  Result<Value> RecordProperty(VertexId id, PropertyKeyId key) const;
  Result<Value> BlockProperty(const EdgeReference& edge, PropertyKeyId key) const;
  Status ReadOfType(std::span<const EdgeReference> edges, PropertyKeyId key, PropertySink& out) const;

  const std::shared_ptr<const KvSnapshot> kv_;
  const std::shared_ptr<const StoreNames> names_;
  const GraphCounts counts_;
  const std::shared_ptr<const Ontology> ontology_;
  const std::shared_ptr<const SchemaState> schema_;
  const TopologyView topology_;
  const PropertyCacheView columns_;
  const std::shared_ptr<SeekMemo> seeks_;
  const AdjacencyReader adjacency_;
};

}  // namespace tupu
