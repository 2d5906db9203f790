#include "storage/graph/adjacency_reader.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "storage/keys/adjacency_lists.h"
#include "storage/keys/bytes.h"

namespace tupu {

namespace {

Error DamagedBlock(std::string_view bytes) {
  const Result<AdjacencyBlock> block = AdjacencyBlock::Parse(bytes);
  return block ? CorruptionOf("adjacency block", "its lists do not end where its directory says") : block.error();
}

/// Appends the edges of a block as steps.
Status AppendSteps(const AdjacencyLists& lists, std::string_view bytes, VertexId vertex, ListSet set,
                   bool skip_self_loops, std::vector<Neighbour>& out) {
  const size_t first = out.size();
  if (first + lists.size > out.capacity()) out.reserve(std::max(first + lists.size, 2 * out.capacity()));
  out.resize(first + lists.size);
  Neighbour* at = out.data() + first;
  const bool outgoing = set.side == AdjacencySide::kOut;
  const bool whole = VisitAdjacencyLists(lists, [&](uint64_t target, uint64_t edge) {
    *at = {static_cast<VertexId>(target), static_cast<EdgeId>(edge), set.type, outgoing};
    at += !skip_self_loops || static_cast<VertexId>(target) != vertex ? 1 : 0;
  });
  out.resize(static_cast<size_t>(at - out.data()));
  return whole ? Status() : DamagedBlock(bytes);
}

Direction DirectionOf(AdjacencySide side) {
  return side == AdjacencySide::kOut ? Direction::kOut : Direction::kIn;
}

/// Scan whose visitor may fail: the first error ends it and is returned.
Status ScanAll(const KvSnapshot& kv, const KeyRange& range,
               const std::function<Status(std::string_view, std::string_view)>& visit) {
  Status failed;
  TUPU_TRY(kv.Scan(Keyspace::kAdjacency, range.begin, range.end, [&](std::string_view key, std::string_view value) {
    failed = visit(key, value);
    return failed.has_value();
  }));
  return failed;
}

/// The types in order, each once, without an allocation for the usual few.
class SortedTypes {
 public:
  explicit SortedTypes(std::span<const EdgeTypeId> types) : types_(types) {
    if (std::adjacent_find(types.begin(), types.end(), std::greater_equal<>()) == types.end()) return;
    sorted_.assign(types.begin(), types.end());
    std::sort(sorted_.begin(), sorted_.end());
    sorted_.erase(std::unique(sorted_.begin(), sorted_.end()), sorted_.end());
    types_ = sorted_;
  }
  SortedTypes(const SortedTypes&) = delete;
  SortedTypes& operator=(const SortedTypes&) = delete;
  auto begin() const { return types_.begin(); }
  auto end() const { return types_.end(); }

