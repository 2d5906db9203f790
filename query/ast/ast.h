#pragma once

// The tree of a statement's text: what was written and where, nothing resolved. The binder turns it into
// query/binder/bound.h.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <tupu/error.h>
#include <tupu/ids.h>
#include <tupu/value.h>

#include "query/ast/label_expression.h"
#include "query/ast/path_selection.h"
#include "query/ast/type_union.h"

namespace tupu {

struct AstExpression;
using AstExpressionPtr = std::unique_ptr<AstExpression>;

/// A name as it was meant: without backticks, escapes done.
struct AstName {
  std::string text;
  SourceSpan where;
};

// ---- Patterns -------------------------------------------------------------------------------------------------------

struct AstNodePattern {
  SourceSpan where;
  std::optional<AstName> variable;
  std::optional<LabelExpression> labels;
  AstExpressionPtr properties;  // a map literal or a parameter; may be null
  AstExpressionPtr condition;   // (n WHERE condition); may be null
};

/// *1..3 in the brackets of a relationship, or a quantifier behind it or behind a parenthesised pattern.
struct AstPathLength {
  std::optional<uint64_t> min;
  std::optional<uint64_t> max;
};

struct AstPatternPart;

/// A step between two nodes: a relationship, or a parenthesised pattern that is repeated; of the latter only `segment`,
/// `length` and the place are set.
struct AstRelationshipPattern {
  SourceSpan where;
  std::optional<AstName> variable;
  std::optional<LabelExpression> types;
  Direction direction = Direction::kBoth;
  std::optional<AstPathLength> length;
  AstExpressionPtr properties;  // a map literal or a parameter; may be null
  AstExpressionPtr condition;   // -[r WHERE condition]-; may be null
  AstExpressionPtr cost;        // -[r COST expression]-; may be null
  std::unique_ptr<AstPatternPart> segment;
};

/// The functions shortestPath(...) and allShortestPaths(...) around a pattern. SHORTEST and the like are a PathSelection.
enum class AstPathSelector : uint8_t { kAll, kShortest, kAllShortest };

/// nodes.size() == relationships.size() + 1.
struct AstPatternPart {
  SourceSpan where;
  std::optional<AstName> path;
  AstPathSelector selector = AstPathSelector::kAll;
  std::optional<PathSelection> selection;
  std::optional<PathMode> mode;
  std::vector<AstNodePattern> nodes;
  std::vector<AstRelationshipPattern> relationships;
  AstExpressionPtr condition;  // (pattern WHERE condition); may be null
};

// ---- Expressions ----------------------------------------------------------------------------------------------------

struct AstLiteral {
  Value value;
};

struct AstParameter {
  std::string name;
};

struct AstVariable {
  std::string name;
};

struct AstProperty {
  AstExpressionPtr base;
  AstName key;
};

struct AstLabelTest {
  AstExpressionPtr base;
  LabelExpression labels;
};

enum class AstUnaryOperator : uint8_t { kNot, kNegate, kPlus, kIsNull, kIsNotNull };

struct AstUnary {
  AstUnaryOperator op{};
  AstExpressionPtr operand;
};

enum class AstLogicalOperator : uint8_t { kAnd, kOr, kXor };

/// Chains are flat, so that their length costs no stack.
struct AstLogical {
  AstLogicalOperator op{};
  std::vector<AstExpressionPtr> operands;
};

enum class AstArithmeticOperator : uint8_t { kAdd, kSubtract, kMultiply, kDivide, kModulo, kPower };

/// Operators of one precedence, from left to right; operators.size() + 1 == operands.size().
struct AstArithmetic {
  std::vector<AstExpressionPtr> operands;
  std::vector<AstArithmeticOperator> operators;
};

enum class AstComparisonOperator : uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

struct AstComparison {
  std::vector<AstExpressionPtr> operands;
  std::vector<AstComparisonOperator> operators;
};

enum class AstBinaryOperator : uint8_t { kIn, kStartsWith, kEndsWith, kContains, kMatchesRegex };

struct AstBinary {
  AstBinaryOperator op{};
  AstExpressionPtr left;
  AstExpressionPtr right;
};

struct AstList {
  std::vector<AstExpressionPtr> elements;
};

struct AstMap {
  std::vector<std::pair<AstName, AstExpressionPtr>> entries;
};

struct AstIndex {
  AstExpressionPtr base;
  AstExpressionPtr index;
};

struct AstSlice {
  AstExpressionPtr base;
  AstExpressionPtr from;  // may be null
  AstExpressionPtr to;    // may be null
};

struct AstCase {
  struct Alternative {
    AstExpressionPtr when;
    AstExpressionPtr then;
  };
  AstExpressionPtr subject;  // may be null
  std::vector<Alternative> alternatives;
  AstExpressionPtr otherwise;  // may be null
};

struct AstFunctionCall {
  AstName name;  // dotted names in one: "duration.between"
  bool distinct = false;
  bool star = false;  // count(*)
  std::vector<AstExpressionPtr> arguments;
};

struct AstListComprehension {
  AstName variable;
  AstExpressionPtr list;
  AstExpressionPtr where;       // may be null
  AstExpressionPtr projection;  // may be null
};

enum class AstQuantifierKind : uint8_t { kAll, kAny, kNone, kSingle };

struct AstQuantifier {
  AstQuantifierKind quantifier{};
  AstName variable;
  AstExpressionPtr list;
  AstExpressionPtr where;  // may be null
};

struct AstReduce {
  AstName accumulator;
  AstExpressionPtr initial;
  AstName variable;
  AstExpressionPtr list;
  AstExpressionPtr step;
};

/// base {.key, .*, variable, key: expression}
struct AstMapProjection {
  enum class ItemKind : uint8_t { kProperty, kAllProperties, kVariable, kEntry };
  struct Item {
    ItemKind item_kind{};
    AstName name;            // not for kAllProperties
    AstExpressionPtr value;  // kEntry only
  };
  AstName base;
  std::vector<Item> items;
};

/// A pattern where an expression stands, shortestPath(...) included. Whether it may stand there is the binder's
/// business.
struct AstPatternExpression {
  std::unique_ptr<AstPatternPart> pattern;  // apart: most expressions are small
};

/// [path = pattern WHERE where | projection]; the path variable is in the pattern.
struct AstPatternComprehension {
  std::unique_ptr<AstPatternPart> pattern;
  AstExpressionPtr where;  // may be null
  AstExpressionPtr projection;
};

struct AstQuery;

enum class AstSubqueryKind : uint8_t { kExists, kCount, kCollect };

/// EXISTS { query }, COUNT { query }, COLLECT { query }; a pattern in place of the query is a query of one MATCH.
struct AstSubqueryExpression {
  AstSubqueryKind subquery_kind{};
  std::unique_ptr<AstQuery> query;
};

/// x IS :: TYPE
struct AstTypeTest {
  AstExpressionPtr operand;
  bool negated = false;
  TypeUnion types;
};

/// x IS NFC NORMALIZED
struct AstNormalizedTest {
  AstExpressionPtr operand;
  bool negated = false;
  NormalForm form = NormalForm::kNfc;
};

struct AstExpression {
  SourceSpan where;     // from the first to the last token, without parentheses around it
  uint32_t height = 1;  // of the tree, bounded by the parser
  std::variant<AstLiteral, AstParameter, AstVariable, AstProperty, AstLabelTest, AstUnary, AstLogical, AstArithmetic,
               AstComparison, AstBinary, AstList, AstMap, AstIndex, AstSlice, AstCase, AstFunctionCall,
               AstListComprehension, AstQuantifier, AstReduce, AstMapProjection, AstPatternExpression,
               AstPatternComprehension, AstSubqueryExpression, AstTypeTest, AstNormalizedTest>
      node;

