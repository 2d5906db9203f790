#include "engine/cli/language.h"

#include <cstdlib>

namespace tupu {

std::string_view Code(Language language) {
  return language == Language::kChinese ? "zh" : "en";
}

std::optional<Language> ParseLanguage(std::string_view text) {
  const std::string_view code = text.substr(0, text.find_first_of("_-."));
  if (code == "zh") return Language::kChinese;
  if (code == "en") return Language::kEnglish;
  return std::nullopt;
}

Language LanguageOfEnvironment() {
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return ParseLanguage(value).value_or(Language::kEnglish);
  }
  return Language::kEnglish;
}

}  // namespace tupu