 private:
  std::span<const EdgeTypeId> types_;
  std::vector<EdgeTypeId> sorted_;
};

/// The sides of a direction, in the order of steps. Self loops are seen on the first.
struct Side {
  AdjacencySide side;
  bool skip_self_loops;
};
std::span<const Side> SidesOf(Direction direction) {
  static constexpr std::array<Side, 2> kBothSides = {{{AdjacencySide::kOut, false}, {AdjacencySide::kIn, true}}};
  static constexpr std::array<Side, 1> kInSide = {{{AdjacencySide::kIn, false}}};
  if (direction == Direction::kIn) return kInSide;
  return std::span(kBothSides).first(direction == Direction::kBoth ? 2 : 1);
}

}  // namespace

void AdjacencyReader::CountBlockReads(ListSet set, uint64_t reads) const {
  if (topology_ != nullptr && topology_->topology() != nullptr) topology_->topology()->CountBlockReads(set, reads);
}

Status AdjacencyReader::VisitBlocks(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                                    const std::function<Status(EdgeTypeId, std::string_view)>& visit) const {
  if (types.empty()) {
    return ScanAll(kv_, AdjacencyRange(vertex, DirectionOf(side)), [&](std::string_view key, std::string_view value) {
      auto decoded = DecodeAdjacencyKey(key);
      if (!decoded) return Status(decoded.error());
      return visit(decoded->type, value);
    });
  }
  for (const EdgeTypeId type : SortedTypes(types)) {
    TUPU_TRY_ASSIGN(const auto bytes, kv_.Get(Keyspace::kAdjacency, AdjacencyHeadKey(vertex, side, type)));
    if (!bytes) continue;
    TUPU_TRY_ASSIGN(const AdjacencyHead head, DecodeAdjacencyHead(*bytes));
    if (!head.split) {
      TUPU_TRY(visit(type, *bytes));
      continue;
    }
    TUPU_TRY(ScanAll(kv_, AdjacencyBlocksRange(vertex, side, type),
                     [&](std::string_view, std::string_view value) { return visit(type, value); }));
  }
  return {};
}

Status AdjacencyReader::ExpandBlocks(VertexId vertex, ListSet set, bool skip_self_loops,
                                     std::vector<Neighbour>& out) const {
  struct {
    VertexId vertex;
    ListSet set;
    bool skip_self_loops;
    std::vector<Neighbour>& out;
    bool split = false;
    Status status = {};
  } hop{vertex, set, skip_self_loops, out};
  TUPU_TRY(kv_.Read(Keyspace::kAdjacency, AdjacencyHeadKey(vertex, set.side, set.type), [&hop](std::string_view bytes) {
    AdjacencyLists lists;
    if (!ParseAdjacencyLists(bytes, lists)) {
      hop.status = DamagedBlock(bytes);
      return;
    }
    hop.split = lists.head.split;
    if (!hop.split) hop.status = AppendSteps(lists, bytes, hop.vertex, hop.set, hop.skip_self_loops, hop.out);
  }));
  CountBlockReads(set, 1);
  TUPU_TRY(std::move(hop.status));
  if (!hop.split) return {};
  return ScanAll(kv_, AdjacencyBlocksRange(vertex, set.side, set.type), [&](std::string_view, std::string_view bytes) {
    AdjacencyLists lists;
    if (!ParseAdjacencyLists(bytes, lists)) return Status(DamagedBlock(bytes));
    return AppendSteps(lists, bytes, vertex, set, skip_self_loops, out);
  });
}

Status AdjacencyReader::ExpandAllBlocks(VertexId vertex, AdjacencySide side, bool skip_self_loops,
                                        std::vector<Neighbour>& out) const {
  const auto visit = [&](std::string_view key, std::string_view bytes) -> Status {
    TUPU_TRY_ASSIGN(const DecodedAdjacencyKey decoded, DecodeAdjacencyKey(key));
    AdjacencyLists lists;
    if (!ParseAdjacencyLists(bytes, lists)) return DamagedBlock(bytes);
    CountBlockReads({decoded.type, side}, 1);
    return AppendSteps(lists, bytes, vertex, {decoded.type, side}, skip_self_loops, out);
  };
  return ScanAll(kv_, AdjacencyRange(vertex, DirectionOf(side)), visit);
}

Status AdjacencyReader::Expand(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                               bool skip_self_loops, std::vector<Neighbour>& out) const {
  const TopologyTable* const csrs = table();
  if (types.empty()) {
    if (csrs == nullptr || !csrs->complete) return ExpandAllBlocks(vertex, side, skip_self_loops, out);
    for (size_t slot = static_cast<size_t>(side); slot < csrs->parts.size(); slot += 2) {
      if (csrs->parts[slot]) csrs->parts[slot]->AppendSteps(vertex, topology_->commit(), skip_self_loops, out);
    }
    return {};
  }
  for (const EdgeTypeId type : SortedTypes(types)) {
    const ListSet set{type, side};
    const TopologyPart* const part = csrs == nullptr ? nullptr : csrs->Find(set);
    if (part != nullptr) {
      part->AppendSteps(vertex, topology_->commit(), skip_self_loops, out);
    } else {
      TUPU_TRY(ExpandBlocks(vertex, set, skip_self_loops, out));
    }
  }
  return {};
}

namespace {

/// Expands a batch from CSRs alone, in rounds over some vertices at a time: ask for the memory that finds their rows, then
/// for that of the rows, then read them. So the waits for memory overlap.
/// Step: Neighbour, or VertexId where the other ends alone are wanted.
template <class Step>
class BatchExpander {
 public:
  BatchExpander(uint64_t commit, std::vector<size_t>& offsets, std::vector<Step>& steps)
      : commit_(commit), offsets_(offsets), steps_(steps) {}

