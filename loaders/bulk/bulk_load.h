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
/// Exact where every row is a new vertex or a new edge: CSV files without :ID columns of edges, an ontology without keys
/// of edges that the files do not change once there is data. What only the rows tell ends the attempt on the way: an id of
/// a stored vertex or of another data set, an edge whose start has stored edges of its type (one of them may be the
/// row's), a few malformed quotings whose rows only a sequential reader can tell apart, one declared key in two rows when
/// bad rows are to be passed over.
///
/// Errors: as LoadInto; kConstraint begins with the place of a vertex row ("firms.csv:3: "), or names the file of an edge. Threads: uses options.threads of its own.
Result<BulkOutcome> TryBulkLoad(GraphStore& store, const LoadPlan& plan, const std::string& delimiter,
                                const LoaderOptions& options);

}  // namespace tupu
