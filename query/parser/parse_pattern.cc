#include <charconv>

#include <fmt/format.h>

#include "query/parser/internal/statement_parser.h"

namespace tupu {

bool StatementParser::ParsePatternParts(std::vector<AstPatternPart>& parts) {
  do {
    if (!ParsePatternPart(parts.emplace_back())) return false;
  } while (Accept(TokenKind::kComma));
  return true;
}

bool StatementParser::FailUnsupportedPattern() {
  // MATCH REPEATABLE ELEMENTS, DIFFERENT EDGES; p = ANY SHORTEST, ALL ..., TRAIL ...: two words in a row.
  for (const std::string_view word :
       {"any", "all", "shortest", "walk", "trail", "acyclic", "simple", "repeatable", "different"}) {
    const bool followed = Is(TokenKind::kName, 1) || Is(TokenKind::kInteger, 1) || Is(TokenKind::kLeftParenthesis, 1);
    if (IsWord(word) && followed) {
      return FailUnsupported(Peek().where, fmt::format("The path prefix {}", Peek().text),
                             "shortestPath(...) and allShortestPaths(...) are there.");
    }
  }
  return FailUnexpected();
}

bool StatementParser::ParsePatternPart(AstPatternPart& part) {
  part.where = Peek().where;
  if (IsVariable() && Is(TokenKind::kEqual, 1)) {
    if (!ParseVariable(part.path.emplace())) return false;
    Take();
  }
  const bool parsed = IsShortestPath() ? ParseShortestPath(part) : ParsePatternElement(part);
  part.where = SpanFrom(part.where);
  return parsed;
}

bool StatementParser::IsShortestPath() {
  return Is(TokenKind::kLeftParenthesis, 1) && (IsWord("shortestpath") || IsWord("allshortestpaths"));
}

bool StatementParser::ParseShortestPath(AstPatternPart& part) {
  part.selector = IsWord("shortestpath") ? AstPathSelector::kShortest : AstPathSelector::kAllShortest;
  const Token name = Take();
  Take();
  if (!ParsePatternElement(part) || !Expect(TokenKind::kRightParenthesis)) return false;
  if (part.relationships.size() == 1) return true;
  return Fail(SpanFrom(name.where), "UnexpectedSyntax",
              fmt::format("{} takes a pattern of exactly one relationship", name.text),
              "Write it as shortestPath((a)-[:TYPE*]-(b)).");
}

bool StatementParser::ParsePatternElement(AstPatternPart& part) {
  const Nesting nesting(*this);
  if (Is(TokenKind::kLeftParenthesis) && Is(TokenKind::kLeftParenthesis, 1)) {  // ((a)-->(b))
    const SourceSpan start = Take().where;
    if (FailTooDeep(start) || error_) return false;
    if (!ParsePatternElement(part)) return false;
    if (Is(Keyword::kWhere))
      return FailUnsupported(Peek().where, "WHERE inside a pattern", "Move it behind the pattern.");
    if (!Expect(TokenKind::kRightParenthesis)) return false;
    if (Is(TokenKind::kLeftBrace) || Is(TokenKind::kPlus) || Is(TokenKind::kStar)) {
      return FailUnsupported(SpanFrom(start), "A quantified path pattern",
                             "Variable length is written -[:TYPE*1..3]->.");
    }
    return true;
  }
  if (!At(TokenKind::kLeftParenthesis)) return FailUnsupportedPattern();
  return ParseNodePattern(part.nodes.emplace_back()) && ParsePatternSteps(part);
}

bool StatementParser::ParsePatternSteps(AstPatternPart& part) {
  while (Is(TokenKind::kMinus) || Is(TokenKind::kLess)) {
    if (!ParseRelationshipPattern(part.relationships.emplace_back())) return false;
    if (Is(TokenKind::kLeftBrace) || Is(TokenKind::kPlus) || Is(TokenKind::kStar)) {
      return FailUnsupported(Peek().where, "A quantifier behind a relationship",
                             "Variable length is written -[:TYPE*1..3]->.");
    }
    if (!At(TokenKind::kLeftParenthesis)) return FailUnexpected();
    if (!ParseNodePattern(part.nodes.emplace_back())) return false;
  }
  NoteExpected("a relationship");
  return true;
}

bool StatementParser::IsRelationshipStart() {
  const size_t dash = Is(TokenKind::kLess) ? 1 : 0;
  if (!Is(TokenKind::kMinus, dash)) return false;
  if (Is(TokenKind::kLeftBracket, dash + 1)) return true;
  if (!Is(TokenKind::kMinus, dash + 1)) return false;
  // (a)--(b), (a)-->(b); but (a) - -1 is a difference.
  return Is(TokenKind::kLeftParenthesis, dash + 2) || Is(TokenKind::kGreater, dash + 2);
}

bool StatementParser::IsNodePatternStart() {
  if (Is(TokenKind::kRightParenthesis, 1) || Is(TokenKind::kColon, 1)) return true;
  if (!IsVariable(1)) return false;
  size_t ahead = 2;
  while (Is(TokenKind::kColon, ahead) && IsName(ahead + 1)) ahead += 2;
  return Is(TokenKind::kDollar, ahead) || (Is(TokenKind::kLeftBrace, ahead) && ahead > 2);
}

bool StatementParser::ParseLabels(std::vector<AstName>& labels) {
  while (Accept(TokenKind::kColon)) {
    if (!ParseSchemaName(labels.emplace_back())) return false;
  }
  if (Is(TokenKind::kBar)) NoteExpected("':'");
  return true;
}

bool StatementParser::ParsePatternProperties(AstExpressionPtr& properties) {
  if (At(TokenKind::kLeftBrace)) {
    properties = ParseMap();
    return properties != nullptr;
  }
  if (!Is(TokenKind::kDollar)) return true;
  properties = ParseParameter();
  return properties != nullptr;
}

bool StatementParser::ParseNodePattern(AstNodePattern& node) {
  node.where = Take().where;
  if (IsVariable() && !ParseVariable(node.variable.emplace())) return false;
  if (!ParseLabels(node.labels)) return false;
  if (Is(TokenKind::kBar) && !node.labels.empty()) {
    return FailUnsupported(Peek().where, "A label expression", "Test in WHERE: n:A OR n:B.");
  }
  if (!ParsePatternProperties(node.properties)) return false;
  if (Is(Keyword::kWhere) && !Is(TokenKind::kRightParenthesis, 1)) {
    return FailUnsupported(Peek().where, "WHERE inside a pattern", "Move it behind the pattern.");
  }
  if (!node.variable && node.labels.empty() && !node.properties) NoteExpected("a name");
  if (!Expect(TokenKind::kRightParenthesis)) return false;
  node.where = SpanFrom(node.where);
  return true;
}

bool StatementParser::ParseRelationshipPattern(AstRelationshipPattern& relationship) {
  relationship.where = Peek().where;
  const bool left = Accept(TokenKind::kLess);
  if (!Expect(TokenKind::kMinus)) return false;
  if (Accept(TokenKind::kLeftBracket) && !ParseRelationshipDetail(relationship)) return false;
  if (!Expect(TokenKind::kMinus)) return false;
  const bool right = Accept(TokenKind::kGreater);
  relationship.direction = left == right ? Direction::kBoth : left ? Direction::kIn : Direction::kOut;
  relationship.where = SpanFrom(relationship.where);
  return true;
}

bool StatementParser::ParseRelationshipDetail(AstRelationshipPattern& relationship) {
  if (IsVariable() && !ParseVariable(relationship.variable.emplace())) return false;
  if (Accept(TokenKind::kColon)) {
    do {
      if (!relationship.types.empty() && Is(TokenKind::kColon)) Take();  // :A|:B, the older form
      if (!ParseSchemaName(relationship.types.emplace_back())) return false;
    } while (Accept(TokenKind::kBar));
  }
  if (At(TokenKind::kStar) && !ParsePathLength(relationship)) return false;
  if (Is(TokenKind::kDotDot)) return FailUnexpected("InvalidRelationshipPattern");
  if (!ParsePatternProperties(relationship.properties)) return false;
  if (Is(Keyword::kWhere))
    return FailUnsupported(Peek().where, "WHERE inside a pattern", "Move it behind the pattern.");
  return Expect(TokenKind::kRightBracket);
}

bool StatementParser::ParsePathLength(AstRelationshipPattern& relationship) {
  AstPathLength& length = relationship.length.emplace();
  Take();
  const auto parse_bound = [&](std::optional<uint64_t>& bound) {
    if (!At(TokenKind::kInteger)) return true;
    const Token token = Take();
    uint64_t value = 0;
    const auto [end, status] = std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
    if (status != std::errc() || end != token.text.data() + token.text.size()) {
      return Fail(token.where, "InvalidRelationshipPattern", fmt::format("'{}' is no length of a path", token.text));
    }
    bound = value;
    return true;
  };
  if (!parse_bound(length.min)) return false;
  if (Accept(TokenKind::kDotDot)) return parse_bound(length.max);
  length.max = length.min;
  return true;
}

}  // namespace tupu
