#include "query/executor/create.h"

#include <fmt/format.h>

namespace tupu {

namespace {

Result<VertexId> EndOf(const Row& row, Slot slot, const CreateEdgeItem& item) {
  const Value value = row.Get(slot);
  if (value.type() == ValueType::kVertexReference) return value.AsVertexReference();
  Error error{ErrorCode::kInvalidArgument, fmt::format("an edge of type `{}` cannot be created: one of its ends is {}",
                                                       item.type, value.ToString())};
  error.condition = "EntityNotFound.MissingEnd";
  error.hint = "OPTIONAL MATCH leaves null where it finds nothing; filter such rows before CREATE.";
  return error;
}

Status CreateVertexFor(const CreateVertexItem& item, Batch& rows, size_t row, ExecutionContext& context, bool merge) {
  TUPU_TRY_ASSIGN(Properties properties, EvaluateProperties(item.properties, Row{&rows, row}, context, merge));
  std::vector<LabelId> labels;
  for (const std::string& name : item.labels) labels.push_back(context.transaction->InternLabel(name));
  TUPU_TRY_ASSIGN(const VertexId id, context.transaction->CreateVertex(std::move(labels), std::move(properties)));
  rows.columns[item.slot].AppendVertex(id);
  return {};
}

Status CreateEdgeFor(const CreateEdgeItem& item, Batch& rows, size_t row, ExecutionContext& context, bool merge) {
  TUPU_TRY_ASSIGN(Properties properties, EvaluateProperties(item.properties, Row{&rows, row}, context, merge));
  TUPU_TRY_ASSIGN(const VertexId start, EndOf(Row{&rows, row}, item.start, item));
  TUPU_TRY_ASSIGN(const VertexId end, EndOf(Row{&rows, row}, item.end, item));
  const EdgeTypeId type = context.transaction->InternEdgeType(item.type);
  TUPU_TRY_ASSIGN(const EdgeReference edge, context.transaction->CreateEdge(start, type, end, std::move(properties)));
  rows.columns[item.slot].AppendEdge(edge);
  return {};
}

}  // namespace

Status CreateForRow(const CreatePattern& pattern, Batch& rows, size_t row, ExecutionContext& context, bool merge) {
  for (const CreateVertexItem& item : pattern.vertices) TUPU_TRY(CreateVertexFor(item, rows, row, context, merge));
  for (const CreateEdgeItem& item : pattern.edges) TUPU_TRY(CreateEdgeFor(item, rows, row, context, merge));
  return {};
}

Create::Create(OperatorPtr input, std::vector<CreatePattern> parts)
    : Operator(Children(std::move(input))), parts_(std::move(parts)) {}

Status Create::NextBatch(Batch& out) {
  TUPU_TRY_ASSIGN(const bool more, child().Next(out));
  if (!more) return {};
  for (size_t row = 0; row < out.size; ++row)
    for (const CreatePattern& part : parts_) TUPU_TRY(CreateForRow(part, out, row, context(), false));
  return {};
}

}  // namespace tupu
