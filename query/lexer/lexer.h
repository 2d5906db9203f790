#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tupu/error.h>

#include "query/lexer/token.h"

namespace tupu {

/// Splits the text of a statement into tokens, one at a time, blanks and comments left out.
/// Cost: linear; holds nothing but its place. The text must outlive the lexer and its tokens.
class Lexer {
 public:
  /// Requires: text.size() < 2^32.
  explicit Lexer(std::string_view text) : text_(text) {}

  /// The next token. After kEnd and kInvalid the same again.
  Token Next();

  /// Why the last token is kInvalid: kSyntax with place, condition and hint.
  /// Requires: Next() gave a kInvalid.
  const Error& error() const { return *error_; }

 private:
  struct Place {
    size_t offset = 0;
    uint32_t line = 1;
    uint32_t column = 1;
  };

  bool AtEnd() const { return place_.offset >= text_.size(); }
  char Peek(size_t ahead = 0) const {
    return place_.offset + ahead < text_.size() ? text_[place_.offset + ahead] : '\0';
  }
  void AdvanceAscii(size_t count);               // no line breaks among them
  bool AdvanceCodePoint(char32_t* c = nullptr);  // false: not UTF-8, and error_ is set
  bool SkipBlanks();
  bool SkipBlockComment();
  std::optional<char32_t> PeekCodePoint(size_t* length = nullptr) const;  // none: the end, or not UTF-8

  Token LexName();
  Token LexNumber();
  Token LexString();
  Token LexQuotedName();
  Token LexSign();
  bool LexEscape(const Place& literal);
  bool LexHexEscape(size_t digits, const Place& escape, char32_t* unit);

  Token Make(TokenKind kind, const Place& start) const;
  Token Fail(const Place& start, std::string condition, std::string message, std::string hint = {});
  SourceSpan SpanFrom(const Place& start) const;

  std::string_view text_;
  Place place_;
  std::optional<Error> error_;
};

}  // namespace tupu
