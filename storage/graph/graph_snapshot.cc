#include "storage/graph/graph_snapshot.h"

#include <algorithm>

#include "storage/keys/bytes.h"
#include "storage/keys/edge_places.h"
#include "storage/keys/membership.h"
#include "storage/keys/property_row.h"
#include "storage/text/normalize.h"

namespace tupu {

const Value* FindProperty(const Properties& properties, PropertyKeyId key) {
  const auto at = std::lower_bound(properties.begin(), properties.end(), key,
                                   [](const auto& property, PropertyKeyId wanted) { return property.first < wanted; });
  return at != properties.end() && at->first == key ? &at->second : nullptr;
}

Status AppendIncomingRecords(const GraphView& view, VertexId vertex, std::span<const Neighbour> steps,
                             std::vector<NeighbourRecord>& out) {
  for (const Neighbour& step : steps) {
    TUPU_TRY_ASSIGN(Properties properties, view.EdgeProperties({step.edge, step.vertex, vertex, step.type}));
    out.push_back({step, std::move(properties)});
  }
  return {};
}

namespace {

/// Walks the containers of a label, one at a time.
class MemberCursor : public VertexCursor {
 public:
  // The snapshot is shared: a cursor may outlive the view that made it.
  MemberCursor(std::shared_ptr<const KvSnapshot> kv, LabelId label)
      : kv_(std::move(kv)), next_key_(MembershipPrefix(label)), end_(PrefixUpperBound(next_key_).value_or("")) {}

  Result<size_t> Next(std::span<VertexId> out) override {
    size_t filled = 0;
    while (filled < out.size()) {
      if (at_ == members_.size()) {
        TUPU_TRY_ASSIGN(const bool more, ReadChunk());
        if (!more) break;
      }
      while (filled < out.size() && at_ < members_.size()) {
        out[filled++] = static_cast<VertexId>(chunk_ << 16 | members_[at_++]);
      }
    }
    return filled;
  }

 private:
  Result<bool> ReadChunk() {
    if (ended_) return false;
    std::optional<std::pair<std::string, std::string>> found;
    TUPU_TRY(kv_->Scan(Keyspace::kIndex, next_key_, end_, [&](std::string_view key, std::string_view value) {
      found.emplace(key, value);
      return false;
    }));
    ended_ = !found;
    if (ended_) return false;
    TUPU_TRY_ASSIGN(chunk_, DecodeMembershipChunk(found->first));
    TUPU_TRY_ASSIGN(members_, DecodeMembership(found->second));
    at_ = 0;
    next_key_ = found->first + '\0';
    return true;
  }

