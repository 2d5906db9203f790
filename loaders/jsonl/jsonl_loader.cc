#include "loaders/jsonl/jsonl_loader.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <fmt/format.h>
#include <tupu/value_json.h>

#include "loaders/jsonl/line_reader.h"
#include "loaders/merge/property_merge.h"
#include "storage/ontology/ontology.h"

namespace tupu {
namespace {

Error Invalid(std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

CsvColumnType ColumnTypeOf(PropertyType type) {
  switch (type) {
    case PropertyType::kString: return {ScalarType::kString, false, {}};
    case PropertyType::kInteger: return {ScalarType::kInteger, false, {}};
    case PropertyType::kFloat: return {ScalarType::kFloat, false, {}};
    case PropertyType::kBoolean: return {ScalarType::kBoolean, false, {}};
    case PropertyType::kDate: return {ScalarType::kDate, false, {}};
    case PropertyType::kLocalTime: return {ScalarType::kLocalTime, false, {}};
    case PropertyType::kTime: return {ScalarType::kTime, false, {}};
    case PropertyType::kLocalDateTime: return {ScalarType::kLocalDateTime, false, {}};
    case PropertyType::kDateTime: return {ScalarType::kDateTime, false, {}};
    case PropertyType::kDuration: return {ScalarType::kDuration, false, {}};
  }
  return {};
}

bool IsTemporal(PropertyType type) {
  switch (type) {
    case PropertyType::kDate:
    case PropertyType::kLocalTime:
    case PropertyType::kTime:
    case PropertyType::kLocalDateTime:
    case PropertyType::kDateTime:
    case PropertyType::kDuration: return true;
    default: return false;
  }
}

/// JSON has fewer types than the store: the declared one tells what the value was.
Result<Value> Restore(const Value& value, const PropertyRule* rule) {
  if (rule == nullptr) return value;
  if (value.type() == ValueType::kList) {
    List items;
    for (const Value& item : value.AsList()) {
      TUPU_TRY_ASSIGN(Value restored, Restore(item, rule));
      items.push_back(std::move(restored));
    }
    return Value(std::move(items));
  }
  if (value.type() == ValueType::kString && IsTemporal(rule->type))
    return ParseColumnValue(value.AsString(), ColumnTypeOf(rule->type), ';');
  if (value.type() == ValueType::kInteger && rule->type == PropertyType::kFloat)
    return Value(static_cast<double>(value.AsInteger()));
  return value;
}

Status CheckStorable(std::string_view name, const Value& value) {
  if (value.type() == ValueType::kMap)
    return Invalid(fmt::format("the property \"{}\" is an object; properties are scalars or lists of them", name));
  if (value.type() != ValueType::kList) return {};
  for (const Value& item : value.AsList()) {
    const bool scalar = !item.is_null() && item.type() != ValueType::kMap && item.type() != ValueType::kList;
    if (scalar && item.type() == value.AsList().front().type()) continue;
    return Invalid(
        fmt::format("the list \"{}\" holds {}; lists hold values of one scalar type", name, item.ToString()));
  }
  return {};
}

const PropertyRule* FindRule(const std::map<std::string, PropertyRule, std::less<>>& rules, std::string_view name) {
  const auto found = rules.find(name);
  return found == rules.end() ? nullptr : &found->second;
}

const PropertyRule* FindRule(const Ontology& ontology, const std::vector<std::string>& labels, std::string_view name) {
  for (const std::string& label : labels) {
    const LabelRule* rule = ontology.FindLabel(label);
    if (rule == nullptr) continue;
    if (const PropertyRule* own = FindRule(rule->properties, name)) return own;
    if (const PropertyRule* inherited = FindRule(ontology, rule->parents, name)) return inherited;
  }
  return nullptr;
}

Result<const Value*> GetMember(const Map& line, std::string_view name) {
  const auto found = line.find(name);
  if (found == line.end()) return Invalid(fmt::format("the member \"{}\" is missing", name));
  return &found->second;
}

Result<std::string> GetId(const Map& line, std::string_view name) {
  TUPU_TRY_ASSIGN(const Value* const id, GetMember(line, name));
  if (id->type() == ValueType::kInteger) return std::to_string(id->AsInteger());
  if (id->type() == ValueType::kString && !id->AsString().empty()) return id->AsString();
  return Invalid(fmt::format("the member \"{}\" is {}; ids are whole numbers or texts", name, id->ToString()));
}

Status CheckMembers(const Map& line, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : line) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      return Invalid(fmt::format("the member \"{}\" is not known here; remove it", name));
  }
  return {};
}

class JsonLinesLoader {
 public:
  JsonLinesLoader(const PlannedFile& file, LoadPhase phase, LoadContext& context)
      : file_(file), phase_(phase), context_(context), name_(context.plan.names[file.name]) {}

  Status Load() {
    TUPU_TRY_ASSIGN(std::unique_ptr<TextSource> source, OpenTextSource(file_.path));
    LineReader reader(std::move(source), name_);
    group_ = context_.vertices.GroupIndex(context_.plan.data_sets[file_.data_set]);
    for (;;) {
      TUPU_TRY_ASSIGN(const bool more, reader.Next());
      if (!more) break;
      line_ = reader.number();
      column_ = 1;
      const Status row = ReadLine(reader.line());
      if (!row.has_value()) TUPU_TRY(context_.report.Add(name_, {line_, column_}, row.error()));
      TUPU_TRY(context_.progress.Row([&] { return reader.bytes_taken(); }));
    }
    context_.progress.FileDone(file_.bytes);
    return {};
  }

