#include "query/executor/index_seek.h"

#include <algorithm>
#include <array>

#include "storage/base/storable.h"
#include "storage/keys/ordered_value.h"

namespace tupu {

namespace {

constexpr size_t kBuffered = 1024;

/// The values of an IN list that can equal something, each once: 1 and 1.0 are one.
std::vector<Value> DistinctOf(const List& list) {
  std::vector<Value> distinct;
  std::set<std::string> seen;
  for (const Value& value : list) {
    if (!IsStorable(value)) continue;
    std::string bytes;
    AppendOrderedValue(bytes, value);
    if (seen.insert(std::move(bytes)).second) distinct.push_back(value);
  }
  return distinct;
}

}  // namespace

bool IndexSeekTerms::IsOnline(const GraphView& view) const {
  const IndexDefinition* definition = view.indexes().FindIndex(index);
  return definition != nullptr && definition->online();
}

Result<std::optional<std::vector<IndexRange>>> IndexSeekTerms::RangesFor(const Row& row,
                                                                         ExecutionContext& context) const {
  using Ranges = std::optional<std::vector<IndexRange>>;
  const Ranges nothing{std::vector<IndexRange>()};
  IndexRange range;
  std::vector<Value> alternatives;
  std::optional<size_t> list_at;
  for (size_t i = 0; i < equal.size(); ++i) {
    TUPU_TRY_ASSIGN(Value value, equal[i].value->Evaluate(row, context));
    if (value.is_null()) return nothing;
    if (equal[i].in_list) {
      if (value.type() != ValueType::kList) return Ranges();
      alternatives = DistinctOf(value.AsList());
      list_at = i;
    }
    range.equal.push_back(std::move(value));
  }
  if (prefix) {
    TUPU_TRY_ASSIGN(const Value value, prefix->Evaluate(row, context));
    if (value.type() != ValueType::kString) return nothing;
    range.prefix = value.AsString();
  }
  for (const auto& [from, to] : {std::pair(&lower, &range.lower), std::pair(&upper, &range.upper)}) {
    if (!*from) continue;
    TUPU_TRY_ASSIGN(Value value, (*from)->value->Evaluate(row, context));
    if (value.is_null()) return nothing;
    *to = IndexBound{std::move(value), (*from)->inclusive};
  }
  if (!list_at) return Ranges(std::vector{std::move(range)});
  std::vector<IndexRange> ranges;
  for (Value& value : alternatives) {
    range.equal[*list_at] = std::move(value);
    ranges.push_back(range);
  }
  return Ranges(std::move(ranges));
}

NodeIndexSeek::NodeIndexSeek(OperatorPtr input, Slot slot, LabelName label, IndexSeekTerms terms)
    : NodeScan(std::move(input), slot, std::move(label)), slot_(slot), terms_(std::move(terms)) {}

Status NodeIndexSeek::Begin(const Row& row) {
  cursor_.reset();
  next_range_ = 0;
  ranges_.clear();
  scan_ = !terms_.IsOnline(context().view);
  if (!scan_) {
    TUPU_TRY_ASSIGN(auto ranges, terms_.RangesFor(row, context()));
    scan_ = !ranges.has_value();
    if (ranges) ranges_ = std::move(*ranges);
  }
  return scan_ ? NodeScan::Begin(row) : Status();
}

Result<size_t> NodeIndexSeek::Produce(const Row& row, size_t room, Batch& out) {
  if (scan_) return NodeScan::Produce(row, room, out);
  buffer_.resize(room);
  while (true) {
    if (!cursor_) {
      if (next_range_ == ranges_.size()) return size_t{0};
      TUPU_TRY_ASSIGN(cursor_, context().view.SeekVertices(terms_.index, ranges_[next_range_++]));
    }
    TUPU_TRY_ASSIGN(const size_t count, cursor_->Next(buffer_));
    for (size_t i = 0; i < count; ++i) out.columns[slot_].AppendVertex(buffer_[i]);
    if (count > 0) return count;
    cursor_.reset();
  }
}

NodeByKey::NodeByKey(OperatorPtr input, Slot slot, LabelName label, std::string key_label,
                     std::vector<ExpressionPtr> values)
    : NodeScan(std::move(input), slot, std::move(label)),
      slot_(slot),
      key_label_(std::move(key_label)),
      values_(std::move(values)) {}

Status NodeByKey::Begin(const Row& row) {
  found_.clear();
  position_ = 0;
  std::vector<Value> values;
  for (const ExpressionPtr& each : values_) {
    TUPU_TRY_ASSIGN(Value value, each->Evaluate(row, context()));
    values.push_back(std::move(value));
  }
  TUPU_TRY_ASSIGN(auto found, context().view.FindByDeclaredKey(key_label_, values));
  scan_ = !found.has_value();
  if (scan_) return NodeScan::Begin(row);
  found_ = std::move(*found);
  return {};
}

Result<size_t> NodeByKey::Produce(const Row& row, size_t room, Batch& out) {
  if (scan_) return NodeScan::Produce(row, room, out);
  const size_t count = std::min(room, found_.size() - position_);
  for (size_t i = 0; i < count; ++i) out.columns[slot_].AppendVertex(found_[position_++]);
  return count;
}

EdgeIndexSeek::EdgeIndexSeek(OperatorPtr input, EdgeSeekStep step, EdgeTypeName type, IndexSeekTerms terms)
    : RowExpander(std::move(input)), step_(step), type_(std::move(type)), terms_(std::move(terms)) {}

Status EdgeIndexSeek::Begin(const Row& row) {
  cursor_.reset();
  vertices_.reset();
  buffer_.clear();
  ranges_.clear();
  next_range_ = position_ = 0;
  reverse_next_ = false;
  scan_ = !terms_.IsOnline(context().view);
  if (!scan_) {
    TUPU_TRY_ASSIGN(auto ranges, terms_.RangesFor(row, context()));
    scan_ = !ranges.has_value();
    if (ranges) ranges_ = std::move(*ranges);
  }
  if (scan_) {
    TUPU_TRY_ASSIGN(vertices_, context().view.ScanVertices(std::nullopt));
  }
  return {};
}

/// Leaves the buffer empty at the end.
Status EdgeIndexSeek::Refill() {
  position_ = 0;
  buffer_.clear();
  if (scan_) return RefillFromScan();
  while (buffer_.empty()) {
    if (!cursor_) {
      if (next_range_ == ranges_.size()) return {};
      TUPU_TRY_ASSIGN(cursor_, context().view.SeekEdges(terms_.index, ranges_[next_range_++]));
    }
    buffer_.resize(kBuffered);
    TUPU_TRY_ASSIGN(const size_t count, cursor_->Next(buffer_));
    buffer_.resize(count);
    if (count == 0) cursor_.reset();
  }
  return {};
}

Status EdgeIndexSeek::RefillFromScan() {
  const std::optional<EdgeTypeId> type = type_.Find(context().view);
  if (!type) return {};
  std::array<VertexId, 256> starts;
  std::vector<Neighbour> steps;
  while (buffer_.empty()) {
    TUPU_TRY(context().cancellation.Check());
    TUPU_TRY_ASSIGN(const size_t count, vertices_->Next(starts));
    if (count == 0) return {};
    for (size_t i = 0; i < count; ++i) {
      steps.clear();
      TUPU_TRY(context().view.Expand(starts[i], Direction::kOut, std::array{*type}, steps));
      for (const Neighbour& step : steps) buffer_.push_back({step.edge, starts[i], step.vertex, *type});
    }
  }
  return {};
}

void EdgeIndexSeek::Append(const EdgeReference& edge, bool reversed, Batch& out) const {
  out.columns[step_.edge].AppendEdge(edge);
  out.columns[step_.left].AppendVertex(reversed ? edge.end : edge.start);
  out.columns[step_.right].AppendVertex(reversed ? edge.start : edge.end);
}

Result<size_t> EdgeIndexSeek::Produce(const Row&, size_t room, Batch& out) {
  size_t produced = 0;
  while (produced < room) {
    if (position_ == buffer_.size()) {
      TUPU_TRY(Refill());
      if (buffer_.empty()) break;
    }
    const EdgeReference& edge = buffer_[position_];
    const bool twice = step_.direction == Direction::kBoth && edge.start != edge.end;
    Append(edge, step_.direction == Direction::kIn || reverse_next_, out);
    ++produced;
    reverse_next_ = twice && !reverse_next_;
    if (!reverse_next_) ++position_;
  }
  return produced;
}

}  // namespace tupu
