// Expressions: one value at a time.

#include <algorithm>

#include "query/interpreter/interpreter.h"
#include "query/value/arithmetic.h"
#include "query/value/compare.h"
#include "query/value/value_error.h"
#include "storage/catalog/catalog.h"

namespace tupu {

class Interpreter::ExpressionVisitor {
 public:
  ExpressionVisitor(Interpreter& interpreter, const Bindings& row) : interpreter_(interpreter), row_(row) {}

  Result<Value> operator()(const BoundLiteral& e) { return e.value; }
  Result<Value> operator()(const BoundParameter& e) {
    const auto found = interpreter_.parameters_.find(e.name);
    if (found != interpreter_.parameters_.end()) return found->second;
    return ValueError("ParameterMissing.MissingParameter", "parameter $" + e.name + " was not given");
  }
  Result<Value> operator()(const BoundVariable& e) { return ValueOf(row_, e.slot); }
  Result<Value> operator()(const BoundProperty& e) {
    TUPU_TRY_ASSIGN(const Value base, Of(e.base));
    return PropertyOf(base, e.key, view());
  }
  Result<Value> operator()(const BoundIndex& e) {
    TUPU_TRY_ASSIGN(const Value base, Of(e.base));
    TUPU_TRY_ASSIGN(const Value index, Of(e.index));
    return IndexOf(base, index, view());
  }
  Result<Value> operator()(const BoundSlice& e) {
    TUPU_TRY_ASSIGN(const Value list, Of(e.base));
    std::optional<Value> from;
    std::optional<Value> to;
    if (e.from) {
      TUPU_TRY_ASSIGN(from, Of(e.from));
    }
    if (e.to) {
      TUPU_TRY_ASSIGN(to, Of(e.to));
    }
    return Slice(list, from, to);
  }
  Result<Value> operator()(const BoundLabelTest& e) {
    TUPU_TRY_ASSIGN(const Value base, Of(e.base));
    if (base.is_null()) return Value();
    std::vector<std::string_view> have;
    if (base.type() == ValueType::kVertexReference) {
      TUPU_TRY_ASSIGN(have, interpreter_.LabelsOf(base.AsVertexReference()));
    } else if (base.type() == ValueType::kEdgeReference) {
      have.push_back(interpreter_.TypeOf(base.AsEdgeReference()));
    } else {
      return WrongType("a label test takes a vertex or an edge");
    }
    const auto has = [&](const std::string& name) { return std::find(have.begin(), have.end(), name) != have.end(); };
    return Value(e.labels.Holds(has, !have.empty()));
  }

  // ---- Truth

  Result<Value> operator()(const BoundUnary& e) {
    TUPU_TRY_ASSIGN(const Value value, Of(e.operand));
    switch (e.op) {
      case BoundUnaryOperator::kNegate: return Negate(value);
      case BoundUnaryOperator::kPlus: return Plus(value);
      case BoundUnaryOperator::kIsNull: return Value(value.is_null());
      case BoundUnaryOperator::kIsNotNull: return Value(!value.is_null());
      case BoundUnaryOperator::kNot: break;
    }
    TUPU_TRY_ASSIGN(const Ternary truth, ToTernary(value));
    return FromTernary(Not(truth));
  }

  // From left to right; AND ends at the first false, OR at the first true, so that `x <> 0 AND 1 / x > 2` is no error.
  Result<Value> operator()(const BoundLogical& e) {
    Ternary result = e.op == BoundLogicalOperator::kAnd;
    for (const BoundExpressionPtr& operand : e.operands) {
      TUPU_TRY_ASSIGN(const Value value, Of(operand));
      TUPU_TRY_ASSIGN(const Ternary truth, ToTernary(value));
      switch (e.op) {
        case BoundLogicalOperator::kAnd:
          result = And(result, truth);
          if (result == false) return Value(false);
          break;
        case BoundLogicalOperator::kOr:
          result = Or(result, truth);
          if (result == true) return Value(true);
          break;
        case BoundLogicalOperator::kXor: result = Xor(result, truth); break;
      }
    }
    return FromTernary(result);
  }

  Result<Value> operator()(const BoundComparison& e) {
    TUPU_TRY_ASSIGN(Value left, Of(e.operands[0]));
    Ternary all = true;
    for (size_t i = 0; i < e.operators.size() && all != false; ++i) {
      TUPU_TRY_ASSIGN(Value right, Of(e.operands[i + 1]));
      all = And(all, Compare(e.operators[i], left, right));
      left = std::move(right);
    }
    return FromTernary(all);
  }

