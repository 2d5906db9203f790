#include <algorithm>
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

bool StatementParser::ParsePatternPart(AstPatternPart& part) {
  part.where = Peek().where;
  if (IsVariable() && Is(TokenKind::kEqual, 1)) {
    if (!ParseVariable(part.path.emplace())) return false;
    Take();
  }
  const bool parsed = IsShortestPath() ? ParseShortestPath(part) : ParsePathPrefix(part) && ParsePatternElement(part);
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

// Behind a path pattern's variable: ANY SHORTEST, ALL CHEAPEST, SHORTEST 2 TRAIL PATHS, SHORTEST 3 PATH GROUPS, ACYCLIC.
bool StatementParser::ParsePathPrefix(AstPatternPart& part) {
  const SourceSpan start = Peek().where;
  const bool any = AcceptWord("any");
  const bool all = !any && AcceptWord("all");
  const bool cheapest = AcceptWord("cheapest");
  const bool shortest = cheapest || AcceptWord("shortest");
  const bool counted = !all && Is(TokenKind::kInteger) && (any != shortest);
  if (any || shortest) part.selection = PathSelection{1, all, cheapest};
  if (counted && !ParseCount(part.selection->count)) return false;
  if (shortest && !any && !all && !counted && !IsGroups(IsPathMode() ? 1 : 0)) {
    At(TokenKind::kInteger);
    return FailUnexpected();
  }
  if (part.selection && part.selection->count == 0)
    return Fail(SpanFrom(start), "UnexpectedSyntax", "the number of paths must be at least 1");
  ParsePathMode(part);
  const bool path = AcceptWord("paths") || AcceptWord("path");
  if (shortest && !any && !all && (AcceptWord("groups") || AcceptWord("group"))) part.selection->groups = true;
  if (path && !any && !all && !shortest && !part.mode) return FailUnexpected();
  return true;
}

bool StatementParser::IsPathMode() {
  return IsWord("walk") || IsWord("trail") || IsWord("acyclic") || IsWord("simple");
}

bool StatementParser::IsGroups(size_t ahead) {
  if (IsWord("path", ahead) || IsWord("paths", ahead)) ++ahead;
  return IsWord("group", ahead) || IsWord("groups", ahead);
}

void StatementParser::ParsePathMode(AstPatternPart& part) {
  constexpr std::pair<std::string_view, PathMode> kModes[] = {{"walk", PathMode::kWalk},
                                                              {"trail", PathMode::kTrail},
                                                              {"acyclic", PathMode::kAcyclic},
                                                              {"simple", PathMode::kSimple}};
  for (const auto& [word, mode] : kModes) {
    if (!AcceptWord(word)) continue;
    part.mode = mode;
    return;
  }
}

// MATCH REPEATABLE ELEMENTS, MATCH DIFFERENT RELATIONSHIPS.
bool StatementParser::ParseMatchMode(AstMatch& match) {
  const bool repeatable = IsWord("repeatable") && (IsWord("element", 1) || IsWord("elements", 1));
  const bool different = IsWord("different") && (IsWord("edge", 1) || IsWord("edges", 1) || IsWord("relationship", 1) ||
                                                 IsWord("relationships", 1));
  if (!repeatable && !different) return true;
  match.repeatable = repeatable;
  const bool one = IsWord("element", 1) || IsWord("edge", 1) || IsWord("relationship", 1);
  Take();
  Take();
  if (!AcceptWord("bindings") && one) return FailUnexpected();
  return true;
}

bool StatementParser::IsParenthesizedPattern() {
  return Is(TokenKind::kLeftParenthesis) && Is(TokenKind::kLeftParenthesis, 1);
}

bool StatementParser::IsQuantifier() {
  return Is(TokenKind::kLeftBrace) || Is(TokenKind::kPlus) || Is(TokenKind::kStar);
}

bool StatementParser::ParsePatternElement(AstPatternPart& part) {
  const Nesting nesting(*this);
  if (!IsParenthesizedPattern()) {
    if (!At(TokenKind::kLeftParenthesis)) return FailUnexpected();
    return ParseNodePattern(part.nodes.emplace_back()) && ParsePatternSteps(part);
  }
  const SourceSpan start = Peek().where;
  AstPatternPart inner;
  if (!ParseParenthesizedPattern(inner)) return false;
  if (IsQuantifier()) {
    part.nodes.emplace_back().where = start;
    return ParseRepetition(start, std::move(inner), part) && ParsePatternSteps(part);
  }
  part.nodes = std::move(inner.nodes);
  part.relationships = std::move(inner.relationships);
  part.condition = std::move(inner.condition);
  if (!Is(TokenKind::kLeftParenthesis) && !IsRelationshipStart()) return true;
  return Fail(SpanFrom(start), "UnexpectedSyntax", "a parenthesised pattern within a longer one needs a quantifier",
              "Take the parentheses away, or write {1} behind them.");
}

// ((a)-->(b) WHERE a.x < b.x)
bool StatementParser::ParseParenthesizedPattern(AstPatternPart& inner) {
  inner.where = Take().where;
  if (FailTooDeep(inner.where) || error_) return false;
  if (!ParsePatternElement(inner)) return false;
  if (inner.condition && Is(Keyword::kWhere)) {
    return Fail(Peek().where, "UnexpectedSyntax", "a parenthesised pattern has one WHERE", "Join the two with AND.");
  }
  if (!inner.condition && !ParseOptionalWhere(inner.condition)) return false;
  if (!Expect(TokenKind::kRightParenthesis)) return false;
  inner.where = SpanFrom(inner.where);
  return true;
}

// The quantifier behind a parenthesised pattern, and the node behind that: one without a name, if none is written.
bool StatementParser::ParseRepetition(const SourceSpan& start, AstPatternPart inner, AstPatternPart& part) {
  AstRelationshipPattern& step = part.relationships.emplace_back();
  if (inner.relationships.empty()) {
    return Fail(inner.where, "UnexpectedSyntax", "a quantified pattern needs at least one relationship");
  }
  for (const AstRelationshipPattern& relationship : inner.relationships) {
    if (!relationship.length) continue;
    return Fail(relationship.where, "UnexpectedSyntax", "a quantified pattern cannot stand within another one");
  }
  if (!ParseQuantifier(step.length.emplace())) return false;
  step.segment = std::make_unique<AstPatternPart>(std::move(inner));
  step.where = SpanFrom(start);
  AstNodePattern& next = part.nodes.emplace_back();
  next.where = step.where;
  return !Is(TokenKind::kLeftParenthesis) || IsParenthesizedPattern() || ParseNodePattern(next);
}

bool StatementParser::ParsePatternSteps(AstPatternPart& part) {
  while (true) {
    if (IsParenthesizedPattern()) {
      const SourceSpan start = Peek().where;
      AstPatternPart inner;
      if (!ParseParenthesizedPattern(inner)) return false;
      if (!IsQuantifier()) {
        return Fail(SpanFrom(start), "UnexpectedSyntax",
                    "a parenthesised pattern within a longer one needs a quantifier",
                    "Take the parentheses away, or write {1} behind them.");
      }
      if (!ParseRepetition(start, std::move(inner), part)) return false;
      continue;
    }
    if (!Is(TokenKind::kMinus) && !Is(TokenKind::kLess)) break;
    AstRelationshipPattern& relationship = part.relationships.emplace_back();
    if (!ParseRelationshipPattern(relationship)) return false;
    if (IsQuantifier()) {
      if (relationship.length) {
        return Fail(Peek().where, "UnexpectedSyntax", "a relationship has one length", "Leave out the * in brackets.");
      }
      if (!ParseQuantifier(relationship.length.emplace())) return false;
      relationship.where = SpanFrom(relationship.where);
    }
    if (!At(TokenKind::kLeftParenthesis)) return FailUnexpected();
    if (!ParseNodePattern(part.nodes.emplace_back())) return false;
  }
  NoteExpected("a relationship");
  return true;
}

// + * {n} {n,} {,m} {n,m}
bool StatementParser::ParseQuantifier(AstPathLength& length) {
  const SourceSpan start = Take().where;
  const char sign = text_[start.offset];
  length.min = sign == '+' ? 1 : 0;
  if (sign != '{') return true;
  if (At(TokenKind::kInteger) && !ParseCount(length.min.emplace())) return false;
  length.max = length.min;
  if (Accept(TokenKind::kComma)) {
    length.max.reset();
    if (At(TokenKind::kInteger) && !ParseCount(length.max.emplace())) return false;
  } else if (Is(TokenKind::kRightBrace) && SpanFrom(start).length == 1) {
    return FailUnexpected();  // {}
  }
  if (!Expect(TokenKind::kRightBrace)) return false;
  if (length.max && *length.max < std::max<uint64_t>(*length.min, 1)) {
    return Fail(SpanFrom(start), "UnexpectedSyntax",
                *length.max == 0 ? "a quantifier cannot have 0 as its upper bound"
                                 : "the lower bound of a quantifier is above its upper bound");
  }
  return true;
}

bool StatementParser::ParseCount(uint64_t& value) {
  const Token token = Take();
  const auto [end, status] = std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
  if (status == std::errc() && end == token.text.data() + token.text.size()) return true;
  return Fail(token.where, "UnexpectedSyntax", fmt::format("'{}' is no count", token.text));
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
  const bool labels = Is(TokenKind::kColon, ahead);
  // Two words in a row are no label expression: (n:A AND EXISTS { ... }).
  for (bool after_name = false; labels && IsLabelToken(ahead) && !(after_name && IsName(ahead)); ++ahead)
    after_name = IsName(ahead);
  return Is(TokenKind::kDollar, ahead) || (Is(TokenKind::kLeftBrace, ahead) && labels);
}

bool StatementParser::IsLabelToken(size_t ahead) {
  switch (Peek(ahead).kind) {
    case TokenKind::kColon:
    case TokenKind::kAmpersand:
    case TokenKind::kBar:
    case TokenKind::kExclamation:
    case TokenKind::kPercent: return true;
    default: return IsName(ahead) && !Is(Keyword::kWhere, ahead);
  }
}

// At ':' or IS: A&!B, and the older forms A:B and, of types, A|:B.
bool StatementParser::ParseLabels(LabelExpression& labels, bool types) {
  const bool colon = Take().kind == TokenKind::kColon;
  if (!ParseLabelChain(LabelExpression::Kind::kOr, types, labels)) return false;
  if (!colon || types) return true;
  NoteExpected("':'");
  bool mixed = Is(TokenKind::kColon) && !labels.IsName();
  bool chained = false;
  while (!mixed && Accept(TokenKind::kColon)) {
    AstName label;
    mixed = !IsName() && IsLabelSign();
    if (mixed) break;
    if (!ParseSchemaName(label)) return false;
    labels = LabelExpression::Chain(LabelExpression::Kind::kAnd, std::move(labels),
                                    LabelExpression::Of(std::move(label.text)));
    chained = true;
  }
  mixed = mixed || (chained && IsLabelSign());
  return !mixed || Fail(Peek().where, "UnexpectedSyntax", "labels are joined by ':' or by the signs & | !, not by both",
                        "Write & in place of ':'.");
}

bool StatementParser::IsLabelSign() {
  return Is(TokenKind::kAmpersand) || Is(TokenKind::kExclamation) || (Is(TokenKind::kBar) && !bar_separates_);
}

bool StatementParser::ParseLabelChain(LabelExpression::Kind kind, bool types, LabelExpression& labels) {
  const bool all = kind == LabelExpression::Kind::kAnd;
  const auto parse = [&](LabelExpression& operand) {
    return all ? ParseLabelAtom(types, operand) : ParseLabelChain(LabelExpression::Kind::kAnd, types, operand);
  };
  if (!parse(labels)) return false;
  while (!(bar_separates_ && Is(TokenKind::kBar)) && Accept(all ? TokenKind::kAmpersand : TokenKind::kBar)) {
    if (types && Is(TokenKind::kColon)) Take();
    LabelExpression operand;
    if (!parse(operand)) return false;
    labels = LabelExpression::Chain(kind, std::move(labels), std::move(operand));
  }
  return true;
}

bool StatementParser::ParseLabelAtom(bool types, LabelExpression& label) {
  const Nesting nesting(*this);
  if (FailTooDeep(Peek().where) || error_) return false;
  if (Is(TokenKind::kDollar)) {
    return FailUnsupported(Peek().where, types ? "A computed type in a pattern" : "A computed label in a pattern",
                           types ? "Test in WHERE: type(r) = $type."
                                 : "Test in WHERE: $label IN labels(n). Behind CREATE (n): SET n:$(label).");
  }
  if (Accept(TokenKind::kExclamation)) {
    label.kind = LabelExpression::Kind::kNot;
    return ParseLabelAtom(types, label.operands.emplace_back());
  }
  if (Accept(TokenKind::kPercent)) {
    label.kind = LabelExpression::Kind::kAny;
    return true;
  }
  if (Accept(TokenKind::kLeftParenthesis)) {
    const BarScope no_separator(*this, false);
    return ParseLabelChain(LabelExpression::Kind::kOr, types, label) && Expect(TokenKind::kRightParenthesis);
  }
  AstName name;
  if (!ParseSchemaName(name)) return false;
  label = LabelExpression::Of(std::move(name.text));
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
  const BarScope no_separator(*this, false);
  node.where = Take().where;
  if (IsVariable() && !ParseVariable(node.variable.emplace())) return false;
  if (!ParseOptionalLabels(node.labels, false) || !ParsePatternProperties(node.properties)) return false;
  if (!node.variable && !node.labels && !node.properties) NoteExpected("a name");
  const bool named_where = Is(TokenKind::kRightParenthesis, 1);  // (where): meant as a name
  if (!named_where && !ParseOptionalWhere(node.condition)) return false;
  if (!Expect(TokenKind::kRightParenthesis)) return false;
  node.where = SpanFrom(node.where);
  return true;
}

bool StatementParser::ParseOptionalLabels(std::optional<LabelExpression>& labels, bool types) {
  if (!At(TokenKind::kColon) && !Is(Keyword::kIs)) return true;
  return ParseLabels(labels.emplace(), types);
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
  const BarScope no_separator(*this, false);
  if (IsVariable() && !ParseVariable(relationship.variable.emplace())) return false;
  if (!ParseOptionalLabels(relationship.types, true)) return false;
  if (At(TokenKind::kStar) && !ParsePathLength(relationship)) return false;
  if (Is(TokenKind::kDotDot)) return FailUnexpected("InvalidRelationshipPattern");
  if (!ParsePatternProperties(relationship.properties) || !ParseOptionalWhere(relationship.condition)) return false;
  if (AcceptWord("cost") && !(relationship.cost = ParseExpression())) return false;
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
