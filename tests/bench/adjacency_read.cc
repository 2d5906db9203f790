// Reads the adjacency of generated graphs in every form there is and prints medians: scan of blocks, bare iteration over
// the same keys, building of CSRs, hops over 33 edges from blocks and from CSRs, single and in batches of 64.
// Usage: adjacency_read DIRECTORY [ROUNDS [EDGES]]
//
// Each round takes every measurement once, so that a busy moment of the machine hits them alike; times are CPU seconds of
// the whole process.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <string>

#include <fmt/format.h>
#ifdef TUPU_WITH_ROCKSDB
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/table.h>
#endif

#include "storage/catalog/catalog.h"
#include "storage/csr/topology.h"
#include "storage/graph/graph_snapshot.h"
#include "storage/graph/graph_store.h"
#include "storage/keys/adjacency_lists.h"
#include "storage/kv/kv_store.h"
#include "tests/bench/measure.h"

namespace tupu {
namespace {

class Medians {
 public:
  void Add(const std::string& name, double value) {
    if (!values_.contains(name)) names_.push_back(name);
    values_[name].push_back(value);
  }
  void Print() {
    for (const std::string& name : names_) {
      std::vector<double>& values = values_[name];
      std::sort(values.begin(), values.end());
      fmt::print("  {:72} {:10.3f}   ({:.3f} to {:.3f}, {} rounds)\n", name, values[values.size() / 2], values.front(),
                 values.back(), values.size());
    }
  }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::vector<double>> values_;
};

struct Shape {
  std::string name;
  uint64_t vertices;
  uint64_t edges;
  int types;
  bool even;  // the same number of edges for each vertex
};

/// Loads a graph of the shape unless it is there, compacts it, and opens it anew.
std::unique_ptr<GraphStore> OpenGraph(const std::string& directory, const Shape& shape) {
  GraphStoreOptions options;
  options.sync = false;
  options.cache_bytes = 2048ull << 20;
  if (!std::filesystem::exists(directory)) {
    RocksDbOptions kv_options;
    kv_options.cache_bytes = options.cache_bytes;
    auto kv = Must(OpenRocksDbStore(directory, kv_options));
    KvStore* const raw = kv.get();
    const auto store = Must(GraphStore::OpenOn(std::move(kv), options));
    auto transaction = Must(store->BeginWrite());
    std::mt19937_64 random(1);
    std::vector<EdgeTypeId> types;
    for (int i = 0; i < shape.types; ++i) types.push_back(transaction->InternEdgeType(fmt::format("T{}", i)));
    const PropertyKeyId since = transaction->InternPropertyKey("since");
    const PropertyKeyId weight = transaction->InternPropertyKey("weight");
    for (uint64_t i = 0; i < shape.vertices; ++i) Must(transaction->CreateVertex({}, {}));
    for (uint64_t i = 0; i < shape.edges; ++i) {
      const auto any = [&] { return static_cast<VertexId>(random() % shape.vertices); };
      const VertexId start = shape.even ? static_cast<VertexId>(i % shape.vertices) : any();
      Must(transaction->CreateEdge(start, types[random() % types.size()], any(),
                                   {{since, Value(static_cast<int64_t>(1990 + random() % 32))},
                                    {weight, Value(static_cast<double>(random() % 1000) / 1000)}}));
    }
    Must(transaction->Commit());
    transaction.reset();
    Must(raw->Compact());
  }
  return Must(GraphStore::Open(directory, options));
}

/// What a scan must do to be of use: every target and edge id is decoded.
double ScanBlocks(const KvSnapshot& kv, uint64_t& edges, uint64_t& blocks) {
  edges = blocks = 0;
  uint64_t sum = 0;
  const double start = CpuSeconds();
  Must(kv.Scan(Keyspace::kAdjacency, "", "", [&](std::string_view, std::string_view value) {
    AdjacencyLists lists;
    if (!ParseAdjacencyLists(value, lists)) std::abort();
    if (!VisitAdjacencyLists(lists, [&](uint64_t target, uint64_t edge) { sum += target ^ edge; })) std::abort();
    edges += lists.size;
    ++blocks;
    return true;
  }));
  if (sum == 42) std::puts("");
  return CpuSeconds() - start;
}

/// Visits the keys of the blocks and decodes nothing: what a scan costs before a block is looked at.
double IterateBlocks(const KvSnapshot& kv, uint64_t& bytes) {
  bytes = 0;
  const double start = CpuSeconds();
  Must(kv.Scan(Keyspace::kAdjacency, "", "", [&](std::string_view key, std::string_view value) {
    bytes += key.size() + value.size();
    return true;
  }));
  return CpuSeconds() - start;
}

#ifdef TUPU_WITH_ROCKSDB
/// The same by RocksDB's iterator, opened beside the store.
class BareIterator {
 public:
  explicit BareIterator(const std::string& directory) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = rocksdb::NewLRUCache(2048ull << 20);
    rocksdb::ColumnFamilyOptions options;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    std::vector<std::string> names;
    MustRocks(rocksdb::DB::ListColumnFamilies({}, directory, &names));
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names) families.emplace_back(name, options);
    rocksdb::DBOptions read_only;
    read_only.info_log_level = rocksdb::InfoLogLevel::FATAL_LEVEL;
    rocksdb::DB* db = nullptr;
    MustRocks(rocksdb::DB::OpenForReadOnly(read_only, directory, families, &handles_, &db));
    db_.reset(db);
    adjacency_ = handles_[static_cast<size_t>(std::find(names.begin(), names.end(), "adjacency") - names.begin())];
  }
  ~BareIterator() {
    for (rocksdb::ColumnFamilyHandle* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
  }
  BareIterator(const BareIterator&) = delete;
  BareIterator& operator=(const BareIterator&) = delete;

  /// Of the iterator with or without RocksDB's counters of this thread. `bytes` as IterateBlocks.
  double Iterate(rocksdb::PerfLevel counters, uint64_t& bytes) const {
    const rocksdb::PerfLevel before = rocksdb::GetPerfLevel();
    rocksdb::SetPerfLevel(counters);
    bytes = 0;
    const double start = CpuSeconds();
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}, adjacency_));
    for (at->SeekToFirst(); at->Valid(); at->Next()) bytes += at->key().size() + at->value().size();
    const double seconds = CpuSeconds() - start;
    MustRocks(at->status());
    rocksdb::SetPerfLevel(before);
    return seconds;
  }

 private:
  static void MustRocks(const rocksdb::Status& status) {
    if (!status.ok()) Must(Status(Error{ErrorCode::kIo, status.ToString()}));
  }

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  rocksdb::ColumnFamilyHandle* adjacency_ = nullptr;
};

