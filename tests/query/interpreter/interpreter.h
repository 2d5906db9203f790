#pragma once

#include <map>
#include <random>
#include <set>
#include <vector>

#include <tupu/result.h>
#include <tupu/value.h>

#include "query/binder/bound.h"
#include "query/functions/function_registry.h"
#include "storage/graph/graph_view.h"

namespace tupu {

/// One row: the value of each slot that has one. A slot that has none is null.
using Bindings = std::map<Slot, Value>;
using Table = std::vector<Bindings>;

inline Value ValueOf(const Bindings& row, Slot slot) {
  const auto found = row.find(slot);
  return found == row.end() ? Value() : found->second;
}

/// What a statement means, as directly as it can be said: the bound tree is run clause by clause, each from a whole table to
/// a whole table; a pattern is laid on the graph in every way there is, and what does not fit is dropped at the end. No plan,
/// no index, no statistics, no batches. Nothing of query/planner and query/executor is used; values are compared, computed
/// and passed to functions by query/value and query/functions, which have tests of their own.
///
/// It is what the engine's answers are held against (tests/query/generated), and the place to look up what a clause means.
/// A new clause or expression is one operator() here.
///
/// Reads only: CALL and the clauses that write are kUnsupported; so are repeated segments and selections of paths.
/// Cost: every way to lay the pattern, properties and WHERE not counted: for graphs of a dozen vertices.
class Interpreter {
 public:
  /// Reads all vertices and edges of `view`, which must outlive it.
  /// A table, or the ways to lay a pattern, of more than `max_rows` rows: kResourceExhausted.
  static Result<Interpreter> On(const GraphView& view, Map parameters = {}, size_t max_rows = 100'000);

  /// The rows of the statement in the order of its columns, with whole vertices, edges and paths.
  Result<std::vector<std::vector<Value>>> Run(const BoundQuery& query);

  // ---- Clauses (interpret_clause.cc)
  Result<Table> Run(const std::vector<BoundClause>& clauses, Table rows);
  Result<Table> Apply(const BoundMatch& match, Table rows);
  Result<Table> Apply(const BoundUnwind& unwind, Table rows);
  Result<Table> Apply(const BoundProjection& projection, Table rows);
  Result<Table> Apply(const BoundSubqueryCall& call, Table rows);
  /// The rows of a query inside another for one row of it, in the slots of its columns.
  Result<Table> RunSubquery(const BoundSubquery& query, const Bindings& row);
  template <class Clause>  // all others
  Result<Table> Apply(const Clause&, const Table&) {
    return Error{ErrorCode::kUnsupported, "the interpreter only reads"};
  }

  // ---- Patterns (interpret_pattern.cc)
  /// Every way to lay all parts on the graph, beginning from `row`, so that `where` (may be null) is true.
  Result<Table> Match(const std::vector<BoundPatternPart>& parts, const BoundExpressionPtr& where, const Bindings& row);

  // ---- Expressions (interpret_expression.cc)
  Result<Value> Evaluate(const BoundExpression& expression, const Bindings& row);
  Result<bool> IsTrue(const BoundExpressionPtr& condition, const Bindings& row);  // no condition: true

 private:
  class ExpressionVisitor;
  /// A pattern laid as far as some element.
  struct Partial {
    Bindings row;
    std::set<EdgeId> used;  // no edge matches twice in one MATCH
  };
  using Trail = std::vector<EdgeReference>;

  Interpreter(const GraphView& view, Map parameters, size_t max_rows);

  Status CheckSize(size_t rows) const;

  Result<Table> Group(const BoundProjection& projection, Table rows);
  Result<Table> OrderBy(const std::vector<BoundSortItem>& items, Table rows);
  Status SkipAndLimit(const BoundProjection& projection, Table& rows);
  Result<int64_t> RowCount(const BoundExpression& count);

  Result<std::vector<Partial>> LayPart(const BoundPatternPart& part, std::vector<Partial> partials);
  Result<std::vector<Partial>> LayNode(const BoundNodePattern& node, const std::vector<Partial>& partials);
  Result<std::vector<Partial>> LayStep(const BoundPatternPart& part, size_t step, const std::vector<Partial>& partials);
  void AddTrails(VertexId at, const BoundRelationshipPattern& relationship, const std::set<EdgeId>& used, Trail& trail,
                 std::vector<std::pair<Trail, VertexId>>& out) const;
  std::string_view TypeOf(const EdgeReference& edge) const;
  Result<std::vector<std::string_view>> LabelsOf(VertexId vertex) const;
  bool HasType(const EdgeReference& edge, const std::vector<std::string>& types) const;
  Result<bool> HasLabels(VertexId vertex, const std::vector<std::string>& labels) const;
  Result<bool> Holds(const BoundPatternPart& part, const Bindings& row);  // properties and conditions of its elements
  Result<bool> Have(const Value& entity, const BoundProperties& properties, const Bindings& row);

  /// References become whole entities.
  Result<Value> Complete(const Value& value) const;
  Result<Vertex> CompleteVertex(VertexId id) const;
  Result<Edge> CompleteEdge(EdgeId id) const;

  const GraphView* view_;
  Map parameters_;
  size_t max_rows_;
  std::vector<VertexId> vertices_;
  std::vector<EdgeReference> edges_;
  Bindings imported_;  // of the subqueries around the clause at hand: no projection drops them
  DateTime now_;
  std::mt19937_64 random_;
};

}  // namespace tupu
