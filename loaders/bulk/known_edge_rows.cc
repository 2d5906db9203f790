#include "loaders/bulk/known_edge_rows.h"

#include <algorithm>
#include <tuple>

#include "loaders/merge/property_merge.h"
#include "storage/base/check.h"
#include "storage/catalog/catalog.h"
#include "storage/keys/property_row.h"
#include "storage/ontology/ontology.h"

namespace tupu {

namespace {

/// So many identities are looked up ahead.
constexpr size_t kAhead = 8;
/// A list this much longer than what rows mean of it is not decoded with all of its properties.
constexpr size_t kLongList = 8;

bool DeclaresKeys(const Ontology& ontology) {
  const auto& types = ontology.edge_types();
  return std::any_of(types.begin(), types.end(), [](const auto& type) { return type.second.key.has_value(); });
}

}  // namespace

KnownEdgeRows::KnownEdgeRows(GraphBulkLoad& load)
    : load_(load),
      any_key_(DeclaresKeys(load.ontology())),
      united_({load.InternPropertyKey("sources")}),
      not_identity_({load.InternPropertyKey("sources"), load.InternPropertyKey("confidence")}) {}

const KnownEdgeRows::TypeFacts& KnownEdgeRows::FactsOf(EdgeTypeId type) {
  const auto [found, is_new] = facts_.try_emplace(ToInteger(type));
  if (is_new) {
    found->second.identity = EdgeIdentity::Of(type, load_.ontology(), load_.base().catalog());
    found->second.has_stored_edges = load_.base().CountEdges(type) > 0;
  }
  return found->second;
}

bool KnownEdgeRows::MayBeKnown(EdgeTypeId type, VertexId start) {
  const TypeFacts& facts = FactsOf(type);
  return facts.identity.has_key || (facts.has_stored_edges && IsStored(ToInteger(start)));
}

// --- Looking ---

Status KnownEdgeRows::Look(const EdgeBatch& batch, std::optional<PropertyKeyId> own_id) {
  facts_.clear();  // a property may have got its name since
  identities_.clear();
  waiting_.clear();
  candidates_.clear();
  why_not_.clear();
  own_id_ = own_id.has_value();
  if (!any_key_ && !own_id && load_.base().counts().edges == 0) return {};
  const TypeFacts* facts = nullptr;
  std::optional<EdgeTypeId> type;
  size_t begin = 0;
  for (size_t i = 0; i < batch.size(); ++i) {
    const EdgeBatch::Edge& edge = batch.edges()[i];
    const std::string_view row = batch.rows().substr(begin, edge.row_size);
    if (edge.type != type) {
      type = edge.type;
      facts = &FactsOf(edge.type);
    }
    if (own_id) {
      if (facts->has_stored_edges) why_not_ = "rows with an :ID are of a type that has stored edges";
      identities_.push_back({i, HashOfOwnId(edge.type, *own_id, row)});
    } else {
      if (facts->identity.has_key) identities_.push_back({i, facts->identity.HashOf(edge.type, edge, row)});
      if (facts->has_stored_edges && IsStored(edge.start)) waiting_.push_back({i, begin});
    }
    begin += edge.row_size;
  }
  return waiting_.empty() ? Status() : LookAtStored(batch);
}

Status KnownEdgeRows::LookAtStored(const EdgeBatch& batch) {
  const auto list_of = [&](const Waiting& waiting) {
    const EdgeBatch::Edge& edge = batch.edges()[waiting.row];
    return std::pair(edge.type, edge.start);
  };
  std::sort(waiting_.begin(), waiting_.end(), [&](const Waiting& a, const Waiting& b) {
    const auto key = [&](const Waiting& w) { return std::tuple(list_of(w), batch.edges()[w.row].end, w.row); };
    return key(a) < key(b);
  });
  for (size_t i = 0; i < waiting_.size();) {
    size_t end = i + 1;
    while (end < waiting_.size() && list_of(waiting_[end]) == list_of(waiting_[i])) ++end;
    TUPU_TRY(Compare(batch, std::span(waiting_).subspan(i, end - i)));
    i = end;
  }
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](const Candidate& a, const Candidate& b) { return a.row < b.row; });
  return {};
}

/// Of rows with one start and type, by their ends: which stored edges have their identities.
Status KnownEdgeRows::Compare(const EdgeBatch& batch, std::span<const Waiting> rows) {
  TUPU_TRY(ReadMeant(batch, rows));
  if (records_.empty()) return {};
  const auto by_vertex = [](const NeighbourRecord& a, const NeighbourRecord& b) { return a.vertex < b.vertex; };
  for (const Waiting& waiting : rows) {
    const EdgeBatch::Edge& edge = batch.edges()[waiting.row];
    NeighbourRecord wanted;
    wanted.vertex = static_cast<VertexId>(edge.end);
    const auto [begin, end] = std::equal_range(records_.begin(), records_.end(), wanted, by_vertex);
    if (begin == end) continue;
    const Result<Properties> row = DecodeRow(batch.rows().substr(waiting.begin, edge.row_size));
    TUPU_CHECK(row.has_value());
    const EdgeIdentity& identity = FactsOf(edge.type).identity;
    for (auto stored = begin; stored != end; ++stored) {
      const bool same = identity.has_key ? identity.SameKey(stored->properties, *row)
                                         : EqualExcept(stored->properties, *row, not_identity_);
      if (!same) continue;
      const bool holds = identity.has_key ? Holds(stored->properties, *row, united_) : stored->properties == *row;
      candidates_.push_back({waiting.row, stored->edge, holds});
    }
  }
  return {};
}

