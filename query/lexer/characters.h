#pragma once

#include <string_view>

namespace tupu {

/// Blank in the grammar: Unicode's white space, the ideographic space included.
bool IsSpace(char32_t c);

/// Letters of every script; a name needs no quotes when it starts with one. Without Unicode's tables: every code point
/// from U+0080 on that is not in a block of spaces, punctuation, arrows, operators or private use.
bool IsNameStart(char32_t c);
bool IsNamePart(char32_t c);

/// The ASCII sign that a full-width or typographic one stands for ('（' -> "("), or empty: for hints.
std::string_view AsciiLookalike(char32_t c);

}  // namespace tupu
