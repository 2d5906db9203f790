#pragma once

#include <vector>

#include "query/executor/batch.h"

namespace tupu {

/// Appends the vertices of the rows that have one in `slot`, and their rows: nulls, as OPTIONAL MATCH leaves them, begin no
/// pattern.
inline void CollectVertices(const Batch& batch, Slot slot, std::vector<VertexId>& vertices,
                            std::vector<uint32_t>& rows) {
  const Column& column = batch.columns[slot];
  for (uint32_t row = 0; row < batch.size; ++row) {
    if (column.IsNull(row)) continue;
    if (column.type() == ColumnType::kVertex) {
      vertices.push_back(column.vertices()[row]);
    } else {
      const Value value = column.Get(row);
      if (value.type() != ValueType::kVertexReference) continue;
      vertices.push_back(value.AsVertexReference());
    }
    rows.push_back(row);
  }
}

}  // namespace tupu
