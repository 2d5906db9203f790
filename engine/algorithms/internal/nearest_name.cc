#include "engine/algorithms/internal/nearest_name.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tupu {
namespace {

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

/// Levenshtein's distance in bytes, O(|a| |b|).
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string SuggestName(std::string_view name, std::vector<std::string> known) {
  if (known.empty()) return "";
  std::sort(known.begin(), known.end());
  const std::string wanted = LowerAscii(name);
  const std::string* nearest = nullptr;
  size_t least = std::max<size_t>(wanted.size() / 3, 1) + 1;
  for (const std::string& candidate : known) {
    const size_t distance = EditDistance(wanted, LowerAscii(candidate));
    if (distance >= least) continue;
    least = distance;
    nearest = &candidate;
  }
  if (nearest != nullptr) return fmt::format("; did you mean \"{}\"?", *nearest);
  const size_t shown = std::min<size_t>(known.size(), 10);
  return fmt::format("; known: {}{}", fmt::join(known.begin(), known.begin() + static_cast<ptrdiff_t>(shown), ", "),
                     shown < known.size() ? ", ..." : "");
}

}  // namespace tupu
