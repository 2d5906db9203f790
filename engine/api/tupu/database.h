#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>
#include <tupu/row.h>
#include <tupu/transaction_options.h>
#include <tupu/value.h>

#pragma GCC visibility push(default)

namespace tupu {

class Database;
class GraphStore;
class GraphView;

struct DatabaseOptions {
  bool read_only = false;
  bool create_if_missing = true;
  bool sync = true;  // a commit is on disk before it returns
  /// Of the whole engine: block cache, write buffers, CSRs, property columns and what running queries hold; the latter three
  /// get three quarters at most. It is used as data need it, not at once.
  uint64_t cache_memory_bytes = 2ull << 30;
  /// The folder that LOAD CSV reads from, and nothing outside it; empty: LOAD CSV is refused. A run may name another.
  std::string import_directory = {};
};

/// Limits and inputs of one run.
struct QueryOptions {
  Map parameters;
  CancellationToken cancellation;            // Cancel() from any thread stops the run
  std::chrono::milliseconds timeout{0};      // 0: none
  uint64_t memory_limit_bytes = 1ull << 30;  // of this run, taken out of the engine's; 0: none
  bool read_only = false;                    // refuse a statement that writes
  std::string import_directory = {};         // of LOAD CSV; empty: the database's
  /// How far CREATE INDEX or CREATE CONSTRAINT is, in [0, 1]; from the calling thread.
  std::function<void(double share)> progress = {};
};

/// What a statement changed, counted as openCypher counts side effects.
struct UpdateCounters {
  uint64_t nodes_created = 0;
  uint64_t nodes_deleted = 0;
  uint64_t relationships_created = 0;
  uint64_t relationships_deleted = 0;
  uint64_t properties_set = 0;
  uint64_t labels_added = 0;
  uint64_t labels_removed = 0;
  uint64_t indexes_added = 0;
  uint64_t indexes_removed = 0;
  uint64_t constraints_added = 0;
  uint64_t constraints_removed = 0;
};

/// The answer of one statement: columns and a forward stream of rows. Move-only.
/// A reading statement streams from its snapshot; a writing one has done and committed all of its work before Run returns.
/// Threads: one at a time. May outlive its Session, not its Database.
class QueryResult {
 public:
  QueryResult(QueryResult&&) noexcept;
  QueryResult& operator=(QueryResult&&) noexcept;
  ~QueryResult();

  const std::vector<std::string>& columns() const;

  /// The next row, nullptr after the last; it lives until the next call.
  /// Errors: kCancelled, kResourceExhausted (time or memory limit), kIo, kCorruption, and what an expression may raise; no row follows.
  Result<const Row*> Next();

  /// The next row as a tuple, nullopt after the last: `result.NextAs<std::string, int64_t>()`.
  template <class... Ts>
  Result<std::optional<std::tuple<Ts...>>> NextAs() {
    TUPU_TRY_ASSIGN(const Row* row, Next());
    if (row == nullptr) return std::optional<std::tuple<Ts...>>();
    TUPU_TRY_ASSIGN(std::tuple<Ts...> typed, RowTo<Ts...>(*row));
    return std::optional<std::tuple<Ts...>>(std::move(typed));
  }

  /// All rows that are left.
  Result<std::vector<Row>> All();

  const UpdateCounters& counters() const;
  /// What may not be what was meant, though it was done: an index on a label that nothing has. Texts for people.
  const std::vector<std::string>& notices() const;

