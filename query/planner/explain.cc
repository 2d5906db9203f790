#include <fmt/format.h>

#include "query/planner/physical_plan.h"

namespace tupu {

namespace {

void Append(std::string& out, const PhysicalOperator& plan, size_t depth) {
  out.append(depth * 2, ' ');
  out += plan.name;
  if (!plan.details.empty()) out += "  " + plan.details;
  if (plan.rows >= 0) out += fmt::format("  ~{:.3g} rows", plan.rows);
  out += '\n';
  for (const PhysicalPlan& child : plan.children) Append(out, *child, depth + 1);
}

}  // namespace

std::string Explain(const PhysicalOperator& plan) {
  std::string out;
  Append(out, plan, 0);
  return out;
}

}  // namespace tupu
