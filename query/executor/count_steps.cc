#include "query/executor/count_steps.h"

#include <algorithm>

#include "query/executor/expand.h"
#include "query/executor/vertex_column.h"

namespace tupu {

namespace {

constexpr size_t kMostSteps = 1 << 14;  // at a time, or one hub

}  // namespace

CountSteps::CountSteps(OperatorPtr input, CountedSteps step)
    : Operator(Children(std::move(input))), step_(std::move(step)) {}

Status CountSteps::OpenSelf() {
  Prepare(input_);
  types_ = ResolveTypes(step_.types, context().view);
  labels_.clear();
  none_ = types_.MatchesNothing();
  for (const LabelName& name : step_.to_labels) {
    const std::optional<LabelId> label = name.Find(context().view);
    none_ = none_ || !label;
    if (label) labels_.push_back(*label);
  }
  return {};
}

void CountSteps::CloseSelf() {
  input_.Clear();
  ends_ = {};
  steps_ = {};
}

/// Leaves in fits_ which of the ends carry all labels.
Status CountSteps::ReadLabels(std::span<const VertexId> ends) {
  fits_.assign(ends.size(), 1);
  fits_label_.resize(ends.size());
  for (const LabelId label : labels_) {
    TUPU_TRY(context().view.ReadLabel(ends, label, fits_label_));
    for (size_t i = 0; i < ends.size(); ++i) fits_[i] &= fits_label_[i];
  }
  return {};
}

Status CountSteps::CountByEnds() {
  const std::span<const VertexId> all(vertices_);
  for (size_t done = 0; done < all.size();) {
    TUPU_TRY(context().cancellation.Check());
    TUPU_TRY(context().view.ExpandTargets(all.subspan(done), step_.direction, types_.ids, kMostSteps, ends_));
    TUPU_TRY(ReadLabels(ends_.targets));
    for (size_t i = 0; i < ends_.size(); ++i, ++done) {
      uint64_t count = 0;
      for (size_t at = ends_.offsets[i]; at < ends_.offsets[i + 1]; ++at) count += fits_[at];
      counts_[done] = count;
    }
  }
  return {};
}

Status CountSteps::CountByEdges() {
  const std::span<const VertexId> all(vertices_);
  for (size_t done = 0; done < all.size();) {
    TUPU_TRY(context().cancellation.Check());
    TUPU_TRY(context().view.ExpandBatch(all.subspan(done), step_.direction, types_.ids, kMostSteps, steps_));
    step_ends_.clear();
    for (const Neighbour& step : steps_.neighbours) step_ends_.push_back(step.vertex);
    TUPU_TRY(ReadLabels(step_ends_));
    for (size_t i = 0; i < steps_.size(); ++i, ++done) {
      used_edges_.clear();
      CollectEdges(Row{&input_, rows_[done]}, step_.different_from, used_edges_);
      uint64_t count = 0;
      for (size_t at = steps_.offsets[i]; at < steps_.offsets[i + 1]; ++at) {
        const bool used =
            std::find(used_edges_.begin(), used_edges_.end(), steps_.neighbours[at].edge) != used_edges_.end();
        count += used ? 0 : fits_[at];
      }
      counts_[done] = count;
    }
  }
  return {};
}

Status CountSteps::Count() {
  counts_.assign(vertices_.size(), 0);
  if (none_) return {};
  if (!step_.different_from.empty()) return CountByEdges();
  if (!labels_.empty()) return CountByEnds();
  return context().view.Degrees(vertices_, step_.direction, types_.ids, counts_);
}

Status CountSteps::NextBatch(Batch& out) {
  while (out.size == 0) {
    TUPU_TRY_ASSIGN(const bool more, child().Next(input_));
    if (!more) return {};
    vertices_.clear();
    rows_.clear();
    passing_.clear();
    CollectVertices(input_, step_.from, vertices_, rows_);
    TUPU_TRY(Count());
    Column& weights = out.columns[step_.weight];
    for (size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] == 0) continue;
      const int64_t before = step_.weight_in ? input_.columns[*step_.weight_in].integers()[rows_[i]] : 1;
      int64_t weight = 0;
      if (__builtin_mul_overflow(before, static_cast<int64_t>(counts_[i]), &weight))
        return Error{ErrorCode::kInvalidArgument, "there are more matches than an INTEGER counts"};
      weights.AppendInteger(weight);
      passing_.push_back(rows_[i]);
    }
    GatherLive(input_, passing_, out);
  }
  return {};
}

}  // namespace tupu