 private:
  friend class Session;
  friend class Transaction;
  class State;
  explicit QueryResult(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A statement parsed and planned once. Threads: may be run from several sessions at once.
class PreparedQuery {
 public:
  PreparedQuery(const PreparedQuery&) = default;
  const std::vector<std::string>& columns() const;
  bool writes() const;
  std::vector<std::string> parameters() const;
  /// The plan, one operator a line.
  std::string Explain() const;

 private:
  friend class Session;
  friend class Transaction;
  class State;
  explicit PreparedQuery(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// Several statements as one: seen by itself at once, by others after Commit, all or nothing. Dropped without Commit, it leaves nothing.
/// Threads: one at a time; several transactions may be open at once, each over the state of its beginning.
///
/// Two that write one node, one relationship or one unique key collide, and so do a deletion of a node and a new
/// relationship on it: the first to commit wins, the other's Commit says kConflict and nothing of it is kept. New
/// relationships on one node do not collide. Session::RunTransaction runs again what has collided.
class Transaction {
 public:
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();

  /// An error of a statement leaves the transaction failed: only Rollback is possible then.
  Result<QueryResult> Run(std::string_view text, const QueryOptions& options = {});
  Result<QueryResult> Run(const PreparedQuery& query, const QueryOptions& options = {});
  /// Errors: kConflict (begin again), kConstraint, kIo ... Whatever it says, the transaction has ended.
  Status Commit();
  void Rollback();

 private:
  friend class Session;
  class State;
  explicit Transaction(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Where statements are run. Cheap to make. Threads: one at a time; open one per thread.
class Session {
 public:
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// Runs one statement, in a transaction of its own if it writes; a collision with another transaction is not seen, since
  /// the statement is run again.
  /// Errors: kSyntax, kBind (with line and column), kInvalidArgument (missing parameter), kConstraint, kUnsupported, kIo ...
  Result<QueryResult> Run(std::string_view text, const QueryOptions& options = {});
  Result<QueryResult> Run(const PreparedQuery& query, const QueryOptions& options = {});
  Result<PreparedQuery> Prepare(std::string_view text);
  Result<Transaction> Begin(const TransactionOptions& options = {});

  /// Runs `work` in a transaction and commits it; after a collision, again over the newer state, with pauses that grow up
  /// to a second in all. So `work` may be called several times and must have no effect but through its transaction.
  /// Errors: what `work` or Commit says; kConflict when every attempt collided.
  Status RunTransaction(const std::function<Status(Transaction&)>& work, const TransactionOptions& options = {});

 private:
  friend class Database;
  class State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct LoadOptions {
  std::string ontology_file;  // beside what a data set folder brings
  std::string source;         // key put into `sources` of rows that name none
  bool skip_bad = false;      // go on after a bad row, count it, write it to the report
  std::string report_file;    // empty: "load-report.csv" in the working folder, written only if rows were skipped
  std::function<void(uint64_t bytes_done, uint64_t bytes_total)> progress;
  CancellationToken cancellation;
};

struct LoadSummary {
  uint64_t nodes_created = 0;
  uint64_t nodes_merged = 0;  // known, and something new was added
  uint64_t nodes_unchanged = 0;
  uint64_t relationships_created = 0;
  uint64_t relationships_merged = 0;
  uint64_t relationships_unchanged = 0;
  uint64_t rows_skipped = 0;
  std::string report_file;           // empty: nothing was skipped
  std::vector<std::string> notices;  // files of a folder that are not part of its graph, and why
  bool bulk = false;                 // loaded as sorted files, several times faster than by a transaction
  std::string why_not_bulk;          // otherwise: what stood against it
};

/// A knowledge graph in a folder or in memory, embedded in this process.
/// Threads: safe; any number of sessions at once. It must outlive what was made from it.
class Database {
 public:
  /// Errors: kNotFound, kBusy (another process writes to it), kCorruption (not a database, or damaged), kUnsupported (newer format), kIo.
  static Result<Database> Open(const std::string& directory, const DatabaseOptions& options = {});
  static Result<Database> OpenInMemory(const DatabaseOptions& options = {});

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  Session OpenSession();

  /// Loads data set folders or files (CSV with neo4j-admin headers, JSON Lines): all of it or, after an error, nothing.
  Result<LoadSummary> Load(const std::vector<std::string>& paths, const LoadOptions& options = {});

 private:
  friend class EngineAccess;
  friend class Session;
  friend class Transaction;
  class State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tupu

#pragma GCC visibility pop
