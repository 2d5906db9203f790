#include "query/query.h"

#include <algorithm>

#include <fmt/format.h>

#include "query/binder/binder.h"
#include "query/executor/materialize.h"
#include "query/parser/parser.h"
#include "query/planner/plan_query.h"
#include "query/schema/schema_command.h"

namespace tupu {

namespace {

class PlannedQuery final : public CompiledQuery {
 public:
  explicit PlannedQuery(BoundQuery bound) : bound_(std::move(bound)) {}

  /// The plan points into the bound query: planned only once that has its place.
  Status Plan(const GraphView& view) {
    if (bound_.command) {
      if (explains()) columns_ = {"plan"};
      return {};
    }
    TUPU_TRY_ASSIGN(plan_, PlanQuery(bound_, view));
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

 private:
  BoundQuery bound_;
  QueryPlan plan_;
  std::vector<std::string> columns_;
};

/// EXPLAIN: the plan, a line a row.
class ExplainCursor final : public QueryCursor {
 public:
  explicit ExplainCursor(std::string text) : text_(std::move(text)) {}

  Result<std::vector<std::vector<Value>>> Next() override {
    std::vector<std::vector<Value>> rows;
    size_t begin = 0;
    while (begin < text_.size()) {
      const size_t end = std::min(text_.find('\n', begin), text_.size());
      rows.push_back({Value(text_.substr(begin, end - begin))});
      begin = end + 1;
    }
    text_.clear();
    return rows;
  }

 private:
  std::string text_;
};

class PlanCursor final : public QueryCursor {
 public:
  PlanCursor(const QueryPlan& plan, const GraphView& view, GraphTransaction* transaction,
             const ExecutionOptions& options)
      : parameters_(options.parameters),
        context_(view, transaction, parameters_, options.cancellation, options.memory_limit_bytes,
                 options.memory_budget, plan.slot_count),
        root_(Instantiate(*plan.root, arguments_)),
        results_(plan.results),
        batch_(plan.slot_count) {}

  Result<std::vector<std::vector<Value>>> Next() override {
    std::vector<std::vector<Value>> rows;
    if (ended_) return rows;
    Status status = Fill(rows);
    if (status.has_value() && !rows.empty()) return rows;
    ended_ = true;
    root_->Close();
    if (!status.has_value()) return std::move(status).error();
    return rows;
  }

 private:
  Status Fill(std::vector<std::vector<Value>>& rows) {
    if (!open_) {
      open_ = true;
      TUPU_TRY(root_->Open(context_));
    }
    TUPU_TRY_ASSIGN(const bool more, root_->Next(batch_));
    if (!more) return {};
    rows.resize(batch_.size);
    for (size_t row = 0; row < batch_.size; ++row) {
      rows[row].reserve(results_.size());
      for (const Slot slot : results_) {
        TUPU_TRY_ASSIGN(Value value, Materialize(batch_.columns[slot].Get(row), context_));
        rows[row].push_back(std::move(value));
      }
    }
    return {};
  }

  Map parameters_;
  ExecutionContext context_;
  Arguments arguments_;
  OperatorPtr root_;
  std::vector<Slot> results_;
  Batch batch_;
  bool open_ = false;
  bool ended_ = false;
};

Status CheckParameters(const CompiledQuery& query, const Map& given) {
  for (const std::string& name : query.parameters()) {
    if (given.contains(name)) continue;
    Error error{ErrorCode::kInvalidArgument, fmt::format("parameter ${} was not given", name)};
    error.condition = "ParameterMissing.MissingParameter";
    error.hint = fmt::format("Give it with --param {}=VALUE.", name);
    return error;
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const CompiledQuery>> CompileQuery(std::string_view text, const GraphView& view,
                                                          const ProcedureRegistry& procedures) {
  TUPU_TRY_ASSIGN(const AstQuery ast, Parse(text));
  TUPU_TRY_ASSIGN(BoundQuery bound, Bind(ast, procedures));
  auto query = std::make_shared<PlannedQuery>(std::move(bound));
  TUPU_TRY(query->Plan(view));
  return std::shared_ptr<const CompiledQuery>(std::move(query));
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
  TUPU_TRY(CheckParameters(query, options.parameters));
  return std::unique_ptr<QueryCursor>(std::make_unique<PlanCursor>(planned.plan(), view, transaction, options));
}

}  // namespace tupu
