#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <tupu/result.h>

#include "loaders/bulk/edge_identity.h"
#include "loaders/bulk/identity_table.h"
#include "storage/bulk/graph_bulk_load.h"

namespace tupu {

/// Which edges the rows of a load mean so far. Changed by the thread whose turn it is.
struct EdgesMeant {
  IdentityTable identities;         // of edges of the load
  std::vector<bool> taken;          // by id: stored edges that a row of a bag means
  std::set<EdgeTypeId> named_keys;  // types the names of whose keys have ids
  uint64_t later_rows = 0;          // that mean edges of the load
  uint64_t unchanged = 0;           // rows whose stored edge has all that they say
};

/// Finds the rows of one chunk that mean an edge which is there already: a stored one, or one of an earlier row of the
/// load. EdgeMerger is the rule; a row whose stored edge it would change, or choose among several, ends the load in bulk.
/// Life: Look, beside other threads, then Settle, in file order.
class KnownEdgeRows {
 public:
  explicit KnownEdgeRows(GraphBulkLoad& load);

  /// Reads the stored edges that rows may mean: the list of each start and type once. `own_id`: the property of the edges'
  /// own ids. Errors: of the store.
  Status Look(const EdgeBatch& batch, std::optional<PropertyKeyId> own_id);
  /// Takes the known rows out of the batch. A text: why the load must be given up.
  std::string Settle(EdgeBatch& batch, EdgesMeant& meant);
  /// Whether rows of the type that have this start may mean an edge that is there.
  bool MayBeKnown(EdgeTypeId type, VertexId start);

 private:
  struct TypeFacts {
    EdgeIdentity identity;
    bool has_stored_edges = false;
  };
  struct Identity {
    size_t row = 0;
    uint64_t hash = 0;
  };
  /// A row whose start may have stored edges of its type.
  struct Waiting {
    size_t row = 0;
    size_t begin = 0;  // of its properties in the batch
  };
  /// A stored edge that has the identity of a row.
  struct Candidate {
    size_t row = 0;
    EdgeId edge{};
    bool holds = false;  // the row changes nothing of it; of a bag: they are equal
  };

  const TypeFacts& FactsOf(EdgeTypeId type);
  bool IsStored(uint64_t vertex) const { return vertex < load_.vertices().first_vertex(); }
  Status LookAtStored(const EdgeBatch& batch);
  Status Compare(const EdgeBatch& batch, std::span<const Waiting> rows);
  Status ReadMeant(const EdgeBatch& batch, std::span<const Waiting> rows);
  void NameKey(EdgeTypeId type, EdgesMeant& meant);
  bool SettleStored(std::span<const Candidate> candidates, bool has_key, EdgesMeant& meant, std::string& why_not) const;

  GraphBulkLoad& load_;
  const bool any_key_;
  const std::vector<PropertyKeyId> united_;
  const std::vector<PropertyKeyId> not_identity_;
  bool own_id_ = false;  // of the chunk at hand, like all below
  std::unordered_map<uint32_t, TypeFacts> facts_;
  std::vector<Identity> identities_;
  std::vector<Waiting> waiting_;
  std::vector<Candidate> candidates_;  // by row
  std::string why_not_;
  std::vector<Neighbour> steps_;
  std::vector<NeighbourRecord> records_;
};

}  // namespace tupu
