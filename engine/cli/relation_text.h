#pragma once

#include <string>

#include "engine/cli/language.h"
#include "engine/export/picture.h"
#include "engine/verbs/partners.h"
#include "storage/ontology/ontology.h"

namespace tupu {

/// Words for the reasons of a partnership, with the ontology's display names. The ontology must outlive it.
class RelationText {
 public:
  RelationText(const Ontology& ontology, Language language) : ontology_(ontology), language_(language) {}

  /// The type's name; with a target both types if they differ ("leads / member of"); an arrow for the direction of a type
  /// that is not symmetric, seen from who was asked for.
  std::string Relation(const PartnerReason& reason) const;
  /// What the edges say beside their type; who says what if both do.
  std::string About(const PartnerReason& reason) const;

 private:
  std::string Display(const Edge& edge) const;
  const Ontology& ontology_;
  Language language_;
};

/// A partner with the edges and targets behind its reasons.
void AddPartner(const Partner& partner, PictureBuilder& builder);

/// Those of `group` that an edge of the picture ends at, each with the edges that say to whom it belongs, up to the top.
Status AddGroup(const GraphView& view, const std::vector<Vertex>& group, PictureBuilder& builder);

}  // namespace tupu
