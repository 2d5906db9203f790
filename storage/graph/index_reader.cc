#include "storage/graph/index_reader.h"

#include <fmt/format.h>

#include "storage/graph/declared_keys.h"
#include "storage/graph/graph_snapshot.h"

namespace tupu {

namespace {

/// Fills from the entries that follow the last one read: one scan a batch.
template <class Base, class Entity>
class EntryCursor final : public Base {
 public:
  EntryCursor(std::shared_ptr<const KvSnapshot> kv, KeyRange keys, EdgeTypeId type)
      : kv_(std::move(kv)), keys_(std::move(keys)), type_(type) {}

  Result<size_t> Next(std::span<Entity> out) override {
    size_t filled = 0;
    if (ended_ || out.empty()) return filled;
    Status failed;
    std::string last;
    TUPU_TRY(kv_->Scan(Keyspace::kIndex, keys_.begin, keys_.end, [&](std::string_view key, std::string_view value) {
      Result<Entity> entity = Decode(key, value);
      if (!entity) {
        failed = std::move(entity).error();
        return false;
      }
      out[filled++] = *entity;
      if (filled == out.size()) last = std::string(key);
      return filled < out.size();
    }));
    TUPU_TRY(std::move(failed));
    if (filled < out.size()) {
      ended_ = true;
    } else {
      keys_.begin = last + '\0';
    }
    return filled;
  }

 private:
  Result<Entity> Decode(std::string_view key, std::string_view value) const {
    if constexpr (std::is_same_v<Entity, VertexId>) {
      (void)value;
      return DecodeVertexEntry(key);
    } else {
      return DecodeEdgeEntry(key, value, type_);
    }
  }

  const std::shared_ptr<const KvSnapshot> kv_;
  KeyRange keys_;
  const EdgeTypeId type_;
  bool ended_ = false;
};

template <class Base, class Entity>
class EmptyCursor final : public Base {
 public:
  Result<size_t> Next(std::span<Entity>) override { return size_t{0}; }
};

}  // namespace

std::unique_ptr<VertexCursor> ReadVertexEntries(std::shared_ptr<const KvSnapshot> kv, KeyRange keys) {
  return std::make_unique<EntryCursor<VertexCursor, VertexId>>(std::move(kv), std::move(keys), EdgeTypeId{});
}
std::unique_ptr<EdgeCursor> ReadEdgeEntries(std::shared_ptr<const KvSnapshot> kv, KeyRange keys, EdgeTypeId type) {
  return std::make_unique<EntryCursor<EdgeCursor, EdgeReference>>(std::move(kv), std::move(keys), type);
}

std::unique_ptr<VertexCursor> NoVertices() {
  return std::make_unique<EmptyCursor<VertexCursor, VertexId>>();
}
std::unique_ptr<EdgeCursor> NoEdges() {
  return std::make_unique<EmptyCursor<EdgeCursor, EdgeReference>>();
}

namespace {

Error NoSuchIndex(IndexId index) {
  return Error{ErrorCode::kNotFound,
               fmt::format("there is no index {} in this state of the graph; plan the query again", ToInteger(index))};
}

}  // namespace

Result<const IndexDefinition*> OnlineIndex(const GraphView& view, IndexId index, EntityKind entity) {
  const IndexDefinition* found = view.indexes().FindIndex(index);
  if (found == nullptr || !found->online() || found->target.entity != entity) return NoSuchIndex(index);
  return found;
}

Result<std::optional<std::vector<VertexId>>> GraphSnapshot::FindByDeclaredKey(std::string_view label,
                                                                              std::span<const Value> values) const {
  const auto forms = DeclaredKeyForms(ontology(), catalog(), label, values);
  if (!forms) return std::optional<std::vector<VertexId>>();
  std::vector<VertexId> found;
  TUPU_TRY_ASSIGN(const auto owners, kv_->MultiGet(Keyspace::kIndex, *forms));
  for (const auto& owner : owners) {
    if (!owner) continue;
    TUPU_TRY_ASSIGN(const VertexId vertex, DecodeVertexId(*owner));
    found.push_back(vertex);
  }
  return std::optional(std::move(found));
}

Result<std::unique_ptr<VertexCursor>> GraphSnapshot::SeekVertices(IndexId index, const IndexRange& range) const {
  TUPU_TRY(OnlineIndex(*this, index, EntityKind::kVertex));
  std::optional<KeyRange> keys = KeysOf(index, range);
  return keys ? ReadVertexEntries(kv_, std::move(*keys)) : NoVertices();
}

Result<std::unique_ptr<EdgeCursor>> GraphSnapshot::SeekEdges(IndexId index, const IndexRange& range) const {
  TUPU_TRY_ASSIGN(const IndexDefinition* definition, OnlineIndex(*this, index, EntityKind::kEdge));
  std::optional<KeyRange> keys = KeysOf(index, range);
  return keys ? ReadEdgeEntries(kv_, std::move(*keys), definition->target.edge_type()) : NoEdges();
}

Result<SchemaState> LoadSchema(const KvSnapshot& kv) {
  SchemaState schema;
  TUPU_TRY_ASSIGN(const auto indexes, kv.Get(Keyspace::kMeta, kIndexesKey));
  if (indexes) {
    TUPU_TRY_ASSIGN(schema.indexes, DecodeIndexCatalog(*indexes));
  }
  TUPU_TRY_ASSIGN(const auto statistics, kv.Get(Keyspace::kMeta, kStatisticsKey));
  if (statistics) {
    TUPU_TRY_ASSIGN(schema.statistics, DecodeStatistics(*statistics));
  }
  return schema;
}

void AppendSchema(std::vector<KvWrite>& batch, const SchemaState& schema) {
  batch.push_back({Keyspace::kMeta, std::string(kIndexesKey), EncodeIndexCatalog(schema.indexes)});
  batch.push_back({Keyspace::kMeta, std::string(kStatisticsKey), EncodeStatistics(schema.statistics)});
}

// What a view without indexes answers.
const IndexCatalog& GraphView::indexes() const {
  static const IndexCatalog kNone;
  return kNone;
}
const GraphStatistics& GraphView::statistics() const {
  static const GraphStatistics kNone;
  return kNone;
}
Result<std::optional<std::vector<VertexId>>> GraphView::FindByDeclaredKey(std::string_view,
                                                                          std::span<const Value>) const {
  return std::optional<std::vector<VertexId>>();
}
Result<std::unique_ptr<VertexCursor>> GraphView::SeekVertices(IndexId index, const IndexRange&) const {
  return NoSuchIndex(index);
}
Result<std::unique_ptr<EdgeCursor>> GraphView::SeekEdges(IndexId index, const IndexRange&) const {
  return NoSuchIndex(index);
}

}  // namespace tupu
