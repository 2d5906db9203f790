#include "query/lexer/lexer.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tupu {
namespace {

std::vector<Token> Lex(std::string_view text) {
  Lexer lexer(text);
  std::vector<Token> tokens;
  do {
    tokens.push_back(lexer.Next());
  } while (tokens.back().kind != TokenKind::kEnd && tokens.back().kind != TokenKind::kInvalid);
  tokens.pop_back();
  return tokens;
}

std::vector<std::string> Texts(std::string_view text) {
  std::vector<std::string> texts;
  for (const Token& token : Lex(text)) texts.emplace_back(token.text);
  return texts;
}

Error ErrorOf(std::string_view text) {
  Lexer lexer(text);
  Token token;
  do {
    token = lexer.Next();
  } while (token.kind != TokenKind::kEnd && token.kind != TokenKind::kInvalid);
  return token.kind == TokenKind::kInvalid ? lexer.error() : Error{ErrorCode::kInternal, "no error"};
}

using Words = std::vector<std::string>;

TEST(Lexer, SplitsSignsThatTouch) {
  EXPECT_EQ(Texts("(a)<-[:R*1..3]->(b)"),
            (Words{"(", "a", ")", "<", "-", "[", ":", "R", "*", "1", "..", "3", "]", "-", ">", "(", "b", ")"}));
  EXPECT_EQ(Texts("a<=b<>c=~d+=e"), (Words{"a", "<=", "b", "<>", "c", "=~", "d", "+=", "e"}));
}

TEST(Lexer, TellsNumbersApart) {
  const auto tokens = Lex("1 0x1F 0o17 1.5 .5 1e3 1.5E-7 2..3");
  const std::vector<TokenKind> kinds = {
      TokenKind::kInteger, TokenKind::kInteger, TokenKind::kInteger, TokenKind::kFloat,  TokenKind::kFloat,
      TokenKind::kFloat,   TokenKind::kFloat,   TokenKind::kInteger, TokenKind::kDotDot, TokenKind::kInteger};
  ASSERT_EQ(tokens.size(), kinds.size());
  for (size_t i = 0; i < kinds.size(); ++i) EXPECT_EQ(tokens[i].kind, kinds[i]) << tokens[i].text;
}

TEST(Lexer, RefusesNumbersThatRunIntoLetters) {
  for (const std::string_view text : {"9223372h54775808", "0x", "0x1A2b3j4D5E6f7", "0o8", "1e", "12abc"}) {
    EXPECT_EQ(ErrorOf(text).condition, "SyntaxError.InvalidNumberLiteral") << text;
  }
}

TEST(Lexer, KnowsKeywordsInAnyCaseAndKeepsTheSpelling) {
  const auto tokens = Lex("mAtCh RETURN returned");
  EXPECT_EQ(tokens[0].keyword, Keyword::kMatch);
  EXPECT_EQ(tokens[0].text, "mAtCh");
  EXPECT_EQ(tokens[1].keyword, Keyword::kReturn);
  EXPECT_EQ(tokens[2].keyword, Keyword::kNone);
}

TEST(Lexer, CountsColumnsInCodePoints) {
  const auto tokens = Lex("企业.名称 = '华为'\n\xE3\x80\x80x");  // an ideographic space before x
  ASSERT_EQ(tokens.size(), 6u);
  EXPECT_EQ(tokens[2].text, "名称");
  EXPECT_EQ(tokens[2].where, (SourceSpan{1, 4, 7, 6}));
  EXPECT_EQ(tokens[5].where.line, 2u);
  EXPECT_EQ(tokens[5].where.column, 2u);
}

TEST(Lexer, DecodesEscapes) {
  EXPECT_EQ(DecodeText(Lex(R"('a\'b\n\t\\\u597D\uD83D\uDE00\U0001F600')")[0]), "a'b\n\t\\好😀😀");
  EXPECT_EQ(DecodeText(Lex("\"it's\"")[0]), "it's");
  EXPECT_EQ(DecodeText(Lex("`a``b c`")[0]), "a`b c");
}

TEST(Lexer, RefusesBadEscapes) {
  EXPECT_EQ(ErrorOf(R"('\uH')").condition, "SyntaxError.InvalidUnicodeLiteral");
  EXPECT_EQ(ErrorOf(R"('\uD83D')").condition, "SyntaxError.InvalidUnicodeLiteral");
  EXPECT_EQ(ErrorOf(R"('\U00110000')").condition, "SyntaxError.InvalidUnicodeLiteral");
  EXPECT_EQ(ErrorOf(R"('ab\q')").where->column, 4u);
}

TEST(Lexer, SkipsComments) {
  EXPECT_EQ(Texts("a // b\n/* c * / */ d"), (Words{"a", "d"}));
}

TEST(Lexer, SaysWhereAnUnclosedPartBegins) {
  EXPECT_EQ(ErrorOf("a 'bc\nd").where->column, 3u);
  EXPECT_EQ(ErrorOf("a `bc").where->column, 3u);
  EXPECT_EQ(ErrorOf("a /* b\n\n").where->line, 1u);
}

TEST(Lexer, ExplainsFullWidthSigns) {
  const Error error = ErrorOf("RETURN count（*)");
  EXPECT_EQ(error.condition, "SyntaxError.InvalidUnicodeCharacter");
  EXPECT_EQ(error.where->column, 13u);
  EXPECT_NE(error.hint.find("ASCII sign ("), std::string::npos) << error.hint;
}

TEST(Lexer, RefusesBytesThatAreNoUtf8) {
  EXPECT_EQ(ErrorOf("RETURN \xFF").condition, "SyntaxError.InvalidUnicodeCharacter");
  EXPECT_EQ(ErrorOf("RETURN '\xC0\xAF'").condition, "SyntaxError.InvalidUnicodeCharacter");
}

TEST(Keyword, TableFindsEveryEntry) {
  for (const std::string_view name : KeywordNames()) EXPECT_EQ(Name(FindKeyword(name)), name);
  EXPECT_EQ(FindKeyword("MATCHES"), Keyword::kNone);
  EXPECT_EQ(FindKeyword(""), Keyword::kNone);
}

}  // namespace
}  // namespace tupu
