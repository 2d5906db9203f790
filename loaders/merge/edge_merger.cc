#include "loaders/merge/edge_merger.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>

#include <fmt/format.h>

#include "loaders/merge/property_merge.h"
#include "storage/base/check.h"
#include "storage/catalog/catalog.h"
#include "storage/ontology/ontology.h"

namespace tupu {

struct EdgeMerger::Stored {
  EdgeReference reference;
  // As stored. Kept, as rows of the same start would each read its block again; nullopt: to be read when needed.
  std::optional<Properties> properties;
};

struct EdgeMerger::Known {
  Stored edge;
  bool has_place = false;  // a row of this load named it
  RowPlace place;
};

struct EdgeMerger::Type {
  EdgeTypeId id{};
  std::string name;
  const EdgeTypeRule* rule = nullptr;               // null: not declared
  bool had_edges = false;                           // before the load
  std::vector<PropertyKeyId> key;                   // of the declared key
  std::unordered_multimap<uint64_t, Known> unique;  // by own id or key: stored edges, and those of this load
  std::unordered_multimap<uint64_t, Stored> bag;    // stored edges that no row has taken yet
  std::unordered_set<uint64_t> starts_by_key;       // vertices whose edges are in `unique`
  std::unordered_set<uint64_t> starts_by_bag;       // ... in `bag`
  std::set<PropertyKeyId> own_ids;                  // properties by which all edges are in `unique`
};

struct EdgeMerger::Pending {
  EdgeReference reference;
  Properties properties;  // as they shall be
  uint64_t rows = 0;
};

EdgeMerger::EdgeMerger(GraphTransaction& transaction, const Ontology& ontology, VertexMerger& vertices,
                       const std::deque<std::string>& file_names)
    : transaction_(transaction), ontology_(ontology), vertices_(vertices), file_names_(file_names) {
  united_ = {transaction.InternPropertyKey("sources")};
  not_identity_ = {transaction.InternPropertyKey("sources"), transaction.InternPropertyKey("confidence")};
}

EdgeMerger::~EdgeMerger() = default;

Status EdgeMerger::Merge(EdgeRow row) {
  Type& type = TypeOf(row.type);
  if (type.rule != nullptr && type.rule->symmetric && row.end < row.start) std::swap(row.start, row.end);
  const Identity identity = IdentityOf(type, row);
  if (identity == Identity::kBag && !type.had_edges) return Create(type, row, nullptr);
  if (type.had_edges) TUPU_TRY(Index(type, identity, row));
  const uint64_t hash = HashOf(type, identity, row);
  if (identity == Identity::kBag) return MergeOneOfBag(type, std::move(row), hash);
  return MergeUnique(type, identity, row, hash);
}

Status EdgeMerger::Flush() {
  TUPU_TRY(SettleDeferred());
  return WritePending();
}

EdgeMerger::Type& EdgeMerger::TypeOf(EdgeTypeId id) {
  std::unique_ptr<Type>& type = types_[ToInteger(id)];
  if (type == nullptr) {
    type = std::make_unique<Type>();
    type->id = id;
    type->name = transaction_.view().catalog().edge_types().GetName(id);
    type->rule = ontology_.FindEdgeType(type->name);
    type->had_edges = transaction_.view().CountEdges(id) > 0;
    if (type->rule != nullptr && type->rule->key) {
      for (const std::string& name : *type->rule->key) type->key.push_back(transaction_.InternPropertyKey(name));
    }
  }
  return *type;
}

EdgeMerger::Identity EdgeMerger::IdentityOf(const Type& type, const EdgeRow& row) {
  if (row.id_property) return Identity::kOwnId;
  return type.rule != nullptr && type.rule->key ? Identity::kKey : Identity::kBag;
}

uint64_t EdgeMerger::HashOf(const Type& type, Identity identity, const EdgeRow& row) const {
  const auto hash_of = [&](PropertyKeyId key) {
    const Value* value = FindProperty(row.properties, key);
    return value == nullptr ? 0 : HashValue(*value);
  };
  if (identity == Identity::kOwnId) return CombineHash(ToInteger(*row.id_property) + 1, hash_of(*row.id_property));
  uint64_t hash = CombineHash(CombineHash(0, ToInteger(row.start)), ToInteger(row.end));
  if (identity == Identity::kBag) return CombineHash(hash, HashExcept(row.properties, not_identity_));
  for (const PropertyKeyId key : type.key) hash = CombineHash(hash, hash_of(key));
  return hash;
}

bool EdgeMerger::SameIdentity(const Type& type, Identity identity, const EdgeRow& row, const EdgeReference& edge,
                              const Properties& properties) const {
  const auto same = [&](PropertyKeyId key) {
    const Value* a = FindProperty(row.properties, key);
    const Value* b = FindProperty(properties, key);
    return a == nullptr || b == nullptr ? a == b : *a == *b;
  };
  if (identity == Identity::kOwnId) return same(*row.id_property);
  if (edge.start != row.start || edge.end != row.end) return false;
  if (identity == Identity::kBag) return EqualExcept(row.properties, properties, not_identity_);
  return std::all_of(type.key.begin(), type.key.end(), same);
}

/// Makes sure that the stored edges the row may mean are in the type's index.
Status EdgeMerger::Index(Type& type, Identity identity, const EdgeRow& row) {
  if (identity == Identity::kBag) {
    if (!type.starts_by_bag.insert(ToInteger(row.start)).second) return {};
    return IndexSteps(type, identity, row.start, std::nullopt);
  }
  if (identity == Identity::kKey) {
    if (!type.starts_by_key.insert(ToInteger(row.start)).second) return {};
    return IndexSteps(type, identity, row.start, std::nullopt);
  }
  if (!type.own_ids.insert(*row.id_property).second) return {};
  TUPU_TRY_ASSIGN(const std::unique_ptr<VertexCursor> cursor, transaction_.view().ScanVertices(std::nullopt));
  std::array<VertexId, 1024> batch;
  for (;;) {
    TUPU_TRY_ASSIGN(const size_t size, cursor->Next(batch));
    if (size == 0) return {};
    for (size_t i = 0; i < size; ++i) TUPU_TRY(IndexSteps(type, identity, batch[i], row.id_property));
  }
}

Status EdgeMerger::IndexSteps(Type& type, Identity identity, VertexId start, std::optional<PropertyKeyId> id_property) {
  steps_.clear();
  TUPU_TRY(transaction_.view().ExpandWithProperties(start, Direction::kOut, std::span(&type.id, 1), steps_));
  for (NeighbourRecord& step : steps_) {
    if (id_property && FindProperty(step.properties, *id_property) == nullptr) continue;
    EdgeRow row;
    row.start = start;
    row.end = step.vertex;
    row.properties = std::move(step.properties);
    row.id_property = id_property;
    const uint64_t hash = HashOf(type, identity, row);
    Stored stored{{step.edge, start, step.vertex, step.type}, std::nullopt};
    // By own id every edge of the type is in the index, and few may be named: those are read when they are.
    if (identity != Identity::kOwnId) stored.properties = std::move(row.properties);
    if (identity == Identity::kBag) {
      type.bag.emplace(hash, std::move(stored));
    } else {
      type.unique.emplace(hash, Known{std::move(stored), false, {}});
    }
  }
  return {};
}

Status EdgeMerger::MergeUnique(Type& type, Identity identity, const EdgeRow& row, uint64_t hash) {
  const auto [begin, end] = type.unique.equal_range(hash);
  for (auto entry = begin; entry != end; ++entry) {
    Known& known = entry->second;
    TUPU_TRY_ASSIGN(Properties properties, PropertiesOf(known.edge));
    if (!SameIdentity(type, identity, row, known.edge.reference, properties)) continue;
    if (identity == Identity::kOwnId) TUPU_TRY(CheckOwnId(known, row));
    TUPU_TRY(MergeKnown(type, known.edge.reference, std::move(properties), row));
    known.has_place = true;
    known.place = row.place;
    return {};
  }
  Known known;
  TUPU_TRY(Create(type, row, &known));
  type.unique.emplace(hash, std::move(known));
  return {};
}

Status EdgeMerger::CheckOwnId(const Known& known, const EdgeRow& row) const {
  const Value& id = *FindProperty(row.properties, *row.id_property);
  if (known.has_place && known.place.data_set == row.place.data_set) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("the edge id {} was given at {}:{} already; keep one of the rows", id.ToString(),
                             file_names_[known.place.file], known.place.line)};
  }
  if (known.edge.reference.start == row.start && known.edge.reference.end == row.end) return {};
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the edge id {} belongs to an edge between other vertices; give the new edge its own id, or "
                           "delete the old one first",
                           id.ToString())};
}

