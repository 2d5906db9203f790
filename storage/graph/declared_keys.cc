#include "storage/graph/declared_keys.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "storage/base/storable.h"
#include "storage/keys/bytes.h"
#include "storage/keys/key_codec.h"
#include "storage/keys/property_row.h"

namespace tupu {

DeclaredKeys::DeclaredKeys(const Ontology& ontology, const Catalog& catalog) : ontology_(ontology), catalog_(catalog) {
  for (const auto& [name, rule] : ontology.labels()) {
    if (rule.key.empty()) continue;
    DeclaredKey key;
    const std::optional<LabelId> label = catalog.labels().Find(name);
    if (!label) continue;
    key.label = *label;
    key.name = name;
    for (const std::string& property : rule.key) {
      if (const auto id = catalog.property_keys().Find(property)) key.properties.push_back(*id);
    }
    if (key.properties.size() == rule.key.size()) keys_.push_back(std::move(key));
  }
}

bool DeclaredKeys::Applies(const DeclaredKey& key, const std::vector<LabelId>& labels) const {
  return std::any_of(labels.begin(), labels.end(), [&](LabelId label) {
    return label == key.label || ontology_.IsA(catalog_.labels().GetName(label), key.name);
  });
}

Result<std::vector<std::pair<std::string, const DeclaredKey*>>> DeclaredKeys::Of(const VertexRecordView& record) const {
  std::vector<std::pair<std::string, const DeclaredKey*>> entries;
  if (keys_.empty()) return entries;
  std::vector<RowEntry> row;
  TUPU_TRY(ParseRow(record.row, row));
  for (const DeclaredKey& key : keys_) {
    if (!Applies(key, record.labels)) continue;
    std::string values;
    size_t found = 0;
    for (const PropertyKeyId property : key.properties) {
      for (const RowEntry& entry : row) {
        if (entry.key != property) continue;
        AppendSized(values, entry.value);
        ++found;
      }
    }
    if (found == key.properties.size()) entries.emplace_back(OntologyKey(key.label, values), &key);
  }
  return entries;
}

Error DeclaredKeys::Taken(std::string_view key, VertexId first, VertexId second) const {
  ByteReader reader(key.substr(OntologyKeyPrefix().size()));
  const auto label = static_cast<LabelId>(reader.U32());
  std::string values;
  for (const DeclaredKey& declared : keys_) {
    if (declared.label != label) continue;
    for (const PropertyKeyId property : declared.properties) {
      const Result<Value> value = DecodeValue(reader.Sized());
      if (!values.empty()) values += ", ";
      values += fmt::format("{}: {}", catalog_.property_keys().GetName(property), value ? value->ToString() : "?");
    }
  }
  return Error{ErrorCode::kConstraint,
               fmt::format("vertices {} and {} of label \"{}\" have the same key {{{}}}; change one, or merge them",
                           ToInteger(first), ToInteger(second), catalog_.labels().GetName(label), values)};
}

namespace {

/// The stored forms of values that equal `value`.
std::vector<Value> FormsOf(const Value& value) {
  if (!value.is_number()) return {value};
  std::vector<Value> forms;
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (value.type() == ValueType::kInteger) {
    forms.push_back(value);
    const auto number = static_cast<double>(value.AsInteger());
    if (number < kTwoTo63 && static_cast<int64_t>(number) == value.AsInteger()) forms.emplace_back(number);
  } else {
    const double number = value.AsFloat();
    if (std::isnan(number)) return {};
    forms.push_back(value);
    if (number >= -kTwoTo63 && number < kTwoTo63 && number == std::trunc(number))
      forms.emplace_back(static_cast<int64_t>(number));
  }
  if (value.ToDouble() == 0) forms = {Value(0), Value(0.0), Value(-0.0)};
  return forms;
}

}  // namespace

std::optional<std::vector<std::string>> DeclaredKeyForms(const Ontology& ontology, const Catalog& catalog,
                                                         std::string_view label, std::span<const Value> values) {
  const LabelRule* rule = ontology.FindLabel(label);
  const std::optional<LabelId> id = catalog.labels().Find(label);
  if (rule == nullptr || !id || rule->key.size() != values.size() || values.empty()) return std::nullopt;
  std::vector<std::string> forms = {""};
  for (const Value& value : values) {
    if (value.type() == ValueType::kList) return std::nullopt;
    if (!IsStorable(value)) return std::vector<std::string>();  // null, a map, an entity: equals nothing stored
    std::vector<std::string> longer;
    for (const std::string& form : forms) {
      for (const Value& each : FormsOf(value)) {
        std::string encoded;
        AppendValue(encoded, each);
        AppendSized(longer.emplace_back(form), encoded);
      }
    }
    forms = std::move(longer);
  }
  for (std::string& form : forms) form = OntologyKey(*id, form);
  return forms;
}

}  // namespace tupu