  void AddPart(const TopologyPart& part, bool skip_self_loops) { parts_.push_back({&part, skip_self_loops}); }

  void Expand(std::span<const VertexId> vertices, size_t max_steps) {
    while (!vertices.empty() && used_ < max_steps) {
      const size_t count = std::min(vertices.size(), kRound);
      ExpandRound(vertices.first(count), max_steps);
      vertices = vertices.subspan(count);
    }
    steps_.resize(used_);
  }

 private:
  static constexpr size_t kRound = 32;

  struct Source {
    const TopologyPart* part;
    bool skip_self_loops;
  };

  void ExpandRound(std::span<const VertexId> vertices, size_t max_steps) {
    for (const Source& source : parts_) {
      for (const VertexId vertex : vertices) source.part->csr->PrefetchGroup(vertex);
    }
    rows_.clear();
    for (const Source& source : parts_) {
      for (const VertexId vertex : vertices) {
        rows_.push_back(source.part->csr->RowOf(vertex));
        source.part->csr->PrefetchRow(rows_.back());
      }
    }
    for (size_t i = 0; i < vertices.size() && used_ < max_steps; ++i) {
      for (size_t s = 0; s < parts_.size(); ++s) Append(parts_[s], vertices[i], rows_[s * vertices.size() + i]);
      offsets_.push_back(used_);
    }
  }

  void Append(const Source& source, VertexId vertex, const TopologyCsr::Row& row) {
    const TopologyPart& part = *source.part;
    if (part.delta->MayHave(vertex)) {
      changed_.clear();
      part.AppendSteps(vertex, commit_, source.skip_self_loops, changed_);
      Step* const room = Room(changed_.size());
      for (size_t i = 0; i < changed_.size(); ++i) {
        if constexpr (std::is_same_v<Step, VertexId>) {
          room[i] = changed_[i].vertex;
        } else {
          room[i] = changed_[i];
        }
      }
      used_ += changed_.size();
      return;
    }
    if (row.size() == 0) return;
    Step* const first = Room(row.size());
    used_ += static_cast<size_t>(Write(source, vertex, row, first) - first);
  }

  /// Writes the row from `at` on; gives where it ends.
  VertexId* Write(const Source& source, VertexId vertex, const TopologyCsr::Row& row, VertexId* at) {
    source.part->csr->targets().Visit([&](const auto& targets) {
      for (uint64_t i = row.begin; i < row.end; ++i) {
        *at = static_cast<VertexId>(targets[i]);
        at += !source.skip_self_loops || *at != vertex ? 1 : 0;
      }
    });
    return at;
  }
  Neighbour* Write(const Source& source, VertexId vertex, const TopologyCsr::Row& row, Neighbour* at) {
    const TopologyPart& part = *source.part;
    const Neighbour step{{}, {}, part.set.type, part.set.side == AdjacencySide::kOut};
    uint64_t rest = 0;  // all of a step but its ids: one store in place of two, which is most of the work
    static_assert(offsetof(Neighbour, type) + sizeof(rest) == sizeof(Neighbour));
    std::memcpy(&rest, reinterpret_cast<const char*>(&step) + offsetof(Neighbour, type), sizeof(rest));
    part.csr->VisitRow(row, [&](uint64_t target, uint64_t edge) {
      at->vertex = static_cast<VertexId>(target);
      at->edge = static_cast<EdgeId>(edge);
      std::memcpy(reinterpret_cast<char*>(at) + offsetof(Neighbour, type), &rest, sizeof(rest));
      at += !source.skip_self_loops || static_cast<VertexId>(target) != vertex ? 1 : 0;
    });
    return at;
  }

  /// Steps of the last batch are written over, so that a vector that is used again is not cleared again.
  Step* Room(size_t more) {
    if (used_ + more > steps_.size()) steps_.resize(used_ + more);
    return steps_.data() + used_;
  }

