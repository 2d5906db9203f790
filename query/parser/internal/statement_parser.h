#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/ast/ast.h"
#include "query/lexer/lexer.h"

namespace tupu {

/// The state of one parse and all of its productions; one source file per family of productions.
///
/// A production returns false or null when it fails, and the first error is kept here: an Error in every frame of the
/// recursion would cost most of the stack. Looking at a token that is not there notes it as expected, so that the
/// message can list what would have fitted.
class StatementParser {
 public:
  explicit StatementParser(std::string_view text) : text_(text), lexer_(text) {}

  bool ParseStatement(AstQuery& query);
  /// Requires: a production failed.
  Error TakeError() { return std::move(*error_); }

 private:
  // ---- Tokens: token_cursor.cc
  const Token& Peek(size_t ahead = 0);
  Token Take();
  bool Is(TokenKind kind, size_t ahead = 0) { return Peek(ahead).kind == kind; }  // notes nothing
  bool Is(Keyword keyword, size_t ahead = 0) { return Peek(ahead).keyword == keyword; }
  bool At(TokenKind kind);  // notes what was expected
  bool At(Keyword keyword);
  bool Accept(TokenKind kind);
  bool Accept(Keyword keyword);
  bool Expect(TokenKind kind);
  bool Expect(Keyword keyword);
  bool IsWord(std::string_view lower_case, size_t ahead = 0);  // a name, any case
  bool IsName(size_t ahead = 0) { return Is(TokenKind::kName, ahead) || Is(TokenKind::kQuotedName, ahead); }
  bool IsVariable(size_t ahead = 0);  // a name that is not reserved
  void NoteExpected(std::string_view what);
  bool FailUnexpected(std::string_view condition = "UnexpectedSyntax");
  std::string HintFor(const Token& token);  // what may have been meant by a token that does not fit
  std::string HintAtBracket(const Token& token) const;
  void NoteBracket(const Token& token);
  bool Fail(const SourceSpan& where, std::string_view condition, std::string message, std::string hint = {});
  bool FailUnsupported(const SourceSpan& where, std::string_view what, std::string hint = {});
  SourceSpan SpanFrom(const SourceSpan& start) const;
  bool ParseVariable(AstName& name);    // not reserved
  bool ParseSchemaName(AstName& name);  // label, type, property key: every word
  bool ParseDottedName(AstName& name);

  // ---- Statements and clauses: parse_statement.cc, parse_update.cc
  bool ParseVersion();
  enum class QueryPlace : uint8_t { kStatement, kExpression, kCall };
  bool ParseQuery(AstQuery& query, QueryPlace place);
  bool ParseSingleQuery(AstSingleQuery& query, QueryPlace place);
  bool ParseClause(std::vector<AstClause>& clauses);
  bool ParseReadingClause(AstClause& clause, bool& known);
  bool ParseUpdatingClause(AstClause& clause, bool& known);
  bool CheckComposition(const AstSingleQuery& query, QueryPlace place);
  bool FailUnsupportedClause();
  bool AtClauseEnd();
  bool ParseMatch(AstClause& clause);
  bool ParseUnwind(AstClause& clause);
  bool ParseCall(AstClause& clause);
  bool ParseYield(AstCall& call);
  bool ParseCreate(AstClause& clause);
  bool ParseMerge(AstClause& clause);
  bool ParseSet(AstClause& clause);
  bool ParseSetItems(std::vector<AstSetItem>& items);
  bool ParseSetItem(AstSetItem& item);
  bool TakePlainLabels(const SourceSpan& where, const LabelExpression& from, std::vector<std::string>& labels);
  bool IsLabelSeparator(size_t ahead = 0) { return Is(TokenKind::kColon, ahead) || Is(TokenKind::kAmpersand, ahead); }
  bool AtComputedLabels();
  bool ParseComputedLabels(AstExpressionPtr& target, AstLabels& labels);
  bool ParseRemove(AstClause& clause);
  bool ParseDelete(AstClause& clause);
  bool ParseOptionalWhere(AstExpressionPtr& where);
  bool ParseLet(AstClause& clause);
  bool ParseFilter(AstClause& clause);
  bool ParseLoadCsv(AstClause& clause);

