#include "query/lexer/lexer.h"

#include <fmt/format.h>

#include "query/lexer/characters.h"
#include "storage/base/utf8.h"

namespace tupu {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsHexDigit(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool IsAsciiNamePart(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsAscii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

uint32_t HexValue(char c) {
  if (IsDigit(c)) return static_cast<uint32_t>(c - '0');
  return static_cast<uint32_t>((c | 0x20) - 'a' + 10);
}

bool IsLowSurrogate(char32_t c) {
  return c >= 0xDC00 && c <= 0xDFFF;
}
bool IsSurrogate(char32_t c) {
  return c >= 0xD800 && c <= 0xDFFF;
}

char32_t ParseHex(std::string_view digits) {
  char32_t value = 0;
  for (const char c : digits) value = value * 16 + HexValue(c);
  return value;
}

// The escape after a backslash at text[i]; moves i behind it. The lexer has checked it.
void AppendEscape(std::string_view text, size_t& i, std::string& out) {
  const char c = text[i++];
  switch (c) {
    case 'b': out.push_back('\b'); return;
    case 'f': out.push_back('\f'); return;
    case 'n': out.push_back('\n'); return;
    case 'r': out.push_back('\r'); return;
    case 't': out.push_back('\t'); return;
    case 'u':
    case 'U': break;
    default: out.push_back(c); return;
  }
  const size_t digits = c == 'u' ? 4 : 8;
  char32_t value = ParseHex(text.substr(i, digits));
  i += digits;
  if (IsSurrogate(value)) {  // a pair: \uD83D\uDE00
    value = 0x10000 + ((value - 0xD800) << 10) + (ParseHex(text.substr(i + 2, 4)) - 0xDC00);
    i += 6;
  }
  AppendUtf8(out, value);
}

}  // namespace

std::string_view Describe(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEnd: return "the end of the query";
    case TokenKind::kInvalid: return "an invalid token";
    case TokenKind::kName:
    case TokenKind::kQuotedName: return "a name";
    case TokenKind::kString: return "a string";
    case TokenKind::kInteger: return "an integer";
    case TokenKind::kFloat: return "a number";
    case TokenKind::kLeftParenthesis: return "'('";
    case TokenKind::kRightParenthesis: return "')'";
    case TokenKind::kLeftBracket: return "'['";
    case TokenKind::kRightBracket: return "']'";
    case TokenKind::kLeftBrace: return "'{'";
    case TokenKind::kRightBrace: return "'}'";
    case TokenKind::kComma: return "','";
    case TokenKind::kColon: return "':'";
    case TokenKind::kSemicolon: return "';'";
    case TokenKind::kDot: return "'.'";
    case TokenKind::kDotDot: return "'..'";
    case TokenKind::kBar: return "'|'";
    case TokenKind::kAmpersand: return "'&'";
    case TokenKind::kExclamation: return "'!'";
    case TokenKind::kDollar: return "'$'";
    case TokenKind::kPlus: return "'+'";
    case TokenKind::kPlusEqual: return "'+='";
    case TokenKind::kMinus: return "'-'";
    case TokenKind::kStar: return "'*'";
    case TokenKind::kSlash: return "'/'";
    case TokenKind::kPercent: return "'%'";
    case TokenKind::kCaret: return "'^'";
    case TokenKind::kEqual: return "'='";
    case TokenKind::kRegexEqual: return "'=~'";
    case TokenKind::kNotEqual: return "'<>'";
    case TokenKind::kLess: return "'<'";
    case TokenKind::kLessEqual: return "'<='";
    case TokenKind::kGreater: return "'>'";
    case TokenKind::kGreaterEqual: return "'>='";
  }
  return "a token";
}

std::string DecodeText(const Token& token) {
  if (token.kind == TokenKind::kName) return std::string(token.text);
  const std::string_view inner = token.text.substr(1, token.text.size() - 2);
  std::string out;
  out.reserve(inner.size());
  for (size_t i = 0; i < inner.size();) {
    if (token.kind == TokenKind::kQuotedName && inner[i] == '`') {  // doubled: the lexer ends at a single one
      out.push_back('`');
      i += 2;
    } else if (token.kind == TokenKind::kString && inner[i] == '\\') {
      AppendEscape(inner, ++i, out);
    } else {
      out.push_back(inner[i++]);
    }
  }
  return out;
}

SourceSpan Lexer::SpanFrom(const Place& start) const {
  return {start.line, start.column, static_cast<uint32_t>(start.offset),
          static_cast<uint32_t>(place_.offset - start.offset)};
}

Token Lexer::Make(TokenKind kind, const Place& start) const {
  return {kind, Keyword::kNone, SpanFrom(start), text_.substr(start.offset, place_.offset - start.offset)};
}

Token Lexer::Fail(const Place& start, std::string condition, std::string message, std::string hint) {
  if (!error_) {
    error_ =
        Error{ErrorCode::kSyntax, std::move(message), SpanFrom(start), "SyntaxError." + condition, std::move(hint)};
  }
  return {TokenKind::kInvalid, Keyword::kNone, *error_->where, {}};
}

void Lexer::AdvanceAscii(size_t count) {
  place_.offset += count;
  place_.column += static_cast<uint32_t>(count);
}

std::optional<char32_t> Lexer::PeekCodePoint(size_t* length) const {
  if (AtEnd()) return std::nullopt;
  const Utf8Character character = DecodeUtf8(text_.substr(place_.offset));
  if (length != nullptr) *length = character.length;
  return character.code_point;
}

bool Lexer::AdvanceCodePoint(char32_t* c) {
  size_t length = 0;
  const auto code_point = PeekCodePoint(&length);
  if (!code_point) {
    Fail(place_, "InvalidUnicodeCharacter", "the query is not valid UTF-8 here", "Save or send the text as UTF-8.");
    return false;
  }
  if (c != nullptr) *c = *code_point;
  place_.offset += length;
  if (*code_point == '\n') {
    ++place_.line;
    place_.column = 1;
  } else {
    ++place_.column;
  }
  return true;
}

bool Lexer::SkipBlockComment() {
  const Place start = place_;
  AdvanceAscii(2);
  while (!(Peek() == '*' && Peek(1) == '/')) {
    if (AtEnd()) {
      Fail(start, "UnexpectedSyntax", "the comment that begins here has no end", "Close it with */.");
      return false;
    }
    if (!AdvanceCodePoint()) return false;
  }
  AdvanceAscii(2);
  return true;
}

bool Lexer::SkipBlanks() {
  while (!AtEnd()) {
    if (Peek() == '/' && Peek(1) == '*') {
      if (!SkipBlockComment()) return false;
    } else if (Peek() == '/' && Peek(1) == '/') {
      while (!AtEnd() && Peek() != '\n') {
        if (!AdvanceCodePoint()) return false;
      }
    } else {
      const auto point = PeekCodePoint();
      if (!point || !IsSpace(*point)) return true;
      AdvanceCodePoint();
    }
  }
  return true;
}

Token Lexer::Next() {
  if (error_ || !SkipBlanks()) return {TokenKind::kInvalid, Keyword::kNone, *error_->where, {}};
  if (AtEnd()) return Make(TokenKind::kEnd, place_);
  const char c = Peek();
  if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return LexNumber();
  if (c == '\'' || c == '"') return LexString();
  if (c == '`') return LexQuotedName();
  const auto point = PeekCodePoint();
  if (point && IsNameStart(*point)) return LexName();
  return LexSign();
}

Token Lexer::LexName() {
  const Place start = place_;
  while (true) {
    size_t length = 0;
    const auto point = PeekCodePoint(&length);
    if (!point || !IsNamePart(*point)) break;
    place_.offset += length;
    ++place_.column;
  }
  Token token = Make(TokenKind::kName, start);
  token.keyword = FindKeyword(token.text);
  return token;
}

Token Lexer::LexNumber() {
  const Place start = place_;
  TokenKind kind = TokenKind::kInteger;
  const auto skip_digits = [this] {
    while (IsDigit(Peek())) AdvanceAscii(1);
  };
  bool well_formed = true;
  const char base = static_cast<char>(Peek(1) | 0x20);
  if (Peek() == '0' && (base == 'x' || base == 'o')) {
    AdvanceAscii(2);
    const size_t first = place_.offset;
    while (base == 'x' ? IsHexDigit(Peek()) : (Peek() >= '0' && Peek() <= '7')) AdvanceAscii(1);
    well_formed = place_.offset > first;
  } else {
    skip_digits();
    if (Peek() == '.' && IsDigit(Peek(1))) {
      kind = TokenKind::kFloat;
      AdvanceAscii(1);
      skip_digits();
    }
    const size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
    if ((Peek() == 'e' || Peek() == 'E') && IsDigit(Peek(1 + sign))) {
      kind = TokenKind::kFloat;
      AdvanceAscii(1 + sign);
      skip_digits();
    }
  }
  if (well_formed && !IsAsciiNamePart(Peek())) return Make(kind, start);
  while (IsAsciiNamePart(Peek())) AdvanceAscii(1);
  const Token bad = Make(kind, start);
  return Fail(start, "InvalidNumberLiteral", fmt::format("'{}' is not a number", bad.text.substr(0, 40)),
              "Numbers are written 42, 0x2A, 0o52, 4.2 or 4.2e1; a name that starts with a digit needs backticks.");
}

bool Lexer::LexHexEscape(size_t digits, const Place& escape, char32_t* unit) {
  AdvanceAscii(2);  // the backslash and the letter
  const size_t first = place_.offset;
  while (place_.offset - first < digits && IsHexDigit(Peek())) AdvanceAscii(1);
  *unit = ParseHex(text_.substr(first, place_.offset - first));
  if (place_.offset - first == digits && *unit <= 0x10FFFF) return true;
  Fail(escape, "InvalidUnicodeLiteral", fmt::format("a Unicode escape needs {} hexadecimal digits", digits),
       "Write \\u597D, or the character itself.");
  return false;
}

bool Lexer::LexEscape(const Place& literal) {
  const Place escape = place_;
  const char c = Peek(1);
  if (c == 'u' || c == 'U') {
    char32_t unit = 0;
    if (!LexHexEscape(c == 'u' ? 4 : 8, escape, &unit)) return false;
    if (!IsSurrogate(unit)) return true;
    char32_t low = 0;
    const bool pair = c == 'u' && !IsLowSurrogate(unit) && Peek() == '\\' && Peek(1) == 'u';
    if (pair && !LexHexEscape(4, escape, &low)) return false;
    if (pair && IsLowSurrogate(low)) return true;
    Fail(escape, "InvalidUnicodeLiteral", "half of a surrogate pair is no character",
         "Write both halves, \\uD83D\\uDE00, or \\U0001F600.");
    return false;
  }
  constexpr std::string_view kSimple = "\\'\"`bfnrt/";
  if (c != '\0' && kSimple.find(c) != std::string_view::npos) {
    AdvanceAscii(2);
    return true;
  }
  AdvanceAscii(1);
  if (AtEnd()) {
    Fail(literal, "UnexpectedSyntax", "the string that begins here has no end");
  } else {
    Fail(escape, "UnexpectedSyntax", "unknown escape in a string", "Write \\\\ for a backslash.");
  }
  return false;
}

Token Lexer::LexString() {
  const Place start = place_;
  const char quote = Peek();
  AdvanceAscii(1);
  while (!AtEnd() && Peek() != quote) {
    if (Peek() == '\\') {
      if (!LexEscape(start)) return Fail(start, {}, {});
    } else if (IsAscii(Peek()) && Peek() != '\n') {
      AdvanceAscii(1);
    } else if (!AdvanceCodePoint()) {
      return Fail(start, {}, {});
    }
  }
  if (AtEnd()) {
    place_.offset = start.offset + 1;  // the message shows where it begins
    return Fail(start, "UnexpectedSyntax", "the string that begins here has no end",
                fmt::format("Close it with {0}; a {0} inside is written \\{0}.", quote));
  }
  AdvanceAscii(1);
  return Make(TokenKind::kString, start);
}

Token Lexer::LexQuotedName() {
  const Place start = place_;
  AdvanceAscii(1);
  while (!AtEnd()) {
    if (Peek() != '`') {
      if (!AdvanceCodePoint()) return Fail(start, {}, {});
    } else if (Peek(1) == '`') {
      AdvanceAscii(2);
    } else {
      AdvanceAscii(1);
      return Make(TokenKind::kQuotedName, start);
    }
  }
  place_.offset = start.offset + 1;
  return Fail(start, "UnexpectedSyntax", "the quoted name that begins here has no end",
              "Close it with a backtick; a backtick inside is written twice.");
}

Token Lexer::LexSign() {
  const Place start = place_;
  const auto sign = [&](TokenKind kind, size_t length = 1) {
    AdvanceAscii(length);
    return Make(kind, start);
  };
  const char next = Peek(1);
  switch (Peek()) {
    case '(': return sign(TokenKind::kLeftParenthesis);
    case ')': return sign(TokenKind::kRightParenthesis);
    case '[': return sign(TokenKind::kLeftBracket);
    case ']': return sign(TokenKind::kRightBracket);
    case '{': return sign(TokenKind::kLeftBrace);
    case '}': return sign(TokenKind::kRightBrace);
    case ',': return sign(TokenKind::kComma);
    case ':': return sign(TokenKind::kColon);
    case ';': return sign(TokenKind::kSemicolon);
    case '.': return next == '.' ? sign(TokenKind::kDotDot, 2) : sign(TokenKind::kDot);
    case '|': return sign(TokenKind::kBar);
    case '&': return sign(TokenKind::kAmpersand);
    case '!':
      if (next != '=') return sign(TokenKind::kExclamation);
      break;
    case '$': return sign(TokenKind::kDollar);
    case '+': return next == '=' ? sign(TokenKind::kPlusEqual, 2) : sign(TokenKind::kPlus);
    case '-': return sign(TokenKind::kMinus);
    case '*': return sign(TokenKind::kStar);
    case '/': return sign(TokenKind::kSlash);
    case '%': return sign(TokenKind::kPercent);
    case '^': return sign(TokenKind::kCaret);
    case '=': return next == '~' ? sign(TokenKind::kRegexEqual, 2) : sign(TokenKind::kEqual);
    case '<':
      return next == '>'   ? sign(TokenKind::kNotEqual, 2)
             : next == '=' ? sign(TokenKind::kLessEqual, 2)
                           : sign(TokenKind::kLess);
    case '>': return next == '=' ? sign(TokenKind::kGreaterEqual, 2) : sign(TokenKind::kGreater);
    default: break;
  }
  char32_t c = 0;
  if (!AdvanceCodePoint(&c)) return Fail(start, {}, {});
  const std::string_view written = text_.substr(start.offset, place_.offset - start.offset);
  const std::string shown =
      c < 0x20 || c == 0x7F ? fmt::format("U+{:04X}", static_cast<uint32_t>(c)) : std::string(written);
  std::string hint;
  if (const std::string_view ascii = AsciiLookalike(c); !ascii.empty()) {
    hint = fmt::format("Write the ASCII sign {} in place of {}.", ascii, shown);
  } else if (c == '!') {
    hint = "Unequal is written <>; negation is NOT.";
  }
  return Fail(start, c < 0x80 ? "UnexpectedSyntax" : "InvalidUnicodeCharacter",
              fmt::format("the character '{}' has no meaning here", shown), std::move(hint));
}

}  // namespace tupu
