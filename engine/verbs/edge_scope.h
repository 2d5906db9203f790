#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "storage/graph/graph_view.h"

namespace tupu {

/// The edge types that the user asked for: named types, or one family, or neither. Not both.
struct EdgeChoice {
  std::vector<std::string> types;
  std::string family;
  bool empty() const { return types.empty() && family.empty(); }
};

/// The edge types that a verb walks, sorted, as ids of the view's catalog; what the ontology declares and no edge has is
/// left out.
struct EdgeScope {
  std::vector<EdgeTypeId> direct;       // an edge relates its two ends
  std::vector<EdgeTypeId> projected;    // declared `via` its end: two starts of one end are related via it
  std::vector<EdgeTypeId> All() const;  // sorted
};

/// Resolves `choice`; where it is empty, the types of `default_families` of the ontology.
/// Errors: kInvalidArgument for types together with a family; kNotFound for a type or family that neither data nor
/// ontology know (with the nearest known one as hint), and when no type of the default families is declared.
Result<EdgeScope> ResolveEdgeScope(const GraphView& view, const EdgeChoice& choice,
                                   std::span<const std::string_view> default_families);

/// Every edge type of the data, none projected.
EdgeScope WholeEdgeScope(const GraphView& view);

}  // namespace tupu
