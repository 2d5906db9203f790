#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/value.h>

#include "query/executor/batch.h"
#include "query/executor/memory_tracker.h"
#include "query/functions/function_registry.h"

namespace tupu {

class GraphTransaction;
class GraphView;
class Subplan;

/// What one run after another of an instance of a plan uses.
struct RunState {
  RunState();
  ~RunState();
  /// Forgets the values of the last run.
  void Clear();

  std::vector<Value> parameters;
  /// Variables of expressions: the x of `[x IN list | ...]`, by slot.
  std::vector<Value> locals;
  std::mt19937_64 random;
  /// Plans inside expressions (EXISTS, pattern comprehension), made when first needed.
  std::unordered_map<const void*, std::unique_ptr<Subplan>> subplans;
};

/// All that one run of a plan shares between its operators and expressions. Threads: one.
struct ExecutionContext {
  ExecutionContext(const GraphView& graph, GraphTransaction* writes, RunState& state, CancellationToken token,
                   uint64_t memory_limit_bytes, std::shared_ptr<MemoryBudget> budget, size_t slots);
  ~ExecutionContext();
  ExecutionContext(const ExecutionContext&) = delete;
  ExecutionContext& operator=(const ExecutionContext&) = delete;

  const GraphView& view;
  GraphTransaction* transaction;         // null: a statement that only reads
  const std::vector<Value>& parameters;  // in the order of BoundQuery::parameters
  CancellationToken cancellation;
  MemoryTracker memory;
  size_t slot_count;
  std::string import_directory;  // of LOAD CSV; empty: none

  std::vector<Value>& locals;
  std::unordered_map<const void*, std::unique_ptr<Subplan>>& subplans;
  FunctionContext functions;

  /// What this statement deleted: rows may still hold references to it.
  std::unordered_set<uint64_t> deleted_vertices;
  std::unordered_set<uint64_t> deleted_edges;
  bool IsDeleted(VertexId id) const { return !deleted_vertices.empty() && deleted_vertices.contains(ToInteger(id)); }
  bool IsDeleted(EdgeId id) const { return !deleted_edges.empty() && deleted_edges.contains(ToInteger(id)); }
};

}  // namespace tupu
