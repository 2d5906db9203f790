#include "engine/cli/relation_text.h"

#include "engine/verbs/detail.h"

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

}  // namespace tupu
