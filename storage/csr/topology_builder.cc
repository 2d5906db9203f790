#include "storage/csr/topology_builder.h"

#include <algorithm>
#include <limits>
#include <new>
#include <optional>
#include <thread>

#include "storage/keys/adjacency_lists.h"

namespace tupu {

namespace {

constexpr uint64_t kLast = std::numeric_limits<uint64_t>::max();

uint64_t BigEndian64(const char* bytes) {
  uint64_t v;
  std::memcpy(&v, bytes, 8);
  if constexpr (std::endian::native == std::endian::little) v = __builtin_bswap64(v);
  return v;
}
uint32_t BigEndian32(const char* bytes) {
  uint32_t v;
  std::memcpy(&v, bytes, 4);
  if constexpr (std::endian::native == std::endian::little) v = __builtin_bswap32(v);
  return v;
}

Error Damaged(std::string_view why) {
  return CorruptionOf("adjacency", why);
}

/// Scans the lists of the vertices [first, end) into one builder per wanted set.
class RangeScanner {
 public:
  RangeScanner(const TopologySource& source, std::span<const ListSet> sets, const std::atomic<bool>& stop)
      : source_(source), stop_(stop) {
    for (const ListSet& set : sets) {
      const size_t at = SlotOf(ToInteger(set.type), set.side);
      if (at >= builder_of_.size()) builder_of_.resize(at + 1, -1);
      builder_of_[at] = static_cast<int>(builders_.size());
      builders_.emplace_back(source.counts.next_vertex, source.counts.next_edge);
    }
  }

  void Reserve(size_t set, uint64_t edges) { builders_[set].Reserve(edges); }

  Status Scan(uint64_t first, uint64_t end) {
    std::string begin_key;
    std::string end_key;
    AppendU64(begin_key, first);
    if (end != kLast) AppendU64(end_key, end);
    uint64_t steps = 0;
    TUPU_TRY(
        source_.kv->Scan(Keyspace::kAdjacency, begin_key, end_key, [&](std::string_view key, std::string_view value) {
          if ((++steps & 0xfff) == 0 && stop_.load(std::memory_order_relaxed)) {
            failed_ = Error{ErrorCode::kCancelled, "the building of a CSR was stopped"};
            return false;
          }
          return Add(key, value);
        }));
    TUPU_TRY(std::move(failed_));
    if (missing_ != 0) return Damaged("a long list has fewer edges than its head says");
    return {};
  }

  TopologyCsr Finish(size_t set) { return builders_[set].Finish(); }

 private:
  static size_t SlotOf(uint32_t type, AdjacencySide side) { return size_t{type} * 2 + static_cast<size_t>(side); }

  bool Fail(std::string_view why) {
    failed_ = Damaged(why);
    return false;
  }

  bool Add(std::string_view key, std::string_view value) {
    if (key.size() != kAdjacencyHeadKeySize && key.size() != kAdjacencyBlockKeySize)
      return Fail("a key of no known size");
    const uint32_t side_and_type = BigEndian32(key.data() + 8);
    const auto side = static_cast<AdjacencySide>(side_and_type >> 31);
    const size_t slot = SlotOf(side_and_type & 0x7fffffff, side);
    if (slot >= builder_of_.size() || builder_of_[slot] < 0) return true;
    TopologyCsrBuilder& builder = builders_[static_cast<size_t>(builder_of_[slot])];
    AdjacencyLists lists;
    if (!ParseAdjacencyLists(value, lists)) return Fail("a block is damaged");
    const uint64_t vertex = BigEndian64(key.data());
    if (key.size() == kAdjacencyHeadKeySize) {
      if (missing_ != 0) return Fail("a long list has fewer edges than its head says");
      if (vertex >= source_.counts.next_vertex) return Fail("a list of a vertex that was never made");
      builder.BeginRow(vertex);
      if (lists.head.split) {
        list_slot_ = slot;
        list_vertex_ = vertex;
        missing_ = lists.head.degree;
        return true;
      }
      return AppendTo(builder, lists);
    }
    if (missing_ < lists.size || slot != list_slot_ || vertex != list_vertex_) {
      return Fail("a block of a long list without a head that fits");
    }
    missing_ -= lists.size;
    return AppendTo(builder, lists);
  }

  bool AppendTo(TopologyCsrBuilder& builder, const AdjacencyLists& lists) {
    uint64_t greatest_edge = 0;
    uint64_t last_target = 0;
    const bool whole = builder.AppendEdges(lists.size, [&](auto* targets, auto* edges) {
      using Target = std::remove_pointer_t<decltype(targets)>;
      using Edge = std::remove_pointer_t<decltype(edges)>;
      return VisitAdjacencyLists(lists, [&](uint64_t target, uint64_t edge) {
        *targets++ = static_cast<Target>(target);
        *edges++ = static_cast<Edge>(edge);
        greatest_edge = std::max(greatest_edge, edge);
        last_target = target;
      });
    });
    if (!whole) return Fail("a block is damaged");
    // Targets ascend, so the last one is the greatest.
    if (last_target >= source_.counts.next_vertex || greatest_edge >= source_.counts.next_edge) {
      return Fail("an edge or its end was never made");
    }
    return true;
  }

