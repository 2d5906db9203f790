#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>
#include <tupu/value.h>

#include "storage/catalog/graph_statistics.h"
#include "storage/catalog/index_catalog.h"
#include "storage/graph/graph_view.h"
#include "storage/keys/key_codec.h"

namespace tupu {

// Indexes and constraints as they are stored.
//
// Keyspace kMeta, `indexes`:
//   version u8 = 1 | varint next id
//   | varint count, indexes:     varint id, sized name, target, state u8, flags u8 (1 unique, 2 owned), varint owner (if owned),
//                                sized failure
//   | varint count, constraints: varint id, sized name, kind u8, target, varint type bits, varint index + 1 (0: none), state u8
//   | varint count, varint ids of dropped indexes whose entries are not all removed
//   target: entity u8, varint label or type, varint count, varint property keys
//
// Keyspace kMeta, `statistics` (storage/catalog/graph_statistics.h):
//   version u8 = 1 | varint commit, varint edges counted
//   | varint count, indexes: varint id, varint entries, varint count and distinct each, varint count and sized bound each
//   | varint count, triples: varint label, type, label, edges
//
// Keyspace kIndex, one entry for each entity that has all of the properties:
//   'P' index(4) value (storage/keys/ordered_value.h) for each property, entity id(8)
//     -> of a vertex: empty; of an edge: varint start, varint end

std::string EncodeIndexCatalog(const IndexCatalog& catalog);
Result<IndexCatalog> DecodeIndexCatalog(std::string_view bytes);

std::string EncodeStatistics(const GraphStatistics& statistics);
Result<GraphStatistics> DecodeStatistics(std::string_view bytes);

/// What all entries of an index begin with.
std::string IndexPrefix(IndexId index);
KeyRange IndexKeyRange(IndexId index);

/// The values of an entity in index order; nullopt when a property is missing. `row` is a property row.
Result<std::optional<std::string>> IndexedValues(const IndexDefinition& index, std::string_view row);

std::string IndexEntryKey(IndexId index, std::string_view values, uint64_t entity);
std::string EncodeEdgeEnds(VertexId start, VertexId end);

/// An entry of an index on vertices, and of one on edges of `type`. Errors: kCorruption.
Result<VertexId> DecodeVertexEntry(std::string_view key);
Result<EdgeReference> DecodeEdgeEntry(std::string_view key, std::string_view value, EdgeTypeId type);
/// The values of an entry, decoded. Requires: a key of that index.
Result<std::vector<Value>> DecodeEntryValues(std::string_view key, size_t num_properties);

}  // namespace tupu
