#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/ast/ast.h"
#include "query/binder/bound.h"
#include "query/procedure/procedure.h"

namespace tupu {

/// The state of one binding; one source file per family of clauses.
class QueryBinder {
 public:
  explicit QueryBinder(const ProcedureRegistry& procedures) : procedures_(procedures) {}
  Result<BoundQuery> Bind(const AstQuery& query);

 private:
  using Scope = std::map<std::string, Slot, std::less<>>;
  using BoundResult = Result<BoundExpressionPtr>;

  /// Where aggregates may stand: in the items of a projection, which collects them, and again in its ORDER BY, which
  /// may only repeat them.
  struct Aggregation {
    std::vector<BoundAggregate> aggregates;
    std::map<std::string, Slot> by_fingerprint;
    size_t uses = 0;                // aggregates met, repeated ones included
    const Scope* input = nullptr;   // set in ORDER BY: arguments are read in the scope before the projection
    const Scope* output = nullptr;  // set in ORDER BY
  };

  enum class PatternUse : uint8_t { kMatch, kCreate, kMerge, kPredicate, kComprehension };

  /// What one clause (or pattern expression) has met.
  struct PatternScope {
    PatternUse use{};
    Scope before;                                             // what was there before the clause
    std::vector<std::pair<std::string, Slot>> locals_before;  // likewise
    bool repeatable = false;
    std::set<Slot> relationships = {};  // each at most once per clause
    std::set<Slot> interiors = {};      // of selections: no other pattern of the clause names them
  };

  /// Restores a member when it dies.
  template <class T>
  class Restore {
   public:
    explicit Restore(T& member) : member_(member), saved_(member) {}
    Restore(T& member, T value) : member_(member), saved_(std::exchange(member, std::move(value))) {}
    ~Restore() { member_ = std::move(saved_); }
    Restore(const Restore&) = delete;
    Restore& operator=(const Restore&) = delete;

   private:
    T& member_;
    T saved_;
  };

  // ---- Names and errors: query_binder.cc
  Slot AddSlot(std::string name, StaticType type, bool local = false);
  const Slot* FindVariable(std::string_view name) const;
  bool IsTaken(const std::string& name) const { return scope_.contains(name) || constants_.contains(name); }
  Error UndefinedVariable(std::string_view name, const SourceSpan& where) const;
  Status CheckType(const BoundExpression& expression, StaticType wanted, std::string_view what) const;
  BoundExpressionPtr MakeVariable(Slot slot, const SourceSpan& where) const;
  Result<BoundSingleQuery> BindSingleQuery(const AstSingleQuery& query, std::vector<std::string>& columns);
  Result<BoundClause> BindClause(const AstClause& clause, bool standalone);
  Status SetResults(const std::vector<BoundClause>& clauses, bool standalone, std::vector<Slot>& results,
                    std::vector<std::string>& columns) const;
  /// The results of a later branch of a UNION in the order of the first one's columns.
  Status AlignColumns(const AstQuery& query, size_t branch, const std::vector<std::string>& first,
                      const std::vector<std::string>& columns, std::vector<Slot>& results) const;
  Result<BoundMatch> BindMatch(const AstMatch& match);
  Result<BoundUnwind> BindUnwind(const AstUnwind& unwind);

  // ---- Patterns: bind_pattern.cc
  Result<BoundPatternPart> DeclarePattern(const AstPatternPart& part, PatternScope& scope);
  Result<BoundNodePattern> DeclareNode(const AstNodePattern& node, bool alone, PatternScope& scope);
  Result<BoundRelationshipPattern> DeclareRelationship(const AstRelationshipPattern& relationship, PatternScope& scope);
  Result<Slot> Declare(const AstName& name, StaticType type, PatternScope& scope, bool& bound);
  Status CheckCreated(const AstRelationshipPattern& relationship, PatternUse use) const;
  Status CheckCreated(const AstNodePattern& node, PatternUse use) const;
  Status CheckCreated(const AstPatternPart& part, PatternUse use) const;
  PatternScope BeginPattern(PatternUse use) const { return {use, scope_, locals_}; }
  Status BindPatternProperties(const AstPatternPart& from, BoundPatternPart& part, const PatternScope& scope);
  Status BindPatternElements(const AstPatternPart& from, BoundPatternPart& part, PatternUse use);
  Status BindElement(const AstNodePattern& from, BoundNodePattern& node, PatternUse use);
  Status BindElement(const AstRelationshipPattern& from, BoundRelationshipPattern& relationship, PatternUse use);
  template <class Element>
  Status BindElementProperties(const AstExpressionPtr& from, Element& element, PatternUse use);
  Status AddCondition(const AstExpressionPtr& from, BoundExpressionPtr& condition);
  BoundExpressionPtr MakeLabelTest(Slot slot, const SourceSpan& where, LabelExpression labels) const;
  BoundExpressionPtr MakeSame(Slot a, Slot b, const SourceSpan& where) const;
  BoundResult BindPatternPredicate(const AstPatternPart& part, const SourceSpan& where);

