#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/ids.h>

#include "storage/catalog/property_type_set.h"

namespace tupu {

/// Number of an index or a constraint; one row of numbers for both, never used again, so that entries of a dropped index can
/// never be taken for those of a new one.
enum class IndexId : uint32_t {};

/// What an index or constraint is on: the vertices with a label, or the edges of a type.
enum class EntityKind : uint8_t { kVertex = 1, kEdge = 2 };

/// populating: every commit keeps it (or checks it), what is stored is still being gone through; not used for reading.
/// online: complete. failed: kept for SHOW to tell why; not used, not kept.
enum class IndexState : uint8_t { kPopulating = 1, kOnline = 2, kFailed = 3 };
std::string_view Name(IndexState state);

/// The entities it is on, and the properties in their order.
struct SchemaTarget {
  EntityKind entity = EntityKind::kVertex;
  uint32_t schema = 0;  // a LabelId or an EdgeTypeId
  std::vector<PropertyKeyId> properties;

  LabelId label() const { return static_cast<LabelId>(schema); }
  EdgeTypeId edge_type() const { return static_cast<EdgeTypeId>(schema); }
  friend bool operator==(const SchemaTarget&, const SchemaTarget&) = default;
};

/// How far a running build has come, in [0, 1]. Shared with every catalog that names the index. Threads: safe.
using BuildProgress = std::atomic<double>;

/// A property index: entities that have all of the properties, by their values in order.
struct IndexDefinition {
  IndexId id{};
  std::string name;
  SchemaTarget target;
  IndexState state = IndexState::kPopulating;
  bool unique = false;                      // no two entities with equal values; belongs to the constraint `owner`
  std::optional<IndexId> owner;             // the constraint that brought it
  std::string failure;                      // why it failed
  std::shared_ptr<BuildProgress> progress;  // while populating, in the process that builds it

  bool online() const { return state == IndexState::kOnline; }
  bool kept() const { return state != IndexState::kFailed; }
  double PopulationPercent() const;
};

enum class ConstraintKind : uint8_t {
  kUnique = 1,  // no two entities have equal values; missing values are free
  kExists = 2,  // the property is there
  kType = 3,    // the property, if there, is of one of the types
  kKey = 4,     // unique, and all there
};

struct ConstraintDefinition {
  IndexId id{};
  std::string name;
  ConstraintKind kind = ConstraintKind::kUnique;
  SchemaTarget target;
  PropertyTypeSet types;         // kType
  std::optional<IndexId> index;  // kUnique, kKey
  IndexState state = IndexState::kPopulating;

  bool RequiresPresence() const { return kind == ConstraintKind::kExists || kind == ConstraintKind::kKey; }
};

/// The indexes and constraints of one state of the graph. Immutable once shared; a change makes a copy.
/// Few in number: looked up by going through them.
class IndexCatalog {
 public:
  bool empty() const { return indexes_.empty() && constraints_.empty(); }
  const std::vector<IndexDefinition>& indexes() const { return indexes_; }               // by ascending id
  const std::vector<ConstraintDefinition>& constraints() const { return constraints_; }  // by ascending id
  /// Ids of dropped indexes whose entries are not all removed yet.
  const std::vector<IndexId>& dropped() const { return dropped_; }
  uint32_t next_id() const { return next_id_; }

  const IndexDefinition* FindIndex(IndexId id) const;
  const IndexDefinition* FindIndex(std::string_view name) const;
  const IndexDefinition* FindIndex(const SchemaTarget& target) const;
  const ConstraintDefinition* FindConstraint(std::string_view name) const;
  const ConstraintDefinition* FindConstraint(const SchemaTarget& target, ConstraintKind kind) const;
  /// Whether any index or constraint that a commit must look at is on this kind of entity.
  bool Concerns(EntityKind entity) const;

  // --- Building a new catalog out of a copy ---

  IndexId NewId() { return static_cast<IndexId>(next_id_++); }
  /// Requires: an id of NewId; names not in use.
  void Add(IndexDefinition index) { indexes_.push_back(std::move(index)); }
  void Add(ConstraintDefinition constraint) { constraints_.push_back(std::move(constraint)); }
  IndexDefinition* MutableIndex(IndexId id);
  ConstraintDefinition* MutableConstraint(IndexId id);
  /// Its entries become `dropped`.
  void RemoveIndex(IndexId id);
  void RemoveConstraint(IndexId id);  // its index stays: remove that too
  void ForgetDropped(IndexId id);

 private:
  friend class IndexCatalogCodec;
  std::vector<IndexDefinition> indexes_;
  std::vector<ConstraintDefinition> constraints_;
  std::vector<IndexId> dropped_;
  uint32_t next_id_ = 1;
};

}  // namespace tupu
