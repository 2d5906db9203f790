#pragma once

// The bound tree: what a statement means, independent of how it will be run.
//
//   text -> Ast... (text only) -> Bound... (here: names resolved, typed; variables are slots) -> Logical... ->
//   ...Operator
//
// Labels, edge types and property keys stay names: one that the store does not know yet is legal and matches nothing,
// and a cached plan outlives the moment at which a name gets its id.
// Trees are immutable once bound. Expressions are shared, so a planner copies and recombines them freely.

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
#include "query/value/static_type.h"

namespace tupu {

struct Function;
class ProcedureRegistry;
struct Procedure;
struct SchemaCommand;
struct BoundExpression;
using BoundExpressionPtr = std::shared_ptr<const BoundExpression>;

/// Number of a variable in its branch: an index into BoundSingleQuery::slots.
/// Every element of a pattern has one, named or not. A projection that passes a variable on under its own name keeps
/// its slot; every other item gets a new one, so that a slot never changes its meaning.
using Slot = uint32_t;

struct SlotInfo {
  std::string name;  // empty: the query gives no name
  StaticType type;
  bool local = false;  // lives inside one expression (comprehension, quantifier, reduce, pattern expression)
};

// ---- Expressions ----------------------------------------------------------------------------------------------------

struct BoundLiteral {
  Value value;
};

struct BoundParameter {
  std::string name;  // without the dollar sign
};

struct BoundVariable {
  Slot slot = 0;
};

/// base.key: of a vertex, an edge, a map, a temporal value; null of null.
struct BoundProperty {
  BoundExpressionPtr base;
  std::string key;
};

/// base:A&!B. Of a relationship, its type.
struct BoundLabelTest {
  BoundExpressionPtr base;
  LabelExpression labels;
};

enum class BoundUnaryOperator : uint8_t { kNot, kNegate, kPlus, kIsNull, kIsNotNull };

struct BoundUnary {
  BoundUnaryOperator op{};
  BoundExpressionPtr operand;
};

enum class BoundLogicalOperator : uint8_t { kAnd, kOr, kXor };

/// Two operands or more, flat, so that thousands of them need no deep stack.
struct BoundLogical {
  BoundLogicalOperator op{};
  std::vector<BoundExpressionPtr> operands;
};

enum class BoundArithmeticOperator : uint8_t { kAdd, kSubtract, kMultiply, kDivide, kModulo, kPower };

/// Operators of one precedence, applied from left to right: ((operands[0] op[0] operands[1]) op[1] operands[2]) ...
/// kAdd also joins strings and lists. operators.size() + 1 == operands.size().
struct BoundArithmetic {
  std::vector<BoundExpressionPtr> operands;
  std::vector<BoundArithmeticOperator> operators;
};

enum class BoundComparisonOperator : uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

/// a < b <= c: the conjunction of each operator on its two neighbours; an operand is evaluated once.
struct BoundComparison {
  std::vector<BoundExpressionPtr> operands;
  std::vector<BoundComparisonOperator> operators;
};

enum class BoundBinaryOperator : uint8_t { kIn, kStartsWith, kEndsWith, kContains, kMatchesRegex };

struct BoundBinary {
  BoundBinaryOperator op{};
  BoundExpressionPtr left;
  BoundExpressionPtr right;
};

struct BoundList {
  std::vector<BoundExpressionPtr> elements;
};

struct BoundMap {
  std::vector<std::pair<std::string, BoundExpressionPtr>> entries;  // a key written twice: the last one counts
};

/// base[index]: of a list by integer, of a map or entity by string.
struct BoundIndex {
  BoundExpressionPtr base;
  BoundExpressionPtr index;
};

/// base[from..to]; either end may be null (absent).
struct BoundSlice {
  BoundExpressionPtr base;
  BoundExpressionPtr from;
  BoundExpressionPtr to;
};

/// With `subject`: the first alternative whose `when` equals it; without: the first whose `when` is true.
struct BoundCase {
  struct Alternative {
    BoundExpressionPtr when;
    BoundExpressionPtr then;
  };
  BoundExpressionPtr subject;  // may be null
  std::vector<Alternative> alternatives;
  BoundExpressionPtr otherwise;  // may be null: the value null
};

/// A function that is no aggregate, by its canonical name ("toUpper", "duration.between").
struct BoundFunctionCall {
  std::string name;
  std::vector<BoundExpressionPtr> arguments;
  const Function* function = nullptr;  // good for ever
};

/// [variable IN list WHERE where | projection]
struct BoundListComprehension {
  Slot variable = 0;
  BoundExpressionPtr list;
  BoundExpressionPtr where;       // may be null
  BoundExpressionPtr projection;  // may be null: the element
};

enum class BoundQuantifierKind : uint8_t { kAll, kAny, kNone, kSingle };

struct BoundQuantifier {
  BoundQuantifierKind quantifier{};
  Slot variable = 0;
  BoundExpressionPtr list;
  BoundExpressionPtr where;  // may be null: true
};

struct BoundReduce {
  Slot accumulator = 0;
  BoundExpressionPtr initial;
  Slot variable = 0;
  BoundExpressionPtr list;
  BoundExpressionPtr step;
};

/// base {.*, key: value ...}: first all properties of base if `all`, then the entries. Null when base is null.
struct BoundMapProjection {
  BoundExpressionPtr base;
  bool all = false;
  std::vector<std::pair<std::string, BoundExpressionPtr>> entries;
};

struct BoundPatternPart;
struct BoundSubquery;

enum class BoundPatternExpressionKind : uint8_t {
  kExists,            // pattern predicate, exists(pattern): a boolean
  kComprehension,     // [pattern WHERE where | projection]: a list
  kShortestPath,      // shortestPath(pattern) as an expression: a path or null
  kAllShortestPaths,  // a list of paths
};

/// A pattern inside an expression, matched once per row; the slots it introduces are local.
struct BoundPatternExpression {
  BoundPatternExpressionKind pattern_kind{};
  std::shared_ptr<const BoundPatternPart> pattern;
  BoundExpressionPtr where;       // may be null
  BoundExpressionPtr projection;  // kComprehension only
};

enum class BoundSubqueryKind : uint8_t {
  kExists,   // true when the subquery gives a row
  kCount,    // the number of its rows
  kCollect,  // the values of its only column, as a list
};

struct BoundSubqueryExpression {
  BoundSubqueryKind subquery_kind{};
  std::shared_ptr<const BoundSubquery> query;
};

/// x IS :: TYPE: true or false, of null too.
struct BoundTypeTest {
  BoundExpressionPtr operand;
  bool negated = false;
  TypeUnion types;
};

/// x IS NFC NORMALIZED: null of null.
struct BoundNormalizedTest {
  BoundExpressionPtr operand;
  bool negated = false;
  NormalForm form = NormalForm::kNfc;
};

struct BoundExpression {
  SourceSpan where;
  StaticType type;
  std::variant<BoundLiteral, BoundParameter, BoundVariable, BoundProperty, BoundLabelTest, BoundUnary, BoundLogical,
               BoundArithmetic, BoundComparison, BoundBinary, BoundList, BoundMap, BoundIndex, BoundSlice, BoundCase,
               BoundFunctionCall, BoundListComprehension, BoundQuantifier, BoundReduce, BoundMapProjection,
               BoundPatternExpression, BoundSubqueryExpression, BoundTypeTest, BoundNormalizedTest>
      node;

