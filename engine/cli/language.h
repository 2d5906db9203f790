#pragma once

#include <optional>
#include <string_view>

namespace tupu {

enum class Language : unsigned char { kEnglish, kChinese };

/// One message in every language that the command line speaks.
struct Text {
  std::string_view en;
  std::string_view zh;
  constexpr std::string_view In(Language language) const { return language == Language::kChinese ? zh : en; }
};

/// "en" or "zh", as the ontology's display names are keyed.
std::string_view Code(Language language);

/// Reads `--lang`: "en", "zh", and locale names that begin so ("zh_CN.UTF-8").
std::optional<Language> ParseLanguage(std::string_view text);

/// From LC_ALL, LC_MESSAGES or LANG, whichever is set first; English where none says Chinese.
Language LanguageOfEnvironment();

}  // namespace tupu
