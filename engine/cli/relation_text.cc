#include "engine/cli/relation_text.h"

#include <set>

#include "engine/verbs/detail.h"
#include "engine/verbs/entity.h"
#include "engine/verbs/group.h"
#include "storage/catalog/catalog.h"

namespace tupu {

std::string RelationText::Display(const Edge& edge) const {
  return ontology_.DisplayOfEdgeType(edge.type, Code(language_));
}

std::string RelationText::Relation(const PartnerReason& reason) const {
  const std::string near = Display(reason.near);
  if (reason.far) {
    const std::string far = Display(*reason.far);
    return near == far ? near : near + " / " + far;
  }
  if (ontology_.IsSymmetric(reason.near.type)) return near;
  return reason.near.start == reason.member ? near + " →" : "← " + near;
}

std::string RelationText::About(const PartnerReason& reason) const {
  const std::string near = DetailOf(reason.near);
  if (!reason.far) return near;
  const std::string far = DetailOf(*reason.far);
  if (near == far || far.empty()) return near;
  return near.empty() ? far : near + " / " + far;
}

void AddPartner(const Partner& partner, PictureBuilder& builder) {
  builder.AddVertex(partner.vertex);
  for (const PartnerReason& reason : partner.reasons) {
    builder.AddEdge(reason.near);
    if (reason.via) builder.AddVertex(*reason.via);
    if (reason.far) builder.AddEdge(*reason.far);
  }
}

Status AddGroup(const GraphView& view, const std::vector<Vertex>& group, PictureBuilder& builder) {
  std::set<VertexId> members;
  std::vector<VertexId> open;
  for (const Vertex& brand : group) {
    members.insert(brand.id);
    if (!builder.IsTouched(brand.id)) continue;
    builder.AddVertex(brand);
    open.push_back(brand.id);
  }
  const std::optional<EdgeTypeId> type = view.catalog().edge_types().Find(kBelongsToType);
  if (!type) return {};
  std::set<VertexId> seen(open.begin(), open.end());
  std::vector<Neighbour> steps;
  while (!open.empty()) {
    const VertexId brand = open.back();
    open.pop_back();
    steps.clear();
    TUPU_TRY(view.Expand(brand, Direction::kOut, {&*type, 1}, steps));
    for (const Neighbour& step : steps) {
      if (!members.contains(step.vertex)) continue;
      TUPU_TRY_ASSIGN(Edge belongs_to, ReadEdge(view, ReferenceOf(brand, step)));
      builder.AddEdge(std::move(belongs_to));
      if (seen.insert(step.vertex).second) open.push_back(step.vertex);
    }
  }
  return {};
}

}  // namespace tupu
