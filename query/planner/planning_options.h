#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace tupu {

/// What the planner may do beyond what it must. For tests, which hold the answers of one plan against another's, and for
/// whoever looks for the rule behind a wrong answer; the answers are the same whatever is chosen here.
struct PlanningOptions {
  /// False: only the rules without which there is no plan (Rule::needed), and patterns as they are written: elements in the
  /// order of the text, every vertex scanned for each row before, predicates tested when all is bound.
  bool optimize = true;
  /// What is left out, by name: a rule ("UseTopK"), or a choice within OrderPattern: "EstimatedOrder" (then the order of the
  /// text), "Seek" (names, ids, declared keys, indexes), "LabelScan", "Join" (then nested scans), "EarlyFilter".
  std::set<std::string, std::less<>> without = {};

  bool Allows(std::string_view name) const { return optimize && !without.contains(name); }
};

}  // namespace tupu
