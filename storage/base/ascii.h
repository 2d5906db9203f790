#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tupu {

// Letters and blanks of the keywords, names and numbers that formats and the language spell in ASCII. Text that people
// wrote goes by Unicode: storage/text/normalize.h.

inline constexpr char ToLowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string ToLowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = ToLowerAscii(c);
  return lower;
}

/// Without blanks, tabs and line ends around it.
inline constexpr std::string_view TrimBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace tupu
