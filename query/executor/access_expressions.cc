#include <algorithm>

#include <fmt/format.h>

#include "query/executor/expand.h"
#include "query/executor/expressions.h"
#include "query/executor/lambda_expression.h"
#include "query/value/arithmetic.h"
#include "storage/graph/graph_view.h"

namespace tupu {

Status Expression::EvaluateBatch(const Batch& batch, ExecutionContext& context, Column& out) const {
  for (size_t row = 0; row < batch.size; ++row) {
    TUPU_TRY_ASSIGN(const Value value, Evaluate(Row{&batch, row}, context));
    out.Append(value);
  }
  return {};
}

namespace {

Error DeletedAccess(const char* what) {
  Error error{ErrorCode::kNotFound, fmt::format("the {} was deleted by this statement", what)};
  error.condition = "EntityNotFound.DeletedEntityAccess";
  return error;
}

class ConstantExpression final : public Expression {
 public:
  explicit ConstantExpression(Value value) : value_(std::move(value)) {}
  Result<Value> Evaluate(const Row&, ExecutionContext&) const override { return value_; }
  Status EvaluateBatch(const Batch& batch, ExecutionContext&, Column& out) const override {
    out.AppendRepeated(value_, batch.size);
    return {};
  }

 private:
  Value value_;
};

class ParameterExpression final : public Expression {
 public:
  explicit ParameterExpression(size_t index) : index_(index) {}
  Result<Value> Evaluate(const Row&, ExecutionContext& context) const override { return context.parameters[index_]; }
  Status EvaluateBatch(const Batch& batch, ExecutionContext& context, Column& out) const override {
    out.AppendRepeated(context.parameters[index_], batch.size);
    return {};
  }

 private:
  size_t index_;
};

class SlotExpression final : public Expression {
 public:
  explicit SlotExpression(Slot slot) : slot_(slot) {}
  Result<Value> Evaluate(const Row& row, ExecutionContext&) const override { return row.Get(slot_); }
  Status EvaluateBatch(const Batch& batch, ExecutionContext&, Column& out) const override {
    const Column& column = batch.columns[slot_];
    if (out.size() == 0 && column.size() == batch.size) {
      out = column;
    } else {
      for (size_t row = 0; row < batch.size; ++row) out.AppendRow(column, row);
    }
    return {};
  }

 private:
  Slot slot_;
};

/// Takes what a batched read gives into a column.
class ColumnSink final : public PropertySink {
 public:
  explicit ColumnSink(Column& column) : column_(column) {}
  void AppendNull() override { column_.AppendNull(); }
  void AppendInteger(int64_t value) override { column_.AppendInteger(value); }
  void AppendFloat(double value) override { column_.AppendFloat(value); }
  void AppendBoolean(bool value) override { column_.AppendBoolean(value); }
  void Append(const Value& value) override { column_.Append(value); }

 private:
  Column& column_;
};

class PropertyExpression final : public Expression {
 public:
  PropertyExpression(ExpressionPtr base, std::string key) : base_(std::move(base)), key_(std::move(key)) {}

  Result<Value> Evaluate(const Row& row, ExecutionContext& context) const override {
    TUPU_TRY_ASSIGN(const Value base, base_->Evaluate(row, context));
    switch (base.type()) {
      case ValueType::kNull: return Value();
      case ValueType::kVertexReference: return OfVertex(base.AsVertexReference(), key_.Find(context.view), context);
      case ValueType::kEdgeReference: return OfEdge(base.AsEdgeReference(), key_.Find(context.view), context);
      default: return PropertyOf(base, key_.name(), context.view);
    }
  }

  Status EvaluateBatch(const Batch& batch, ExecutionContext& context, Column& out) const override {
    Column bases;
    TUPU_TRY(base_->EvaluateBatch(batch, context, bases));
    const std::optional<PropertyKeyId> key = key_.Find(context.view);
    if (key && !bases.has_nulls()) {
      ColumnSink sink(out);
      if (bases.type() == ColumnType::kVertex && context.deleted_vertices.empty())
        return context.view.ReadVertexProperty(bases.vertices(), *key, sink);
      if (bases.type() == ColumnType::kEdge && context.deleted_edges.empty())
        return context.view.ReadEdgeProperty(bases.edges(), *key, sink);
    }
    for (size_t row = 0; row < batch.size; ++row) {
      TUPU_TRY_ASSIGN(const Value value, OfRow(bases, row, key, context));
      out.Append(value);
    }
    return {};
  }