  // ---- Queries and clauses inside others: parse_subquery.cc
  AstExpressionPtr ParseSubqueryExpression(AstSubqueryKind kind);
  bool ParseSubqueryCall(AstClause& clause, bool optional);
  bool ParseOptionalProcedureCall(AstClause& clause);
  bool ParseForeach(AstClause& clause);
  bool AtSubqueryCall() { return Is(TokenKind::kLeftBrace) || Is(TokenKind::kLeftParenthesis); }  // behind CALL

  // ---- Types: parse_type.cc
  AstExpressionPtr ParseTypeTest(AstExpressionPtr operand, bool negated);
  bool AtNormalizedTest();
  AstExpressionPtr ParseNormalizedTest(AstExpressionPtr operand, bool negated);
  bool ParseTypeUnion(TypeUnion& types);
  bool ParseType(TypeAlternative& type);
  bool ParseTypeName(TypeAlternative& type);

  // ---- Indexes and constraints: parse_schema.cc
  bool AtSchemaCommand();
  bool ParseSchemaCommand(AstSchemaCommand& command);
  bool ParseIndexKind();
  bool ParseSchemaHead(AstSchemaCommand& command);
  bool ParseSchemaPattern(AstSchemaCommand& command);
  bool ParseSchemaProperties(AstSchemaCommand& command);
  bool ParseRequirement(AstSchemaCommand& command);
  bool ParsePropertyTypes(AstSchemaCommand& command);
  bool AcceptWord(std::string_view lower_case);
  bool ExpectWord(std::string_view upper_case);

  // ---- SHOW: parse_show.cc
  bool ParseShow(AstQuery& query);
  bool ParseShowKind();
  bool ParseExecutable();
  bool ParseShownRows(AstSingleQuery& branch);
  AstProjection ReturnYielded(const AstCall& call);

  // ---- WITH and RETURN: parse_projection.cc
  bool ParseProjection(AstClause& clause, bool is_return);
  bool ParseProjectionItems(AstProjection& projection);
  bool ParseOrderAndCut(AstProjection& projection);  // ORDER BY, SKIP, LIMIT
  bool ParseOrderBy(AstProjection& projection);

  // ---- Patterns: parse_pattern.cc
  bool ParsePatternParts(std::vector<AstPatternPart>& parts);
  bool ParsePatternPart(AstPatternPart& part);
  bool ParseShortestPath(AstPatternPart& part);
  bool ParsePathPrefix(AstPatternPart& part);
  void ParsePathMode(AstPatternPart& part);
  bool ParseMatchMode(AstMatch& match);
  bool IsPathMode();
  bool IsGroups(size_t ahead);
  bool ParsePatternElement(AstPatternPart& part);
  bool ParseParenthesizedPattern(AstPatternPart& inner);
  bool ParseRepetition(const SourceSpan& start, AstPatternPart inner, AstPatternPart& part);
  bool ParseQuantifier(AstPathLength& length);
  bool ParseCount(uint64_t& value);
  bool IsParenthesizedPattern();
  bool IsQuantifier();
  bool ParsePatternSteps(AstPatternPart& part);  // after the first node
  bool ParseNodePattern(AstNodePattern& node);
  bool ParseRelationshipPattern(AstRelationshipPattern& relationship);
  bool ParseRelationshipDetail(AstRelationshipPattern& relationship);
  bool ParsePathLength(AstRelationshipPattern& relationship);
  bool ParsePatternProperties(AstExpressionPtr& properties);
  bool ParseOptionalLabels(std::optional<LabelExpression>& labels, bool types);
  bool ParseLabels(LabelExpression& labels, bool types);
  bool ParseLabelChain(LabelExpression::Kind kind, bool types, LabelExpression& labels);
  bool ParseLabelAtom(bool types, LabelExpression& label);
  bool IsLabelSign();
  bool IsLabelToken(size_t ahead);
  bool IsRelationshipStart();
  bool IsNodePatternStart();  // at '(': only a node pattern can go on like this
  bool IsShortestPath();

