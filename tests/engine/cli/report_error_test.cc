#include "engine/cli/report_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {

namespace {

// The error at byte `offset` of a text, places counted as the lexer counts them.
Error At(std::string_view text, size_t offset, size_t length) {
  SourceSpan where{1, 1, static_cast<uint32_t>(offset), static_cast<uint32_t>(length)};
  for (size_t i = 0; i < offset; ++i) {
    if (text[i] == '\n') {
      ++where.line;
      where.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++where.column;
    }
  }
  return {.code = ErrorCode::kBind, .message = "no x", .where = where, .condition = "SyntaxError.X", .hint = "try y"};
}

}  // namespace

TEST(ErrorText, PutsTheCaretUnderTheWordBesideWideCharacters) {
  const std::string_view text = "RETURN '华为', x";
  const StatementPlace place{text};
  EXPECT_EQ(ErrorText(At(text, text.size() - 1, 1), &place, Language::kEnglish, false),
            "error: 1:14: no x (SyntaxError.X)\n"
            "  RETURN '华为', x\n"
            "                 ^\n"
            "hint: try y\n");
}

TEST(ErrorText, ShowsTheLineOfALaterStatementAndCountsFromTheFile) {
  const std::string_view text = "MATCH (n)\nRETURN xyz";
  StatementPlace place{text, 5, 3, "q.cypher"};
  EXPECT_EQ(ErrorText(At(text, 17, 3), &place, Language::kChinese, false),
            "错误: q.cypher:6:8: no x (SyntaxError.X)\n"
            "  RETURN xyz\n"
            "         ^^^\n"
            "提示: try y\n");
  EXPECT_THAT(ErrorText(At(text, 0, 5), &place, Language::kEnglish, false), ::testing::HasSubstr("q.cypher:5:3:"));
}

TEST(ErrorText, NamesTheStatementOfAScriptWhereTheErrorHasNoPlace) {
  const Error error{ErrorCode::kInvalidArgument, "1 / 0: cannot be divided"};
  StatementPlace place{"MATCH (n)\nRETURN 1 / 0", 5, 3, "q.cypher", true};
  EXPECT_EQ(ErrorText(error, &place, Language::kEnglish, false), "error: q.cypher:5:3: 1 / 0: cannot be divided\n");
  place.is_of_many = false;
  EXPECT_EQ(ErrorText(error, &place, Language::kEnglish, false), "error: 1 / 0: cannot be divided\n");
}

TEST(ErrorText, ShowsTheSurroundingsInALongLine) {
  const std::string text = std::string(300, 'a') + "b" + std::string(300, 'c');
  const StatementPlace place{text};
  const std::string shown = ErrorText(At(text, 300, 1), &place, Language::kEnglish, false);
  EXPECT_THAT(shown, ::testing::HasSubstr("…"));
  const size_t line = shown.find("\n  ") + 3;
  const size_t caret_line = shown.find("\n  ", line) + 3;
  // Both lines start with an ellipsis of three bytes and one column.
  EXPECT_EQ(shown[line + (shown.find('^') - caret_line) + 2], 'b');
}

TEST(ErrorText, PointsBehindTheEndOfTheText) {
  const std::string_view text = "RETURN";
  const StatementPlace place{text};
  EXPECT_THAT(ErrorText(At(text, 6, 0), &place, Language::kEnglish, false), ::testing::HasSubstr("\n        ^\n"));
}

}  // namespace tupu
