#include <tupu/database.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <random>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "engine/algorithms/procedures.h"
#include "engine/database/engine_access.h"
#include "engine/database/name_procedures.h"
#include "engine/database/plan_cache.h"
#include "loaders/load.h"
#include "query/procedure/procedure.h"
#include "query/query.h"
#include "query/schema/schema_command.h"
#include "storage/graph/graph_store.h"

namespace tupu {

namespace internal {

Error WrongRowType(const Value& value, std::string_view wanted) {
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the row holds {} where the program asked for {}", Name(value.type()), wanted)};
}

Error WrongRowWidth(size_t wanted, size_t columns) {
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the row has {} columns and the program asked for {}", columns, wanted)};
}

}  // namespace internal

class Database::State {
 public:
  std::unique_ptr<GraphStore> store;
  ProcedureRegistry procedures;
  PlanCache plans;
  bool read_only = false;
  std::string import_directory;

  /// The plan of `text` for `view`: the one that is kept, or a new one.
  Result<std::shared_ptr<const CompiledQuery>> Compile(std::string_view text, const GraphView& view) {
    if (auto known = plans.Find(text, view)) return known;
    TUPU_TRY_ASSIGN(auto compiled, CompileQuery(text, view, procedures));
    plans.Add(text, view, compiled);
    return compiled;
  }

  ExecutionOptions ToExecution(const QueryOptions& options) const {
    ExecutionOptions execution;
    execution.import_directory = options.import_directory.empty() ? import_directory : options.import_directory;
    execution.memory_budget = store->memory_budget();
    execution.parameters = &options.parameters;
    execution.cancellation = options.cancellation;
    execution.memory_limit_bytes = options.memory_limit_bytes;
    if (options.timeout.count() > 0)
      execution.cancellation.SetDeadline(std::chrono::steady_clock::now() + options.timeout);
    return execution;
  }
};

class Session::State {
 public:
  Database::State* database;
};

class PreparedQuery::State {
 public:
  std::shared_ptr<const CompiledQuery> query;
};

namespace {

Error OutOfMemory() {
  return Error{ErrorCode::kResourceExhausted,
               "the machine has no memory left for this; lower --memory or ask for less"};
}

/// std::bad_alloc stops here: what is above the facade sees errors only.
template <class Function>
auto WithoutBadAlloc(Function&& function) -> decltype(function()) {
  try {
    return function();
  } catch (const std::bad_alloc&) {
    return OutOfMemory();
  }
}

UpdateCounters ToCounters(const WriteCounters& counters) {
  return {.nodes_created = counters.vertices_created,
          .nodes_deleted = counters.vertices_deleted,
          .relationships_created = counters.edges_created,
          .relationships_deleted = counters.edges_deleted,
          .properties_set = counters.properties_set,
          .labels_added = counters.labels_added,
          .labels_removed = counters.labels_removed};
}

UpdateCounters Minus(const UpdateCounters& a, const UpdateCounters& b) {
  return {.nodes_created = a.nodes_created - b.nodes_created,
          .nodes_deleted = a.nodes_deleted - b.nodes_deleted,
          .relationships_created = a.relationships_created - b.relationships_created,
          .relationships_deleted = a.relationships_deleted - b.relationships_deleted,
          .properties_set = a.properties_set - b.properties_set,
          .labels_added = a.labels_added - b.labels_added,
          .labels_removed = a.labels_removed - b.labels_removed};
}

}  // namespace

/// Streaming: query, view and cursor are set. Finished (a writing statement): `rows` holds all rows.
class QueryResult::State {
 public:
  std::shared_ptr<const CompiledQuery> query;
  std::shared_ptr<const GraphView> view;
  std::unique_ptr<QueryCursor> cursor;
  std::vector<Row> rows;
  size_t next = 0;
  UpdateCounters counters;
  std::vector<std::string> notices;
};

QueryResult::QueryResult(std::unique_ptr<State> state) : state_(std::move(state)) {}
QueryResult::QueryResult(QueryResult&&) noexcept = default;
QueryResult& QueryResult::operator=(QueryResult&&) noexcept = default;
QueryResult::~QueryResult() = default;

const std::vector<std::string>& QueryResult::columns() const {
  return state_->query->columns();
}
const UpdateCounters& QueryResult::counters() const {
  return state_->counters;
}
const std::vector<std::string>& QueryResult::notices() const {
  return state_->notices;
}

Result<const Row*> QueryResult::Next() {
  return WithoutBadAlloc([&]() -> Result<const Row*> {
    State& state = *state_;
    if (state.cursor == nullptr) return state.next < state.rows.size() ? &state.rows[state.next++] : nullptr;
    Result<const Row*> row = state.cursor->Next();
    if (!row.has_value() || *row == nullptr) state.cursor.reset();
    return row;
  });
}

Result<std::vector<Row>> QueryResult::All() {
  std::vector<Row> rows;
  for (;;) {
    TUPU_TRY_ASSIGN(const Row* row, Next());
    if (row == nullptr) return rows;
    rows.push_back(*row);
  }
}

const std::vector<std::string>& PreparedQuery::columns() const {
  return state_->query->columns();
}
bool PreparedQuery::writes() const {
  return state_->query->writes();
}
std::vector<std::string> PreparedQuery::parameters() const {
  return state_->query->parameters();
}
std::string PreparedQuery::Explain() const {
  return state_->query->Explain();
}

// ---- Transaction

class Transaction::State {
 public:
  Database::State* database;
  std::unique_ptr<GraphTransaction> graph;  // null: committed or rolled back
  bool read_only = false;
  bool failed = false;