  Result<Value> operator()(const BoundBinary& e) {
    TUPU_TRY_ASSIGN(const Value left, Of(e.left));
    TUPU_TRY_ASSIGN(const Value right, Of(e.right));
    switch (e.op) {
      case BoundBinaryOperator::kStartsWith: return StartsWith(left, right);
      case BoundBinaryOperator::kEndsWith: return EndsWith(left, right);
      case BoundBinaryOperator::kContains: return Contains(left, right);
      case BoundBinaryOperator::kMatchesRegex: return MatchesRegex(left, right);
      case BoundBinaryOperator::kIn: break;
    }
    if (right.is_null()) return Value();
    if (right.type() != ValueType::kList) return WrongType("IN takes a list");
    return FromTernary(In(left, right.AsList()));
  }

  // ---- Values

  Result<Value> operator()(const BoundArithmetic& e) {
    TUPU_TRY_ASSIGN(Value result, Of(e.operands[0]));
    for (size_t i = 0; i < e.operators.size(); ++i) {
      TUPU_TRY_ASSIGN(const Value next, Of(e.operands[i + 1]));
      TUPU_TRY_ASSIGN(result, Compute(e.operators[i], result, next));
    }
    return result;
  }
  Result<Value> operator()(const BoundList& e) {
    List list;
    for (const BoundExpressionPtr& element : e.elements) {
      TUPU_TRY_ASSIGN(list.emplace_back(), Of(element));
    }
    return Value(std::move(list));
  }
  Result<Value> operator()(const BoundMap& e) { return WithEntries(Map(), e.entries); }
  Result<Value> operator()(const BoundMapProjection& e) {
    TUPU_TRY_ASSIGN(const Value base, Of(e.base));
    if (base.is_null()) return Value();
    if (!e.all) return WithEntries(Map(), e.entries);
    TUPU_TRY_ASSIGN(const Value properties, PropertiesOf(base, view()));
    return WithEntries(properties.type() == ValueType::kMap ? properties.AsMap() : Map(), e.entries);
  }
  Result<Value> operator()(const BoundCase& e) {
    Value subject(true);
    if (e.subject) {
      TUPU_TRY_ASSIGN(subject, Of(e.subject));
    }
    for (const BoundCase::Alternative& alternative : e.alternatives) {
      TUPU_TRY_ASSIGN(const Value when, Of(alternative.when));
      if (Equals(subject, when) == true) return Of(alternative.then);
    }
    if (e.otherwise) return Of(e.otherwise);
    return Value();
  }
  Result<Value> operator()(const BoundFunctionCall& e) {
    std::vector<Value> arguments;
    for (const BoundExpressionPtr& argument : e.arguments) {
      TUPU_TRY_ASSIGN(arguments.emplace_back(), Of(argument));
    }
    FunctionContext context{view(), interpreter_.now_, interpreter_.random_};
    return CallFunction(*e.function, arguments, context);
  }

  // ---- Over lists: the variable is one more slot of the row

  Result<Value> operator()(const BoundListComprehension& e) {
    TUPU_TRY_ASSIGN(const Value list, ListOf(e.list));
    if (list.is_null()) return Value();
    List result;
    for (const Value& element : list.AsList()) {
      const Bindings row = With(e.variable, element);
      TUPU_TRY_ASSIGN(const bool passes, interpreter_.IsTrue(e.where, row));
      if (!passes) continue;
      result.push_back(element);
      if (e.projection) {
        TUPU_TRY_ASSIGN(result.back(), interpreter_.Evaluate(*e.projection, row));
      }
    }
    return Value(std::move(result));
  }

  // all: the conjunction; any: the disjunction; none: not any; single: true of one and false of all others.
  Result<Value> operator()(const BoundQuantifier& e) {
    TUPU_TRY_ASSIGN(const Value list, ListOf(e.list));
    if (list.is_null()) return Value();
    Ternary all = true;
    Ternary any = false;
    size_t yes = 0;
    bool unknown = false;
    for (const Value& element : list.AsList()) {
      Value value(true);
      if (e.where) {
        TUPU_TRY_ASSIGN(value, interpreter_.Evaluate(*e.where, With(e.variable, element)));
      }
      TUPU_TRY_ASSIGN(const Ternary truth, ToTernary(value));
      all = And(all, truth);
      any = Or(any, truth);
      yes += truth == true ? 1 : 0;
      unknown = unknown || !truth;
    }
    switch (e.quantifier) {
      case BoundQuantifierKind::kAll: return FromTernary(all);
      case BoundQuantifierKind::kAny: return FromTernary(any);
      case BoundQuantifierKind::kNone: return FromTernary(Not(any));
      case BoundQuantifierKind::kSingle: break;
    }
    return FromTernary(yes > 1 ? Ternary(false) : unknown ? std::nullopt : Ternary(yes == 1));
  }

  Result<Value> operator()(const BoundReduce& e) {
    TUPU_TRY_ASSIGN(const Value list, ListOf(e.list));
    TUPU_TRY_ASSIGN(Value result, Of(e.initial));
    if (list.is_null()) return Value();
    for (const Value& element : list.AsList()) {
      Bindings row = With(e.variable, element);
      row[e.accumulator] = result;
      TUPU_TRY_ASSIGN(result, interpreter_.Evaluate(*e.step, row));
    }
    return result;
  }

