#include "storage/csr/topology_csr.h"

#include <algorithm>

#include "storage/base/check.h"

namespace tupu {

namespace {

constexpr uint64_t kGroupVertices = 64;
constexpr uint64_t kOffsetsHead = 8;  // of a group's offsets: the edges before it
constexpr uint64_t kMeanOffset = 2;   // bytes of one in an estimate: more than most groups need, less than hubs do

/// The binary logarithm of the bytes that numbers up to `most` take as offsets.
uint64_t ShiftFor(uint64_t most) {
  if (most >> 32 != 0) return 3;
  return most >> 16 != 0 ? 2 : most >> 8 != 0 ? 1 : 0;
}

void Store(char* at, uint64_t v) {
  v = LittleEndian(v);
  std::memcpy(at, &v, sizeof v);
}

/// Room for `more`, growing as push_back does: an exact reserve before each list would copy everything each time.
template <class T>
void MakeRoom(std::vector<T>& out, size_t more) {
  const size_t needed = out.size() + more;
  if (needed > out.capacity()) out.reserve(std::max(needed, 2 * out.capacity()));
}

}  // namespace

uint64_t TopologyCsr::EstimateBytes(uint64_t next_vertex, uint64_t next_edge, uint64_t edges) {
  const uint64_t target_bytes = TopologyCsrBuilder::WideTargets(next_vertex) ? 8 : 4;
  const uint64_t edge_bytes = TopologyCsrBuilder::WideEdges(next_edge) ? 8 : 4;
  const uint64_t groups = next_vertex / kGroupVertices + 1;
  return groups * sizeof(Group) + (target_bytes + edge_bytes) * edges +
         std::min(groups, edges) * (kOffsetsHead + kMeanOffset) + std::min(next_vertex, edges) * kMeanOffset;
}

bool TopologyCsr::Arrays::FitTogether() const {
  if (offsets.size() < kOffsetSlack) return false;
  const uint64_t end = offsets.size() - kOffsetSlack;
  uint64_t place = 0;
  uint64_t edges_before = 0;
  for (const Group& group : groups) {
    if (group.bits == 0) continue;
    const uint64_t rows = CountBits(group.bits);
    const uint64_t size = kOffsetsHead + ((rows + 1) << group.place % 4);
    if (group.place / 4 != place || size > end - place) return false;
    const GroupOffsets group_offsets(offsets, group);
    if (group_offsets[0] != edges_before || group_offsets[rows] < edges_before) return false;
    edges_before = group_offsets[rows];
    place += size;
  }
  return place == end && edges_before == targets.size() && edges_before == edges.size();
}

void TopologyCsr::PrefetchRow(const Row& row) const {
  if (row.size() == 0) return;
  const auto ask = [&](const auto& values) {
    const auto* const first = values.data() + row.begin;
    const auto* const last = values.data() + row.end - 1;
    // The first lines of a long row: the processor sees the rest coming.
    constexpr ptrdiff_t kLine = static_cast<ptrdiff_t>(64 / sizeof(*first));
    for (int line = 0; line < 4 && first + line * kLine <= last; ++line) __builtin_prefetch(first + line * kLine);
    __builtin_prefetch(last);
  };
  targets_.Visit(ask);
  edges_.Visit(ask);
}

void TopologyCsr::AppendSteps(const Row& row, VertexId vertex, ListSet set, bool skip_self_loops,
                              std::vector<Neighbour>& out) const {
  const size_t first = out.size();
  MakeRoom(out, row.size());
  out.resize(first + row.size());
  Neighbour* at = out.data() + first;
  const bool outgoing = set.side == AdjacencySide::kOut;
  if (!skip_self_loops) {
    VisitRow(row, [&](uint64_t target, uint64_t edge) {
      *at++ = {static_cast<VertexId>(target), static_cast<EdgeId>(edge), set.type, outgoing};
    });
    return;
  }
  VisitRow(row, [&](uint64_t target, uint64_t edge) {
    if (static_cast<VertexId>(target) == vertex) return;
    *at++ = {static_cast<VertexId>(target), static_cast<EdgeId>(edge), set.type, outgoing};
  });
  out.resize(static_cast<size_t>(at - out.data()));
}

uint64_t TopologyCsr::CountSelfLoops(const Row& row, VertexId vertex) const {
  return targets_.Visit([&](const auto& targets) {
    const auto begin = targets.begin() + static_cast<ptrdiff_t>(row.begin);
    const auto end = targets.begin() + static_cast<ptrdiff_t>(row.end);
    const auto [low, high] = std::equal_range(begin, end, ToInteger(vertex));
    return static_cast<uint64_t>(high - low);
  });
}

TopologyCsrBuilder::TopologyCsrBuilder(uint64_t next_vertex, uint64_t next_edge) {
  targets_ = IdColumn(WideTargets(next_vertex));
  edges_ = IdColumn(WideEdges(next_edge));
  begins_.reserve(kGroupVertices + 1);
  groups_.reserve(std::min<uint64_t>((next_vertex + 63) / 64, 1 << 16));
}

void TopologyCsrBuilder::Reserve(uint64_t edges) {
  targets_.Reserve(edges);
  edges_.Reserve(edges);
}

void TopologyCsrBuilder::BeginRow(uint64_t vertex) {
  BeginRowAt(vertex, targets_.size());
}

void TopologyCsrBuilder::BeginRowAt(uint64_t vertex, uint64_t offset) {
  if (vertex / 64 >= groups_.size()) {
    EndGroup(offset);
    groups_.resize(vertex / 64 + 1);
  }
  groups_.back().bits |= uint64_t{1} << (vertex % 64);
  begins_.push_back(offset);
}

/// Its last row ends at `end`.
void TopologyCsrBuilder::EndGroup(uint64_t end) {
  if (begins_.empty()) return;
  begins_.push_back(end);
  const uint64_t first = begins_.front();
  const uint64_t shift = ShiftFor(end - first);
  const uint64_t place = offsets_.size() - TopologyCsr::kOffsetSlack;
  groups_.back().place = 4 * place + shift;
  offsets_.resize(offsets_.size() + kOffsetsHead + (begins_.size() << shift));
  char* at = offsets_.data() + place;
  Store(at, first);
  at += kOffsetsHead;
  // The upper bytes of each are zeros, which the next one writes over.
  for (const uint64_t begin : begins_) {
    Store(at, begin - first);
    at += uint64_t{1} << shift;
  }
  begins_.clear();
}

void TopologyCsrBuilder::AppendRows(const TopologyCsr& csr, uint64_t first, uint64_t end) {
  uint64_t run_begin = 0;
  uint64_t run_end = 0;
  bool any = false;
  const uint64_t base = targets_.size();
  csr.VisitRows(first, end, [&](VertexId vertex, const TopologyCsr::Row& row) {
    if (!any) run_begin = row.begin;
    any = true;
    run_end = row.end;
    BeginRowAt(ToInteger(vertex), base + row.begin - run_begin);
  });
  if (!any) return;
  const auto copy = [&](const IdSpan& from, IdColumn& to) {
    from.Visit([&](const auto& source) {
      to.Visit([&](auto& values) {
        values.insert(values.end(), source.begin() + static_cast<ptrdiff_t>(run_begin),
                      source.begin() + static_cast<ptrdiff_t>(run_end));
      });
    });
  };
  copy(csr.targets(), targets_);
  copy(csr.edges(), edges_);
}

void TopologyCsrBuilder::AppendRows(uint64_t first_vertex, std::span<const CsrRowSize> rows, std::string_view targets,
                                    std::string_view edges) {
  uint64_t offset = targets_.size();
  for (const CsrRowSize& row : rows) {
    BeginRowAt(first_vertex + row.vertex, offset);
    offset += row.edges;
  }
  targets_.AppendBytes(targets);
  edges_.AppendBytes(edges);
  TUPU_CHECK(offset == targets_.size());
}

TopologyCsr TopologyCsrBuilder::Finish() {
  TUPU_CHECK(targets_.size() == edges_.size());
  EndGroup(targets_.size());
  const auto owned = std::make_shared<const TopologyCsrBuilder>(std::move(*this));
  return {{owned->groups_, owned->offsets_, IdSpan(owned->targets_), IdSpan(owned->edges_)}, owned, false};
}

}  // namespace tupu
