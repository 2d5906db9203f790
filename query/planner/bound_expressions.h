#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "query/binder/bound.h"

namespace tupu {

/// Calls `visit` for `expression` and everything below it, patterns and subqueries included.
void VisitExpressions(const BoundExpression& expression, const std::function<void(const BoundExpression&)>& visit);

/// Calls the one for every clause, those of subqueries included, and the other for every expression in them.
void VisitClauses(const std::vector<BoundClause>& clauses, const std::function<void(const BoundClause&)>& visit_clause,
                  const std::function<void(const BoundExpression&)>& visit_expression);

/// Every slot that `expression` names, also those of variables inside it: intersect with what can be bound outside.
std::set<Slot> SlotsOf(const BoundExpression& expression);

/// Slots that a pattern in an expression takes from the row around it: all that it names and does not bind itself. May
/// hold slots of variables further inside, which do no harm there. (Of a subquery: BoundSubquery::imported.)
std::set<Slot> OuterSlotsOf(const BoundPatternExpression& pattern);

/// Whether evaluating it may read the graph beyond the references in the row.
bool ReadsGraph(const BoundExpression& expression);

/// Whether running the clauses twice gives the same rows: no rand() and the like.
bool IsDeterministic(const std::vector<BoundClause>& clauses);

/// The operands of AND, flattened, n:A&B being n:A AND n:B; `expression` itself if it is none. Appends.
void SplitConjunction(const BoundExpressionPtr& expression, std::vector<BoundExpressionPtr>& out);

/// The label if `predicate` asks `slot` for one label and nothing else; else null.
const std::string* LabelTestedOn(const BoundExpression& predicate, Slot slot);

BoundExpressionPtr MakeVariable(Slot slot, StaticKind kind);
BoundExpressionPtr MakePropertyEquality(Slot slot, StaticKind kind, const std::string& key, BoundExpressionPtr value);
BoundExpressionPtr MakeLabelPredicate(Slot slot, const std::string& label);
BoundExpressionPtr MakeIsNotNull(Slot slot, StaticKind kind);

/// Cypher-like text for EXPLAIN; slots without a name print as `#3`.
std::string Describe(const BoundExpression& expression, const std::vector<SlotInfo>& slots);
std::string DescribeSlot(Slot slot, const std::vector<SlotInfo>& slots);

}  // namespace tupu
