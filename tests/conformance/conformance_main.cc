// tupu_conformance --vectors FILE [--filter REGEX] [--report FILE.json] [--error-level any|phase|type|detail]
//                  [--at-least N] [--verbose]
//
// Runs the openCypher vectors on a store in memory. A line per folder; ends with `N passed, N failed, N skipped`.
// Exit status: 0 if nothing failed, or if at least N passed with --at-least.

#include <fstream>
#include <iostream>
#include <map>
#include <regex>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "conformance/run_scenario.h"

namespace tupu::conformance {
namespace {

struct Arguments {
  std::string vectors;
  std::string filter;
  std::string report;
  ErrorLevel level = ErrorLevel::kAny;
  long at_least = -1;
  bool verbose = false;
};

constexpr std::string_view kLevelNames[] = {"any", "phase", "type", "detail"};

bool ParseArguments(int count, char** values, Arguments& arguments) {
  for (int i = 1; i < count; ++i) {
    const std::string_view name = values[i];
    if (name == "--verbose") {
      arguments.verbose = true;
      continue;
    }
    if (i + 1 >= count) return false;
    const std::string value = values[++i];
    if (name == "--vectors")
      arguments.vectors = value;
    else if (name == "--filter")
      arguments.filter = value;
    else if (name == "--report")
      arguments.report = value;
    else if (name == "--at-least")
      arguments.at_least = std::stol(value);
    else if (name == "--error-level") {
      const auto* found = std::find(std::begin(kLevelNames), std::end(kLevelNames), value);
      if (found == std::end(kLevelNames)) return false;
      arguments.level = static_cast<ErrorLevel>(found - std::begin(kLevelNames));
    } else
      return false;
  }
  return !arguments.vectors.empty();
}

struct Tally {
  size_t passed = 0;
  size_t failed = 0;
};

int Run(const Arguments& arguments) {
  const auto scenarios = ReadScenarios(arguments.vectors);
  if (!scenarios) {
    std::cerr << scenarios.error().message << '\n';
    return 3;
  }
  const std::regex filter(arguments.filter);
  std::map<std::string, Tally> folders;
  size_t skipped = 0;
  size_t errors_expected = 0;
  std::map<ErrorLevel, size_t> levels;
  nlohmann::json report = nlohmann::json::array();
  for (const Scenario& scenario : *scenarios) {
    if (!std::regex_search(scenario.id, filter)) {
      ++skipped;
      continue;
    }
    if (arguments.verbose) std::cerr << scenario.id << std::endl;
    Outcome outcome = RunScenario(scenario);
    if (outcome.passed && outcome.expects_error) {
      for (int level = 0; level <= static_cast<int>(outcome.level); ++level) ++levels[static_cast<ErrorLevel>(level)];
      outcome.passed = outcome.level >= arguments.level;
      if (!outcome.passed)
        outcome.problem = fmt::format("the error fits only at level {}", kLevelNames[static_cast<int>(outcome.level)]);
    }
    errors_expected += outcome.expects_error ? 1 : 0;
    Tally& tally = folders[scenario.folder];
    ++(outcome.passed ? tally.passed : tally.failed);
    nlohmann::json line = {{"id", scenario.id}, {"passed", outcome.passed}, {"problem", outcome.problem}};
    if (outcome.expects_error) line["error_level"] = kLevelNames[static_cast<int>(outcome.level)];
    report.push_back(std::move(line));
  }
  Tally total;
  for (const auto& [folder, tally] : folders) {
    fmt::print("{:<45} {:>4} of {:>4}\n", folder, tally.passed, tally.passed + tally.failed);
    total.passed += tally.passed;
    total.failed += tally.failed;
  }
  fmt::print("errors expected {}: any {}, phase {}, type {}, detail {}\n", errors_expected, levels[ErrorLevel::kAny],
             levels[ErrorLevel::kPhase], levels[ErrorLevel::kType], levels[ErrorLevel::kDetail]);
  fmt::print("{} passed, {} failed, {} skipped\n", total.passed, total.failed, skipped);
  if (!arguments.report.empty()) std::ofstream(arguments.report) << report.dump(1) << '\n';
  if (arguments.at_least >= 0) return total.passed >= static_cast<size_t>(arguments.at_least) ? 0 : 1;
  return total.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tupu::conformance

int main(int count, char** values) {
  tupu::conformance::Arguments arguments;
  if (!tupu::conformance::ParseArguments(count, values, arguments)) {
    std::cerr << "usage: tupu_conformance --vectors FILE [--filter REGEX] [--report FILE.json] "
                 "[--error-level any|phase|type|detail] [--at-least N] [--verbose]\n";
    return 2;
  }
  return tupu::conformance::Run(arguments);
}
