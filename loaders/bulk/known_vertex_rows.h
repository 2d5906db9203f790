#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "storage/bulk/graph_bulk_load.h"

namespace tupu {

/// The rows of one chunk that name stored vertices and bring nothing new: VertexMerger would leave the vertices alone.
class KnownVertexRows {
 public:
  struct Row {
    VertexId vertex{};
    uint32_t id_size = 0;
  };

  /// Adds the row if the vertex has its labels (sorted) and properties (encoded) already; false if not. Errors: of the
  /// store. Cost: a read of the vertex.
  Result<bool> AddIfUnchanged(GraphBulkLoad& load, VertexId vertex, StoredExternalId id,
                              const std::vector<LabelId>& labels, std::string_view row);
  const std::vector<Row>& rows() const { return rows_; }
  /// Of the rows, one behind the other.
  std::string_view ids() const { return ids_; }
  void Clear() {
    rows_.clear();
    ids_.clear();
  }

 private:
  std::vector<Row> rows_;
  std::string ids_;
};

}  // namespace tupu
