#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "storage/catalog/catalog.h"
#include "storage/catalog/graph_statistics.h"
#include "storage/ontology/ontology.h"

namespace tupu {

namespace {

std::string_view TypeName(PropertyType type) {
  switch (type) {
    case PropertyType::kString: return "string";
    case PropertyType::kInteger: return "int";
    case PropertyType::kFloat: return "float";
    case PropertyType::kBoolean: return "boolean";
    case PropertyType::kDate: return "date";
    case PropertyType::kLocalTime: return "localtime";
    case PropertyType::kTime: return "time";
    case PropertyType::kLocalDateTime: return "localdatetime";
    case PropertyType::kDateTime: return "datetime";
    case PropertyType::kDuration: return "duration";
  }
  return "string";
}

// "name: string!, aliases: string[]": "!" marks what is required.
std::string PropertiesText(const std::map<std::string, PropertyRule, std::less<>>& properties) {
  std::vector<std::string> parts;
  for (const auto& [name, rule] : properties)
    parts.push_back(
        fmt::format("{}: {}{}{}", name, TypeName(rule.type), rule.is_list ? "[]" : "", rule.required ? "!" : ""));
  return fmt::format("{}", fmt::join(parts, ", "));
}

void AddFact(std::vector<std::string>& facts, std::string_view name, const std::string& text) {
  if (!text.empty()) facts.push_back(fmt::format("{} {}", name, text));
}

std::string LabelFacts(const LabelRule& rule) {
  std::vector<std::string> facts;
  AddFact(facts, "is a", fmt::format("{}", fmt::join(rule.parents, ", ")));
  AddFact(facts, "key", fmt::format("{}", fmt::join(rule.key, ", ")));
  AddFact(facts, "has", PropertiesText(rule.properties));
  return fmt::format("{}", fmt::join(facts, "; "));
}

std::string EdgeTypeFacts(const EdgeTypeRule& rule) {
  std::vector<std::string> facts;
  AddFact(facts, "family", rule.family);
  if (rule.symmetric) facts.emplace_back("symmetric");
  if (rule.via_end) facts.emplace_back("via its end");
  std::vector<std::string> ends;
  for (const auto& [from, to] : rule.ends) ends.push_back(fmt::format("{} -> {}", from, to));
  AddFact(facts, "joins", fmt::format("{}", fmt::join(ends, ", ")));
  if (rule.key) facts.push_back(rule.key->empty() ? "one per pair" : fmt::format("key {}", fmt::join(*rule.key, ", ")));
  AddFact(facts, "share", rule.share_property);
  AddFact(facts, "weight", rule.weight_property);
  AddFact(facts, "has", PropertiesText(rule.properties));
  return fmt::format("{}", fmt::join(facts, "; "));
}

// Declared names and those that the data know, sorted.
template <class Rules, class Id>
std::set<std::string> AllNames(const Rules& rules, const NameTable<Id>& table) {
  std::set<std::string> names;
  for (const auto& [name, rule] : rules) names.insert(name);
  for (size_t i = 0; i < table.size(); ++i) names.emplace(table.GetName(static_cast<Id>(i)));
  return names;
}

// "Firm (code, country)", and of an index in the making, how far it is.
std::string TargetText(const SchemaTarget& target, const Catalog& catalog) {
  std::vector<std::string_view> properties;
  for (const PropertyKeyId key : target.properties) properties.push_back(catalog.property_keys().GetName(key));
  const std::string_view schema = target.entity == EntityKind::kVertex
                                      ? catalog.labels().GetName(target.label())
                                      : catalog.edge_types().GetName(target.edge_type());
  return fmt::format("{} ({})", schema, fmt::join(properties, ", "));
}

std::string ConstraintText(const ConstraintDefinition& constraint) {
  switch (constraint.kind) {
    case ConstraintKind::kUnique: return "unique";
    case ConstraintKind::kExists: return "not null";
    case ConstraintKind::kType: return constraint.types.ToString();
    case ConstraintKind::kKey: return "key";
  }
  return "unique";
}

void AddIndexes(const CommandContext& context, const GraphView& view, std::vector<Row>& rows) {
  const IndexCatalog& indexes = view.indexes();
  for (const ConstraintDefinition& constraint : indexes.constraints())
    rows.push_back({context.Say({"constraint", "约束"}), constraint.name, Value(), Value(),
                    fmt::format("{} {}", TargetText(constraint.target, view.catalog()), ConstraintText(constraint))});
  for (const IndexDefinition& index : indexes.indexes()) {
    const IndexStatistics* counted = view.statistics().Find(index.id);
    const std::string state = index.online() ? "" : fmt::format("; {}", Name(index.state));
    rows.push_back({context.Say({"index", "索引"}), index.name, Value(),
                    counted != nullptr ? Value(static_cast<int64_t>(counted->entries)) : Value(),
                    TargetText(index.target, view.catalog()) + state});
  }
}

std::vector<Row> RowsOf(const CommandContext& context, const GraphView& view) {
  const Ontology& ontology = view.ontology();
  const Catalog& catalog = view.catalog();
  std::vector<Row> rows;
  for (const std::string& label : AllNames(ontology.labels(), catalog.labels())) {
    const std::optional<LabelId> id = catalog.labels().Find(label);
    const LabelRule* rule = ontology.FindLabel(label);
    rows.push_back({context.Say({"label", "标签"}), label, ontology.DisplayOfLabel(label, Code(context.language)),
                    static_cast<int64_t>(id ? view.CountVertices(id) : 0), rule ? Value(LabelFacts(*rule)) : Value()});
  }
  for (const std::string& type : AllNames(ontology.edge_types(), catalog.edge_types())) {
    const std::optional<EdgeTypeId> id = catalog.edge_types().Find(type);
    const EdgeTypeRule* rule = ontology.FindEdgeType(type);
    rows.push_back({context.Say({"edge type", "关系类型"}), type,
                    ontology.DisplayOfEdgeType(type, Code(context.language)),
                    static_cast<int64_t>(id ? view.CountEdges(id) : 0), rule ? Value(EdgeTypeFacts(*rule)) : Value()});
  }
  AddIndexes(context, view, rows);
  return rows;
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, 0));
  if (IsPicture(choice.format))
    return UsageError("schema has no picture in this version", "take table, json, jsonl or csv");
  TUPU_TRY_ASSIGN(const OpenGraph graph, OpenGraphForReading(context.arguments));
  Answer answer;
  answer.columns = {{"what", std::string(context.Say({"what", "种类"}))},
                    {"name", std::string(context.Say({"name", "名称"}))},
                    {"display", std::string(context.Say({"display", "显示名"}))},
                    {"count", std::string(context.Say({"count", "数量"}))},
                    {"declared", std::string(context.Say({"declared", "本体声明"}))}};
  answer.rows = RowsOf(context, *graph.view);
  TUPU_TRY(ShowAnswer(context, *graph.view, choice, answer));
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec SchemaCommand() {
  return {
      .name = "schema",
      .group = CommandGroup::kCare,
      .summary = {"labels and edge types, with counts and what the ontology declares; constraints and indexes",
                  "标签与关系类型、数量及本体声明；约束与索引"},
      .details = {"A \"!\" after a property marks it as required. The count of an index is that of its entries when\n"
                  "they were last counted. CREATE INDEX, CREATE CONSTRAINT and DROP are statements for \"query\".",
                  "属性后的“!”表示必填。索引的数量为上次统计时的条目数。用 query 执行 CREATE INDEX、CREATE\n"
                  "CONSTRAINT 与 DROP 语句。"},
      .positionals = {},
      .options = JoinOptions({AnswerOptions()}),
      .run = Run};
}

}  // namespace tupu
