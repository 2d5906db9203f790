#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/check/check_state.h"

namespace tupu {

/// Holds the stored label sets against the vertex records, 65,536 ids at a time. Memory: the members of one such range, and
/// 16 bytes for each set that was compared.
class LabelSetCheck {
 public:
  explicit LabelSetCheck(CheckState& state) : state_(state) {}

  /// Vertices in ascending ids.
  Status AddVertex(VertexId vertex, const std::vector<LabelId>& labels);
  /// After the last vertex.
  Status Flush();
  /// A stored set: those that no record called for are too many.
  void AddStored(std::string_view key, std::string_view value);

 private:
  Status Compare(LabelId label, const std::vector<uint16_t>& expected);
  void ReportDifference(LabelId label, std::string_view key, uint64_t vertex, bool missing);

  CheckState& state_;
  uint64_t chunk_ = 0;
  std::map<LabelId, std::vector<uint16_t>> members_;  // of the chunk at hand
  std::set<std::pair<LabelId, uint64_t>> compared_;
};

}  // namespace tupu
