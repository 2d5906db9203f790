#include "storage/base/utf8.h"

#include <cstring>

namespace tupu {

namespace {

struct LeadByte {
  size_t length;             // 0: cannot begin a character
  unsigned char second_min;  // the range of the second byte keeps out overlong forms and surrogates
  unsigned char second_max;
};

LeadByte Classify(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

/// The bytes of the ASCII words of 8 that the text begins with.
size_t AsciiWords(std::string_view text) {
  size_t size = 0;
  for (uint64_t word = 0; size + 8 <= text.size(); size += 8) {
    std::memcpy(&word, text.data() + size, 8);
    if ((word & 0x8080808080808080ull) != 0) break;
  }
  return size;
}

}  // namespace

Utf8Character DecodeUtf8(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const LeadByte lead = Classify(byte(0));
  if (lead.length == 1) return {byte(0), 1};
  if (lead.length == 0) return {std::nullopt, 1};
  char32_t code_point = byte(0) & (0x7F >> lead.length);
  for (size_t i = 1; i < lead.length; ++i) {
    if (i >= text.size()) return {std::nullopt, i};
    const unsigned char low = i == 1 ? lead.second_min : 0x80;
    const unsigned char high = i == 1 ? lead.second_max : 0xBF;
    if (byte(i) < low || byte(i) > high) return {std::nullopt, i};
    code_point = (code_point << 6) | (byte(i) & 0x3F);
  }
  return {code_point, lead.length};
}

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    if (const size_t ascii = AsciiWords(text); ascii > 0) {
      text.remove_prefix(ascii);
      continue;
    }
    const Utf8Character character = DecodeUtf8(text);
    if (!character.code_point) return false;
    text.remove_prefix(character.length);
  }
  return true;
}

void AppendUtf8(std::string& out, char32_t code_point) {
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) code_point = kReplacementCharacter;
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code_point >> shift) & 0x3F)); };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0 | (code_point >> 6));
    tail(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0 | (code_point >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code_point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::u32string DecodeCodePoints(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character character = DecodeUtf8(text);
    out += character.code_point.value_or(kReplacementCharacter);
    text.remove_prefix(character.length);
  }
  return out;
}

size_t CountCodePoints(std::string_view text) {
  size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(DecodeUtf8(text).length);
  return count;
}

}  // namespace tupu
