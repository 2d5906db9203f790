#include "engine/algorithms/internal/nearest_name.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "storage/text/similar.h"

namespace tupu {

std::string SuggestName(std::string_view name, std::vector<std::string> known) {
  if (known.empty()) return "";
  std::sort(known.begin(), known.end());
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  const std::vector<std::string> nearest = NearestNames(name, candidates, 1);
  if (!nearest.empty()) return fmt::format("; did you mean \"{}\"?", nearest.front());
  constexpr size_t kShown = 10;
  const auto end = known.begin() + static_cast<ptrdiff_t>(std::min(known.size(), kShown));
  return fmt::format("; known: {}{}", fmt::join(known.begin(), end, ", "), end == known.end() ? "" : ", ...");
}

}  // namespace tupu
