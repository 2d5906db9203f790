#pragma once

#include <unordered_map>
#include <vector>

#include "storage/check/check_state.h"
#include "storage/keys/edge_places.h"

namespace tupu {

/// What the three places where an edge is written say of it. Of a whole edge: one out-entry, the same in-entry, and the
/// place of both.
struct EdgeClaims {
  struct Entry {
    VertexId start{};
    EdgeTypeId type{};
    VertexId end{};
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::vector<Entry> out;
  std::vector<Entry> in;
  std::vector<EdgePlace> places;
};

/// Reports what the claims on one edge have against one another; nothing for a whole edge.
void ReportClaims(CheckState& state, EdgeId edge, const EdgeClaims& claims);

}  // namespace tupu
