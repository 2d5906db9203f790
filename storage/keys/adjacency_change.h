#pragma once

#include <tupu/ids.h>

namespace tupu {

/// An edge that a commit created or deleted. Changes of properties alone are none.
struct AdjacencyChange {
  VertexId start{};
  VertexId end{};
  EdgeTypeId type{};
  EdgeId edge{};
  bool added = false;  // or deleted
};

}  // namespace tupu
