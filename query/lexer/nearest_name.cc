#include "query/lexer/nearest_name.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace tupu {
namespace {

constexpr size_t kLongestName = 64;

char ToLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Damerau (1964), restricted: no substring is edited twice. Three rows suffice.
size_t EditDistance(std::string_view a, std::string_view b) {
  using Row = std::array<size_t, kLongestName + 1>;
  std::array<Row, 3> rows;
  Row *before = &rows[0], *last = &rows[1], *row = &rows[2];
  for (size_t j = 0; j <= b.size(); ++j) (*last)[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    (*row)[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = ToLower(a[i - 1]) == ToLower(b[j - 1]);
      size_t best = std::min({(*last)[j] + 1, (*row)[j - 1] + 1, (*last)[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && ToLower(a[i - 1]) == ToLower(b[j - 2]) && ToLower(a[i - 2]) == ToLower(b[j - 1])) {
        best = std::min(best, (*before)[j - 2] + 1);
      }
      (*row)[j] = best;
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return (*last)[b.size()];
}

}  // namespace

std::string FindNearestName(std::string_view name, std::span<const std::string_view> candidates) {
  if (name.empty() || name.size() > kLongestName) return {};
  const size_t limit = std::min<size_t>(3, std::max<size_t>(1, name.size() / 3));
  std::string_view nearest;
  size_t least = limit + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.empty() || candidate.size() > kLongestName) continue;
    const size_t gap = candidate.size() > name.size() ? candidate.size() - name.size() : name.size() - candidate.size();
    if (gap >= least) continue;
    const size_t distance = EditDistance(name, candidate);
    // A name of one letter is one edit from every other: not a likeness.
    if (distance < least && distance < candidate.size()) {
      least = distance;
      nearest = candidate;
    }
  }
  return std::string(nearest);
}

std::string DidYouMean(std::string_view name, std::span<const std::string_view> candidates) {
  const std::string nearest = FindNearestName(name, candidates);
  return nearest.empty() ? std::string() : fmt::format("Did you mean {}?", nearest);
}

}  // namespace tupu