  const std::shared_ptr<const KvSnapshot> kv_;
  std::string next_key_;
  const std::string end_;
  uint64_t chunk_ = 0;
  std::vector<uint16_t> members_;
  size_t at_ = 0;
  bool ended_ = false;
};

}  // namespace

GraphSnapshot::GraphSnapshot(std::shared_ptr<const KvSnapshot> kv, std::shared_ptr<const StoreNames> names,
                             GraphCounts counts, std::shared_ptr<const Ontology> ontology,
                             std::shared_ptr<const SchemaState> schema, std::shared_ptr<Topology> topology,
                             std::shared_ptr<PropertyCache> columns, std::shared_ptr<SeekMemo> seeks)
    : kv_(std::move(kv)),
      names_(std::move(names)),
      counts_(std::move(counts)),
      ontology_(std::move(ontology)),
      schema_(std::move(schema)),
      topology_(topology, counts_.commit),
      columns_(columns, counts_.commit),
      seeks_(std::move(seeks)),
      adjacency_(*kv_, &topology_) {
  if (topology) topology->Publish({kv_, counts_});
  if (columns) columns->Publish({kv_, counts_});
}

Result<std::optional<std::string>> GraphSnapshot::FindVertexBytes(VertexId id) const {
  return kv_->Get(Keyspace::kVertex, VertexKey(id));
}

Result<VertexRecord> GraphSnapshot::ToRecord(std::string_view bytes) const {
  TUPU_TRY_ASSIGN(VertexRecordView view, DecodeVertexRecord(bytes));
  VertexRecord record;
  record.labels = std::move(view.labels);
  TUPU_TRY_ASSIGN(record.properties, DecodeRow(view.row));
  if (view.external_id) {
    if (ToInteger(view.external_id->group) >= names_->id_groups.size()) {
      return CorruptionOf("vertex record", "id group without a name");
    }
    record.external_id =
        ExternalId{std::string(names_->id_groups.GetName(view.external_id->group)), std::string(view.external_id->id)};
  }
  return record;
}

Result<bool> GraphSnapshot::HasVertex(VertexId id) const {
  if (ToInteger(id) >= counts_.next_vertex) return false;
  if (counts_.vertices == counts_.next_vertex) return true;  // every id given out is in use: none was ever deleted
  TUPU_TRY_ASSIGN(const auto bytes, FindVertexBytes(id));
  return bytes.has_value();
}

Result<std::optional<VertexRecord>> GraphSnapshot::FindVertex(VertexId id) const {
  TUPU_TRY_ASSIGN(const auto bytes, FindVertexBytes(id));
  if (!bytes) return std::optional<VertexRecord>();
  TUPU_TRY_ASSIGN(VertexRecord record, ToRecord(*bytes));
  return std::optional(std::move(record));
}

Result<std::vector<LabelId>> GraphSnapshot::VertexLabels(VertexId id) const {
  TUPU_TRY_ASSIGN(const auto bytes, FindVertexBytes(id));
  if (!bytes) return std::vector<LabelId>();
  TUPU_TRY_ASSIGN(VertexRecordView view, DecodeVertexRecord(*bytes));
  return std::move(view.labels);
}

Status GraphSnapshot::ReadLabel(std::span<const VertexId> ids, LabelId label, std::span<uint8_t> out) const {
  // Every id given out is in use and carries it.
  if (counts_.OfLabel(label) == counts_.next_vertex) {
    for (size_t i = 0; i < ids.size(); ++i) out[i] = ToInteger(ids[i]) < counts_.next_vertex ? 1 : 0;
    return {};
  }
  const ColumnKey column{.label = label};
  if (const auto cached = columns_.Find(column)) {
    for (size_t i = 0; i < ids.size(); ++i) out[i] = cached->column->HasValue(ToInteger(ids[i])) ? 1 : 0;
    if (cached->delta->size() == 0) return {};
    for (size_t i = 0; i < ids.size(); ++i) {
      if (!cached->delta->MayHave(ToInteger(ids[i]))) continue;
      TUPU_TRY_ASSIGN(const Value has, cached->Get(ToInteger(ids[i]), columns_.commit()));
      out[i] = has.is_null() ? 0 : 1;
    }
    return {};
  }
  columns_.CountRecordReads(column, ids.size());
  return GraphView::ReadLabel(ids, label, out);
}

Result<Value> GraphSnapshot::RecordProperty(VertexId id, PropertyKeyId key) const {
  TUPU_TRY_ASSIGN(const auto bytes, FindVertexBytes(id));
  if (!bytes) return Value();
  TUPU_TRY_ASSIGN(const VertexRecordView view, DecodeVertexRecord(*bytes));
  return DecodeRowProperty(view.row, key);
}

Result<Value> GraphSnapshot::VertexProperty(VertexId id, PropertyKeyId key) const {
  const ColumnKey column{.key = key};
  if (const auto cached = columns_.Find(column)) return cached->Get(ToInteger(id), columns_.commit());
  columns_.CountRecordReads(column, 1);
  return RecordProperty(id, key);
}

Status GraphSnapshot::ReadVertexProperty(std::span<const VertexId> ids, PropertyKeyId key, PropertySink& out) const {
  const ColumnKey column{.key = key};
  if (const auto cached = columns_.Find(column)) {
    return cached->AppendTo(
        ids.size(), [&](size_t i) { return ToInteger(ids[i]); }, columns_.commit(), out);
  }
  columns_.CountRecordReads(column, ids.size());
  for (const VertexId id : ids) {
    TUPU_TRY_ASSIGN(const Value value, RecordProperty(id, key));
    out.Append(value);
  }
  return {};
}

std::vector<PropertyForm> GraphSnapshot::PropertyForms() const {
  return columns_.cache() == nullptr ? std::vector<PropertyForm>() : columns_.cache()->Forms();
}

Result<std::optional<LocatedEdge>> GraphSnapshot::LocateById(EdgeId id) const {
  TUPU_TRY_ASSIGN(const auto bytes, kv_->Get(Keyspace::kEdge, EdgePlacesKey(id)));
  if (!bytes) return std::optional<LocatedEdge>();
  TUPU_TRY_ASSIGN(const EdgePlaces places, EdgePlaces::Decode(*bytes));
  const std::optional<EdgePlace> place = places.Find(id);
  if (!place) return std::optional<LocatedEdge>();
  TUPU_TRY_ASSIGN(auto located, adjacency_.Search(id, place->start, place->type));
  if (!located) return CorruptionOf("edge place", "the edge is not in the list that its place names");
  return located;
}

Result<std::optional<EdgeReference>> GraphSnapshot::FindEdgeReference(EdgeId id) const {
  TUPU_TRY_ASSIGN(const auto located, LocateById(id));
  return located ? std::optional(located->reference) : std::nullopt;
}

Result<std::optional<EdgeRecord>> GraphSnapshot::FindEdge(EdgeId id) const {
  TUPU_TRY_ASSIGN(const auto located, LocateById(id));
  if (!located) return std::optional<EdgeRecord>();
  TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(located->block_bytes));
  TUPU_TRY_ASSIGN(Properties properties, block.PropertiesAt(located->position));
  return std::optional(EdgeRecord{located->reference, std::move(properties)});
}

