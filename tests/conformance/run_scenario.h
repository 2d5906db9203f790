#pragma once

#include <string>

#include "conformance/scenario.h"

namespace tupu::conformance {

/// How far an expected error was met; each level asks for the ones before.
enum class ErrorLevel { kAny, kPhase, kType, kDetail };

struct Outcome {
  bool passed = false;  // but for the error levels
  std::string problem;  // empty if passed
  bool expects_error = false;
  ErrorLevel level = ErrorLevel::kAny;  // reached, where an error was expected and came
};

/// Runs one scenario on a fresh store in memory.
Outcome RunScenario(const Scenario& scenario);

}  // namespace tupu::conformance
