#pragma once

#include <string_view>

#include <tupu/result.h>

#include "query/ast/ast.h"

namespace tupu {

/// Nesting that the parser takes: parentheses, lists, functions, subqueries in one another. Chains of operators
/// (a AND b AND ..., a + b + ...) are flat and have no bound.
inline constexpr uint32_t kMaxNesting = 300;

/// The tree of one statement; a semicolon may end it.
///
/// Grammar  openCypher 9 (https://opencypher.org/resources/), by recursive descent; operators by precedence climbing.
/// Cost     linear in the text, 10 MB and more; the stack is bounded by kMaxNesting.
/// Errors   kSyntax with place, what stands there, what could stand there, and a hint; kUnsupported names a form that
/// is
///          known and not offered by this version. Names, scopes and types are not looked at.
/// Threads  any.
Result<AstQuery> Parse(std::string_view text);

}  // namespace tupu
