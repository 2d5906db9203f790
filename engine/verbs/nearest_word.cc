#include "engine/verbs/nearest_word.h"

#include <vector>

#include "storage/text/similar.h"

namespace tupu {

std::optional<std::string> NearestWord(std::string_view word, std::span<const std::string> known) {
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  std::vector<std::string> nearest = NearestNames(word, candidates, 1);
  if (nearest.empty()) return std::nullopt;
  return std::move(nearest.front());
}

}  // namespace tupu
