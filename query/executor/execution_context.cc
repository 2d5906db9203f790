#include "query/executor/execution_context.h"

#include "query/executor/apply.h"

namespace tupu {

ExecutionContext::ExecutionContext(const GraphView& graph, GraphTransaction* writes, const Map& given,
                                   CancellationToken token, uint64_t memory_limit_bytes,
                                   std::shared_ptr<MemoryBudget> budget, size_t slots)
    : view(graph),
      transaction(writes),
      parameters(given),
      cancellation(std::move(token)),
      memory(memory_limit_bytes, std::move(budget)),
      slot_count(slots),
      locals(slots),
      random(std::random_device{}()),
      functions{graph, CurrentDateTime(), random} {}

ExecutionContext::~ExecutionContext() = default;

}  // namespace tupu
