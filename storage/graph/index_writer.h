#pragma once

#include <vector>

#include "storage/graph/commit_history.h"
#include "storage/graph/graph_overlay.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// A vertex that gains or loses a label; kAllVertices: that comes or goes.
struct MembershipChange {
  LabelId label;
  VertexId vertex;
  bool added;
};

/// What one transaction brings to a commit beside its edges. Made by its own thread before it queues.
struct PreparedCommit {
  std::vector<KvWrite> writes;  // of keys that no other transaction of the group writes
  std::vector<MembershipChange> memberships;
  Footprint footprint;
};

/// Records, names, external ids and declared keys of the vertices that `overlay` changes, compared with its base.
/// kConstraint if a declared key is taken.
Status PrepareVertices(const GraphOverlay& overlay, PreparedCommit& commit);

/// Appends the label containers as `changes` leave them. `stored`: the last committed state.
/// Requires: no vertex gains and loses the same label.
Status WriteMemberships(std::vector<MembershipChange> changes, const KvSnapshot& stored, std::vector<KvWrite>& batch);

}  // namespace tupu