  const uint64_t commit_;
  std::vector<size_t>& offsets_;
  std::vector<Step>& steps_;
  size_t used_ = 0;
  std::vector<Source> parts_;
  std::vector<TopologyCsr::Row> rows_;  // by part, then vertex
  std::vector<Neighbour> changed_;
};

}  // namespace

template <class Expander>
bool AdjacencyReader::AddParts(Direction direction, std::span<const EdgeTypeId> types, Expander& expander) const {
  const TopologyTable* const csrs = table();
  if (csrs == nullptr || (types.empty() && !csrs->complete)) return false;
  for (const auto& [side, skip_self_loops] : SidesOf(direction)) {
    if (types.empty()) {
      for (size_t slot = static_cast<size_t>(side); slot < csrs->parts.size(); slot += 2) {
        if (csrs->parts[slot]) expander.AddPart(*csrs->parts[slot], skip_self_loops);
      }
    }
    for (const EdgeTypeId type : SortedTypes(types)) {
      const TopologyPart* const part = csrs->Find({type, side});
      if (part == nullptr) return false;
      expander.AddPart(*part, skip_self_loops);
    }
  }
  return true;
}

Status AdjacencyReader::ExpandBatch(std::span<const VertexId> vertices, Direction direction,
                                    std::span<const EdgeTypeId> types, size_t max_steps, NeighbourLists& out) const {
  out.offsets.clear();
  out.offsets.reserve(vertices.size() + 1);
  out.offsets.push_back(0);
  BatchExpander<Neighbour> batch(topology_ == nullptr ? 0 : topology_->commit(), out.offsets, out.neighbours);
  if (AddParts(direction, types, batch)) {
    batch.Expand(vertices, max_steps);
    return {};
  }
  out.neighbours.clear();
  for (const VertexId vertex : vertices) {
    for (const auto& [side, skip_self_loops] : SidesOf(direction)) {
      TUPU_TRY(Expand(vertex, side, types, skip_self_loops, out.neighbours));
    }
    out.offsets.push_back(out.neighbours.size());
    if (out.neighbours.size() >= max_steps) break;
  }
  return {};
}

Status AdjacencyReader::ExpandTargets(std::span<const VertexId> vertices, Direction direction,
                                      std::span<const EdgeTypeId> types, size_t max_steps, TargetLists& out) const {
  out.offsets.clear();
  out.offsets.reserve(vertices.size() + 1);
  out.offsets.push_back(0);
  BatchExpander<VertexId> batch(topology_ == nullptr ? 0 : topology_->commit(), out.offsets, out.targets);
  if (AddParts(direction, types, batch)) {
    batch.Expand(vertices, max_steps);
    return {};
  }
  NeighbourLists lists;
  TUPU_TRY(ExpandBatch(vertices, direction, types, max_steps, lists));
  out.offsets = std::move(lists.offsets);
  out.targets.clear();
  for (const Neighbour& step : lists.neighbours) out.targets.push_back(step.vertex);
  return {};
}

namespace {

/// Collects the steps of one vertex after the other from a scan of all blocks.
class StepScanner {
 public:
  using Visit = std::function<Status(VertexId, std::span<const Neighbour>)>;

  StepScanner(Direction direction, std::span<const EdgeTypeId> types, const Visit& visit)
      : direction_(direction), types_(types), visit_(visit) {}

  Status Add(std::string_view key, std::string_view bytes) {
    TUPU_TRY_ASSIGN(const DecodedAdjacencyKey decoded, DecodeAdjacencyKey(key));
    const bool out = decoded.side == AdjacencySide::kOut;
    if (direction_ == (out ? Direction::kIn : Direction::kOut)) return {};
    if (!types_.empty() && std::find(types_.begin(), types_.end(), decoded.type) == types_.end()) return {};
    if (decoded.vertex != vertex_) TUPU_TRY(Flush());
    vertex_ = decoded.vertex;
    AdjacencyLists lists;
    if (!ParseAdjacencyLists(bytes, lists)) return DamagedBlock(bytes);
    const bool skip_self_loops = !out && direction_ == Direction::kBoth;
    return AppendSteps(lists, bytes, vertex_, {decoded.type, decoded.side}, skip_self_loops, steps_);
  }
  Status Flush() {
    if (steps_.empty()) return {};
    TUPU_TRY(visit_(vertex_, steps_));
    steps_.clear();
    return {};
  }

