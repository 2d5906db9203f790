#pragma once

#include <cstdint>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>
#include <tupu/value.h>

#include "engine/verbs/edge_scope.h"
#include "engine/verbs/partners.h"
#include "storage/graph/graph_view.h"

namespace tupu {

struct EcosystemOptions {
  EdgeChoice edges;    // what makes a member; default: the family cooperation
  bool group = false;  // brands and subsidiaries count with the subject
  CancellationToken cancellation;
};

/// Something that members of an ecosystem do: a segment they operate in, a product they offer.
struct CoveredTarget {
  Vertex vertex;
  std::vector<VertexId> members;  // ascending; the subject's group counts as well
  std::vector<Edge> edges;        // from the members, by id
};

/// A member through which other members reach each other.
struct Broker {
  VertexId vertex{};
  double betweenness = 0;  // > 0
  uint64_t partners = 0;   // within the ecosystem
};

struct EcosystemAnswer {
  PartnersAnswer circle;               // the members with their roles, one step around the subject
  std::vector<CoveredTarget> covered;  // by label, then most members first, then name
  std::vector<Broker> brokers;         // highest betweenness first, then ascending id
};

/// The ecosystem of `subject`: who partners with it, in which roles, what the members do (edges of the family activity that
/// start at them), and who brokers between them.
///
/// Brokers: betweenness over the members alone, the subject and its group left out, their relations taken as FindPartners
/// takes them. With the subject in, it would stand between all others and hide who else connects them.
/// Cost  one AppendRelations and one Expand per member; O(members * relations) for the betweenness.
Result<EcosystemAnswer> FindEcosystem(const GraphView& view, VertexId subject, const EcosystemOptions& options);

}  // namespace tupu
