#include <limits>

#include <fmt/format.h>

#include "query/parser/internal/statement_parser.h"
#include "query/parser/parser.h"

namespace tupu {
namespace {

bool IsUpdate(const AstClause& clause) {
  return clause.As<AstCreate>() || clause.As<AstMerge>() || clause.As<AstSet>() || clause.As<AstRemove>() ||
         clause.As<AstDelete>() || clause.As<AstForeach>();
}

bool IsReturn(const AstClause& clause) {
  const auto* projection = clause.As<AstProjection>();
  return projection != nullptr && projection->is_return;
}

std::string_view ClauseName(const AstClause& clause) {
  if (const auto* match = clause.As<AstMatch>()) return match->optional ? "OPTIONAL MATCH" : "MATCH";
  if (clause.As<AstUnwind>()) return "UNWIND";
  if (clause.As<AstLoadCsv>()) return "LOAD CSV";
  return clause.As<AstProjection>() ? "WITH" : "a CALL { } that returns columns";
}

// Runs for what it changes, or for nothing: a CALL { } without RETURN.
bool IsUnitCall(const AstClause& clause) {
  const auto* call = clause.As<AstSubqueryCall>();
  return call != nullptr && !IsReturn(call->query->branches.front().clauses.back());
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

/// CYPHER 25: tools write it in front. What differs between the versions that are taken is nothing that is offered here.
bool StatementParser::ParseVersion() {
  if (!IsWord("cypher") || !Is(TokenKind::kInteger, 1)) return true;
  Take();
  const Token version = Take();
  if (version.text == "5" || version.text == "25") return true;
  return FailUnsupported(version.where, fmt::format("CYPHER {}", version.text), "CYPHER 5 and CYPHER 25 are.");
}

bool StatementParser::ParseStatement(AstQuery& query) {
  if (!ParseVersion()) return false;
  const bool prefixed = Is(TokenKind::kName, 1);  // else EXPLAIN is a misplaced name
  if (prefixed && Is(Keyword::kProfile)) return FailUnsupported(Peek().where, "PROFILE", "EXPLAIN shows the plan.");
  if (prefixed && Accept(Keyword::kExplain)) query.mode = AstQuery::Mode::kExplain;
  if (AtSchemaCommand()) {
    if (!ParseSchemaCommand(query.command.emplace())) return false;
  } else if (Is(Keyword::kShow) && Is(TokenKind::kName, 1)) {
    if (!ParseShow(query)) return false;
  } else if (!ParseQuery(query, QueryPlace::kStatement)) {
    return false;
  }
  if (Accept(TokenKind::kSemicolon) && Is(TokenKind::kName)) {
    return FailUnsupported(Peek().where, "More than one statement in a text", "Send them one by one.");
  }
  return At(TokenKind::kEnd) || FailUnexpected();
}

bool StatementParser::ParseQuery(AstQuery& query, QueryPlace place) {
  if (!ParseSingleQuery(query.branches.emplace_back(), place)) return false;
  while (At(Keyword::kUnion)) {
    query.unions.push_back(Take().where);
    query.union_all.push_back(Accept(Keyword::kAll));
    if (!query.union_all.back()) Accept(Keyword::kDistinct);
    if (query.union_all.back() != query.union_all.front()) {
      return Fail(query.unions.back(), "InvalidClauseComposition", "UNION and UNION ALL cannot stand in one query",
                  "Use one of them throughout.");
    }
    if (!ParseSingleQuery(query.branches.emplace_back(), place)) return false;
  }
  return true;
}

bool StatementParser::AtClauseEnd() {
  return Is(TokenKind::kEnd) || Is(TokenKind::kSemicolon) || Is(TokenKind::kRightBrace) || Is(Keyword::kUnion);
}

bool StatementParser::ParseSingleQuery(AstSingleQuery& query, QueryPlace place) {
  query.where = Peek().where;
  do {
    if (!ParseClause(query.clauses)) return false;
    // `RETURN x` may only be followed by what its own production has looked for.
    if (IsReturn(query.clauses.back()) || query.clauses.back().As<AstFinish>()) break;
  } while (!AtClauseEnd());
  query.where = SpanFrom(query.where);
  return CheckComposition(query, place);
}

bool StatementParser::ParseClause(std::vector<AstClause>& clauses) {
  AstClause clause;
  clause.where = Peek().where;
  if (++num_clauses_ > kMostClauses) {
    return Fail(clause.where, "UnexpectedSyntax", fmt::format("the statement has more than {} clauses", kMostClauses),
                "Make several statements of it, with ';' between them.");
  }
  bool known = false;
  if (!ParseReadingClause(clause, known)) return false;
  if (!known && !ParseUpdatingClause(clause, known)) return false;
  if (!known) return FailUnsupportedClause();
  if (!only_reads_.empty() && IsUpdate(clause)) {
    return Fail(clause.where, "InvalidClauseComposition",
                fmt::format("{} only reads: it cannot change the graph", only_reads_));
  }
  clauses.push_back(std::move(clause));
  return true;
}

/// `known` becomes true when a clause begins here.
bool StatementParser::ParseReadingClause(AstClause& clause, bool& known) {
  known = true;
  if (At(Keyword::kMatch) || At(Keyword::kOptional)) return ParseMatch(clause);
  if (Accept(Keyword::kReturn)) return ParseProjection(clause, true);
  if (Accept(Keyword::kWith)) return ParseProjection(clause, false);
  if (Accept(Keyword::kUnwind)) return ParseUnwind(clause);
  if (Accept(Keyword::kCall)) return ParseCall(clause);
  if (Accept(Keyword::kLet)) return ParseLet(clause);
  if (Accept(Keyword::kFilter)) return ParseFilter(clause);
  if (Accept(Keyword::kLoad)) return ParseLoadCsv(clause);
  if (Accept(Keyword::kFinish)) {
    clause.node = AstFinish{};
    return true;
  }
  known = false;
  return true;
}

bool StatementParser::ParseUpdatingClause(AstClause& clause, bool& known) {
  known = true;
  if (Accept(Keyword::kCreate) || Accept(Keyword::kInsert)) return ParseCreate(clause);
  if (Accept(Keyword::kMerge)) return ParseMerge(clause);
  if (Accept(Keyword::kSet)) return ParseSet(clause);
  if (Accept(Keyword::kRemove)) return ParseRemove(clause);
  if (At(Keyword::kDelete) || At(Keyword::kDetach) || At(Keyword::kNodetach)) return ParseDelete(clause);
  if (Accept(Keyword::kForeach)) return ParseForeach(clause);
  known = false;
  return true;
}

bool StatementParser::FailUnsupportedClause() {
  const SourceSpan where = Peek().where;
  if (Is(Keyword::kShow)) return FailUnsupported(where, "SHOW within a query", "It is a statement of its own.");
  if (Is(Keyword::kUse)) return FailUnsupported(where, "USE", "A database holds one graph.");
  if (Is(Keyword::kDrop)) return FailUnsupported(where, "This DROP", "DROP INDEX name, DROP CONSTRAINT name.");
  if (IsWord("next")) return FailUnsupported(where, "NEXT", "WITH passes rows from one part to the next.");
  return FailUnexpected();
}

bool StatementParser::CheckComposition(const AstSingleQuery& query, QueryPlace place) {
  const AstClause& last = query.clauses.back();
  if (place == QueryPlace::kExpression || IsReturn(last) || IsUpdate(last) || last.As<AstCall>() || IsUnitCall(last) ||
      last.As<AstFinish>()) {
    return true;
  }
  return Fail(last.where, "InvalidClauseComposition", fmt::format("a query cannot end with {}", ClauseName(last)),
              "End it with RETURN, with FINISH, or with a clause that changes the graph.");
}

bool StatementParser::ParseOptionalWhere(AstExpressionPtr& where) {
  if (!Accept(Keyword::kWhere)) return true;
  where = ParseExpression();
  return where != nullptr;
}

bool StatementParser::ParseMatch(AstClause& clause) {
  AstMatch match;
  match.optional = Accept(Keyword::kOptional);
  if (match.optional && Accept(Keyword::kCall)) {
    return AtSubqueryCall() ? ParseSubqueryCall(clause, true) : ParseOptionalProcedureCall(clause);
  }
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
  if (AtSubqueryCall()) return ParseSubqueryCall(clause, false);
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

/// LOAD CSV [WITH HEADERS] FROM 'name' AS row [FIELDTERMINATOR ';']
bool StatementParser::ParseLoadCsv(AstClause& clause) {
  AstLoadCsv load;
  if (!Expect(Keyword::kCsv)) return false;
  load.with_headers = Accept(Keyword::kWith);
  if (load.with_headers && !Expect(Keyword::kHeaders)) return false;
  if (!Expect(Keyword::kFrom)) return false;
  load.source = ParseExpression();
  if (!load.source || !Expect(Keyword::kAs) || !ParseVariable(load.variable)) return false;
  if (Accept(Keyword::kFieldterminator)) {
    load.delimiter = ParseExpression();
    if (!load.delimiter) return false;
  }
  clause.node = std::move(load);
  return true;
}

}  // namespace tupu
