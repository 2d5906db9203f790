#include "engine/cli/report_error.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/cli/terminal.h"
#include "engine/cli/value_text.h"
#include "storage/text/normalize.h"

namespace tupu {

namespace {

constexpr int kColumnsShown = 100;

struct SourceLine {
  std::string before;  // of the place, on its line
  std::string after;
};

// The line of `text` that holds byte `offset`, tabs as blanks.
SourceLine LineAt(std::string_view text, size_t offset) {
  offset = std::min(offset, text.size());
  size_t begin = offset;
  while (begin > 0 && text[begin - 1] != '\n') --begin;
  const size_t end = std::min(text.find('\n', offset), text.size());
  SourceLine line{std::string(text.substr(begin, offset - begin)), std::string(text.substr(offset, end - offset))};
  for (std::string* part : {&line.before, &line.after})
    std::replace_if(
        part->begin(), part->end(), [](char c) { return c == '\t' || c == '\r'; }, ' ');
  return line;
}

// Drops letters from the front until `before` leaves room for what follows the place.
std::string EndOf(const std::string& before, int width) {
  if (DisplayWidth(before) <= width) return before;
  size_t begin = 0;
  while (begin < before.size() && DisplayWidth(std::string_view(before).substr(begin)) > width - 1) {
    ++begin;
    while (begin < before.size() && (static_cast<unsigned char>(before[begin]) & 0xC0) == 0x80) ++begin;
  }
  return "…" + before.substr(begin);
}

std::string CaretLines(const SourceSpan& where, const StatementPlace& place, bool colour) {
  const SourceLine line = LineAt(place.text, where.offset);
  const std::string before = EndOf(line.before, kColumnsShown * 2 / 3);
  const std::string after = CutToColumns(line.after, kColumnsShown - DisplayWidth(before));
  const size_t marked = std::min<size_t>(where.length, line.after.size());
  const int carets =
      std::clamp(DisplayWidth(std::string_view(line.after).substr(0, marked)), 1, std::max(1, DisplayWidth(after)));
  return fmt::format("  {}{}\n  {:{}}{}\n", before, after, "", DisplayWidth(before),
                     Paint(std::string(static_cast<size_t>(carets), '^'), Tone::kError, colour));
}

std::string PlaceText(const SourceSpan& where, const StatementPlace* place) {
  const uint32_t first_line = place == nullptr ? 1 : place->line;
  const uint32_t first_column = place == nullptr ? 1 : place->column;
  const uint32_t line = where.line + first_line - 1;
  const uint32_t column = where.line == 1 ? where.column + first_column - 1 : where.column;
  const std::string file = place == nullptr || place->file.empty() ? "" : place->file + ":";
  return fmt::format("{}{}:{}: ", file, line, column);
}

}  // namespace

std::string ErrorText(const Error& error, const StatementPlace* place, Language language, bool colour) {
  constexpr Text kError = {"error", "错误"};
  constexpr Text kHint = {"hint", "提示"};
  const bool located = error.where && error.where->line > 0;
  const bool command_line = error.condition.starts_with("CommandLine.");
  const bool of_statement = !located && place != nullptr && place->is_of_many;
  const SourceSpan where = located ? *error.where : SourceSpan{1, 1, 0, 0};
  std::string text = fmt::format("{}: {}{}", Paint(kError.In(language), Tone::kError, colour),
                                 located || of_statement ? PlaceText(where, place) : "", error.message);
  if (!error.condition.empty() && !command_line) text += fmt::format(" ({})", error.condition);
  text += '\n';
  if (located && place != nullptr) text += CaretLines(where, *place, colour);
  if (!error.hint.empty()) text += fmt::format("{}: {}\n", Paint(kHint.In(language), Tone::kHint, colour), error.hint);
  return text;
}

}  // namespace tupu
