// Loads a generated firm graph through one GraphTransaction, then adds edges in small transactions; prints times, peak
// memory, writes per edge and bytes per edge by keyspace. Usage: storage_load DIRECTORY [VERTICES EDGES]

#include <sys/resource.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include <fmt/format.h>

#include "storage/catalog/catalog.h"
#include "storage/graph/graph_store.h"
#include "storage/kv/kv_store.h"
#include "tests/bench/measure.h"

namespace tupu {
namespace {

constexpr std::array<const char*, kNumKeyspaces> kSpaces = {"meta", "vertex", "adjacency", "edge", "index"};

struct WriteCosts {
  std::array<uint64_t, kNumKeyspaces> writes{};
  std::array<uint64_t, kNumKeyspaces> bytes{};
};

/// Passes everything on and counts what is written.
class CountingStore : public KvStore {
 public:
  CountingStore(std::unique_ptr<KvStore> store, WriteCosts& costs) : store_(std::move(store)), costs_(costs) {}
  Result<std::shared_ptr<const KvSnapshot>> Snapshot() const override { return store_->Snapshot(); }
  Status Write(std::span<const KvWrite> batch, std::span<const KvPrecondition> preconditions, bool sync) override {
    for (const KvWrite& write : batch) {
      ++costs_.writes[static_cast<size_t>(write.space)];
      costs_.bytes[static_cast<size_t>(write.space)] += write.key.size() + (write.value ? write.value->size() : 0);
    }
    return store_->Write(batch, preconditions, sync);
  }
  Status Checkpoint(const std::string& directory) override { return store_->Checkpoint(directory); }
  Status Compact() override { return store_->Compact(); }
  Result<KvStats> Stats() const override { return store_->Stats(); }

 private:
  std::unique_ptr<KvStore> store_;
  WriteCosts& costs_;
};

double Seconds(std::chrono::steady_clock::time_point from) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
}

void PrintCosts(std::string_view what, const WriteCosts& costs, uint64_t edges) {
  for (size_t i = 0; i < kSpaces.size(); ++i) {
    fmt::print("  {:10} {:>10} writes {:7.3f}/edge   {:>12} raw bytes {:7.2f}/edge   {}\n", kSpaces[i], costs.writes[i],
               static_cast<double>(costs.writes[i]) / static_cast<double>(edges), costs.bytes[i],
               static_cast<double>(costs.bytes[i]) / static_cast<double>(edges), what);
  }
}

/// CPU time so far and peak memory: wall time says little on a machine that others use.
void PrintUsage() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double cpu = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  fmt::print("  so far {:.2f} CPU s, peak memory {} MiB\n", cpu, usage.ru_maxrss / 1024);
}

class FirmWriter {
 public:
  FirmWriter(uint64_t vertices, uint64_t seed) : vertices_(vertices), random_(seed) {}

  /// Few vertices take most edges: a power law with exponent about 2.
  VertexId AnyVertex() {
    const double u = std::uniform_real_distribution<double>(0, 1)(random_);
    return static_cast<VertexId>(static_cast<uint64_t>(std::pow(u, 2.0) * static_cast<double>(vertices_)));
  }
  uint64_t Pick(uint64_t below) { return std::uniform_int_distribution<uint64_t>(0, below - 1)(random_); }

  void Load(GraphTransaction& transaction, uint64_t edges) {
    const LabelId firm = transaction.InternLabel("Firm");
    const LabelId product = transaction.InternLabel("Product");
    const PropertyKeyId name = transaction.InternPropertyKey("name");
    Intern(transaction);
    for (uint64_t i = 0; i < vertices_; ++i) {
      Must(transaction.CreateVertex({Pick(10) < 7 ? firm : product}, {{name, Value(fmt::format("企业 Firm {}", i))}},
                                    ExternalId{"firms", std::to_string(i)}));
    }
    for (uint64_t i = 0; i < edges; ++i) AddEdge(transaction);
  }

  void Intern(GraphTransaction& transaction) {
    since_ = transaction.InternPropertyKey("since");
    weight_ = transaction.InternPropertyKey("weight");
    const std::array<std::pair<const char*, int>, 7> shares = {{{"PARTNERS_WITH", 30},
                                                                {"SUPPLIES", 25},
                                                                {"INVESTS_IN", 15},
                                                                {"OFFERS", 12},
                                                                {"OPERATES_IN", 9},
                                                                {"LOCATED_IN", 7},
                                                                {"ACQUIRED", 2}}};
    types_.clear();
    for (const auto& [type, share] : shares) {
      types_.insert(types_.end(), static_cast<size_t>(share), transaction.InternEdgeType(type));
    }
  }

