#include "query/parser/internal/statement_parser.h"

namespace tupu {

bool StatementParser::ParseProjection(AstClause& clause, bool is_return) {
  AstProjection projection;
  projection.is_return = is_return;
  projection.distinct = Accept(Keyword::kDistinct);
  if (!ParseProjectionItems(projection)) return false;
  if (Accept(Keyword::kOrder) && !ParseOrderBy(projection)) return false;
  if (Accept(Keyword::kSkip)) {
    projection.skip = ParseExpression();
    if (!projection.skip) return false;
  }
  if (Accept(Keyword::kLimit)) {
    projection.limit = ParseExpression();
    if (!projection.limit) return false;
  }
  if (!is_return && !ParseOptionalWhere(projection.where)) return false;
  clause.node = std::move(projection);
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

}  // namespace tupu
