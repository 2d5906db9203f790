#include "storage/ontology/ontology.h"

#include <algorithm>

#include <fmt/format.h>

namespace tupu {
namespace {

struct TypeNames {
  ValueType value;
  std::string_view name;  // as the ontology file spells it
};

TypeNames NamesOf(PropertyType type) {
  switch (type) {
    case PropertyType::kString: return {ValueType::kString, "string"};
    case PropertyType::kInteger: return {ValueType::kInteger, "int"};
    case PropertyType::kFloat: return {ValueType::kFloat, "float"};
    case PropertyType::kBoolean: return {ValueType::kBoolean, "boolean"};
    case PropertyType::kDate: return {ValueType::kDate, "date"};
    case PropertyType::kLocalTime: return {ValueType::kLocalTime, "localtime"};
    case PropertyType::kTime: return {ValueType::kTime, "time"};
    case PropertyType::kLocalDateTime: return {ValueType::kLocalDateTime, "localdatetime"};
    case PropertyType::kDateTime: return {ValueType::kDateTime, "datetime"};
    case PropertyType::kDuration: return {ValueType::kDuration, "duration"};
  }
  return {ValueType::kString, "string"};
}

std::string Spell(const PropertyRule& rule) {
  return std::string(NamesOf(rule.type).name) + (rule.is_list ? "[]" : "");
}

bool HasType(const Value& value, const PropertyRule& rule) {
  const ValueType expected = NamesOf(rule.type).value;
  if (!rule.is_list) return value.type() == expected;
  if (value.type() != ValueType::kList) return false;
  const List& list = value.AsList();
  return std::all_of(list.begin(), list.end(), [&](const Value& item) { return item.type() == expected; });
}

/// How the property could be given so that it fits.
std::string Remedy(const PropertyRule& rule, const Value& value) {
  if (rule.is_list && value.type() != ValueType::kList) return "give a list";
  if (rule.type == PropertyType::kFloat && value.type() == ValueType::kInteger)
    return "write the number with a decimal point, as 3.0";
  return "give a value of that type (a CSV column says it in its header, as name:" + Spell(rule) + ")";
}

/// `owner`: "label \"Firm\"" or "edge type \"ACQUIRED\"".
Status CheckProperty(std::string_view owner, std::string_view name, const PropertyRule& rule, const Map& properties) {
  const auto found = properties.find(name);
  if (found == properties.end() || found->second.is_null()) {
    if (!rule.required) return {};
    return Error{ErrorCode::kConstraint,
                 fmt::format("{} requires the property \"{}\" ({}), which is missing; give it a value", owner, name,
                             Spell(rule))};
  }
  if (HasType(found->second, rule)) return {};
  return Error{ErrorCode::kConstraint, fmt::format("{} declares the property \"{}\" as {}, but the value is {} {}; {}",
                                                   owner, name, Spell(rule), Name(found->second.type()),
                                                   found->second.ToString(), Remedy(rule, found->second))};
}

Status CheckKeyIsPresent(std::string_view label, const LabelRule& rule, const Map& properties) {
  for (const std::string& name : rule.key) {
    const auto found = properties.find(name);
    if (found != properties.end() && !found->second.is_null()) continue;
    return Error{ErrorCode::kConstraint,
                 fmt::format("label \"{}\" has the property \"{}\" in its key, and it is missing; give it a value",
                             label, name)};
  }
  return {};
}

/// The rules of `label` and of everything above it; a shared ancestor may be checked twice, which is harmless.
Status CheckLabel(const Ontology& ontology, const std::string& label, const Map& properties) {
  const LabelRule* rule = ontology.FindLabel(label);
  if (rule == nullptr) return {};
  for (const auto& [name, property] : rule->properties)
    TUPU_TRY(CheckProperty(fmt::format("label \"{}\"", label), name, property, properties));
  TUPU_TRY(CheckKeyIsPresent(label, *rule, properties));
  for (const std::string& parent : rule->parents) TUPU_TRY(CheckLabel(ontology, parent, properties));
  return {};
}

bool AnyIsA(const Ontology& ontology, const std::vector<std::string>& labels, std::string_view ancestor) {
  return std::any_of(labels.begin(), labels.end(),
                     [&](const std::string& label) { return ontology.IsA(label, ancestor); });
}

std::string Spell(const std::vector<std::string>& labels) {
  if (labels.empty()) return "(no label)";
  std::string text;
  for (const std::string& label : labels) text += ":" + label;
  return text;
}

Status CheckEnds(const Ontology& ontology, std::string_view type, const EdgeTypeRule& rule,
                 const std::vector<std::string>& start_labels, const std::vector<std::string>& end_labels) {
  if (rule.ends.empty()) return {};
  for (const auto& [from, to] : rule.ends) {
    if (AnyIsA(ontology, start_labels, from) && AnyIsA(ontology, end_labels, to)) return {};
    if (rule.symmetric && AnyIsA(ontology, start_labels, to) && AnyIsA(ontology, end_labels, from)) return {};
  }
  std::string allowed;
  for (const auto& [from, to] : rule.ends) {
    if (!allowed.empty()) allowed += ", ";
    allowed += fmt::format(":{} {} :{}", from, rule.symmetric ? "-" : "->", to);
  }
  return Error{
      ErrorCode::kConstraint,
      fmt::format("edge type \"{}\" does not join {} to {}; allowed: {}; mend the edge, the labels of its ends, or "
                  "the ontology's \"ends\"",
                  type, Spell(start_labels), Spell(end_labels), allowed)};
}

std::string DisplayOr(const DisplayNames* names, std::string_view language, std::string_view name) {
  if (names != nullptr) {
    if (const auto found = names->find(language); found != names->end()) return found->second;
  }
  return std::string(name);
}

}  // namespace

const LabelRule* Ontology::FindLabel(std::string_view label) const {
  const auto found = labels_.find(label);
  return found == labels_.end() ? nullptr : &found->second;
}

const EdgeTypeRule* Ontology::FindEdgeType(std::string_view type) const {
  const auto found = edge_types_.find(type);
  return found == edge_types_.end() ? nullptr : &found->second;
}

std::vector<std::string> Ontology::EdgeTypesOfFamily(std::string_view family) const {
  std::vector<std::string> types;
  if (family.empty()) return types;
  for (const auto& [name, rule] : edge_types_) {
    if (rule.family == family) types.push_back(name);
  }
  return types;
}

bool Ontology::IsA(std::string_view label, std::string_view ancestor) const {
  if (label == ancestor) return true;
  const LabelRule* rule = FindLabel(label);
  return rule != nullptr && std::any_of(rule->parents.begin(), rule->parents.end(),
                                        [&](const std::string& parent) { return IsA(parent, ancestor); });
}

bool Ontology::IsSymmetric(std::string_view type) const {
  const EdgeTypeRule* rule = FindEdgeType(type);
  return rule != nullptr && rule->symmetric;
}

Status Ontology::CheckVertex(const std::vector<std::string>& labels, const Map& properties) const {
  for (const std::string& label : labels) TUPU_TRY(CheckLabel(*this, label, properties));
  return {};
}

Status Ontology::CheckEdge(std::string_view type, const std::vector<std::string>& start_labels,
                           const std::vector<std::string>& end_labels, const Map& properties) const {
  const EdgeTypeRule* rule = FindEdgeType(type);
  if (rule == nullptr) return {};
  TUPU_TRY(CheckEnds(*this, type, *rule, start_labels, end_labels));
  for (const auto& [name, property] : rule->properties)
    TUPU_TRY(CheckProperty(fmt::format("edge type \"{}\"", type), name, property, properties));
  return {};
}

std::string Ontology::DisplayOfLabel(std::string_view label, std::string_view language) const {
  const LabelRule* rule = FindLabel(label);
  return DisplayOr(rule == nullptr ? nullptr : &rule->display, language, label);
}

std::string Ontology::DisplayOfEdgeType(std::string_view type, std::string_view language) const {
  const EdgeTypeRule* rule = FindEdgeType(type);
  if (rule != nullptr) return DisplayOr(&rule->display, language, type);
  const auto family = families_.find(type);
  return DisplayOr(family == families_.end() ? nullptr : &family->second, language, type);
}

}  // namespace tupu
