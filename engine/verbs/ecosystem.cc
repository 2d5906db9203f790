#include "engine/verbs/ecosystem.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "engine/verbs/brokers.h"
#include "engine/verbs/entity.h"
#include "storage/ontology/ontology.h"

namespace tupu {

namespace {

constexpr std::array<std::string_view, 1> kMemberFamilies = {"cooperation"};
constexpr std::array<std::string_view, 1> kActivityFamilies = {"activity"};

// What one member does, added to the targets found so far.
Status AddActivities(const GraphView& view, const EdgeScope& activities, VertexId member,
                     std::map<VertexId, CoveredTarget>& targets) {
  const std::vector<EdgeTypeId> types = activities.All();
  if (types.empty()) return {};
  std::vector<Neighbour> steps;
  TUPU_TRY(view.Expand(member, Direction::kOut, types, steps));
  for (const Neighbour& step : steps) {
    TUPU_TRY_ASSIGN(Edge edge, ReadEdge(view, ReferenceOf(member, step)));
    const auto [target, added] = targets.try_emplace(step.vertex);
    if (added) {
      TUPU_TRY_ASSIGN(target->second.vertex, ReadVertex(view, step.vertex));
    }
    std::vector<VertexId>& members = target->second.members;
    if (std::find(members.begin(), members.end(), member) == members.end()) members.push_back(member);
    target->second.edges.push_back(std::move(edge));
  }
  return {};
}

auto CoveredOrder(const CoveredTarget& target) {
  return std::tuple(target.vertex.labels, -static_cast<int64_t>(target.members.size()), CaptionOf(target.vertex),
                    target.vertex.id);
}

Result<std::vector<CoveredTarget>> FindCovered(const GraphView& view, const std::vector<VertexId>& members,
                                               const CancellationToken& cancellation) {
  std::vector<CoveredTarget> covered;
  // Without an activity family in the ontology nothing is known of what members do; that is not an error here.
  const Result<EdgeScope> activities = ResolveEdgeScope(view, {}, kActivityFamilies);
  if (!activities) return covered;
  std::map<VertexId, CoveredTarget> targets;
  for (const VertexId member : members) {
    TUPU_TRY(cancellation.Check());
    TUPU_TRY(AddActivities(view, *activities, member, targets));
  }
  for (auto& [id, target] : targets) covered.push_back(std::move(target));
  std::sort(covered.begin(), covered.end(),
            [](const auto& a, const auto& b) { return CoveredOrder(a) < CoveredOrder(b); });
  return covered;
}

}  // namespace

Result<EcosystemAnswer> FindEcosystem(const GraphView& view, VertexId subject, const EcosystemOptions& options) {
  EcosystemAnswer answer;
  PartnersOptions circle;
  circle.edges = options.edges;
  circle.group = options.group;
  circle.cancellation = options.cancellation;
  TUPU_TRY_ASSIGN(answer.circle, FindPartners(view, subject, circle));

  std::set<VertexId> members;
  for (const Partner& partner : answer.circle.partners) members.insert(partner.vertex.id);
  TUPU_TRY_ASSIGN(const EdgeScope scope, ResolveEdgeScope(view, options.edges, kMemberFamilies));
  TUPU_TRY_ASSIGN(answer.brokers, FindBrokers(view, scope, members, options.cancellation));

  for (const Vertex& brand : answer.circle.group) members.insert(brand.id);
  TUPU_TRY_ASSIGN(answer.covered, FindCovered(view, {members.begin(), members.end()}, options.cancellation));
  return answer;
}

}  // namespace tupu
