#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "storage/catalog/graph_statistics.h"
#include "storage/kv/kv_store.h"

namespace tupu {

class GraphSnapshot;
struct StoreNames;

/// What CREATE INDEX asks for.
struct IndexRequest {
  std::string name;  // empty: one is made of the label and the properties
  EntityKind entity = EntityKind::kVertex;
  std::string schema;  // label or edge type
  std::vector<std::string> properties;
  bool if_not_exists = false;
};

/// What CREATE CONSTRAINT asks for.
struct ConstraintRequest : IndexRequest {
  ConstraintKind kind = ConstraintKind::kUnique;
  PropertyTypeSet types;  // kType
};

struct SchemaOptions {
  CancellationToken cancellation;
  std::function<void(double done)> progress;  // in [0, 1], from the calling thread; may be empty
};

/// What to count again: the values of indexes alone (cost: their entries), or the labels at both ends of every edge, too.
enum class StatisticsScope : uint8_t { kIndexes, kAll };

struct SchemaCounters {
  uint64_t indexes_added = 0;
  uint64_t indexes_removed = 0;
  uint64_t constraints_added = 0;
  uint64_t constraints_removed = 0;
};

/// One change of the schema on the last committed state: nothing else is committed until it has been written.
struct SchemaCommit {
  const GraphSnapshot& last;
  std::vector<KvWrite> batch;
  std::optional<SchemaState> changed;  // replaces the schema of `last`
  /// Transactions that began before this commit are refused at theirs (kConflict: run again).
  bool collides = false;

  /// A copy of the schema to change.
  SchemaState& Change();
};

/// What changes of the schema need of the store.
class SchemaHost {
 public:
  virtual ~SchemaHost() = default;
  virtual StoreNames& schema_names() = 0;
  virtual std::shared_ptr<const GraphSnapshot> LastCommitted() const = 0;
  /// Calls `change`, writes what it made as one batch, and publishes the new state. An error of `change` leaves all as it was.
  virtual Status CommitSchema(const std::function<Status(SchemaCommit&)>& change) = 0;
  /// After many writes: spares the next open to go through them.
  virtual Status Flush() = 0;
};

/// Makes and removes indexes and constraints while others read and write.
///
///   create:  populating --(every commit keeps it; stored entities are gone through in chunks)--> online
///                     \--(violation, cancelled, error)--> removed
///   drop:    removed from the catalog at once; its entries go in chunks
///
/// Nothing is acknowledged before it is online, so one that a crash interrupts is removed at the next open for writing.
/// A chunk is read and written as one commit of its own: a writer waits for one chunk at most, and no write is lost, since
/// a chunk sees all commits before it, and every commit after the first keeps the index itself: transactions that began
/// without it are told to run again. So are those that began before the last chunk of a unique index, which could not know
/// what the chunks found; then the whole index is looked through for values that are there twice.
/// Threads: one change at a time (the store holds a lock); readers and writers go on.
class SchemaChanger {
 public:
  explicit SchemaChanger(SchemaHost& host) : host_(host) {}

  /// Errors: kAlreadyExists (the name, or an index on the same) unless if_not_exists; kConstraint (names the first two
  /// violators); kCancelled, kResourceExhausted from the token; kIo.
  Result<SchemaCounters> CreateIndex(const IndexRequest& request, const SchemaOptions& options);
  Result<SchemaCounters> CreateConstraint(const ConstraintRequest& request, const SchemaOptions& options);
  /// Errors: kNotFound unless if_exists; kConstraint for the index of a constraint.
  Result<SchemaCounters> DropIndex(const std::string& name, bool if_exists);
  Result<SchemaCounters> DropConstraint(const std::string& name, bool if_exists);
  /// Reads one state beside writers; what they do meanwhile is not counted.
  Status RefreshStatistics(StatisticsScope scope, const CancellationToken& cancellation);
  /// At open for writing: removes what a crash left half built.
  Status RemoveUnfinished();

 private:
  Result<SchemaTarget> Resolve(const IndexRequest& request);
  std::string NameFor(const IndexRequest& request, std::string_view kind) const;
  Status CheckNameIsFree(const std::string& name) const;
  Status Build(const IndexDefinition& index, const SchemaOptions& options);
  Status BuildVertices(const IndexDefinition& index, const SchemaOptions& options);
  Status BuildEdges(const IndexDefinition& index, const SchemaOptions& options);
  Status CheckUnique(const IndexDefinition& index, const SchemaOptions& options);
  Status CheckStored(const ConstraintDefinition& constraint, const SchemaOptions& options);
  Status RemoveEntries();
  void KeepOpensFast(uint64_t entries);

  SchemaHost& host_;
};

/// The statistics of one index, by one pass over its entries.
Result<IndexStatistics> CountValues(const GraphSnapshot& snapshot, const IndexDefinition& index,
                                    const CancellationToken& cancellation);

}  // namespace tupu
