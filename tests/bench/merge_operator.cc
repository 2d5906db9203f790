// What a merge operator for adjacency blocks would gain and cost against reading, changing and writing them: both on
// RocksDB with the options of the store's adjacency, over the same firm graph and the same stream of further edges, each
// in the list of its start and of its end. Usage: tupu_merge_operator DIRECTORY [ROUNDS [EDGES [ADDED]]]
//
//   read-modify-write  the store's layout: lists above 4 KiB are split, so an edge changes the block that it belongs to and
//                      the head with the degree.
//   merge              an edge is written as a block of its own, and blocks of one list are folded into one whenever it is
//                      read or compacted. A merge operator answers for one key, so lists are not split.
//
// In each round both take every measurement once, in turns; times are CPU seconds of the process, medians are printed.
// Commits go to the log without fsync. That both hold the same edges in the end is checked.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>

#include "storage/keys/adjacency_list.h"
#include "storage/keys/adjacency_lists.h"
#include "tests/bench/firm_graph.h"
#include "tests/bench/measure.h"
#include "tests/bench/merged_blocks.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

/// As storage/kv/rocksdb_database.cc has them for adjacency; nothing is flushed or compacted before the program says so.
rocksdb::Options StoreOptions(bool merging) {
  rocksdb::BlockBasedTableOptions table;
  table.block_restart_interval = 4;
  table.block_cache = rocksdb::NewLRUCache(1ull << 30);
  table.block_size = 16 << 10;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;
  rocksdb::Options options;
  options.create_if_missing = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  options.level_compaction_dynamic_level_bytes = true;
  options.write_buffer_size = 1ull << 30;
  options.arena_block_size = 1 << 20;
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = 0.02 / 16;
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(0));
  options.allow_concurrent_memtable_write = false;
  options.info_log_level = rocksdb::InfoLogLevel::FATAL_LEVEL;
  if (merging) options.merge_operator = std::make_shared<FoldBlocks>();
  return options;
}

/// One of the two ways, on a database of its own.
class Way {
 public:
  Way(bool merging, const std::string& directory) : merging_(merging) {
    rocksdb::DB* db = nullptr;
    MustRocks(rocksdb::DB::Open(StoreOptions(merging), directory, &db));
    db_.reset(db);
  }
  rocksdb::DB& db() { return *db_; }

  /// The graph that is there before, compacted.
  void Load(const std::map<ListKey, Entries>& lists) {
    rocksdb::WriteBatch batch;
    for (const auto& [list, entries] : lists) {
      if (merging_) {
        folder_.Clear();
        folder_.Add(entries);
        PutWhole(batch, list);
      } else {
        PutList(batch, list, entries);
      }
      if (batch.GetDataSize() < 1 << 20) continue;
      MustRocks(db_->Write({}, &batch));
      batch.Clear();
    }
    MustRocks(db_->Write({}, &batch));
    Compact();
  }

  /// Bytes that went to the log.
  uint64_t Commit(std::span<const NewEdge> edges) {
    rocksdb::WriteBatch batch;
    for (const auto& [list, entries] : ByList(edges)) {
      if (merging_) {
        encoder_.Encode(entries, BlockKind::kWhole, LoopsOf(list, entries), value_);
        MustRocks(batch.Merge(list.HeadKey(), value_));
      } else {
        Change(batch, list, entries);
      }
    }
    MustRocks(db_->Write({}, &batch));
    return batch.GetDataSize();
  }

  uint64_t Degree(const ListKey& list) {
    rocksdb::PinnableSlice value;
    MustRocks(db_->Get({}, db_->DefaultColumnFamily(), list.HeadKey(), &value));
    return Must(DecodeAdjacencyHead(ToView(value))).degree;
  }

