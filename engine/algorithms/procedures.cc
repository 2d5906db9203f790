#include "engine/algorithms/procedures.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/algorithms/algorithm_config.h"
#include "engine/algorithms/centrality.h"
#include "query/procedure/procedure.h"

namespace tupu {
namespace {

struct Entry {
  Algorithm algorithm;
  std::string_view name;
  std::string_view description;
};

constexpr std::array kEntries = {
    Entry{Algorithm::kDegree, "tupu.degree", "Number of edges at every vertex of a slice, or their summed weights"},
    Entry{Algorithm::kPageRank, "tupu.pagerank", "PageRank of every vertex of a slice; the scores sum to 1"},
    Entry{Algorithm::kBetweenness, "tupu.betweenness",
          "For every vertex of a slice, how many shortest paths between others run through it"},
    Entry{Algorithm::kCloseness, "tupu.closeness",
          "Closeness of every vertex of a slice: the reverse of its mean distance"},
    Entry{Algorithm::kHarmonic, "tupu.harmonic",
          "Harmonic centrality of every vertex of a slice: its mean reverse distance"},
    Entry{Algorithm::kWcc, "tupu.wcc", "Weakly connected components of a slice: direction ignored"},
    Entry{Algorithm::kScc, "tupu.scc", "Strongly connected components of a slice: direction followed"},
};

bool IsComponents(Algorithm algorithm) {
  return algorithm == Algorithm::kWcc || algorithm == Algorithm::kScc;
}

/// The argument: left out, null or a map.
Result<CentralityRequest> ParseArguments(const Entry& entry, const std::vector<Value>& arguments) {
  static const Map kEmpty;
  if (arguments.empty() || arguments[0].is_null()) return ParseAlgorithmConfig(entry.algorithm, kEmpty);
  if (arguments[0].type() != ValueType::kMap)
    return Error{ErrorCode::kInvalidArgument,
                 "the configuration must be a map, as {labels: ['Firm']}; it is " + arguments[0].ToString()};
  auto request = ParseAlgorithmConfig(entry.algorithm, arguments[0].AsMap());
  if (request) return request;
  Error error = std::move(request).error();
  error.message = std::string(entry.name) + ": " + error.message;
  return error;
}

Result<ProcedureRows> RunCentrality(const Entry& entry, const ProcedureContext& context,
                                    const std::vector<Value>& arguments) {
  TUPU_TRY_ASSIGN(const CentralityRequest request, ParseArguments(entry, arguments));
  TUPU_TRY_ASSIGN(const CentralityResult result, ComputeCentrality(context.view, request, context.cancellation));
  ProcedureRows rows;
  rows.reserve(result.rows.size());
  for (const CentralityRow& row : result.rows)
    rows.push_back({Value(row.vertex), Value(row.score), Value(static_cast<int64_t>(row.edges))});
  return rows;
}

Result<ProcedureRows> RunComponents(const Entry& entry, const ProcedureContext& context,
                                    const std::vector<Value>& arguments) {
  TUPU_TRY_ASSIGN(const CentralityRequest request, ParseArguments(entry, arguments));
  const ComponentKind kind = entry.algorithm == Algorithm::kWcc ? ComponentKind::kWeak : ComponentKind::kStrong;
  TUPU_TRY_ASSIGN(const std::vector<ComponentRow> components,
                  ComputeComponents(context.view, request.slice, kind, context.cancellation));
  ProcedureRows rows;
  rows.reserve(components.size());
  for (const ComponentRow& row : components)
    rows.push_back({Value(row.vertex), Value(static_cast<int64_t>(row.component))});
  return rows;
}

Procedure ProcedureOf(const Entry& entry) {
  const bool components = IsComponents(entry.algorithm);
  ProcedureSignature signature{
      .name = std::string(entry.name),
      .inputs = {{"configuration", "MAP", Value(Map{})}},
      .outputs = components ? std::vector<ProcedureField>{{"node", "NODE"}, {"component", "INTEGER"}}
                            : std::vector<ProcedureField>{{"node", "NODE"}, {"score", "FLOAT"}, {"edges", "INTEGER"}},
      .description = std::string(entry.description)};
  return {std::move(signature),
          [&entry, components](const ProcedureContext& context, const std::vector<Value>& arguments) {
            return components ? RunComponents(entry, context, arguments) : RunCentrality(entry, context, arguments);
          }};
}

}  // namespace

void RegisterAlgorithmProcedures(ProcedureRegistry& registry) {
  for (const Entry& entry : kEntries) registry.Register(ProcedureOf(entry));
}

}  // namespace tupu