 private:
  const Direction direction_;
  const std::span<const EdgeTypeId> types_;
  const Visit& visit_;
  VertexId vertex_{};
  std::vector<Neighbour> steps_;
};

}  // namespace

Status AdjacencyReader::VisitSteps(uint64_t next_vertex, Direction direction, std::span<const EdgeTypeId> types,
                                   const std::function<Status(VertexId, std::span<const Neighbour>)>& visit) const {
  const TopologyTable* const csrs = table();
  bool from_csrs = csrs != nullptr && (!types.empty() || csrs->complete);
  for (const auto& [side, skip_self_loops] : SidesOf(direction)) {
    for (const EdgeTypeId type : types) from_csrs = from_csrs && csrs->Find({type, side}) != nullptr;
  }
  if (!from_csrs) {
    StepScanner scanner(direction, types, visit);
    TUPU_TRY(
        ScanAll(kv_, {"", ""}, [&](std::string_view key, std::string_view bytes) { return scanner.Add(key, bytes); }));
    return scanner.Flush();
  }
  std::array<VertexId, 256> batch;
  NeighbourLists lists;
  for (uint64_t first = 0; first < next_vertex; first += batch.size()) {
    const size_t count = static_cast<size_t>(std::min<uint64_t>(batch.size(), next_vertex - first));
    for (size_t i = 0; i < count; ++i) batch[i] = static_cast<VertexId>(first + i);
    TUPU_TRY(ExpandBatch(std::span(batch).first(count), direction, types, SIZE_MAX, lists));
    for (size_t i = 0; i < count; ++i) {
      if (!lists[i].empty()) TUPU_TRY(visit(batch[i], lists[i]));
    }
  }
  return {};
}

Status AdjacencyReader::ExpandWithProperties(VertexId vertex, std::span<const EdgeTypeId> types,
                                             std::vector<NeighbourRecord>& out) const {
  std::vector<Neighbour> steps;
  std::vector<Properties> properties;
  return VisitBlocks(vertex, AdjacencySide::kOut, types, [&](EdgeTypeId type, std::string_view bytes) -> Status {
    TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(bytes));
    AdjacencyLists lists;
    if (!ParseAdjacencyLists(bytes, lists)) return DamagedBlock(bytes);
    steps.clear();
    TUPU_TRY(AppendSteps(lists, bytes, vertex, {type, AdjacencySide::kOut}, false, steps));
    TUPU_TRY(block.DecodeProperties(properties));
    for (size_t i = 0; i < steps.size(); ++i) out.push_back({steps[i], std::move(properties[i])});
    return {};
  });
}

Status AdjacencyReader::VisitHeads(VertexId vertex, AdjacencySide side,
                                   const std::function<Status(EdgeTypeId, std::string_view)>& visit) const {
  // From head to head: the blocks of a long list are leapt over, so that the cost does not depend on the degree.
  KeyRange range = AdjacencyRange(vertex, DirectionOf(side));
  while (true) {
    std::optional<DecodedAdjacencyKey> leap;
    Status failed;
    const auto visit_key = [&](std::string_view key, std::string_view value) -> Status {
      TUPU_TRY_ASSIGN(const DecodedAdjacencyKey decoded, DecodeAdjacencyKey(key));
      if (decoded.is_head) return visit(decoded.type, value);
      leap = decoded;
      return {};
    };
    TUPU_TRY(kv_.Scan(Keyspace::kAdjacency, range.begin, range.end, [&](std::string_view key, std::string_view value) {
      failed = visit_key(key, value);
      return failed.has_value() && !leap;
    }));
    TUPU_TRY(std::move(failed));
    if (!leap) return {};
    range.begin = AdjacencyBlockKey(vertex, side, leap->type, Fence{}) + '\0';
  }
}

Result<uint64_t> AdjacencyReader::BlockDegree(VertexId vertex, ListSet set, bool skip_self_loops) const {
  uint64_t degree = 0;
  Status failed;
  CountBlockReads(set, 1);
  TUPU_TRY(kv_.Read(Keyspace::kAdjacency, AdjacencyHeadKey(vertex, set.side, set.type), [&](std::string_view bytes) {
    const Result<AdjacencyHead> head = DecodeAdjacencyHead(bytes);
    if (!head) {
      failed = head.error();
    } else {
      degree = head->degree - (skip_self_loops ? head->self_loops : 0);
    }
  }));
  TUPU_TRY(std::move(failed));
  return degree;
}

