#pragma once

#include <optional>
#include <string>

#include <tupu/result.h>

#include "loaders/load.h"
#include "loaders/load_plan.h"

namespace tupu {

struct BulkOutcome {
  std::optional<LoaderSummary> summary;  // without files, bytes and seconds
  std::string why_not;                   // nothing was loaded: a transaction has to do it
};

/// Loads the plan's files in bulk (storage/bulk) if that gives the same graph as a transaction, and otherwise says what
/// stands against it; then nothing has changed and nothing was reported.
///
/// Exact for CSV files into a database without vertices, when the ontology declares no keys and no edge file has an :ID
/// column: then every row is a new vertex or a new edge. A vertex id that two data sets share is seen on the way and ends
/// the attempt, as do a few malformed quotings whose rows only a sequential reader can tell apart.
///
/// Errors: as LoadInto. Threads: uses options.threads of its own.
Result<BulkOutcome> TryBulkLoad(GraphStore& store, const LoadPlan& plan, const std::string& delimiter,
                                const LoaderOptions& options);

}  // namespace tupu
