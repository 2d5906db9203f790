// EXISTS { }, COUNT { }, COLLECT { }; CALL { }; FOREACH.

#include <array>

#include "query/parser/internal/make_expression.h"
#include "query/parser/internal/statement_parser.h"
#include "query/parser/parser.h"

namespace tupu {
namespace {

constexpr std::array<std::string_view, 3> kExpressionNames = {"EXISTS { }", "COUNT { }", "COLLECT { }"};

bool EndsWithReturn(const AstSingleQuery& query) {
  const auto* projection = query.clauses.back().As<AstProjection>();
  return projection != nullptr && projection->is_return;
}

}  // namespace

AstExpressionPtr StatementParser::ParseSubqueryExpression(AstSubqueryKind kind) {
  const Nesting nesting(*this);
  const SourceSpan start = Take().where;
  if (nesting_ > kMaxNesting) return FailTooDeep(start);
  Take();
  const std::string_view outer = std::exchange(only_reads_, kExpressionNames[static_cast<size_t>(kind)]);
  const HeightScope scope(*this);
  const BarScope no_separator(*this, false);
  AstSubqueryExpression subquery{kind, std::make_unique<AstQuery>()};
  const bool bare_pattern = kind != AstSubqueryKind::kCollect &&
                            (Is(TokenKind::kLeftParenthesis) || (IsVariable() && Is(TokenKind::kEqual, 1)));
  if (bare_pattern) {
    AstClause clause;
    clause.where = Peek().where;
    AstMatch match;
    if (!ParsePatternParts(match.parts) || !ParseOptionalWhere(match.where)) return nullptr;
    clause.node = std::move(match);
    subquery.query->branches.emplace_back().clauses.push_back(std::move(clause));
  } else if (!ParseQuery(*subquery.query, QueryPlace::kExpression)) {
    return nullptr;
  }
  if (kind == AstSubqueryKind::kCollect && !EndsWithReturn(subquery.query->branches.front())) {
    Fail(SpanFrom(start), "InvalidClauseComposition", "COLLECT { } ends with a RETURN of what is collected",
         "Write COLLECT { MATCH (a)-->(b) RETURN b.name }.");
    return nullptr;
  }
  if (!Expect(TokenKind::kRightBrace)) return nullptr;
  only_reads_ = outer;
  return Make(start, std::move(subquery), scope.height());
}

/// Behind CALL, at the brace or at the parenthesis with what is imported.
bool StatementParser::ParseSubqueryCall(AstClause& clause, bool optional) {
  const Nesting nesting(*this);
  if (nesting_ > kMaxNesting) {
    FailTooDeep(Peek().where);
    return false;
  }
  AstSubqueryCall call;
  call.optional = optional;
  if (Accept(TokenKind::kLeftParenthesis)) {
    using Imports = AstSubqueryCall::Imports;
    call.imports = Accept(TokenKind::kStar) ? Imports::kAll : Imports::kNamed;
    if (call.imports == Imports::kNamed && !Is(TokenKind::kRightParenthesis)) {
      do {
        if (!ParseVariable(call.variables.emplace_back())) return false;
      } while (Accept(TokenKind::kComma));
    }
    if (!Expect(TokenKind::kRightParenthesis)) return false;
  }
  if (!Expect(TokenKind::kLeftBrace)) return false;
  call.query = std::make_unique<AstQuery>();
  if (!ParseQuery(*call.query, QueryPlace::kCall) || !Expect(TokenKind::kRightBrace)) return false;
  if (Is(Keyword::kIn)) {
    return FailUnsupported(Peek().where, "CALL { } IN TRANSACTIONS",
                           "A statement is one transaction. Send the work in portions (SKIP and LIMIT, or a list as a "
                           "parameter), each a statement of its own; the command `load` takes large files in bulk.");
  }
  clause.node = std::move(call);
  return true;
}

/// OPTIONAL CALL name(...) YIELD a: OPTIONAL CALL (*) { CALL name(...) YIELD a RETURN a }.
bool StatementParser::ParseOptionalProcedureCall(AstClause& clause) {
  AstClause inner;
  inner.where = clause.where;
  if (!ParseCall(inner)) return false;
  const auto& procedure = *inner.As<AstCall>();
  if (procedure.yields.empty()) {
    return Fail(clause.where, "InvalidClauseComposition", "OPTIONAL CALL needs a YIELD that names its columns");
  }
  AstProjection projection = ReturnYielded(procedure);
  AstSubqueryCall call;
  call.optional = true;
  call.imports = AstSubqueryCall::Imports::kAll;
  call.query = std::make_unique<AstQuery>();
  AstSingleQuery& query = call.query->branches.emplace_back();
  query.where = clause.where;
  query.clauses.push_back(std::move(inner));
  AstClause end;
  end.where = clause.where;
  end.node = std::move(projection);
  query.clauses.push_back(std::move(end));
  clause.node = std::move(call);
  return true;
}

/// Behind FOREACH.
bool StatementParser::ParseForeach(AstClause& clause) {
  const Nesting nesting(*this);
  if (nesting_ > kMaxNesting) {
    FailTooDeep(Peek().where);
    return false;
  }
  AstForeach foreach;
  if (!Expect(TokenKind::kLeftParenthesis) || !ParseVariable(foreach.variable) || !Expect(Keyword::kIn)) return false;
  foreach
    .list = ParseExpression();
  if (!foreach.list || !Expect(TokenKind::kBar)) return false;
  do {
    AstClause& inner = foreach.clauses.emplace_back();
    inner.where = Peek().where;
    bool known = false;
    if (!ParseUpdatingClause(inner, known)) return false;
    if (known) continue;
    const bool reads = Is(Keyword::kMatch) || Is(Keyword::kOptional) || Is(Keyword::kUnwind) || Is(Keyword::kWith) ||
                       Is(Keyword::kCall) || Is(Keyword::kReturn);
    if (!reads) return FailUnexpected();
    return Fail(inner.where, "InvalidClauseComposition", "FOREACH only updates: no clause that reads stands in it",
                "UNWIND the list instead, or use CALL { }.");
  } while (!Accept(TokenKind::kRightParenthesis));
  clause.node = std::move(foreach);
  return true;
}

}  // namespace tupu
