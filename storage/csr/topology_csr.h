#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tupu/ids.h>

#include "storage/base/bits.h"
#include "storage/graph/graph_view.h"
#include "storage/keys/bytes.h"
#include "storage/keys/key_codec.h"

namespace tupu {

/// One side of one edge type: what a CSR holds.
struct ListSet {
  EdgeTypeId type{};
  AdjacencySide side = AdjacencySide::kOut;
  friend auto operator<=>(const ListSet&, const ListSet&) = default;
};

/// Numbers in 4 bytes each, or in 8 when it was made wide.
class IdColumn {
 public:
  explicit IdColumn(bool wide = false) {
    if (wide) values_.emplace<1>();
  }
  bool wide() const { return values_.index() == 1; }
  /// Calls `visit` with the vector inside, so that a loop over it knows its width.
  template <class Visitor>
  decltype(auto) Visit(Visitor&& visitor) {
    return wide() ? visitor(std::get<1>(values_)) : visitor(std::get<0>(values_));
  }
  template <class Visitor>
  decltype(auto) Visit(Visitor&& visitor) const {
    return wide() ? visitor(std::get<1>(values_)) : visitor(std::get<0>(values_));
  }
  size_t size() const {
    return Visit([](const auto& values) { return values.size(); });
  }
  size_t bytes() const { return size() * (wide() ? 8 : 4); }
  uint64_t operator[](size_t i) const { return wide() ? std::get<1>(values_)[i] : std::get<0>(values_)[i]; }
  /// Requires: wide(), or value < 2^32.
  void Append(uint64_t value) {
    Visit([&](auto& values) {
      values.push_back(static_cast<typename std::decay_t<decltype(values)>::value_type>(value));
    });
  }
  void Reserve(size_t size) {
    Visit([&](auto& values) { values.reserve(size); });
  }
  /// Numbers of the same width as they lie in memory.
  void AppendBytes(std::string_view bytes) {
    Visit([&](auto& values) {
      const size_t before = values.size();
      values.resize(before + bytes.size() / sizeof(values[0]));
      std::memcpy(values.data() + before, bytes.data(), bytes.size());
    });
  }

 private:
  std::variant<std::vector<uint32_t>, std::vector<uint64_t>> values_;
};

/// The numbers of an IdColumn, or of a file in the same form, where they lie.
class IdSpan {
 public:
  IdSpan() = default;
  explicit IdSpan(const IdColumn& column) {
    column.Visit([&](const auto& values) { values_ = std::span(values.data(), values.size()); });
  }
  explicit IdSpan(std::span<const uint32_t> values) : values_(values) {}
  explicit IdSpan(std::span<const uint64_t> values) : values_(values) {}

  bool wide() const { return values_.index() == 1; }
  /// As IdColumn::Visit, with a span.
  template <class Visitor>
  decltype(auto) Visit(Visitor&& visitor) const {
    return wide() ? visitor(std::get<1>(values_)) : visitor(std::get<0>(values_));
  }
  size_t size() const {
    return Visit([](const auto& values) { return values.size(); });
  }
  size_t bytes() const { return size() * (wide() ? 8 : 4); }
  uint64_t operator[](size_t i) const { return wide() ? std::get<1>(values_)[i] : std::get<0>(values_)[i]; }
  friend bool operator==(const IdSpan& a, const IdSpan& b) {
    if (a.wide() != b.wide()) return false;
    return a.wide() ? std::ranges::equal(std::get<1>(a.values_), std::get<1>(b.values_))
                    : std::ranges::equal(std::get<0>(a.values_), std::get<0>(b.values_));
  }

