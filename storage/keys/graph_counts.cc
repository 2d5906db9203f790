#include "storage/keys/graph_counts.h"

#include "storage/keys/bytes.h"

namespace tupu {

namespace {

constexpr uint8_t kVersion = 1;
constexpr std::string_view kWhat = "counts record";

void AppendAll(std::string& out, const std::vector<uint64_t>& counts) {
  AppendVarint(out, counts.size());
  for (const uint64_t count : counts) AppendVarint(out, count);
}

void ReadAll(ByteReader& reader, std::vector<uint64_t>& counts) {
  const uint64_t size = reader.Varint();
  if (size > reader.remaining()) return reader.Fail();
  counts.reserve(size);
  for (uint64_t i = 0; i < size; ++i) counts.push_back(reader.Varint());
}

}  // namespace

std::string EncodeGraphCounts(const GraphCounts& counts) {
  std::string out{static_cast<char>(kVersion)};
  for (const uint64_t v : {counts.commit, counts.next_vertex, counts.next_edge, counts.vertices, counts.edges}) {
    AppendVarint(out, v);
  }
  AppendAll(out, counts.by_label);
  AppendAll(out, counts.by_type);
  return out;
}

Result<GraphCounts> DecodeGraphCounts(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.U8() != kVersion) return CorruptionOf(kWhat, "unknown version");
  GraphCounts counts;
  counts.commit = reader.Varint();
  counts.next_vertex = reader.Varint();
  counts.next_edge = reader.Varint();
  counts.vertices = reader.Varint();
  counts.edges = reader.Varint();
  ReadAll(reader, counts.by_label);
  ReadAll(reader, counts.by_type);
  TUPU_TRY(reader.Finish(kWhat));
  return counts;
}

}  // namespace tupu
