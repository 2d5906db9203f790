#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>
#include <tupu/value.h>

#include "query/planner/planning_options.h"

namespace tupu {

class MemoryBudget;

class GraphTransaction;
class GraphView;
class ProcedureRegistry;
struct SchemaCommand;

/// A compiled statement: parsed, bound, planned. Immutable; runs any number of times, from any thread.
class CompiledQuery {
 public:
  virtual ~CompiledQuery() = default;
  virtual const std::vector<std::string>& columns() const = 0;  // empty: the statement returns no rows
  virtual bool writes() const = 0;                              // needs a transaction
  virtual std::vector<std::string> parameters() const = 0;      // names that must be given
  /// Not null: the statement changes indexes or constraints. It is run by RunSchemaCommand (query/schema/schema_command.h) on
  /// the store, outside any transaction; ExecuteQuery refuses it.
  virtual const SchemaCommand* schema_command() const { return nullptr; }
  /// The physical plan, one operator a line, for EXPLAIN.
  virtual std::string Explain() const = 0;
};

/// Errors: kSyntax, kBind, kUnsupported with `where` (line and column), `condition` and often a hint.
/// `view` gives names and statistics; the result does not keep it.
Result<std::shared_ptr<const CompiledQuery>> CompileQuery(std::string_view text, const GraphView& view,
                                                          const ProcedureRegistry& procedures,
                                                          const PlanningOptions& options = {});

struct ExecutionOptions {
  const Map* parameters = nullptr;  // read before ExecuteQuery returns; null: none
  CancellationToken cancellation;
  uint64_t memory_limit_bytes = 0;                        // 0: none
  std::shared_ptr<MemoryBudget> memory_budget = nullptr;  // what the run holds is taken out of it; null: not counted
  std::string import_directory = {};                      // the folder that LOAD CSV reads from; empty: none
};

/// The rows of one run, pulled one by one. Entities in the rows are complete (Vertex, Edge, Path with properties).
/// Errors after the start of a run come from Next; then no more rows follow.
class QueryCursor {
 public:
  virtual ~QueryCursor() = default;
  /// The next row, null after the last; it lives until the next call.
  virtual Result<const std::vector<Value>*> Next() = 0;
  /// All rows that are left.
  Result<std::vector<std::vector<Value>>> All();
};

/// Runs on `view`; a statement that writes needs `transaction` (and then reads through its view; pass the same view here).
/// The view, the transaction and the query must outlive the cursor. A writing statement does all of its work by the time that the cursor is exhausted.
/// Cost: what operators and buffers need is made at the first run and kept for later ones, as many as run at a time.
/// Errors: kInvalidArgument for a missing parameter; kResourceExhausted, kCancelled.
Result<std::unique_ptr<QueryCursor>> ExecuteQuery(const CompiledQuery& query, const GraphView& view,
                                                  GraphTransaction* transaction, const ExecutionOptions& options);

}  // namespace tupu