 private:
  Result<Value> OfRow(const Column& bases, size_t row, std::optional<PropertyKeyId> key,
                      ExecutionContext& context) const {
    if (bases.IsNull(row)) return Value();
    if (bases.type() == ColumnType::kVertex) return OfVertex(bases.vertices()[row], key, context);
    if (bases.type() == ColumnType::kEdge) return OfEdge(bases.edges()[row], key, context);
    const Value base = bases.Get(row);
    if (base.type() == ValueType::kVertexReference) return OfVertex(base.AsVertexReference(), key, context);
    if (base.type() == ValueType::kEdgeReference) return OfEdge(base.AsEdgeReference(), key, context);
    return PropertyOf(base, key_.name(), context.view);
  }
  static Result<Value> OfVertex(VertexId id, std::optional<PropertyKeyId> key, const ExecutionContext& context) {
    if (context.IsDeleted(id)) return DeletedAccess("vertex");
    if (!key) return Value();
    return context.view.VertexProperty(id, *key);
  }
  static Result<Value> OfEdge(const EdgeReference& edge, std::optional<PropertyKeyId> key,
                              const ExecutionContext& context) {
    if (context.IsDeleted(edge.id)) return DeletedAccess("edge");
    if (!key) return Value();
    return context.view.EdgeProperty(edge, *key);
  }

  ExpressionPtr base_;
  PropertyKeyName key_;
};

class LabelTestExpression final : public Expression {
 public:
  LabelTestExpression(ExpressionPtr base, LabelExpression labels) : base_(std::move(base)), labels_(std::move(labels)) {
    AddNames(labels_);
  }

  Result<Value> Evaluate(const Row& row, ExecutionContext& context) const override {
    TUPU_TRY_ASSIGN(const Value base, base_->Evaluate(row, context));
    switch (base.type()) {
      case ValueType::kNull: return Value();
      case ValueType::kVertexReference: return OfVertex(base.AsVertexReference(), context);
      case ValueType::kEdgeReference: {
        const std::string_view type = context.view.catalog().edge_types().GetName(base.AsEdgeReference().type);
        return Value(labels_.Holds([&](const std::string& name) { return name == type; }, true));
      }
      default: break;
    }
    Error error{ErrorCode::kInvalidArgument,
                fmt::format("a label test takes a vertex or an edge, but here it is a {}", Name(base.type()))};
    error.condition = "TypeError.InvalidArgumentType";
    return error;
  }

  Status EvaluateBatch(const Batch& batch, ExecutionContext& context, Column& out) const override {
    Column bases;
    TUPU_TRY(base_->EvaluateBatch(batch, context, bases));
    const bool plain = bases.type() == ColumnType::kVertex && !bases.has_nulls() && context.deleted_vertices.empty();
    if (!plain || !out.CanExtend(ColumnType::kBoolean) || !CanReadWhole(labels_)) return Expression::EvaluateBatch(batch, context, out);
    const std::span<uint8_t> truth = out.ExtendBooleans(batch.size);
    return ReadWhole(labels_, bases.vertices(), context.view, truth);
  }

 private:
  /// Names alone are kept by column; whether a vertex has any label is not.
  static bool CanReadWhole(const LabelExpression& labels) {
    return labels.kind != LabelExpression::Kind::kAny &&
           std::all_of(labels.operands.begin(), labels.operands.end(), CanReadWhole);
  }

  Status ReadWhole(const LabelExpression& labels, std::span<const VertexId> vertices, const GraphView& view,
                   std::span<uint8_t> truth) const {
    if (labels.IsName()) {
      const std::optional<LabelId> label = NameOf(labels.name).Find(view);
      if (label) return view.ReadLabel(vertices, *label, truth);
      std::fill(truth.begin(), truth.end(), uint8_t{0});
      return {};
    }
    TUPU_TRY(ReadWhole(labels.operands[0], vertices, view, truth));
    if (labels.kind == LabelExpression::Kind::kNot) {
      for (uint8_t& each : truth) each ^= 1;
      return {};
    }
    std::vector<uint8_t> other(truth.size());
    for (size_t i = 1; i < labels.operands.size(); ++i) {
      TUPU_TRY(ReadWhole(labels.operands[i], vertices, view, other));
      for (size_t row = 0; row < truth.size(); ++row)
        truth[row] = labels.kind == LabelExpression::Kind::kAnd ? truth[row] & other[row] : truth[row] | other[row];
    }
    return {};
  }

