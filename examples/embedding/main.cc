// tupu inside a program: open, load, ask with parameters, write in a transaction, stop a query from another thread.
//
//   embedding DATA_SET_FOLDER DATABASE_FOLDER

#include <tupu/tupu.h>

#include <chrono>
#include <iostream>
#include <thread>

namespace {

int Fail(const tupu::Error& error) {
  std::cerr << "embedding: " << Name(error.code) << ": " << error.message << '\n';
  return 1;
}

/// Rows as C++ types, from a query that is planned once and run for several names.
tupu::Status PrintPartners(tupu::Session& session) {
  TUPU_TRY_ASSIGN(const tupu::PreparedQuery partners,
                  session.Prepare("MATCH (:Organization {name: $name})-[r:PARTNERS_WITH]-(other) "
                                  "RETURN other.name AS partner, count(r) AS ties ORDER BY partner"));
  for (const char* name : {"51WORLD", "超图"}) {
    TUPU_TRY_ASSIGN(tupu::QueryResult result, session.Run(partners, {.parameters = {{"name", name}}}));
    for (;;) {
      TUPU_TRY_ASSIGN(const auto row, (result.NextAs<std::string, int64_t>()));
      if (!row) break;
      const auto& [partner, ties] = *row;
      std::cout << name << " - " << partner << " (" << ties << ")\n";
    }
  }
  return {};
}

/// Two statements as one: both are there after Commit, none without it.
tupu::Status AddAndTakeBack(tupu::Session& session) {
  const auto count_drafts = [&]() -> tupu::Result<int64_t> {
    TUPU_TRY_ASSIGN(tupu::QueryResult result, session.Run("MATCH (d:Draft) RETURN count(d)"));
    TUPU_TRY_ASSIGN(const auto row, result.NextAs<int64_t>());
    return std::get<0>(*row);
  };
  {
    TUPU_TRY_ASSIGN(tupu::Transaction dropped, session.Begin());
    TUPU_TRY(dropped.Run("CREATE (:Draft {name: 'never seen'})"));
  }  // dropped without Commit
  TUPU_TRY_ASSIGN(tupu::Transaction transaction, session.Begin());
  TUPU_TRY(transaction.Run("CREATE (:Draft {name: 'one'})"));
  TUPU_TRY(transaction.Run("CREATE (:Draft {name: 'two'})"));
  TUPU_TRY(transaction.Commit());
  TUPU_TRY_ASSIGN(const int64_t drafts, count_drafts());
  std::cout << "drafts after one commit and one drop: " << drafts << '\n';

  // Beside other writers: work that collides with another transaction is run again over the newer state.
  return session.RunTransaction([](tupu::Transaction& retried) -> tupu::Status {
    TUPU_TRY(retried.Run("MATCH (d:Draft {name: 'one'}) SET d.read = coalesce(d.read, 0) + 1"));
    return {};
  });
}

/// A query without end in sight, stopped by another thread: an error of code kCancelled, and the process goes on.
tupu::Status StopFromAnotherThread(tupu::Session& session) {
  tupu::QueryOptions options;
  std::thread stopper([token = options.cancellation]() mutable {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    token.Cancel();
  });
  auto result = session.Run("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b)", options);
  const auto rows = result.has_value() ? result->All() : tupu::Result<std::vector<tupu::Row>>(result.error());
  stopper.join();
  if (rows.has_value() || rows.error().code != tupu::ErrorCode::kCancelled)
    return tupu::Error{tupu::ErrorCode::kInternal, "the query was not stopped"};
  std::cout << "stopped: " << rows.error().message << '\n';
  return {};
}

tupu::Status Use(tupu::Database& database, const std::string& data_set) {
  TUPU_TRY_ASSIGN(const tupu::LoadSummary loaded, database.Load({data_set}));
  std::cout << "loaded " << loaded.nodes_created << " nodes, " << loaded.relationships_created << " relationships\n";
  tupu::Session session = database.OpenSession();
  TUPU_TRY(PrintPartners(session));
  TUPU_TRY(AddAndTakeBack(session));
  return StopFromAnotherThread(session);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: embedding DATA_SET_FOLDER DATABASE_FOLDER\n";
    return 2;
  }
  auto on_disk = tupu::Database::Open(argv[2]);
  if (!on_disk) return Fail(on_disk.error());
  if (const auto used = Use(*on_disk, argv[1]); !used) return Fail(used.error());

  auto in_memory = tupu::Database::OpenInMemory();
  if (!in_memory) return Fail(in_memory.error());
  if (const auto used = Use(*in_memory, argv[1]); !used) return Fail(used.error());
  return 0;
}
