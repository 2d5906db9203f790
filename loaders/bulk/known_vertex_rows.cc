#include "loaders/bulk/known_vertex_rows.h"

#include <algorithm>
#include <array>

#include "loaders/merge/property_merge.h"
#include "storage/base/check.h"
#include "storage/keys/property_row.h"
#include "storage/keys/vertex_record.h"

namespace tupu {

Result<bool> KnownVertexRows::AddIfUnchanged(GraphBulkLoad& load, VertexId vertex, StoredExternalId id,
                                             const std::vector<LabelId>& labels, std::string_view row) {
  TUPU_TRY_ASSIGN(const std::optional<std::string> bytes, load.base().FindVertexBytes(vertex));
  TUPU_CHECK(bytes.has_value());
  TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(*bytes));
  if (!std::includes(record.labels.begin(), record.labels.end(), labels.begin(), labels.end())) return false;
  if (record.row != row) {
    TUPU_TRY_ASSIGN(const Properties stored, DecodeRow(record.row));
    TUPU_TRY_ASSIGN(const Properties brought, DecodeRow(row));
    const std::array united = {load.InternPropertyKey("sources"), load.InternPropertyKey("aliases")};
    if (!Holds(stored, brought, united)) return false;
  }
  rows_.push_back({vertex, static_cast<uint32_t>(id.id.size())});
  ids_.append(id.id);
  return true;
}

}  // namespace tupu
