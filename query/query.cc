#include "query/query.h"

#include <algorithm>

#include <fmt/format.h>

#include "query/binder/binder.h"
#include "query/executor/materialize.h"
#include "query/parser/parser.h"
#include "query/planner/plan_instance.h"
#include "query/planner/plan_query.h"
#include "query/schema/schema_command.h"

namespace tupu {

namespace {

class PlannedQuery final : public CompiledQuery {
 public:
  explicit PlannedQuery(BoundQuery bound) : bound_(std::move(bound)) {}

  /// The plan points into the bound query: planned only once that has its place.
  Status Plan(const GraphView& view, const PlanningOptions& options) {
    if (bound_.command) {
      if (explains()) columns_ = {"plan"};
      return {};
    }
    TUPU_TRY_ASSIGN(plan_, PlanQuery(bound_, view, options));
    if (bound_.mode == BoundQuery::Mode::kExplain)
      columns_ = {"plan"};
    else
      columns_ = bound_.columns;
    return {};
  }

  const std::vector<std::string>& columns() const override { return columns_; }
  bool writes() const override { return bound_.writes && !explains(); }
  std::vector<std::string> parameters() const override {
    return explains() ? std::vector<std::string>() : bound_.parameters;
  }
  const SchemaCommand* schema_command() const override { return explains() ? nullptr : bound_.command.get(); }
  std::string Explain() const override {
    return bound_.command ? bound_.command->Describe() : tupu::Explain(*plan_.root);
  }

  /// The same, with the forms of adjacency that a run on `view` would read.
  std::string ExplainOn(const GraphView& view) const {
    return bound_.command ? bound_.command->Describe() : tupu::Explain(*plan_.root, &view);
  }

  bool explains() const { return bound_.mode == BoundQuery::Mode::kExplain; }
  const QueryPlan& plan() const { return plan_; }
  const std::vector<std::string>& bound_parameters() const { return bound_.parameters; }
  InstancePool& instances() const { return instances_; }

 private:
  BoundQuery bound_;
  QueryPlan plan_;
  mutable InstancePool instances_;
  std::vector<std::string> columns_;
};

/// EXPLAIN: the plan, a line a row.
class ExplainCursor final : public QueryCursor {
 public:
  explicit ExplainCursor(std::string text) : text_(std::move(text)) {}

  Result<const std::vector<Value>*> Next() override {
    if (begin_ >= text_.size()) return nullptr;
    const size_t end = std::min(text_.find('\n', begin_), text_.size());
    row_ = {Value(text_.substr(begin_, end - begin_))};
    begin_ = end + 1;
    return &row_;
  }

 private:
  std::string text_;
  size_t begin_ = 0;
  std::vector<Value> row_;
};

/// A run of a plan. When it ends well, what it is made of serves the next one.
class PlanCursor final : public QueryCursor {
 public:
  PlanCursor(std::unique_ptr<PlanInstance> instance, const std::vector<Slot>& results, InstancePool& pool)
      : instance_(std::move(instance)), results_(results), pool_(pool) {}
  ~PlanCursor() override {
    if (!usable_) return;
    instance_->End();
    pool_.Put(std::move(instance_));
  }

  Result<const std::vector<Value>*> Next() override {
    if (ended_) return nullptr;
    Result<const std::vector<Value>*> row = Advance();
    if (!row.has_value() || *row == nullptr) ended_ = true;
    return row;
  }

 private:
  Result<const std::vector<Value>*> Advance() {
    usable_ = false;  // until it has gone well, also when memory runs out inside
    if (at_ == instance_->batch().size) {
      at_ = 0;
      TUPU_TRY_ASSIGN(const bool more, instance_->NextBatch());
      if (!more) {
        usable_ = true;
        return nullptr;
      }
    }
    row_.resize(results_.size());
    for (size_t i = 0; i < results_.size(); ++i) {
      row_[i] = instance_->batch().columns[results_[i]].Get(at_);
      if (MayHoldReference(row_[i].type())) {
        TUPU_TRY_ASSIGN(row_[i], Materialize(row_[i], instance_->context()));
      }
    }
    ++at_;
    usable_ = true;
    return &row_;
  }

  std::unique_ptr<PlanInstance> instance_;
  const std::vector<Slot>& results_;
  InstancePool& pool_;
  std::vector<Value> row_;
  size_t at_ = 0;
  bool ended_ = false;
  bool usable_ = true;
};

/// The values of the parameters in the order of `names`.
Status TakeParameters(const std::vector<std::string>& names, const Map& given, std::vector<Value>& values) {
  for (const std::string& name : names) {
    const auto found = given.find(name);
    if (found != given.end()) {
      values.push_back(found->second);
      continue;
    }
    Error error{ErrorCode::kInvalidArgument, fmt::format("parameter ${} was not given", name)};
    error.condition = "ParameterMissing.MissingParameter";
    error.hint = fmt::format("Give it with --param {}=VALUE.", name);
    return error;
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const CompiledQuery>> CompileQuery(std::string_view text, const GraphView& view,
                                                          const ProcedureRegistry& procedures,
                                                          const PlanningOptions& options) {
  TUPU_TRY_ASSIGN(const AstQuery ast, Parse(text));
  TUPU_TRY_ASSIGN(BoundQuery bound, Bind(ast, procedures));
  auto query = std::make_shared<PlannedQuery>(std::move(bound));
  TUPU_TRY(query->Plan(view, options));
  return std::shared_ptr<const CompiledQuery>(std::move(query));
}

Result<std::vector<std::vector<Value>>> QueryCursor::All() {
  std::vector<std::vector<Value>> rows;
  for (;;) {
    TUPU_TRY_ASSIGN(const std::vector<Value>* row, Next());
    if (row == nullptr) return rows;
    rows.push_back(*row);
  }
}

Result<std::unique_ptr<QueryCursor>> ExecuteQuery(const CompiledQuery& query, const GraphView& view,
                                                  GraphTransaction* transaction, const ExecutionOptions& options) {
  const auto& planned = static_cast<const PlannedQuery&>(query);
  if (planned.explains()) return std::unique_ptr<QueryCursor>(std::make_unique<ExplainCursor>(planned.ExplainOn(view)));
  if (query.schema_command() != nullptr) {
    return Error{ErrorCode::kUnsupported, "indexes and constraints are not changed within a transaction",
                 query.schema_command()->where, "SyntaxError.UnsupportedFeature", "Run the statement by itself."};
  }
  if (query.writes() && transaction == nullptr)
    return Error{ErrorCode::kInvalidArgument, "the statement writes; it needs a transaction"};
  std::unique_ptr<PlanInstance> instance = planned.instances().Take();
  if (instance == nullptr) instance = std::make_unique<PlanInstance>(planned.plan());
  static const Map kNoParameters;
  const Map& given = options.parameters != nullptr ? *options.parameters : kNoParameters;
  TUPU_TRY(TakeParameters(planned.bound_parameters(), given, instance->BeginParameters()));
  instance->Begin(view, transaction, options);
  return std::unique_ptr<QueryCursor>(
      std::make_unique<PlanCursor>(std::move(instance), planned.plan().results, planned.instances()));
}

}  // namespace tupu
