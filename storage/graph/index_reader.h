#pragma once

#include <memory>

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

/// kNotFound: the view has no such index, or it is not online.
Error NoSuchIndex(IndexId index);

}  // namespace tupu
