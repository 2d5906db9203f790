#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

namespace tupu {

/// Vertices that carry a label, 65,536 ids at a time: the low 16 bits as one roaring container in its portable
/// serialisation (array, bitmap or runs, whichever is least), after a version byte = 1. Dense ids cost a few bytes a
/// chunk. Source: Lemire, Kai, Kaser (2018), Roaring bitmaps; github.com/RoaringBitmap/RoaringFormatSpec.
Result<std::vector<uint16_t>> DecodeMembership(std::string_view bytes);

/// `bytes` (empty: none yet) with `added` in and `removed` out; empty when none is left.
/// Requires: no id in both.
Result<std::string> UpdateMembership(std::string_view bytes, const std::vector<uint16_t>& added,
                                     const std::vector<uint16_t>& removed);

}  // namespace tupu