  // ---- Repeated segments and selections: bind_path.cc
  struct SegmentNames;
  Result<BoundRelationshipPattern> DeclareRepetition(const AstRelationshipPattern& step, PatternScope& scope);
  Result<Slot> DeclareElement(const std::optional<AstName>& name, StaticType type, SegmentNames& names,
                              BoundExpressionPtr& condition);
  Status BindSegment(std::span<const AstNodePattern> nodes, std::span<const AstRelationshipPattern> relationships,
                     const AstExpressionPtr& condition, const PatternScope& scope, SegmentNames& names,
                     BoundSegment& segment);
  Status DeclareGroups(const SegmentNames& names, PatternScope& scope, BoundSegment& segment);
  Status CheckSelection(const AstPatternPart& part, const PatternScope& scope) const;
  Status CloseInterior(const AstPatternPart& from, PatternScope& scope, BoundPatternPart& part);
  Status BindSelected(const AstPatternPart& from, BoundPatternPart& part, const PatternScope& scope);
  // ---- Queries and clauses inside others: bind_subquery.cc
  /// What a query sees of the one around it.
  struct SubqueryScope {
    Scope constants;              // visible in all of its clauses
    std::optional<Scope> offers;  // CALL { WITH x ... }: what the first WITH of a branch may take in
  };
  struct BoundColumns {
    std::shared_ptr<BoundSubquery> query;
    std::vector<std::string> names;
  };
  Scope VisibleVariables() const;
  Result<BoundColumns> BindSubquery(const AstQuery& query, SubqueryScope scope);
  template <class BindBody>
  Result<std::shared_ptr<BoundSubquery>> BindInside(Scope constants, const BindBody& bind_body);
  Result<BoundSubquery::Branch> BindBranch(const AstSingleQuery& branch, const std::optional<Scope>& offers,
                                           std::vector<std::string>& columns);
  Status ImportByWith(const AstProjection& with, const Scope& offers);
  void MergeColumns(BoundSubquery& subquery, const std::vector<std::string>& names);
  Result<BoundSubqueryCall> BindSubqueryCall(const AstSubqueryCall& call, const SourceSpan& where);
  Result<BoundSubqueryCall> BindForeach(const AstForeach& foreach, const SourceSpan& where);
  Result<BoundLoadCsv> BindLoadCsv(const AstLoadCsv& load);
  /// linenumber(), file(): variables of LOAD CSV that look like functions.
  BoundResult BindCsvPlace(const AstExpression& from, bool line);

  // ---- Projections: bind_projection.cc
  struct ItemState;
  struct GroupingKeys;
  Result<BoundProjection> BindProjection(const AstProjection& projection, const SourceSpan& where);
  Status BindItems(const AstProjection& from, const SourceSpan& where, Aggregation& aggregation,
                   std::vector<ItemState>& items);
  Status BindSortAndFilter(const AstProjection& from, const GroupingKeys& keys, const Scope& output,
                           Aggregation& aggregation, BoundProjection& projection);
  BoundResult BindOverProjection(const AstExpressionPtr& from, const GroupingKeys& keys, bool predicate,
                                 Aggregation& aggregation, const BoundProjection& projection);
  BoundExpressionPtr ReplaceKeys(const BoundExpressionPtr& expression, const GroupingKeys& keys,
                                 bool simple_only) const;
  Status CheckVisible(const BoundExpression& expression, const GroupingKeys& keys, bool aggregate) const;
  BoundResult BindRowCount(const AstExpressionPtr& from, std::string_view clause);

  // ---- CALL: bind_call.cc
  Result<BoundCall> BindCall(const AstCall& call, const SourceSpan& where, bool standalone);
  Status BindCallArguments(const AstCall& call, const ProcedureSignature& signature, BoundCall& bound);
  Status BindYields(const AstCall& call, const ProcedureSignature& signature, bool standalone, BoundCall& bound);
  Error ProcedureNotFound(const AstName& name) const;

