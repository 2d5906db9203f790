#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "query/executor/apply.h"
#include "query/executor/operator.h"
#include "query/planner/logical_plan.h"
#include "query/planner/planner_context.h"

namespace tupu {

/// The leaves of inner plans, by the number that their operators know them by; filled while a plan is instantiated.
using Arguments = std::unordered_map<size_t, Argument*>;

/// Which lists of edges an operator walks.
struct AdjacencyReading {
  Direction direction = Direction::kOut;
  std::vector<std::string> types;  // empty: every type
};

/// A property of vertices or edges that the expressions of an operator read.
struct PropertyReading {
  bool of_edges = false;
  std::string key;
  std::vector<std::string> types;  // of the edges; empty: any
  friend auto operator<=>(const PropertyReading&, const PropertyReading&) = default;
};

/// An operator of a plan that is ready to run: its text, and how an instance is made of its children's instances.
/// Immutable, shared by all runs.
struct PhysicalOperator {
  std::string name;
  std::string details;
  double rows = -1;  // estimated; negative: not
  std::optional<AdjacencyReading> reads;
  std::vector<PropertyReading> properties;  // each once, in the order of the text
  std::optional<std::vector<Slot>> live;    // as LogicalOperator::live
  std::vector<std::shared_ptr<const PhysicalOperator>> children;
  std::function<OperatorPtr(std::vector<OperatorPtr> children, Arguments& arguments)> make;
};

using PhysicalPlan = std::shared_ptr<const PhysicalOperator>;

/// Chooses the operators and makes the expressions ready. Expressions with patterns inside get inner plans of their own.
/// Errors: kUnsupported, kInternal.
Result<PhysicalPlan> BuildPhysicalPlan(const LogicalOperator& plan, PlannerContext& context);

/// Fresh operators for one run.
OperatorPtr Instantiate(const PhysicalOperator& plan, Arguments& arguments);

/// One operator a line, a child two blanks further in than its parent:
///   Filter  b:Firm  ~120 rows
/// With a view, operators that walk edges say from what they would read them now: "from CSR", "from saved CSR" (mapped from
/// its file), "from blocks", or several of them; and those that read properties of vertices or edges: "properties: name from
/// column, since from records".
std::string Explain(const PhysicalOperator& plan, const GraphView* view = nullptr);

}  // namespace tupu
