#include <algorithm>

#include <fmt/format.h>

#include "query/parser/internal/statement_parser.h"
#include "storage/base/similar.h"

namespace tupu {
namespace {

constexpr size_t kShownBytes = 40;
constexpr size_t kCompactAt = 64;

// The token as a message shows it: whole code points, not a page of text.
std::string Shown(const Token& token) {
  if (token.kind == TokenKind::kEnd) return "the end of the query";
  if (token.text.size() <= kShownBytes) return fmt::format("'{}'", token.text);
  size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(token.text[end]) & 0xC0) == 0x80) --end;
  return fmt::format("'{}...'", token.text.substr(0, end));
}

std::string JoinAlternatives(std::span<const std::string_view> words) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

bool IsWordChar(char c) {
  return c >= 'A' && c <= 'Z';
}

}  // namespace

const Token& StatementParser::Peek(size_t ahead) {
  while (tokens_.size() - head_ <= ahead) {
    if (head_ >= kCompactAt) {  // few are left: the window moves on, and a long text needs no long vector
      tokens_.erase(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
    tokens_.push_back(lexer_.Next());
  }
  return tokens_[head_ + ahead];
}

Token StatementParser::Take() {
  const Token token = Peek();
  ++head_;
  last_end_ = token.where.offset + token.where.length;
  num_expected_ = 0;
  return token;
}

void StatementParser::NoteExpected(std::string_view what) {
  for (size_t i = 0; i < num_expected_; ++i) {
    if (expected_[i] == what) return;
  }
  if (num_expected_ < kMaxExpected) expected_[num_expected_++] = what;
}

bool StatementParser::At(TokenKind kind) {
  if (Is(kind)) return true;
  NoteExpected(Describe(kind));
  return false;
}

bool StatementParser::At(Keyword keyword) {
  if (Is(keyword)) return true;
  NoteExpected(Name(keyword));
  return false;
}

bool StatementParser::Accept(TokenKind kind) {
  if (!At(kind)) return false;
  Take();
  return true;
}

bool StatementParser::Accept(Keyword keyword) {
  if (!At(keyword)) return false;
  Take();
  return true;
}

bool StatementParser::Expect(TokenKind kind) {
  return Accept(kind) || FailUnexpected();
}
bool StatementParser::Expect(Keyword keyword) {
  return Accept(keyword) || FailUnexpected();
}

bool StatementParser::IsWord(std::string_view lower_case, size_t ahead) {
  const Token& token = Peek(ahead);
  if (token.kind != TokenKind::kName || token.text.size() != lower_case.size()) return false;
  for (size_t i = 0; i < lower_case.size(); ++i) {
    const char c = token.text[i];
    if ((IsWordChar(c) ? static_cast<char>(c - 'A' + 'a') : c) != lower_case[i]) return false;
  }
  return true;
}

bool StatementParser::IsVariable(size_t ahead) {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kQuotedName || (token.kind == TokenKind::kName && !IsReserved(token.keyword));
}

bool StatementParser::Fail(const SourceSpan& where, std::string_view condition, std::string message, std::string hint) {
  if (!error_) {
    error_ =
        Error{ErrorCode::kSyntax, std::move(message), where, fmt::format("SyntaxError.{}", condition), std::move(hint)};
  }
  return false;
}

bool StatementParser::FailUnsupported(const SourceSpan& where, std::string_view what, std::string hint) {
  if (!error_) {
    error_ = Error{ErrorCode::kUnsupported, fmt::format("{} is not offered by this version", what), where,
                   "SyntaxError.UnsupportedFeature", std::move(hint)};
  }
  return false;
}

bool StatementParser::FailUnexpected(std::string_view condition) {
  const Token token = Peek();
  if (error_) return false;
  if (token.kind == TokenKind::kInvalid) {
    error_ = lexer_.error();
    return false;
  }
  const std::span<const std::string_view> expected(expected_.data(), num_expected_);
  std::string hint;
  if (token.kind == TokenKind::kName) {
    std::vector<std::string_view> words;
    for (const std::string_view word : expected) {
      if (IsWordChar(word[0])) words.push_back(word);
    }
    hint = DidYouMean(token.text, words);
    const bool name_fits = std::find(expected.begin(), expected.end(), "a name") != expected.end();
    if (hint.empty() && name_fits && IsReserved(token.keyword)) {
      hint = fmt::format("{} is a reserved word; as a name it is written `{}`.", Name(token.keyword), token.text);
    }
  } else if (token.kind == TokenKind::kExclamation) {
    hint = "Negation is NOT; ! stands before a label.";
  } else if (token.kind == TokenKind::kSemicolon) {
    hint = "A semicolon ends a statement; several statements are sent one by one.";
  }
  std::string message = fmt::format("unexpected {}", Shown(token));
  if (!expected.empty()) message += fmt::format("; expected {}", JoinAlternatives(expected));
  return Fail(token.where, condition, std::move(message), std::move(hint));
}

SourceSpan StatementParser::SpanFrom(const SourceSpan& start) const {
  return {start.line, start.column, start.offset, static_cast<uint32_t>(last_end_ - start.offset)};
}

bool StatementParser::ParseVariable(AstName& name) {
  if (!IsVariable()) {
    NoteExpected("a name");
    return FailUnexpected();
  }
  const Token token = Take();
  name = {DecodeText(token), token.where};
  return !name.text.empty() || Fail(name.where, "UnexpectedSyntax", "a name cannot be empty");
}

bool StatementParser::ParseSchemaName(AstName& name) {
  if (!IsName()) {
    NoteExpected("a name");
    return FailUnexpected();
  }
  const Token token = Take();
  name = {DecodeText(token), token.where};
  return true;
}

bool StatementParser::ParseDottedName(AstName& name) {
  if (!ParseSchemaName(name)) return false;
  while (Accept(TokenKind::kDot)) {
    AstName part;
    if (!ParseSchemaName(part)) return false;
    name.text += '.';
    name.text += part.text;
  }
  name.where = SpanFrom(name.where);
  return true;
}

}  // namespace tupu
