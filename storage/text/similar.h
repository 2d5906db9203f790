#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tupu {

/// Damerau-Levenshtein distance in code points, in its restricted form (optimal string alignment): insertions,
/// deletions, replacements, and exchanges of neighbours that are not edited again, 1 each.
///
/// Result  the distance, or limit + 1 when it is greater than `limit`.
/// Cost    O(length of a * limit) time, three rows of memory.
size_t EditDistance(std::string_view a, std::string_view b, size_t limit = SIZE_MAX - 1);

/// Those of `candidates` that a reader could have meant by `text`, nearest first, ties by name; at most `count`.
/// Case and width do not matter; a candidate is near when at most a third of its longer one's code points differ, or
/// when one begins with the other.
std::vector<std::string> NearestNames(std::string_view text, std::span<const std::string_view> candidates,
                                      size_t count);

}  // namespace tupu
