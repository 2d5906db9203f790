#pragma once

#include <cstdint>

namespace tupu {

/// What may come twice on a path. kTrail: vertices; kAcyclic: nothing; kSimple: only the first vertex, as the last one.
enum class PathMode : uint8_t { kWalk, kTrail, kAcyclic, kSimple };

/// Which of the paths between two ends are kept: SHORTEST 2, ANY CHEAPEST ... ANY k means SHORTEST k: those are found first.
struct PathSelection {
  uint64_t count = 1;
  bool groups = false;    // `count` lengths (or costs), and all paths of each
  bool cheapest = false;  // by the sum of the COST expressions; else by the number of edges
};

}  // namespace tupu