/// Fills records_ with the stored edges that have the ends of rows, by end.
Status KnownEdgeRows::ReadMeant(const EdgeBatch& batch, std::span<const Waiting> rows) {
  const EdgeBatch::Edge& first = batch.edges()[rows.front().row];
  const auto start = static_cast<VertexId>(first.start);
  steps_.clear();
  records_.clear();
  TUPU_TRY(load_.base().Expand(start, Direction::kOut, std::span(&first.type, 1), steps_));
  const size_t degree = steps_.size();
  auto row = rows.begin();
  std::erase_if(steps_, [&](const Neighbour& step) {
    while (row != rows.end() && batch.edges()[row->row].end < ToInteger(step.vertex)) ++row;
    return row == rows.end() || batch.edges()[row->row].end != ToInteger(step.vertex);
  });
  if (steps_.empty()) return {};
  if (degree < kLongList * steps_.size()) {
    return load_.base().ExpandWithProperties(start, Direction::kOut, std::span(&first.type, 1), records_);
  }
  for (const Neighbour& step : steps_) {
    NeighbourRecord& record = records_.emplace_back();
    static_cast<Neighbour&>(record) = step;
    TUPU_TRY_ASSIGN(record.properties, load_.base().EdgeProperties({step.edge, start, step.vertex, step.type}));
  }
  return {};
}

// --- Settling ---

std::string KnownEdgeRows::Settle(EdgeBatch& batch, EdgesMeant& meant) {
  if (!why_not_.empty() || (identities_.empty() && candidates_.empty())) return why_not_;
  std::vector<EdgeBatch::KnownRow> known;
  const uint64_t first_number = meant.later_rows;
  const uint64_t first_edge = load_.base().counts().next_edge;
  std::string why_not;
  auto identity = identities_.begin();
  auto candidate = candidates_.begin();
  while (why_not.empty() && (identity != identities_.end() || candidate != candidates_.end())) {
    const bool has_identity =
        identity != identities_.end() && (candidate == candidates_.end() || identity->row <= candidate->row);
    const size_t row = has_identity ? identity->row : candidate->row;
    if (has_identity) NameKey(batch.edges()[row].type, meant);
    const auto first = candidate;
    while (candidate != candidates_.end() && candidate->row == row) ++candidate;
    const bool is_stored = SettleStored(std::span(first, candidate), has_identity, meant, why_not);
    if (is_stored) known.push_back({row, std::nullopt});
    if (!has_identity) continue;
    const uint64_t hash = identity->hash;
    if (identities_.end() - identity > static_cast<ptrdiff_t>(kAhead)) meant.identities.Prefetch(identity[kAhead].hash);
    ++identity;
    if (is_stored) continue;
    const uint64_t edge = ToInteger(load_.next_edge()) + row - known.size() - first_edge;
    if (edge >= IdentityTable::kMostEdges) return "there are too many edges with keys";
    const auto same_as = meant.identities.FindOrAdd(hash, static_cast<uint32_t>(edge));
    if (!same_as) continue;
    if (own_id_) return "two rows have one :ID";
    if (load_.indexes().takes_edges()) return "two rows mean one edge, and edges are indexed";
    known.push_back({row, static_cast<EdgeId>(first_edge + *same_as)});
    ++meant.later_rows;
  }
  batch.TakeOut(known, first_number);
  return why_not;
}

/// A transaction gives names to the properties of a key when a row first needs it.
void KnownEdgeRows::NameKey(EdgeTypeId type, EdgesMeant& meant) {
  if (!meant.named_keys.insert(type).second) return;
  const EdgeTypeRule* rule = load_.ontology().FindEdgeType(load_.base().catalog().edge_types().GetName(type));
  if (rule == nullptr || !rule->key) return;
  for (const std::string& name : *rule->key) load_.InternPropertyKey(name);
}

/// Whether the row means one of the stored edges, all of which have its identity, and changes nothing of it.
bool KnownEdgeRows::SettleStored(std::span<const Candidate> candidates, bool has_key, EdgesMeant& meant,
                                 std::string& why_not) const {
  if (candidates.empty()) return false;
  if (has_key) {
    // Which of several EdgeMerger takes is nothing to rely on.
    if (candidates.size() > 1 || !candidates[0].holds) why_not = "a row means a stored edge that it changes";
    ++meant.unchanged;
    return true;
  }
  if (meant.taken.empty()) meant.taken.resize(load_.base().counts().next_edge);
  bool any_free = false;
  for (const Candidate& candidate : candidates) {
    const auto place = meant.taken[ToInteger(candidate.edge)];
    if (place) continue;
    any_free = true;
    if (!candidate.holds) continue;
    meant.taken[ToInteger(candidate.edge)] = true;
    ++meant.unchanged;
    return true;
  }
  if (any_free) why_not = "a row may mean a stored edge that it changes";
  return false;
}

}  // namespace tupu
