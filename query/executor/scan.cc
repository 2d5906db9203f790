#include "query/executor/scan.h"

#include <algorithm>

#include "storage/graph/graph_view.h"
#include "storage/text/normalize.h"

namespace tupu {

Status SingleRow::OpenSelf() {
  given_ = false;
  return {};
}

Status SingleRow::NextBatch(Batch& out) {
  if (!given_) out.size = 1;
  given_ = true;
  return {};
}

NodeScan::NodeScan(OperatorPtr input, Slot slot, std::optional<LabelName> label)
    : RowExpander(std::move(input)), slot_(slot), label_(std::move(label)) {}

Status NodeScan::Begin(const Row&) {
  cursor_.reset();
  std::optional<LabelId> label;
  if (label_) {
    label = label_->Find(context().view);
    if (!label) return {};  // a label that no vertex ever had
  }
  TUPU_TRY_ASSIGN(cursor_, context().view.ScanVertices(label));
  return {};
}

Result<size_t> NodeScan::Produce(const Row&, size_t room, Batch& out) {
  if (!cursor_) return size_t{0};
  buffer_.resize(room);
  TUPU_TRY_ASSIGN(const size_t count, cursor_->Next(buffer_));
  for (size_t i = 0; i < count; ++i) out.columns[slot_].AppendVertex(buffer_[i]);
  return count;
}

namespace {

size_t GiveFound(const std::vector<VertexId>& found, size_t& position, size_t room, Column& out) {
  const size_t count = std::min(room, found.size() - position);
  for (size_t i = 0; i < count; ++i) out.AppendVertex(found[position++]);
  return count;
}

}  // namespace

NodeByName::NodeByName(OperatorPtr input, Slot slot, std::optional<LabelName> label, ExpressionPtr name)
    : NodeScan(std::move(input), slot, std::move(label)), slot_(slot), name_(std::move(name)) {}

Status NodeByName::Begin(const Row& row) {
  found_.clear();
  position_ = 0;
  TUPU_TRY_ASSIGN(const Value name, name_->Evaluate(row, context()));
  scan_ = !name.is_null() && (name.type() != ValueType::kString || NormalizeName(name.AsString()).empty());
  if (scan_) return NodeScan::Begin(row);
  if (name.is_null()) return {};
  TUPU_TRY_ASSIGN(found_, context().view.FindByName(name.AsString()));
  return {};
}

Result<size_t> NodeByName::Produce(const Row& row, size_t room, Batch& out) {
  if (scan_) return NodeScan::Produce(row, room, out);
  return GiveFound(found_, position_, room, out.columns[slot_]);
}

NodeById::NodeById(OperatorPtr input, Slot slot, ExpressionPtr id)
    : RowExpander(std::move(input)), slot_(slot), id_(std::move(id)) {}

Status NodeById::AddCandidate(const Value& id) {
  int64_t number = -1;
  if (id.type() == ValueType::kInteger) number = id.AsInteger();
  if (id.type() == ValueType::kFloat && id.AsFloat() >= 0 && id.AsFloat() < 9e15)
    number = static_cast<int64_t>(id.AsFloat());  // a fraction is caught by the predicate above
  if (number < 0) return {};
  const VertexId vertex = static_cast<VertexId>(number);
  TUPU_TRY_ASSIGN(const bool exists, context().view.HasVertex(vertex));
  if (exists) found_.push_back(vertex);
  return {};
}

Status NodeById::Begin(const Row& row) {
  found_.clear();
  position_ = 0;
  TUPU_TRY_ASSIGN(const Value id, id_->Evaluate(row, context()));
  if (id.type() == ValueType::kList) {
    for (const Value& each : id.AsList()) TUPU_TRY(AddCandidate(each));
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return {};
  }
  return AddCandidate(id);
}

Result<size_t> NodeById::Produce(const Row&, size_t room, Batch& out) {
  return GiveFound(found_, position_, room, out.columns[slot_]);
}

}  // namespace tupu
