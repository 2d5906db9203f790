#include <algorithm>
#include <array>
#include <set>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "storage/ontology/ontology.h"

namespace tupu {
namespace {

using Json = nlohmann::json;

constexpr int kOntologyVersion = 1;

struct PropertyTypeName {
  std::string_view name;
  PropertyType type;
};
constexpr std::array<PropertyTypeName, 10> kPropertyTypes = {{
    {"string", PropertyType::kString},
    {"int", PropertyType::kInteger},
    {"float", PropertyType::kFloat},
    {"boolean", PropertyType::kBoolean},
    {"date", PropertyType::kDate},
    {"localtime", PropertyType::kLocalTime},
    {"time", PropertyType::kTime},
    {"localdatetime", PropertyType::kLocalDateTime},
    {"datetime", PropertyType::kDateTime},
    {"duration", PropertyType::kDuration},
}};

Error Invalid(std::string_view path, std::string_view message) {
  return Error{ErrorCode::kInvalidArgument,
               path.empty() ? fmt::format("ontology: {}", message) : fmt::format("ontology: {}: {}", path, message)};
}

std::string Member(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

std::string Element(std::string_view path, size_t index) {
  return fmt::format("{}[{}]", path, index);
}

/// First pass over the text: where its syntax breaks, and members given twice (which a tree of members would hide).
class SyntaxCheck final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override {
    objects_.emplace_back();
    return true;
  }
  bool end_object() override {
    objects_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }

  bool key(string_t& name) override {
    Object& object = objects_.back();
    object.current = name;
    if (object.names.insert(name).second) return true;
    std::string path;
    for (const Object& outer : objects_) path = Member(path, outer.current);
    error_ = Invalid(path, "the member is given twice; keep one");
    return false;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    error_position_ = position;
    return false;
  }

  /// Requires: the parser stopped.
  Error error(std::string_view text) const {
    if (error_) return *error_;
    const std::string_view before =
        text.substr(0, std::min(error_position_ == 0 ? 0 : error_position_ - 1, text.size()));
    const size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    const auto line = static_cast<uint32_t>(1 + std::count(before.begin(), before.end(), '\n'));
    const auto column =
        static_cast<uint32_t>(1 + std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start), before.end(),
                                                [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    Error error = Invalid("", fmt::format("line {}, column {}: not JSON (RFC 8259): look for a missing comma, quote or "
                                          "bracket, a comment, or text that is not UTF-8",
                                          line, column));
    error.where = SourceSpan{line, column, static_cast<uint32_t>(before.size()), 0};
    return error;
  }

 private:
  struct Object {
    std::set<std::string> names;
    std::string current;
  };
  std::vector<Object> objects_;
  std::optional<Error> error_;
  size_t error_position_ = 0;
};

Status CheckMembers(const Json& object, std::string_view path, std::span<const std::string_view> known) {
  if (!object.is_object()) return Invalid(path, fmt::format("expected an object, found {}", object.type_name()));
  for (const auto& [name, value] : object.items()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return Error{ErrorCode::kUnsupported,
                 fmt::format("ontology: {}: this version does not know the member \"{}\"; remove it (known here: {})",
                             Member(path, name), name, fmt::join(known, ", "))};
  }
  return {};
}

Result<std::string> ParseString(const Json& json, std::string_view path) {
  if (!json.is_string()) return Invalid(path, fmt::format("expected a string, found {}", json.type_name()));
  std::string text = json.get<std::string>();
  if (text.empty()) return Invalid(path, "the string is empty");
  return text;
}

Result<bool> ParseBoolean(const Json& json, std::string_view path) {
  if (!json.is_boolean()) return Invalid(path, fmt::format("expected true or false, found {}", json.type_name()));
  return json.get<bool>();
}

Result<std::vector<std::string>> ParseNames(const Json& json, std::string_view path) {
  if (!json.is_array()) return Invalid(path, fmt::format("expected a list of strings, found {}", json.type_name()));
  std::vector<std::string> names;
  for (size_t i = 0; i < json.size(); ++i) {
    TUPU_TRY_ASSIGN(std::string name, ParseString(json[i], Element(path, i)));
    if (std::find(names.begin(), names.end(), name) != names.end())
      return Invalid(Element(path, i), fmt::format("\"{}\" is listed twice", name));
    names.push_back(std::move(name));
  }
  return names;
}

Result<DisplayNames> ParseDisplay(const Json& json, std::string_view path) {
  if (!json.is_object())
    return Invalid(path,
                   fmt::format("expected names by language like {{\"en\": \"Firm\"}}, found {}", json.type_name()));
  DisplayNames names;
  for (const auto& [language, name] : json.items()) {
    TUPU_TRY_ASSIGN(names[language], ParseString(name, Member(path, language)));
  }
  return names;
}

Result<PropertyRule> ParseProperty(const Json& json, std::string_view path) {
  static constexpr std::array<std::string_view, 2> kKnown = {"type", "required"};
  TUPU_TRY(CheckMembers(json, path, kKnown));
  if (!json.contains("type")) return Invalid(path, "the member \"type\" is missing");
  TUPU_TRY_ASSIGN(const std::string name, ParseString(json["type"], Member(path, "type")));
  PropertyRule rule;
  std::string_view base = name;
  rule.is_list = base.ends_with("[]");
  if (rule.is_list) base.remove_suffix(2);
  const auto found = std::find_if(kPropertyTypes.begin(), kPropertyTypes.end(),
                                  [&](const PropertyTypeName& entry) { return entry.name == base; });
  if (found == kPropertyTypes.end()) {
    std::vector<std::string_view> names;
    for (const PropertyTypeName& entry : kPropertyTypes) names.push_back(entry.name);
    return Invalid(Member(path, "type"),
                   fmt::format("unknown property type \"{}\"; use one of {}, or a list as string[]", name,
                               fmt::join(names, ", ")));
  }
  rule.type = found->type;
  if (json.contains("required")) {
    TUPU_TRY_ASSIGN(rule.required, ParseBoolean(json["required"], Member(path, "required")));
  }
  return rule;
}

using PropertyRules = std::map<std::string, PropertyRule, std::less<>>;

Result<PropertyRules> ParseProperties(const Json& json, std::string_view path) {
  if (!json.is_object()) return Invalid(path, fmt::format("expected an object, found {}", json.type_name()));
  PropertyRules rules;
  for (const auto& [name, rule] : json.items()) {
    if (name.empty()) return Invalid(path, "a property has an empty name");
    TUPU_TRY_ASSIGN(rules[name], ParseProperty(rule, Member(path, name)));
  }
  return rules;
}

/// A property that carries a number with a unit: {"property": "pct", "unit": "%"}.
Status ParseMeasure(const Json& json, const std::string& path, std::string* property, std::string* unit) {
  static constexpr std::array<std::string_view, 2> kKnown = {"property", "unit"};
  TUPU_TRY(CheckMembers(json, path, kKnown));
  if (!json.contains("property")) return Invalid(path, "the member \"property\" is missing");
  TUPU_TRY_ASSIGN(*property, ParseString(json["property"], Member(path, "property")));
  if (json.contains("unit")) {
    TUPU_TRY_ASSIGN(*unit, ParseString(json["unit"], Member(path, "unit")));
  }
  return {};
}

Result<std::vector<std::pair<std::string, std::string>>> ParseEnds(const Json& json, std::string_view path) {
  if (!json.is_array())
    return Invalid(path, fmt::format("expected a list of [from, to] pairs, found {}", json.type_name()));
  std::vector<std::pair<std::string, std::string>> ends;
  for (size_t i = 0; i < json.size(); ++i) {
    const std::string at = Element(path, i);
    if (!json[i].is_array() || json[i].size() != 2) return Invalid(at, "expected a pair of labels [from, to]");
    TUPU_TRY_ASSIGN(std::string from, ParseString(json[i][0], Element(at, 0)));
    TUPU_TRY_ASSIGN(std::string to, ParseString(json[i][1], Element(at, 1)));
    ends.emplace_back(std::move(from), std::move(to));
  }
  if (ends.empty()) return Invalid(path, "the list is empty, so no edge could exist; leave \"ends\" out to allow any");
  return ends;
}

Result<LabelRule> ParseLabel(const Json& json, const std::string& path) {
  static constexpr std::array<std::string_view, 4> kKnown = {"parents", "properties", "key", "display"};
  TUPU_TRY(CheckMembers(json, path, kKnown));
  LabelRule rule;
  if (json.contains("parents")) {
    TUPU_TRY_ASSIGN(rule.parents, ParseNames(json["parents"], Member(path, "parents")));
  }
  if (json.contains("properties")) {
    TUPU_TRY_ASSIGN(rule.properties, ParseProperties(json["properties"], Member(path, "properties")));
  }
  if (json.contains("key")) {
    TUPU_TRY_ASSIGN(rule.key, ParseNames(json["key"], Member(path, "key")));
  }
  if (json.contains("display")) {
    TUPU_TRY_ASSIGN(rule.display, ParseDisplay(json["display"], Member(path, "display")));
  }
  return rule;
}

Result<EdgeTypeRule> ParseEdgeType(const Json& json, const std::string& path) {
  static constexpr std::array<std::string_view, 9> kKnown = {"ends",       "symmetric", "via",    "family", "key",
                                                             "properties", "share",     "weight", "display"};
  TUPU_TRY(CheckMembers(json, path, kKnown));
  EdgeTypeRule rule;
  if (json.contains("ends")) {
    TUPU_TRY_ASSIGN(rule.ends, ParseEnds(json["ends"], Member(path, "ends")));
  }
  if (json.contains("symmetric")) {
    TUPU_TRY_ASSIGN(rule.symmetric, ParseBoolean(json["symmetric"], Member(path, "symmetric")));
  }
  if (json.contains("via")) {
    TUPU_TRY_ASSIGN(const std::string via, ParseString(json["via"], Member(path, "via")));
    if (via != "end") {
      return Error{ErrorCode::kUnsupported,
                   fmt::format("ontology: {}.via: \"{}\" is not supported; the only projection is \"end\"", path, via)};
    }
    rule.via_end = true;
  }
  if (json.contains("family")) {
    TUPU_TRY_ASSIGN(rule.family, ParseString(json["family"], Member(path, "family")));
  }
  if (json.contains("key")) {
    TUPU_TRY_ASSIGN(rule.key, ParseNames(json["key"], Member(path, "key")));
  }
  if (json.contains("properties")) {
    TUPU_TRY_ASSIGN(rule.properties, ParseProperties(json["properties"], Member(path, "properties")));
  }
  if (json.contains("share"))
    TUPU_TRY(ParseMeasure(json["share"], Member(path, "share"), &rule.share_property, &rule.share_unit));
  if (json.contains("weight"))
    TUPU_TRY(ParseMeasure(json["weight"], Member(path, "weight"), &rule.weight_property, &rule.weight_unit));
  if (json.contains("display")) {
    TUPU_TRY_ASSIGN(rule.display, ParseDisplay(json["display"], Member(path, "display")));
  }
  return rule;
}

}  // namespace

/// Reads the members, then checks that every name they refer to is declared.
class OntologyParser {
 public:
  Status Read(const Json& root) {
    static constexpr std::array<std::string_view, 5> kKnown = {"tupu_ontology", "data_set", "labels", "edge_types",
                                                               "families"};
    TUPU_TRY(CheckMembers(root, "", kKnown));
    TUPU_TRY(CheckVersion(root));
    if (root.contains("data_set")) {
      TUPU_TRY_ASSIGN(ontology_.data_set_, ParseString(root["data_set"], "data_set"));
    }
    TUPU_TRY(ForEachMember(root, "labels", &OntologyParser::ReadLabel));
    TUPU_TRY(ForEachMember(root, "edge_types", &OntologyParser::ReadEdgeType));
    return ForEachMember(root, "families", &OntologyParser::ReadFamily);
  }

