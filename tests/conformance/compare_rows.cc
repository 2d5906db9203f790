#include "conformance/compare_rows.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace tupu::conformance {

namespace {

using nlohmann::json;

// Values are brought into one text form that is equal exactly when the README calls them equal; rows are then compared
// as texts, bags by sorting.

class Canonical {
 public:
  explicit Canonical(bool ignoring_list_order) : ignoring_list_order_(ignoring_list_order) {}

  std::string Expected(const json& value) const {
    if (value.is_null()) return "null";
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    if (value.is_string()) return Quoted(value.get<std::string>());
    if (value.is_array()) {
      std::vector<std::string> elements;
      for (const json& element : value) elements.push_back(Expected(element));
      return ListOf(std::move(elements));
    }
    if (value.contains("int")) return value["int"].get<std::string>();
    if (value.contains("float")) return Float(ToValue(value).AsFloat());
    if (value.contains("map")) return Properties(value["map"]);
    if (value.contains("node")) return Node(value["node"]);
    if (value.contains("rel")) return Relationship(value["rel"]);
    return ExpectedPath(value["path"]);
  }

  std::string Actual(const Value& value) const {
    switch (value.type()) {
      case ValueType::kNull: return "null";
      case ValueType::kBoolean: return value.AsBoolean() ? "true" : "false";
      case ValueType::kInteger: return std::to_string(value.AsInteger());
      case ValueType::kFloat: return Float(value.AsFloat());
      case ValueType::kString: return Quoted(value.AsString());
      case ValueType::kList: {
        std::vector<std::string> elements;
        for (const Value& element : value.AsList()) elements.push_back(Actual(element));
        return ListOf(std::move(elements));
      }
      case ValueType::kMap: return Properties(value.AsMap());
      case ValueType::kVertex: return Node(value.AsVertex());
      case ValueType::kEdge: return Relationship(value.AsEdge());
      case ValueType::kPath: return ActualPath(value.AsPath());
      // Temporal values are strings in the vectors.
      case ValueType::kDate: return Quoted(Format(value.AsDate()));
      case ValueType::kLocalTime: return Quoted(Format(value.AsLocalTime()));
      case ValueType::kTime: return Quoted(Format(value.AsTime()));
      case ValueType::kLocalDateTime: return Quoted(Format(value.AsLocalDateTime()));
      case ValueType::kDateTime: return Quoted(Format(value.AsDateTime()));
      case ValueType::kDuration: return Quoted(Format(value.AsDuration()));
      default: return "a reference was left in the result";
    }
  }

 private:
  static std::string Quoted(const std::string& text) {
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  }
  static std::string Float(double value) {
    if (std::isnan(value)) return "NaN";
    return fmt::format("{:a}f", value == 0 ? 0.0 : value);
  }
  std::string ListOf(std::vector<std::string> elements) const {
    if (ignoring_list_order_) std::sort(elements.begin(), elements.end());
    return fmt::format("[{}]", fmt::join(elements, ", "));
  }

  std::string Properties(const json& properties) const {
    std::map<std::string, std::string> sorted;
    for (const auto& [key, value] : properties.items()) sorted.emplace(key, Expected(value));
    return Entries(sorted);
  }
  std::string Properties(const Map& properties) const {
    std::map<std::string, std::string> sorted;
    for (const auto& [key, value] : properties) sorted.emplace(key, Actual(value));
    return Entries(sorted);
  }
  static std::string Entries(const std::map<std::string, std::string>& sorted) {
    std::string text = "{";
    for (const auto& [key, value] : sorted) text += fmt::format("{}: {}, ", Quoted(key), value);
    return text + "}";
  }

  static std::string NodeText(std::vector<std::string> labels, const std::string& properties) {
    std::sort(labels.begin(), labels.end());
    return fmt::format("({} {})", fmt::join(labels, ":"), properties);
  }
  std::string Node(const json& node) const {
    return NodeText(node["labels"].get<std::vector<std::string>>(), Properties(node["properties"]));
  }
  std::string Node(const Vertex& vertex) const { return NodeText(vertex.labels, Properties(vertex.properties)); }
  std::string Relationship(const json& edge) const {
    return fmt::format("[:{} {}]", edge["type"].get<std::string>(), Properties(edge["properties"]));
  }
  std::string Relationship(const Edge& edge) const {
    return fmt::format("[:{} {}]", edge.type, Properties(edge.properties));
  }

  std::string ExpectedPath(const json& path) const {
    std::string text = Node(path["nodes"][0]);
    for (size_t i = 0; i < path["rels"].size(); ++i)
      text += path["dirs"][i].get<std::string>() + Relationship(path["rels"][i]) + Node(path["nodes"][i + 1]);
    return "<" + text + ">";
  }
  std::string ActualPath(const Path& path) const {
    std::string text = Node(path.vertices[0]);
    for (size_t i = 0; i < path.edges.size(); ++i) {
      const bool forward = path.edges[i].start == path.vertices[i].id;
      text += (forward ? "->" : "<-") + Relationship(path.edges[i]) + Node(path.vertices[i + 1]);
    }
    return "<" + text + ">";
  }

  bool ignoring_list_order_;
};

std::string RowText(const std::vector<std::string>& cells) {
  return fmt::format("{}", fmt::join(cells, " | "));
}

}  // namespace

std::string CompareRows(const Expectation& expect, const std::vector<std::string>& columns, const Rows& rows) {
  if (expect.empty) return rows.empty() ? "" : fmt::format("{} rows where none were expected", rows.size());
  const json wanted_rows = json::parse(expect.rows_json);
  if (columns != expect.columns && !(wanted_rows.empty() && columns.empty()))
    return fmt::format("columns are {}, expected {}", columns, expect.columns);
  const Canonical canonical(expect.ignoring_list_order);
  std::vector<std::string> wanted;
  for (const json& row : wanted_rows) {
    std::vector<std::string> cells;
    for (const json& cell : row) cells.push_back(canonical.Expected(cell));
    wanted.push_back(RowText(cells));
  }
  std::vector<std::string> have;
  for (const std::vector<Value>& row : rows) {
    std::vector<std::string> cells;
    for (const Value& cell : row) cells.push_back(canonical.Actual(cell));
    have.push_back(RowText(cells));
  }
  if (!expect.ordered) {
    std::sort(wanted.begin(), wanted.end());
    std::sort(have.begin(), have.end());
  }
  if (wanted == have) return "";
  return fmt::format("rows are\n      {}\n    expected\n      {}", fmt::join(have, "\n      "),
                     fmt::join(wanted, "\n      "));
}

}  // namespace tupu::conformance
