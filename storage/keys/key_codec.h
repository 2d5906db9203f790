#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <tupu/ids.h>
#include <tupu/result.h>

namespace tupu {

// Every key of a database; the table of them is in storage/README.md. The bytes are on disk: do not change or reuse
// them; raise kFormatVersion and add a migration.

inline constexpr uint32_t kFormatVersion = 2;

/// Dense id of an id group, the first half of an external id.
enum class IdGroupId : uint32_t {};

// Keyspace kMeta.
inline constexpr std::string_view kFormatKey = "format";          // -> u32, big-endian
inline constexpr std::string_view kCountsKey = "counts";          // -> storage/keys/graph_counts.h
inline constexpr std::string_view kOntologyKey = "ontology";      // -> its JSON text
inline constexpr std::string_view kIndexesKey = "indexes";        // -> storage/keys/index_record.h
inline constexpr std::string_view kStatisticsKey = "statistics";  // -> storage/keys/index_record.h

inline constexpr std::string_view kSavedCsrKey = "csr";  // -> storage/keys/saved_csr_record.h

/// What commits after that of the saved CSRs changed: 't' commit(8) -> storage/keys/saved_csr_record.h
std::string AdjacencyLogKey(uint64_t commit);
std::string AdjacencyLogPrefix();
Result<uint64_t> DecodeAdjacencyLogKey(std::string_view key);

/// Migrations that were done: 'm' from version(4) -> what, as text.
std::string MigrationKey(uint32_t from);
std::string MigrationPrefix();

/// The dictionaries: 'd' kind(1) id(4) -> name.
enum class Dictionary : uint8_t { kLabel = 1, kEdgeType = 2, kPropertyKey = 3, kIdGroup = 4 };
std::string DictionaryKey(Dictionary dictionary, uint32_t id);
struct DecodedDictionaryKey {
  Dictionary dictionary;
  uint32_t id;
};
Result<DecodedDictionaryKey> DecodeDictionaryKey(std::string_view key);
std::string DictionaryPrefix();

// Keyspace kVertex.
std::string VertexKey(VertexId vertex);
Result<VertexId> DecodeVertexKey(std::string_view key);

// Keyspace kAdjacency. The list of (vertex, side, type) is one block under its 12-byte head key, or, when it is long, a
// head without edges there and blocks under 28-byte keys that end in a fence. A fence is an upper bound: the block
// holds the edges above the fence before it, up to and with (target, edge) of its own; so the block of an edge is the
// first at or after it, one forward seek. The last fence is the greatest possible, unless the edges of its block were all
// deleted: then that block is gone until edges are added there.
enum class AdjacencySide : uint8_t { kOut = 0, kIn = 1 };

struct Fence {
  uint64_t target = UINT64_MAX;
  uint64_t edge = UINT64_MAX;
  friend auto operator<=>(const Fence&, const Fence&) = default;
};
inline constexpr size_t kAdjacencyHeadKeySize = 12;
inline constexpr size_t kAdjacencyBlockKeySize = 28;

/// vertex(8) | side in the top bit, edge type below it (4)
std::string AdjacencyHeadKey(VertexId vertex, AdjacencySide side, EdgeTypeId type);
/// head key | target(8) | edge(8)
std::string AdjacencyBlockKey(VertexId vertex, AdjacencySide side, EdgeTypeId type, const Fence& fence);

/// The keys of a vertex or of one side of it: [begin, end).
struct KeyRange {
  std::string begin;
  std::string end;  // empty: to the last key
};
KeyRange AdjacencyRange(VertexId vertex, Direction direction);
/// The blocks of a long list, its head left out.
KeyRange AdjacencyBlocksRange(VertexId vertex, AdjacencySide side, EdgeTypeId type);

struct DecodedAdjacencyKey {
  VertexId vertex{};
  AdjacencySide side{};
  EdgeTypeId type{};
  bool is_head = true;
  Fence fence{};  // of a block that is not a head
};
Result<DecodedAdjacencyKey> DecodeAdjacencyKey(std::string_view key);

// Keyspace kEdge: edge id / kEdgesPerPlaceBlock (8).
inline constexpr uint64_t kEdgesPerPlaceBlock = 128;
std::string EdgePlacesKey(EdgeId edge);

// Keyspace kIndex.
/// Membership of `label`: 'L' label(4) vertex id >> 16 (6) -> storage/keys/membership.h
inline constexpr LabelId kAllVertices = static_cast<LabelId>(UINT32_MAX);  // the set of all vertices
std::string MembershipKey(LabelId label, uint64_t chunk);
std::string MembershipPrefix(LabelId label);
Result<uint64_t> DecodeMembershipChunk(std::string_view key);

/// Names: 'N' normalised name, ordered text; vertex(8) -> empty.
std::string NameKey(std::string_view normalized, VertexId vertex);
std::string NamePrefix(std::string_view normalized);
Result<VertexId> DecodeNameKeyVertex(std::string_view key);

/// Identity: 'X' group(4) external id -> vertex(8).
std::string ExternalIdKey(IdGroupId group, std::string_view id);

// 'P': property indexes, see storage/keys/index_record.h.
/// Keys that the ontology declares: 'K' label(4) sized encoded values -> vertex(8).
std::string OntologyKeyPrefix();
std::string OntologyKey(LabelId label, std::string_view encoded_values);

std::string EncodeVertexId(VertexId vertex);
Result<VertexId> DecodeVertexId(std::string_view value);

}  // namespace tupu
