#include "storage/keys/saved_csr_record.h"

#include <limits>

#include "storage/keys/bytes.h"

namespace tupu {

namespace {

constexpr uint8_t kVersion = 1;
constexpr std::string_view kRecord = "record of saved CSRs";
constexpr std::string_view kEntry = "log of adjacency";

/// Previous commit and number of changes.
Result<uint64_t> ReadEntryHead(ByteReader& reader, uint64_t& previous) {
  if (reader.U8() != kVersion) return CorruptionOf(kEntry, "unknown version");
  previous = reader.Varint();
  const uint64_t size = reader.Varint();
  if (size > reader.remaining() / 4) reader.Fail();
  if (!reader.ok()) return reader.Finish(kEntry).error();
  return size;
}

}  // namespace

std::string EncodeSavedCsrRecord(const SavedCsrRecord& record) {
  std::string out{static_cast<char>(kVersion)};
  for (const uint64_t v : {record.commit, record.length, record.edges}) AppendVarint(out, v);
  AppendU64(out, record.checksum);
  return out;
}

Result<SavedCsrRecord> DecodeSavedCsrRecord(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.U8() != kVersion) return CorruptionOf(kRecord, "unknown version");
  SavedCsrRecord record;
  record.commit = reader.Varint();
  record.length = reader.Varint();
  record.edges = reader.Varint();
  record.checksum = reader.U64();
  TUPU_TRY(reader.Finish(kRecord));
  return record;
}

std::string EncodeAdjacencyLogEntry(uint64_t previous, std::span<const AdjacencyChange> changes) {
  std::string out{static_cast<char>(kVersion)};
  AppendVarint(out, previous);
  AppendVarint(out, changes.size());
  for (const AdjacencyChange& change : changes) {
    AppendVarint(out, uint64_t{ToInteger(change.type)} << 1 | (change.added ? 1 : 0));
    AppendVarint(out, ToInteger(change.start));
    AppendVarint(out, ToInteger(change.end));
    AppendVarint(out, ToInteger(change.edge));
  }
  return out;
}

Result<AdjacencyLogEntry> DecodeAdjacencyLogEntry(std::string_view bytes) {
  ByteReader reader(bytes);
  AdjacencyLogEntry entry;
  TUPU_TRY_ASSIGN(const uint64_t size, ReadEntryHead(reader, entry.previous));
  entry.changes.reserve(size);
  for (uint64_t i = 0; i < size; ++i) {
    const uint64_t type_and_added = reader.Varint();
    if (type_and_added >> 1 > std::numeric_limits<uint32_t>::max() >> 1) reader.Fail();  // as in a key of adjacency
    AdjacencyChange& change = entry.changes.emplace_back();
    change.type = static_cast<EdgeTypeId>(type_and_added >> 1);
    change.added = (type_and_added & 1) != 0;
    change.start = static_cast<VertexId>(reader.Varint());
    change.end = static_cast<VertexId>(reader.Varint());
    change.edge = static_cast<EdgeId>(reader.Varint());
  }
  TUPU_TRY(reader.Finish(kEntry));
  return entry;
}

Result<uint64_t> CountAdjacencyLogEntry(std::string_view bytes) {
  ByteReader reader(bytes);
  uint64_t previous = 0;
  return ReadEntryHead(reader, previous);
}

}  // namespace tupu
