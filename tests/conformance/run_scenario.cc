#include "conformance/run_scenario.h"

#include <chrono>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "conformance/compare_rows.h"
#include "query/query.h"
#include "storage/catalog/catalog.h"
#include "storage/graph/graph_store.h"

namespace tupu::conformance {

namespace {

struct Answer {
  std::vector<std::string> columns;
  Rows rows;
};

struct Failure {
  Error error;
  bool at_compile_time = false;
};

using Attempt = std::variant<Answer, Failure>;

/// The graph as the vectors count side effects.
struct GraphState {
  std::set<std::string> nodes, relationships, labels, properties;
};

class Runner {
 public:
  explicit Runner(const Scenario& scenario) : scenario_(scenario) {
    for (const Procedure& procedure : scenario.procedures) procedures_.Register(procedure);
  }

  Outcome Run() {
    Outcome outcome;
    outcome.expects_error = scenario_.expect.is_error;
    outcome.problem = RunAll(outcome);
    outcome.passed = outcome.problem.empty();
    return outcome;
  }

 private:
  std::string RunAll(Outcome& outcome) {
    auto opened = GraphStore::OpenInMemory();
    if (!opened) return "no store: " + opened.error().message;
    store_ = std::move(*opened);
    for (const std::string& query : scenario_.set_up) {
      const Attempt attempt = RunQuery(query, {});
      if (const auto* failure = std::get_if<Failure>(&attempt)) return "set-up failed: " + failure->error.message;
    }
    const Result<GraphState> before = State();
    if (!before) return before.error().message;
    const Attempt attempt = RunQuery(scenario_.query, scenario_.parameters);
    std::string problem = Check(scenario_.expect, attempt, outcome);
    if (problem.empty() && scenario_.side_effects) problem = CheckSideEffects(*before);
    for (const ControlQuery& control : scenario_.control_queries) {
      if (!problem.empty()) break;
      Outcome ignored;
      problem = Check(control.expect, RunQuery(control.query, scenario_.parameters), ignored);
      if (!problem.empty()) problem = "control query: " + problem;
    }
    return problem;
  }

  Attempt RunQuery(const std::string& text, const Map& parameters) {
    auto snapshot = store_->Snapshot();
    if (!snapshot) return Failure{snapshot.error(), false};
    auto query = CompileQuery(text, **snapshot, procedures_);
    if (!query) return Failure{query.error(), true};
    Result<Answer> answer = Execute(**query, **snapshot, parameters);
    // Parameters are looked at before a run begins: the vectors count it as compile time.
    if (!answer) return Failure{answer.error(), answer.error().condition.starts_with("ParameterMissing")};
    return std::move(*answer);
  }

  Result<Answer> Execute(const CompiledQuery& query, const GraphView& snapshot, const Map& parameters) {
    std::unique_ptr<GraphTransaction> transaction;
    if (query.writes()) {
      TUPU_TRY_ASSIGN(transaction, store_->BeginWrite());
    }
    ExecutionOptions options{&parameters, {}, 1ull << 30};
    options.cancellation.SetDeadline(std::chrono::steady_clock::now() + std::chrono::seconds(20));
    TUPU_TRY_ASSIGN(const std::unique_ptr<QueryCursor> cursor,
                    ExecuteQuery(query, transaction ? transaction->view() : snapshot, transaction.get(), options));
    TUPU_TRY_ASSIGN(Rows rows, cursor->All());
    Answer answer{query.columns(), std::move(rows)};
    if (transaction) TUPU_TRY(transaction->Commit());
    return answer;
  }

  static std::string Check(const Expectation& expect, const Attempt& attempt, Outcome& outcome) {
    const auto* failure = std::get_if<Failure>(&attempt);
    if (expect.is_error) {
      if (failure == nullptr) return fmt::format("no error, expected {}.{}", expect.error_type, expect.error_detail);
      outcome.level = LevelOf(expect, *failure);
      return "";
    }
    if (failure != nullptr)
      return fmt::format("{} {}: {}", Name(failure->error.code), failure->error.condition, failure->error.message);
    const Answer& answer = std::get<Answer>(attempt);
    return CompareRows(expect, answer.columns, answer.rows);
  }

