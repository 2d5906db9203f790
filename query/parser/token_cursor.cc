#include <algorithm>
#include <array>

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

bool IsOpening(TokenKind kind) {
  return kind == TokenKind::kLeftParenthesis || kind == TokenKind::kLeftBracket || kind == TokenKind::kLeftBrace;
}
bool IsClosing(TokenKind kind) {
  return kind == TokenKind::kRightParenthesis || kind == TokenKind::kRightBracket || kind == TokenKind::kRightBrace;
}

/// Words that people bring from SQL.
struct Habit {
  std::string_view word;
  std::string_view hint;
};
constexpr std::array kHabits = {
    Habit{"select", "A query begins with what it looks for, MATCH (n:Label), and ends with RETURN."},
    Habit{"from", "What is looked for is a pattern: MATCH (n:Label)."},
    Habit{"into", "Data are made by CREATE (n:Label {key: value})."},
    Habit{"update", "Data are changed by MATCH ... SET n.key = value."},
    Habit{"like", "Texts are compared by CONTAINS, STARTS WITH, ENDS WITH and =~."},
    Habit{"between", "Write a <= x <= b."},
    Habit{"join", "Join by a pattern: MATCH (a)-[:TYPE]->(b)."},
    Habit{"group", "Rows are grouped by the items of RETURN or WITH that are no aggregates."},
    Habit{"having", "Filter aggregates behind WITH: WITH x, count(*) AS n WHERE n > 1."},
};

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
  NoteBracket(token);
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
  std::string message = fmt::format("unexpected {}", Shown(token));
  if (!expected.empty()) message += fmt::format("; expected {}", JoinAlternatives(expected));
  return Fail(token.where, condition, std::move(message), HintFor(token));
}

std::string StatementParser::HintFor(const Token& token) {
  const std::span<const std::string_view> expected(expected_.data(), num_expected_);
  if (token.kind == TokenKind::kName) {
    for (const Habit& habit : kHabits)
      if (IsWord(habit.word)) return std::string(habit.hint);
    std::vector<std::string_view> words;
    for (const std::string_view word : expected) {
      if (IsWordChar(word[0])) words.push_back(word);
    }
    if (std::string hint = DidYouMean(token.text, words); !hint.empty()) return hint;
    const bool name_fits = std::find(expected.begin(), expected.end(), "a name") != expected.end();
    if (name_fits && IsReserved(token.keyword))
      return fmt::format("{} is a reserved word; as a name it is written `{}`.", Name(token.keyword), token.text);
  }
  if (token.kind == TokenKind::kExclamation) return "Negation is NOT; ! stands before a label.";
  const bool behind_equal = token.where.offset == last_end_ && last_end_ > 0 && text_[last_end_ - 1] == '=';
  if (token.kind == TokenKind::kEqual && behind_equal) return "Equality is a single =.";
  if (token.kind == TokenKind::kBar && last_end_ > 0 && text_[last_end_ - 1] == '|') {
    return "Conditions are joined by OR, texts and lists by +.";
  }
  if (std::string hint = HintAtBracket(token); !hint.empty()) return hint;
  return token.kind == TokenKind::kSemicolon ? "A semicolon ends a statement; several statements are sent one by one."
                                             : std::string();
}

void StatementParser::NoteBracket(const Token& token) {
  if (IsOpening(token.kind)) open_brackets_.push_back(token);
  if (IsClosing(token.kind) && !open_brackets_.empty()) open_brackets_.pop_back();
}

/// Where the query ends, a clause begins or another bracket closes: the one that is still open.
std::string StatementParser::HintAtBracket(const Token& token) const {
  const bool ends = token.kind == TokenKind::kEnd || token.kind == TokenKind::kSemicolon || IsReserved(token.keyword) ||
                    IsClosing(token.kind);
  if (!ends) return {};
  if (!open_brackets_.empty()) {
    const Token& open = open_brackets_.back();
    return fmt::format("The '{}' at {}:{} is not closed.", open.text, open.where.line, open.where.column);
  }
  return IsClosing(token.kind) ? fmt::format("No bracket is open here that '{}' could close.", token.text)
                               : std::string();
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