  Status CheckReferences() const {
    for (const auto& [name, rule] : ontology_.labels_) TUPU_TRY(CheckParents(name, rule));
    // Only now: inherited properties are found by walking the parents, which must exist and end.
    for (const auto& [name, rule] : ontology_.labels_) TUPU_TRY(CheckLabelProperties(name, rule));
    for (const auto& [name, rule] : ontology_.edge_types_) TUPU_TRY(CheckEdgeType(name, rule));
    return {};
  }

  Ontology Take(std::string_view json) && {
    ontology_.json_ = std::string(json);
    return std::move(ontology_);
  }

 private:
  static Status CheckVersion(const Json& root) {
    if (!root.contains("tupu_ontology"))
      return Invalid("tupu_ontology",
                     fmt::format("the format version is missing; write \"tupu_ontology\": {}", kOntologyVersion));
    const Json& version = root["tupu_ontology"];
    if (!version.is_number_integer()) return Invalid("tupu_ontology", "the format version must be a whole number");
    if (version == kOntologyVersion) return {};
    return Error{ErrorCode::kUnsupported,
                 fmt::format("ontology: tupu_ontology: format version {} is not supported; this "
                             "version of tupu reads {}",
                             version.dump(), kOntologyVersion)};
  }

  using ReadMember = Status (OntologyParser::*)(const std::string& name, const Json& json, const std::string& path);