  // ---- CREATE, MERGE, SET, REMOVE, DELETE: bind_update.cc
  Result<BoundCreate> BindCreate(const AstCreate& create);
  Result<BoundMerge> BindMerge(const AstMerge& merge);
  Result<BoundSet> BindSet(const AstSet& set);
  Result<BoundRemove> BindRemove(const AstRemove& remove);
  Result<BoundDelete> BindDelete(const AstDelete& deletion);
  Result<std::vector<BoundSetItem>> BindSetItems(const std::vector<AstSetItem>& items);
  BoundResult BindUpdateTarget(const AstExpression& target, std::string_view clause);
  BoundResult BindComputedKey(const AstExpressionPtr& key);  // null stays null
  Result<BoundLabels> BindLabels(const AstLabels& labels);

  // ---- Expressions: bind_expression.cc, bind_function.cc
  BoundResult BindExpression(const AstExpression& expression);
  BoundResult BindPredicate(const AstExpression& expression);
  BoundResult BindOptional(const AstExpressionPtr& expression);           // null stays null
  BoundResult BindOptionalPredicate(const AstExpressionPtr& expression);  // null stays null
  Result<std::vector<BoundExpressionPtr>> BindAll(const std::vector<AstExpressionPtr>& expressions);
  template <class Node>
  static BoundExpressionPtr Make(const SourceSpan& where, StaticType type, Node node);

  BoundResult BindNode(const AstExpression& from, const AstLiteral& node);
  BoundResult BindNode(const AstExpression& from, const AstParameter& node);
  BoundResult BindNode(const AstExpression& from, const AstVariable& node);
  BoundResult BindNode(const AstExpression& from, const AstProperty& node);
  BoundResult BindNode(const AstExpression& from, const AstLabelTest& node);
  BoundResult BindNode(const AstExpression& from, const AstUnary& node);
  BoundResult BindNode(const AstExpression& from, const AstLogical& node);
  BoundResult BindNode(const AstExpression& from, const AstArithmetic& node);
  BoundResult BindNode(const AstExpression& from, const AstComparison& node);
  BoundResult BindNode(const AstExpression& from, const AstBinary& node);
  BoundResult BindNode(const AstExpression& from, const AstList& node);
  BoundResult BindNode(const AstExpression& from, const AstMap& node);
  BoundResult BindNode(const AstExpression& from, const AstIndex& node);
  BoundResult BindNode(const AstExpression& from, const AstSlice& node);
  BoundResult BindNode(const AstExpression& from, const AstCase& node);
  BoundResult BindNode(const AstExpression& from, const AstFunctionCall& node);
  BoundResult BindNode(const AstExpression& from, const AstListComprehension& node);
  BoundResult BindNode(const AstExpression& from, const AstQuantifier& node);
  BoundResult BindNode(const AstExpression& from, const AstReduce& node);
  BoundResult BindNode(const AstExpression& from, const AstMapProjection& node);
  BoundResult BindNode(const AstExpression& from, const AstPatternExpression& node);
  BoundResult BindNode(const AstExpression& from, const AstPatternComprehension& node);
  BoundResult BindNode(const AstExpression& from, const AstSubqueryExpression& node);
  BoundResult BindNode(const AstExpression& from, const AstTypeTest& node);
  BoundResult BindNode(const AstExpression& from, const AstNormalizedTest& node);

  BoundResult BindExists(const AstExpression& from, const AstFunctionCall& call);
  BoundResult BindAggregate(const AstExpression& from, const AstFunctionCall& call, const Function& function);
  Error MissingAggregate(const AstExpression& from, const BoundAggregate& aggregate) const;
  Status CheckArguments(const AstFunctionCall& call, const Function& function,
                        const std::vector<BoundExpressionPtr>& arguments) const;

  const ProcedureRegistry& procedures_;
  std::set<std::string> parameters_;
  bool writes_ = false;

  // Of the branch being bound.
  std::vector<SlotInfo> slots_;
  std::vector<bool> is_expression_local_;  // per slot: of a comprehension and the like, not of a clause in EXISTS { }
  std::vector<int> depth_;                 // per slot: the subquery it belongs to, 0: the query itself
  Scope scope_;
  Scope constants_;  // of the queries around the present one: seen in all of its clauses, never renamed
  std::optional<std::pair<Slot, Slot>> csv_place_;    // line and file of the last LOAD CSV
  std::vector<std::pair<std::string, Slot>> locals_;  // innermost last
  Aggregation* aggregation_ = nullptr;                // null: no aggregate may stand here
  bool inside_aggregate_ = false;
  bool inside_closed_pattern_ = false;  // a repeated segment or a selection: it sees itself and earlier clauses
  int subquery_depth_ = 0;
};

/// A kBind error; `condition` without its "SyntaxError.".
Error BindError(const SourceSpan& where, std::string_view condition, std::string message, std::string hint = {});

}  // namespace tupu
