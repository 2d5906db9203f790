#include "storage/check/index_entries.h"

#include <algorithm>

#include "storage/graph/graph_overlay.h"
#include "storage/keys/bytes.h"
#include "storage/keys/index_record.h"
#include "storage/keys/key_codec.h"
#include "storage/keys/property_row.h"

namespace tupu {

IndexEntries::IndexEntries(const Ontology& ontology, const Catalog& catalog, const IndexCatalog& indexes)
    : ontology_(ontology), catalog_(catalog) {
  for (const IndexDefinition& index : indexes.indexes()) {
    if (!index.online()) continue;  // one that is being built lacks entries
    (index.target.entity == EntityKind::kVertex ? vertex_indexes_ : edge_indexes_).push_back(index);
  }
  for (const auto& [name, rule] : ontology.labels()) {
    const std::optional<LabelId> label = catalog.labels().Find(name);
    if (rule.key.empty() || !label) continue;
    DeclaredKey key{*label, name, {}};
    for (const std::string& property : rule.key) {
      if (const auto id = catalog.property_keys().Find(property)) key.properties.push_back(*id);
    }
    // A property that nobody ever used: no vertex can have the whole key.
    if (key.properties.size() == rule.key.size()) keys_.push_back(std::move(key));
  }
}

bool IndexEntries::Carries(const std::vector<LabelId>& labels, const DeclaredKey& key) const {
  return std::any_of(labels.begin(), labels.end(), [&](LabelId label) {
    return label == key.label ||
           (ToInteger(label) < catalog_.labels().size() && ontology_.IsA(catalog_.labels().GetName(label), key.name));
  });
}

Status IndexEntries::VisitVertex(VertexId vertex, const VertexRecordView& record, const Visit& visit) const {
  TUPU_TRY_ASSIGN(const std::vector<std::string> names, IndexedNames(catalog_, record.row));
  for (const std::string& name : names) visit(NameKey(name, vertex), "");
  if (record.external_id) {
    visit(ExternalIdKey(record.external_id->group, record.external_id->id), EncodeVertexId(vertex));
  }
  for (const IndexDefinition& index : vertex_indexes_) {
    if (!std::binary_search(record.labels.begin(), record.labels.end(), index.target.label())) continue;
    TUPU_TRY_ASSIGN(const auto values, IndexedValues(index, record.row));
    if (values) visit(IndexEntryKey(index.id, *values, ToInteger(vertex)), "");
  }
  return VisitDeclaredKeys(vertex, record, visit);
}

Status IndexEntries::VisitEdge(const EdgeReference& edge, const Properties& properties, const Visit& visit) const {
  std::string row;
  for (const IndexDefinition& index : edge_indexes_) {
    if (index.target.edge_type() != edge.type) continue;
    if (row.empty()) AppendRow(row, properties);
    TUPU_TRY_ASSIGN(const auto values, IndexedValues(index, row));
    if (values) visit(IndexEntryKey(index.id, *values, ToInteger(edge.id)), EncodeEdgeEnds(edge.start, edge.end));
  }
  return {};
}

Status IndexEntries::VisitDeclaredKeys(VertexId vertex, const VertexRecordView& record, const Visit& visit) const {
  if (keys_.empty()) return {};
  std::vector<RowEntry> row;
  TUPU_TRY(ParseRow(record.row, row));
  for (const DeclaredKey& key : keys_) {
    if (!Carries(record.labels, key)) continue;
    std::string values;
    size_t found = 0;
    for (const PropertyKeyId property : key.properties) {
      const auto entry = std::find_if(row.begin(), row.end(), [&](const RowEntry& e) { return e.key == property; });
      if (entry == row.end()) continue;
      AppendSized(values, entry->value);
      ++found;
    }
    if (found == key.properties.size()) visit(OntologyKey(key.label, values), EncodeVertexId(vertex));
  }
  return {};
}

Damage DamageOfIndexKey(std::string_view key) {
  switch (key.empty() ? '\0' : key[0]) {
    case 'L': return Damage::kLabelSet;
    case 'N': return Damage::kNameIndex;
    case 'X': return Damage::kExternalIdIndex;
    case 'K': return Damage::kDeclaredKey;
    case 'P': return Damage::kPropertyIndex;
    default: return Damage::kUnknownKey;
  }
}

}  // namespace tupu
