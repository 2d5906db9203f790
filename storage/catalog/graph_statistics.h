#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <tupu/ids.h>

#include "storage/catalog/index_catalog.h"

namespace tupu {

/// How the values of one index are spread, as it was when they were counted. Values are in index order, encoded
/// (storage/keys/ordered_value.h); so a range of keys is a range of them.
struct IndexStatistics {
  static constexpr size_t kBuckets = 64;

  uint64_t entries = 0;
  std::vector<uint64_t> distinct;   // [k]: different values of the first k + 1 properties
  std::vector<std::string> bounds;  // equi-depth: bounds[i] is the value at entry i * entries / kBuckets; ascending

  /// Entries with values in [begin, end); `end` empty: to the last. Interpolates half a bucket where a range ends within one.
  double EstimateRange(std::string_view begin, std::string_view end) const;
  /// Entries with given values of the first `properties` properties, whatever those are.
  double EstimateEqual(size_t properties) const;
};

/// From a label, over a type, to a label; kAnyLabel at one end: whatever that has. An edge counts once for each pair of labels of
/// its ends.
inline constexpr LabelId kAnyLabel = static_cast<LabelId>(UINT32_MAX);
using LabelTriple = std::tuple<LabelId, EdgeTypeId, LabelId>;

/// What the planner knows beyond the counts per label and type (GraphView::CountVertices, CountEdges: exact in every state).
/// Not exact: taken when an index is built and when statistics are refreshed; `commit` says when. Immutable once shared.
struct GraphStatistics {
  std::map<IndexId, IndexStatistics> indexes;
  std::map<LabelTriple, uint64_t> triples;
  uint64_t commit = 0;         // the triples were exact after this commit; 0: never counted
  uint64_t edges_counted = 0;  // the edges there were then

  /// Edges of `type` that leave (or reach) vertices with `label`; nullopt: never counted.
  std::optional<uint64_t> EdgesAt(LabelId label, EdgeTypeId type, bool leaving) const;

  const IndexStatistics* Find(IndexId id) const {
    const auto found = indexes.find(id);
    return found == indexes.end() ? nullptr : &found->second;
  }
};

/// What a state of the graph knows about its own shape; replaced as a whole.
struct SchemaState {
  IndexCatalog indexes;
  GraphStatistics statistics;
};

/// Makes IndexStatistics of entries given in index order.
class IndexStatisticsBuilder {
 public:
  /// `entries`: how many will come, as near as it is known.
  IndexStatisticsBuilder(size_t num_properties, uint64_t entries);
  /// `ends`: where the value of each property ends in `values`.
  void Add(std::string_view values, const std::vector<size_t>& ends);
  IndexStatistics Finish() &&;

 private:
  IndexStatistics statistics_;
  std::string last_;
  uint64_t step_;
};

}  // namespace tupu
