#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tupu/result.h>

#include "loaders/merge/vertex_merger.h"
#include "storage/graph/graph_store.h"

namespace tupu {

class Ontology;
struct EdgeTypeRule;

struct EdgeRow {
  VertexId start{};
  VertexId end{};
  EdgeTypeId type{};
  Properties properties;                     // sorted, no null; with the id, if it has one
  std::optional<PropertyKeyId> id_property;  // the edge's own id stands in this property
  RowPlace place;
};

/// Puts edge rows into a transaction by identity (loaders/load.h): own id, declared key, or all columns as a bag.
///
/// What the store had before the load is indexed by identity when a row first needs it: per start vertex and type, or
/// per type for own ids; the former with the properties, until a row of a bag takes the edge. So rows that come grouped by
/// start read each block of their vertices once and keep little. Nothing is looked up for a type that had no edge, so a first load costs one CreateEdge a row.
/// Life: Merge*, then Flush, which writes gathered changes and decides the bag rows that equal no stored edge entirely.
class EdgeMerger {
 public:
  /// All must outlive it.
  EdgeMerger(GraphTransaction& transaction, const Ontology& ontology, VertexMerger& vertices,
             const std::deque<std::string>& file_names);
  ~EdgeMerger();

  /// Errors: kInvalidArgument for an own id that is taken; kConstraint by the ontology. The message has no place before
  /// it. Such a row changes nothing.
  Status Merge(EdgeRow row);
  Status Flush();

  const MergeCounts& counts() const { return counts_; }

 private:
  enum class Identity : uint8_t { kOwnId, kKey, kBag };
  struct Stored;   // an edge of the store
  struct Known;    // an edge that rows may mean
  struct Type;     // what there is to know of one edge type
  struct Pending;  // changes to an edge that was there

  Type& TypeOf(EdgeTypeId id);
  static Identity IdentityOf(const Type& type, const EdgeRow& row);
  uint64_t HashOf(const Type& type, Identity identity, const EdgeRow& row) const;
  bool SameIdentity(const Type& type, Identity identity, const EdgeRow& row, const EdgeReference& edge,
                    const Properties& properties) const;

  Status Index(Type& type, Identity identity, const EdgeRow& row);
  Status IndexSteps(Type& type, Identity identity, VertexId start, std::optional<PropertyKeyId> id_property);

  Status MergeUnique(Type& type, Identity identity, const EdgeRow& row, uint64_t hash);
  Status MergeOneOfBag(Type& type, EdgeRow row, uint64_t hash);
  /// `properties`: those of the edge, as PropertiesOf gives them.
  Status MergeKnown(const Type& type, const EdgeReference& edge, Properties properties, const EdgeRow& row);
  Status Create(const Type& type, const EdgeRow& row, Known* known);
  /// Gives the row a stored edge of its bag that no other row has; `only_if_it_holds`: one that the row would not
  /// change.
  Result<bool> TakeFromBag(Type& type, const EdgeRow& row, bool only_if_it_holds);

  Status Check(const Type& type, const EdgeRow& row, const Properties& properties);
  Status CheckOwnId(const Known& known, const EdgeRow& row) const;
  Status SettleDeferred();
  Status WritePending();
  Result<Properties> PropertiesOf(const Stored& edge) const;

  GraphTransaction& transaction_;
  const Ontology& ontology_;
  VertexMerger& vertices_;
  const std::deque<std::string>& file_names_;
  std::vector<PropertyKeyId> united_;
  std::vector<PropertyKeyId> not_identity_;  // `sources` and `confidence`
  std::unordered_map<uint32_t, std::unique_ptr<Type>> types_;
  std::map<EdgeId, Pending> pending_;
  std::vector<EdgeRow> deferred_;
  std::vector<NeighbourRecord> steps_;
  MergeCounts counts_;
};

}  // namespace tupu
