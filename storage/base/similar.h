#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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
/// Case and width do not matter. A candidate is near when at most a third of the code points of the longer of the two
/// differ; or when it begins with `text`, or `text` with it and half of `text` at least is that beginning.
/// Cost    O(length of text * sum of the candidates' lengths).
std::vector<std::string> NearestNames(std::string_view text, std::span<const std::string_view> candidates,
                                      size_t count);
/// The first of them.
std::optional<std::string> NearestName(std::string_view text, std::span<const std::string_view> candidates);

/// A hint that names it: "Did you mean ORDER?", or "".
std::string DidYouMean(std::string_view text, std::span<const std::string_view> candidates);

/// A hint at an unknown name where the known ones are not too many to tell: "did you mean labels?", or, when none is
/// near, "known: a, b, c" in order (the first ten), or "" when nothing is known.
std::string SuggestName(std::string_view text, std::vector<std::string> known);

}  // namespace tupu
