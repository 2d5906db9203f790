// Operators, by precedence climbing. From loose to tight, as openCypher 9 has them:
//   OR, XOR, AND, NOT, comparison, string / list / null predicates, + -, * / %, ^, unary + -, lookups.

#include <algorithm>
#include <type_traits>

#include <fmt/format.h>

#include "query/parser/internal/make_expression.h"
#include "query/parser/internal/statement_parser.h"
#include "query/parser/parser.h"

namespace tupu {
namespace {

enum Precedence : int {
  kNoOperator = 0,
  kOrPrecedence,
  kXorPrecedence,
  kAndPrecedence,
  kNotPrecedence,
  kComparisonPrecedence,
  kPredicatePrecedence,
  kAdditivePrecedence,
  kMultiplicativePrecedence,
  kPowerPrecedence,
};

uint32_t MaxHeight(const std::vector<AstExpressionPtr>& expressions) {
  uint32_t height = 0;
  for (const auto& expression : expressions) height = std::max(height, expression->height);
  return height;
}

}  // namespace

struct StatementParser::Operator {
  Precedence precedence = kNoOperator;
  uint8_t code = 0;  // of the enumeration that belongs to the precedence
  int tokens = 1;
};

AstExpressionPtr StatementParser::FailTooDeep(const SourceSpan& where) {
  if (nesting_ > kMaxNesting) {
    Fail(where, "UnexpectedSyntax", fmt::format("the query is nested deeper than {} levels", kMaxNesting),
         "Split it with WITH, or pass data as parameters.");
  }
  return nullptr;
}

AstExpressionPtr StatementParser::ParseExpression() {
  const Nesting nesting(*this);
  if (nesting_ > kMaxNesting) return FailTooDeep(Peek().where);
  return ParseOperators(kOrPrecedence);
}

StatementParser::Operator StatementParser::PeekOperator() {
  const auto code = [](auto op) { return static_cast<uint8_t>(op); };
  const Token& token = Peek();
  switch (token.kind) {
    case TokenKind::kEqual: return {kComparisonPrecedence, code(AstComparisonOperator::kEqual)};
    case TokenKind::kNotEqual: return {kComparisonPrecedence, code(AstComparisonOperator::kNotEqual)};
    case TokenKind::kLess: return {kComparisonPrecedence, code(AstComparisonOperator::kLess)};
    case TokenKind::kLessEqual: return {kComparisonPrecedence, code(AstComparisonOperator::kLessEqual)};
    case TokenKind::kGreater: return {kComparisonPrecedence, code(AstComparisonOperator::kGreater)};
    case TokenKind::kGreaterEqual: return {kComparisonPrecedence, code(AstComparisonOperator::kGreaterEqual)};
    case TokenKind::kRegexEqual: return {kPredicatePrecedence, code(AstBinaryOperator::kMatchesRegex)};
    case TokenKind::kPlus: return {kAdditivePrecedence, code(AstArithmeticOperator::kAdd)};
    case TokenKind::kMinus: return {kAdditivePrecedence, code(AstArithmeticOperator::kSubtract)};
    case TokenKind::kStar: return {kMultiplicativePrecedence, code(AstArithmeticOperator::kMultiply)};
    case TokenKind::kSlash: return {kMultiplicativePrecedence, code(AstArithmeticOperator::kDivide)};
    case TokenKind::kPercent: return {kMultiplicativePrecedence, code(AstArithmeticOperator::kModulo)};
    case TokenKind::kColon: return Is(TokenKind::kColon, 1) ? Operator{kPredicatePrecedence, 0} : Operator{};
    case TokenKind::kCaret: return {kPowerPrecedence, code(AstArithmeticOperator::kPower)};
    default: break;
  }
  switch (token.keyword) {
    case Keyword::kOr: return {kOrPrecedence, code(AstLogicalOperator::kOr)};
    case Keyword::kXor: return {kXorPrecedence, code(AstLogicalOperator::kXor)};
    case Keyword::kAnd: return {kAndPrecedence, code(AstLogicalOperator::kAnd)};
    case Keyword::kIn: return {kPredicatePrecedence, code(AstBinaryOperator::kIn)};
    case Keyword::kContains: return {kPredicatePrecedence, code(AstBinaryOperator::kContains)};
    case Keyword::kStarts: return {kPredicatePrecedence, code(AstBinaryOperator::kStartsWith), 2};
    case Keyword::kEnds: return {kPredicatePrecedence, code(AstBinaryOperator::kEndsWith), 2};
    case Keyword::kIs: return {kPredicatePrecedence, 0};
    default: return {};
  }
}

AstExpressionPtr StatementParser::ParseOperators(int least_precedence) {
  AstExpressionPtr left = Is(Keyword::kNot) && least_precedence <= kPredicatePrecedence ? ParseNot() : ParseUnary();
  while (left) {
    const Operator op = PeekOperator();
    if (op.precedence == kNoOperator || op.precedence < least_precedence) break;
    left =
        op.precedence == kPredicatePrecedence ? ParsePredicate(std::move(left), op) : ParseChain(std::move(left), op);
  }
  return left;
}

AstExpressionPtr StatementParser::ParseNot() {
  const Nesting nesting(*this);
  const SourceSpan start = Take().where;
  if (nesting_ > kMaxNesting) return FailTooDeep(start);
  AstExpressionPtr operand = ParseOperators(kComparisonPrecedence);
  if (!operand) return nullptr;
  const uint32_t height = operand->height;
  return Make(start, AstUnary{AstUnaryOperator::kNot, std::move(operand)}, height);
}

AstExpressionPtr StatementParser::ParseChain(AstExpressionPtr first, const Operator& op) {
  const SourceSpan start = first->where;
  std::vector<AstExpressionPtr> operands;
  std::vector<uint8_t> codes;
  operands.push_back(std::move(first));
  for (Operator next = op; next.precedence == op.precedence; next = PeekOperator()) {
    Take();
    codes.push_back(next.code);
    operands.push_back(ParseOperators(op.precedence + 1));
    if (!operands.back()) return nullptr;
  }
  const uint32_t height = MaxHeight(operands);
  const auto decode = [&codes](auto& operators) {
    using Code = typename std::remove_reference_t<decltype(operators)>::value_type;
    operators.reserve(codes.size());
    for (const uint8_t code : codes) operators.push_back(static_cast<Code>(code));
  };
  if (op.precedence <= kAndPrecedence) {
    return Make(start, AstLogical{static_cast<AstLogicalOperator>(op.code), std::move(operands)}, height);
  }
  if (op.precedence == kComparisonPrecedence) {
    AstComparison comparison{std::move(operands), {}};
    decode(comparison.operators);
    return Make(start, std::move(comparison), height);
  }
  AstArithmetic arithmetic{std::move(operands), {}};
  decode(arithmetic.operators);
  return Make(start, std::move(arithmetic), height);
}

AstExpressionPtr StatementParser::ParsePredicate(AstExpressionPtr left, const Operator& op) {
  if (Is(TokenKind::kColon)) return ParseTypeTest(std::move(left), false);
  const SourceSpan start = left->where;
  const bool is = Is(Keyword::kIs);
  Take();
  if (is) {
    const bool negated = Accept(Keyword::kNot);
    if (Is(TokenKind::kColon) || IsWord("typed")) return ParseTypeTest(std::move(left), negated);
    if (AtNormalizedTest()) return ParseNormalizedTest(std::move(left), negated);
    if (!Expect(Keyword::kNull)) return nullptr;
    const uint32_t height = left->height;
    const auto unary = negated ? AstUnaryOperator::kIsNotNull : AstUnaryOperator::kIsNull;
    return Make(start, AstUnary{unary, std::move(left)}, height);
  }
  if (op.tokens == 2 && !Expect(Keyword::kWith)) return nullptr;
  AstExpressionPtr right = ParseOperators(kAdditivePrecedence);
  if (!right) return nullptr;
  const uint32_t height = std::max(left->height, right->height);
  return Make(start, AstBinary{static_cast<AstBinaryOperator>(op.code), std::move(left), std::move(right)}, height);
}

AstExpressionPtr StatementParser::ParseUnary() {
  if (!Is(TokenKind::kMinus) && !Is(TokenKind::kPlus)) return ParsePostfix();
  const Nesting nesting(*this);
  const bool negative = Is(TokenKind::kMinus);
  const SourceSpan start = Take().where;
  if (nesting_ > kMaxNesting) return FailTooDeep(start);
  // The least integer has no positive counterpart: the sign belongs to the literal.
  if (negative && (Is(TokenKind::kInteger) || Is(TokenKind::kFloat))) return ParseNumber(true, start);
  AstExpressionPtr operand = ParseUnary();
  if (!operand) return nullptr;
  const uint32_t height = operand->height;
  const auto op = negative ? AstUnaryOperator::kNegate : AstUnaryOperator::kPlus;
  return Make(start, AstUnary{op, std::move(operand)}, height);
}

AstExpressionPtr StatementParser::ParsePostfix() {
  AstExpressionPtr base = ParseAtom();
  while (base) {
    if (Is(TokenKind::kDot)) {
      base = ParsePropertyLookup(std::move(base));
    } else if (Is(TokenKind::kLeftBracket)) {
      base = ParseIndexOrSlice(std::move(base));
    } else if (Is(TokenKind::kColon) && !Is(TokenKind::kColon, 1)) {
      base = ParseLabelTest(std::move(base));
    } else {
      break;
    }
  }
  return base;
}

AstExpressionPtr StatementParser::ParsePropertyLookup(AstExpressionPtr base) {
  Take();
  const SourceSpan start = base->where;
  const uint32_t height = base->height;
  AstProperty property{std::move(base), {}};
  if (!ParseSchemaName(property.key)) return nullptr;
  return Make(start, std::move(property), height);
}

AstExpressionPtr StatementParser::ParseIndexOrSlice(AstExpressionPtr base) {
  Take();
  const SourceSpan start = base->where;
  AstExpressionPtr from;
  AstExpressionPtr to;
  if (!Is(TokenKind::kDotDot)) {
    from = ParseExpression();
    if (!from) return nullptr;
  }
  const bool slice = Accept(TokenKind::kDotDot);
  if (slice && !Is(TokenKind::kRightBracket)) {
    to = ParseExpression();
    if (!to) return nullptr;
  }
  if (!Expect(TokenKind::kRightBracket)) return nullptr;
  const uint32_t height = std::max({base->height, from ? from->height : 0, to ? to->height : 0});
  if (slice) return Make(start, AstSlice{std::move(base), std::move(from), std::move(to)}, height);
  return Make(start, AstIndex{std::move(base), std::move(from)}, height);
}

AstExpressionPtr StatementParser::ParseLabelTest(AstExpressionPtr base) {
  const SourceSpan start = base->where;
  const uint32_t height = base->height;
  AstLabelTest test{std::move(base), {}};
  if (!ParseLabels(test.labels, false)) return nullptr;
  return Make(start, std::move(test), height);
}

}  // namespace tupu