Result<uint64_t> AdjacencyReader::Degree(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                                         bool skip_self_loops) const {
  const TopologyTable* const csrs = table();
  uint64_t degree = 0;
  if (types.empty() && csrs != nullptr && csrs->complete) {
    for (size_t slot = static_cast<size_t>(side); slot < csrs->parts.size(); slot += 2) {
      if (csrs->parts[slot]) degree += csrs->parts[slot]->DegreeOf(vertex, topology_->commit(), skip_self_loops);
    }
    return degree;
  }
  if (types.empty()) {
    TUPU_TRY(VisitHeads(vertex, side, [&](EdgeTypeId type, std::string_view bytes) -> Status {
      TUPU_TRY_ASSIGN(const AdjacencyHead head, DecodeAdjacencyHead(bytes));
      CountBlockReads({type, side}, 1);
      degree += head.degree - (skip_self_loops ? head.self_loops : 0);
      return {};
    }));
    return degree;
  }
  for (const EdgeTypeId type : SortedTypes(types)) {
    const ListSet set{type, side};
    const TopologyPart* const part = csrs == nullptr ? nullptr : csrs->Find(set);
    if (part != nullptr) {
      degree += part->DegreeOf(vertex, topology_->commit(), skip_self_loops);
      continue;
    }
    TUPU_TRY_ASSIGN(const uint64_t of_type, BlockDegree(vertex, set, skip_self_loops));
    degree += of_type;
  }
  return degree;
}

Result<std::optional<LocatedEdge>> AdjacencyReader::Locate(const EdgeReference& edge) const {
  const std::string head_key = AdjacencyHeadKey(edge.start, AdjacencySide::kOut, edge.type);
  TUPU_TRY_ASSIGN(auto bytes, kv_.Get(Keyspace::kAdjacency, head_key));
  if (!bytes) return std::optional<LocatedEdge>();
  TUPU_TRY_ASSIGN(const AdjacencyHead head, DecodeAdjacencyHead(*bytes));
  if (head.split) {
    bytes.reset();
    const Fence wanted{ToInteger(edge.end), ToInteger(edge.id)};
    KeyRange range = AdjacencyBlocksRange(edge.start, AdjacencySide::kOut, edge.type);
    range.begin = AdjacencyBlockKey(edge.start, AdjacencySide::kOut, edge.type, wanted);
    TUPU_TRY(kv_.Scan(Keyspace::kAdjacency, range.begin, range.end, [&](std::string_view, std::string_view value) {
      bytes = std::string(value);
      return false;
    }));
    if (!bytes) return std::optional<LocatedEdge>();
  }
  TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(*bytes));
  std::vector<uint64_t> targets;
  std::vector<uint64_t> edges;
  TUPU_TRY(block.DecodeTargets(targets));
  TUPU_TRY(block.DecodeEdgeIds(edges));
  for (size_t i = 0; i < targets.size(); ++i) {
    if (targets[i] != ToInteger(edge.end) || edges[i] != ToInteger(edge.id)) continue;
    return std::optional(LocatedEdge{std::move(*bytes), i, edge});
  }
  return std::optional<LocatedEdge>();
}

Result<std::optional<LocatedEdge>> AdjacencyReader::Search(EdgeId edge, VertexId start, EdgeTypeId type) const {
  const KeyRange blocks = AdjacencyBlocksRange(start, AdjacencySide::kOut, type);
  const KeyRange range{AdjacencyHeadKey(start, AdjacencySide::kOut, type), blocks.end};
  std::optional<LocatedEdge> found;
  std::vector<uint64_t> edges;
  std::vector<uint64_t> targets;
  Status failed;
  const auto search_block = [&](std::string_view value) -> Status {
    TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(value));
    TUPU_TRY(block.DecodeEdgeIds(edges));
    const auto at = std::find(edges.begin(), edges.end(), ToInteger(edge));
    if (at == edges.end()) return {};
    TUPU_TRY(block.DecodeTargets(targets));
    const auto position = static_cast<size_t>(at - edges.begin());
    found = LocatedEdge{std::string(value), position,
                        EdgeReference{edge, start, static_cast<VertexId>(targets[position]), type}};
    return {};
  };
  TUPU_TRY(kv_.Scan(Keyspace::kAdjacency, range.begin, range.end, [&](std::string_view, std::string_view value) {
    failed = search_block(value);
    return failed.has_value() && !found;
  }));
  TUPU_TRY(std::move(failed));
  return found;
}

}  // namespace tupu