  Status ForEachMember(const Json& root, const char* member, ReadMember read) {
    if (!root.contains(member)) return {};
    const Json& object = root[member];
    if (!object.is_object()) return Invalid(member, fmt::format("expected an object, found {}", object.type_name()));
    for (const auto& [name, json] : object.items()) {
      if (name.empty()) return Invalid(member, "a name is empty");
      TUPU_TRY((this->*read)(name, json, Member(member, name)));
    }
    return {};
  }

  Status ReadLabel(const std::string& name, const Json& json, const std::string& path) {
    TUPU_TRY_ASSIGN(ontology_.labels_[name], ParseLabel(json, path));
    return {};
  }

  Status ReadEdgeType(const std::string& name, const Json& json, const std::string& path) {
    TUPU_TRY_ASSIGN(ontology_.edge_types_[name], ParseEdgeType(json, path));
    return {};
  }

  Status ReadFamily(const std::string& name, const Json& json, const std::string& path) {
    static constexpr std::array<std::string_view, 1> kKnown = {"display"};
    TUPU_TRY(CheckMembers(json, path, kKnown));
    DisplayNames& display = ontology_.families_[name];
    if (json.contains("display")) {
      TUPU_TRY_ASSIGN(display, ParseDisplay(json["display"], Member(path, "display")));
    }
    return {};
  }

