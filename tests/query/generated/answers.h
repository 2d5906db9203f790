#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "query/generated/random_graph.h"
#include "query/generated/random_query.h"
#include "query/planner/planning_options.h"

namespace tupu {

/// A statement and the graph it runs on.
struct GeneratedCase {
  RandomGraph graph;
  RandomQuery query;
  PlanningOptions partly;  // one rule or choice left out

  /// What reproduces it in a shell: the graph's statements, the parameters, the query.
  std::string Script() const;
};

/// The rows as text, sorted unless the query gives them an order; or the error.
struct Answer {
  std::vector<std::string> rows;
  std::optional<std::string> error;
  friend bool operator==(const Answer&, const Answer&) = default;
  std::string Text() const;
};

struct Comparison {
  enum class Outcome { kSame, kSameError, kTooLarge, kDifferent, kInvalid };
  Outcome outcome = Outcome::kInvalid;
  std::string report;                       // of kDifferent: plans and rows; of kInvalid: why
  std::map<std::string, size_t> operators;  // of the optimised plan, by name
};

/// The answer by the interpreter, and by the engine with all rules, without those that it can do without, and `partly`.
/// `fixture` holds the graph of `each`.
Comparison Compare(const GeneratedCase& each, QueryFixture& fixture);

/// The smallest case found, by leaving out one thing at a time, whose answers still differ.
GeneratedCase Shrink(GeneratedCase failing);

}  // namespace tupu
