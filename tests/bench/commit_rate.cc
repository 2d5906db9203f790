// How many commits a second: single-edge transactions with and without fsync, from one client and from many, and edges
// in transactions of 2,000; tupu and, where SQLite's library is there, SQLite (a table with covering indexes both ways)
// on the same edges in one run, interleaved. Usage: tupu_commit_rate DIRECTORY [EDGES [SECONDS [CASE]]]; a case is one of
// fsync-1x1 (clients x edges a commit), fsync-32x1 ... nofsync-1x2000, or the beginning of some.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "storage/catalog/catalog.h"
#include "storage/graph/graph_store.h"
#include "tests/bench/firm_graph.h"
#include "tests/bench/measure.h"

#ifdef TUPU_WITH_SQLITE
#include <sqlite3.h>
#endif

namespace tupu {
namespace {

struct Edge {
  uint64_t start;
  uint64_t end;
  size_t type;
  int64_t since;
  double weight;
};

/// Endless edges of the firm graph's shape, other ones than those that were loaded; safe to share between threads.
class EdgeSource {
 public:
  explicit EdgeSource(uint64_t edges) : graph_({.edges = edges, .seed = 2}) {}

  Edge Next() {
    const uint64_t number = next_++;
    const size_t type = number % kFirmEdgeTypes.size();
    const FirmGraph::Edge edge = graph_.EdgeAt(type, (number / kFirmEdgeTypes.size()) % graph_.EdgesOf(type));
    return {edge.start, edge.end, type, edge.since, edge.weight_thousandths / 1000.0};
  }
  const FirmGraph& graph() const { return graph_; }

 private:
  FirmGraph graph_;
  std::atomic<uint64_t> next_ = 0;
};

/// What is measured: a database that holds the graph and takes more edges.
class Target {
 public:
  virtual ~Target() = default;
  virtual std::string Name() const = 0;
  virtual bool TakesManyClients() const = 0;
  /// One transaction.
  virtual void Commit(std::span<const Edge> edges) = 0;
};

class TupuTarget : public Target {
 public:
  TupuTarget(const std::string& directory, uint64_t edges, bool sync) : sync_(sync) {
    GraphStoreOptions options;
    options.sync = sync;
    store_ = Must(GraphStore::Open(directory, options));
    Load(FirmGraph({.edges = edges, .seed = 1}));
    store_.reset();  // the state to which others add: on disk, and none of it in the write buffers
    store_ = Must(GraphStore::Open(directory, options));
  }
  std::string Name() const override { return sync_ ? "tupu, fsync" : "tupu, no fsync"; }
  bool TakesManyClients() const override { return true; }

  void Commit(std::span<const Edge> edges) override {
    auto transaction = Must(store_->BeginWrite());
    for (const Edge& edge : edges) Add(*transaction, edge);
    Must(transaction->Commit());
  }

 private:
  void Load(const FirmGraph& graph) {
    auto transaction = Must(store_->BeginWrite());
    for (const FirmEdgeShare& share : kFirmEdgeTypes) types_.push_back(transaction->InternEdgeType(share.name));
    since_ = transaction->InternPropertyKey("since");
    weight_ = transaction->InternPropertyKey("weight");
    const PropertyKeyId name = transaction->InternPropertyKey("name");
    std::string text;
    for (const FirmLabelShare& label : kFirmLabels) {
      const LabelId id = transaction->InternLabel(label.name);
      for (uint64_t i = 0; i < graph.CountOf(label.label); ++i) {
        graph.NameOf(label.label, i, text);
        vertices_.push_back(Must(transaction->CreateVertex({id}, {{name, Value(text)}})));
      }
    }
    for (size_t type = 0; type < kFirmEdgeTypes.size(); ++type) {
      for (uint64_t i = 0; i < graph.EdgesOf(type); ++i) {
        const FirmGraph::Edge edge = graph.EdgeAt(type, i);
        Add(*transaction, {edge.start, edge.end, type, edge.since, edge.weight_thousandths / 1000.0});
      }
    }
    Must(transaction->Commit());
  }

  void Add(GraphTransaction& transaction, const Edge& edge) {
    Must(transaction.CreateEdge(vertices_[edge.start], types_[edge.type], vertices_[edge.end],
                                {{since_, Value(edge.since)}, {weight_, Value(edge.weight)}}));
  }

