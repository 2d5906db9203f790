#pragma once

#include <algorithm>

#include "query/parser/internal/statement_parser.h"

namespace tupu {

/// Trees higher than this are refused: lookups and predicates (a.b.c..., x IN y IN z ...) grow a tree without nesting.
inline constexpr uint32_t kMaxHeight = 500;

template <class Node>
AstExpressionPtr StatementParser::Make(const SourceSpan& start, Node node, uint32_t height_of_children) {
  auto expression = std::make_unique<AstExpression>();
  expression->where = SpanFrom(start);
  expression->height = height_of_children + 1;
  expression->node = std::move(node);
  height_ = std::max(height_, expression->height);
  if (expression->height <= kMaxHeight) return expression;
  Fail(start, "UnexpectedSyntax", "the expression is nested too deep",
       "Split it with WITH, or pass data as parameters.");
  return nullptr;
}

}  // namespace tupu