 private:
  std::variant<std::span<const uint32_t>, std::span<const uint64_t>> values_;
};

/// Every list of one edge type and side at one commit, as compressed sparse rows: the form that traversal runs on.
///
/// Rows    only vertices with edges have one, in the order of their ids. 64 vertices make a group: a bit each says who has
///         a row, and offsets count from the first edge of the group, so most groups have them in one byte each. A row is
///         found in O(1). On the graphs we know, most vertices lack most types: an offset of 4 bytes per vertex would be the
///         larger half of the memory.
/// Order   each row by (target, edge id), as in the blocks.
/// Memory  4 bytes for each target and edge id, 8 above 2^32; for each row 1 byte where its group has less than 256 edges,
///         else 2, 4 or 8; 0.25 per vertex id and 8 to 16 per group with rows.
/// Life    built once (TopologyCsrBuilder) or mapped from a file (storage/csr/saved_topology.h), then read by any number of
///         threads. A copy shares the arrays.
class TopologyCsr {
 public:
  struct Group {
    uint64_t bits = 0;   // bit i: vertex 64 * group + i has a row
    uint64_t place = 0;  // of its offsets: 4 * first byte + binary logarithm of the bytes of each; 0 without rows
    friend bool operator==(const Group&, const Group&) = default;
  };
  /// The whole of it.
  struct Arrays {
    std::span<const Group> groups;
    /// Of each group with rows, in their order: edges before the group (8 bytes), then in 1, 2, 4 or 8 bytes each how many
    /// of the group's edges lie before each of its rows, and in all. Little-endian, unaligned; kOffsetSlack zeros follow,
    /// since any offset is read as 8 bytes.
    std::string_view offsets;
    IdSpan targets;
    IdSpan edges;  // as many
    friend bool operator==(const Arrays& a, const Arrays& b) {
      return std::ranges::equal(a.groups, b.groups) && a.offsets == b.offsets && a.targets == b.targets &&
             a.edges == b.edges;
    }
    /// Whether each group's offsets lie within `offsets` and follow those before, and the last ends with the edges: what
    /// reading relies on, but for the offsets inside of a group. Cost: O(groups).
    bool FitTogether() const;
  };
  static constexpr size_t kOffsetSlack = 7;

  /// Takes arrays that a TopologyCsr once had. They live as long as `owner`.
  TopologyCsr(const Arrays& arrays, std::shared_ptr<const void> owner, bool from_file)
      : groups_(arrays.groups),
        offsets_(arrays.offsets),
        targets_(arrays.targets),
        edges_(arrays.edges),
        owner_(std::move(owner)),
        from_file_(from_file) {}

  struct Row {
    uint64_t begin = 0;
    uint64_t end = 0;
    uint64_t size() const { return end - begin; }
  };

  uint64_t num_edges() const { return targets_.size(); }
  uint64_t bytes() const {
    return groups_.size() * sizeof(Group) + offsets_.size() + targets_.bytes() + edges_.bytes();
  }
  /// What `bytes` will be, about: from above unless some rows are far longer than others.
  static uint64_t EstimateBytes(uint64_t next_vertex, uint64_t next_edge, uint64_t edges);

  /// Empty for a vertex without edges, whether there is such a vertex or not.
  Row RowOf(VertexId vertex) const {
    const uint64_t id = ToInteger(vertex);
    if (id / 64 >= groups_.size()) return {};
    const Group& group = groups_[id / 64];
    const uint64_t bit = uint64_t{1} << (id % 64);
    if ((group.bits & bit) == 0) return {};
    const GroupOffsets offsets(offsets_, group);
    const uint64_t row = CountBits(group.bits & (bit - 1));
    return {offsets[row], offsets[row + 1]};
  }
  /// Asks the memory for what RowOf, and then for what reading the row will touch.
  void PrefetchGroup(VertexId vertex) const {
    if (ToInteger(vertex) / 64 < groups_.size()) __builtin_prefetch(&groups_[ToInteger(vertex) / 64]);
  }
  void PrefetchRow(const Row& row) const;

  /// Calls visit(target, edge), as numbers, along the row.
  template <class Visitor>
  void VisitRow(const Row& row, Visitor&& visitor) const {
    targets_.Visit([&](const auto& targets) {
      edges_.Visit([&](const auto& edges) {
        for (uint64_t i = row.begin; i < row.end; ++i) visitor(uint64_t{targets[i]}, uint64_t{edges[i]});
      });
    });
  }
  /// Appends the row as steps. `vertex` matters only when self loops are to be left out.
  void AppendSteps(const Row& row, VertexId vertex, ListSet set, bool skip_self_loops,
                   std::vector<Neighbour>& out) const;
  /// Number of self loops of `vertex` in its row: O(log size).
  uint64_t CountSelfLoops(const Row& row, VertexId vertex) const;

