#include "loaders/bulk/ontology_row_check.h"

#include "loaders/merge/property_merge.h"
#include "storage/base/check.h"
#include "storage/catalog/catalog.h"
#include "storage/keys/bytes.h"
#include "storage/keys/property_row.h"
#include "storage/ontology/ontology.h"

namespace tupu {

namespace {

/// Of a row that this process encoded.
Map NamedRow(const Catalog& catalog, std::string_view row) {
  const Result<Properties> properties = DecodeRow(row);
  TUPU_CHECK(properties.has_value());
  return NamedProperties(catalog, *properties);
}

}  // namespace

bool OntologyRowCheck::checks_vertices() const {
  return !ontology_.labels().empty();
}

bool OntologyRowCheck::AppendSignature(std::string_view row) {
  std::vector<RowEntry> entries;
  TUPU_CHECK(ParseRow(row, entries).has_value());
  bool has_list = false;
  for (const RowEntry& entry : entries) {
    AppendVarint(signature_, ToInteger(entry.key));
    // Booleans have two tags and one type.
    signature_.push_back(entry.value[0] == kValueFalse ? kValueTrue : entry.value[0]);
    has_list = has_list || entry.value[0] == kValueList;
  }
  return !has_list;
}

std::vector<std::string> OntologyRowCheck::NamesOf(const std::vector<LabelId>& labels) const {
  std::vector<std::string> names;
  for (const LabelId label : labels) names.emplace_back(catalog_.labels().GetName(label));
  return names;
}

Status OntologyRowCheck::CheckVertex(const std::vector<LabelId>& labels, std::string_view row) {
  if (!checks_vertices()) return {};
  signature_.assign(1, 'V');
  AppendU64(signature_, reinterpret_cast<uintptr_t>(&labels));
  const bool whole = AppendSignature(row);
  if (whole && passed_.contains(signature_)) return {};
  TUPU_TRY(ontology_.CheckVertex(NamesOf(labels), NamedRow(catalog_, row)));
  if (whole) passed_.insert(signature_);
  return {};
}

const OntologyRowCheck::TypeFacts& OntologyRowCheck::FactsOf(EdgeTypeId type) {
  const auto [found, is_new] = types_.try_emplace(ToInteger(type));
  if (is_new) {
    const EdgeTypeRule* rule = ontology_.FindEdgeType(catalog_.edge_types().GetName(type));
    found->second = {rule != nullptr, rule != nullptr && rule->symmetric};
  }
  return found->second;
}

bool OntologyRowCheck::IsDeclared(EdgeTypeId type) {
  return !ontology_.edge_types().empty() && FactsOf(type).declared;
}

bool OntologyRowCheck::IsSymmetric(EdgeTypeId type) {
  return !ontology_.edge_types().empty() && FactsOf(type).symmetric;
}

Status OntologyRowCheck::CheckEdge(EdgeTypeId type, const std::vector<LabelId>* start, const std::vector<LabelId>* end,
                                   std::string_view row) {
  signature_.assign(1, 'E');
  AppendU32(signature_, ToInteger(type));
  AppendU64(signature_, reinterpret_cast<uintptr_t>(start));
  AppendU64(signature_, reinterpret_cast<uintptr_t>(end));
  const bool whole = AppendSignature(row);
  if (whole && passed_.contains(signature_)) return {};
  TUPU_TRY(ontology_.CheckEdge(catalog_.edge_types().GetName(type), NamesOf(*start), NamesOf(*end),
                               NamedRow(catalog_, row)));
  if (whole) passed_.insert(signature_);
  return {};
}

}  // namespace tupu