  Status CheckUsable() const {
    if (graph == nullptr) return Error{ErrorCode::kInvalidArgument, "the transaction has ended; begin a new one"};
    if (failed)
      return Error{ErrorCode::kInvalidArgument,
                   "a statement of this transaction has failed; roll it back and begin again"};
    return {};
  }
};

namespace {

/// Runs to its end inside `transaction`; what the statement itself changed is counted.
Result<std::pair<std::vector<Row>, UpdateCounters>> RunInside(const CompiledQuery& query, GraphTransaction& transaction,
                                                              const ExecutionOptions& options) {
  const UpdateCounters before = ToCounters(transaction.counters());
  TUPU_TRY_ASSIGN(const std::unique_ptr<QueryCursor> cursor,
                  ExecuteQuery(query, transaction.view(), &transaction, options));
  TUPU_TRY_ASSIGN(std::vector<Row> rows, cursor->All());
  return std::pair(std::move(rows), Minus(ToCounters(transaction.counters()), before));
}

Status CheckMayWrite(const CompiledQuery& query, const QueryOptions& options) {
  if (query.writes() && options.read_only)
    return Error{ErrorCode::kInvalidArgument, "the statement writes and the run is read-only; leave --read-only out"};
  return {};
}

/// Calls `attempt` until it says something else than kConflict. The pauses double, and differ between threads that
/// collide, so that they do not meet again.
Status RetryConflicts(const std::function<Status()>& attempt) {
  constexpr int kAttempts = 24;
  constexpr int kDoublings = 8;  // from 0.25 ms to 64 ms
  thread_local std::minstd_rand random{std::random_device{}()};
  for (int i = 1;; ++i) {
    Status status = attempt();
    if (status || status.error().code != ErrorCode::kConflict || i == kAttempts) return status;
    std::uniform_int_distribution<int> pause(0, 250 << std::min(i, kDoublings));
    std::this_thread::sleep_for(std::chrono::microseconds(pause(random)));
  }
}

}  // namespace

Transaction::Transaction(std::unique_ptr<State> state) : state_(std::move(state)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

Result<QueryResult> Transaction::Run(std::string_view text, const QueryOptions& options) {
  return WithoutBadAlloc([&]() -> Result<QueryResult> {
    TUPU_TRY(state_->CheckUsable());
    auto compiled = state_->database->Compile(text, state_->graph->view());
    if (!compiled.has_value()) {
      state_->failed = true;
      return std::move(compiled).error();
    }
    return Run(PreparedQuery(std::make_shared<const PreparedQuery::State>(PreparedQuery::State{*compiled})), options);
  });
}

Result<QueryResult> Transaction::Run(const PreparedQuery& query, const QueryOptions& options) {
  return WithoutBadAlloc([&]() -> Result<QueryResult> {
    TUPU_TRY(state_->CheckUsable());
    const CompiledQuery& compiled = *query.state_->query;
    TUPU_TRY(CheckMayWrite(compiled, options));
    if (compiled.writes() && state_->database->read_only)
      return Error{ErrorCode::kUnsupported, "the database was opened for reading only; open it for writing"};
    if (compiled.writes() && state_->read_only)
      return Error{ErrorCode::kInvalidArgument, "the statement writes and the transaction is read-only"};
    state_->failed = true;  // until it has gone well, also when memory runs out inside
    TUPU_TRY_ASSIGN(auto run, RunInside(compiled, *state_->graph, state_->database->ToExecution(options)));
    state_->failed = false;
    auto result = std::make_unique<QueryResult::State>();
    result->query = query.state_->query;
    result->rows = std::move(run.first);
    result->counters = run.second;
    return QueryResult(std::move(result));
  });
}

Status Transaction::Commit() {
  return WithoutBadAlloc([&]() -> Status {
    TUPU_TRY(state_->CheckUsable());
    const std::unique_ptr<GraphTransaction> graph = std::move(state_->graph);
    return graph->Commit();
  });
}

void Transaction::Rollback() {
  state_->graph.reset();
}

// ---- Session

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Result<PreparedQuery> Session::Prepare(std::string_view text) {
  return WithoutBadAlloc([&]() -> Result<PreparedQuery> {
    TUPU_TRY_ASSIGN(const std::shared_ptr<const GraphView> view, state_->database->store->Snapshot());
    TUPU_TRY_ASSIGN(auto compiled, state_->database->Compile(text, *view));
    return PreparedQuery(std::make_shared<const PreparedQuery::State>(PreparedQuery::State{std::move(compiled)}));
  });
}

Result<QueryResult> Session::Run(std::string_view text, const QueryOptions& options) {
  TUPU_TRY_ASSIGN(const PreparedQuery query, Prepare(text));
  return Run(query, options);
}

Result<QueryResult> Session::Run(const PreparedQuery& query, const QueryOptions& options) {
  return WithoutBadAlloc([&]() -> Result<QueryResult> {
    const std::shared_ptr<const CompiledQuery>& compiled = query.state_->query;
    TUPU_TRY(CheckMayWrite(*compiled, options));
    GraphStore& store = *state_->database->store;
    if (const SchemaCommand* command = compiled->schema_command()) {
      TUPU_TRY_ASSIGN(
          const SchemaCounters changed,
          RunSchemaCommand(*command, store, {state_->database->ToExecution(options).cancellation, options.progress}));
      auto result = std::make_unique<QueryResult::State>();
      result->query = compiled;
      result->counters.indexes_added = changed.indexes_added;
      result->counters.indexes_removed = changed.indexes_removed;
      result->counters.constraints_added = changed.constraints_added;
      result->counters.constraints_removed = changed.constraints_removed;
      TUPU_TRY_ASSIGN(const std::shared_ptr<const GraphView> view, state_->database->store->Snapshot());
      if (std::string notice = NoticeOf(*command, *view); !notice.empty()) result->notices.push_back(std::move(notice));
      return QueryResult(std::move(result));
    }
    if (compiled->writes()) {
      std::optional<QueryResult> result;
      TUPU_TRY(RunTransaction([&](Transaction& transaction) -> Status {
        TUPU_TRY_ASSIGN(result, transaction.Run(query, options));
        return {};
      }));
      return std::move(*result);
    }
    auto result = std::make_unique<QueryResult::State>();
    result->query = compiled;
    TUPU_TRY_ASSIGN(result->view, state_->database->store->Snapshot());
    TUPU_TRY_ASSIGN(result->cursor,
                    ExecuteQuery(*compiled, *result->view, nullptr, state_->database->ToExecution(options)));
    return QueryResult(std::move(result));
  });
}

Result<Transaction> Session::Begin(const TransactionOptions& options) {
  auto state = std::make_unique<Transaction::State>();
  state->database = state_->database;
  TransactionOptions chosen = options;
  chosen.read_only |= state_->database->read_only;
  state->read_only = chosen.read_only;
  TUPU_TRY_ASSIGN(state->graph, state_->database->store->BeginWrite(chosen));
  return Transaction(std::move(state));
}

Status Session::RunTransaction(const std::function<Status(Transaction&)>& work, const TransactionOptions& options) {
  return RetryConflicts([&]() -> Status {
    TUPU_TRY_ASSIGN(Transaction transaction, Begin(options));
    TUPU_TRY(work(transaction));
    return transaction.Commit();
  });
}

// ---- Database

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {
  RegisterAlgorithmProcedures(state_->procedures);
  RegisterNameProcedures(state_->procedures);
}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::Open(const std::string& directory, const DatabaseOptions& options) {
  return WithoutBadAlloc([&]() -> Result<Database> {
    auto state = std::make_unique<State>();
    TUPU_TRY_ASSIGN(state->store, GraphStore::Open(directory, {.read_only = options.read_only,
                                                               .create_if_missing = options.create_if_missing,
                                                               .sync = options.sync,
                                                               .cache_bytes = options.cache_memory_bytes}));
    state->read_only = options.read_only;
    state->import_directory = options.import_directory;
    return Database(std::move(state));
  });
}

Result<Database> Database::OpenInMemory(const DatabaseOptions& options) {
  return WithoutBadAlloc([&]() -> Result<Database> {
    auto state = std::make_unique<State>();
    TUPU_TRY_ASSIGN(state->store, GraphStore::OpenInMemory({.cache_bytes = options.cache_memory_bytes}));
    state->import_directory = options.import_directory;
    return Database(std::move(state));
  });
}

Session Database::OpenSession() {
  auto state = std::make_unique<Session::State>();
  state->database = state_.get();
  return Session(std::move(state));
}

GraphStore& EngineAccess::Store(Database& database) {
  return *database.state_->store;
}
const ProcedureRegistry& EngineAccess::Procedures(const Database& database) {
  return database.state_->procedures;
}

}  // namespace tupu