  template <class Visit>
  void Hop(const ListKey& list, Visit&& visit) {
    rocksdb::PinnableSlice value;
    MustRocks(db_->Get({}, db_->DefaultColumnFamily(), list.HeadKey(), &value));
    AdjacencyLists lists;
    if (!ParseAdjacencyLists(ToView(value), lists)) std::abort();
    if (!lists.head.split) {
      VisitAdjacencyLists(lists, visit);
      return;
    }
    const KeyRange range = AdjacencyBlocksRange(VertexId{list.vertex}, list.side, EdgeTypeId{list.type});
    rocksdb::ReadOptions options;
    const rocksdb::Slice upper = range.end;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options));
    for (at->Seek(range.begin); at->Valid(); at->Next()) {
      if (!ParseAdjacencyLists(ToView(at->value()), lists) || !VisitAdjacencyLists(lists, visit)) std::abort();
    }
    MustRocks(at->status());
  }

  /// A number that any difference between two graphs changes; sets `edges`, of both directions.
  uint64_t Scan(uint64_t& edges) {
    uint64_t sum = 0;
    edges = 0;
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      AdjacencyLists lists;
      uint64_t vertex;
      uint32_t side_and_type;
      std::memcpy(&vertex, at->key().data(), 8);
      std::memcpy(&side_and_type, at->key().data() + 8, 4);
      const uint64_t of_list = vertex * 0x9e3779b97f4a7c15 + side_and_type;
      if (!ParseAdjacencyLists(ToView(at->value()), lists)) std::abort();
      VisitAdjacencyLists(lists, [&](uint64_t target, uint64_t edge) {
        sum += (of_list ^ target) * (2 * edge + 1);
        ++edges;
      });
    }
    MustRocks(at->status());
    return sum;
  }

  void Flush() { MustRocks(db_->Flush({})); }
  void Compact() {
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    MustRocks(db_->CompactRange(options, nullptr, nullptr));
  }
  uint64_t TableBytes() {
    uint64_t bytes = 0;
    db_->GetIntProperty(rocksdb::DB::Properties::kLiveSstFilesSize, &bytes);
    return bytes;
  }

 private:
  static uint64_t LoopsOf(const ListKey& list, std::span<const AdjacencyEntry> entries) {
    return static_cast<uint64_t>(std::count_if(
        entries.begin(), entries.end(), [&](const AdjacencyEntry& entry) { return entry.target == list.vertex; }));
  }

  void PutWhole(rocksdb::WriteBatch& batch, const ListKey& list) {
    folder_.Encode(list.vertex, value_);
    MustRocks(batch.Put(list.HeadKey(), value_));
  }
  void PutList(rocksdb::WriteBatch& batch, const ListKey& list, std::span<const AdjacencyEntry> entries) {
    Must(list_encoder_.Encode(VertexId{list.vertex}, list.side, EdgeTypeId{list.type}, entries,
                              [&](std::string_view key, std::string_view value) -> Status {
                                MustRocks(batch.Put(rocksdb::Slice(key), rocksdb::Slice(value)));
                                return {};
                              }));
  }

  void Change(rocksdb::WriteBatch& batch, const ListKey& list, std::span<const AdjacencyEntry> entries) {
    const std::string head_key = list.HeadKey();
    rocksdb::PinnableSlice stored;
    const rocksdb::Status status = db_->Get({}, db_->DefaultColumnFamily(), head_key, &stored);
    folder_.Clear();
    if (!status.IsNotFound()) {
      MustRocks(status);
      const AdjacencyHead head = Must(DecodeAdjacencyHead(ToView(stored)));
      if (head.split) {
        MustRocks(batch.Put(head_key,
                            EncodeSplitHead(head.degree + entries.size(), head.self_loops + LoopsOf(list, entries))));
        return ChangeFenceBlocks(batch, list, entries);
      }
      folder_.Add(ToView(stored));
    }
    folder_.Add(entries);
    PutList(batch, list, folder_.entries());
  }

  /// Each entry goes into the first block whose fence is not below it.
  void ChangeFenceBlocks(rocksdb::WriteBatch& batch, const ListKey& list, std::span<const AdjacencyEntry> entries) {
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
    while (!entries.empty()) {
      at->Seek(AdjacencyBlockKey(VertexId{list.vertex}, list.side, EdgeTypeId{list.type},
                                 {entries[0].target, entries[0].edge}));
      if (!at->Valid()) std::abort();
      const std::string key = at->key().ToString();
      const Fence fence = Must(DecodeAdjacencyKey(key)).fence;
      size_t count = 1;
      while (count < entries.size() && Fence{entries[count].target, entries[count].edge} <= fence) ++count;
      folder_.Clear();
      folder_.Add(ToView(at->value()));
      folder_.Add(entries.first(count));
      PutFenceBlock(batch, list, folder_.entries(), key);
      entries = entries.subspan(count);
    }
  }
  void PutFenceBlock(rocksdb::WriteBatch& batch, const ListKey& list, std::span<const AdjacencyEntry> entries,
                     const std::string& key) {
    encoder_.Encode(entries, BlockKind::kFenceBlock, 0, value_);
    if (value_.size() <= kMaxBlockBytes || entries.size() == 1) {
      MustRocks(batch.Put(key, value_));
      return;
    }
    const auto half = entries.first(entries.size() / 2);
    PutFenceBlock(batch, list, half,
                  AdjacencyBlockKey(VertexId{list.vertex}, list.side, EdgeTypeId{list.type},
                                    {half.back().target, half.back().edge}));
    PutFenceBlock(batch, list, entries.subspan(half.size()), key);
  }

  const bool merging_;
  std::unique_ptr<rocksdb::DB> db_;
  Folder folder_;
  AdjacencyListEncoder list_encoder_;
  AdjacencyBlockEncoder encoder_;
  std::string value_;
};

