#include "query/generated/answers.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "query/binder/binder.h"
#include "query/interpreter/interpreter.h"
#include "query/parser/parser.h"
#include "query/query.h"

namespace tupu {

namespace {

/// 1 and 1.0 are one value to DISTINCT, grouping and ORDER BY, and either may stand for both.
std::string TextOf(const Value& value, bool bags) {
  switch (value.type()) {
    case ValueType::kFloat:
      if (std::trunc(value.AsFloat()) == value.AsFloat() && std::abs(value.AsFloat()) < 1e15)
        return std::to_string(static_cast<int64_t>(value.AsFloat()));
      return value.ToString();
    case ValueType::kList: {
      std::vector<std::string> elements;
      for (const Value& element : value.AsList()) elements.push_back(TextOf(element, bags));
      if (bags) std::sort(elements.begin(), elements.end());
      return fmt::format("[{}]", fmt::join(elements, ", "));
    }
    case ValueType::kMap: {
      std::vector<std::string> entries;
      for (const auto& [key, each] : value.AsMap()) entries.push_back(key + ": " + TextOf(each, bags));
      return fmt::format("{{{}}}", fmt::join(entries, ", "));
    }
    default: return value.ToString();
  }
}

Answer AnswerOf(const Result<std::vector<std::vector<Value>>>& rows, const RandomQuery& query) {
  Answer answer;
  if (!rows) {
    answer.error = std::string(Name(rows.error().code)) + " " + rows.error().condition;
    if (rows.error().condition.empty()) *answer.error += rows.error().message;
    return answer;
  }
  for (const std::vector<Value>& row : *rows) {
    std::vector<std::string> cells;
    for (const Value& value : row) cells.push_back(TextOf(value, query.bags));
    answer.rows.push_back(fmt::format("{}", fmt::join(cells, ", ")));
  }
  if (!query.ordered) std::sort(answer.rows.begin(), answer.rows.end());
  return answer;
}

struct Run {
  Answer answer;
  std::string plan;
};

Run RunWith(const PlanningOptions& planning, const GeneratedCase& each, const std::string& text, const GraphView& view,
            const ProcedureRegistry& procedures) {
  Run run;
  const Map parameters = RandomParameters();
  const auto query = CompileQuery(text, view, procedures, planning);
  if (!query) return {AnswerOf(query.error(), each.query), ""};
  run.plan = (*query)->Explain();
  const auto rows = [&]() -> Result<std::vector<std::vector<Value>>> {
    TUPU_TRY_ASSIGN(const auto cursor, ExecuteQuery(**query, view, nullptr, {.parameters = &parameters}));
    return cursor->All();
  };
  run.answer = AnswerOf(rows(), each.query);
  // The second run finds the operators of the first.
  if (const Answer again = AnswerOf(rows(), each.query); again != run.answer) {
    run.plan += "another answer at the second run\n";
    run.answer = again;
  }
  return run;
}

/// Rows of `a` that `b` has not, each as often as it is missing.
std::vector<std::string> Without(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::vector<std::string> rest;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
  return rest;
}

void CountOperators(const std::string& plan, std::map<std::string, size_t>& operators) {
  std::istringstream lines(plan);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    ++operators[name];
  }
}

}  // namespace

std::string Answer::Text() const {
  if (error) return "error " + *error;
  constexpr size_t kShown = 20;
  const std::vector<std::string> some(rows.begin(),
                                      rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), kShown)));
  return fmt::format("{} rows: {}{}", rows.size(), fmt::join(some, " | "), rows.size() > kShown ? " ..." : "");
}

std::string GeneratedCase::Script() const {
  std::string script = graph.declares_key ? "// with u declared as the key of label A\n" : "";
  script += graph.Script() + query.Text() + ";";
  std::string parameters;
  for (const auto& [name, value] : RandomParameters())
    if (query.Text().find("$" + name) != std::string::npos)
      parameters += fmt::format("// --param {}={}\n", name, value.ToString());
  return parameters + script;
}

Comparison Compare(const GeneratedCase& each, QueryFixture& fixture) {
  Comparison comparison;
  const std::string text = each.query.Text();
  const auto view = fixture.store().Snapshot();
  const auto ast = Parse(text);
  if (!ast) {
    comparison.report = ast.error().message;
    return comparison;
  }
  const auto bound = Bind(*ast, fixture.procedures());
  if (!bound) {
    comparison.report = bound.error().message;
    return comparison;
  }
  const auto by_definition = [&]() -> Result<std::vector<std::vector<Value>>> {
    constexpr size_t kMaxRows = 10'000;
    TUPU_TRY_ASSIGN(Interpreter interpreter, Interpreter::On(**view, RandomParameters(), kMaxRows));
    return interpreter.Run(*bound);
  };
  const Result<std::vector<std::vector<Value>>> wanted_rows = by_definition();
  if (!wanted_rows && wanted_rows.error().code == ErrorCode::kResourceExhausted) {
    comparison.outcome = Comparison::Outcome::kTooLarge;
    return comparison;
  }
  const Answer wanted = AnswerOf(wanted_rows, each.query);
  comparison.outcome = wanted.error ? Comparison::Outcome::kSameError : Comparison::Outcome::kSame;
  const std::pair<std::string, PlanningOptions> ways[] = {
      {"with all rules", {}},
      {"not optimised", {.optimize = false}},
      {fmt::format("without {}", fmt::join(each.partly.without, ", ")), each.partly}};
  for (const auto& [name, planning] : ways) {
    const Run run = RunWith(planning, each, text, **view, fixture.procedures());
    if (planning.optimize && planning.without.empty()) CountOperators(run.plan, comparison.operators);
    if (run.answer == wanted) continue;
    comparison.outcome = Comparison::Outcome::kDifferent;
    comparison.report += fmt::format("{}: {}\n", name, run.answer.Text());
    comparison.report +=
        fmt::format("  too many: {}\n  missing: {}\n{}", fmt::join(Without(run.answer.rows, wanted.rows), " | "),
                    fmt::join(Without(wanted.rows, run.answer.rows), " | "), run.plan);
  }
  if (comparison.outcome == Comparison::Outcome::kDifferent)
    comparison.report = fmt::format("by definition: {}\n{}", wanted.Text(), comparison.report);
  return comparison;
}

GeneratedCase Shrink(GeneratedCase failing) {
  const auto fails = [](const GeneratedCase& each) {
    const auto fixture = each.graph.Build();
    return fixture && Compare(each, **fixture).outcome == Comparison::Outcome::kDifferent;
  };
  const auto shrink_graph = [&] {
    for (RandomGraph& smaller : failing.graph.Smaller()) {
      GeneratedCase attempt{std::move(smaller), failing.query, failing.partly};
      if (!fails(attempt)) continue;
      failing = std::move(attempt);
      return true;
    }
    return false;
  };
  // The query first: a short one makes the many graphs cheap to try.
  while (MakeSmaller(failing.query.text, [&] { return fails(failing); })) continue;
  while (shrink_graph()) continue;
  while (MakeSmaller(failing.query.text, [&] { return fails(failing); })) continue;
  return failing;
}

}  // namespace tupu