void MeasureBareIterator(const BareIterator& bare, uint64_t blocks, uint64_t bytes, Medians& medians,
                         const std::string& name) {
  for (const auto& [counters, how] : {std::pair(rocksdb::PerfLevel::kEnableCount, "RocksDB's iterator"),
                                      std::pair(rocksdb::PerfLevel::kDisable, "the same without its counters")}) {
    uint64_t seen = 0;
    const double seconds = bare.Iterate(counters, seen);
    if (seen != bytes) Must(Status(Error{ErrorCode::kInternal, "RocksDB's iterator gives other keys"}));
    medians.Add(fmt::format("{}: {} over the same keys, M/s", name, how), static_cast<double>(blocks) / seconds / 1e6);
  }
}
#endif

struct Scanned {
  uint64_t blocks = 0;
  uint64_t bytes = 0;  // of keys and blocks
};

Scanned MeasureScans(const GraphSnapshot& snapshot, Medians& medians, const std::string& name) {
  uint64_t edges = 0;
  uint64_t blocks = 0;
  uint64_t bytes = 0;
  double seconds = ScanBlocks(snapshot.kv(), edges, blocks);
  const double scan_rate = static_cast<double>(edges) / seconds / 1e6;
  medians.Add(fmt::format("{}: scan of blocks, M edges/s ({:.1f} a block)", name,
                          static_cast<double>(edges) / static_cast<double>(blocks)),
              scan_rate);
  medians.Add(fmt::format("{}: scan of blocks, M blocks/s", name), static_cast<double>(blocks) / seconds / 1e6);
  seconds = IterateBlocks(snapshot.kv(), bytes);
  medians.Add(fmt::format("{}: bare iteration over the same keys, M/s", name),
              static_cast<double>(blocks) / seconds / 1e6);
  std::vector<ListSet> out;
  for (size_t i = 0; i < snapshot.counts().by_type.size(); ++i) out.push_back({static_cast<EdgeTypeId>(i)});
  const std::atomic<bool> stop = false;
  const TopologySource source{{&snapshot.kv(), [](const KvSnapshot*) {}}, snapshot.counts()};
  for (const unsigned threads : {1u, 2u}) {
    const double start = CpuSeconds();
    const auto wall = std::chrono::steady_clock::now();
    const auto csrs = Must(BuildTopology(source, out, threads, stop));
    seconds = CpuSeconds() - start;
    const double wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
    uint64_t built = 0;
    for (const TopologyCsr& csr : csrs) built += csr.num_edges();
    // The scan goes past both directions, whatever is built of it.
    medians.Add(fmt::format("{}: CSRs of one direction, {} threads, of the scan's speed", name, threads),
                2 * static_cast<double>(built) / seconds / 1e6 / scan_rate);
    medians.Add(fmt::format("{}: the same, M edges/s of one direction", name),
                static_cast<double>(built) / seconds / 1e6);
    medians.Add(fmt::format("{}: the same, {} threads, wall ms", name, threads), wall_seconds * 1e3);
    if (threads > 1) continue;
    uint64_t sum = 0;
    const double scan = CpuSeconds();
    for (const TopologyCsr& csr : csrs) {
      csr.VisitRows(0, UINT64_MAX, [&](VertexId, const TopologyCsr::Row& row) {
        csr.VisitRow(row, [&](uint64_t target, uint64_t edge) { sum += target ^ edge; });
      });
    }
    seconds = CpuSeconds() - scan;
    if (sum == 42) std::puts("");
    medians.Add(fmt::format("{}: scan of CSRs, targets and edge ids, M edges/s", name),
                static_cast<double>(built) / seconds / 1e6);
  }
  return {blocks, bytes};
}