/// Medians of both ways, side by side.
class Table {
 public:
  void Add(const std::string& name, bool merging, double value) {
    if (!values_.contains(name)) names_.push_back(name);
    values_[name][merging ? 1 : 0].push_back(value);
  }
  void Print() {
    fmt::print("  {:62} {:>10} {:>10} {:>8}\n", "", "rmw", "merge", "ratio");
    for (const std::string& name : names_) {
      const double rmw = Median(values_[name][0]);
      const double merge = Median(values_[name][1]);
      fmt::print("  {:62} {:10.2f} {:10.2f} {:8.2f}\n", name, rmw, merge, merge / rmw);
    }
  }

 private:
  static double Median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }
  std::vector<std::string> names_;
  std::map<std::string, std::array<std::vector<double>, 2>> values_;
};

/// What reading costs now. Returns the sum over the graph.
uint64_t MeasureReads(Way& way, bool merging, std::span<const ListKey> changed, const std::string& when, Table& table) {
  const auto hops = static_cast<double>(changed.size());
  uint64_t edges = 0;
  double start = CpuSeconds();
  for (const ListKey& list : changed) way.Hop(list, [&](uint64_t, uint64_t) { ++edges; });
  table.Add(fmt::format("hop over a changed list, {}, us", when), merging, (CpuSeconds() - start) / hops * 1e6);
  uint64_t degrees = 0;
  start = CpuSeconds();
  for (const ListKey& list : changed) degrees += way.Degree(list);
  table.Add(fmt::format("degree of a changed list, {}, us", when), merging, (CpuSeconds() - start) / hops * 1e6);
  if (degrees != edges) std::abort();
  start = CpuSeconds();
  const uint64_t sum = way.Scan(edges);
  table.Add(fmt::format("scan, {}, M edges/s", when), merging,
            static_cast<double>(edges) / (CpuSeconds() - start) / 1e6);
  return sum;
}

