#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "storage/graph/graph_view.h"
#include "storage/keys/index_record.h"
#include "storage/keys/vertex_record.h"
#include "storage/kv/kv_store.h"

namespace tupu {

class GraphOverlay;

/// Keeps property indexes right and constraints true for the changes of one transaction: told of each changed entity, it
/// collects the entries to write, and at the end sees that no two entities share a unique value.
///
/// The catalog is that of the last committed state, which may know indexes that the transaction's own snapshot does not.
class IndexMaintenance {
 public:
  /// `last`: the last committed state that the writes will follow. Borrows all.
  IndexMaintenance(const KvSnapshot& last, const IndexCatalog& indexes, const Catalog& names)
      : last_(last), indexes_(indexes), names_(names) {}

  /// Null: the vertex was not there, or is not there any more. Errors: kConstraint (missing or wrongly typed property).
  Status ChangeVertex(VertexId vertex, const VertexRecordView* before, const VertexRecordView* after);
  /// `before`, `after`: property rows, or null.
  Status ChangeEdge(const EdgeReference& edge, const std::string_view* before, const std::string_view* after);
  /// Puts the entry of a stored entity into an index that is being built.
  Status BuildVertex(const IndexDefinition& index, VertexId vertex, std::string_view row);
  Status BuildEdge(const IndexDefinition& index, const EdgeReference& edge, std::string_view row);
  /// kConstraint names both entities; else appends the writes.
  Status Finish(std::vector<KvWrite>& batch);

  /// Values that the transaction takes or gives up in unique indexes: two transactions that share one cannot both be committed
  /// unseen of each other. Hashes; filled by Change...
  const std::vector<uint64_t>& unique_items() const { return unique_items_; }

 private:
  struct Claim {
    const IndexDefinition* index;
    uint64_t entity;
  };

  Status Change(const IndexDefinition& index, uint64_t entity, std::string ends, const std::string_view* before,
                const std::string_view* after);
  Status Take(const IndexDefinition& index, uint64_t entity, std::string ends, const std::string& values);
  Status CheckClaim(const std::string& key, const Claim& claim) const;
  Error Taken(const IndexDefinition& index, const std::string& key, uint64_t first, uint64_t second) const;

  const KvSnapshot& last_;
  const IndexCatalog& indexes_;
  const Catalog& names_;
  std::vector<KvWrite> writes_;
  std::unordered_map<std::string, Claim> claims_;   // by entry key without the entity
  std::unordered_set<std::string> released_;        // entry keys
  std::vector<uint64_t> unique_items_;
};

/// kConstraint if the row of an entity does not fulfil `constraint` (presence and types, not uniqueness).
Status CheckConstraint(const ConstraintDefinition& constraint, const Catalog& names, uint64_t entity,
                       std::string_view row);

/// Tells `maintenance` of everything that `overlay` changes.
Status MaintainIndexes(const GraphOverlay& overlay, const IndexCatalog& indexes, IndexMaintenance& maintenance);

}  // namespace tupu
