#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

namespace tupu {

class GraphStore;

enum class LoadPhase : uint8_t { kVertices, kEdges, kCommit };

struct LoaderOptions {
  std::string ontology_file;    // instead of what the data set folders bring
  std::string source;           // put into `sources` of the rows that name none; empty: nothing
  std::string delimiter = ",";  // as ParseDelimiter (storage/csv) takes it
  char array_delimiter = ';';   // between the items of a list and between labels
  bool skip_bad = false;        // pass over bad rows, count and report them; false: the first one ends the load
  std::string report_file =
      "load-report.csv";  // file,line,column,reason of each; written only if a row was passed over
  std::function<void(uint64_t bytes_done, uint64_t bytes_total, LoadPhase phase)> progress;
  CancellationToken cancellation;
  bool bulk = true;    // as sorted files where that gives the same graph (loaders/bulk); false: always a transaction
  size_t threads = 0;  // of a bulk load; 0: one for each core
};

/// Counts are rows: two rows of one new entity count once as created and once as merged.
struct LoaderSummary {
  uint64_t vertices_created = 0;
  uint64_t vertices_merged = 0;  // known before, and something was new
  uint64_t vertices_unchanged = 0;
  uint64_t edges_created = 0;
  uint64_t edges_merged = 0;
  uint64_t edges_unchanged = 0;
  uint64_t rows_skipped = 0;
  std::string report_file;           // empty: no row was passed over
  std::vector<std::string> notices;  // files of a folder that are not part of its graph, and why
  uint64_t bytes = 0;                // of the files
  double seconds = 0;
  bool bulk = false;         // loaded as sorted files; false: by a transaction
  std::string why_not_bulk;  // then: what stood against it
};

/// Loads data sets into `store`, all or nothing: after an error nothing of the load remains. It goes in bulk where that
/// gives the same graph (the first load of CSV files, mostly: loaders/bulk/bulk_load.h), else by one transaction.
///
/// Paths   A folder is a data set: its ontology.json (if any) and its *.csv, *.jsonl, also *.gz; what a file is, is told
///         by its content. A file is loaded as part of a data set named after its folder.
///         "header.csv,part1.csv,part2.csv" gives data files a header of their own; so does a file x-header.csv beside
///         x.csv or x-1.csv, x-2.csv.
/// Order   All vertices, then all edges, whatever the order of the files.
/// Vertex  (id group, external id), the group by default the data set's name (`data_set` of its ontology.json, else the
///         folder's). A known vertex gets the row's labels in addition, its properties set, `sources` and `aliases`
///         united; an empty cell leaves a property as it is. Within one data set an id may stand once.
/// Edge    Its :ID column, kept as a property (`id` when the column has no name), unique per type; else start, end, type
///         and the properties its type declares as key; else start, end, type and all columns but `sources` and
///         `confidence`, counted as a bag: k equal rows are k edges. Edges that no longer equal their row (a property was
///         changed since) are other facts to a bag.
/// Again   The same set again writes nothing at all.
/// Ontology Declarations of the files are added to the store's by name, a newer one replaces the older. Each row is
///         checked as it is read, keys and the ontology as a whole when the transaction commits.
///
/// Errors  A bad row is kInvalidArgument or kConstraint, the message beginning "file:line:column: "; with skip_bad it is
///         reported and passed over. A quote that is never closed and a damaged file end the load in any case.
///         kNotFound, kIo, kCorruption (damaged gzip), kUnsupported (forms that are known and not offered, by name),
///         kCancelled.
/// Threads one load at a time per store (it is the write transaction).
Result<LoaderSummary> LoadInto(GraphStore& store, std::span<const std::string> paths, const LoaderOptions& options);

}  // namespace tupu
