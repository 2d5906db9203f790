#include "storage/check/index_entries.h"

#include <algorithm>

#include "storage/graph/graph_overlay.h"
#include "storage/keys/bytes.h"
#include "storage/keys/key_codec.h"
#include "storage/keys/property_row.h"

namespace tupu {

IndexEntries::IndexEntries(const Ontology& ontology, const Catalog& catalog) : ontology_(ontology), catalog_(catalog) {
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

Status IndexEntries::Visit(VertexId vertex, const VertexRecordView& record,
                           const std::function<void(std::string_view, std::string_view)>& visit) const {
  TUPU_TRY_ASSIGN(const std::vector<std::string> names, IndexedNames(catalog_, record.row));
  for (const std::string& name : names) visit(NameKey(name, vertex), "");
  if (record.external_id) {
    visit(ExternalIdKey(record.external_id->group, record.external_id->id), EncodeVertexId(vertex));
  }
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
    default: return Damage::kUnknownKey;
  }
}

}  // namespace tupu
