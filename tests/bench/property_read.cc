// Reads properties of a generated graph from records and blocks and from columns, alternating within one run, and prints
// medians and their ratio: a filter over all vertices, a sum over a property of all edges, single reads, building, memory.
// Usage: property_read DIRECTORY [ROUNDS [EDGES]]
//
// Times are CPU seconds of the whole process, but for building, which is wall time too.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <string>

#include <fmt/format.h>

#include "query/procedure/procedure.h"
#include "query/query.h"
#include "storage/catalog/catalog.h"
#include "storage/csr/topology.h"
#include "storage/graph/graph_snapshot.h"
#include "storage/graph/graph_store.h"
#include "storage/kv/kv_store.h"
#include "tests/bench/measure.h"

namespace tupu {
namespace {

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// One edge a tenth of a vertex, as the firm graph has it: names, a number, a text of eight; years and weights of edges.
void Load(const std::string& directory, uint64_t edges) {
  RocksDbOptions kv_options;
  kv_options.cache_bytes = 2048ull << 20;
  auto kv = Must(OpenRocksDbStore(directory, kv_options));
  KvStore* const raw = kv.get();
  GraphStoreOptions options;
  options.sync = false;
  const auto store = Must(GraphStore::OpenOn(std::move(kv), options));
  auto transaction = Must(store->BeginWrite());
  std::mt19937_64 random(1);
  const uint64_t vertices = edges / 10;
  const LabelId firm = transaction->InternLabel("Firm");
  const PropertyKeyId name = transaction->InternPropertyKey("name");
  const PropertyKeyId size = transaction->InternPropertyKey("size");
  const PropertyKeyId kind = transaction->InternPropertyKey("kind");
  const PropertyKeyId since = transaction->InternPropertyKey("since");
  const PropertyKeyId weight = transaction->InternPropertyKey("weight");
  for (uint64_t i = 0; i < vertices; ++i) {
    Must(transaction->CreateVertex({firm}, {{name, Value(fmt::format("firm number {}", i))},
                                            {size, Value(static_cast<int64_t>(random() % 10'000))},
                                            {kind, Value(fmt::format("kind {}", random() % 8))}}));
  }
  std::vector<EdgeTypeId> types;
  for (int i = 0; i < 2; ++i) types.push_back(transaction->InternEdgeType(fmt::format("T{}", i)));
  for (uint64_t i = 0; i < edges; ++i) {
    const auto any = [&] { return static_cast<VertexId>(random() % vertices); };
    Must(transaction->CreateEdge(any(), types[random() % 2], any(),
                                 {{since, Value(static_cast<int64_t>(1990 + random() % 32))},
                                  {weight, Value(static_cast<double>(random() % 1000) / 1000)}}));
  }
  Must(transaction->Commit());
  transaction.reset();
  Must(raw->Compact());
}

/// Adds up what it is given.
class Sum final : public PropertySink {
 public:
  void AppendNull() override {}
  void AppendInteger(int64_t value) override { total += static_cast<double>(value); }
  void AppendFloat(double value) override { total += value; }
  void AppendBoolean(bool) override {}
  void Append(const Value& value) override { total += value.is_number() ? value.ToDouble() : 1; }
  double total = 0;
};

struct Graph {
  std::shared_ptr<const GraphView> columns;
  std::unique_ptr<GraphSnapshot> records;  // the same state, without CSRs and columns
};

/// Measurements of both forms, a value a round.
class Table {
 public:
  void Add(const std::string& name, double records, double columns) {
    if (!rows_.contains(name)) names_.push_back(name);
    rows_[name].first.push_back(records);
    rows_[name].second.push_back(columns);
  }
  void Print() const {
    fmt::print("{:46} {:>10} {:>10} {:>8}\n", "", "records", "column", "ratio");
    for (const std::string& name : names_) {
      const auto& [records, columns] = rows_.at(name);
      fmt::print("{:46} {:>10.4g} {:>10.4g} {:>8.3g}\n", name, Median(records), Median(columns),
                 Median(records) / Median(columns));
    }
  }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> rows_;
};

const GraphSnapshot& SnapshotOf(const std::shared_ptr<const GraphView>& view) {
  return dynamic_cast<const GraphSnapshot&>(*view);
}

std::pair<double, double> RunQuery(const GraphView& view, const std::string& text) {
  const ProcedureRegistry procedures;
  const auto query = Must(CompileQuery(text, view, procedures));
  const double start = CpuSeconds();
  const auto cursor = Must(ExecuteQuery(*query, view, nullptr, {}));
  const auto rows = Must(cursor->All());
  return {CpuSeconds() - start, rows.at(0).at(0).ToDouble()};
}

void MeasureQuery(const Graph& graph, const std::string& text, Table& table) {
  const auto [records, expected] = RunQuery(*graph.records, text);
  const auto [columns, answer] = RunQuery(*graph.columns, text);
  if (answer != expected) Must(Status(Error{ErrorCode::kInternal, "two answers: " + text}));
  table.Add(text + ", ms", records * 1e3, columns * 1e3);
}

void MeasureVertices(const Graph& graph, const std::vector<VertexId>& ids, const std::string& key, Table& table) {
  const PropertyKeyId id = *graph.columns->catalog().property_keys().Find(key);
  const auto single = [&](const GraphView& view) {
    const double start = CpuSeconds();
    Sum sum;
    for (const VertexId vertex : ids) sum.Append(Must(view.VertexProperty(vertex, id)));
    if (sum.total == 42) std::puts("");
    return (CpuSeconds() - start) / static_cast<double>(ids.size()) * 1e9;
  };
  const auto batch = [&](const GraphView& view) {
    const double start = CpuSeconds();
    Sum sum;
    for (size_t at = 0; at < ids.size(); at += 1024)
      Must(view.ReadVertexProperty(std::span(ids).subspan(at, std::min<size_t>(1024, ids.size() - at)), id, sum));
    if (sum.total == 42) std::puts("");
    return (CpuSeconds() - start) / static_cast<double>(ids.size()) * 1e9;
  };
  table.Add(fmt::format("read {} of a vertex at random, ns", key), single(*graph.records), single(*graph.columns));
  table.Add(fmt::format("read {} in batches of 1,024, ns", key), batch(*graph.records), batch(*graph.columns));
}

void MeasureEdges(const Graph& graph, const std::vector<EdgeReference>& edges, const std::string& key, Table& table) {
  const PropertyKeyId id = *graph.columns->catalog().property_keys().Find(key);
  const auto batch = [&](const GraphView& view) {
    const double start = CpuSeconds();
    Sum sum;
    for (size_t at = 0; at < edges.size(); at += 1024)
      Must(view.ReadEdgeProperty(std::span(edges).subspan(at, std::min<size_t>(1024, edges.size() - at)), id, sum));
    if (sum.total == 42) std::puts("");
    return (CpuSeconds() - start) / static_cast<double>(edges.size()) * 1e9;
  };
  table.Add(fmt::format("read {} of an edge in batches of 1,024, ns", key), batch(*graph.records),
            batch(*graph.columns));
}

/// Builds one column after the other and says what each takes.
void MeasureBuilding(const GraphSnapshot& snapshot) {
  const NameTable<PropertyKeyId>& keys = snapshot.catalog().property_keys();
  for (const char* name : {"name", "size", "kind", "since", "weight"}) {
    std::vector<ColumnKey> columns = {{.key = *keys.Find(name)}};
    const bool of_edges = std::string_view(name) == "since" || std::string_view(name) == "weight";
    if (of_edges) {
      columns = {{EntityKind::kEdge, EdgeTypeId{0}, *keys.Find(name)},
                 {EntityKind::kEdge, EdgeTypeId{1}, *keys.Find(name)}};
    }
    const uint64_t before = snapshot.columns()->bytes();
    const auto wall = std::chrono::steady_clock::now();
    const double start = CpuSeconds();
    Must(snapshot.columns()->Build(columns));
    const double seconds = CpuSeconds() - start;
    const double wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
    const auto values = static_cast<double>(of_edges ? snapshot.counts().edges : snapshot.counts().vertices);
    fmt::print("column {}: {:.0f} ns a value ({:.1f} ms wall), {:.2f} bytes a value\n", name, seconds / values * 1e9,
               wall_seconds * 1e3, static_cast<double>(snapshot.columns()->bytes() - before) / values);
  }
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: property_read DIRECTORY [ROUNDS [EDGES]]\n");
    return 2;
  }
  const std::string directory = argv[1];
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  const uint64_t edges = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1'000'000;
  std::filesystem::create_directories(directory);
  const std::string path = fmt::format("{}/properties-{}", directory, edges);
  if (!std::filesystem::exists(path)) Load(path, edges);
  GraphStoreOptions options;
  options.read_only = true;
  options.cache_bytes = 4096ull << 20;
  const auto store = Must(GraphStore::Open(path, options));
  Graph graph;
  graph.columns = Must(store->Snapshot());
  const GraphSnapshot& snapshot = SnapshotOf(graph.columns);
  // The same CSRs for both, so that only properties differ; names are known to the store that was opened.
  Must(snapshot.topology()->Build());
  graph.records = std::make_unique<GraphSnapshot>(std::shared_ptr<const KvSnapshot>(graph.columns, &snapshot.kv()),
                                                  snapshot.shared_names(), snapshot.counts(),
                                                  snapshot.shared_ontology(), snapshot.shared_schema(),
                                                  std::shared_ptr<Topology>(graph.columns, snapshot.topology()));
  std::mt19937_64 random(7);
  std::vector<VertexId> ids(std::min<uint64_t>(snapshot.counts().vertices, 100'000));
  for (VertexId& id : ids) id = static_cast<VertexId>(random() % snapshot.counts().vertices);
  std::vector<EdgeReference> references;
  Must(snapshot.VisitSteps(Direction::kOut, {}, [&](VertexId vertex, std::span<const Neighbour> steps) -> Status {
    for (const Neighbour& step : steps) {
      if (references.size() < 200'000) references.push_back({step.edge, vertex, step.vertex, step.type});
    }
    return {};
  }));
  fmt::print("{} vertices, {} edges; medians of {} rounds\n", snapshot.counts().vertices, snapshot.counts().edges,
             rounds);
  MeasureBuilding(snapshot);
  Table table;
  for (int round = 0; round < rounds + 1; ++round) {
    Table warm_up;
    Table& to = round == 0 ? warm_up : table;
    for (const char* key : {"size", "kind", "name"}) MeasureVertices(graph, ids, key, to);
    for (const char* key : {"since", "weight"}) MeasureEdges(graph, references, key, to);
    MeasureQuery(graph, "MATCH (f:Firm) RETURN count(f.size)", to);
    MeasureQuery(graph, "MATCH (f:Firm) WHERE f.size > 9000 RETURN count(*)", to);
    MeasureQuery(graph, "MATCH (f:Firm) WHERE f.kind = 'kind 3' RETURN count(*)", to);
    MeasureQuery(graph, "MATCH ()-[r:T0]->() RETURN sum(r.since)", to);
    MeasureQuery(graph, "MATCH ()-[r:T0]->() WHERE r.weight > 0.9 RETURN count(*)", to);
  }
  table.Print();
  return 0;
}

}  // namespace
}  // namespace tupu

int main(int argc, char** argv) {
  return tupu::Main(argc, argv);
}