  Status CheckDeclared(std::string_view label, std::string_view path) const {
    if (ontology_.FindLabel(label) != nullptr) return {};
    return Invalid(path, fmt::format("the label \"{}\" is not declared under \"labels\"", label));
  }

  Status CheckParents(const std::string& name, const LabelRule& rule) const {
    const std::string path = Member("labels", name) + ".parents";
    for (size_t i = 0; i < rule.parents.size(); ++i) TUPU_TRY(CheckDeclared(rule.parents[i], Element(path, i)));
    std::vector<std::string> trail = {name};
    std::set<std::string> visited;
    if (!FindCycle(name, trail, visited)) return {};
    return Invalid(path, fmt::format("a label is its own ancestor: {}", fmt::join(trail, " -> ")));
  }

  /// True if a walk along the parents comes back to trail.front(); `trail` is then that walk. A cycle that leaves this
  /// label out is told at its own labels.
  bool FindCycle(const std::string& label, std::vector<std::string>& trail, std::set<std::string>& visited) const {
    const LabelRule* rule = ontology_.FindLabel(label);
    if (rule == nullptr) return false;
    for (const std::string& parent : rule->parents) {
      if (parent != trail.front() && !visited.insert(parent).second) continue;
      trail.push_back(parent);
      if (parent == trail.front() || FindCycle(parent, trail, visited)) return true;
      trail.pop_back();
    }
    return false;
  }

