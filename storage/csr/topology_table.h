#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "storage/csr/topology_csr.h"
#include "storage/csr/topology_delta.h"
#include "storage/keys/adjacency_change.h"

namespace tupu {

/// The lists of one set at every commit from that of its CSR on.
struct TopologyPart {
  ListSet set;
  uint64_t commit = 0;                     // of the CSR
  std::shared_ptr<const TopologyCsr> csr;  // shared with the part that a fold makes, when nothing changed
  std::shared_ptr<TopologyDelta> delta;    // commits after it

  /// The steps of `vertex` as they were at `at`, in the order of the blocks. Requires: at >= commit.
  void AppendSteps(VertexId vertex, uint64_t at, bool skip_self_loops, std::vector<Neighbour>& out) const;
  uint64_t DegreeOf(VertexId vertex, uint64_t at, bool skip_self_loops) const;
  uint64_t bytes() const { return csr->bytes() + delta->bytes(); }
};

/// The parts there are. Never changed once others can see it, but for the deltas.
struct TopologyTable {
  std::vector<std::shared_ptr<const TopologyPart>> parts;  // by 2 * type + side; null: read blocks
  bool complete = false;                                   // no type has edges outside of it

  static size_t SlotOf(ListSet set) { return 2 * size_t{ToInteger(set.type)} + static_cast<size_t>(set.side); }
  const TopologyPart* Find(ListSet set) const {
    const size_t slot = SlotOf(set);
    return slot < parts.size() ? parts[slot].get() : nullptr;
  }
  static ListSet SetAt(size_t slot) {
    return {static_cast<EdgeTypeId>(slot / 2), static_cast<AdjacencySide>(slot % 2)};
  }
  size_t num_types() const { return parts.size() / 2; }

  /// Adds a change to the deltas of its two lists, where they have parts, and calls visit(part) with each.
  template <class Visitor>
  void AddToDeltas(uint64_t commit, const AdjacencyChange& change, Visitor&& visitor) const {
    const auto add = [&](AdjacencySide side, VertexId vertex, VertexId target) {
      const TopologyPart* const part = Find({change.type, side});
      if (part == nullptr) return;
      part->delta->Add(commit, vertex, {ToInteger(target), ToInteger(change.edge)}, change.added);
      visitor(*part);
    };
    add(AdjacencySide::kOut, change.start, change.end);
    add(AdjacencySide::kIn, change.end, change.start);
  }
};

/// In which form the lists of a set are read now.
struct AdjacencyForm {
  ListSet set;
  bool csr = false;        // else blocks
  bool from_file = false;  // the CSR is mapped, not built
  bool saved = false;      // blocks, but the store names a file that is mapped when reads pay; not looked at for this
  uint64_t edges = 0;      // in the CSR
  uint64_t bytes = 0;      // in memory, with the delta
  uint64_t changes = 0;    // in the delta
  uint64_t commit = 0;     // of the CSR
};

}  // namespace tupu