  Result<Value> OfVertex(VertexId id, const ExecutionContext& context) const {
    if (context.IsDeleted(id)) return DeletedAccess("vertex");
    TUPU_TRY_ASSIGN(const std::vector<LabelId> have, context.view.VertexLabels(id));
    const auto has = [&](const std::string& name) {
      const std::optional<LabelId> label = NameOf(name).Find(context.view);
      return label && std::find(have.begin(), have.end(), *label) != have.end();
    };
    return Value(labels_.Holds(has, !have.empty()));
  }

  /// Expressions are short; a name that is found keeps its id.
  const LabelName& NameOf(const std::string& name) const {
    return *std::find_if(names_.begin(), names_.end(), [&](const auto& each) { return each.name() == name; });
  }

  void AddNames(const LabelExpression& labels) {
    if (labels.IsName()) names_.emplace_back(labels.name);
    for (const LabelExpression& operand : labels.operands) AddNames(operand);
  }

  ExpressionPtr base_;
  LabelExpression labels_;
  std::vector<LabelName> names_;
};

}  // namespace

ExpressionPtr MakeConstant(Value value) {
  return std::make_shared<const ConstantExpression>(std::move(value));
}

ExpressionPtr MakeParameter(size_t index) {
  return std::make_shared<const ParameterExpression>(index);
}

ExpressionPtr MakeSlot(Slot slot) {
  return std::make_shared<const SlotExpression>(slot);
}

ExpressionPtr MakeLocal(Slot slot) {
  return MakeLambda([slot](const Row&, ExecutionContext& context) -> Result<Value> { return context.locals[slot]; });
}

ExpressionPtr MakeProperty(ExpressionPtr base, std::string key) {
  return std::make_shared<const PropertyExpression>(std::move(base), std::move(key));
}

ExpressionPtr MakeLabelTest(ExpressionPtr base, LabelExpression labels) {
  return std::make_shared<const LabelTestExpression>(std::move(base), std::move(labels));
}

ExpressionPtr MakeIndex(ExpressionPtr base, ExpressionPtr index) {
  return MakeLambda([base, index](const Row& row, ExecutionContext& context) -> Result<Value> {
    TUPU_TRY_ASSIGN(const Value whole, base->Evaluate(row, context));
    TUPU_TRY_ASSIGN(const Value place, index->Evaluate(row, context));
    return IndexOf(whole, place, context.view);
  });
}

ExpressionPtr MakeSlice(ExpressionPtr base, ExpressionPtr from, ExpressionPtr to) {
  return MakeLambda([base, from, to](const Row& row, ExecutionContext& context) -> Result<Value> {
    TUPU_TRY_ASSIGN(const Value list, base->Evaluate(row, context));
    std::optional<Value> begin;
    std::optional<Value> end;
    if (from) {
      TUPU_TRY_ASSIGN(begin, from->Evaluate(row, context));
    }
    if (to) {
      TUPU_TRY_ASSIGN(end, to->Evaluate(row, context));
    }
    return Slice(list, begin, end);
  });
}

namespace {

void AddStep(PathReference& path, const EdgeReference& edge) {
  const VertexId at = path.vertices.back();
  path.edges.push_back(edge);
  path.vertices.push_back(edge.start == at ? edge.end : edge.start);
}

}  // namespace

ExpressionPtr MakePath(Slot start, std::vector<Slot> edges) {
  return MakeLambda([start, edges = std::move(edges)](const Row& row, ExecutionContext&) -> Result<Value> {
    const Value first = row.Get(start);
    if (first.type() != ValueType::kVertexReference) return Value();
    PathReference path;
    path.vertices.push_back(first.AsVertexReference());
    for (const Slot slot : edges) {
      const Value step = row.Get(slot);
      if (step.is_null()) return Value();
      if (step.type() == ValueType::kEdgeReference) AddStep(path, step.AsEdgeReference());
      if (step.type() != ValueType::kList) continue;
      for (const Value& edge : step.AsList()) AddStep(path, edge.AsEdgeReference());
    }
    return Value(std::move(path));
  });
}

ExpressionPtr MakeEdgesDiffer(std::vector<Slot> left, std::vector<Slot> right) {
  return MakeLambda(
      [left = std::move(left), right = std::move(right)](const Row& row, ExecutionContext&) -> Result<Value> {
        std::vector<EdgeId> ours;
        std::vector<EdgeId> theirs;
        CollectEdges(row, left, ours);
        CollectEdges(row, right, theirs);
        return Value(std::none_of(ours.begin(), ours.end(), [&](EdgeId edge) {
          return std::find(theirs.begin(), theirs.end(), edge) != theirs.end();
        }));
      });
}

}  // namespace tupu