Result<Properties> GraphSnapshot::EdgeProperties(const EdgeReference& edge) const {
  TUPU_TRY_ASSIGN(const auto located, adjacency_.Locate(edge));
  if (!located) return Properties();
  TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(located->block_bytes));
  return block.PropertiesAt(located->position);
}

Result<Value> GraphSnapshot::BlockProperty(const EdgeReference& edge, PropertyKeyId key) const {
  TUPU_TRY_ASSIGN(const auto located, adjacency_.Locate(edge));
  if (!located) return Value();
  TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(located->block_bytes));
  return block.PropertyAt(located->position, key);
}

Result<Value> GraphSnapshot::EdgeProperty(const EdgeReference& edge, PropertyKeyId key) const {
  const ColumnKey column{EntityKind::kEdge, edge.type, key};
  if (const auto cached = columns_.Find(column)) return cached->Get(ToInteger(edge.id), columns_.commit());
  columns_.CountRecordReads(column, 1);
  return BlockProperty(edge, key);
}

Status GraphSnapshot::ReadEdgeProperty(std::span<const EdgeReference> edges, PropertyKeyId key,
                                       PropertySink& out) const {
  while (!edges.empty()) {
    const auto end = std::find_if(edges.begin(), edges.end(),
                                  [&](const EdgeReference& edge) { return edge.type != edges.front().type; });
    const auto count = static_cast<size_t>(end - edges.begin());
    TUPU_TRY(ReadOfType(edges.first(count), key, out));
    edges = edges.subspan(count);
  }
  return {};
}

/// Requires: edges of one type, one at least.
Status GraphSnapshot::ReadOfType(std::span<const EdgeReference> edges, PropertyKeyId key, PropertySink& out) const {
  const ColumnKey column{EntityKind::kEdge, edges.front().type, key};
  if (const auto cached = columns_.Find(column)) {
    return cached->AppendTo(
        edges.size(), [&](size_t i) { return ToInteger(edges[i].id); }, columns_.commit(), out);
  }
  columns_.CountRecordReads(column, edges.size());
  for (const EdgeReference& edge : edges) {
    TUPU_TRY_ASSIGN(const Value value, BlockProperty(edge, key));
    out.Append(value);
  }
  return {};
}

Status GraphSnapshot::Expand(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types,
                             std::vector<Neighbour>& out) const {
  const bool both = direction == Direction::kBoth;
  if (direction != Direction::kIn) TUPU_TRY(adjacency_.Expand(vertex, AdjacencySide::kOut, types, false, out));
  if (direction != Direction::kOut) TUPU_TRY(adjacency_.Expand(vertex, AdjacencySide::kIn, types, both, out));
  return {};
}

Status GraphSnapshot::ExpandBatch(std::span<const VertexId> vertices, Direction direction,
                                  std::span<const EdgeTypeId> types, size_t max_steps, NeighbourLists& out) const {
  return adjacency_.ExpandBatch(vertices, direction, types, max_steps, out);
}

Status GraphSnapshot::ExpandTargets(std::span<const VertexId> vertices, Direction direction,
                                    std::span<const EdgeTypeId> types, size_t max_steps, TargetLists& out) const {
  return adjacency_.ExpandTargets(vertices, direction, types, max_steps, out);
}

Status GraphSnapshot::VisitSteps(Direction direction, std::span<const EdgeTypeId> types,
                                 const std::function<Status(VertexId, std::span<const Neighbour>)>& visit) const {
  return adjacency_.VisitSteps(counts_.next_vertex, direction, types, visit);
}

