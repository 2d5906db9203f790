// What operators join: literals, names, calls, and everything in brackets.

#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "query/parser/internal/make_expression.h"
#include "query/parser/internal/statement_parser.h"
#include "query/parser/parser.h"

namespace tupu {
namespace {

// The magnitude of an integer literal; none when it needs more than 64 bits.
std::optional<uint64_t> ParseMagnitude(std::string_view text) {
  int base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x') base = 16;
  if (text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'o') base = 8;
  if (base != 10) text.remove_prefix(2);
  uint64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

uint32_t HeightOf(const AstExpressionPtr& expression) {
  return expression ? expression->height : 0;
}

}  // namespace

AstExpressionPtr StatementParser::ParseAtom() {
  const SourceSpan start = Peek().where;
  switch (Peek().kind) {
    case TokenKind::kInteger:
    case TokenKind::kFloat: return ParseNumber(false, start);
    case TokenKind::kString: {
      const Token token = Take();
      return Make(start, AstLiteral{Value(DecodeText(token))});
    }
    case TokenKind::kDollar: return ParseParameter();
    case TokenKind::kLeftParenthesis: return ParseParenthesized();
    case TokenKind::kLeftBracket: return ParseListOrComprehension();
    case TokenKind::kLeftBrace: return ParseMap();
    case TokenKind::kName:
    case TokenKind::kQuotedName: return ParseNamed();
    default: break;
  }
  NoteExpected("an expression");
  FailUnexpected();
  return nullptr;
}

AstExpressionPtr StatementParser::ParseNamed() {
  const Token token = Peek();
  switch (token.keyword) {
    case Keyword::kTrue: Take(); return Make(token.where, AstLiteral{Value(true)});
    case Keyword::kFalse: Take(); return Make(token.where, AstLiteral{Value(false)});
    case Keyword::kNull: Take(); return Make(token.where, AstLiteral{Value()});
    case Keyword::kCase: return ParseCase();
    default: break;
  }
  if (Is(TokenKind::kLeftBrace, 1)) {
    if (token.keyword == Keyword::kExists) return ParseSubqueryExpression(AstSubqueryKind::kExists);
    if (token.keyword == Keyword::kCount) return ParseSubqueryExpression(AstSubqueryKind::kCount);
    if (token.keyword == Keyword::kCollect) return ParseSubqueryExpression(AstSubqueryKind::kCollect);
    if (IsVariable()) return ParseMapProjection();
  }
  if (IsShortestPath()) return ParsePatternExpression({}, false);
  const bool quantifies = IsVariable(2) && Is(Keyword::kIn, 3);
  if (Is(TokenKind::kLeftParenthesis, 1) && quantifies) {
    switch (token.keyword) {
      case Keyword::kAll: return ParseQuantifier(AstQuantifierKind::kAll);
      case Keyword::kAny: return ParseQuantifier(AstQuantifierKind::kAny);
      case Keyword::kNone_: return ParseQuantifier(AstQuantifierKind::kNone);
      case Keyword::kSingle: return ParseQuantifier(AstQuantifierKind::kSingle);
      default: break;
    }
  }
  if (Is(Keyword::kReduce) && Is(TokenKind::kLeftParenthesis, 1) && Is(TokenKind::kEqual, 3)) return ParseReduce();
  if (IsVariable() || Is(Keyword::kAll)) {
    size_t after = 1;
    while (Is(TokenKind::kDot, after) && IsName(after + 1)) after += 2;
    if (Is(TokenKind::kLeftParenthesis, after)) return ParseFunctionCall();
  }
  if (!IsVariable()) {
    NoteExpected("an expression");
    FailUnexpected();
    return nullptr;
  }
  AstName name;
  if (!ParseVariable(name)) return nullptr;
  return Make(name.where, AstVariable{std::move(name.text)});
}

AstExpressionPtr StatementParser::ParseNumber(bool negative, const SourceSpan& start) {
  const Token token = Take();
  if (token.kind == TokenKind::kFloat) {
    double value = 0;
    const auto [end, status] = std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
    // from_chars says "out of range" of what rounds to zero, too; that is no error.
    if (status == std::errc::result_out_of_range) value = std::strtod(std::string(token.text).c_str(), nullptr);
    if (std::isinf(value)) {
      Fail(token.where, "FloatingPointOverflow", fmt::format("{} is too large for a FLOAT", token.text.substr(0, 40)));
      return nullptr;
    }
    return Make(start, AstLiteral{Value(negative ? -value : value)});
  }
  const std::optional<uint64_t> magnitude = ParseMagnitude(token.text);
  constexpr uint64_t kLargest = std::numeric_limits<int64_t>::max();
  if (!magnitude || *magnitude > kLargest + (negative ? 1 : 0)) {
    Fail(token.where, "IntegerOverflow", fmt::format("{} is too large for an INTEGER", token.text.substr(0, 40)),
         "Integers have 64 bits; write a decimal point for a FLOAT.");
    return nullptr;
  }
  const uint64_t bits = negative ? uint64_t{0} - *magnitude : *magnitude;
  return Make(start, AstLiteral{Value(static_cast<int64_t>(bits))});
}

AstExpressionPtr StatementParser::ParseParameter() {
  const SourceSpan start = Take().where;
  if (!IsName() && !Is(TokenKind::kInteger)) {
    NoteExpected("the name of a parameter");
    FailUnexpected();
    return nullptr;
  }
  const Token token = Take();
  const bool number = token.kind == TokenKind::kInteger;
  return Make(start, AstParameter{number ? std::string(token.text) : DecodeText(token)});
}

AstExpressionPtr StatementParser::ParseParenthesized() {
  const SourceSpan start = Peek().where;
  if (IsNodePatternStart()) return ParsePatternExpression({}, false);
  Take();
  const BarScope no_separator(*this, false);
  AstExpressionPtr inner = ParseExpression();
  AstExpressionPtr condition;  // (a WHERE a.x > 1)-->(b)
  if (!inner || (Is(Keyword::kWhere) && !ParseOptionalWhere(condition))) return nullptr;
  if (!Expect(TokenKind::kRightParenthesis)) return nullptr;
  if (!IsRelationshipStart()) {
    if (!condition) return inner;
    FailUnexpected();
    return nullptr;
  }
  // (a)-->(b): what was read as a parenthesised expression is the first node of a pattern.
  AstPatternPart part;
  if (!AsNodePattern(inner, SpanFrom(start), part.nodes.emplace_back())) return inner;
  part.nodes[0].condition = std::move(condition);
  return ParsePatternExpression(std::move(part), true);
}

bool StatementParser::AsNodePattern(AstExpressionPtr& expression, const SourceSpan& where, AstNodePattern& node) {
  node.where = where;
  const auto take_variable = [&node](const AstExpression& from) {
    const auto* variable = from.As<AstVariable>();
    if (variable != nullptr) node.variable = AstName{variable->name, from.where};
    return variable != nullptr;
  };
  if (take_variable(*expression)) return true;
  if (auto* test = expression->As<AstLabelTest>()) {
    if (!take_variable(*test->base)) return false;
    node.labels = std::move(test->labels);
    return true;
  }
  if (expression->As<AstMap>()) {
    node.properties = std::move(expression);
    return true;
  }
  auto* projection = expression->As<AstMapProjection>();  // (a {key: value}) reads like one
  if (projection == nullptr) return false;
  AstMap map;
  for (auto& item : projection->items) {
    if (item.item_kind != AstMapProjection::ItemKind::kEntry) return false;
    map.entries.emplace_back(std::move(item.name), std::move(item.value));
  }
  node.variable = std::move(projection->base);
  auto properties = std::make_unique<AstExpression>();
  properties->where = expression->where;
  properties->height = expression->height;
  properties->node = std::move(map);
  node.properties = std::move(properties);
  return true;
}

AstExpressionPtr StatementParser::ParsePatternExpression(AstPatternPart part, bool first_node_done) {
  const SourceSpan start = first_node_done ? part.nodes[0].where : Peek().where;
  const uint32_t height =
      first_node_done ? std::max(HeightOf(part.nodes[0].properties), HeightOf(part.nodes[0].condition)) : 0;
  const HeightScope scope(*this);
  part.where = start;
  if (first_node_done) {
    if (!ParsePatternSteps(part)) return nullptr;
  } else if (IsShortestPath()) {
    if (!ParseShortestPath(part)) return nullptr;
  } else {
    if (!ParseNodePattern(part.nodes.emplace_back())) return nullptr;
    if (!IsRelationshipStart()) {
      NoteExpected("a relationship");
      FailUnexpected();
      return nullptr;
    }
    if (!ParsePatternSteps(part)) return nullptr;
  }
  part.where = SpanFrom(start);
  return Make(start, AstPatternExpression{std::make_unique<AstPatternPart>(std::move(part))},
              std::max(height, scope.height()));
}

AstExpressionPtr StatementParser::ParseListOrComprehension() {
  const SourceSpan start = Take().where;
  if (Accept(TokenKind::kRightBracket)) return Make(start, AstList{});
  if (IsVariable() && Is(Keyword::kIn, 1)) return ParseListComprehension(start);
  const BarScope separator(*this, true);
  AstList list;
  uint32_t height = 0;
  do {
    AstExpressionPtr element = ParseExpression();
    if (!element) return nullptr;
    if (list.elements.empty() && (Is(TokenKind::kBar) || Is(Keyword::kWhere))) {
      return ParsePatternComprehension(std::move(element), start);
    }
    height = std::max(height, element->height);
    list.elements.push_back(std::move(element));
  } while (Accept(TokenKind::kComma));
  if (!Expect(TokenKind::kRightBracket)) return nullptr;
  return Make(start, std::move(list), height);
}

AstExpressionPtr StatementParser::ParseListComprehension(const SourceSpan& start) {
  AstListComprehension comprehension;
  if (!ParseVariable(comprehension.variable)) return nullptr;
  Take();
  const BarScope separator(*this, true);
  comprehension.list = ParseExpression();
  if (!comprehension.list || !ParseOptionalWhere(comprehension.where)) return nullptr;
  if (Accept(TokenKind::kBar)) {
    comprehension.projection = ParseExpression();
    if (!comprehension.projection) return nullptr;
  }
  if (!Expect(TokenKind::kRightBracket)) return nullptr;
  const uint32_t height =
      std::max({comprehension.list->height, HeightOf(comprehension.where), HeightOf(comprehension.projection)});
  return Make(start, std::move(comprehension), height);
}

// [(a)-->(b) | x] and [p = (a)-->(b) | x]: the head was read as an expression, the latter as a comparison.
AstExpressionPtr StatementParser::ParsePatternComprehension(AstExpressionPtr head, const SourceSpan& start) {
  AstPatternComprehension comprehension;
  uint32_t height = head->height;
  std::optional<AstName> path;
  if (auto* comparison = head->As<AstComparison>(); comparison != nullptr && comparison->operands.size() == 2) {
    const auto* variable = comparison->operands[0]->As<AstVariable>();
    if (variable != nullptr && comparison->operators[0] == AstComparisonOperator::kEqual) {
      path = AstName{variable->name, comparison->operands[0]->where};
      AstExpressionPtr pattern = std::move(comparison->operands[1]);
      head = std::move(pattern);
    }
  }
  auto* pattern = head->As<AstPatternExpression>();
  if (pattern == nullptr || pattern->pattern->selector != AstPathSelector::kAll) {
    FailUnexpected();
    return nullptr;
  }
  comprehension.pattern = std::move(pattern->pattern);
  comprehension.pattern->path = std::move(path);
  if (!ParseOptionalWhere(comprehension.where) || !Expect(TokenKind::kBar)) return nullptr;
  comprehension.projection = ParseExpression();
  if (!comprehension.projection || !Expect(TokenKind::kRightBracket)) return nullptr;
  height = std::max({height, HeightOf(comprehension.where), comprehension.projection->height});
  return Make(start, std::move(comprehension), height);
}

AstExpressionPtr StatementParser::ParseMap() {
  const SourceSpan start = Take().where;
  AstMap map;
  uint32_t height = 0;
  if (Accept(TokenKind::kRightBrace)) return Make(start, std::move(map));
  do {
    AstName key;
    if (!ParseSchemaName(key) || !Expect(TokenKind::kColon)) return nullptr;
    AstExpressionPtr value = ParseExpression();
    if (!value) return nullptr;
    height = std::max(height, value->height);
    map.entries.emplace_back(std::move(key), std::move(value));
  } while (Accept(TokenKind::kComma));
  if (!Expect(TokenKind::kRightBrace)) return nullptr;
  return Make(start, std::move(map), height);
}

AstExpressionPtr StatementParser::ParseMapProjection() {
  AstMapProjection projection;
  if (!ParseVariable(projection.base)) return nullptr;
  Take();
  uint32_t height = 1;
  if (!Is(TokenKind::kRightBrace)) {
    do {
      using Kind = AstMapProjection::ItemKind;
      AstMapProjection::Item item;
      if (Accept(TokenKind::kDot)) {
        item.item_kind = Accept(TokenKind::kStar) ? Kind::kAllProperties : Kind::kProperty;
        if (item.item_kind == Kind::kProperty && !ParseSchemaName(item.name)) return nullptr;
      } else {
        if (!ParseSchemaName(item.name)) return nullptr;
        item.item_kind = Accept(TokenKind::kColon) ? Kind::kEntry : Kind::kVariable;
        if (item.item_kind == Kind::kEntry && !(item.value = ParseExpression())) return nullptr;
        height = std::max(height, HeightOf(item.value));
      }
      projection.items.push_back(std::move(item));
    } while (Accept(TokenKind::kComma));
  }
  if (!Expect(TokenKind::kRightBrace)) return nullptr;
  const SourceSpan start = projection.base.where;
  return Make(start, std::move(projection), height);
}

AstExpressionPtr StatementParser::ParseCase() {
  const SourceSpan start = Take().where;
  AstCase result;
  uint32_t height = 0;
  const auto parse = [&](AstExpressionPtr& out) {
    out = ParseExpression();
    height = std::max(height, HeightOf(out));
    return out != nullptr;
  };
  if (!At(Keyword::kWhen) && !parse(result.subject)) return nullptr;
  if (!At(Keyword::kWhen)) {
    FailUnexpected();
    return nullptr;
  }
  while (Accept(Keyword::kWhen)) {
    auto& alternative = result.alternatives.emplace_back();
    if (!parse(alternative.when) || !Expect(Keyword::kThen) || !parse(alternative.then)) return nullptr;
  }
  if (Accept(Keyword::kElse) && !parse(result.otherwise)) return nullptr;
  if (!Expect(Keyword::kEnd)) return nullptr;
  return Make(start, std::move(result), height);
}

bool StatementParser::ParseArguments(std::vector<AstExpressionPtr>& arguments, TokenKind end) {
  if (Accept(end)) return true;
  do {
    arguments.push_back(ParseExpression());
    if (!arguments.back()) return false;
  } while (Accept(TokenKind::kComma));
  return Expect(end);
}

AstExpressionPtr StatementParser::ParseFunctionCall() {
  AstFunctionCall call;
  if (!ParseDottedName(call.name)) return nullptr;
  Take();
  if (Accept(TokenKind::kStar)) {
    call.star = true;
    if (!Expect(TokenKind::kRightParenthesis)) return nullptr;
  } else {
    call.distinct = Accept(Keyword::kDistinct);
    if (!ParseArguments(call.arguments, TokenKind::kRightParenthesis)) return nullptr;
  }
  uint32_t height = 0;
  for (const auto& argument : call.arguments) height = std::max(height, argument->height);
  const SourceSpan start = call.name.where;
  return Make(start, std::move(call), height);
}

AstExpressionPtr StatementParser::ParseQuantifier(AstQuantifierKind kind) {
  const SourceSpan start = Take().where;
  Take();
  AstQuantifier quantifier;
  quantifier.quantifier = kind;
  if (!ParseVariable(quantifier.variable) || !Expect(Keyword::kIn)) return nullptr;
  quantifier.list = ParseExpression();
  if (!quantifier.list || !ParseOptionalWhere(quantifier.where)) return nullptr;
  if (!Expect(TokenKind::kRightParenthesis)) return nullptr;
  const uint32_t height = std::max(quantifier.list->height, HeightOf(quantifier.where));
  return Make(start, std::move(quantifier), height);
}

AstExpressionPtr StatementParser::ParseReduce() {
  const SourceSpan start = Take().where;
  Take();
  const BarScope separator(*this, true);
  AstReduce reduce;
  if (!ParseVariable(reduce.accumulator) || !Expect(TokenKind::kEqual)) return nullptr;
  if (!(reduce.initial = ParseExpression())) return nullptr;
  if (!Expect(TokenKind::kComma) || !ParseVariable(reduce.variable) || !Expect(Keyword::kIn)) return nullptr;
  if (!(reduce.list = ParseExpression()) || !Expect(TokenKind::kBar)) return nullptr;
  if (!(reduce.step = ParseExpression()) || !Expect(TokenKind::kRightParenthesis)) return nullptr;
  const uint32_t height = std::max({reduce.initial->height, reduce.list->height, reduce.step->height});
  return Make(start, std::move(reduce), height);
}

}  // namespace tupu
