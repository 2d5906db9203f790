#include "query/executor/delete.h"

#include <fmt/format.h>

#include "storage/graph/graph_store.h"

namespace tupu {

Delete::Delete(OperatorPtr input, std::vector<ExpressionPtr> targets, bool detach)
    : Operator(Children(std::move(input))), targets_(std::move(targets)), detach_(detach) {}

Status Delete::OpenSelf() {
  buffer_.Begin(context().slot_count);
  seen_edges_.clear();
  seen_vertices_.clear();
  edges_.clear();
  vertices_.clear();
  done_ = false;
  return {};
}

void Delete::AddEdge(const EdgeReference& edge) {
  if (!context().IsDeleted(edge.id) && seen_edges_.insert(ToInteger(edge.id)).second) edges_.push_back(edge);
}

void Delete::AddVertex(VertexId vertex) {
  if (!context().IsDeleted(vertex) && seen_vertices_.insert(ToInteger(vertex)).second) vertices_.push_back(vertex);
}

Status Delete::AddTarget(const Value& target) {
  switch (target.type()) {
    case ValueType::kNull: return {};
    case ValueType::kVertexReference: AddVertex(target.AsVertexReference()); return {};
    case ValueType::kEdgeReference: AddEdge(target.AsEdgeReference()); return {};
    case ValueType::kPathReference:
      for (const EdgeReference& edge : target.AsPathReference().edges) AddEdge(edge);
      for (const VertexId vertex : target.AsPathReference().vertices) AddVertex(vertex);
      return {};
    default: break;
  }
  Error error{ErrorCode::kInvalidArgument,
              fmt::format("DELETE takes vertices, edges and paths, but here it is a {}", Name(target.type()))};
  error.condition = "TypeError.InvalidArgumentType";
  return error;
}

Status Delete::DeleteOne(VertexId vertex) {
  std::vector<Neighbour> left;
  TUPU_TRY(context().view.Expand(vertex, Direction::kBoth, {}, left));
  if (!left.empty() && !detach_) {
    Error error{ErrorCode::kConstraint,
                fmt::format("vertex {} still has {} edges and cannot be deleted", ToInteger(vertex), left.size())};
    error.condition = "ConstraintVerificationFailed.DeleteConnectedNode";
    error.hint = "Delete its edges first, or use DETACH DELETE.";
    return error;
  }
  for (const Neighbour& each : left) context().deleted_edges.insert(ToInteger(each.edge));
  return context().transaction->DeleteVertex(vertex, detach_);
}

Status Delete::DeleteAll() {
  // Marked here and not when they were gathered: targets of later rows may still read what goes.
  context().deleted_edges.insert(seen_edges_.begin(), seen_edges_.end());
  context().deleted_vertices.insert(seen_vertices_.begin(), seen_vertices_.end());
  for (const EdgeReference& edge : edges_) TUPU_TRY(context().transaction->DeleteEdge(edge));
  for (const VertexId vertex : vertices_) {
    TUPU_TRY(context().cancellation.Check());
    TUPU_TRY(DeleteOne(vertex));
  }
  return {};
}

Status Delete::NextBatch(Batch& out) {
  while (!done_) {
    TUPU_TRY_ASSIGN(const bool more, child().Next(out));
    for (size_t row = 0; row < out.size; ++row)
      for (const ExpressionPtr& expression : targets_) {
        TUPU_TRY_ASSIGN(const Value target, expression->Evaluate(Row{&out, row}, context()));
        TUPU_TRY(AddTarget(target));
      }
    if (more) TUPU_TRY(buffer_.Add(out, memory()));
    done_ = !more;
    if (done_) TUPU_TRY(DeleteAll());
  }
  out.Clear();
  buffer_.Give(out);
  return {};
}

}  // namespace tupu
