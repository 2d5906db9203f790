#include "engine/cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "engine/cli/exit_status.h"
#include "storage/base/ascii.h"
#include "storage/base/similar.h"

namespace tupu {

namespace {

// Options of the design that a later version offers: known, so that nobody looks for a typing error.
constexpr std::string_view kLaterOptions[] = {"as-of", "undated"};

class ArgumentParser {
 public:
  ArgumentParser(std::span<const std::string> words, std::span<const OptionSpec> options,
                 std::span<const PositionalSpec> positionals)
      : words_(words), options_(options), positionals_(positionals) {}

  Result<Arguments> Parse() {
    bool only_places = false;
    while (next_ < words_.size()) {
      const std::string& word = words_[next_++];
      if (only_places || word.size() < 2 || word[0] != '-') {
        TUPU_TRY(AddPlace(word));
      } else if (word == "--") {
        only_places = true;
      } else if (word[1] == '-') {
        TUPU_TRY(AddLong(std::string_view(word).substr(2)));
      } else {
        TUPU_TRY(AddShort(std::string_view(word).substr(1)));
      }
    }
    // Asking for help needs nothing else.
    if (!arguments_.Has("help")) TUPU_TRY(CheckPlaces());
    return std::move(arguments_);
  }

 private:
  Status AddPlace(const std::string& word) {
    const size_t taken = arguments_.positionals().size();
    const bool fits = taken < positionals_.size() || (!positionals_.empty() && positionals_.back().repeated);
    if (!fits) return UsageError(fmt::format("one word too many: {}", word), "put words with blanks in quotes");
    arguments_.AddPositional(word);
    return {};
  }

  Status CheckPlaces() const {
    for (size_t i = arguments_.positionals().size(); i < positionals_.size(); ++i)
      if (positionals_[i].required) return UsageError(fmt::format("{} is missing", positionals_[i].name));
    return {};
  }

  Status AddLong(std::string_view word) {
    const size_t equal = word.find('=');
    const std::string_view name = word.substr(0, equal);
    const auto spec =
        std::find_if(options_.begin(), options_.end(), [&](const OptionSpec& option) { return option.name == name; });
    if (spec == options_.end()) return UnknownOption(name);
    if (equal == std::string_view::npos) return AddOption(*spec, std::nullopt);
    if (spec->value.empty()) return UsageError(fmt::format("--{} takes no value", name));
    return AddOption(*spec, std::string(word.substr(equal + 1)));
  }

  Status AddShort(std::string_view letters) {
    for (size_t i = 0; i < letters.size(); ++i) {
      const auto spec = std::find_if(options_.begin(), options_.end(),
                                     [&](const OptionSpec& option) { return option.letter == letters[i]; });
      if (spec == options_.end()) return UsageError(fmt::format("unknown option -{}", letters[i]), "see --help");
      if (spec->value.empty()) {
        TUPU_TRY(AddOption(*spec, std::nullopt));
        continue;
      }
      const std::string_view rest = letters.substr(i + 1);
      return AddOption(*spec, rest.empty() ? std::nullopt : std::optional(std::string(rest)));
    }
    return {};
  }

  Status AddOption(const OptionSpec& spec, std::optional<std::string> value) {
    if (!spec.repeated && arguments_.Has(spec.name)) return UsageError(fmt::format("--{} is given twice", spec.name));
    if (!spec.value.empty() && !value) {
      if (next_ == words_.size()) return UsageError(fmt::format("--{} needs a value: {}", spec.name, spec.value));
      value = words_[next_++];
    }
    arguments_.Add(spec.name, value.value_or(""));
    return {};
  }

  Error UnknownOption(std::string_view name) const {
    if (std::find(std::begin(kLaterOptions), std::end(kLaterOptions), name) != std::end(kLaterOptions))
      return UsageError(fmt::format("unknown option --{}: this version does not offer it yet", name), "see --help");
    std::vector<std::string_view> names;
    for (const OptionSpec& option : options_) names.push_back(option.name);
    const std::optional<std::string> nearest = NearestName(name, names);
    return UsageError(fmt::format("unknown option --{}", name),
                      nearest ? fmt::format("did you mean --{}?", *nearest) : "see --help");
  }

  std::span<const std::string> words_;
  std::span<const OptionSpec> options_;
  std::span<const PositionalSpec> positionals_;
  size_t next_ = 0;
  Arguments arguments_;
};

}  // namespace

std::optional<std::string> Arguments::Find(std::string_view option) const {
  const auto found = options_.find(option);
  if (found == options_.end()) return std::nullopt;
  return found->second.back();
}

const std::vector<std::string>& Arguments::GetAll(std::string_view option) const {
  static const std::vector<std::string> none;
  const auto found = options_.find(option);
  return found == options_.end() ? none : found->second;
}

std::vector<std::string> Arguments::GetList(std::string_view option) const {
  std::vector<std::string> parts;
  for (const std::string& value : GetAll(option)) {
    std::string_view rest = value;
    while (true) {
      const size_t comma = rest.find(',');
      if (const std::string_view part = TrimBlanks(rest.substr(0, comma)); !part.empty()) parts.emplace_back(part);
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return parts;
}

Result<uint64_t> Arguments::GetCount(std::string_view option, uint64_t fallback, uint64_t least) const {
  const std::optional<std::string> text = Find(option);
  if (!text) return fallback;
  uint64_t count = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
  if (error != std::errc() || end != text->data() + text->size() || count < least)
    return UsageError(fmt::format("--{} takes a whole number from {}, not \"{}\"", option, least, *text));
  return count;
}

Result<std::chrono::milliseconds> Arguments::GetSeconds(std::string_view option,
                                                        std::chrono::milliseconds fallback) const {
  const std::optional<std::string> text = Find(option);
  if (!text) return fallback;
  double seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  constexpr double kMost = 1e9;
  if (error != std::errc() || end != text->data() + text->size() || !(seconds > 0) || seconds > kMost)
    return UsageError(fmt::format("--{} takes seconds above 0, not \"{}\"", option, *text));
  return std::chrono::milliseconds(static_cast<int64_t>(std::ceil(seconds * 1000)));
}

Result<Arguments> ParseArguments(std::span<const std::string> words, std::span<const OptionSpec> options,
                                 std::span<const PositionalSpec> positionals) {
  return ArgumentParser(words, options, positionals).Parse();
}

}  // namespace tupu
