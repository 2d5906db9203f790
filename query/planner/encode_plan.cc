#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "query/planner/logical_plan.h"

namespace tupu {

namespace {

// In the order of LogicalOperator::Node.
constexpr std::array<std::string_view, std::variant_size_v<LogicalOperator::Node>> kNames{
    "SingleRow",
    "Argument",
    "Match",
    "NodeScan",
    "NodeByName",
    "NodeById",
    "NodeByKey",
    "NodeIndexSeek",
    "EdgeIndexSeek",
    "Expand",
    "CountSteps",
    "Intersect",
    "ShortestPath",
    "Path",
    "Filter",
    "EdgesDiffer",
    "CartesianProduct",
    "HashJoin",
    "Optional",
    "SemiApply",
    "Apply",
    "CountApply",
    "Recall",
    "Unwind",
    "Project",
    "Keep",
    "Aggregate",
    "CountFromStatistics",
    "Distinct",
    "Sort",
    "TopK",
    "Skip",
    "Limit",
    "Union",
    "Call",
    "LoadCsv",
    "Create",
    "Merge",
    "Set",
    "Remove",
    "Delete",
    "Eager",
    "EmptyResult",
};

std::string NameOf(const LogicalOperator& plan) {
  std::string name(kNames[plan.node.index()]);
  if (const auto* scan = plan.As<LogicalNodeScan>(); scan != nullptr && scan->label) name += ":" + *scan->label;
  if (const auto* seek = plan.As<LogicalNodeIndexSeek>()) name += ":" + seek->seek.name;
  if (const auto* seek = plan.As<LogicalEdgeIndexSeek>()) name += ":" + seek->seek.name;
  if (const auto* expand = plan.As<LogicalExpand>()) {
    if (expand->edge.length) name = (expand->distinct_ends ? "Reach" : "VarLength") + name;
    if (expand->right_bound) name += "Into";
    if (expand->reversed) name += "Back";
    if (!expand->edge.types.empty()) name += fmt::format(":{}", fmt::join(expand->edge.types, "|"));
  }
  if (const auto* count = plan.As<LogicalCountSteps>(); count != nullptr && !count->edge.types.empty())
    name += fmt::format(":{}", fmt::join(count->edge.types, "|"));
  if (const auto* semi = plan.As<LogicalSemiApply>(); semi != nullptr && semi->anti) name = "AntiSemiApply";
  if (const auto* count = plan.As<LogicalCountFromStatistics>(); count != nullptr && count->name)
    name += ":" + *count->name;
  return name;
}

}  // namespace

std::string Encode(const LogicalOperator& plan) {
  std::vector<std::string> children;
  for (const LogicalPlan& child : plan.children) children.push_back(Encode(*child));
  if (children.empty()) return NameOf(plan);
  return fmt::format("{}({})", NameOf(plan), fmt::join(children, ", "));
}

}  // namespace tupu
