#include "storage/csr/topology_csr.h"

#include <algorithm>

#include "storage/base/check.h"

namespace tupu {

namespace {

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
  return next_vertex / 4 + (target_bytes + edge_bytes) * edges + edge_bytes * std::min(next_vertex, edges);
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
  // There are no more edges than edge ids, so offsets are as wide.
  edges_ = IdColumn(WideEdges(next_edge));
  offsets_ = IdColumn(WideEdges(next_edge));
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
  const uint64_t row = offsets_.size();
  offsets_.Append(offset);
  while (groups_.size() <= vertex / 64) groups_.push_back({0, row});
  groups_.back().bits |= uint64_t{1} << (vertex % 64);
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
  offsets_.Append(targets_.size());
  const auto owned = std::make_shared<const TopologyCsrBuilder>(std::move(*this));
  return {{owned->groups_, IdSpan(owned->offsets_), IdSpan(owned->targets_), IdSpan(owned->edges_)}, owned, false};
}

}  // namespace tupu
