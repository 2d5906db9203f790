#include "query/planner/plan_instance.h"

namespace tupu {

PlanInstance::PlanInstance(const QueryPlan& plan)
    : slot_count_(plan.slot_count), root_(Instantiate(*plan.root, arguments_)), batch_(plan.slot_count) {
  state_.locals.resize(plan.slot_count);
}

std::vector<Value>& PlanInstance::BeginParameters() {
  state_.parameters.clear();
  return state_.parameters;
}

void PlanInstance::Begin(const GraphView& view, GraphTransaction* transaction, const ExecutionOptions& options) {
  context_.emplace(view, transaction, state_, options.cancellation, options.memory_limit_bytes, options.memory_budget,
                   slot_count_);
  context_->import_directory = options.import_directory;
  open_ = false;
}

Result<bool> PlanInstance::NextBatch() {
  if (!open_) {
    open_ = true;
    TUPU_TRY(root_->Open(*context_));
  }
  return root_->Next(batch_);
}

void PlanInstance::End() {
  if (open_) root_->Close();
  batch_.Clear();
  state_.Clear();
  context_.reset();
}

InstancePool::~InstancePool() {
  for (std::atomic<PlanInstance*>& place : idle_) delete place.load();
}

std::unique_ptr<PlanInstance> InstancePool::Take() {
  for (std::atomic<PlanInstance*>& place : idle_) {
    if (place.load(std::memory_order_relaxed) == nullptr) continue;
    if (PlanInstance* const taken = place.exchange(nullptr, std::memory_order_acq_rel))
      return std::unique_ptr<PlanInstance>(taken);
  }
  return nullptr;
}

void InstancePool::Put(std::unique_ptr<PlanInstance> instance) {
  for (std::atomic<PlanInstance*>& place : idle_) {
    PlanInstance* expected = nullptr;
    if (place.load(std::memory_order_relaxed) != nullptr) continue;
    if (!place.compare_exchange_strong(expected, instance.get(), std::memory_order_acq_rel)) continue;
    (void)instance.release();
    return;
  }
}

}  // namespace tupu
