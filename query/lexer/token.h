#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tupu/error.h>

#include "query/lexer/keyword.h"

namespace tupu {

enum class TokenKind : uint8_t {
  kEnd,
  kInvalid,     // Lexer::error() says why; the lexer stays there
  kName,        // also every keyword: which of them are reserved depends on the place
  kQuotedName,  // `name`
  kString,
  kInteger,  // decimal, 0x1F, 0o17
  kFloat,
  kLeftParenthesis,
  kRightParenthesis,
  kLeftBracket,
  kRightBracket,
  kLeftBrace,
  kRightBrace,
  kComma,
  kColon,
  kSemicolon,
  kDot,
  kDotDot,
  kBar,
  kAmpersand,
  kExclamation,
  kDollar,
  kPlus,
  kPlusEqual,
  kMinus,  // arrows are not tokens: `a<-b` and `()<-[]-()` differ only in what stands around them
  kStar,
  kSlash,
  kPercent,
  kCaret,
  kEqual,
  kRegexEqual,  // =~
  kNotEqual,    // <>
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
};

/// As a message names it: "')'", "a name", "the end of the query".
std::string_view Describe(TokenKind kind);

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Keyword keyword = Keyword::kNone;  // of a kName, whatever its case
  SourceSpan where;
  std::string_view text;  // as written; lives as long as the lexed text
};

/// What a kName, kQuotedName or kString means: quotes taken off, escapes done.
std::string DecodeText(const Token& token);

}  // namespace tupu
