#include <algorithm>
#include <filesystem>
#include <memory>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "storage/csv/csv_reader.h"
#include "tests/bench/workload_engine.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

struct CloseSqlite {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
struct FinalizeSqlite {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using SqliteHandle = std::unique_ptr<sqlite3, CloseSqlite>;
using SqliteStatement = std::unique_ptr<sqlite3_stmt, FinalizeSqlite>;

Error SqliteError(sqlite3* db) {
  return Error{ErrorCode::kIo, fmt::format("sqlite: {}", sqlite3_errmsg(db))};
}

Result<SqliteHandle> OpenSqlite(const std::string& path) {
  sqlite3* db = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  SqliteHandle handle(db);
  if (code != SQLITE_OK) return SqliteError(db);
  return handle;
}

Status RunSql(sqlite3* db, const std::string& sql) {
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return SqliteError(db);
  return {};
}

Result<SqliteStatement> PrepareSql(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) return SqliteError(db);
  return SqliteStatement(statement);
}

/// `text` must live until the statement has been run.
void BindText(sqlite3_stmt* statement, int at, std::string_view text) {
  sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

/// `IMPORT file.csv INSERT ...`: the statement once for each row behind the header, whose cells are ?1, ?2 ...; columns
/// of numbers convert what they take.
Status ImportCsv(sqlite3* db, std::string_view command, const std::string& folder) {
  const size_t file_at = std::string_view("IMPORT ").size();
  const size_t file_end = std::min(command.find(' ', file_at), command.size());
  const std::string path = fmt::format("{}/{}", folder, command.substr(file_at, file_end - file_at));
  TUPU_TRY_ASSIGN(const SqliteStatement insert, PrepareSql(db, std::string(command.substr(file_end))));
  const int parameters = sqlite3_bind_parameter_count(insert.get());
  TUPU_TRY_ASSIGN(auto source, OpenTextSource(path));
  CsvReader reader(std::move(source), path);
  TUPU_TRY(reader.Next());
  for (;;) {
    TUPU_TRY_ASSIGN(const bool more, reader.Next());
    if (!more) return {};
    for (int i = 1; i <= parameters; ++i) {
      const std::string_view text = reader.fields()[static_cast<size_t>(i) - 1].text;
      if (text.empty()) {
        sqlite3_bind_null(insert.get(), i);
      } else {
        BindText(insert.get(), i, text);
      }
    }
    if (sqlite3_step(insert.get()) != SQLITE_DONE) return SqliteError(db);
    sqlite3_reset(insert.get());
  }
}

/// The length of a shortest path, as a program would find it that has but point queries: from both ends, always the side
/// with the smaller frontier, a level at a time.
class SqlitePathSearch {
 public:
  /// `statements`: the vertex of a name, then any number that give the neighbours of a vertex.
  explicit SqlitePathSearch(std::vector<SqliteStatement> statements) : statements_(std::move(statements)) {}

  Status Call(const Map& input, WorkloadAnswer* answer) {
    TUPU_TRY_ASSIGN(const int64_t from, FindVertex(input.at("name").AsString()));
    TUPU_TRY_ASSIGN(const int64_t to, FindVertex(input.at("other_name").AsString()));
    const int64_t length = FindLength(from, to);
    if (length < 0 || answer == nullptr) return {};
    answer->Add(length);
    answer->EndRow();
    return {};
  }

 private:
  struct Side {
    std::unordered_map<int64_t, int64_t> distances;
    std::vector<int64_t> frontier;
    int64_t depth = 0;
  };

  Result<int64_t> FindVertex(const std::string& name) {
    sqlite3_stmt* statement = statements_.front().get();
    BindText(statement, 1, name);
    const bool found = sqlite3_step(statement) == SQLITE_ROW;
    const int64_t vertex = found ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    if (!found) return Error{ErrorCode::kNotFound, fmt::format("sqlite: '{}' is not there", name)};
    return vertex;
  }

  /// Negative: there is no path.
  int64_t FindLength(int64_t from, int64_t to) {
    Side left{{{from, 0}}, {from}};
    Side right{{{to, 0}}, {to}};
    while (!left.frontier.empty() && !right.frontier.empty()) {
      const bool from_left = left.frontier.size() <= right.frontier.size();
      const int64_t length = from_left ? Advance(left, right) : Advance(right, left);
      if (length >= 0) return length;
    }
    return -1;
  }

  /// One level of `side`; the length of the shortest path over a vertex that `other` has reached too, negative: none.
  int64_t Advance(Side& side, const Side& other) {
    std::vector<int64_t> next;
    int64_t shortest = -1;
    ++side.depth;
    for (const int64_t vertex : side.frontier) {
      for (size_t i = 1; i < statements_.size(); ++i) {
        sqlite3_stmt* statement = statements_[i].get();
        sqlite3_bind_int64(statement, 1, vertex);
        while (sqlite3_step(statement) == SQLITE_ROW) {
          const int64_t neighbour = sqlite3_column_int64(statement, 0);
          if (!side.distances.try_emplace(neighbour, side.depth).second) continue;
          next.push_back(neighbour);
          const auto met = other.distances.find(neighbour);
          if (met == other.distances.end()) continue;
          if (const int64_t length = side.depth + met->second; shortest < 0 || length < shortest) shortest = length;
        }
        sqlite3_reset(statement);
      }
    }
    side.frontier = std::move(next);
    return shortest;
  }

  std::vector<SqliteStatement> statements_;
};

class SqliteEngine : public InProcessEngine {
 public:
  explicit SqliteEngine(SqliteHandle db) : db_(std::move(db)) {}
  const std::string& name() const override { return name_; }

 protected:
  Status Start(const WorkloadQuery& query) override {
    search_.reset();
    const std::string& text = *query.FindText(name_);
    if (!query.search) {
      TUPU_TRY_ASSIGN(statement_, PrepareSql(db_.get(), text));
      return {};
    }
    std::vector<SqliteStatement> statements;
    for (const std::string& one : SplitStatements(text)) {
      TUPU_TRY_ASSIGN(SqliteStatement statement, PrepareSql(db_.get(), one));
      statements.push_back(std::move(statement));
    }
    search_ = std::make_unique<SqlitePathSearch>(std::move(statements));
    return {};
  }

  Status Call(const Map& input, WorkloadAnswer* answer) override {
    if (search_ != nullptr) return search_->Call(input, answer);
    Bind(input);
    int code = sqlite3_step(statement_.get());
    for (; code == SQLITE_ROW; code = sqlite3_step(statement_.get())) ReadRow(answer);
    sqlite3_reset(statement_.get());
    if (code != SQLITE_DONE) return SqliteError(db_.get());
    return {};
  }

 private:
  void Bind(const Map& input) {
    const int parameters = sqlite3_bind_parameter_count(statement_.get());
    for (int i = 1; i <= parameters; ++i) {
      const Value& value =
          input.find(std::string_view(sqlite3_bind_parameter_name(statement_.get(), i)).substr(1))->second;
      if (value.type() == ValueType::kInteger) {
        sqlite3_bind_int64(statement_.get(), i, value.AsInteger());
      } else {
        BindText(statement_.get(), i, value.AsString());
      }
    }
  }

  void ReadRow(WorkloadAnswer* answer) {
    sqlite3_stmt* statement = statement_.get();
    const int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; ++i) {
      if (sqlite3_column_type(statement, i) == SQLITE_INTEGER) {
        const int64_t integer = sqlite3_column_int64(statement, i);
        if (answer != nullptr) answer->Add(integer);
        continue;
      }
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      const auto bytes = static_cast<size_t>(sqlite3_column_bytes(statement, i));
      if (answer != nullptr) answer->Add(text == nullptr ? "null" : std::string_view(text, bytes));
    }
    if (answer != nullptr) answer->EndRow();
  }

  const std::string name_ = "sqlite";
  SqliteHandle db_;
  SqliteStatement statement_;
  std::unique_ptr<SqlitePathSearch> search_;  // null: statement_ is asked
};

/// Makes the database, or leaves nothing.
Status LoadSqlite(const std::string& path, const std::vector<std::string>& load, const std::string& folder) {
  const std::string unfinished = path + ".part";
  fs::remove(unfinished);
  {
    TUPU_TRY_ASSIGN(const SqliteHandle db, OpenSqlite(unfinished));
    for (const std::string& statement : load) {
      TUPU_TRY(statement.starts_with("IMPORT ") ? ImportCsv(db.get(), statement, folder) : RunSql(db.get(), statement));
    }
  }
  fs::rename(unfinished, path);
  return {};
}

}  // namespace

Result<std::unique_ptr<WorkloadEngine>> OpenSqliteEngine(const std::string& path, const std::vector<std::string>& load,
                                                         const std::string& folder) {
  if (!fs::exists(path)) TUPU_TRY(LoadSqlite(path, load, folder));
  TUPU_TRY_ASSIGN(SqliteHandle db, OpenSqlite(path));
  // Exclusive: no lock of the file is taken and given back by each statement.
  TUPU_TRY(RunSql(db.get(),
                  "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -1048576; PRAGMA mmap_size = 8589934592; "
                  "PRAGMA temp_store = MEMORY"));
  return std::unique_ptr<WorkloadEngine>(std::make_unique<SqliteEngine>(std::move(db)));
}

}  // namespace tupu
