#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "storage/graph/graph_store.h"

namespace tupu {

// What the writers of the fault tests do. Transaction number s of writer w (both from 1 and 0) is fixed: it adds a vertex
// with edges to a hub that all writers share and from the vertex before it, and now and then deletes vertices and edges,
// changes properties and labels, adds loops and parallel edges. So the state after any number of a writer's transactions
// is known, and what a store holds can be held against it: nothing lost, nothing half, nothing twice, nothing back.

/// The state that the first transactions of one writer leave.
class WriterModel {
 public:
  explicit WriterModel(uint32_t writer) : writer_(writer) {}

  /// Applies transaction number applied() + 1.
  void ApplyNext();
  uint64_t applied() const { return applied_; }
  /// Each vertex, with its labels, properties and the edges on both sides, as one line.
  std::set<std::string> Lines() const;

 private:
  struct Vertex {
    bool odd = false;
    uint64_t touched = 0;
  };
  struct Edge {
    uint64_t start;
    std::string type;
    uint64_t end;  // kHub: the hub
    uint64_t made_by;
    friend auto operator<=>(const Edge&, const Edge&) = default;
  };
  static constexpr uint64_t kHub = UINT64_MAX;

  const uint32_t writer_;
  uint64_t applied_ = 0;
  std::map<uint64_t, Vertex> vertices_;
  std::multiset<Edge> edges_;
};

/// Makes the hub, if it is not there.
Status PrepareScript(GraphStore& store);

/// Runs transaction number `number` of the writer and commits it; tries again on kConflict.
Status RunScript(GraphStore& store, uint32_t writer, uint64_t number);

/// What a view holds of each writer, as WriterModel::Lines; read through the public interface only.
Result<std::map<uint32_t, std::set<std::string>>> ReadLines(const GraphView& view);

/// Holds a view against itself: both directions of each edge, degrees, counts, labels, names, external ids.
/// Errors: kInternal says what does not fit; others as they come from the store.
Status CheckView(const GraphView& view);

/// How many transactions of the writers `view` holds: for each writer a number in [least, most], else kInternal with the
/// first difference; the view is checked, too. `most` may be `least`.
Result<std::vector<uint64_t>> FindProgress(const GraphView& view, const std::vector<uint64_t>& least,
                                           const std::vector<uint64_t>& most);

}  // namespace tupu
