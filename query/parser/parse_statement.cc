#include <limits>

#include <fmt/format.h>

#include "query/parser/internal/statement_parser.h"
#include "query/parser/parser.h"

namespace tupu {
namespace {

bool IsUpdate(const AstClause& clause) {
  return clause.As<AstCreate>() || clause.As<AstMerge>() || clause.As<AstSet>() || clause.As<AstRemove>() ||
         clause.As<AstDelete>();
}

bool IsReturn(const AstClause& clause) {
  const auto* projection = clause.As<AstProjection>();
  return projection != nullptr && projection->is_return;
}

std::string_view ClauseName(const AstClause& clause) {
  if (const auto* match = clause.As<AstMatch>()) return match->optional ? "OPTIONAL MATCH" : "MATCH";
  if (clause.As<AstUnwind>()) return "UNWIND";
  return clause.As<AstProjection>() ? "WITH" : "CALL";
}

}  // namespace

Result<AstQuery> Parse(std::string_view text) {
  if (text.size() >= std::numeric_limits<uint32_t>::max()) {
    return Error{ErrorCode::kResourceExhausted, "the query text is longer than 4 GiB; pass data as parameters"};
  }
  StatementParser parser(text);
  AstQuery query;
  if (!parser.ParseStatement(query)) return parser.TakeError();
  return query;
}

bool StatementParser::ParseStatement(AstQuery& query) {
  const bool prefixed = Is(TokenKind::kName, 1);  // else EXPLAIN is a misplaced name
  if (prefixed && Is(Keyword::kProfile)) return FailUnsupported(Peek().where, "PROFILE", "EXPLAIN shows the plan.");
  if (prefixed && Accept(Keyword::kExplain)) query.mode = AstQuery::Mode::kExplain;
  if (AtSchemaCommand()) {
    if (!ParseSchemaCommand(query.command.emplace())) return false;
  } else if (Is(Keyword::kShow) && Is(TokenKind::kName, 1)) {
    if (!ParseShow(query)) return false;
  } else if (!ParseQuery(query, false)) {
    return false;
  }
  if (Accept(TokenKind::kSemicolon) && Is(TokenKind::kName)) {
    return FailUnsupported(Peek().where, "More than one statement in a text", "Send them one by one.");
  }
  return At(TokenKind::kEnd) || FailUnexpected();
}

bool StatementParser::ParseQuery(AstQuery& query, bool subquery) {
  if (!ParseSingleQuery(query.branches.emplace_back(), subquery)) return false;
  while (At(Keyword::kUnion)) {
    query.unions.push_back(Take().where);
    query.union_all.push_back(Accept(Keyword::kAll));
    if (query.union_all.back() != query.union_all.front()) {
      return Fail(query.unions.back(), "InvalidClauseComposition", "UNION and UNION ALL cannot stand in one query",
                  "Use one of them throughout.");
    }
    if (!ParseSingleQuery(query.branches.emplace_back(), subquery)) return false;
  }
  return true;
}

bool StatementParser::AtClauseEnd() {
  return Is(TokenKind::kEnd) || Is(TokenKind::kSemicolon) || Is(TokenKind::kRightBrace) || Is(Keyword::kUnion);
}

bool StatementParser::ParseSingleQuery(AstSingleQuery& query, bool subquery) {
  query.where = Peek().where;
  do {
    if (!ParseClause(query, subquery)) return false;
    // `RETURN x` may only be followed by what its own production has looked for.
    if (IsReturn(query.clauses.back())) break;
  } while (!AtClauseEnd());
  query.where = SpanFrom(query.where);
  return CheckComposition(query, subquery);
}

bool StatementParser::ParseClause(AstSingleQuery& query, bool subquery) {
  AstClause clause;
  clause.where = Peek().where;
  bool parsed = false;
  if (At(Keyword::kMatch) || At(Keyword::kOptional)) {
    parsed = ParseMatch(clause);
  } else if (Accept(Keyword::kReturn)) {
    parsed = ParseProjection(clause, true);
  } else if (Accept(Keyword::kWith)) {
    parsed = ParseProjection(clause, false);
  } else if (Accept(Keyword::kUnwind)) {
    parsed = ParseUnwind(clause);
  } else if (Accept(Keyword::kCall)) {
    parsed = ParseCall(clause);
  } else if (Accept(Keyword::kCreate)) {
    parsed = ParseCreate(clause);
  } else if (Accept(Keyword::kMerge)) {
    parsed = ParseMerge(clause);
  } else if (Accept(Keyword::kSet)) {
    parsed = ParseSet(clause);
  } else if (Accept(Keyword::kRemove)) {
    parsed = ParseRemove(clause);
  } else if (At(Keyword::kDelete) || At(Keyword::kDetach)) {
    parsed = ParseDelete(clause);
  } else {
    return FailUnsupportedClause();
  }
  if (!parsed) return false;
  if (subquery && IsUpdate(clause)) {
    return Fail(clause.where, "InvalidClauseComposition", "EXISTS { } only reads: it cannot change the graph");
  }
  query.clauses.push_back(std::move(clause));
  return true;
}

bool StatementParser::FailUnsupportedClause() {
  const SourceSpan where = Peek().where;
  if (Is(Keyword::kForeach)) return FailUnsupported(where, "FOREACH", "UNWIND the list, then update.");
  if (Is(Keyword::kLoad)) return FailUnsupported(where, "LOAD CSV", "The command `load` reads CSV files.");
  if (Is(Keyword::kShow)) return FailUnsupported(where, "SHOW within a query", "It is a statement of its own.");
  if (Is(Keyword::kUse)) return FailUnsupported(where, "USE", "A database holds one graph.");
  if (Is(Keyword::kDrop)) return FailUnsupported(where, "This DROP", "DROP INDEX name, DROP CONSTRAINT name.");
  if (Is(Keyword::kFinish)) return FailUnsupported(where, "FINISH", "A query that updates needs no RETURN.");
  return FailUnexpected();
}

bool StatementParser::CheckComposition(const AstSingleQuery& query, bool subquery) {
  const AstClause& last = query.clauses.back();
  const bool is_call = last.As<AstCall>() != nullptr;
  if (IsReturn(last) || IsUpdate(last) || is_call || subquery) return true;
  return Fail(last.where, "InvalidClauseComposition", fmt::format("a query cannot end with {}", ClauseName(last)),
              "End it with RETURN, or with a clause that changes the graph.");
}

bool StatementParser::ParseOptionalWhere(AstExpressionPtr& where) {
  if (!Accept(Keyword::kWhere)) return true;
  where = ParseExpression();
  return where != nullptr;
}

bool StatementParser::ParseMatch(AstClause& clause) {
  AstMatch match;
  match.optional = Accept(Keyword::kOptional);
  if (match.optional && Is(Keyword::kCall)) return FailUnsupported(Peek().where, "OPTIONAL CALL");
  if (!Expect(Keyword::kMatch) || !ParseMatchMode(match) || !ParsePatternParts(match.parts)) return false;
  if (Is(Keyword::kAs) && Is(Keyword::kOf, 1)) return FailUnsupported(Peek().where, "AS OF");
  if (!ParseOptionalWhere(match.where)) return false;
  clause.node = std::move(match);
  return true;
}

bool StatementParser::ParseUnwind(AstClause& clause) {
  AstUnwind unwind;
  unwind.list = ParseExpression();
  if (!unwind.list || !Expect(Keyword::kAs) || !ParseVariable(unwind.variable)) return false;
  clause.node = std::move(unwind);
  return true;
}

bool StatementParser::ParseCall(AstClause& clause) {
  if (Is(TokenKind::kLeftBrace) || Is(TokenKind::kLeftParenthesis)) return FailUnsupported(Peek().where, "CALL { }");
  AstCall call;
  if (!ParseDottedName(call.procedure)) return false;
  if (Accept(TokenKind::kLeftParenthesis)) {
    if (!ParseArguments(call.arguments.emplace(), TokenKind::kRightParenthesis)) return false;
  }
  if (Accept(Keyword::kYield) && !ParseYield(call)) return false;
  clause.node = std::move(call);
  return true;
}

bool StatementParser::ParseYield(AstCall& call) {
  call.has_yield = true;
  if (Accept(TokenKind::kStar)) {
    call.yield_star = true;
  } else {
    do {
      AstYieldItem item;
      if (!ParseVariable(item.output)) return false;
      if (Accept(Keyword::kAs) && !ParseVariable(item.alias.emplace())) return false;
      call.yields.push_back(std::move(item));
    } while (Accept(TokenKind::kComma));
  }
  return ParseOptionalWhere(call.where);
}

}  // namespace tupu
