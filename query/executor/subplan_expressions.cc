#include "query/executor/expressions.h"
#include "query/executor/lambda_expression.h"

namespace tupu {

namespace {

class SubplanExpression : public Expression {
 public:
  explicit SubplanExpression(SubplanSource source) : source_(std::move(source)) {}

 protected:
  Status Run(const Row& row, ExecutionContext& context, const std::function<Result<bool>(const Row&)>& visit) const {
    std::unique_ptr<Subplan>& plan = context.subplans[this];
    if (!plan) plan = source_.make(context.slot_count);
    std::vector<std::pair<Slot, Value>> extra;
    for (const Slot slot : source_.locals) extra.emplace_back(slot, context.locals[slot]);
    return plan->Run(row, extra, context, visit);
  }

 private:
  SubplanSource source_;
};

class ExistsExpression final : public SubplanExpression {
 public:
  using SubplanExpression::SubplanExpression;
  Result<Value> Evaluate(const Row& row, ExecutionContext& context) const override {
    bool found = false;
    const auto stop_at_first = [&](const Row&) -> Result<bool> {
      found = true;
      return false;
    };
    TUPU_TRY(Run(row, context, stop_at_first));
    return Value(found);
  }
};

class CountExpression final : public SubplanExpression {
 public:
  using SubplanExpression::SubplanExpression;
  Result<Value> Evaluate(const Row& row, ExecutionContext& context) const override {
    int64_t count = 0;
    const auto count_row = [&](const Row&) -> Result<bool> {
      ++count;
      return true;
    };
    TUPU_TRY(Run(row, context, count_row));
    return Value(count);
  }
};

class CollectExpression final : public SubplanExpression {
 public:
  CollectExpression(SubplanSource source, ExpressionPtr projection, bool first_only)
      : SubplanExpression(std::move(source)), projection_(std::move(projection)), first_only_(first_only) {}

  Result<Value> Evaluate(const Row& row, ExecutionContext& context) const override {
    List values;
    MemoryCharge charge(&context.memory);
    const auto collect = [&](const Row& inner) -> Result<bool> {
      TUPU_TRY_ASSIGN(Value value, projection_->Evaluate(inner, context));
      TUPU_TRY(charge.Add(EstimateBytes(value)));
      values.push_back(std::move(value));
      return !first_only_;
    };
    TUPU_TRY(Run(row, context, collect));
    if (first_only_) return values.empty() ? Value() : values.front();
    return Value(std::move(values));
  }

 private:
  ExpressionPtr projection_;
  bool first_only_;
};

}  // namespace

ExpressionPtr MakeExists(SubplanSource plan) {
  return std::make_shared<const ExistsExpression>(std::move(plan));
}

ExpressionPtr MakeCount(SubplanSource plan) {
  return std::make_shared<const CountExpression>(std::move(plan));
}

ExpressionPtr MakeCollect(SubplanSource plan, ExpressionPtr projection, bool first_only) {
  return std::make_shared<const CollectExpression>(std::move(plan), std::move(projection), first_only);
}

}  // namespace tupu