void MeasureHops(const GraphView& view, const Shape& shape, Medians& medians, const std::string& form, uint64_t hops) {
  const std::array<EdgeTypeId, 1> type = {static_cast<EdgeTypeId>(0)};
  std::mt19937_64 random(7);
  std::vector<VertexId> vertices(hops);
  for (VertexId& vertex : vertices) vertex = static_cast<VertexId>(random() % shape.vertices);
  std::vector<Neighbour> steps;
  uint64_t total = 0;
  double start = CpuSeconds();
  for (const VertexId vertex : vertices) {
    steps.clear();
    Must(view.Expand(vertex, Direction::kOut, type, steps));
    total += steps.size();
  }
  medians.Add(fmt::format("{}: hop over {:.0f} edges from {}, us", shape.name,
                          static_cast<double>(total) / static_cast<double>(hops), form),
              (CpuSeconds() - start) / static_cast<double>(hops) * 1e6);
  NeighbourLists lists;
  start = CpuSeconds();
  for (size_t at = 0; at + 64 <= vertices.size(); at += 64) {
    Must(view.ExpandBatch(std::span(vertices).subspan(at, 64), Direction::kOut, type, SIZE_MAX, lists));
    total += lists.neighbours.size();
  }
  medians.Add(fmt::format("{}: the same in batches of 64 from {}, us a hop", shape.name, form),
              (CpuSeconds() - start) / static_cast<double>(hops / 64 * 64) * 1e6);
  start = CpuSeconds();
  for (const VertexId vertex : vertices) total += Must(view.Degree(vertex, Direction::kOut, type));
  medians.Add(fmt::format("{}: degree from {}, us", shape.name, form),
              (CpuSeconds() - start) / static_cast<double>(hops) * 1e6);
  if (total == 42) std::puts("");
}

const GraphSnapshot& SnapshotOf(const std::shared_ptr<const GraphView>& view) {
  return dynamic_cast<const GraphSnapshot&>(*view);
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: adjacency_read DIRECTORY [ROUNDS [EDGES]]\n");
    return 2;
  }
  const std::string directory = argv[1];
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  const uint64_t edges = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1'000'000;
  const Shape dense{"33 edges a list", edges / 33, edges / 33 * 33, 1, true};
  const Shape firms{"7 types, 10 edges a vertex", edges / 10, edges, 7, false};
  Medians medians;
  for (const Shape& shape : {dense, firms}) {
    const std::string path = fmt::format("{}/{}-{}", directory, shape.types, shape.edges);
    std::filesystem::create_directories(directory);
    OpenGraph(path, shape).reset();
    // Two stores, so that one has no CSR: it is opened with a budget that no CSR fits.
    GraphStoreOptions with_csr;
    with_csr.read_only = true;
    with_csr.cache_bytes = 4096ull << 20;
    const auto csr_store = Must(GraphStore::Open(path, with_csr));
    const auto csr_view = Must(csr_store->Snapshot());
    RocksDbOptions blocks_only;
    blocks_only.read_only = true;
    blocks_only.cache_bytes = 2048ull << 20;
    const auto kv = Must(OpenRocksDbStore(path, blocks_only));
    const std::shared_ptr<const KvSnapshot> kv_snapshot = Must(kv->Snapshot());
    const GraphSnapshot block_view(kv_snapshot, std::make_shared<StoreNames>(), SnapshotOf(csr_view).counts(),
                                   std::make_shared<const Ontology>());
    Must(SnapshotOf(csr_view).topology()->Build());
#ifdef TUPU_WITH_ROCKSDB
    const auto bare = std::make_unique<BareIterator>(path);
#endif
    for (int round = 0; round < rounds + 1; ++round) {
      Medians warm_up;
      Medians& to = round == 0 ? warm_up : medians;
      const Scanned scanned = MeasureScans(block_view, to, shape.name);
#ifdef TUPU_WITH_ROCKSDB
      MeasureBareIterator(*bare, scanned.blocks, scanned.bytes, to, shape.name);
#endif
      if (shape.types > 1) continue;
      MeasureHops(block_view, shape, to, "blocks", 20'000);
      MeasureHops(*csr_view, shape, to, "a CSR", 200'000);
    }
    const uint64_t bytes = SnapshotOf(csr_view).topology()->bytes();
    fmt::print("{}: {} vertices, {} edges, CSRs of both directions {:.1f} bytes an edge in memory\n", shape.name,
               shape.vertices, shape.edges, static_cast<double>(bytes) / static_cast<double>(shape.edges));
  }
  medians.Print();
  return 0;
}

}  // namespace
}  // namespace tupu

int main(int argc, char** argv) {
  return tupu::Main(argc, argv);
}