  static ErrorLevel LevelOf(const Expectation& expect, const Failure& failure) {
    const std::string& condition = failure.error.condition;
    const std::string phase = failure.at_compile_time ? "compile time" : "runtime";
    if (expect.error_phase != "any time" && expect.error_phase != phase) return ErrorLevel::kAny;
    const std::string type = condition.substr(0, condition.find('.'));
    if (type != expect.error_type) return ErrorLevel::kPhase;
    const bool detail = expect.error_detail == "*" || condition.find(expect.error_detail) != std::string::npos ||
                        failure.error.message.find(expect.error_detail) != std::string::npos;
    return detail ? ErrorLevel::kDetail : ErrorLevel::kType;
  }

  static void AddProperties(const std::string& entity, const Properties& properties, const Catalog& catalog,
                            GraphState& state) {
    for (const auto& [key, value] : properties)
      state.properties.insert(fmt::format("{}.{}={}", entity, catalog.property_keys().GetName(key), value.ToString()));
  }

  Result<GraphState> State() {
    GraphState state;
    TUPU_TRY_ASSIGN(const std::shared_ptr<const GraphView> view, store_->Snapshot());
    const Catalog& catalog = view->catalog();
    TUPU_TRY_ASSIGN(const std::unique_ptr<VertexCursor> cursor, view->ScanVertices(std::nullopt));
    std::vector<VertexId> ids(256);
    std::vector<Neighbour> edges;
    while (true) {
      TUPU_TRY_ASSIGN(const size_t count, cursor->Next(ids));
      if (count == 0) break;
      for (size_t i = 0; i < count; ++i) {
        TUPU_TRY_ASSIGN(const std::optional<VertexRecord> record, view->FindVertex(ids[i]));
        const std::string node = fmt::format("n{}", ToInteger(ids[i]));
        state.nodes.insert(node);
        for (const LabelId label : record->labels) state.labels.insert(std::string(catalog.labels().GetName(label)));
        AddProperties(node, record->properties, catalog, state);
        edges.clear();
        TUPU_TRY(view->Expand(ids[i], Direction::kOut, {}, edges));
        for (const Neighbour& next : edges) {
          const std::string edge = fmt::format("r{}", ToInteger(next.edge));
          state.relationships.insert(edge);
          TUPU_TRY_ASSIGN(const Properties properties,
                          view->EdgeProperties({next.edge, ids[i], next.vertex, next.type}));
          AddProperties(edge, properties, catalog, state);
        }
      }
    }
    return state;
  }

  static void AddDifference(const std::string& name, const std::set<std::string>& before,
                            const std::set<std::string>& after, SideEffects& effects) {
    for (const std::string& each : after)
      if (!before.contains(each)) ++effects["+" + name];
    for (const std::string& each : before)
      if (!after.contains(each)) ++effects["-" + name];
  }

  std::string CheckSideEffects(const GraphState& before) {
    const Result<GraphState> after = State();
    if (!after) return after.error().message;
    SideEffects have;
    AddDifference("nodes", before.nodes, after->nodes, have);
    AddDifference("relationships", before.relationships, after->relationships, have);
    AddDifference("labels", before.labels, after->labels, have);
    AddDifference("properties", before.properties, after->properties, have);
    SideEffects wanted = *scenario_.side_effects;
    std::erase_if(wanted, [](const auto& effect) { return effect.second == 0; });
    return have == wanted ? "" : fmt::format("side effects are {}, expected {}", have, wanted);
  }

  const Scenario& scenario_;
  ProcedureRegistry procedures_;
  std::unique_ptr<GraphStore> store_;
};

}  // namespace

Outcome RunScenario(const Scenario& scenario) {
  return Runner(scenario).Run();
}

}  // namespace tupu::conformance
