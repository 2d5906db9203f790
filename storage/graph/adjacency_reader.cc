#include "storage/graph/adjacency_reader.h"

#include <algorithm>

#include "storage/keys/bytes.h"

namespace tupu {

namespace {

/// Decodes blocks into steps; its buffers are kept from block to block.
class StepDecoder {
 public:
  StepDecoder(VertexId vertex, AdjacencySide side, bool skip_self_loops, std::vector<Neighbour>& out)
      : vertex_(vertex), side_(side), skip_self_loops_(skip_self_loops), out_(out) {}

  /// Gives back the block, for what else is to be read from it.
  Result<AdjacencyBlock> Append(EdgeTypeId type, std::string_view bytes) {
    TUPU_TRY_ASSIGN(AdjacencyBlock block, AdjacencyBlock::Parse(bytes));
    TUPU_TRY(block.DecodeTargets(targets_));
    TUPU_TRY(block.DecodeEdgeIds(edges_));
    out_.reserve(out_.size() + targets_.size());
    for (size_t i = 0; i < targets_.size(); ++i) {
      const auto target = static_cast<VertexId>(targets_[i]);
      if (skip_self_loops_ && target == vertex_) continue;
      out_.push_back({target, static_cast<EdgeId>(edges_[i]), type, side_ == AdjacencySide::kOut});
    }
    return block;
  }

 private:
  VertexId vertex_;
  AdjacencySide side_;
  bool skip_self_loops_;
  std::vector<Neighbour>& out_;
  std::vector<uint64_t> targets_;
  std::vector<uint64_t> edges_;
};

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

std::vector<EdgeTypeId> SortedOnce(std::span<const EdgeTypeId> types) {
  std::vector<EdgeTypeId> sorted(types.begin(), types.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

}  // namespace

Status AdjacencyReader::VisitBlocks(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                                    const std::function<Status(EdgeTypeId, std::string_view)>& visit) const {
  if (types.empty()) {
    return ScanAll(kv_, AdjacencyRange(vertex, DirectionOf(side)), [&](std::string_view key, std::string_view value) {
      auto decoded = DecodeAdjacencyKey(key);
      if (!decoded) return Status(decoded.error());
      return visit(decoded->type, value);
    });
  }
  const std::vector<EdgeTypeId> sorted = types.size() > 1 ? SortedOnce(types) : std::vector<EdgeTypeId>{types[0]};
  for (const EdgeTypeId type : sorted) {
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

Status AdjacencyReader::Expand(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                               bool skip_self_loops, std::vector<Neighbour>& out) const {
  StepDecoder decoder(vertex, side, skip_self_loops, out);
  return VisitBlocks(vertex, side, types, [&](EdgeTypeId type, std::string_view bytes) -> Status {
    TUPU_TRY(decoder.Append(type, bytes));
    return {};
  });
}

Status AdjacencyReader::ExpandWithProperties(VertexId vertex, std::span<const EdgeTypeId> types,
                                             std::vector<NeighbourRecord>& out) const {
  std::vector<Neighbour> steps;
  std::vector<Properties> properties;
  StepDecoder decoder(vertex, AdjacencySide::kOut, false, steps);
  return VisitBlocks(vertex, AdjacencySide::kOut, types, [&](EdgeTypeId type, std::string_view bytes) -> Status {
    steps.clear();
    TUPU_TRY_ASSIGN(const AdjacencyBlock block, decoder.Append(type, bytes));
    TUPU_TRY(block.DecodeProperties(properties));
    for (size_t i = 0; i < steps.size(); ++i) out.push_back({steps[i], std::move(properties[i])});
    return {};
  });
}

Status AdjacencyReader::VisitHeads(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                                   const std::function<Status(EdgeTypeId, std::string_view)>& visit) const {
  if (!types.empty()) {
    for (const EdgeTypeId type : SortedOnce(types)) {
      TUPU_TRY_ASSIGN(const auto bytes, kv_.Get(Keyspace::kAdjacency, AdjacencyHeadKey(vertex, side, type)));
      if (bytes) TUPU_TRY(visit(type, *bytes));
    }
    return {};
  }
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

Result<uint64_t> AdjacencyReader::Degree(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                                         bool skip_self_loops) const {
  uint64_t degree = 0;
  TUPU_TRY(VisitHeads(vertex, side, types, [&](EdgeTypeId, std::string_view bytes) -> Status {
    TUPU_TRY_ASSIGN(const AdjacencyHead head, DecodeAdjacencyHead(bytes));
    degree += head.degree - (skip_self_loops ? head.self_loops : 0);
    return {};
  }));
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