Status EdgeMerger::MergeOneOfBag(Type& type, EdgeRow row, uint64_t hash) {
  bool candidates = false;
  const auto [begin, end] = type.bag.equal_range(hash);
  for (auto entry = begin; entry != end; ++entry) {
    TUPU_TRY_ASSIGN(const Properties properties, PropertiesOf(entry->second));
    if (!SameIdentity(type, Identity::kBag, row, entry->second.reference, properties)) continue;
    candidates = true;
    if (properties != row.properties) continue;
    type.bag.erase(entry);
    ++counts_.unchanged;
    return {};
  }
  if (!candidates) return Create(type, row, nullptr);
  // Another row may equal one of the candidates entirely: decide when all rows have been seen.
  TUPU_TRY(Check(type, row, row.properties));
  deferred_.push_back(std::move(row));
  return {};
}

Status EdgeMerger::SettleDeferred() {
  for (const bool only_if_it_holds : {true, false}) {
    std::vector<EdgeRow> left;
    for (EdgeRow& row : deferred_) {
      TUPU_TRY_ASSIGN(const bool taken, TakeFromBag(TypeOf(row.type), row, only_if_it_holds));
      if (!taken) left.push_back(std::move(row));
    }
    deferred_ = std::move(left);
  }
  for (const EdgeRow& row : deferred_) TUPU_TRY(Create(TypeOf(row.type), row, nullptr));
  deferred_.clear();
  return {};
}