  /// The node as a `T`, or null.
  template <class T>
  const T* As() const noexcept {
    return std::get_if<T>(&node);
  }
  template <class T>
  T* As() noexcept {
    return std::get_if<T>(&node);
  }
};

// ---- Clauses --------------------------------------------------------------------------------------------------------

struct AstMatch {
  bool optional = false;
  bool repeatable = false;  // REPEATABLE ELEMENTS: relationship patterns may match one relationship
  std::vector<AstPatternPart> parts;
  AstExpressionPtr where;  // may be null
};

struct AstUnwind {
  AstExpressionPtr list;
  AstName variable;
};

struct AstProjectionItem {
  AstExpressionPtr expression;
  std::optional<AstName> alias;
  std::string text;  // of the expression, as it was written
};

struct AstSortItem {
  AstExpressionPtr expression;
  bool ascending = true;
};

/// Also LET x = e, which is WITH *, e AS x, and FILTER e, which is WITH * WHERE e.
struct AstProjection {
  bool is_return = false;
  bool may_aggregate = true;  // not LET
  bool distinct = false;
  bool star = false;  // * before the items
  std::vector<AstProjectionItem> items;
  std::vector<AstSortItem> order_by;
  AstExpressionPtr skip;   // may be null
  AstExpressionPtr limit;  // may be null
  AstExpressionPtr where;  // may be null; WITH only
};

struct AstYieldItem {
  AstName output;
  std::optional<AstName> alias;
};

struct AstCall {
  AstName procedure;
  std::optional<std::vector<AstExpressionPtr>> arguments;  // none: no parentheses were written
  bool has_yield = false;
  bool yield_star = false;
  std::vector<AstYieldItem> yields;
  AstExpressionPtr where;  // may be null
};

struct AstCreate {
  std::vector<AstPatternPart> parts;
};

/// :A:$(expression): names that are written, and expressions that give a name or a list of names.
struct AstLabels {
  std::vector<std::string> names;
  std::vector<AstExpressionPtr> computed;
};

struct AstSetItem {
  enum class Kind : uint8_t { kProperty, kComputedProperty, kReplace, kAdd, kLabels };
  SourceSpan where;
  Kind set_kind{};
  AstExpressionPtr target;        // kProperty, kComputedProperty: the base of the property
  AstName key;                    // kProperty
  AstExpressionPtr computed_key;  // kComputedProperty
  AstExpressionPtr value;         // not for kLabels
  AstLabels labels;
};

struct AstMerge {
  AstPatternPart part;
  std::vector<AstSetItem> on_create;
  std::vector<AstSetItem> on_match;
};

struct AstSet {
  std::vector<AstSetItem> items;
};

struct AstRemoveItem {
  SourceSpan where;
  AstExpressionPtr target;
  std::optional<AstName> key;     // a property; else:
  AstExpressionPtr computed_key;  // a property whose key is computed; null: labels
  AstLabels labels;
};

struct AstRemove {
  std::vector<AstRemoveItem> items;
};

struct AstDelete {
  bool detach = false;
  std::vector<AstExpressionPtr> targets;
};

/// CALL { query }, with the variables of the query around it that the inner one sees.
struct AstSubqueryCall {
  enum class Imports : uint8_t {
    kWith,   // CALL { WITH x ... }: what the first WITH of a branch names
    kNamed,  // CALL (x, y) { ... }
    kAll,    // CALL (*) { ... }
  };
  bool optional = false;
  Imports imports{};
  std::vector<AstName> variables;  // kNamed
  std::unique_ptr<AstQuery> query;
};

struct AstClause;

/// FOREACH (variable IN list | clauses); the clauses update, and nothing of them is seen after it.
struct AstForeach {
  AstName variable;
  AstExpressionPtr list;
  std::vector<AstClause> clauses;
};

struct AstLoadCsv {
  AstExpressionPtr source;
  AstName variable;
  bool with_headers = false;
  AstExpressionPtr delimiter;  // may be null
};

/// The query gives no rows.
struct AstFinish {};

struct AstClause {
  SourceSpan where;  // of its keyword
  std::variant<AstMatch, AstUnwind, AstProjection, AstCall, AstCreate, AstMerge, AstSet, AstRemove, AstDelete,
               AstSubqueryCall, AstForeach, AstLoadCsv, AstFinish>
      node;
  template <class T>
  const T* As() const noexcept {
    return std::get_if<T>(&node);
  }
};

// ---- Schema ---------------------------------------------------------------------------------------------------------

enum class AstSchemaAction : uint8_t { kCreateIndex, kCreateConstraint, kDropIndex, kDropConstraint };
enum class AstConstraintKind : uint8_t { kUnique, kNotNull, kTyped, kKey };

/// STRING, LIST<INTEGER NOT NULL>: those of a TypeUnion that a property can have.
struct AstPropertyType {
  ValueType type{};
  bool list = false;
};

/// variable.key
struct AstSchemaProperty {
  AstName variable;
  AstName key;
};

/// CREATE or DROP of an index or a constraint: a statement of its own. SHOW is a CALL of the procedure "SHOW INDEXES".
struct AstSchemaCommand {
  SourceSpan where;
  AstSchemaAction action{};
  std::optional<AstName> name;
  bool conditional = false;  // IF NOT EXISTS, IF EXISTS
  // CREATE only: FOR (variable:schema) or FOR ()-[variable:schema]-()
  bool on_edges = false;
  AstName variable;
  AstName schema;
  std::vector<AstSchemaProperty> properties;
  AstConstraintKind constraint{};
  SourceSpan kind_where;           // of what follows IS
  std::optional<bool> says_edges;  // IS NODE KEY: false, IS RELATIONSHIP KEY: true
  std::vector<AstPropertyType> types;
};

// ---- Queries --------------------------------------------------------------------------------------------------------

struct AstSingleQuery {
  SourceSpan where;
  std::vector<AstClause> clauses;
};

struct AstQuery {
  enum class Mode : uint8_t { kRun, kExplain };
  Mode mode = Mode::kRun;
  std::optional<AstSchemaCommand> command;  // then there is no branch
  std::vector<AstSingleQuery> branches;     // else at least one
  std::vector<bool> union_all;              // one per UNION: branches.size() - 1
  std::vector<SourceSpan> unions;           // their places
};

}  // namespace tupu
