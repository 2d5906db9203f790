#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/graph/graph_view.h"
#include "storage/keys/key_codec.h"

namespace tupu {

/// An external id as it is stored: its group by number.
struct StoredExternalId {
  IdGroupId group{};
  std::string_view id;
  friend bool operator==(const StoredExternalId&, const StoredExternalId&) = default;
};

/// The value of keyspace kVertex:
///   version u8 = 1 | varint number of labels, varint label ids as deltas | varint group + 1, sized external id (0:
///   none) | property row to the end
/// Labels come first: they are read most.
void AppendVertexRecord(std::string& out, const std::vector<LabelId>& labels,
                        const std::optional<StoredExternalId>& external_id, std::string_view row);

/// A record with its properties still encoded; views live as long as the bytes.
struct VertexRecordView {
  std::vector<LabelId> labels;  // sorted
  std::optional<StoredExternalId> external_id;
  std::string_view row;
};
Result<VertexRecordView> DecodeVertexRecord(std::string_view bytes);

}  // namespace tupu
