#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/ids.h>
#include <tupu/result.h>

namespace tupu {

/// Exact numbers of one state of the graph, written with every commit under kCountsKey.
///   version u8 = 1 | varints: commit, next vertex, next edge, vertices, edges, number of labels, one count per label,
///   number of types, one count per type
struct GraphCounts {
  uint64_t commit = 0;       // number of commits so far
  uint64_t next_vertex = 0;  // high-water marks: ids below were given out and are never used again
  uint64_t next_edge = 0;
  uint64_t vertices = 0;
  uint64_t edges = 0;
  std::vector<uint64_t> by_label;  // index: LabelId; may be shorter than the dictionary
  std::vector<uint64_t> by_type;   // index: EdgeTypeId

  uint64_t OfLabel(LabelId label) const { return At(by_label, ToInteger(label)); }
  uint64_t OfType(EdgeTypeId type) const { return At(by_type, ToInteger(type)); }
  void AddToLabel(LabelId label, int64_t change) { Add(by_label, ToInteger(label), change); }
  void AddToType(EdgeTypeId type, int64_t change) { Add(by_type, ToInteger(type), change); }
  friend bool operator==(const GraphCounts&, const GraphCounts&) = default;

 private:
  static uint64_t At(const std::vector<uint64_t>& counts, size_t i) { return i < counts.size() ? counts[i] : 0; }
  static void Add(std::vector<uint64_t>& counts, size_t i, int64_t change) {
    if (i >= counts.size()) counts.resize(i + 1);
    counts[i] += static_cast<uint64_t>(change);
  }
};

std::string EncodeGraphCounts(const GraphCounts& counts);
Result<GraphCounts> DecodeGraphCounts(std::string_view bytes);

}  // namespace tupu
