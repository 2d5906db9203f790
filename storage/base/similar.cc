#include "storage/base/similar.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unicode/uchar.h>

#include "storage/base/utf8.h"

namespace tupu {

namespace {

size_t Distance(const std::u32string& a, const std::u32string& b, size_t limit) {
  const size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit) return limit + 1;
  // Three rows of the table: two back for exchanges, one back, and the one being filled.
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> previous(b.size() + 1);
  std::vector<size_t> current(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    size_t least = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        current[j] = std::min(current[j], before[j - 2] + 1);
      least = std::min(least, current[j]);
    }
    // An exchange reaches back two rows, so the row before must be beyond the limit too.
    if (least > limit && *std::min_element(previous.begin(), previous.end()) > limit) return limit + 1;
    before.swap(previous);
    previous.swap(current);
  }
  return std::min(previous[b.size()], limit + 1);
}

// A beginning of two characters or more is a hint; it ranks after all that are merely misspelt. Much text after a known
// word makes another word: "inside" is not meant to be "IN".
bool IsBeginning(const std::u32string& wanted, const std::u32string& name) {
  if (std::min(wanted.size(), name.size()) < 2) return false;
  return name.starts_with(wanted) || (wanted.starts_with(name) && 2 * name.size() >= wanted.size());
}

// Without case, and full-width letters as plain ones.
std::u32string Fold(std::string_view text) {
  std::u32string folded = DecodeCodePoints(text);
  for (char32_t& c : folded) {
    constexpr char32_t kFullWidthFirst = 0xFF01;  // a full-width '!'
    constexpr char32_t kFullWidthLast = 0xFF5E;
    if (c >= kFullWidthFirst && c <= kFullWidthLast) c = c - kFullWidthFirst + U'!';
    c = static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT));
  }
  return folded;
}

}  // namespace

size_t EditDistance(std::string_view a, std::string_view b, size_t limit) {
  return Distance(DecodeCodePoints(a), DecodeCodePoints(b), limit);
}

std::vector<std::string> NearestNames(std::string_view text, std::span<const std::string_view> candidates,
                                      size_t count) {
  // (distance, name): the order in which they are told.
  std::vector<std::pair<size_t, std::string_view>> near;
  const std::u32string wanted = Fold(text);
  if (wanted.empty()) return {};
  for (const std::string_view candidate : candidates) {
    const std::u32string name = Fold(candidate);
    if (name.empty()) continue;
    const size_t limit = std::max(wanted.size(), name.size()) / 3;
    size_t distance = Distance(wanted, name, limit);
    if (distance > limit) {
      if (!IsBeginning(wanted, name)) continue;
      constexpr size_t kAfterMisspelt = 1000;
      distance = kAfterMisspelt + std::max(wanted.size(), name.size()) - std::min(wanted.size(), name.size());
    }
    near.emplace_back(distance, candidate);
  }
  std::ranges::sort(near);
  const auto [first, last] = std::ranges::unique(near);
  near.erase(first, last);
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(count, near.size()); ++i) names.emplace_back(near[i].second);
  return names;
}

std::optional<std::string> NearestName(std::string_view text, std::span<const std::string_view> candidates) {
  std::vector<std::string> nearest = NearestNames(text, candidates, 1);
  if (nearest.empty()) return std::nullopt;
  return std::move(nearest.front());
}

std::string DidYouMean(std::string_view text, std::span<const std::string_view> candidates) {
  const std::optional<std::string> nearest = NearestName(text, candidates);
  return nearest ? fmt::format("Did you mean {}?", *nearest) : "";
}

std::string SuggestName(std::string_view text, std::vector<std::string> known) {
  if (known.empty()) return "";
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  if (const auto nearest = NearestName(text, candidates)) return fmt::format("did you mean {}?", *nearest);
  std::sort(known.begin(), known.end());
  constexpr size_t kShown = 10;
  const size_t shown = std::min(known.size(), kShown);
  return fmt::format("known: {}{}", fmt::join(known.begin(), known.begin() + static_cast<ptrdiff_t>(shown), ", "),
                     shown < known.size() ? ", ..." : "");
}

}  // namespace tupu