  const TopologySource& source_;
  const std::atomic<bool>& stop_;
  std::vector<int> builder_of_;  // by set: position in builders_, or -1
  std::vector<TopologyCsrBuilder> builders_;
  size_t list_slot_ = 0;  // of the long list at hand
  uint64_t list_vertex_ = 0;
  uint64_t missing_ = 0;  // edges of it still to come
  Status failed_;
};

TopologyCsr Join(const TopologySource& source, std::vector<TopologyCsr> parts) {
  if (parts.size() == 1) return std::move(parts[0]);
  TopologyCsrBuilder whole(source.counts.next_vertex, source.counts.next_edge);
  uint64_t edges = 0;
  for (const TopologyCsr& part : parts) edges += part.num_edges();
  whole.Reserve(edges);
  for (TopologyCsr& part : parts) {
    whole.AppendRows(part, 0, kLast);
    part = TopologyCsrBuilder(0, 0).Finish();  // its memory goes back while the others are copied
  }
  return whole.Finish();
}

}  // namespace

Result<std::vector<TopologyCsr>> BuildTopology(const TopologySource& source, std::span<const ListSet> sets,
                                               unsigned threads, const std::atomic<bool>& stop) {
  constexpr uint64_t kLeastVerticesPerThread = 4096;
  const uint64_t next_vertex = source.counts.next_vertex;
  const uint64_t ranges = std::clamp<uint64_t>(next_vertex / kLeastVerticesPerThread, 1, std::max(threads, 1u));
  std::vector<RangeScanner> scanners;
  scanners.reserve(ranges);
  for (uint64_t i = 0; i < ranges; ++i) {
    scanners.emplace_back(source, sets, stop);
    for (size_t set = 0; set < sets.size(); ++set) {
      scanners[i].Reserve(set, source.counts.OfType(sets[set].type) / ranges);
    }
  }
  std::vector<Status> done(ranges);
  const auto scan = [&](uint64_t i) {
    // The last range has no upper end, so that lists of vertices that were never made are met and reported.
    const uint64_t end = i + 1 == ranges ? kLast : next_vertex / ranges * (i + 1);
    try {
      done[i] = scanners[i].Scan(next_vertex / ranges * i, end);
    } catch (const std::bad_alloc&) {
      done[i] = Error{ErrorCode::kResourceExhausted, "there is not enough memory for a CSR; lower the cache memory"};
    }
  };
  std::vector<std::thread> others;
  for (uint64_t i = 1; i < ranges; ++i) others.emplace_back(scan, i);
  scan(0);
  for (std::thread& other : others) other.join();
  for (Status& status : done) TUPU_TRY(std::move(status));

  std::vector<TopologyCsr> csrs;
  for (size_t set = 0; set < sets.size(); ++set) {
    std::vector<TopologyCsr> parts;
    for (RangeScanner& scanner : scanners) parts.push_back(scanner.Finish(set));
    csrs.push_back(Join(source, std::move(parts)));
    if (csrs.back().num_edges() != source.counts.OfType(sets[set].type)) {
      return Damaged("the lists of a type hold another number of edges than were counted");
    }
  }
  return csrs;
}

TopologyCsr FoldTopology(const TopologyCsr& csr, const TopologyDelta& delta, uint64_t commit, uint64_t next_vertex,
                         uint64_t next_edge) {
  TopologyCsrBuilder builder(next_vertex, next_edge);
  builder.Reserve(csr.num_edges() + delta.size());
  uint64_t next = 0;  // the first vertex not yet copied
  RowChanges changes;
  std::vector<RowEdge> row;
  for (const VertexId vertex : delta.ChangedVertices()) {
    if (!delta.Read(vertex, commit, changes)) continue;
    builder.AppendRows(csr, next, ToInteger(vertex));
    next = ToInteger(vertex) + 1;
    row.clear();
    MergeRow(csr, csr.RowOf(vertex), changes, [&](uint64_t target, uint64_t edge) { row.push_back({target, edge}); });
    if (row.empty()) continue;
    builder.BeginRow(ToInteger(vertex));
    for (const RowEdge& edge : row) builder.AppendEdge(edge.target, edge.edge);
  }
  builder.AppendRows(csr, next, kLast);
  return builder.Finish();
}

}  // namespace tupu
