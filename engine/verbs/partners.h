#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>
#include <tupu/value.h>

#include "engine/verbs/edge_scope.h"
#include "storage/graph/graph_view.h"

namespace tupu {

struct PartnersOptions {
  EdgeChoice edges;    // default: the family cooperation
  uint32_t depth = 1;  // 2: also the partners of partners ...
  bool group = false;  // also the partners of the brands and subsidiaries (GroupOf)
  CancellationToken cancellation;
};

/// One reason why someone is a partner.
struct PartnerReason {
  VertexId member{};          // of the level before (at depth 1: who was asked for, or one of the brands)
  std::optional<Vertex> via;  // what both build, lead or belong to
  Edge near;                  // the edge at `member`
  std::optional<Edge> far;    // with `via`: the partner's own edge to it
};

struct Partner {
  Vertex vertex;
  uint32_t depth = 1;                  // steps from who was asked for
  std::vector<PartnerReason> reasons;  // direct ones first, then by type, name of the target and edge id
};

struct PartnersAnswer {
  Vertex subject;
  std::vector<Vertex> group;      // `subject` first; alone without `group`
  std::vector<Partner> partners;  // by depth, then those with a direct edge, then by name and id
};

/// Who partners with `subject`: over the edges of the scope in either direction, and over their projection (co-builders of
/// one centre, members of one alliance), each partner with every reason.
/// Partners inside the group do not count. At depth d a partner is listed once, at the least depth, with its reasons
/// towards the level before.
/// Cost  one AppendRelations per vertex of the levels before the last. Errors: those of ResolveEdgeScope and `view`.
Result<PartnersAnswer> FindPartners(const GraphView& view, VertexId subject, const PartnersOptions& options);

}  // namespace tupu
