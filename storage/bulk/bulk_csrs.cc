#include "storage/bulk/bulk_csrs.h"

#include <cstring>
#include <string>
#include <utility>

namespace tupu {

namespace {

template <class T>
std::string BytesOf(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::string BytesOf(const IdColumn& ids) {
  return ids.Visit([](const auto& values) { return BytesOf(values); });
}

}  // namespace

BulkCsrs::Part::Lists::Lists(const BulkCsrs& csrs)
    : targets(TopologyCsrBuilder::WideTargets(csrs.next_vertex_)),
      edges(TopologyCsrBuilder::WideEdges(csrs.next_edge_)) {}

void BulkCsrs::Part::Add(VertexId vertex, ListSet set, std::span<const AdjacencyEntry> entries) {
  Lists& lists = lists_.try_emplace(set, csrs_).first->second;
  lists.rows.push_back(
      {static_cast<uint32_t>(ToInteger(vertex) - first_vertex_), static_cast<uint32_t>(entries.size())});
  const auto append = [&](IdColumn& column, uint64_t AdjacencyEntry::*id) {
    column.Visit([&](auto& values) {
      using Id = typename std::decay_t<decltype(values)>::value_type;
      for (const AdjacencyEntry& entry : entries) values.push_back(static_cast<Id>(entry.*id));
    });
  };
  append(lists.targets, &AdjacencyEntry::target);
  append(lists.edges, &AdjacencyEntry::edge);
}

Status BulkCsrs::Part::Finish() {
  for (auto& [set, lists] : lists_) {
    Pieces pieces;
    TUPU_TRY_ASSIGN(pieces.rows, csrs_.pool_.Keep(BytesOf(lists.rows)));
    TUPU_TRY_ASSIGN(pieces.targets, csrs_.pool_.Keep(BytesOf(lists.targets)));
    TUPU_TRY_ASSIGN(pieces.edges, csrs_.pool_.Keep(BytesOf(lists.edges)));
    lists = Lists(csrs_);
    const std::scoped_lock lock(csrs_.mutex_);
    csrs_.pieces_[set].emplace(first_vertex_, std::move(pieces));
  }
  lists_.clear();
  return {};
}

std::vector<ListSet> BulkCsrs::sets() const {
  std::vector<ListSet> sets;
  for (const auto& [set, pieces] : pieces_) sets.push_back(set);
  return sets;
}

Result<TopologyCsr> BulkCsrs::Take(ListSet set) {
  TopologyCsrBuilder builder(next_vertex_, next_edge_);
  const auto parts = pieces_.find(set);
  if (parts == pieces_.end()) return builder.Finish();
  uint64_t edges = 0;
  for (const auto& [first_vertex, pieces] : parts->second) {
    edges += pieces.targets.size / (TopologyCsrBuilder::WideTargets(next_vertex_) ? 8 : 4);
  }
  builder.Reserve(edges);
  for (auto& [first_vertex, pieces] : parts->second) {
    TUPU_TRY_ASSIGN(const std::string row_bytes, pool_.Take(std::move(pieces.rows)));
    TUPU_TRY_ASSIGN(const std::string targets, pool_.Take(std::move(pieces.targets)));
    TUPU_TRY_ASSIGN(const std::string edge_ids, pool_.Take(std::move(pieces.edges)));
    std::vector<CsrRowSize> rows(row_bytes.size() / sizeof(CsrRowSize));
    std::memcpy(rows.data(), row_bytes.data(), row_bytes.size());
    builder.AppendRows(first_vertex, rows, targets, edge_ids);
  }
  pieces_.erase(parts);
  return builder.Finish();
}

}  // namespace tupu