  /// Calls visit(vertex, row) for each vertex that has one, ascending, from `first` on and below `end`.
  template <class Visitor>
  void VisitRows(uint64_t first, uint64_t end, Visitor&& visitor) const {
    for (uint64_t group = first / 64; group < groups_.size() && group * 64 < end; ++group) {
      uint64_t bits = groups_[group].bits;
      if (bits == 0) continue;
      const GroupOffsets offsets(offsets_, groups_[group]);
      for (uint64_t row = 0; bits != 0; bits &= bits - 1, ++row) {
        const uint64_t vertex = group * 64 + static_cast<uint64_t>(std::countr_zero(bits));
        if (vertex >= first && vertex < end)
          visitor(static_cast<VertexId>(vertex), Row{offsets[row], offsets[row + 1]});
      }
    }
  }

  const IdSpan& targets() const { return targets_; }
  const IdSpan& edges() const { return edges_; }
  Arrays arrays() const { return {groups_, offsets_, targets_, edges_}; }
  bool from_file() const { return from_file_; }
  friend bool operator==(const TopologyCsr& a, const TopologyCsr& b) { return a.arrays() == b.arrays(); }

 private:
  /// The offsets of a group that has rows; [i] is that of its row i, of [rows] where the last one ends.
  class GroupOffsets {
   public:
    GroupOffsets(std::string_view offsets, const Group& group)
        : at_(offsets.data() + group.place / 4 + 8),
          shift_(group.place % 4),
          mask_(~uint64_t{0} >> (64 - (8 << shift_))),
          edges_before_(Load(at_ - 8)) {}
    /// Reads 8 bytes whatever the width: hops to groups of different widths would mislead a branch.
    uint64_t operator[](uint64_t row) const { return edges_before_ + (Load(at_ + (row << shift_)) & mask_); }

   private:
    static uint64_t Load(const char* at) {
      uint64_t v;
      std::memcpy(&v, at, sizeof v);
      return LittleEndian(v);
    }
    const char* at_;
    uint64_t shift_;
    uint64_t mask_;
    uint64_t edges_before_;
  };

  std::span<const Group> groups_;
  std::string_view offsets_;
  IdSpan targets_;
  IdSpan edges_;
  std::shared_ptr<const void> owner_;
  bool from_file_;
};

/// A row to come: its vertex, counted from another one, and its edges.
struct CsrRowSize {
  uint32_t vertex = 0;
  uint32_t edges = 0;
};

/// Takes rows in ascending vertex ids, each in its order. One thread.
class TopologyCsrBuilder {
 public:
  static constexpr uint64_t kNarrow = uint64_t{1} << 32;
  static bool WideTargets(uint64_t next_vertex) { return next_vertex > kNarrow; }
  static bool WideEdges(uint64_t next_edge) { return next_edge > kNarrow; }

  /// Below these ids all vertices and edges lie: they decide the widths.
  TopologyCsrBuilder(uint64_t next_vertex, uint64_t next_edge);

  void Reserve(uint64_t edges);
  /// Begins the row of a vertex above all before; a row must get an edge.
  void BeginRow(uint64_t vertex);
  void AppendEdge(uint64_t target, uint64_t edge) {
    targets_.Append(target);
    edges_.Append(edge);
  }
  /// Rows [first, end) of vertices of `csr` as they are: whole runs are copied.
  void AppendRows(const TopologyCsr& csr, uint64_t first, uint64_t end);
  /// Rows whose vertices count from `first_vertex`. `targets` and `edges`: of all of them, as bytes of the columns' widths.
  void AppendRows(uint64_t first_vertex, std::span<const CsrRowSize> rows, std::string_view targets,
                  std::string_view edges);
  /// A hole in `targets` and `edges` to be filled by the caller, for a row begun before: fill(targets, edges), pointers of
  /// the columns' own widths. What fill gives back is given back.
  template <class Fill>
  bool AppendEdges(size_t count, Fill&& fill) {
    return targets_.Visit([&](auto& targets) {
      return edges_.Visit([&](auto& edges) {
        const size_t at = targets.size();
        targets.resize(at + count);
        edges.resize(at + count);
        return static_cast<bool>(fill(targets.data() + at, edges.data() + at));
      });
    });
  }
  uint64_t num_edges() const { return targets_.size(); }

  TopologyCsr Finish();

 private:
  void BeginRowAt(uint64_t vertex, uint64_t offset);
  void EndGroup(uint64_t offset);

  std::vector<TopologyCsr::Group> groups_;
  std::string offsets_ = std::string(TopologyCsr::kOffsetSlack, '\0');
  std::vector<uint64_t> begins_;  // of the rows of the last group, until it ends
  IdColumn targets_;
  IdColumn edges_;
};

}  // namespace tupu
