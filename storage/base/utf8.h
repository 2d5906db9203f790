#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tupu {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

/// One decoded character: `length` bytes; code_point is nullopt for bytes that are not UTF-8 (then length is that of
/// the longest part that could have begun a character, as Unicode recommends: each such part is one U+FFFD).
struct Utf8Character {
  std::optional<char32_t> code_point;
  size_t length;
};

/// Requires: !text.empty().
Utf8Character DecodeUtf8(std::string_view text);

bool IsValidUtf8(std::string_view text);

/// Appends the bytes of `code_point`; surrogates and values beyond U+10FFFF become U+FFFD.
void AppendUtf8(std::string& out, char32_t code_point);

/// The code points of `text`, invalid bytes as U+FFFD.
std::u32string DecodeCodePoints(std::string_view text);

/// Number of code points, each invalid part counted as one.
size_t CountCodePoints(std::string_view text);

}  // namespace tupu
