#include "query/executor/execution_context.h"

#include "query/executor/apply.h"

namespace tupu {

RunState::RunState() : random(std::random_device{}()) {}
RunState::~RunState() = default;

void RunState::Clear() {
  parameters.clear();
  for (Value& local : locals)
    if (!local.is_null()) local = Value();
}

ExecutionContext::ExecutionContext(const GraphView& graph, GraphTransaction* writes, RunState& state,
                                   CancellationToken token, uint64_t memory_limit_bytes,
                                   std::shared_ptr<MemoryBudget> budget, size_t slots)
    : view(graph),
      transaction(writes),
      parameters(state.parameters),
      cancellation(std::move(token)),
      memory(memory_limit_bytes, std::move(budget)),
      slot_count(slots),
      locals(state.locals),
      subplans(state.subplans),
      functions{graph, CurrentDateTime(), state.random} {}

ExecutionContext::~ExecutionContext() = default;

}  // namespace tupu
