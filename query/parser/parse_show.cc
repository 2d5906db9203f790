// SHOW: a CALL of what lists the things, with the columns that are shown when nothing is asked for.

#include <array>
#include <span>

#include <fmt/format.h>

#include "query/parser/internal/make_expression.h"
#include "query/parser/internal/statement_parser.h"

namespace tupu {
namespace {

constexpr std::array<std::string_view, 12> kIndexColumns = {
    "id",         "name",          "state",      "populationPercent", "type",
    "entityType", "labelsOrTypes", "properties", "indexProvider",     "owningConstraint",
    "lastRead",   "readCount"};
constexpr std::array<std::string_view, 8> kConstraintColumns = {
    "id", "name", "type", "entityType", "labelsOrTypes", "properties", "ownedIndex", "propertyType"};
constexpr std::array<std::string_view, 3> kFunctionColumns = {"name", "category", "description"};
constexpr std::array<std::string_view, 4> kProcedureColumns = {"name", "description", "mode", "worksOnSystem"};
constexpr std::array<std::string_view, 13> kDatabaseColumns = {
    "name",          "type",          "aliases", "access", "address",     "role", "writer", "requestedStatus",
    "currentStatus", "statusMessage", "default", "home",   "constituents"};

struct Shown {
  std::string_view singular;
  std::string_view plural;
  std::string_view procedure;
  std::span<const std::string_view> columns;
};

constexpr std::array kShown = {Shown{"index", "indexes", "SHOW INDEXES", kIndexColumns},
                               Shown{"constraint", "constraints", "SHOW CONSTRAINTS", kConstraintColumns},
                               Shown{"function", "functions", "SHOW FUNCTIONS", kFunctionColumns},
                               Shown{"procedure", "procedures", "SHOW PROCEDURES", kProcedureColumns},
                               Shown{"database", "databases", "SHOW DATABASES", kDatabaseColumns}};

}  // namespace

/// ALL, BUILT IN, RANGE, DEFAULT, HOME: what there is of other kinds is none.
bool StatementParser::ParseShowKind() {
  if (Accept(Keyword::kAll) || AcceptWord("default") || AcceptWord("home")) return true;
  if (AcceptWord("built")) return Expect(Keyword::kIn);
  if (IsWord("user") && IsWord("defined", 1)) return FailUnsupported(Peek().where, "A function of one's own");
  for (const Shown& shown : kShown) {
    if (IsWord(shown.singular) || IsWord(shown.plural)) return true;
  }
  return !IsWord("index", 1) && !IsWord("indexes", 1) ? true : ParseIndexKind();
}

/// EXECUTABLE [BY CURRENT USER], of functions and procedures: everybody may run all of them.
bool StatementParser::ParseExecutable() {
  if (!AcceptWord("executable") || !Accept(Keyword::kBy)) return true;
  if (AcceptWord("current")) return ExpectWord("USER");
  AstName user;
  return ParseVariable(user);
}

/// SHOW things [YIELD ... [ORDER BY] [SKIP] [LIMIT] [WHERE]] [RETURN ...], or SHOW things WHERE ...
bool StatementParser::ParseShow(AstQuery& query) {
  AstSingleQuery& branch = query.branches.emplace_back();
  AstClause clause;
  clause.where = branch.where = Peek().where;
  Take();
  AstCall call;
  call.procedure.where = Peek().where;
  if (!ParseShowKind()) return false;
  const auto* shown = std::find_if(kShown.begin(), kShown.end(),
                                   [&](const Shown& s) { return IsWord(s.singular) || IsWord(s.plural); });
  if (shown == kShown.end()) {
    return FailUnsupported(Peek().where, fmt::format("SHOW {}", Peek().text),
                           "SHOW INDEXES, CONSTRAINTS, FUNCTIONS, PROCEDURES and DATABASES are.");
  }
  Take();
  call.procedure.text = shown->procedure;
  call.procedure.where = SpanFrom(call.procedure.where);
  if (shown->singular == "function" || shown->singular == "procedure") {
    if (!ParseExecutable()) return false;
  }
  const bool yields = Accept(Keyword::kYield);
  call.has_yield = true;
  if (!yields) {
    for (const std::string_view column : shown->columns)
      call.yields.push_back({{std::string(column), call.procedure.where}, std::nullopt});
    if (!ParseOptionalWhere(call.where)) return false;
  } else if (!ParseYield(call)) {
    return false;
  }
  call.arguments.emplace();
  clause.node = std::move(call);
  branch.clauses.push_back(std::move(clause));
  if (!ParseShownRows(branch)) return false;
  branch.where = SpanFrom(branch.where);
  return true;
}

/// What follows YIELD a, b: its order and cut, and RETURN.
bool StatementParser::ParseShownRows(AstSingleQuery& branch) {
  if (Is(Keyword::kOrder) || Is(Keyword::kSkip) || Is(Keyword::kOffset) || Is(Keyword::kLimit)) {
    AstClause with;
    with.where = Peek().where;
    AstProjection projection;
    projection.star = true;
    if (!ParseOrderAndCut(projection) || !ParseOptionalWhere(projection.where)) return false;
    with.node = std::move(projection);
    branch.clauses.push_back(std::move(with));
    if (!Is(Keyword::kReturn)) {
      AstClause end;
      end.where = Peek().where;
      end.node = ReturnYielded(*branch.clauses.front().As<AstCall>());
      branch.clauses.push_back(std::move(end));
    }
  }
  if (!Is(Keyword::kReturn)) return true;
  AstClause projection;
  projection.where = Take().where;
  if (!ParseProjection(projection, true)) return false;
  branch.clauses.push_back(std::move(projection));
  return true;
}

/// RETURN of the columns that a CALL yields, in their order.
AstProjection StatementParser::ReturnYielded(const AstCall& call) {
  AstProjection projection;
  projection.is_return = true;
  projection.star = call.yields.empty();
  for (const AstYieldItem& yield : call.yields) {
    const AstName& name = yield.alias ? *yield.alias : yield.output;
    AstProjectionItem item;
    item.expression = Make(name.where, AstVariable{name.text});
    item.alias = name;
    projection.items.push_back(std::move(item));
  }
  return projection;
}

}  // namespace tupu
