#pragma once

// Adjacency lists of a stream of edges, and the merge operator that folds their blocks; for tupu_merge_operator alone.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <rocksdb/merge_operator.h>
#include <rocksdb/status.h>

#include "storage/keys/adjacency_block.h"
#include "storage/keys/key_codec.h"
#include "storage/keys/property_row.h"
#include "tests/bench/firm_graph.h"
#include "tests/bench/measure.h"

namespace tupu {

inline void MustRocks(const rocksdb::Status& status) {
  if (status.ok()) return;
  fmt::print(stderr, "{}\n", status.ToString());
  std::exit(1);
}

inline std::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

/// An adjacency list; ordered as its keys are.
struct ListKey {
  uint64_t vertex;
  AdjacencySide side;
  uint32_t type;
  friend auto operator<=>(const ListKey&, const ListKey&) = default;

  std::string HeadKey() const { return AdjacencyHeadKey(VertexId{vertex}, side, EdgeTypeId{type}); }
};

using Entries = std::vector<AdjacencyEntry>;

inline bool IsBefore(const AdjacencyEntry& a, const AdjacencyEntry& b) {
  return std::pair(a.target, a.edge) < std::pair(b.target, b.edge);
}

/// Edges with ids and encoded properties, as a commit has them.
struct NewEdge {
  uint64_t start;
  uint64_t end;
  uint32_t type;
  uint64_t id;
  std::string row;
};

inline NewEdge MakeEdge(const FirmGraph& graph, size_t type, uint64_t number, uint64_t id) {
  const FirmGraph::Edge edge = graph.EdgeAt(type, number);
  NewEdge made{edge.start, edge.end, static_cast<uint32_t>(type), id, {}};
  AppendRow(made.row, Properties{{PropertyKeyId{0}, Value(static_cast<int64_t>(edge.since))},
                                 {PropertyKeyId{1}, Value(edge.weight_thousandths / 1000.0)}});
  return made;
}

/// The changes of some edges, ordered within each list. The rows stay with the edges.
inline std::map<ListKey, Entries> ByList(std::span<const NewEdge> edges) {
  std::map<ListKey, Entries> lists;
  for (const NewEdge& edge : edges) {
    lists[{edge.start, AdjacencySide::kOut, edge.type}].push_back({edge.end, edge.id, edge.row});
    lists[{edge.end, AdjacencySide::kIn, edge.type}].push_back({edge.start, edge.id, {}});
  }
  for (auto& [list, entries] : lists) std::sort(entries.begin(), entries.end(), IsBefore);
  return lists;
}

/// Gathers the edges of blocks of one list and encodes them as one.
class Folder {
 public:
  void Clear() {
    entries_.clear();
    rows_.clear();
  }
  /// The rows are copied.
  void Add(std::string_view bytes) {
    const AdjacencyBlock block = Must(AdjacencyBlock::Parse(bytes));
    Must(block.DecodeTargets(targets_));
    Must(block.DecodeEdgeIds(edges_));
    Must(block.DecodeRows(rows_.emplace_back()));
    const auto middle = static_cast<std::ptrdiff_t>(entries_.size());
    for (size_t i = 0; i < targets_.size(); ++i) entries_.push_back({targets_[i], edges_[i], rows_.back().At(i)});
    std::inplace_merge(entries_.begin(), entries_.begin() + middle, entries_.end(), IsBefore);
  }
  void Add(std::span<const AdjacencyEntry> ordered) {
    const auto middle = static_cast<std::ptrdiff_t>(entries_.size());
    entries_.insert(entries_.end(), ordered.begin(), ordered.end());
    std::inplace_merge(entries_.begin(), entries_.begin() + middle, entries_.end(), IsBefore);
  }
  const Entries& entries() const { return entries_; }

  void Encode(uint64_t vertex, std::string& out) {
    const auto loops = std::count_if(entries_.begin(), entries_.end(),
                                     [&](const AdjacencyEntry& entry) { return entry.target == vertex; });
    encoder_.Encode(entries_, BlockKind::kWhole, static_cast<uint64_t>(loops), out);
  }

 private:
  std::vector<uint64_t> targets_;
  std::vector<uint64_t> edges_;
  std::deque<EncodedRows> rows_;  // stay where they are
  Entries entries_;
  AdjacencyBlockEncoder encoder_;
};

/// Folds all operands at once, into the stored block or among themselves.
class FoldBlocks : public rocksdb::MergeOperator {
 public:
  const char* Name() const override { return "FoldBlocks"; }

  bool FullMergeV2(const MergeOperationInput& in, MergeOperationOutput* out) const override {
    thread_local Folder folder;
    folder.Clear();
    if (in.existing_value != nullptr) folder.Add(ToView(*in.existing_value));
    for (const rocksdb::Slice& operand : in.operand_list) folder.Add(ToView(operand));
    folder.Encode(VertexOf(in.key), out->new_value);
    return true;
  }
  bool PartialMergeMulti(const rocksdb::Slice& key, const std::deque<rocksdb::Slice>& operands, std::string* out,
                         rocksdb::Logger*) const override {
    thread_local Folder folder;
    folder.Clear();
    for (const rocksdb::Slice& operand : operands) folder.Add(ToView(operand));
    folder.Encode(VertexOf(key), *out);
    return true;
  }

 private:
  static uint64_t VertexOf(const rocksdb::Slice& key) {
    return ToInteger(Must(DecodeAdjacencyKey(ToView(key))).vertex);
  }
};

}  // namespace tupu
