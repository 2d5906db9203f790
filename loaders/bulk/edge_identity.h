#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tupu/result.h>

#include "storage/bulk/bulk_edges.h"
#include "storage/graph/graph_snapshot.h"

namespace tupu {

class Ontology;

/// What the edges of a type are told apart by (loaders/load.h), for encoded rows: EdgeMerger does the same for decoded
/// ones.
struct EdgeIdentity {
  bool has_key = false;  // the ontology declares one; else all properties but `sources` and `confidence`
  /// Of the declared key; nullopt: no property has the name yet, so that no row has the property.
  std::vector<std::optional<PropertyKeyId>> key;

  static EdgeIdentity Of(EdgeTypeId type, const Ontology& ontology, const Catalog& catalog);
  /// Of the declared key's values and the ends; equal ones hash alike.
  uint64_t HashOf(EdgeTypeId type, const EdgeBatch::Edge& edge, std::string_view row) const;
  bool SameKey(const Properties& a, const Properties& b) const;
};

/// Of an edge's own id, which stands in `property`.
uint64_t HashOfOwnId(EdgeTypeId type, PropertyKeyId property, std::string_view row);

/// Merges the rows of a load that mean one edge, by the rules of EdgeMerger, and counts them. Threads: safe.
class EdgeRowMerge {
 public:
  /// Both must outlive it.
  EdgeRowMerge(const Ontology& ontology, const Catalog& catalog) : ontology_(ontology), catalog_(catalog) {}

  /// As BulkEdges::MergeRows.
  Result<bool> Merge(EdgeTypeId type, std::string_view first, std::span<const std::string_view> later,
                     std::string& merged);
  uint64_t merged() const { return merged_; }
  uint64_t unchanged() const { return unchanged_; }

 private:
  const Ontology& ontology_;
  const Catalog& catalog_;
  std::atomic<uint64_t> merged_ = 0;
  std::atomic<uint64_t> unchanged_ = 0;
};

}  // namespace tupu