  /// The node as a `T`, or null.
  template <class T>
  const T* As() const noexcept {
    return std::get_if<T>(&node);
  }
};

// ---- Patterns -------------------------------------------------------------------------------------------------------

using BoundProperties = std::vector<std::pair<std::string, BoundExpressionPtr>>;

struct BoundNodePattern {
  SourceSpan where;
  Slot slot = 0;
  /// The slot has its value before this element is reached: from an earlier clause, or earlier in this clause (a node
  /// that a pattern names twice is not bound the first time). CREATE makes exactly the nodes that are not bound.
  bool bound = false;
  std::vector<std::string> labels;    // all of them; other label expressions are in `condition`
  BoundProperties properties;         // equalities in MATCH, values in CREATE and MERGE
  BoundExpressionPtr properties_map;  // CREATE (n $map): one map in place of `properties`; else null
  BoundExpressionPtr condition;       // must be true; may be null
};

struct BoundPathLength {
  uint64_t min = 1;
  std::optional<uint64_t> max;  // none: unbounded
};

struct BoundSegment;

/// The step from nodes[i] to nodes[i + 1] of its pattern part: one edge, or a repeated segment.
struct BoundRelationshipPattern {
  SourceSpan where;
  Slot slot = 0;                           // an edge; the list of all edges walked when `length` is set
  bool bound = false;                      // as in BoundNodePattern: then the step only checks it
  std::vector<std::string> types;          // any of them; empty: every type
  Direction direction = Direction::kBoth;  // kOut: -[]->   kIn: <-[]-   kBoth: -[]- and <-[]->
  std::optional<BoundPathLength> length;   // iterations of a repeated segment
  BoundProperties properties;              // hold of every edge of a variable-length step
  BoundExpressionPtr properties_map;
  BoundExpressionPtr condition;  // of a single edge: must be true; may be null
  BoundExpressionPtr cost;       // of a single edge: for CHEAPEST; may be null
  /// What is repeated, if that is more than an edge with its type and `properties`; else null.
  std::shared_ptr<const BoundSegment> segment;
};

/// A variable of a repeated segment: inside one vertex or edge, that of the iteration; outside the list of all of them.
struct BoundGroupVariable {
  Slot element = 0;
  Slot list = 0;
};

/// One iteration of a repeated segment; relationships[i] joins nodes[i] and nodes[i + 1], each a single edge. The last vertex
/// of an iteration is the first of the next, and the ends are those of the step. Conditions read the slots of the iteration
/// and those that were bound before the MATCH.
struct BoundSegment {
  std::vector<BoundNodePattern> nodes;
  std::vector<BoundRelationshipPattern> relationships;
  BoundExpressionPtr condition;  // may be null
  std::vector<BoundGroupVariable> groups;
};

enum class BoundPathSelector : uint8_t { kAll, kShortest, kAllShortest };

/// nodes.size() == relationships.size() + 1; relationships[i] joins nodes[i] and nodes[i + 1].
struct BoundPatternPart {
  SourceSpan where;
  std::optional<Slot> path;  // the path variable
  BoundPathSelector selector = BoundPathSelector::kAll;
  std::optional<PathSelection> selection;
  std::optional<PathMode> mode;  // none: no edge twice, unless the MATCH is repeatable
  std::vector<BoundNodePattern> nodes;
  std::vector<BoundRelationshipPattern> relationships;
  BoundExpressionPtr condition;  // (pattern WHERE condition): holds of a path before it is selected; may be null
};

// ---- Clauses --------------------------------------------------------------------------------------------------------

/// All parts together; no edge matches two relationship patterns of one MATCH, unless it is repeatable.
struct BoundMatch {
  bool optional = false;  // no match: one row, with null in the slots the clause introduces
  bool repeatable = false;
  std::vector<BoundPatternPart> parts;
  BoundExpressionPtr where;  // may be null
};

struct BoundUnwind {
  BoundExpressionPtr list;
  Slot variable = 0;
};

/// An aggregate function over the rows of one group. Never inside an expression: see BoundProjection.
struct BoundAggregate {
  SourceSpan where;
  std::string name;  // canonical: "count", "collect", "percentileCont" ...
  bool distinct = false;
  bool star = false;  // count(*)
  std::vector<BoundExpressionPtr> arguments;
  Slot slot = 0;  // receives the result; hidden
  const Function* function = nullptr;
};

struct BoundGroupingKey {
  BoundExpressionPtr expression;
  Slot slot = 0;  // that of the item which is this key
};

struct BoundProjectionItem {
  std::string name;  // the column's name in RETURN: the alias, or the text of the expression as it was written
  BoundExpressionPtr expression;
  Slot slot = 0;
};

struct BoundSortItem {
  BoundExpressionPtr expression;
  bool ascending = true;
};

/// WITH and RETURN. In this order:
///   1. aggregating: rows are grouped by `keys` (no keys: one group, even of no rows); each group becomes a row with
///      the slots of keys and aggregates only;
///   2. every item is evaluated into its slot, the slots of step 1 or of the input still being there (an item that is
///      a grouping key, or a variable passed on, is a BoundVariable of its own slot: nothing to do);
///   3. distinct over the items; 4. sort; 5. skip, limit; 6. where;
///   7. only the slots of the items live on.
/// Sort and where may read input slots as long as neither distinct nor aggregating has made away with them.
struct BoundProjection {
  bool is_return = false;
  bool distinct = false;
  bool aggregating = false;
  std::vector<BoundGroupingKey> keys;
  std::vector<BoundAggregate> aggregates;
  std::vector<BoundProjectionItem> items;
  std::vector<BoundSortItem> order_by;
  BoundExpressionPtr skip;   // may be null; reads no slot
  BoundExpressionPtr limit;  // may be null; reads no slot
  BoundExpressionPtr where;  // may be null; WITH only
};

/// CALL. The rows of the procedure for each input row; a procedure without outputs passes its input on.
struct BoundCall {
  struct Yield {
    size_t output = 0;  // index into the signature's outputs
    Slot slot = 0;
  };
  SourceSpan where;
  const ProcedureRegistry* registry = nullptr;  // the one given to the binder, which must outlive the tree
  const Procedure* procedure = nullptr;         // of the registry, or good for ever
  std::vector<BoundExpressionPtr> arguments;    // one per input; defaults filled in; parameters of CALL without ( )
  std::vector<Yield> yields;
  BoundExpressionPtr filter;  // YIELD ... WHERE; may be null
};

/// Part by part, in this order: the properties of a part may read elements that earlier parts have made.
struct BoundCreate {
  std::vector<BoundPatternPart> parts;
};

struct BoundSetProperty {
  BoundExpressionPtr target;  // a vertex, an edge, or null (nothing happens)
  std::string key;
  BoundExpressionPtr computed_key;  // in place of `key`; may be null
  BoundExpressionPtr value;         // null removes
};

/// target = map (all other properties go) or target += map.
struct BoundSetProperties {
  BoundExpressionPtr target;
  bool replace = false;
  BoundExpressionPtr value;  // a map, a vertex or an edge
};

/// Labels that are written, and expressions that give a name or a list of names.
struct BoundLabels {
  std::vector<std::string> names;
  std::vector<BoundExpressionPtr> computed;
};

struct BoundSetLabels {
  BoundExpressionPtr target;
  BoundLabels labels;
};

struct BoundSetItem {
  SourceSpan where;
  std::variant<BoundSetProperty, BoundSetProperties, BoundSetLabels> node;
};

struct BoundMerge {
  BoundPatternPart part;
  std::vector<BoundSetItem> on_create;
  std::vector<BoundSetItem> on_match;
};

struct BoundSet {
  std::vector<BoundSetItem> items;
};

struct BoundRemoveProperty {
  BoundExpressionPtr target;
  std::string key;
  BoundExpressionPtr computed_key;  // in place of `key`; may be null
};

struct BoundRemoveLabels {
  BoundExpressionPtr target;
  BoundLabels labels;
};

struct BoundRemoveItem {
  SourceSpan where;
  std::variant<BoundRemoveProperty, BoundRemoveLabels> node;
};

struct BoundRemove {
  std::vector<BoundRemoveItem> items;
};

struct BoundDelete {
  bool detach = false;
  std::vector<BoundExpressionPtr> targets;  // vertices, edges, paths, or null
};

/// CALL { ... }: each row with the columns of each row that the subquery gives for it; a subquery without columns runs
/// to its end, and the row passes on as it was. FOREACH is one of these, and begins with an UNWIND.
struct BoundSubqueryCall {
  bool optional = false;  // no row: null in the columns
  std::shared_ptr<const BoundSubquery> query;
};

/// A row for each of a CSV file in the import folder.
struct BoundLoadCsv {
  SourceSpan where;              // of the file's name
  BoundExpressionPtr source;     // a name in the import folder, or file:///name
  BoundExpressionPtr delimiter;  // may be null: a comma
  bool with_headers = false;     // a map a row, by the names in the first; else a list
  Slot row = 0;
  Slot line = 0;  // on which the row begins; linenumber() reads it
  Slot file = 0;  // its path; file() reads it
};

struct BoundClause {
  SourceSpan where;
  std::variant<BoundMatch, BoundUnwind, BoundProjection, BoundCall, BoundCreate, BoundMerge, BoundSet, BoundRemove,
               BoundDelete, BoundSubqueryCall, BoundLoadCsv>
      node;
  template <class T>
  const T* As() const noexcept {
    return std::get_if<T>(&node);
  }
};

// ---- Queries --------------------------------------------------------------------------------------------------------

/// A query inside another, run for a row of it: one numbering of slots for both. `imported` are the slots of the row that
/// it reads; they keep their values in all of its clauses, whatever a WITH passes on.
struct BoundSubquery {
  struct Branch {
    std::vector<BoundClause> clauses;
    std::vector<Slot> results;  // one per column
  };
  std::vector<Branch> branches;
  bool union_all = false;
  std::vector<Slot> columns;  // which receive the results; of a single branch its `results`. None: it returns nothing
  std::vector<Slot> imported;
  bool writes = false;
};

/// One branch of a UNION, or the whole statement.
struct BoundSingleQuery {
  std::vector<SlotInfo> slots;
  std::vector<BoundClause> clauses;
  std::vector<Slot> results;  // one per column of the query, in the order of its columns
};

struct BoundQuery {
  enum class Mode : uint8_t { kRun, kExplain };
  Mode mode = Mode::kRun;
  std::shared_ptr<const SchemaCommand> command;  // then there is no branch
  std::vector<BoundSingleQuery> branches;        // else at least one
  bool union_all = false;                        // several branches: keep duplicates
  std::vector<std::string> columns;              // empty: the statement returns no rows
  std::vector<std::string> parameters;           // names used, sorted, each once
  bool writes = false;
};

}  // namespace tupu