 private:
  Status ReadLine(std::string_view text) {
    if (text.find_first_not_of(" \t") == std::string_view::npos) return {};
    const bool first_pass = phase_ == LoadPhase::kVertices;
    Result<Value> value = ParseJson(text);
    if (!value.has_value()) {
      if (!first_pass) return {};  // told in the first pass
      if (value.error().where) column_ = value.error().where->column;
      return Invalid("the line is not JSON: " + value.error().message);
    }
    const Status kind = CheckKind(*value);
    if (!kind.has_value()) return first_pass ? kind : Status();
    const Map& line = value->AsMap();
    const bool is_node = line.at("kind").AsString() == "node";
    if (is_node != first_pass) return {};
    return is_node ? ReadNode(line) : ReadRelationship(line);
  }

  static Status CheckKind(const Value& value) {
    if (value.type() != ValueType::kMap) return Invalid("the line is not a JSON object; write one entity a line");
    TUPU_TRY_ASSIGN(const Value* const kind, GetMember(value.AsMap(), "kind"));
    if (*kind == Value("node") || *kind == Value("relationship")) return {};
    return Invalid(fmt::format("the kind is {}; it must be \"node\" or \"relationship\"", kind->ToString()));
  }

  Status ReadNode(const Map& line) {
    TUPU_TRY(CheckMembers(line, {"kind", "id", "labels", "properties"}));
    TUPU_TRY_ASSIGN(const std::string id, GetId(line, "id"));
    std::vector<std::string> labels;
    VertexRow row;
    if (const auto member = line.find("labels"); member != line.end()) {
      if (member->second.type() != ValueType::kList) return Invalid("the member \"labels\" is not a list");
      for (const Value& label : member->second.AsList()) {
        if (label.type() != ValueType::kString || label.AsString().empty())
          return Invalid(fmt::format("the label {} is not a text", label.ToString()));
        labels.push_back(label.AsString());
        row.labels.push_back(context_.transaction.InternLabel(label.AsString()));
      }
    }
    std::sort(row.labels.begin(), row.labels.end());
    row.labels.erase(std::unique(row.labels.begin(), row.labels.end()), row.labels.end());
    TUPU_TRY_ASSIGN(row.properties, ReadProperties(line, [&](std::string_view name) {
                      return FindRule(context_.ontology, labels, name);
                    }));
    row.group = group_;
    row.id = id;
    row.place = {file_.data_set, file_.name, line_};
    return context_.vertices.Merge(row);
  }

  Status ReadRelationship(const Map& line) {
    TUPU_TRY(CheckMembers(line, {"kind", "id", "type", "start", "end", "properties"}));
    TUPU_TRY_ASSIGN(const Value* const type, GetMember(line, "type"));
    if (type->type() != ValueType::kString || type->AsString().empty())
      return Invalid(fmt::format("the type is {}; it must be a text", type->ToString()));
    TUPU_TRY_ASSIGN(const std::string start, GetId(line, "start"));
    TUPU_TRY_ASSIGN(const std::string end, GetId(line, "end"));
    EdgeRow row;
    TUPU_TRY_ASSIGN(row.start, context_.ResolveEnd(group_, start, "start"));
    TUPU_TRY_ASSIGN(row.end, context_.ResolveEnd(group_, end, "end"));
    row.type = context_.names.Type(type->AsString());
    const EdgeTypeRule* rule = context_.ontology.FindEdgeType(type->AsString());
    TUPU_TRY_ASSIGN(row.properties, ReadProperties(line, [&](std::string_view name) {
                      return rule == nullptr ? nullptr : FindRule(rule->properties, name);
                    }));
    row.place = {file_.data_set, file_.name, line_};
    return context_.edges.Merge(std::move(row));
  }

  template <class RuleOf>
  Result<Properties> ReadProperties(const Map& line, RuleOf rule_of) {
    Properties properties;
    const auto member = line.find("properties");
    if (member != line.end() && member->second.type() != ValueType::kMap)
      return Invalid("the member \"properties\" is not an object");
    if (member != line.end()) {
      for (const auto& [name, value] : member->second.AsMap()) {
        if (value.is_null()) continue;
        TUPU_TRY(CheckStorable(name, value));
        Result<Value> restored = Restore(value, rule_of(name));
        if (!restored.has_value()) return Invalid(fmt::format("property \"{}\": {}", name, restored.error().message));
        properties.emplace_back(context_.transaction.InternPropertyKey(name), std::move(*restored));
      }
    }
    context_.AddSource(properties);
    SortProperties(properties);
    return properties;
  }

  const PlannedFile& file_;
  LoadPhase phase_;
  LoadContext& context_;
  const std::string& name_;
  uint32_t group_ = 0;
  uint64_t line_ = 0;
  uint64_t column_ = 1;
};

}  // namespace

Status LoadJsonLinesFile(const PlannedFile& file, LoadPhase phase, LoadContext& context) {
  return JsonLinesLoader(file, phase, context).Load();
}

}  // namespace tupu
