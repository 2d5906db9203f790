#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "query/executor/execution_context.h"
#include "query/planner/physical_plan.h"
#include "query/planner/plan_query.h"
#include "query/query.h"

namespace tupu {

/// The operators and buffers of a plan, for one run after another.
///
///     BeginParameters -> Begin -> NextBatch ... NextBatch -> End;  then from the beginning
///
/// After an error it is dropped. Threads: one at a time.
class PlanInstance {
 public:
  explicit PlanInstance(const QueryPlan& plan);

  /// To be filled with the values of the parameters in the order of BoundQuery::parameters.
  std::vector<Value>& BeginParameters();
  /// `view` and `transaction` until End.
  void Begin(const GraphView& view, GraphTransaction* transaction, const ExecutionOptions& options);
  /// False: no more.
  Result<bool> NextBatch();
  void End();

  const Batch& batch() const { return batch_; }
  ExecutionContext& context() { return *context_; }

 private:
  size_t slot_count_;
  std::optional<ExecutionContext> context_;
  RunState state_;  // goes before the context, whose memory its plans have charged
  Arguments arguments_;
  OperatorPtr root_;
  Batch batch_;
  bool open_ = false;
};

/// Instances that no run uses, a few. Threads: safe.
class InstancePool {
 public:
  InstancePool() = default;
  ~InstancePool();
  InstancePool(const InstancePool&) = delete;
  InstancePool& operator=(const InstancePool&) = delete;

  /// Null: there is none.
  std::unique_ptr<PlanInstance> Take();
  void Put(std::unique_ptr<PlanInstance> instance);

 private:
  std::array<std::atomic<PlanInstance*>, 8> idle_{};
};

}  // namespace tupu