/// Takes `added` edges in commits of `batch`, and measures. Returns the sum over the graph.
uint64_t MeasureWay(bool merging, const std::string& base, const std::string& directory, std::span<const NewEdge> added,
                    size_t batch, std::span<const ListKey> changed, Table& table) {
  fs::remove_all(directory);
  {
    Way loaded(merging, base);
    rocksdb::Checkpoint* checkpoint = nullptr;
    MustRocks(rocksdb::Checkpoint::Create(&loaded.db(), &checkpoint));
    const std::unique_ptr<rocksdb::Checkpoint> owner(checkpoint);
    MustRocks(checkpoint->CreateCheckpoint(directory));
  }
  Way way(merging, directory);
  uint64_t edges = 0;
  way.Scan(edges);  // brings the tables into the cache
  const auto per_edge = static_cast<double>(added.size());
  const std::string of = batch == 1 ? "commits of one edge" : fmt::format("commits of {} edges", batch);
  const uint64_t before = way.TableBytes();
  uint64_t logged = 0;
  double start = CpuSeconds();
  for (size_t at = 0; at < added.size(); at += batch) {
    logged += way.Commit(added.subspan(at, std::min(batch, added.size() - at)));
  }
  table.Add(of + ", CPU us an edge", merging, (CpuSeconds() - start) / per_edge * 1e6);
  table.Add(of + ", bytes of the log an edge", merging, static_cast<double>(logged) / per_edge);
  if (batch == 1) MeasureReads(way, merging, changed, "right after", table);
  start = CpuSeconds();
  way.Flush();
  const uint64_t flushed = way.TableBytes() - before;
  table.Add(of + ", flushed bytes an edge", merging, static_cast<double>(flushed) / per_edge);
  if (batch == 1) {
    const double flush = CpuSeconds() - start;
    MeasureReads(way, merging, changed, "after the flush", table);
    start = CpuSeconds() - flush;
  }
  way.Compact();
  table.Add(of + ", flush and compaction, CPU us an edge", merging, (CpuSeconds() - start) / per_edge * 1e6);
  table.Add(of + ", compacted, MiB", merging, static_cast<double>(way.TableBytes()) / (1 << 20));
  return batch == 1 ? MeasureReads(way, merging, changed, "after the compaction", table) : way.Scan(edges);
}

int Main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: tupu_merge_operator DIRECTORY [ROUNDS [EDGES [ADDED]]]\n");
    return 2;
  }
  const std::string directory = argv[1];
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  const uint64_t edges = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1'000'000;
  const uint64_t added = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 100'000;
  fs::create_directories(directory);
  const std::array<std::string, 2> bases = {directory + "/rmw", directory + "/merge"};
  {
    const FirmGraph graph({.edges = edges, .seed = 1});
    std::vector<NewEdge> loaded;
    for (size_t type = 0; type < kFirmEdgeTypes.size(); ++type) {
      for (uint64_t i = 0; i < graph.EdgesOf(type); ++i) {
        loaded.push_back(MakeEdge(graph, type, i, loaded.size()));
      }
    }
    const std::map<ListKey, Entries> lists = ByList(loaded);
    for (const bool merging : {false, true}) {
      fs::remove_all(bases[merging]);
      Way(merging, bases[merging]).Load(lists);
    }
  }
  const FirmGraph more({.edges = edges, .seed = 2});
  std::vector<NewEdge> stream;
  for (uint64_t i = 0; i < added; ++i) {
    const size_t type = i % kFirmEdgeTypes.size();
    stream.push_back(MakeEdge(more, type, i / kFirmEdgeTypes.size() % more.EdgesOf(type), edges + i));
  }
  // Lists as the stream meets them: those of hubs more often.
  std::mt19937_64 random(5);
  std::vector<ListKey> changed;
  for (size_t i = 0; i < 20'000; ++i) {
    const NewEdge& edge = stream[random() % stream.size()];
    changed.push_back(random() % 2 == 0 ? ListKey{edge.start, AdjacencySide::kOut, edge.type}
                                        : ListKey{edge.end, AdjacencySide::kIn, edge.type});
  }
  Table table;
  for (int round = 0; round < rounds; ++round) {
    for (const size_t batch : {size_t{1}, size_t{2000}}) {
      std::array<uint64_t, 2> sums{};
      for (const bool merging : {round % 2 == 0, round % 2 != 0}) {
        const std::string path = directory + "/round";
        sums[merging] = MeasureWay(merging, bases[merging], path, stream, batch, changed, table);
        fs::remove_all(path);
      }
      if (sums[0] == sums[1]) continue;
      fmt::print(stderr, "the two ways do not hold the same edges\n");
      return 1;
    }
  }
  fmt::print("{} edges, {} more, {} rounds\n", edges, added, rounds);
  table.Print();
  return 0;
}

}  // namespace
}  // namespace tupu

int main(int argc, char** argv) {
  return tupu::Main(argc, argv);
}