  const bool sync_;
  std::unique_ptr<GraphStore> store_;
  std::vector<VertexId> vertices_;
  std::vector<EdgeTypeId> types_;
  PropertyKeyId since_{};
  PropertyKeyId weight_{};
};

#ifdef TUPU_WITH_SQLITE

class SqliteTarget : public Target {
 public:
  SqliteTarget(const std::string& file, uint64_t edges, bool sync) : sync_(sync) {
    Check(sqlite3_open(file.c_str(), &db_));
    Run("PRAGMA journal_mode=WAL");
    Run("PRAGMA synchronous=OFF");
    Run("PRAGMA cache_size=-262144");
    Run("CREATE TABLE edge(start INTEGER, end INTEGER, type INTEGER, since INTEGER, weight REAL)");
    insert_ = Prepare("INSERT INTO edge VALUES(?,?,?,?,?)");
    begin_ = Prepare("BEGIN");
    commit_ = Prepare("COMMIT");
    const FirmGraph graph({.edges = edges, .seed = 1});
    Step(begin_);
    for (size_t type = 0; type < kFirmEdgeTypes.size(); ++type) {
      for (uint64_t i = 0; i < graph.EdgesOf(type); ++i) {
        const FirmGraph::Edge edge = graph.EdgeAt(type, i);
        Insert({edge.start, edge.end, type, edge.since, edge.weight_thousandths / 1000.0});
      }
    }
    Step(commit_);
    Run("CREATE INDEX forward ON edge(start, type, end, since, weight)");
    Run("CREATE INDEX backward ON edge(end, type, start, since, weight)");
    Run(sync ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
  }
  ~SqliteTarget() override {
    for (sqlite3_stmt* statement : {insert_, begin_, commit_}) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }
  std::string Name() const override { return sync_ ? "SQLite, fsync" : "SQLite, no fsync"; }
  bool TakesManyClients() const override { return false; }  // one writer at a time

  void Commit(std::span<const Edge> edges) override {
    Step(begin_);
    for (const Edge& edge : edges) Insert(edge);
    Step(commit_);
  }

 private:
  void Check(int status) {
    if (status == SQLITE_OK || status == SQLITE_DONE || status == SQLITE_ROW) return;
    fmt::print(stderr, "SQLite: {}\n", sqlite3_errmsg(db_));
    std::exit(1);
  }
  void Run(const char* sql) { Check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* Prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    Check(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr));
    return statement;
  }
  void Step(sqlite3_stmt* statement) {
    Check(sqlite3_step(statement));
    sqlite3_reset(statement);
  }
  void Insert(const Edge& edge) {
    sqlite3_bind_int64(insert_, 1, static_cast<sqlite3_int64>(edge.start));
    sqlite3_bind_int64(insert_, 2, static_cast<sqlite3_int64>(edge.end));
    sqlite3_bind_int64(insert_, 3, static_cast<sqlite3_int64>(edge.type));
    sqlite3_bind_int64(insert_, 4, edge.since);
    sqlite3_bind_double(insert_, 5, edge.weight);
    Step(insert_);
  }

  const bool sync_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
};

#endif

struct Rate {
  double commits_per_second;
  double cpu_us_per_edge;
};

/// `clients` threads commit `per_commit` edges at a time for `seconds`.
Rate Measure(Target& target, EdgeSource& source, int clients, size_t per_commit, double seconds) {
  std::atomic<uint64_t> commits = 0;
  std::atomic<bool> stop = false;
  const auto client = [&] {
    std::vector<Edge> edges(per_commit);
    while (!stop) {
      for (Edge& edge : edges) edge = source.Next();
      target.Commit(edges);
      ++commits;
    }
  };
  const double cpu = CpuSeconds();
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) threads.emplace_back(client);
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto done = static_cast<double>(commits.load());
  return {done / wall, (CpuSeconds() - cpu) * 1e6 / (done * static_cast<double>(per_commit))};
}

void Compare(const std::vector<std::unique_ptr<Target>>& targets, EdgeSource& source, int clients, size_t per_commit,
             double seconds) {
  constexpr int kRounds = 5;
  std::vector<std::vector<Rate>> rates(targets.size());
  for (int round = 0; round < kRounds; ++round) {
    for (size_t i = 0; i < targets.size(); ++i) {
      if (clients > 1 && !targets[i]->TakesManyClients()) continue;
      rates[i].push_back(Measure(*targets[i], source, clients, per_commit, seconds));
    }
  }
  for (size_t i = 0; i < targets.size(); ++i) {
    if (rates[i].empty()) continue;
    std::sort(rates[i].begin(), rates[i].end(),
              [](const Rate& a, const Rate& b) { return a.commits_per_second < b.commits_per_second; });
    const Rate& median = rates[i][rates[i].size() / 2];
    fmt::print("{:18} {:3} clients {:5} edges a commit: {:9.0f} commits/s {:10.0f} edges/s {:7.1f} CPU us an edge\n",
               targets[i]->Name(), clients, per_commit, median.commits_per_second,
               median.commits_per_second * static_cast<double>(per_commit), median.cpu_us_per_edge);
  }
}

}  // namespace
}  // namespace tupu

int main(int argc, char** argv) {
  using namespace tupu;
  if (argc < 2) {
    fmt::print(stderr, "usage: tupu_commit_rate DIRECTORY [EDGES [SECONDS [CASE]]]\n");
    return 2;
  }
  const std::filesystem::path directory = argv[1];
  const uint64_t edges = argc > 2 ? std::stoull(argv[2]) : 1'000'000;
  const double seconds = argc > 3 ? std::stod(argv[3]) : 2.0;
  const std::string wanted = argc > 4 ? argv[4] : "";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);

  struct Shape {
    int clients;
    size_t per_commit;
  };
  EdgeSource source(edges);
  for (const bool sync : {true, false}) {
    std::vector<Shape> shapes;
    for (const Shape shape : {Shape{1, 1}, Shape{8, 1}, Shape{32, 1}, Shape{1, 2000}}) {
      const std::string name = fmt::format("{}-{}x{}", sync ? "fsync" : "nofsync", shape.clients, shape.per_commit);
      if (name.starts_with(wanted)) shapes.push_back(shape);
    }
    if (shapes.empty()) continue;
    std::vector<std::unique_ptr<Target>> targets;
    const std::string suffix = sync ? "-sync" : "-nosync";
    targets.push_back(std::make_unique<TupuTarget>(directory / ("tupu" + suffix), edges, sync));
#ifdef TUPU_WITH_SQLITE
    targets.push_back(std::make_unique<SqliteTarget>(directory / ("sqlite" + suffix), edges, sync));
#endif
    for (const Shape shape : shapes) Compare(targets, source, shape.clients, shape.per_commit, seconds);
  }
  return 0;
}
