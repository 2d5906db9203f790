#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tupu {

/// The candidate that `name` most likely was meant to be: least edits (a swap of neighbours is one), case ignored, at
/// most a third of the length and never more than 3. Empty when none is near.
/// Cost: O(|name| * sum of the candidates' lengths); names over 64 bytes have no neighbours.
std::string FindNearestName(std::string_view name, std::span<const std::string_view> candidates);

/// A hint that names it: "Did you mean ORDER?", or empty.
std::string DidYouMean(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace tupu
