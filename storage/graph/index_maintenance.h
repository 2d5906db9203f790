#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "storage/graph/commit_history.h"
#include "storage/graph/graph_view.h"
#include "storage/keys/index_record.h"
#include "storage/keys/vertex_record.h"
#include "storage/kv/kv_store.h"

namespace tupu {

class GraphOverlay;
struct PreparedCommit;

/// Keeps property indexes right and constraints true for the changes of one transaction: told of each changed entity, it
/// collects the entries to write, and at the end sees that no two entities share a unique value.
///
class IndexMaintenance {
 public:
  /// `base`: the state that the changes start from. Borrows all.
  IndexMaintenance(const KvSnapshot& base, const IndexCatalog& indexes, const Catalog& names)
      : base_(base), indexes_(indexes), names_(names) {}

  /// Null: the vertex was not there, or is not there any more. Errors: kConstraint (missing or wrongly typed property).
  Status ChangeVertex(VertexId vertex, const VertexRecordView* before, const VertexRecordView* after);
  /// `before`, `after`: property rows, or null.
  Status ChangeEdge(const EdgeReference& edge, const std::string_view* before, const std::string_view* after);
  /// Puts the entry of a stored entity into an index that is being built.
  Status BuildVertex(const IndexDefinition& index, VertexId vertex, std::string_view row);
  Status BuildEdge(const IndexDefinition& index, const EdgeReference& edge, std::string_view row);
  /// kConstraint names both entities; else appends the writes.
  Status Finish(std::vector<KvWrite>& batch);

  /// Values taken or given up in unique indexes: no two transactions that ran at once may share one. Filled by Change...
  const std::vector<ConflictItem>& unique_items() const { return unique_items_; }

 private:
  struct Claim {
    const IndexDefinition* index;
    uint64_t entity;
  };

  Status Change(const IndexDefinition& index, uint64_t entity, std::string ends, const std::string_view* before,
                const std::string_view* after);
  Status Take(const IndexDefinition& index, uint64_t entity, std::string ends, const std::string& values);
  Status CheckClaim(const std::string& shared, const Claim& claim) const;

  const KvSnapshot& base_;
  const IndexCatalog& indexes_;
  const Catalog& names_;
  std::vector<KvWrite> writes_;
  std::unordered_map<std::string, Claim> claims_;  // by entry key without the entity
  std::unordered_set<std::string> released_;       // entry keys
  std::vector<ConflictItem> unique_items_;
};

/// kConstraint if the row of an entity does not fulfil `constraint` (presence and types, not uniqueness).
Status CheckConstraint(const ConstraintDefinition& constraint, const Catalog& names, uint64_t entity,
                       std::string_view row);

/// kConstraint: two entities have the values of these entries of a unique index.
Error DuplicateEntries(const IndexDefinition& index, const Catalog& names, std::string_view first_key,
                       std::string_view second_key);

/// The writes and unique values that `overlay` brings to the indexes of its base. A change of the schema collides with every
/// transaction that began before it, so these are the indexes of the last committed state, too.
/// Errors: kConstraint.
Status PrepareIndexes(const GraphOverlay& overlay, PreparedCommit& commit);

}  // namespace tupu
