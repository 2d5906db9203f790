#pragma once

#include <random>
#include <vector>

#include "storage/csr/topology.h"
#include "storage/graph/graph_snapshot.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {

/// A store that random commits change; every view must read from CSRs what its blocks say.
class TopologyTest : public StoreTest {
 protected:
  static constexpr uint64_t kVertices = 200;

  static const GraphSnapshot& SnapshotOf(const std::shared_ptr<const GraphView>& view) {
    return dynamic_cast<const GraphSnapshot&>(*view);
  }
  Topology& topology() { return *SnapshotOf(Snapshot()).topology(); }

  void CreateVertices(uint64_t count = kVertices) {
    auto transaction = Begin();
    for (uint64_t i = 0; i < count; ++i) vertices_.push_back(Must(transaction->CreateVertex({}, {})));
    MustBeDone(transaction->Commit());
  }

  /// Creates and deletes edges: self loops, parallel edges, a hub, a vertex that loses all.
  void ChangeAtRandom(int changes, const std::vector<const char*>& types) {
    auto transaction = Begin();
    for (int i = 0; i < changes; ++i) {
      if (!edges_.empty() && Pick(4) == 0) {
        const size_t at = Pick(edges_.size());
        MustBeDone(transaction->DeleteEdge(edges_[at]));
        edges_.erase(edges_.begin() + static_cast<ptrdiff_t>(at));
        continue;
      }
      const VertexId start = Pick(4) == 0 ? vertices_[0] : vertices_[Pick(vertices_.size())];
      const VertexId end = Pick(8) == 0 ? start : vertices_[Pick(vertices_.size())];
      const EdgeTypeId type = transaction->InternEdgeType(types[Pick(types.size())]);
      edges_.push_back(Must(transaction->CreateEdge(start, type, end, {})));
      if (Pick(10) == 0) edges_.push_back(Must(transaction->CreateEdge(start, type, end, {})));
    }
    MustBeDone(transaction->Commit());
  }

  uint64_t Pick(uint64_t below) { return std::uniform_int_distribution<uint64_t>(0, below - 1)(random_); }

  static bool SameSteps(std::span<const Neighbour> a, std::span<const Neighbour> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Neighbour& x, const Neighbour& y) {
      return x.vertex == y.vertex && x.edge == y.edge && x.type == y.type && x.outgoing == y.outgoing;
    });
  }

  /// Every way to read steps, against the blocks of the same state. False at the first difference.
  static bool ReadsWhatBlocksSay(const GraphSnapshot& view, uint64_t vertices) {
    const GraphSnapshot blocks({&view.kv(), [](const KvSnapshot*) {}}, std::make_shared<StoreNames>(), view.counts(),
                               std::make_shared<const Ontology>());
    std::vector<VertexId> ids;
    for (uint64_t id = 0; id < vertices + 2; ++id) ids.push_back(static_cast<VertexId>(id));
    const std::vector<std::vector<EdgeTypeId>> selections = {
        {}, {EdgeTypeId{0}}, {EdgeTypeId{2}, EdgeTypeId{0}, EdgeTypeId{2}}, {EdgeTypeId{7}}};
    for (const Direction direction : {Direction::kOut, Direction::kIn, Direction::kBoth}) {
      for (const auto& types : selections) {
        NeighbourLists lists;
        if (!view.ExpandBatch(ids, direction, types, SIZE_MAX, lists) || lists.size() != ids.size()) return false;
        // Cut off after a few steps: a prefix of the same lists.
        NeighbourLists few;
        if (!view.ExpandBatch(ids, direction, types, 5, few) || few.size() == 0) return false;
        for (size_t i = 0; i < few.size(); ++i) {
          if (!SameSteps(few[i], lists[i]) || few.offsets[i] >= 5) return false;
        }
        if (few.size() < ids.size() && few.neighbours.size() < 5) return false;
        std::vector<VertexId> visited;
        const Status visiting =
            view.VisitSteps(direction, types, [&](VertexId id, std::span<const Neighbour> steps) -> Status {
              if (SameSteps(steps, lists[ToInteger(id)])) visited.push_back(id);
              return {};
            });
        size_t with_steps = 0;
        for (const VertexId id : ids) {
          std::vector<Neighbour> expected;
          std::vector<Neighbour> steps;
          if (!blocks.Expand(id, direction, types, expected) || !view.Expand(id, direction, types, steps)) return false;
          if (!SameSteps(expected, steps) || !SameSteps(expected, lists[ToInteger(id)])) return false;
          if (Must(view.Degree(id, direction, types)) != expected.size()) return false;
          if (Must(blocks.Degree(id, direction, types)) != expected.size()) return false;
          with_steps += expected.empty() ? 0 : 1;
        }
        if (!visiting || visited.size() != with_steps || !std::is_sorted(visited.begin(), visited.end())) return false;
      }
    }
    return true;
  }
  static bool ReadsWhatBlocksSay(const std::shared_ptr<const GraphView>& view) {
    return ReadsWhatBlocksSay(SnapshotOf(view), kVertices);
  }

  uint64_t NumCsrs() {
    uint64_t count = 0;
    for (const AdjacencyForm& form : Snapshot()->AdjacencyForms()) count += form.csr ? 1 : 0;
    return count;
  }

  std::mt19937_64 random_{20211};
  std::vector<VertexId> vertices_;
  std::vector<EdgeReference> edges_;
};

}  // namespace tupu
