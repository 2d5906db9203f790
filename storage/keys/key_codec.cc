#include "storage/keys/key_codec.h"

#include "storage/keys/bytes.h"

namespace tupu {

namespace {

constexpr char kDictionaryTag = 'd';
constexpr char kMigrationTag = 'm';
constexpr char kAdjacencyLogTag = 't';
constexpr char kMembershipTag = 'L';
constexpr char kNameTag = 'N';
constexpr char kExternalIdTag = 'X';
constexpr char kOntologyKeyTag = 'K';
constexpr uint32_t kInBit = 0x8000'0000;

std::string Bounded(std::string prefix_bound_of) {
  return PrefixUpperBound(prefix_bound_of).value_or(std::string());
}

}  // namespace

std::string AdjacencyLogPrefix() {
  return {kAdjacencyLogTag};
}

std::string AdjacencyLogKey(uint64_t commit) {
  std::string key = AdjacencyLogPrefix();
  AppendU64(key, commit);
  return key;
}

Result<uint64_t> DecodeAdjacencyLogKey(std::string_view key) {
  ByteReader reader(key);
  if (reader.U8() != static_cast<uint8_t>(kAdjacencyLogTag)) reader.Fail();
  const uint64_t commit = reader.U64();
  TUPU_TRY(reader.Finish("key of the log of adjacency"));
  return commit;
}

std::string MigrationPrefix() {
  return {kMigrationTag};
}

std::string MigrationKey(uint32_t from) {
  std::string key = MigrationPrefix();
  AppendU32(key, from);
  return key;
}

std::string DictionaryKey(Dictionary dictionary, uint32_t id) {
  std::string key{kDictionaryTag, static_cast<char>(dictionary)};
  AppendU32(key, id);
  return key;
}

std::string DictionaryPrefix() {
  return {kDictionaryTag};
}

Result<DecodedDictionaryKey> DecodeDictionaryKey(std::string_view key) {
  ByteReader reader(key);
  const uint8_t tag = reader.U8();
  const uint8_t kind = reader.U8();
  const uint32_t id = reader.U32();
  TUPU_TRY(reader.Finish("dictionary key"));
  if (tag != kDictionaryTag || kind < 1 || kind > 4) return CorruptionOf("dictionary key", "unknown tag");
  return DecodedDictionaryKey{static_cast<Dictionary>(kind), id};
}

std::string VertexKey(VertexId vertex) {
  return EncodeVertexId(vertex);
}
Result<VertexId> DecodeVertexKey(std::string_view key) {
  return DecodeVertexId(key);
}

std::string AdjacencyHeadKey(VertexId vertex, AdjacencySide side, EdgeTypeId type) {
  std::string key;
  key.reserve(kAdjacencyHeadKeySize);
  AppendU64(key, ToInteger(vertex));
  AppendU32(key, ToInteger(type) | (side == AdjacencySide::kIn ? kInBit : 0));
  return key;
}

std::string AdjacencyBlockKey(VertexId vertex, AdjacencySide side, EdgeTypeId type, const Fence& fence) {
  std::string key = AdjacencyHeadKey(vertex, side, type);
  key.reserve(kAdjacencyBlockKeySize);
  AppendU64(key, fence.target);
  AppendU64(key, fence.edge);
  return key;
}

KeyRange AdjacencyRange(VertexId vertex, Direction direction) {
  const std::string all = EncodeVertexId(vertex);
  const std::string middle = AdjacencyHeadKey(vertex, AdjacencySide::kIn, EdgeTypeId{0});
  switch (direction) {
    case Direction::kOut: return {all, middle};
    case Direction::kIn: return {middle, Bounded(all)};
    case Direction::kBoth: return {all, Bounded(all)};
  }
  return {all, Bounded(all)};
}

KeyRange AdjacencyBlocksRange(VertexId vertex, AdjacencySide side, EdgeTypeId type) {
  const std::string head = AdjacencyHeadKey(vertex, side, type);
  return {AdjacencyBlockKey(vertex, side, type, Fence{0, 0}), Bounded(head)};
}

Result<DecodedAdjacencyKey> DecodeAdjacencyKey(std::string_view key) {
  ByteReader reader(key);
  DecodedAdjacencyKey decoded;
  decoded.vertex = static_cast<VertexId>(reader.U64());
  const uint32_t side_and_type = reader.U32();
  decoded.side = (side_and_type & kInBit) != 0 ? AdjacencySide::kIn : AdjacencySide::kOut;
  decoded.type = static_cast<EdgeTypeId>(side_and_type & ~kInBit);
  decoded.is_head = key.size() == kAdjacencyHeadKeySize;
  if (!decoded.is_head) {
    decoded.fence.target = reader.U64();
    decoded.fence.edge = reader.U64();
  }
  TUPU_TRY(reader.Finish("adjacency key"));
  return decoded;
}

std::string EdgePlacesKey(EdgeId edge) {
  std::string key;
  AppendU64(key, ToInteger(edge) / kEdgesPerPlaceBlock);
  return key;
}

std::string MembershipPrefix(LabelId label) {
  std::string key{kMembershipTag};
  AppendU32(key, ToInteger(label));
  return key;
}

std::string MembershipKey(LabelId label, uint64_t chunk) {
  std::string key = MembershipPrefix(label);
  for (int shift = 40; shift >= 0; shift -= 8) key.push_back(static_cast<char>(chunk >> shift));
  return key;
}

Result<uint64_t> DecodeMembershipChunk(std::string_view key) {
  ByteReader reader(key);
  if (reader.U8() != kMembershipTag) return CorruptionOf("membership key", "unknown tag");
  reader.U32();
  uint64_t chunk = 0;
  for (int i = 0; i < 6; ++i) chunk = chunk << 8 | reader.U8();
  TUPU_TRY(reader.Finish("membership key"));
  return chunk;
}

std::string NamePrefix(std::string_view normalized) {
  std::string key{kNameTag};
  AppendOrderedText(key, normalized);
  return key;
}

std::string NameKey(std::string_view normalized, VertexId vertex) {
  std::string key = NamePrefix(normalized);
  AppendU64(key, ToInteger(vertex));
  return key;
}

Result<VertexId> DecodeNameKeyVertex(std::string_view key) {
  if (key.size() < 11 || key[0] != kNameTag) return CorruptionOf("name key", "too short or unknown tag");
  return DecodeVertexId(key.substr(key.size() - 8));
}

std::string ExternalIdKey(IdGroupId group, std::string_view id) {
  std::string key{kExternalIdTag};
  AppendU32(key, ToInteger(group));
  key.append(id);
  return key;
}

std::string OntologyKeyPrefix() {
  return {kOntologyKeyTag};
}

std::string OntologyKey(LabelId label, std::string_view encoded_values) {
  std::string key{kOntologyKeyTag};
  AppendU32(key, ToInteger(label));
  key.append(encoded_values);
  return key;
}

std::string EncodeVertexId(VertexId vertex) {
  std::string bytes;
  AppendU64(bytes, ToInteger(vertex));
  return bytes;
}

Result<VertexId> DecodeVertexId(std::string_view value) {
  ByteReader reader(value);
  const uint64_t id = reader.U64();
  TUPU_TRY(reader.Finish("vertex id"));
  return static_cast<VertexId>(id);
}

}  // namespace tupu