Result<bool> EdgeMerger::TakeFromBag(Type& type, const EdgeRow& row, bool only_if_it_holds) {
  const auto [begin, end] = type.bag.equal_range(HashOf(type, Identity::kBag, row));
  for (auto entry = begin; entry != end; ++entry) {
    TUPU_TRY_ASSIGN(Properties properties, PropertiesOf(entry->second));
    if (!SameIdentity(type, Identity::kBag, row, entry->second.reference, properties)) continue;
    if (only_if_it_holds && !Holds(properties, row.properties, united_)) continue;
    const EdgeReference edge = entry->second.reference;
    type.bag.erase(entry);
    TUPU_TRY(MergeKnown(type, edge, std::move(properties), row));
    return true;
  }
  return false;
}

Status EdgeMerger::MergeKnown(const Type& type, const EdgeReference& edge, Properties properties, const EdgeRow& row) {
  const auto pending = pending_.find(edge.id);
  if (!MergeProperties(properties, row.properties, united_)) {
    ++(pending == pending_.end() ? counts_.unchanged : pending->second.rows);
    return {};
  }
  TUPU_TRY(Check(type, row, properties));
  Pending& slot = pending_[edge.id];
  slot.reference = edge;
  slot.properties = std::move(properties);
  ++slot.rows;
  return {};
}

Status EdgeMerger::Create(const Type& type, const EdgeRow& row, Known* known) {
  TUPU_TRY(Check(type, row, row.properties));
  TUPU_TRY_ASSIGN(const EdgeReference edge, transaction_.CreateEdge(row.start, row.type, row.end, row.properties));
  ++counts_.created;
  if (known != nullptr) *known = Known{{edge, std::nullopt}, true, row.place};
  return {};
}

Status EdgeMerger::Check(const Type& type, const EdgeRow& row, const Properties& properties) {
  if (type.rule == nullptr) return {};
  if (!type.rule->ends.empty()) {
    TUPU_TRY_ASSIGN(const std::vector<std::string>* start, vertices_.LabelNames(row.start));
    TUPU_TRY_ASSIGN(const std::vector<std::string>* end, vertices_.LabelNames(row.end));
    return ontology_.CheckEdge(type.name, *start, *end, NamedProperties(transaction_.view().catalog(), properties));
  }
  return ontology_.CheckEdge(type.name, {}, {}, NamedProperties(transaction_.view().catalog(), properties));
}

Status EdgeMerger::WritePending() {
  for (const auto& [id, pending] : pending_) {
    TUPU_TRY_ASSIGN(const Properties stored, transaction_.view().EdgeProperties(pending.reference));
    bool changed = false;
    for (const auto& [key, value] : pending.properties) {
      const Value* before = FindProperty(stored, key);
      if (before != nullptr && *before == value) continue;
      TUPU_TRY(transaction_.SetEdgeProperty(pending.reference, key, value));
      changed = true;
    }
    (changed ? counts_.merged : counts_.unchanged) += pending.rows;
  }
  pending_.clear();
  return {};
}

/// As they will be after the changes gathered so far.
Result<Properties> EdgeMerger::PropertiesOf(const Stored& edge) const {
  const auto pending = pending_.find(edge.reference.id);
  if (pending != pending_.end()) return pending->second.properties;
  if (edge.properties) return *edge.properties;
  return transaction_.view().EdgeProperties(edge.reference);
}

}  // namespace tupu
