#include <fmt/format.h>

#include "query/parser/internal/statement_parser.h"

namespace tupu {

bool StatementParser::ParseProjection(AstClause& clause, bool is_return) {
  AstProjection projection;
  projection.is_return = is_return;
  projection.distinct = Accept(Keyword::kDistinct);
  if (!ParseProjectionItems(projection)) return false;
  if (!ParseOrderAndCut(projection)) return false;
  if (is_return && Is(Keyword::kWhere)) {
    return Fail(Peek().where, "UnexpectedSyntax", "RETURN has no WHERE",
                "Filter before it: behind MATCH, or WITH ... WHERE ... RETURN.");
  }
  if (!is_return && !ParseOptionalWhere(projection.where)) return false;
  clause.node = std::move(projection);
  return true;
}

bool StatementParser::ParseOrderAndCut(AstProjection& projection) {
  if (Accept(Keyword::kOrder) && !ParseOrderBy(projection)) return false;
  if (Accept(Keyword::kSkip) || Accept(Keyword::kOffset)) {
    projection.skip = ParseExpression();
    if (!projection.skip) return false;
  }
  if (Accept(Keyword::kLimit)) {
    projection.limit = ParseExpression();
    if (!projection.limit) return false;
  }
  const std::string_view done = projection.limit ? "LIMIT" : "SKIP";
  const bool late = (Is(Keyword::kOrder) && (projection.skip || projection.limit)) ||
                    ((Is(Keyword::kSkip) || Is(Keyword::kOffset)) && projection.limit);
  if (late) {
    return Fail(Peek().where, "UnexpectedSyntax", fmt::format("{} stands before {}", Name(Peek().keyword), done),
                "The order is ORDER BY, SKIP, LIMIT.");
  }
  return true;
}

bool StatementParser::ParseProjectionItems(AstProjection& projection) {
  if (Accept(TokenKind::kStar)) {
    projection.star = true;
    if (!Accept(TokenKind::kComma)) return true;
  }
  do {
    AstProjectionItem item;
    const SourceSpan start = Peek().where;
    item.expression = ParseExpression();
    if (!item.expression) return false;
    // The span of the expression leaves out parentheses around it; the column's name does not.
    item.text = text_.substr(start.offset, last_end_ - start.offset);
    if (Accept(Keyword::kAs) && !ParseVariable(item.alias.emplace())) return false;
    projection.items.push_back(std::move(item));
  } while (Accept(TokenKind::kComma));
  return true;
}

bool StatementParser::ParseOrderBy(AstProjection& projection) {
  if (!Expect(Keyword::kBy)) return false;
  do {
    AstSortItem item;
    item.expression = ParseExpression();
    if (!item.expression) return false;
    if (Accept(Keyword::kDesc) || Accept(Keyword::kDescending)) {
      item.ascending = false;
    } else if (!Accept(Keyword::kAsc)) {
      Accept(Keyword::kAscending);
    }
    projection.order_by.push_back(std::move(item));
  } while (Accept(TokenKind::kComma));
  return true;
}

/// LET x = e, y = f: WITH *, e AS x, f AS y.
bool StatementParser::ParseLet(AstClause& clause) {
  AstProjection projection;
  projection.star = true;
  projection.may_aggregate = false;
  do {
    AstProjectionItem item;
    if (!ParseVariable(item.alias.emplace()) || !Expect(TokenKind::kEqual)) return false;
    item.expression = ParseExpression();
    if (!item.expression) return false;
    projection.items.push_back(std::move(item));
  } while (Accept(TokenKind::kComma));
  clause.node = std::move(projection);
  return true;
}

/// FILTER e, FILTER WHERE e: WITH * WHERE e.
bool StatementParser::ParseFilter(AstClause& clause) {
  AstProjection projection;
  projection.star = true;
  Accept(Keyword::kWhere);
  projection.where = ParseExpression();
  if (!projection.where) return false;
  clause.node = std::move(projection);
  return true;
}

}  // namespace tupu
