#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <tupu/result.h>
#include <tupu/value.h>
#include <nlohmann/json_fwd.hpp>

#include "query/procedure/procedure.h"

namespace tupu::conformance {

/// What a query of a scenario should give. Exactly one of the three forms.
struct Expectation {
  bool is_error = false;
  std::string error_type, error_phase, error_detail;
  bool empty = false;  // no rows; the columns do not matter
  bool ordered = false;
  bool ignoring_list_order = false;
  std::vector<std::string> columns;
  std::string rows_json;  // a list of rows in the vectors' typed JSON
};

using SideEffects = std::map<std::string, int64_t>;

struct ControlQuery {
  std::string query;
  Expectation expect;
};

/// One line of the vectors; see their README.
struct Scenario {
  std::string id;
  std::string folder;
  std::vector<std::string> set_up;  // of the named graph, then of the scenario
  Map parameters;
  std::vector<Procedure> procedures;
  std::string query;
  Expectation expect;
  std::optional<SideEffects> side_effects;
  std::vector<ControlQuery> control_queries;
};

/// Errors: kInvalidArgument naming the line; kIo.
Result<std::vector<Scenario>> ReadScenarios(const std::string& path);

/// A value in the vectors' typed JSON. Entities are not values here.
Value ToValue(const nlohmann::json& json);

}  // namespace tupu::conformance
