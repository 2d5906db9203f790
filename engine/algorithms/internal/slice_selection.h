#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <tupu/ids.h>
#include <tupu/result.h>

#include "engine/algorithms/slice.h"

namespace tupu {

/// An edge type of a slice, with what the ontology says of it.
struct SelectedType {
  EdgeTypeId id{};
  bool symmetric = false;
  bool via = false;                     // its edges become pairs of starts of one end
  uint32_t family = 0;                  // via types with the same number make pairs together
  std::optional<PropertyKeyId> weight;  // empty: every edge has the default weight
};

/// A SliceRequest with its names resolved in one state of the graph, and its defaults filled in.
struct SliceSelection {
  std::optional<std::vector<LabelId>> labels;  // empty optional: any vertex
  std::optional<LabelId> left_out;             // Source, unless it was named
  std::vector<SelectedType> types;             // ascending id; empty: no edges
  bool isolated = true;
  bool weighted = false;
};

/// Errors: kNotFound, kInvalidArgument as BuildSlice documents them.
Result<SliceSelection> SelectSlice(const GraphView& view, const SliceRequest& request);

}  // namespace tupu
