#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "storage/check/bucket_sums.h"
#include "storage/check/check_state.h"
#include "storage/csr/saved_topology.h"
#include "storage/csr/topology_builder.h"
#include "storage/csr/topology_delta.h"

namespace tupu {

namespace {

/// The file of saved CSRs with the log laid over it, against the sums of the lists.
class SavedCsrCheck {
 public:
  SavedCsrCheck(CheckState& state, std::shared_ptr<SavedTopology> saved) : state_(state), saved_(std::move(saved)) {}

  Status Run() {
    for (size_t slot = 0; slot < state_.list_sums.size(); ++slot) {
      deltas_.push_back(std::make_unique<TopologyDelta>(state_.stored.next_vertex));
    }
    TUPU_TRY(ReadAdjacencyLog(state_.kv(), saved_->record().commit, state_.stored.commit,
                              [&](uint64_t commit, const AdjacencyChange& change) { Add(commit, change); }));
    for (size_t slot = 0; slot < deltas_.size(); ++slot) TUPU_TRY(CheckSet(slot));
    return {};
  }

 private:
  void Add(uint64_t commit, const AdjacencyChange& change) {
    const size_t slot = 2 * size_t{ToInteger(change.type)};
    if (slot + 1 >= deltas_.size()) return;  // a type without a name: its lists are reported
    const uint64_t edge = ToInteger(change.edge);
    deltas_[slot]->Add(commit, change.start, {ToInteger(change.end), edge}, change.added);
    deltas_[slot + 1]->Add(commit, change.end, {ToInteger(change.start), edge}, change.added);
  }

  Status CheckSet(size_t slot) {
    const ListSet set{static_cast<EdgeTypeId>(slot / 2), static_cast<AdjacencySide>(slot % 2)};
    TUPU_TRY_ASSIGN(TopologyCsr csr, saved_->Load(set));
    ++state_.checked().saved_csrs;
    if (deltas_[slot]->size() > 0) {
      csr = FoldTopology(csr, *deltas_[slot], state_.stored.commit, state_.stored.next_vertex, state_.stored.next_edge);
    }
    uint64_t sum = 0;
    bool in_order = true;
    csr.VisitRows(0, UINT64_MAX, [&](VertexId vertex, const TopologyCsr::Row& row) {
      RowEdge last;
      bool first = true;
      csr.VisitRow(row, [&](uint64_t target, uint64_t edge) {
        in_order = in_order && (first || last < RowEdge{target, edge});
        last = {target, edge};
        first = false;
        sum += HashOfStep(ToInteger(vertex), target, edge);
      });
    });
    if (sum == state_.list_sums[slot] && in_order) return {};
    state_.Report(
        {Damage::kSavedCsr, std::nullopt, SavedTopologyName(saved_->record().commit),
         fmt::format("{} lists of type {}", set.side == AdjacencySide::kOut ? "out" : "in", state_.TypeName(set.type)),
         "the edges of the stored lists", in_order ? "others" : "edges out of order"});
    return {};
  }

  CheckState& state_;
  const std::shared_ptr<SavedTopology> saved_;
  std::vector<std::unique_ptr<TopologyDelta>> deltas_;
};

}  // namespace

uint64_t HashOfStep(uint64_t vertex, uint64_t target, uint64_t edge) {
  return HashNumbers(edge, target, vertex, 0);
}

Status CheckSavedCsrs(CheckState& state, const SideFiles* files) {
  // Where lists are damaged, what differs from them says nothing.
  if (!state.saved_csrs || files == nullptr || !state.has_counts || !state.edges_complete) return {};
  const std::string name = SavedTopologyName(state.saved_csrs->commit);
  const auto saved = SavedTopology::Open(*files, *state.saved_csrs);
  const Status status = saved ? SavedCsrCheck(state, *saved).Run() : Status(saved.error());
  // A file of another version is passed over, like one that is not there.
  if (status || status.error().code == ErrorCode::kUnsupported) return {};
  // It is a cache: where there is none, as after restoring or when a writer has just replaced it, nothing is wrong.
  TUPU_TRY_ASSIGN(const auto names, files->List(name));
  if (!saved && std::find(names.begin(), names.end(), name) == names.end()) return {};
  state.Report({Damage::kSavedCsr, std::nullopt, name, "saved CSRs", "the file that the database names",
                status.error().message});
  return {};
}

}  // namespace tupu
