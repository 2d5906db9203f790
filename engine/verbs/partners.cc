#include "engine/verbs/partners.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "engine/verbs/entity.h"
#include "engine/verbs/group.h"
#include "engine/verbs/relation.h"

namespace tupu {

namespace {

constexpr std::array<std::string_view, 1> kPartnerFamilies = {"cooperation"};

// Relations of one level, by partner.
using LevelRelations = std::map<VertexId, std::vector<Relation>>;

Result<LevelRelations> RelationsOfLevel(const GraphView& view, const EdgeScope& scope,
                                        const std::vector<VertexId>& level, const std::set<VertexId>& known,
                                        const CancellationToken& cancellation) {
  LevelRelations by_partner;
  std::vector<Relation> relations;
  for (const VertexId member : level) {
    TUPU_TRY(cancellation.Check());
    relations.clear();
    TUPU_TRY(AppendRelations(view, scope, member, relations));
    for (const Relation& relation : relations)
      if (!known.contains(relation.to)) by_partner[relation.to].push_back(relation);
  }
  return by_partner;
}

Result<PartnerReason> ReadReason(const GraphView& view, const Relation& relation) {
  PartnerReason reason;
  reason.member = relation.from;
  TUPU_TRY_ASSIGN(reason.near, ReadEdge(view, relation.near));
  if (relation.via) {
    TUPU_TRY_ASSIGN(reason.via, ReadVertex(view, *relation.via));
    TUPU_TRY_ASSIGN(reason.far, ReadEdge(view, *relation.far));
  }
  return reason;
}

auto ReasonOrder(const PartnerReason& reason) {
  return std::tuple(reason.via.has_value(), reason.near.type, reason.via ? CaptionOf(*reason.via) : std::string(),
                    reason.near.id, reason.far ? reason.far->id : EdgeId{});
}

auto PartnerOrder(const Partner& partner) {
  return std::tuple(partner.reasons.front().via.has_value(), CaptionOf(partner.vertex), partner.vertex.id);
}

Result<Partner> ReadPartner(const GraphView& view, VertexId id, uint32_t depth,
                            const std::vector<Relation>& relations) {
  Partner partner;
  partner.depth = depth;
  TUPU_TRY_ASSIGN(partner.vertex, ReadVertex(view, id));
  for (const Relation& relation : relations) {
    TUPU_TRY_ASSIGN(PartnerReason reason, ReadReason(view, relation));
    partner.reasons.push_back(std::move(reason));
  }
  std::sort(partner.reasons.begin(), partner.reasons.end(),
            [](const auto& a, const auto& b) { return ReasonOrder(a) < ReasonOrder(b); });
  return partner;
}

}  // namespace

Result<PartnersAnswer> FindPartners(const GraphView& view, VertexId subject, const PartnersOptions& options) {
  TUPU_TRY_ASSIGN(const EdgeScope scope, ResolveEdgeScope(view, options.edges, kPartnerFamilies));
  PartnersAnswer answer;
  TUPU_TRY_ASSIGN(answer.subject, ReadVertex(view, subject));
  std::vector<VertexId> level = {subject};
  if (options.group) {
    TUPU_TRY_ASSIGN(level, GroupOf(view, subject, options.cancellation));
  }
  for (const VertexId member : level) {
    TUPU_TRY_ASSIGN(Vertex vertex, ReadVertex(view, member));
    answer.group.push_back(std::move(vertex));
  }
  std::set<VertexId> known(level.begin(), level.end());
  for (uint32_t depth = 1; depth <= options.depth && !level.empty(); ++depth) {
    TUPU_TRY_ASSIGN(const LevelRelations found, RelationsOfLevel(view, scope, level, known, options.cancellation));
    level.clear();
    const auto first = static_cast<ptrdiff_t>(answer.partners.size());
    for (const auto& [id, relations] : found) {
      TUPU_TRY_ASSIGN(Partner partner, ReadPartner(view, id, depth, relations));
      answer.partners.push_back(std::move(partner));
      level.push_back(id);
      known.insert(id);
    }
    std::sort(answer.partners.begin() + first, answer.partners.end(),
              [](const auto& a, const auto& b) { return PartnerOrder(a) < PartnerOrder(b); });
  }
  return answer;
}

}  // namespace tupu