void GraphSnapshot::PrepareExpansions(uint64_t expansions, Direction direction,
                                      std::span<const EdgeTypeId> types) const {
  Topology* const topology = topology_.topology();
  if (topology == nullptr || !topology->IsWorth(expansions)) return;
  std::vector<ListSet> sets;
  for (const EdgeTypeId type : types) {
    if (direction != Direction::kIn) sets.push_back({type, AdjacencySide::kOut});
    if (direction != Direction::kOut) sets.push_back({type, AdjacencySide::kIn});
  }
  (void)topology->Build(sets);  // what could not be built is read from blocks, which say why
}

std::vector<AdjacencyForm> GraphSnapshot::AdjacencyForms() const {
  return topology_.topology() == nullptr ? std::vector<AdjacencyForm>() : topology_.topology()->Forms();
}

Status GraphSnapshot::ExpandWithProperties(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types,
                                           std::vector<NeighbourRecord>& out) const {
  if (direction != Direction::kIn) TUPU_TRY(adjacency_.ExpandWithProperties(vertex, types, out));
  if (direction == Direction::kOut) return {};
  std::vector<Neighbour> steps;
  TUPU_TRY(adjacency_.Expand(vertex, AdjacencySide::kIn, types, direction == Direction::kBoth, steps));
  return AppendIncomingRecords(*this, vertex, steps, out);
}

Result<uint64_t> GraphSnapshot::Degree(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types) const {
  const bool both = direction == Direction::kBoth;
  uint64_t degree = 0;
  if (direction != Direction::kIn) {
    TUPU_TRY_ASSIGN(degree, adjacency_.Degree(vertex, AdjacencySide::kOut, types, false));
  }
  if (direction != Direction::kOut) {
    TUPU_TRY_ASSIGN(const uint64_t in, adjacency_.Degree(vertex, AdjacencySide::kIn, types, both));
    degree += in;
  }
  return degree;
}

Result<std::unique_ptr<VertexCursor>> GraphSnapshot::ScanMembers(LabelId label) const {
  return std::unique_ptr<VertexCursor>(std::make_unique<MemberCursor>(kv_, label));
}

Result<std::unique_ptr<VertexCursor>> GraphSnapshot::ScanVertices(std::optional<LabelId> label) const {
  return ScanMembers(label.value_or(kAllVertices));
}

uint64_t GraphSnapshot::CountVertices(std::optional<LabelId> label) const {
  return label ? counts_.OfLabel(*label) : counts_.vertices;
}

uint64_t GraphSnapshot::CountEdges(std::optional<EdgeTypeId> type) const {
  return type ? counts_.OfType(*type) : counts_.edges;
}

Result<std::optional<VertexId>> GraphSnapshot::FindByStoredId(const StoredExternalId& id) const {
  TUPU_TRY_ASSIGN(const auto bytes, kv_->Get(Keyspace::kIndex, ExternalIdKey(id.group, id.id)));
  if (!bytes) return std::optional<VertexId>();
  TUPU_TRY_ASSIGN(const VertexId vertex, DecodeVertexId(*bytes));
  return std::optional(vertex);
}

Result<std::optional<VertexId>> GraphSnapshot::FindByExternalId(const ExternalId& id) const {
  const std::optional<IdGroupId> group = names_->id_groups.Find(id.group);
  if (!group) return std::optional<VertexId>();
  return FindByStoredId({*group, id.id});
}

Status GraphSnapshot::SeekIds(std::string_view prefix, std::vector<uint64_t>& ids) const {
  if (seeks_ != nullptr && seeks_->Find(prefix, counts_.commit, ids)) return {};
  ids.clear();
  Status failed;
  TUPU_TRY(kv_->Scan(Keyspace::kIndex, prefix, PrefixUpperBound(prefix).value_or(""),
                     [&](std::string_view key, std::string_view) {
                       const Result<VertexId> id = DecodeVertexId(key.substr(prefix.size()));
                       if (id) {
                         ids.push_back(ToInteger(*id));
                       } else {
                         failed = id.error();
                       }
                       return failed.has_value();
                     }));
  TUPU_TRY(std::move(failed));
  if (seeks_ != nullptr) seeks_->Add(prefix, counts_.commit, ids);
  return {};
}

Result<std::vector<VertexId>> GraphSnapshot::FindByNormalizedName(std::string_view normalized) const {
  std::vector<uint64_t> ids;
  TUPU_TRY(SeekIds(NamePrefix(normalized), ids));
  std::vector<VertexId> vertices;
  vertices.reserve(ids.size());
  for (const uint64_t id : ids) vertices.push_back(static_cast<VertexId>(id));
  return vertices;
}

Result<std::vector<VertexId>> GraphSnapshot::FindByName(std::string_view name) const {
  return FindByNormalizedName(NormalizeName(name));
}

}  // namespace tupu