  // ---- Expressions: parse_expression.cc, parse_atom.cc
  struct Operator;
  AstExpressionPtr ParseExpression();
  AstExpressionPtr ParseOperators(int least_precedence);
  AstExpressionPtr ParseChain(AstExpressionPtr first, const Operator& op);
  AstExpressionPtr ParsePredicate(AstExpressionPtr left, const Operator& op);
  Operator PeekOperator();
  AstExpressionPtr ParseNot();
  AstExpressionPtr ParseUnary();
  AstExpressionPtr ParsePostfix();
  AstExpressionPtr ParsePropertyLookup(AstExpressionPtr base);
  AstExpressionPtr ParseIndexOrSlice(AstExpressionPtr base);
  AstExpressionPtr ParseLabelTest(AstExpressionPtr base);
  AstExpressionPtr ParseAtom();
  AstExpressionPtr ParseNamed();
  AstExpressionPtr ParseNumber(bool negative, const SourceSpan& start);
  AstExpressionPtr ParseParameter();
  AstExpressionPtr ParseParenthesized();
  AstExpressionPtr ParsePatternExpression(AstPatternPart part, bool first_node_done);
  AstExpressionPtr ParseListOrComprehension();
  AstExpressionPtr ParseListComprehension(const SourceSpan& start);
  AstExpressionPtr ParsePatternComprehension(AstExpressionPtr head, const SourceSpan& start);
  AstExpressionPtr ParseMap();
  AstExpressionPtr ParseMapProjection();
  AstExpressionPtr ParseCase();
  AstExpressionPtr ParseFunctionCall();
  AstExpressionPtr ParseQuantifier(AstQuantifierKind kind);
  AstExpressionPtr ParseReduce();
  bool ParseArguments(std::vector<AstExpressionPtr>& arguments, TokenKind end);
  bool AsNodePattern(AstExpressionPtr& expression, const SourceSpan& where, AstNodePattern& node);
  template <class Node>
  AstExpressionPtr Make(const SourceSpan& start, Node node, uint32_t height_of_children = 0);
  AstExpressionPtr FailTooDeep(const SourceSpan& where);

  /// Counts recursion while it lives.
  class Nesting {
   public:
    explicit Nesting(StatementParser& parser) : parser_(parser) { ++parser_.nesting_; }
    ~Nesting() { --parser_.nesting_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    StatementParser& parser_;
  };
  /// Height of the trees made while it lives, for what holds expressions without being one (patterns, subqueries).
  class HeightScope {
   public:
    explicit HeightScope(StatementParser& parser) : parser_(parser), outer_(std::exchange(parser.height_, 0)) {}
    ~HeightScope() { parser_.height_ = std::max(parser_.height_, outer_); }
    HeightScope(const HeightScope&) = delete;
    HeightScope& operator=(const HeightScope&) = delete;
    uint32_t height() const { return parser_.height_; }

   private:
    StatementParser& parser_;
    uint32_t outer_;
  };

  /// Whether '|' ends the expression under way, as in [x IN list WHERE x:A | x]: then it does not join labels.
  class BarScope {
   public:
    BarScope(StatementParser& parser, bool separates)
        : parser_(parser), outer_(std::exchange(parser.bar_separates_, separates)) {}
    ~BarScope() { parser_.bar_separates_ = outer_; }
    BarScope(const BarScope&) = delete;
    BarScope& operator=(const BarScope&) = delete;

   private:
    StatementParser& parser_;
    bool outer_;
  };

  static constexpr size_t kMaxExpected = 40;
  static constexpr size_t kMostClauses = 5000;  // a plan is as deep as its clauses are many

  std::string_view text_;
  Lexer lexer_;
  std::vector<Token> tokens_;  // looked at and not taken: [head_, end)
  size_t head_ = 0;
  size_t last_end_ = 0;                                    // offset behind the last token taken
  std::array<std::string_view, kMaxExpected> expected_{};  // at the present token
  size_t num_expected_ = 0;
  std::vector<Token> open_brackets_;  // taken, and not closed yet
  std::optional<Error> error_;
  uint32_t nesting_ = 0;
  size_t num_clauses_ = 0;  // of the statement, those of subqueries counted in
  uint32_t height_ = 0;
  bool bar_separates_ = false;
  std::string_view only_reads_;  // the innermost construct around that may not update; empty: none
};

}  // namespace tupu
