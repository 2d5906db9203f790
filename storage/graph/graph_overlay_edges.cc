// The edges of a state with a transaction's changes: stored ones without those that it deleted, merged with its own.

#include <algorithm>
#include <tuple>

#include "storage/graph/graph_overlay.h"
#include "storage/keys/adjacency_block.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

bool StepBefore(const Neighbour& a, const Neighbour& b) {
  return std::tie(a.type, a.vertex, a.edge) < std::tie(b.type, b.vertex, b.edge);
}

// `out` from `first` on: stored steps, in order, and from `stored` on new ones, not in order.
template <class Step>
void MergeSteps(std::vector<Step>& out, ptrdiff_t first, ptrdiff_t stored) {
  std::sort(out.begin() + stored, out.end(), StepBefore);
  std::inplace_merge(out.begin() + first, out.begin() + stored, out.end(), StepBefore);
}

bool Selects(std::span<const EdgeTypeId> types, EdgeTypeId type) {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

Result<std::optional<EdgeReference>> GraphOverlay::FindEdgeReference(EdgeId id) const {
  NoteRead(ItemKind::kEdge, ToInteger(id));
  if (const CreatedEdge* created = Created(id)) {
    if (created->deleted()) return std::optional<EdgeReference>();
    return std::optional(EdgeReference{id, created->start, created->end, created->type});
  }
  if (const auto changed = changed_edges_.find(id); changed != changed_edges_.end()) {
    if (changed->second.deleted) return std::optional<EdgeReference>();
    return std::optional(changed->second.reference);
  }
  return base_->FindEdgeReference(id);
}

Result<std::optional<std::string>> GraphOverlay::FindEdgeRow(const EdgeReference& edge) const {
  NoteRead(ItemKind::kEdge, ToInteger(edge.id));
  if (const CreatedEdge* created = Created(edge.id)) {
    if (created->deleted()) return std::optional<std::string>();
    return std::optional(std::string(created->row));
  }
  if (const auto changed = changed_edges_.find(edge.id); changed != changed_edges_.end()) {
    if (changed->second.deleted) return std::optional<std::string>();
    return std::optional(std::string(changed->second.row));
  }
  TUPU_TRY_ASSIGN(const auto located, base_->adjacency().Locate(edge));
  if (!located) return std::optional<std::string>();
  TUPU_TRY_ASSIGN(const AdjacencyBlock block, AdjacencyBlock::Parse(located->block_bytes));
  TUPU_TRY_ASSIGN(const Properties properties, block.PropertiesAt(located->position));
  std::string row;
  AppendRow(row, properties);
  return std::optional(std::move(row));
}

Result<std::optional<EdgeRecord>> GraphOverlay::FindEdge(EdgeId id) const {
  TUPU_TRY_ASSIGN(const auto reference, FindEdgeReference(id));
  if (!reference) return std::optional<EdgeRecord>();
  TUPU_TRY_ASSIGN(Properties properties, EdgeProperties(*reference));
  return std::optional(EdgeRecord{*reference, std::move(properties)});
}

Result<Properties> GraphOverlay::EdgeProperties(const EdgeReference& edge) const {
  NoteRead(ItemKind::kEdge, ToInteger(edge.id));
  if (!IsCreated(edge.id) && !changed_edges_.contains(edge.id)) return base_->EdgeProperties(edge);
  TUPU_TRY_ASSIGN(const auto row, FindEdgeRow(edge));
  return row ? DecodeRow(*row) : Properties();
}

Result<Value> GraphOverlay::EdgeProperty(const EdgeReference& edge, PropertyKeyId key) const {
  NoteRead(ItemKind::kEdge, ToInteger(edge.id));
  if (!IsCreated(edge.id) && !changed_edges_.contains(edge.id)) return base_->EdgeProperty(edge, key);
  TUPU_TRY_ASSIGN(const auto row, FindEdgeRow(edge));
  return row ? DecodeRowProperty(*row, key) : Value();
}

Status GraphOverlay::ReadEdgeProperty(std::span<const EdgeReference> edges, PropertyKeyId key,
                                      PropertySink& out) const {
  if (!created_edges_.empty() || !changed_edges_.empty()) return GraphView::ReadEdgeProperty(edges, key, out);
  for (const EdgeReference& edge : edges) NoteRead(ItemKind::kEdge, ToInteger(edge.id));
  return base_->ReadEdgeProperty(edges, key, out);
}

GraphOverlay::Chain GraphOverlay::ChainOf(VertexId vertex) const {
  if (const CreatedVertex* created = Created(vertex)) return {created->first_out, created->first_in};
  const auto found = chains_.find(vertex);
  return found == chains_.end() ? Chain() : found->second;
}

void GraphOverlay::AppendCreatedSteps(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                                      bool skip_self_loops, std::vector<Neighbour>& out) const {
  const bool outgoing = side == AdjacencySide::kOut;
  const Chain chain = ChainOf(vertex);
  for (uint32_t at = outgoing ? chain.first_out : chain.first_in; at != kNone;) {
    const CreatedEdge& edge = created_edges_[at];
    const VertexId other = outgoing ? edge.end : edge.start;
    if (!edge.deleted() && Selects(types, edge.type) && !(skip_self_loops && other == vertex)) {
      out.push_back({other, CreatedEdgeAt(at), edge.type, outgoing});
    }
    at = outgoing ? edge.next_out : edge.next_in;
  }
}

bool GraphOverlay::IsDeleted(EdgeId stored) const {
  const auto changed = changed_edges_.find(stored);
  return changed != changed_edges_.end() && changed->second.deleted;
}

Status GraphOverlay::ExpandSide(VertexId vertex, AdjacencySide side, std::span<const EdgeTypeId> types,
                                bool skip_self_loops, std::vector<Neighbour>& out) const {
  NoteRead(ItemKind::kAdjacency, ToInteger(vertex));
  const auto first = static_cast<ptrdiff_t>(out.size());
  if (!IsCreated(vertex)) {
    TUPU_TRY(base_->adjacency().Expand(vertex, side, types, skip_self_loops, out));
    if (deleted_stored_edges_ > 0) {
      out.erase(
          std::remove_if(out.begin() + first, out.end(), [&](const Neighbour& step) { return IsDeleted(step.edge); }),
          out.end());
    }
  }
  const auto stored = static_cast<ptrdiff_t>(out.size());
  AppendCreatedSteps(vertex, side, types, skip_self_loops, out);
  MergeSteps(out, first, stored);
  return {};
}

Status GraphOverlay::ExpandOutWithProperties(VertexId vertex, std::span<const EdgeTypeId> types,
                                             std::vector<NeighbourRecord>& out) const {
  NoteRead(ItemKind::kAdjacency, ToInteger(vertex));
  const auto first = static_cast<ptrdiff_t>(out.size());
  if (!IsCreated(vertex)) {
    TUPU_TRY(base_->adjacency().ExpandWithProperties(vertex, types, out));
    if (!changed_edges_.empty()) {
      out.erase(
          std::remove_if(out.begin() + first, out.end(), [&](const Neighbour& step) { return IsDeleted(step.edge); }),
          out.end());
      for (auto step = out.begin() + first; step != out.end(); ++step) {
        const auto changed = changed_edges_.find(step->edge);
        if (changed == changed_edges_.end()) continue;
        TUPU_TRY_ASSIGN(step->properties, DecodeRow(changed->second.row));
      }
    }
  }
  const auto stored = static_cast<ptrdiff_t>(out.size());
  std::vector<Neighbour> created;
  AppendCreatedSteps(vertex, AdjacencySide::kOut, types, false, created);
  for (const Neighbour& step : created) {
    TUPU_TRY_ASSIGN(Properties properties, DecodeRow(Created(step.edge)->row));
    out.push_back({step, std::move(properties)});
  }
  MergeSteps(out, first, stored);
  if (reads_ != nullptr) {
    for (auto step = out.begin() + first; step != out.end(); ++step) NoteRead(ItemKind::kEdge, ToInteger(step->edge));
  }
  return {};
}

Status GraphOverlay::ExpandWithProperties(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types,
                                          std::vector<NeighbourRecord>& out) const {
  if (direction != Direction::kIn) TUPU_TRY(ExpandOutWithProperties(vertex, types, out));
  if (direction == Direction::kOut) return {};
  std::vector<Neighbour> steps;
  TUPU_TRY(ExpandSide(vertex, AdjacencySide::kIn, types, direction == Direction::kBoth, steps));
  return AppendIncomingRecords(*this, vertex, steps, out);
}

Status GraphOverlay::Expand(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types,
                            std::vector<Neighbour>& out) const {
  const bool both = direction == Direction::kBoth;
  if (direction != Direction::kIn) TUPU_TRY(ExpandSide(vertex, AdjacencySide::kOut, types, false, out));
  if (direction != Direction::kOut) TUPU_TRY(ExpandSide(vertex, AdjacencySide::kIn, types, both, out));
  return {};
}

Result<uint64_t> GraphOverlay::Degree(VertexId vertex, Direction direction, std::span<const EdgeTypeId> types) const {
  NoteRead(ItemKind::kAdjacency, ToInteger(vertex));
  std::vector<Neighbour> steps;
  if (deleted_stored_edges_ > 0) {
    TUPU_TRY(Expand(vertex, direction, types, steps));
    return steps.size();
  }
  uint64_t stored = 0;
  if (!IsCreated(vertex)) {
    TUPU_TRY_ASSIGN(stored, base_->Degree(vertex, direction, types));
  }
  const bool both = direction == Direction::kBoth;
  if (direction != Direction::kIn) AppendCreatedSteps(vertex, AdjacencySide::kOut, types, false, steps);
  if (direction != Direction::kOut) AppendCreatedSteps(vertex, AdjacencySide::kIn, types, both, steps);
  return stored + steps.size();
}

uint64_t GraphOverlay::CountEdges(std::optional<EdgeTypeId> type) const {
  NoteRead(ItemKind::kEdgesOfType, type ? ToInteger(*type) : kAnyType);
  return type ? counts_.OfType(*type) : counts_.edges;
}

}  // namespace tupu
