// The queries of the openCypher vectors through parser and binder: what must compile does, what must not is refused
// with the condition that the vectors name.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "query/binder/binder.h"
#include "query/parser/parser.h"

namespace tupu {
namespace {

using Json = nlohmann::json;

constexpr const char* kVectors = TUPU_SHARED_DIR "/conformance/opencypher-public.jsonl";

ProcedureRegistry ReadProcedures(const Json& scenario) {
  ProcedureRegistry registry;
  for (const Json& from : scenario["procedures"]) {
    Procedure procedure;
    procedure.signature.name = from["name"];
    for (const Json& field : from["inputs"]) procedure.signature.inputs.push_back({field["name"], field["type"]});
    for (const Json& field : from["outputs"]) procedure.signature.outputs.push_back({field["name"], field["type"]});
    registry.Register(std::move(procedure));
  }
  return registry;
}

Result<BoundQuery> Compile(const std::string& text, const ProcedureRegistry& procedures) {
  TUPU_TRY_ASSIGN(const AstQuery ast, Parse(text));
  return Bind(ast, procedures);
}

// Temporal functions that come with the language issue; the registry does not have them yet.
bool IsMissingTemporalFunction(const Error& error, const std::string& query) {
  static const std::regex kCall(
      R"((date|time|datetime|duration)\.(truncate|between|in[A-Z]\w+|statement|transaction|realtime)\()",
      std::regex::icase);
  return (error.condition == "SyntaxError.UnknownFunction" ||
          error.condition == "SyntaxError.InvalidNumberOfArguments") &&
         std::regex_search(query, kCall);
}

struct Counts {
  int compiled = 0;
  int missing_functions = 0;
  int refused = 0;
  int exact = 0;
};

void CheckGood(const std::string& id, const std::string& query, const ProcedureRegistry& procedures, Counts& counts) {
  EXPECT_TRUE(Parse(query).has_value()) << id << "\n" << query;
  const auto bound = Compile(query, procedures);
  if (bound) {
    ++counts.compiled;
  } else if (IsMissingTemporalFunction(bound.error(), query)) {
    ++counts.missing_functions;
  } else {
    ADD_FAILURE() << id << "\n" << query << "\n" << bound.error().condition << ": " << bound.error().message;
  }
}

void CheckBad(const std::string& id, const std::string& query, const Json& error, const ProcedureRegistry& procedures,
              Counts& counts) {
  const std::string type = error["type"];
  if (type == "ParameterMissing") return;  // known only when the parameters are given
  const std::string condition = type + "." + error["detail"].get<std::string>();
  const auto bound = Compile(query, procedures);
  if (bound) {
    ADD_FAILURE() << id << " must be refused with " << condition << "\n" << query;
    return;
  }
  ++counts.refused;
  counts.exact += bound.error().condition == condition ? 1 : 0;
  EXPECT_EQ(bound.error().condition, condition) << id << "\n" << query << "\n" << bound.error().message;
  EXPECT_TRUE(bound.error().where.has_value()) << id;
}

TEST(Conformance, QueriesCompileOrAreRefusedAsTheVectorsSay) {
  if (!std::filesystem::exists(kVectors)) GTEST_SKIP() << "no openCypher vectors at " << kVectors;
  std::ifstream file(kVectors);
  Counts counts;
  for (std::string line; std::getline(file, line);) {
    const Json scenario = Json::parse(line);
    const ProcedureRegistry procedures = ReadProcedures(scenario);
    const std::string id = scenario["id"];
    const Json& expect = scenario["expect"];
    const bool refused = expect.contains("error") && expect["error"]["phase"] == "compile time";
    if (refused) {
      CheckBad(id, scenario["query"], expect["error"], procedures, counts);
    } else {
      CheckGood(id, scenario["query"], procedures, counts);
    }
    for (const Json& query : scenario["init"]) CheckGood(id, query, procedures, counts);
    for (const Json& control : scenario["control_queries"]) CheckGood(id, control["query"], procedures, counts);
  }
  std::printf(
      "openCypher vectors: %d queries compile, %d need temporal functions that are not there yet; %d refused as "
      "they must be, %d of them with the named condition\n",
      counts.compiled, counts.missing_functions, counts.refused, counts.exact);
}

}  // namespace
}  // namespace tupu
