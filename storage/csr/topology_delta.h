#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include <tupu/ids.h>

namespace tupu {

/// An edge within a row: what rows are ordered by.
struct RowEdge {
  uint64_t target = 0;
  uint64_t edge = 0;
  friend auto operator<=>(const RowEdge&, const RowEdge&) = default;
};

/// What commits changed in one row, seen at one commit. Both ordered.
struct RowChanges {
  std::vector<RowEdge> added;
  std::vector<RowEdge> removed;  // of the CSR's row
};

/// What commits after that of a CSR changed in its rows, by vertex and in the order of commits, so that a reader at any
/// commit sees its own state.
///
/// Cost     a vertex without changes: one bit, no lock. Else a lock shared by readers, and the vertex's changes.
/// Memory   about 100 bytes a change; Topology folds before that hurts.
/// Threads  one that adds, any number that read.
class TopologyDelta {
 public:
  /// Bits are kept by vertex id up to `next_vertex`; later vertices share them, which costs a look-up in vain.
  explicit TopologyDelta(uint64_t next_vertex);

  /// Requires: `commit` is not below that of an earlier call.
  void Add(uint64_t commit, VertexId vertex, RowEdge edge, bool added);

  bool MayHave(VertexId vertex) const {
    const uint64_t id = ToInteger(vertex) & mask_;
    return (bits_[id / 64].load(std::memory_order_acquire) >> (id % 64) & 1) != 0;
  }
  /// What commits up to `commit` changed; `out` is replaced. False: nothing.
  bool Read(VertexId vertex, uint64_t commit, RowChanges& out) const;

  /// By how much the row has grown up to `commit`, and by how many self loops.
  struct Growth {
    int64_t edges = 0;
    int64_t self_loops = 0;
  };
  Growth GrowthOf(VertexId vertex, uint64_t commit) const;

  uint64_t size() const { return size_.load(std::memory_order_relaxed); }
  uint64_t bytes() const { return bits_.size() * sizeof(bits_[0]) + size() * kBytesPerChange; }

  /// Vertices with changes, ascending.
  std::vector<VertexId> ChangedVertices() const;
  /// Adds what came after `commit` to an empty delta.
  void CopyAfter(uint64_t commit, TopologyDelta& to) const;

 private:
  static constexpr uint64_t kBytesPerChange = 100;
  static constexpr size_t kShards = 16;

  struct Change {
    uint64_t commit;
    RowEdge edge;
    Growth growth;  // with all before
    bool added;
  };
  struct Shard {
    mutable std::shared_mutex mutex;
    std::unordered_map<VertexId, std::vector<Change>> changes;
  };

  Shard& ShardOf(VertexId vertex) { return shards_[ToInteger(vertex) % kShards]; }
  const Shard& ShardOf(VertexId vertex) const { return shards_[ToInteger(vertex) % kShards]; }

  uint64_t mask_;
  std::vector<std::atomic<uint64_t>> bits_;
  std::array<Shard, kShards> shards_;
  std::atomic<uint64_t> size_ = 0;
};

}  // namespace tupu
