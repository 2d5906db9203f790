#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/ids.h>
#include <tupu/result.h>

#include "storage/keys/key_codec.h"

namespace tupu {

/// Where an edge is stored: the out-list of (start, type).
struct EdgePlace {
  VertexId start{};
  EdgeTypeId type{};
  friend bool operator==(const EdgePlace&, const EdgePlace&) = default;
};

/// The places of kEdgesPerPlaceBlock consecutive edge ids; a missing one was deleted or not given out yet.
///   version u8 = 1 | varint number of runs, (varint type + 1 or 0: missing, varint length) each
///   | zigzag start - start before it, for each slot that is there
/// Trailing missing slots are left out; a block without edges has no bytes and no key.
class EdgePlaces {
 public:
  static Result<EdgePlaces> Decode(std::string_view bytes);
  std::string Encode() const;

  /// Requires: the edge belongs to this block.
  std::optional<EdgePlace> Find(EdgeId edge) const;
  void Set(EdgeId edge, std::optional<EdgePlace> place);
  bool empty() const { return slots_.empty(); }
  const std::vector<std::optional<EdgePlace>>& slots() const { return slots_; }

 private:
  std::vector<std::optional<EdgePlace>> slots_;  // the last one is there
};

/// What EdgePlaces encodes for a block whose edges are all there. Appends to `out`.
void AppendWholePlaces(std::string& out, std::span<const EdgePlace> places);

}  // namespace tupu
