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
/// Exact where a row is a new vertex or edge, or means one and takes nothing from what is stored: CSV files, an ontology
/// that the files do not change once there is data.
/// Vertices  A row of a stored vertex that has all of it already leaves the vertex as it is.
/// Edges     Rows of the load with one declared key are one edge and are merged by EdgeMerger's rules when the lists are
///           written. A row whose stored edge equals it (of a bag, each taken once) or, by a declared key, has all of it
///           already, is that edge. Every other row is a new edge, also where its start has stored edges of its type.
/// What only the rows tell ends the attempt on the way: a row that changes a stored vertex or edge, or may; two rows of one
/// stored vertex; an id that two data sets share; two rows with one :ID, rows with an :ID whose type has stored edges; rows
/// to merge where edges have an index or a constraint; a row that breaks the ontology unless it is merged; a few malformed
/// quotings whose rows only a sequential reader can tell apart; one declared key in two rows of vertices when bad rows are
/// to be passed over; two keys of edges with one hash of 64 bits.
///
/// Memory  Beside that of GraphBulkLoad: 14 to 28 bytes for each edge with a key or an :ID, a bit for each stored vertex or
///         edge once a row means one, 4 to 48 bytes for each stored vertex that a row names; up to 40 MiB a thread for ids
///         of stored ends.
/// Errors: as LoadInto; kConstraint begins with the place of a vertex row ("firms.csv:3: "), or names the file of an edge. Threads: uses options.threads of its own.
Result<BulkOutcome> TryBulkLoad(GraphStore& store, const LoadPlan& plan, const std::string& delimiter,
                                const LoaderOptions& options);

}  // namespace tupu
