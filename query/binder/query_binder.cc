#include <algorithm>

#include <fmt/format.h>

#include "query/binder/binder.h"
#include "query/binder/internal/query_binder.h"
#include "query/schema/schema_command.h"
#include "query/value/static_type.h"
#include "storage/base/similar.h"

namespace tupu {

Result<BoundQuery> Bind(const AstQuery& query, const ProcedureRegistry& procedures) {
  return QueryBinder(procedures).Bind(query);
}

Error BindError(const SourceSpan& where, std::string_view condition, std::string message, std::string hint) {
  return {ErrorCode::kBind, std::move(message), where, fmt::format("SyntaxError.{}", condition), std::move(hint)};
}

Slot QueryBinder::AddSlot(std::string name, StaticType type, bool local) {
  slots_.push_back({std::move(name), type, local || subquery_depth_ > 0});
  is_expression_local_.push_back(local);
  depth_.push_back(subquery_depth_);
  return static_cast<Slot>(slots_.size() - 1);
}

const Slot* QueryBinder::FindVariable(std::string_view name) const {
  for (auto local = locals_.rbegin(); local != locals_.rend(); ++local) {
    if (local->first == name) return &local->second;
  }
  for (const Scope* scope : {&scope_, &constants_}) {
    const auto found = scope->find(name);
    if (found != scope->end()) return &found->second;
  }
  return nullptr;
}

Error QueryBinder::UndefinedVariable(std::string_view name, const SourceSpan& where) const {
  std::vector<std::string_view> names;
  for (const auto& [known, slot] : scope_) names.push_back(known);
  for (const auto& [known, slot] : constants_) names.push_back(known);
  for (const auto& [known, slot] : locals_) names.push_back(known);
  std::string hint = DidYouMean(name, names);
  if (hint.empty() && inside_closed_pattern_)
    hint = "A quantified pattern or a selection of paths sees its own variables and those of earlier clauses.";
  for (size_t slot = 0; hint.empty() && slot < slots_.size(); ++slot) {
    if (slots_[slot].name != name || depth_[slot] > subquery_depth_) continue;
    hint = depth_[slot] < subquery_depth_ ? fmt::format("A CALL sees only what it takes in: CALL ({}) {{ ... }}.", name)
                                          : fmt::format("A WITH before this place does not pass {} on.", name);
  }
  return BindError(where, "UndefinedVariable", fmt::format("the variable {} is not defined", name), std::move(hint));
}

Status QueryBinder::CheckType(const BoundExpression& expression, StaticType wanted, std::string_view what) const {
  if (MayBe(expression.type, wanted)) return {};
  return BindError(expression.where, "InvalidArgumentType",
                   fmt::format("{} must be {}, not {}", what, ToString(wanted), ToString(expression.type)));
}

BoundExpressionPtr QueryBinder::MakeVariable(Slot slot, const SourceSpan& where) const {
  auto expression = std::make_shared<BoundExpression>();
  expression->where = where;
  expression->type = slots_[slot].type;
  expression->node = BoundVariable{slot};
  return expression;
}

Result<BoundQuery> QueryBinder::Bind(const AstQuery& query) {
  BoundQuery bound;
  bound.mode = query.mode == AstQuery::Mode::kExplain ? BoundQuery::Mode::kExplain : BoundQuery::Mode::kRun;
  if (query.command) {
    TUPU_TRY_ASSIGN(SchemaCommand command, BindSchemaCommand(*query.command));
    bound.command = std::make_shared<const SchemaCommand>(std::move(command));
    bound.writes = true;
    return bound;
  }
  bound.union_all = !query.union_all.empty() && query.union_all.front();
  for (size_t i = 0; i < query.branches.size(); ++i) {
    std::vector<std::string> columns;
    TUPU_TRY_ASSIGN(BoundSingleQuery branch, BindSingleQuery(query.branches[i], columns));
    if (i == 0) {
      bound.columns = std::move(columns);
    } else {
      TUPU_TRY(AlignColumns(query, i, bound.columns, columns, branch.results));
    }
    bound.branches.push_back(std::move(branch));
  }
  if (bound.columns.empty() && bound.branches.size() > 1) {
    return BindError(query.unions.front(), "InvalidClauseComposition", "the parts of a UNION must end with RETURN");
  }
  bound.parameters.assign(parameters_.begin(), parameters_.end());
  bound.writes = writes_;
  return bound;
}

Status QueryBinder::AlignColumns(const AstQuery& query, size_t branch, const std::vector<std::string>& first,
                                 const std::vector<std::string>& columns, std::vector<Slot>& results) const {
  // Columns are matched by name; the first branch gives their order.
  std::vector<Slot> aligned;
  for (const std::string& column : first) {
    const auto found = std::find(columns.begin(), columns.end(), column);
    if (found != columns.end()) aligned.push_back(results[static_cast<size_t>(found - columns.begin())]);
  }
  if (aligned.size() != columns.size() || aligned.size() != first.size()) {
    return BindError(query.unions[branch - 1], "DifferentColumnsInUnion",
                     fmt::format("the parts of a UNION must have the same columns: {} and {}", fmt::join(first, ", "),
                                 fmt::join(columns, ", ")),
                     "Name them with AS.");
  }
  results = std::move(aligned);
  return {};
}

Result<BoundSingleQuery> QueryBinder::BindSingleQuery(const AstSingleQuery& query, std::vector<std::string>& columns) {
  slots_.clear();
  is_expression_local_.clear();
  depth_.clear();
  scope_.clear();
  csv_place_.reset();
  const bool standalone = query.clauses.size() == 1;
  BoundSingleQuery bound;
  for (const AstClause& clause : query.clauses) {
    if (clause.As<AstFinish>()) continue;  // the last clause, and without one there are no results
    TUPU_TRY_ASSIGN(BoundClause bound_clause, BindClause(clause, standalone));
    bound.clauses.push_back(std::move(bound_clause));
  }
  TUPU_TRY(SetResults(bound.clauses, standalone, bound.results, columns));
  bound.slots = std::move(slots_);
  return bound;
}

Status QueryBinder::SetResults(const std::vector<BoundClause>& clauses, bool standalone, std::vector<Slot>& results,
                               std::vector<std::string>& columns) const {
  if (clauses.empty()) return {};
  const BoundClause& last = clauses.back();
  if (const auto* projection = last.As<BoundProjection>(); projection != nullptr && projection->is_return) {
    for (const auto& item : projection->items) {
      results.push_back(item.slot);
      columns.push_back(item.name);
    }
  } else if (const auto* call = last.As<BoundCall>(); call != nullptr && standalone) {
    for (const auto& yield : call->yields) {
      results.push_back(yield.slot);
      columns.push_back(slots_[yield.slot].name);
    }
  }
  return {};
}

Result<BoundClause> QueryBinder::BindClause(const AstClause& clause, bool standalone) {
  BoundClause bound;
  bound.where = clause.where;
  if (const auto* match = clause.As<AstMatch>()) {
    TUPU_TRY_ASSIGN(bound.node, BindMatch(*match));
  } else if (const auto* unwind = clause.As<AstUnwind>()) {
    TUPU_TRY_ASSIGN(bound.node, BindUnwind(*unwind));
  } else if (const auto* projection = clause.As<AstProjection>()) {
    TUPU_TRY_ASSIGN(bound.node, BindProjection(*projection, clause.where));
  } else if (const auto* call = clause.As<AstCall>()) {
    TUPU_TRY_ASSIGN(bound.node, BindCall(*call, clause.where, standalone));
  } else if (const auto* subquery = clause.As<AstSubqueryCall>()) {
    TUPU_TRY_ASSIGN(bound.node, BindSubqueryCall(*subquery, clause.where));
  } else if (const auto* load = clause.As<AstLoadCsv>()) {
    TUPU_TRY_ASSIGN(bound.node, BindLoadCsv(*load));
  } else if (const auto* foreach = clause.As<AstForeach>()) {
    TUPU_TRY_ASSIGN(bound.node, BindForeach(*foreach, clause.where));
  } else {
    writes_ = true;
    if (const auto* create = clause.As<AstCreate>()) {
      TUPU_TRY_ASSIGN(bound.node, BindCreate(*create));
    } else if (const auto* merge = clause.As<AstMerge>()) {
      TUPU_TRY_ASSIGN(bound.node, BindMerge(*merge));
    } else if (const auto* set = clause.As<AstSet>()) {
      TUPU_TRY_ASSIGN(bound.node, BindSet(*set));
    } else if (const auto* remove = clause.As<AstRemove>()) {
      TUPU_TRY_ASSIGN(bound.node, BindRemove(*remove));
    } else {
      TUPU_TRY_ASSIGN(bound.node, BindDelete(*clause.As<AstDelete>()));
    }
  }
  return bound;
}

Result<BoundMatch> QueryBinder::BindMatch(const AstMatch& match) {
  BoundMatch bound;
  bound.optional = match.optional;
  bound.repeatable = match.repeatable;
  PatternScope scope = BeginPattern(PatternUse::kMatch);
  scope.repeatable = match.repeatable;
  // All variables first: a property may name an element that comes later in the clause.
  for (const AstPatternPart& part : match.parts) {
    TUPU_TRY_ASSIGN(BoundPatternPart declared, DeclarePattern(part, scope));
    bound.parts.push_back(std::move(declared));
  }
  for (size_t i = 0; i < match.parts.size(); ++i) {
    TUPU_TRY(BindPatternProperties(match.parts[i], bound.parts[i], scope));
  }
  TUPU_TRY_ASSIGN(bound.where, BindOptionalPredicate(match.where));
  return bound;
}

Result<BoundUnwind> QueryBinder::BindUnwind(const AstUnwind& unwind) {
  BoundUnwind bound;
  TUPU_TRY_ASSIGN(bound.list, BindExpression(*unwind.list));
  if (IsTaken(unwind.variable.text)) {
    return BindError(unwind.variable.where, "VariableAlreadyBound",
                     fmt::format("the variable {} is already defined", unwind.variable.text), "Choose another name.");
  }
  // What is no list is unwound to itself.
  const StaticType type = bound.list->type.IsList() ? ElementType(bound.list->type) : StaticType{};
  bound.variable = AddSlot(unwind.variable.text, type);
  scope_.emplace(unwind.variable.text, bound.variable);
  return bound;
}

}  // namespace tupu
