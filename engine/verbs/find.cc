#include "engine/verbs/find.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <tuple>

#include "storage/base/similar.h"
#include "storage/catalog/catalog.h"
#include "storage/text/normalize.h"

namespace tupu {

namespace {

size_t CountLetters(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Compares the spellings of vertices with one text.
class TextMatcher {
 public:
  explicit TextMatcher(std::string_view text)
      : wanted_(NormalizeName(text)),
        letters_(CountLetters(wanted_)),
        allowed_edits_(std::max<size_t>(1, letters_ / 3)) {}

  const std::string& wanted() const { return wanted_; }

  // The fit of one spelling, or nothing.
  std::optional<NameMatch> Match(VertexId vertex, const std::string& spelling) const {
    const std::string text = NormalizeName(spelling);
    const size_t letters = CountLetters(text);
    const size_t apart = letters > letters_ ? letters - letters_ : letters_ - letters;
    const auto fits = [&](NameFit fit, size_t distance) { return NameMatch{vertex, spelling, fit, distance}; };
    if (wanted_.empty() || text.empty()) return std::nullopt;
    if (text == wanted_) return fits(NameFit::kExact, 0);
    if (text.starts_with(wanted_)) return fits(NameFit::kBegins, apart);
    if (text.find(wanted_) != std::string::npos) return fits(NameFit::kContains, apart);
    if (letters >= 2 && wanted_.find(text) != std::string::npos) return fits(NameFit::kInside, apart);
    if (apart > allowed_edits_) return std::nullopt;
    const size_t distance = EditDistance(wanted_, text, allowed_edits_);
    // With every letter changed it would be another name, not another spelling.
    if (distance > allowed_edits_ || distance >= std::max(letters, letters_)) return std::nullopt;
    return fits(NameFit::kSimilar, distance);
  }

 private:
  std::string wanted_;
  size_t letters_;
  size_t allowed_edits_;
};

bool Better(const NameMatch& a, const NameMatch& b) {
  return std::tie(a.fit, a.distance, a.spelling, a.vertex) < std::tie(b.fit, b.distance, b.spelling, b.vertex);
}

// Reads what a vertex is called, name first.
class SpellingReader {
 public:
  explicit SpellingReader(const GraphView& view)
      : view_(view),
        keys_{view.catalog().property_keys().Find("name"), view.catalog().property_keys().Find("aliases")} {}

  Result<std::vector<std::string>> Read(VertexId vertex) const {
    std::vector<std::string> spellings;
    for (const std::optional<PropertyKeyId>& key : keys_) {
      if (!key) continue;
      TUPU_TRY_ASSIGN(const Value value, view_.VertexProperty(vertex, *key));
      if (value.type() == ValueType::kString) spellings.push_back(value.AsString());
      if (value.type() != ValueType::kList) continue;
      for (const Value& item : value.AsList())
        if (item.type() == ValueType::kString) spellings.push_back(item.AsString());
    }
    return spellings;
  }

 private:
  const GraphView& view_;
  std::array<std::optional<PropertyKeyId>, 2> keys_;
};

Result<std::optional<NameMatch>> BestSpelling(const SpellingReader& reader, const TextMatcher& matcher,
                                              VertexId vertex) {
  TUPU_TRY_ASSIGN(const std::vector<std::string> spellings, reader.Read(vertex));
  std::optional<NameMatch> best;
  for (const std::string& spelling : spellings) {
    std::optional<NameMatch> match = matcher.Match(vertex, spelling);
    if (match && (!best || Better(*match, *best))) best = std::move(match);
  }
  return best;
}

// Keeps the best `limit`; twice as many are held between two sorts.
void AddMatch(std::vector<NameMatch>& matches, NameMatch match, size_t limit) {
  matches.push_back(std::move(match));
  if (matches.size() < 2 * limit + 16) return;
  std::sort(matches.begin(), matches.end(), Better);
  matches.resize(limit);
}

Result<std::vector<NameMatch>> ScanForText(const GraphView& view, const TextMatcher& matcher, size_t limit,
                                           const CancellationToken& cancellation) {
  const SpellingReader reader(view);
  std::vector<NameMatch> matches;
  TUPU_TRY_ASSIGN(const std::unique_ptr<VertexCursor> cursor, view.ScanVertices(std::nullopt));
  std::array<VertexId, 1024> batch;
  while (true) {
    TUPU_TRY(cancellation.Check());
    TUPU_TRY_ASSIGN(const size_t count, cursor->Next(batch));
    if (count == 0) break;
    for (size_t i = 0; i < count; ++i) {
      TUPU_TRY_ASSIGN(std::optional<NameMatch> best, BestSpelling(reader, matcher, batch[i]));
      if (best) AddMatch(matches, std::move(*best), limit);
    }
  }
  std::sort(matches.begin(), matches.end(), Better);
  if (matches.size() > limit) matches.resize(limit);
  return matches;
}

std::optional<VertexId> ParseNumber(std::string_view text) {
  if (text.size() < 2 || text[0] != '#') return std::nullopt;
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return static_cast<VertexId>(number);
}

Result<std::vector<VertexId>> HitsWithLabel(const GraphView& view, std::string_view text) {
  std::vector<VertexId> kept;
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return kept;
  const std::optional<LabelId> label = view.catalog().labels().Find(text.substr(0, colon));
  if (!label) return kept;
  TUPU_TRY_ASSIGN(const std::vector<VertexId> hits, view.FindByName(text.substr(colon + 1)));
  for (const VertexId hit : hits) {
    TUPU_TRY_ASSIGN(const std::vector<LabelId> labels, view.VertexLabels(hit));
    if (std::find(labels.begin(), labels.end(), *label) != labels.end()) kept.push_back(hit);
  }
  return kept;
}

}  // namespace

std::string_view Name(NameFit fit) {
  switch (fit) {
    case NameFit::kExact: return "exact";
    case NameFit::kBegins: return "begins";
    case NameFit::kContains: return "contains";
    case NameFit::kInside: return "inside";
    case NameFit::kSimilar: return "similar";
  }
  return "similar";
}

Result<std::vector<NameMatch>> FindByText(const GraphView& view, std::string_view text, size_t limit, bool beyond_exact,
                                          const CancellationToken& cancellation) {
  const TextMatcher matcher(text);
  TUPU_TRY_ASSIGN(const std::vector<VertexId> hits, view.FindByName(text));
  if (beyond_exact || hits.empty()) return ScanForText(view, matcher, limit, cancellation);
  const SpellingReader reader(view);
  std::vector<NameMatch> matches;
  for (const VertexId hit : hits) {
    TUPU_TRY_ASSIGN(std::optional<NameMatch> best, BestSpelling(reader, matcher, hit));
    if (best) matches.push_back(std::move(*best));
  }
  std::sort(matches.begin(), matches.end(), Better);
  if (matches.size() > limit) matches.resize(limit);
  return matches;
}

Result<NameResolution> ResolveName(const GraphView& view, std::string_view text,
                                   const CancellationToken& cancellation) {
  NameResolution resolution;
  TUPU_TRY_ASSIGN(resolution.hits, view.FindByName(text));
  if (!resolution.hits.empty()) return resolution;
  if (const std::optional<VertexId> number = ParseNumber(text)) {
    TUPU_TRY_ASSIGN(const bool known, view.HasVertex(*number));
    if (known) resolution.hits.push_back(*number);
    return resolution;
  }
  TUPU_TRY_ASSIGN(resolution.hits, HitsWithLabel(view, text));
  if (!resolution.hits.empty()) return resolution;
  constexpr size_t kSuggestions = 5;
  TUPU_TRY_ASSIGN(resolution.nearest, FindByText(view, text, kSuggestions, false, cancellation));
  return resolution;
}

}  // namespace tupu
