#pragma once

#include <memory>
#include <vector>

#include "storage/graph/graph_view.h"
#include "storage/graph/index_range.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// The entries of an index with keys in `keys`, from one snapshot; in index order, a batch at a time. They share the snapshot.
std::unique_ptr<VertexCursor> ReadVertexEntries(std::shared_ptr<const KvSnapshot> kv, KeyRange keys);
std::unique_ptr<EdgeCursor> ReadEdgeEntries(std::shared_ptr<const KvSnapshot> kv, KeyRange keys, EdgeTypeId type);

/// Gives nothing.
std::unique_ptr<VertexCursor> NoVertices();
std::unique_ptr<EdgeCursor> NoEdges();

/// The definition of an online index of `view`; kNotFound otherwise.
Result<const IndexDefinition*> OnlineIndex(const GraphView& view, IndexId index, EntityKind entity);

/// The schema as a store has it on disk; an empty one where there is none.
Result<SchemaState> LoadSchema(const KvSnapshot& kv);
void AppendSchema(std::vector<KvWrite>& batch, const SchemaState& schema);

}  // namespace tupu
