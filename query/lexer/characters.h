#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "storage/base/utf8.h"

namespace tupu {

struct CodePoint {
  char32_t value = 0;
  size_t length = 0;  // bytes
};

/// The code point at `offset`; none when the bytes are not UTF-8 (overlong forms and surrogates included).
/// Requires: offset < text.size().
std::optional<CodePoint> DecodeUtf8(std::string_view text, size_t offset);

/// Blank in the grammar: Unicode's white space, the ideographic space included.
bool IsSpace(char32_t c);

/// Letters of every script; a name needs no quotes when it starts with one. Without Unicode's tables: every code point
/// from U+0080 on that is not in a block of spaces, punctuation, arrows, operators or private use.
bool IsNameStart(char32_t c);
bool IsNamePart(char32_t c);

/// The ASCII sign that a full-width or typographic one stands for ('（' -> "("), or empty: for hints.
std::string_view AsciiLookalike(char32_t c);

}  // namespace tupu
