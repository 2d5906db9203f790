// Queries inside others: EXISTS { }, COUNT { }, COLLECT { }, CALL { }, FOREACH; and LOAD CSV.

#include <algorithm>

#include <fmt/format.h>

#include "query/binder/bound_walk.h"
#include "query/binder/internal/query_binder.h"
#include "query/value/static_type.h"
#include "storage/base/similar.h"

namespace tupu {
namespace {

// WITH a, b: nothing but variables under their own names.
bool ImportsOnly(const AstProjection& with) {
  return !with.is_return && !with.distinct && with.order_by.empty() && !with.skip && !with.limit && !with.where &&
         std::all_of(with.items.begin(), with.items.end(), [](const AstProjectionItem& item) {
           return !item.alias && item.expression->As<AstVariable>() != nullptr;
         });
}

}  // namespace

QueryBinder::Scope QueryBinder::VisibleVariables() const {
  Scope visible = constants_;
  for (const auto& [name, slot] : scope_) visible.insert_or_assign(name, slot);
  for (const auto& [name, slot] : locals_) visible.insert_or_assign(name, slot);
  return visible;
}

// Slots are numbered in the order in which they are met: what the clauses read below the first of their own is imported.
template <class BindBody>  // Status(BoundSubquery&)
Result<std::shared_ptr<BoundSubquery>> QueryBinder::BindInside(Scope constants, const BindBody& bind_body) {
  const auto first_of_own = static_cast<Slot>(slots_.size());
  const Restore<int> depth(subquery_depth_, subquery_depth_ + 1);
  const Restore<Scope> outer_scope(scope_, {});
  const Restore<Scope> outer_constants(constants_, std::move(constants));
  const Restore<std::optional<std::pair<Slot, Slot>>> outer_place(csv_place_);
  const bool outer_writes = std::exchange(writes_, false);
  auto subquery = std::make_shared<BoundSubquery>();
  TUPU_TRY(bind_body(*subquery));
  std::set<Slot> slots;
  for (const BoundSubquery::Branch& branch : subquery->branches) {
    CollectSlots(std::span<const BoundClause>(branch.clauses), slots);
    slots.insert(branch.results.begin(), branch.results.end());
  }
  subquery->imported.assign(slots.begin(), slots.lower_bound(first_of_own));
  subquery->writes = writes_;
  writes_ = writes_ || outer_writes;
  return subquery;
}

Result<QueryBinder::BoundColumns> QueryBinder::BindSubquery(const AstQuery& query, SubqueryScope scope) {
  std::vector<std::string> names;
  TUPU_TRY_ASSIGN(auto subquery, BindInside(std::move(scope.constants), [&](BoundSubquery& bound) -> Status {
                    bound.union_all = !query.union_all.empty() && query.union_all.front();
                    for (size_t i = 0; i < query.branches.size(); ++i) {
                      std::vector<std::string> columns;
                      TUPU_TRY_ASSIGN(auto branch, BindBranch(query.branches[i], scope.offers, columns));
                      if (i == 0) names = std::move(columns);
                      if (i > 0) TUPU_TRY(AlignColumns(query, i, names, columns, branch.results));
                      bound.branches.push_back(std::move(branch));
                    }
                    if (names.empty() && bound.branches.size() > 1) {
                      return BindError(query.unions.front(), "InvalidClauseComposition",
                                       "the parts of a UNION must end with RETURN");
                    }
                    MergeColumns(bound, names);
                    return {};
                  }));
  return BoundColumns{std::move(subquery), std::move(names)};
}

Result<BoundSubquery::Branch> QueryBinder::BindBranch(const AstSingleQuery& branch, const std::optional<Scope>& offers,
                                                      std::vector<std::string>& columns) {
  scope_.clear();
  BoundSubquery::Branch bound;
  const auto* first = branch.clauses.front().As<AstProjection>();
  const bool imports = offers && first != nullptr && ImportsOnly(*first);
  if (imports) TUPU_TRY(ImportByWith(*first, *offers));
  for (size_t i = imports ? 1 : 0; i < branch.clauses.size(); ++i) {
    if (branch.clauses[i].As<AstFinish>()) continue;
    TUPU_TRY_ASSIGN(BoundClause clause, BindClause(branch.clauses[i], false));
    bound.clauses.push_back(std::move(clause));
  }
  TUPU_TRY(SetResults(bound.clauses, false, bound.results, columns));
  return bound;
}

Status QueryBinder::ImportByWith(const AstProjection& with, const Scope& offers) {
  if (with.star) scope_ = offers;
  for (const AstProjectionItem& item : with.items) {
    const std::string& name = item.expression->As<AstVariable>()->name;
    const auto found = offers.find(name);
    if (found == offers.end()) {
      std::vector<std::string_view> names;
      for (const auto& [known, slot] : offers) names.push_back(known);
      return BindError(item.expression->where, "UndefinedVariable", fmt::format("the variable {} is not defined", name),
                       DidYouMean(name, names));
    }
    scope_.insert(*found);
  }
  return {};
}

// The columns of several branches get slots of their own.
void QueryBinder::MergeColumns(BoundSubquery& subquery, const std::vector<std::string>& names) {
  if (subquery.branches.size() == 1) {
    subquery.columns = subquery.branches.front().results;
    return;
  }
  for (size_t i = 0; i < names.size(); ++i) {
    StaticType type = slots_[subquery.branches.front().results[i]].type;
    for (const BoundSubquery::Branch& branch : subquery.branches)
      type = CommonType(type, slots_[branch.results[i]].type);
    subquery.columns.push_back(AddSlot(names[i], type));
  }
}

Result<BoundSubqueryCall> QueryBinder::BindSubqueryCall(const AstSubqueryCall& call, const SourceSpan& where) {
  using Imports = AstSubqueryCall::Imports;
  SubqueryScope scope;
  if (call.imports == Imports::kWith) scope.offers = VisibleVariables();
  if (call.imports == Imports::kAll) scope.constants = VisibleVariables();
  for (const AstName& name : call.variables) {
    const Slot* slot = FindVariable(name.text);
    if (slot == nullptr) return UndefinedVariable(name.text, name.where);
    if (!scope.constants.emplace(name.text, *slot).second) {
      return BindError(name.where, "VariableAlreadyBound", fmt::format("{} is taken in twice", name.text));
    }
  }
  TUPU_TRY_ASSIGN(BoundColumns bound, BindSubquery(*call.query, std::move(scope)));
  for (size_t i = 0; i < bound.names.size(); ++i) {
    const std::string& name = bound.names[i];
    if (IsTaken(name)) {
      return BindError(where, "VariableAlreadyBound",
                       fmt::format("CALL returns {}, which is defined before it already", name),
                       fmt::format("Rename it: RETURN {} AS other.", name));
    }
    const Slot slot = bound.query->columns[i];
    slots_[slot].local = subquery_depth_ > 0;
    depth_[slot] = subquery_depth_;
    scope_.emplace(name, slot);
  }
  return BoundSubqueryCall{call.optional, std::move(bound.query)};
}

// FOREACH (x IN list | updates): CALL (*) { UNWIND list AS x updates }.
Result<BoundSubqueryCall> QueryBinder::BindForeach(const AstForeach& foreach, const SourceSpan& where) {
  TUPU_TRY_ASSIGN(BoundExpressionPtr list, BindExpression(*foreach.list));
  TUPU_TRY(CheckType(*list, {StaticKind::kAny, 1}, "what FOREACH runs over"));
  TUPU_TRY_ASSIGN(auto subquery, BindInside(VisibleVariables(), [&](BoundSubquery& bound) -> Status {
                    const Slot variable = AddSlot(foreach.variable.text, ElementType(list->type));
                    scope_.emplace(foreach.variable.text, variable);
                    BoundSubquery::Branch& branch = bound.branches.emplace_back();
                    branch.clauses.push_back({where, BoundUnwind{list, variable}});
                    for (const AstClause& clause : foreach.clauses) {
                      TUPU_TRY_ASSIGN(BoundClause inner, BindClause(clause, false));
                      branch.clauses.push_back(std::move(inner));
                    }
                    return {};
                  }));
  return BoundSubqueryCall{false, std::move(subquery)};
}

Result<BoundLoadCsv> QueryBinder::BindLoadCsv(const AstLoadCsv& load) {
  BoundLoadCsv bound;
  bound.where = load.source->where;
  bound.with_headers = load.with_headers;
  const StaticType string{StaticKind::kString};
  TUPU_TRY_ASSIGN(bound.source, BindExpression(*load.source));
  TUPU_TRY(CheckType(*bound.source, string, "the file of LOAD CSV"));
  TUPU_TRY_ASSIGN(bound.delimiter, BindOptional(load.delimiter));
  if (bound.delimiter) TUPU_TRY(CheckType(*bound.delimiter, string, "FIELDTERMINATOR"));
  if (IsTaken(load.variable.text)) {
    return BindError(load.variable.where, "VariableAlreadyBound",
                     fmt::format("the variable {} is already defined", load.variable.text), "Choose another name.");
  }
  bound.row = AddSlot(load.variable.text, load.with_headers ? StaticType{StaticKind::kMap} : ListOf(string));
  bound.line = AddSlot({}, {StaticKind::kInteger});
  bound.file = AddSlot({}, string);
  scope_.emplace(load.variable.text, bound.row);
  csv_place_ = {bound.line, bound.file};
  return bound;
}

QueryBinder::BoundResult QueryBinder::BindCsvPlace(const AstExpression& from, bool line) {
  if (csv_place_) return MakeVariable(line ? csv_place_->first : csv_place_->second, from.where);
  return BindError(from.where, "UnknownFunction",
                   fmt::format("{}() is known behind LOAD CSV, and not behind an aggregation or DISTINCT",
                               line ? "linenumber" : "file"),
                   "Take it along: WITH row, linenumber() AS line.");
}

}  // namespace tupu