  void AddEdge(GraphTransaction& transaction) {
    Must(transaction.CreateEdge(AnyVertex(), types_[Pick(types_.size())], AnyVertex(),
                                {{since_, Value(static_cast<int64_t>(1990 + Pick(32)))},
                                 {weight_, Value(static_cast<double>(Pick(1000)) / 1000)}}));
  }

 private:
  uint64_t vertices_;
  std::mt19937_64 random_;
  PropertyKeyId since_{};
  PropertyKeyId weight_{};
  std::vector<EdgeTypeId> types_;
};

void LoadAll(GraphStore& store, FirmWriter& graph, uint64_t edges, WriteCosts& costs) {
  const auto start = std::chrono::steady_clock::now();
  auto transaction = Must(store.BeginWrite());
  graph.Load(*transaction, edges);
  const double built = Seconds(start);
  PrintUsage();
  Must(transaction->Commit());
  const double all = Seconds(start);
  fmt::print("load: {} edges in {:.2f} s ({:.2f} s before the commit), {:.0f} edges/s\n", edges, all, built,
             static_cast<double>(edges) / all);
  PrintUsage();
  PrintCosts("load", costs, edges);
}

void AddInTransactions(GraphStore& store, FirmWriter& graph, uint64_t transactions, uint64_t edges_each,
                       WriteCosts& costs, std::string_view what) {
  costs = {};
  const auto start = std::chrono::steady_clock::now();
  for (uint64_t i = 0; i < transactions; ++i) {
    auto transaction = Must(store.BeginWrite());
    graph.Intern(*transaction);
    for (uint64_t e = 0; e < edges_each; ++e) graph.AddEdge(*transaction);
    Must(transaction->Commit());
  }
  const double all = Seconds(start);
  fmt::print("{}: {} transactions of {} edges, {:.0f} transactions/s, {:.0f} edges/s\n", what, transactions, edges_each,
             static_cast<double>(transactions) / all, static_cast<double>(transactions * edges_each) / all);
  PrintCosts(what, costs, transactions * edges_each);
}

void Expand(const GraphStore& store, FirmWriter& graph) {
  const auto view = Must(store.Snapshot());
  const EdgeTypeId type = *view->catalog().edge_types().Find("PARTNERS_WITH");
  std::vector<Neighbour> steps;
  uint64_t total = 0;
  constexpr int kHops = 200'000;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kHops; ++i) {
    steps.clear();
    Must(view->Expand(graph.AnyVertex(), Direction::kOut, std::array{type}, steps));
    total += steps.size();
  }
  fmt::print("expand: {:.2f} us a hop, {:.1f} edges each\n", Seconds(start) / kHops * 1e6,
             static_cast<double>(total) / kHops);
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: storage_load DIRECTORY [VERTICES EDGES]\n");
    return 2;
  }
  const std::string directory = argv[1];
  const uint64_t vertices = argc > 3 ? std::strtoull(argv[2], nullptr, 10) : 100'000;
  const uint64_t edges = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1'000'000;
  WriteCosts costs;
  RocksDbOptions options;
  auto counting = std::make_unique<CountingStore>(Must(OpenRocksDbStore(directory, options)), costs);
  KvStore* const kv = counting.get();
  GraphStoreOptions store_options;
  store_options.sync = false;
  const auto store = Must(GraphStore::OpenOn(std::move(counting), store_options));
  FirmWriter graph(vertices, 1);
  LoadAll(*store, graph, edges, costs);

  const auto start = std::chrono::steady_clock::now();
  Must(kv->Compact());
  const KvStats stats = Must(kv->Stats());
  uint64_t total = 0;
  for (const auto& [space, bytes] : stats.bytes_by_keyspace) {
    fmt::print("  {:10} {:>12} bytes on disk {:7.2f}/edge\n", space, bytes,
               static_cast<double>(bytes) / static_cast<double>(edges));
    total += bytes;
  }
  fmt::print("  compacted in {:.2f} s: {:.2f} bytes/edge\n", Seconds(start),
             static_cast<double>(total) / static_cast<double>(edges));
  PrintUsage();
  Expand(*store, graph);
  PrintUsage();
  AddInTransactions(*store, graph, 20'000, 1, costs, "single edges, no sync");
  PrintUsage();
  AddInTransactions(*store, graph, 20, 2'000, costs, "batches, no sync");
  PrintUsage();
  return 0;
}

}  // namespace
}  // namespace tupu

int main(int argc, char** argv) {
  return tupu::Main(argc, argv);
}
