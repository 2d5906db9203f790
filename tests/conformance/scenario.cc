#include "conformance/scenario.h"

#include <cmath>
#include <fstream>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "query/value/compare.h"

namespace tupu::conformance {

namespace {

using nlohmann::json;

double ToFloat(const json& number) {
  if (number.is_number()) return number.get<double>();
  const std::string text = number.get<std::string>();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  return text == "-Inf" ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
}

Expectation ToExpectation(const json& from) {
  Expectation to;
  if (from.contains("error")) {
    to.is_error = true;
    to.error_type = from["error"]["type"];
    to.error_phase = from["error"]["phase"];
    to.error_detail = from["error"]["detail"];
    return to;
  }
  to.empty = from.value("empty", false);
  if (to.empty) return to;
  to.ordered = from["order"] == "ordered";
  to.ignoring_list_order = from.value("ignoring_list_order", false);
  to.columns = from["columns"].get<std::vector<std::string>>();
  to.rows_json = from["rows"].dump();
  return to;
}

std::vector<ProcedureField> ToFields(const json& from) {
  std::vector<ProcedureField> fields;
  for (const json& field : from) fields.push_back({field["name"], field["type"], std::nullopt});
  return fields;
}

/// A procedure that gives those rows of a table whose input columns equal the arguments.
Procedure ToProcedure(const json& from) {
  Procedure procedure;
  procedure.signature.name = from["name"];
  procedure.signature.inputs = ToFields(from["inputs"]);
  procedure.signature.outputs = ToFields(from["outputs"]);
  const auto place = [&](const std::string& column) {
    const auto columns = from["columns"].get<std::vector<std::string>>();
    return static_cast<size_t>(std::find(columns.begin(), columns.end(), column) - columns.begin());
  };
  std::vector<std::pair<std::vector<Value>, std::vector<Value>>> table;
  for (const json& row : from["rows"]) {
    auto& [inputs, outputs] = table.emplace_back();
    for (const ProcedureField& field : procedure.signature.inputs) inputs.push_back(ToValue(row[place(field.name)]));
    for (const ProcedureField& field : procedure.signature.outputs) outputs.push_back(ToValue(row[place(field.name)]));
  }
  procedure.function = [table](const ProcedureContext&, const std::vector<Value>& arguments) -> Result<ProcedureRows> {
    ProcedureRows rows;
    for (const auto& [inputs, outputs] : table)
      if (std::equal(inputs.begin(), inputs.end(), arguments.begin(), arguments.end(), Equivalent))
        rows.push_back(outputs);
    return rows;
  };
  return procedure;
}

Scenario ToScenario(const json& from) {
  Scenario to;
  to.id = from["id"];
  to.folder = from["folder"];
  if (from.contains("graph") && !from["graph"].is_null())
    to.set_up = from["graph"]["queries"].get<std::vector<std::string>>();
  for (const json& query : from["init"]) to.set_up.push_back(query);
  for (const auto& [name, value] : from["params"].items()) to.parameters.emplace(name, ToValue(value["value"]));
  for (const json& procedure : from["procedures"]) to.procedures.push_back(ToProcedure(procedure));
  to.query = from["query"];
  to.expect = ToExpectation(from["expect"]);
  if (from.contains("side_effects") && !from["side_effects"].is_null()) {
    to.side_effects.emplace();
    for (const auto& [name, count] : from["side_effects"].items()) to.side_effects->emplace(name, count.get<int64_t>());
  }
  for (const json& control : from["control_queries"])
    to.control_queries.push_back({control["query"], ToExpectation(control["expect"])});
  return to;
}

}  // namespace

Value ToValue(const json& from) {
  if (from.is_null()) return {};
  if (from.is_boolean()) return from.get<bool>();
  if (from.is_string()) return from.get<std::string>();
  if (from.is_array()) {
    List list;
    for (const json& element : from) list.push_back(ToValue(element));
    return list;
  }
  if (from.contains("int")) return static_cast<int64_t>(std::stoll(from["int"].get<std::string>()));
  if (from.contains("float")) return ToFloat(from["float"]);
  Map map;
  if (from.contains("map"))
    for (const auto& [key, value] : from["map"].items()) map.emplace(key, ToValue(value));
  return map;
}

Result<std::vector<Scenario>> ReadScenarios(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Error{ErrorCode::kIo, fmt::format("cannot read {}", path)};
  std::vector<Scenario> scenarios;
  std::string line;
  for (size_t number = 1; std::getline(file, line); ++number) {
    try {
      if (!line.empty()) scenarios.push_back(ToScenario(json::parse(line)));
    } catch (const std::exception& problem) {
      return Error{ErrorCode::kInvalidArgument, fmt::format("{}:{}: {}", path, number, problem.what())};
    }
  }
  return scenarios;
}

}  // namespace tupu::conformance
