#include "storage/keys/vertex_record.h"

#include "storage/keys/bytes.h"

namespace tupu {

namespace {
constexpr uint8_t kVersion = 1;
constexpr std::string_view kWhat = "vertex record";
}  // namespace

void AppendVertexRecord(std::string& out, const std::vector<LabelId>& labels,
                        const std::optional<StoredExternalId>& external_id, std::string_view row) {
  out.push_back(static_cast<char>(kVersion));
  AppendVarint(out, labels.size());
  uint32_t last = 0;
  for (const LabelId label : labels) {
    AppendVarint(out, ToInteger(label) - last);
    last = ToInteger(label);
  }
  AppendVarint(out, external_id ? uint64_t{ToInteger(external_id->group)} + 1 : 0);
  if (external_id) AppendSized(out, external_id->id);
  out.append(row);
}

Result<VertexRecordView> DecodeVertexRecord(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.U8() != kVersion) return CorruptionOf(kWhat, "unknown version");
  const uint64_t count = reader.Varint();
  if (count > reader.remaining()) return CorruptionOf(kWhat, "too short");
  VertexRecordView record;
  record.labels.reserve(count);
  uint64_t label = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t delta = reader.Varint();
    label += delta;
    if ((i > 0 && delta == 0) || label > UINT32_MAX) reader.Fail();
    record.labels.push_back(static_cast<LabelId>(label));
  }
  const uint64_t group = reader.Varint();
  if (group > UINT32_MAX) reader.Fail();
  if (group > 0) record.external_id = StoredExternalId{static_cast<IdGroupId>(group - 1), reader.Sized()};
  record.row = reader.Rest();
  TUPU_TRY(reader.Finish(kWhat));
  return record;
}

}  // namespace tupu
