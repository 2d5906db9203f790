#include "engine/export/dot_text.h"

#include <algorithm>
#include <vector>

#include "storage/text/normalize.h"

namespace tupu {

namespace {

// Brackets and stops that do not end or begin a line.
constexpr std::string_view kOpening[] = {"（", "(", "《", "“", "「", "【"};
constexpr std::string_view kClosing[] = {"）", ")", "》", "”", "」", "】", "，", "。", "、", "；", "："};

template <size_t size>
bool IsOneOf(std::string_view letter, const std::string_view (&letters)[size]) {
  return std::find(std::begin(letters), std::end(letters), letter) != std::end(letters);
}

// A piece that stays on one line: one wide character, or a word with the blank or punctuation that ends it.
std::vector<std::string> Pieces(std::string_view text) {
  std::vector<std::string> pieces;
  bool open = false;   // the last piece may grow
  bool opens = false;  // it ends with an opening bracket
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    const std::string_view letter = text.substr(begin, end - begin);
    begin = end;
    const bool wide = DisplayWidth(letter) > 1;
    const bool holds = !pieces.empty() && (opens || IsOneOf(letter, kClosing));
    if ((open && !wide) || holds) {
      pieces.back().append(letter);
    } else {
      pieces.emplace_back(letter);
    }
    opens = IsOneOf(letter, kOpening);
    open = !wide && letter != " " && letter != "-" && letter != "/" && letter != "_";
  }
  return pieces;
}

std::string CutToWidth(std::string_view text, int width) {
  std::string cut;
  for (const std::string& piece : Pieces(text)) {
    if (DisplayWidth(cut) + DisplayWidth(piece) > width) break;
    cut += piece;
  }
  return cut;
}

void TrimEnd(std::string& line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
}

}  // namespace

std::string DotString(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '&': out += "&amp;"; break;  // Graphviz reads entities in plain strings as well
      case '\n': out += "\\n"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
    }
  }
  return out + '"';
}

std::string DotHtml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '"': out += "&quot;"; break;
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '\n': out += "<br/>"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
    }
  }
  return out;
}

std::string WrapText(std::string_view text, int width, int max_lines) {
  const int total = DisplayWidth(text);
  const int lines_needed = std::max(1, (total + width - 1) / width);
  // Even lines read better than a full one and a rest of one character.
  const int even = std::min(width, (total + lines_needed - 1) / lines_needed + 1);
  std::vector<std::string> lines = {""};
  for (const std::string& piece : Pieces(text)) {
    if (!lines.back().empty() && DisplayWidth(lines.back()) + DisplayWidth(piece) > even) lines.emplace_back();
    lines.back() += piece;
  }
  std::string out;
  for (size_t i = 0; i < lines.size(); ++i) {
    TrimEnd(lines[i]);
    if (i > 0) out += '\n';
    const bool last = i + 1 == static_cast<size_t>(max_lines) && i + 1 < lines.size();
    out += last ? CutToWidth(lines[i], width - 1) + "…" : lines[i];
    if (last) break;
  }
  return out;
}

}  // namespace tupu