  const PropertyRule* FindInherited(const LabelRule& rule, std::string_view property) const {
    for (const std::string& parent : rule.parents) {
      const LabelRule* above = ontology_.FindLabel(parent);
      if (const auto found = above->properties.find(property); found != above->properties.end()) return &found->second;
      if (const PropertyRule* inherited = FindInherited(*above, property)) return inherited;
    }
    return nullptr;
  }

  Status CheckLabelProperties(const std::string& name, const LabelRule& rule) const {
    const std::string path = Member("labels", name);
    for (const auto& [property, own] : rule.properties) {
      const PropertyRule* inherited = FindInherited(rule, property);
      if (inherited != nullptr && (inherited->type != own.type || inherited->is_list != own.is_list))
        return Invalid(path + ".properties." + property, "a parent label declares the property with another type");
    }
    for (size_t i = 0; i < rule.key.size(); ++i) {
      if (rule.properties.contains(rule.key[i]) || FindInherited(rule, rule.key[i]) != nullptr) continue;
      return Invalid(Element(path + ".key", i),
                     fmt::format("the property \"{}\" is not declared by the label or its parents", rule.key[i]));
    }
    return {};
  }

  Status CheckEdgeType(const std::string& name, const EdgeTypeRule& rule) const {
    const std::string path = Member("edge_types", name);
    for (size_t i = 0; i < rule.ends.size(); ++i) {
      const std::string at = Element(path + ".ends", i);
      TUPU_TRY(CheckDeclared(rule.ends[i].first, Element(at, 0)));
      TUPU_TRY(CheckDeclared(rule.ends[i].second, Element(at, 1)));
    }
    if (!rule.family.empty() && !ontology_.families_.contains(rule.family))
      return Invalid(path + ".family",
                     fmt::format("the family \"{}\" is not declared under \"families\"", rule.family));
    for (size_t i = 0; rule.key && i < rule.key->size(); ++i) {
      if (rule.properties.contains((*rule.key)[i])) continue;
      return Invalid(Element(path + ".key", i),
                     fmt::format("the property \"{}\" is not declared by the type", (*rule.key)[i]));
    }
    TUPU_TRY(CheckMeasure(rule, path + ".share", rule.share_property));
    return CheckMeasure(rule, path + ".weight", rule.weight_property);
  }

  static Status CheckMeasure(const EdgeTypeRule& rule, const std::string& path, const std::string& property) {
    if (property.empty()) return {};
    const auto found = rule.properties.find(property);
    if (found == rule.properties.end())
      return Invalid(path + ".property", fmt::format("the property \"{}\" is not declared by the type", property));
    const bool number = found->second.type == PropertyType::kFloat || found->second.type == PropertyType::kInteger;
    if (number && !found->second.is_list) return {};
    return Invalid(path + ".property", fmt::format("the property \"{}\" must be of type float or int", property));
  }

  Ontology ontology_;
};

Result<Ontology> Ontology::Parse(std::string_view json) {
  if (json.starts_with("\xEF\xBB\xBF")) json.remove_prefix(3);
  SyntaxCheck check;
  if (!Json::sax_parse(json.begin(), json.end(), &check)) return check.error(json);
  const Json root = Json::parse(json.begin(), json.end(), nullptr, /*allow_exceptions=*/false);
  OntologyParser parser;
  TUPU_TRY(parser.Read(root));
  TUPU_TRY(parser.CheckReferences());
  return std::move(parser).Take(json);
}

}  // namespace tupu
