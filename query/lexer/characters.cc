#include "query/lexer/characters.h"

#include <algorithm>
#include <array>

namespace tupu {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Not letters, from U+0080 on; sorted.
constexpr std::array kNotLetters = {
    Range{0x0080, 0x00A9},    Range{0x00AB, 0x00B4}, Range{0x00B6, 0x00B9}, Range{0x00BB, 0x00BF},
    Range{0x00D7, 0x00D7},    Range{0x00F7, 0x00F7}, Range{0x02C2, 0x02C5}, Range{0x02D2, 0x02DF},
    Range{0x1680, 0x1680},    Range{0x180E, 0x180E}, Range{0x2000, 0x203E}, Range{0x2041, 0x2053},
    Range{0x2055, 0x206F},    Range{0x20A0, 0x20CF}, Range{0x2190, 0x245F}, Range{0x2500, 0x2BFF},
    Range{0x2E00, 0x2E7F},    Range{0x2FF0, 0x3004}, Range{0x3008, 0x3020}, Range{0x3030, 0x3030},
    Range{0xE000, 0xF8FF},    Range{0xFE10, 0xFE32}, Range{0xFE35, 0xFE4C}, Range{0xFE50, 0xFE6F},
    Range{0xFEFF, 0xFEFF},    Range{0xFF01, 0xFF0F}, Range{0xFF1A, 0xFF20}, Range{0xFF3B, 0xFF3E},
    Range{0xFF40, 0xFF40},    Range{0xFF5B, 0xFF65}, Range{0xFFE0, 0xFFFF}, Range{0x1F000, 0x1FAFF},
    Range{0xE0000, 0x10FFFF},
};

bool IsAsciiLetter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct Lookalike {
  char32_t from;
  std::string_view to;
};

constexpr std::array kLookalikes = {
    Lookalike{0x00D7, "*"},  Lookalike{0x2010, "-"},  Lookalike{0x2011, "-"},  Lookalike{0x2012, "-"},
    Lookalike{0x2013, "-"},  Lookalike{0x2014, "-"},  Lookalike{0x2015, "-"},  Lookalike{0x2018, "'"},
    Lookalike{0x2019, "'"},  Lookalike{0x201C, "\""}, Lookalike{0x201D, "\""}, Lookalike{0x2026, ".."},
    Lookalike{0x2192, "->"}, Lookalike{0x2190, "<-"}, Lookalike{0x2212, "-"},  Lookalike{0x2260, "<>"},
    Lookalike{0x2264, "<="}, Lookalike{0x2265, ">="}, Lookalike{0x3001, ","},  Lookalike{0x3002, "."},
    Lookalike{0x300A, "<"},  Lookalike{0x300B, ">"},  Lookalike{0x3010, "["},  Lookalike{0x3011, "]"},
};

}  // namespace

bool IsSpace(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || c == 0x180E || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

bool IsNameStart(char32_t c) {
  if (c < 0x80) return IsAsciiLetter(c) || c == '_';
  const auto range = std::lower_bound(kNotLetters.begin(), kNotLetters.end(), c,
                                      [](const Range& r, char32_t value) { return r.last < value; });
  return range == kNotLetters.end() || c < range->first;
}

bool IsNamePart(char32_t c) {
  return (c >= '0' && c <= '9') || IsNameStart(c);
}

std::string_view AsciiLookalike(char32_t c) {
  constexpr std::string_view kFullWidth = "!\"#$%&'()*+,-./0123456789:;<=>?@";  // U+FF01 ...
  constexpr std::string_view kFullWidthTail = "{|}~";                           // U+FF5B ...
  if (c >= 0xFF01 && c <= 0xFF20) return kFullWidth.substr(c - 0xFF01, 1);
  if (c == 0xFF3B) return "[";
  if (c == 0xFF3D) return "]";
  if (c >= 0xFF5B && c <= 0xFF5E) return kFullWidthTail.substr(c - 0xFF5B, 1);
  const auto found =
      std::find_if(kLookalikes.begin(), kLookalikes.end(), [c](const Lookalike& l) { return l.from == c; });
  return found == kLookalikes.end() ? std::string_view() : found->to;
}

}  // namespace tupu
