#pragma once

#include <array>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace tupu {

/// What OrderPattern can do without: estimates (then it takes the order of the text), seeks by name, id, declared key and
/// index, scans of one label, joins (then scans are nested), filters before all of the pattern is bound.
inline constexpr std::array<std::string_view, 5> kPatternChoices{"EstimatedOrder", "Seek", "LabelScan", "Join",
                                                                 "EarlyFilter"};

/// What the planner may do beyond what it must. For tests, which hold the answers of one plan against another's, and for
/// whoever looks for the rule behind a wrong answer; the answers are the same whatever is chosen here.
struct PlanningOptions {
  /// False: only the rules without which there is no plan (Rule::needed), and patterns as they are written: elements in the
  /// order of the text, every vertex scanned for each row before, predicates tested when all is bound.
  bool optimize = true;
  /// What is left out, by name: a rule ("UseTopK"), or one of kPatternChoices.
  std::set<std::string, std::less<>> without = {};

  bool Allows(std::string_view name) const { return optimize && !without.contains(name); }
};

}  // namespace tupu