  // ---- Over the graph

  Result<Value> operator()(const BoundPatternExpression& e) {
    BoundPatternPart part = *e.pattern;
    const bool shortest = e.pattern_kind == BoundPatternExpressionKind::kShortestPath;
    if (shortest) part.selector = BoundPathSelector::kShortest;
    if (e.pattern_kind == BoundPatternExpressionKind::kAllShortestPaths)
      part.selector = BoundPathSelector::kAllShortest;
    constexpr Slot kNameless = UINT32_MAX;
    if (!part.path) part.path = kNameless;
    TUPU_TRY_ASSIGN(const Table matches, interpreter_.Match({part}, e.where, row_));
    if (e.pattern_kind == BoundPatternExpressionKind::kExists) return Value(!matches.empty());
    List values;
    for (const Bindings& match : matches) {
      Value value = match.at(*part.path);
      if (e.projection) {
        TUPU_TRY_ASSIGN(value, interpreter_.Evaluate(*e.projection, match));
      }
      values.push_back(std::move(value));
    }
    if (shortest) return values.empty() ? Value() : values.front();
    return Value(std::move(values));
  }

  Result<Value> operator()(const BoundSubqueryExpression& e) {
    TUPU_TRY_ASSIGN(const Table rows, interpreter_.RunSubquery(*e.query, row_));
    if (e.subquery_kind == BoundSubqueryKind::kExists) return Value(!rows.empty());
    if (e.subquery_kind == BoundSubqueryKind::kCount) return Value(static_cast<int64_t>(rows.size()));
    List values;
    for (const Bindings& each : rows) values.push_back(ValueOf(each, e.query->columns[0]));
    return Value(std::move(values));
  }

  template <class Expression>  // all others
  Result<Value> operator()(const Expression&) {
    return Error{ErrorCode::kUnsupported, "the interpreter does not know this expression"};
  }

 private:
  const GraphView& view() const { return *interpreter_.view_; }
  Result<Value> Of(const BoundExpressionPtr& expression) { return interpreter_.Evaluate(*expression, row_); }
  static Error WrongType(std::string message) {
    return ValueError("TypeError.InvalidArgumentType", std::move(message));
  }

  Bindings With(Slot slot, const Value& value) const {
    Bindings row = row_;
    row[slot] = value;
    return row;
  }

  Result<Value> ListOf(const BoundExpressionPtr& expression) {
    TUPU_TRY_ASSIGN(Value list, Of(expression));
    if (list.is_null() || list.type() == ValueType::kList) return list;
    return WrongType("only a list can be iterated over");
  }

  Result<Value> WithEntries(Map map, const std::vector<std::pair<std::string, BoundExpressionPtr>>& entries) {
    for (const auto& [key, expression] : entries) {
      TUPU_TRY_ASSIGN(map[key], Of(expression));
    }
    return Value(std::move(map));
  }

  static Ternary Compare(BoundComparisonOperator op, const Value& a, const Value& b) {
    switch (op) {
      case BoundComparisonOperator::kEqual: return Equals(a, b);
      case BoundComparisonOperator::kNotEqual: return Not(Equals(a, b));
      case BoundComparisonOperator::kLess: return Less(a, b);
      case BoundComparisonOperator::kLessEqual: return LessOrEqual(a, b);
      case BoundComparisonOperator::kGreater: return Less(b, a);
      case BoundComparisonOperator::kGreaterEqual: return LessOrEqual(b, a);
    }
    return std::nullopt;
  }

  static Result<Value> Compute(BoundArithmeticOperator op, const Value& a, const Value& b) {
    switch (op) {
      case BoundArithmeticOperator::kAdd: return Add(a, b);
      case BoundArithmeticOperator::kSubtract: return Subtract(a, b);
      case BoundArithmeticOperator::kMultiply: return Multiply(a, b);
      case BoundArithmeticOperator::kDivide: return Divide(a, b);
      case BoundArithmeticOperator::kModulo: return Modulo(a, b);
      case BoundArithmeticOperator::kPower: return Power(a, b);
    }
    return Value();
  }

  Interpreter& interpreter_;
  const Bindings& row_;
};

Result<Value> Interpreter::Evaluate(const BoundExpression& expression, const Bindings& row) {
  return std::visit(ExpressionVisitor(*this, row), expression.node);
}

Result<bool> Interpreter::IsTrue(const BoundExpressionPtr& condition, const Bindings& row) {
  if (!condition) return true;
  TUPU_TRY_ASSIGN(const Value value, Evaluate(*condition, row));
  TUPU_TRY_ASSIGN(const Ternary truth, ToTernary(value));
  return truth == true;
}

}  // namespace tupu
