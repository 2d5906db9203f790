// How a Topology gets its parts: from the saved file or by a build, saved again, folded.

#include <algorithm>
#include <chrono>
#include <thread>

#include "storage/csr/topology.h"
#include "storage/keys/bytes.h"

namespace tupu {

namespace {

constexpr uint64_t kLeastFold = 4096;

unsigned BuildThreads() {
  return std::clamp(std::thread::hardware_concurrency(), 1u, 4u);
}

/// By how much the delta makes the lists grow in all.
int64_t GrowthOf(const TopologyDelta& delta, uint64_t commit) {
  int64_t edges = 0;
  for (const VertexId vertex : delta.ChangedVertices()) edges += delta.GrowthOf(vertex, commit).edges;
  return edges;
}

}  // namespace

uint64_t Topology::EstimateBytesOf(const GraphCounts& counts, ListSet set) {
  // A delta takes its bits at once.
  return TopologyCsr::EstimateBytes(counts.next_vertex, counts.next_edge, counts.OfType(set.type)) +
         counts.next_vertex / 4;
}

std::shared_ptr<const TopologyPart> Topology::MakePart(ListSet set, uint64_t commit, TopologyCsr csr,
                                                       uint64_t next_vertex) const {
  auto part = std::make_shared<TopologyPart>();
  part->set = set;
  part->commit = commit;
  part->csr = std::make_shared<const TopologyCsr>(std::move(csr));
  part->delta = std::make_shared<TopologyDelta>(next_vertex);
  return part;
}

/// Requires: mutex_.
void Topology::ReplaceTable(Parts parts, bool complete) {
  auto table = std::make_shared<TopologyTable>();
  table->parts = std::move(parts);
  table->complete = complete;
  table_ = std::move(table);
  generation_.fetch_add(1, std::memory_order_release);
}

/// What to build of `wanted`, empty: of all, within the budget; the sets most read first. Requires: mutex_, latest_.
std::vector<ListSet> Topology::ChooseSets(std::span<const ListSet> wanted) const {
  const GraphCounts& counts = latest_->counts;
  std::vector<ListSet> candidates(wanted.begin(), wanted.end());
  if (wanted.empty()) {
    for (size_t slot = 0; slot < 2 * counts.by_type.size(); ++slot) candidates.push_back(TopologyTable::SetAt(slot));
    std::stable_sort(candidates.begin(), candidates.end(), [&](const ListSet& a, const ListSet& b) {
      const auto reads = [&](const ListSet& set) {
        return reads_of_set_[EvidenceSlotOf(set)].load(std::memory_order_relaxed);
      };
      return reads(a) > reads(b);
    });
  }
  std::vector<ListSet> chosen;
  uint64_t used = UsedBytes();
  for (const ListSet& set : candidates) {
    const bool there = table_ != nullptr && table_->Find(set) != nullptr;
    const bool twice = std::find(chosen.begin(), chosen.end(), set) != chosen.end();
    const uint64_t bytes = EstimateBytesOf(counts, set);
    if (there || twice || ToInteger(set.type) >= counts.by_type.size() || used + bytes > options_.budget_bytes)
      continue;
    used += bytes;
    chosen.push_back(set);
  }
  return chosen;
}

/// Starts recording, then waits for a state from which on everything is recorded.
Result<TopologySource> Topology::BeginBuild(std::vector<ListSet>& sets, std::span<const ListSet> wanted,
                                            uint64_t& epoch) {
  std::unique_lock lock(mutex_);
  epoch = epoch_;
  if (!latest_) return Error{ErrorCode::kUnsupported, "there is no state to build a CSR from"};
  sets = ChooseSets(wanted);
  if (sets.empty()) return TopologySource{};
  recording_ = true;
  recorded_.clear();
  const uint64_t from = applied_;
  // A commit is applied a moment before it is published.
  const bool published = published_.wait_for(lock, std::chrono::seconds(10), [&] {
    return stop_.load() || epoch_ != epoch || (latest_ && latest_->counts.commit >= from);
  });
  if (!published || stop_.load() || epoch_ != epoch) {
    recording_ = false;
    return Error{ErrorCode::kCancelled, "the building of a CSR was stopped"};
  }
  return *latest_;
}

/// From the saved file if there is one that fits, else from the blocks.
Result<Topology::Parts> Topology::MakeParts(const TopologySource& source, std::span<const ListSet> sets) {
  if (options_.files != nullptr) {
    // As the store has it in this very state, so that the log fits.
    TUPU_TRY_ASSIGN(const auto bytes, source.kv->Get(Keyspace::kMeta, kSavedCsrKey));
    const auto record =
        bytes ? DecodeSavedCsrRecord(*bytes) : Result<SavedCsrRecord>(CorruptionOf("saved CSRs", "none"));
    if (record && !IsUnusable(*record)) {
      auto loaded = LoadParts(source, *record, sets);
      if (loaded) return loaded;
      saved_.reset();
      std::lock_guard lock(mutex_);
      unusable_ = *record;
      expects_saved_ = false;
    }
  }
  TUPU_TRY_ASSIGN(std::vector<TopologyCsr> csrs, BuildTopology(source, sets, BuildThreads(), stop_));
  Parts parts;
  for (size_t i = 0; i < sets.size(); ++i) {
    parts.push_back(MakePart(sets[i], source.counts.commit, std::move(csrs[i]), source.counts.next_vertex));
  }
  return parts;
}

/// Errors: the file does not fit, or the log has a gap.
Result<Topology::Parts> Topology::LoadParts(const TopologySource& source, const SavedCsrRecord& record,
                                            std::span<const ListSet> sets) {
  const GraphCounts& counts = source.counts;
  if (record.commit > counts.commit) return CorruptionOf("saved CSRs", "of a later commit than the last one");
  if (saved_ == nullptr || saved_->record() != record) {
    TUPU_TRY_ASSIGN(saved_, SavedTopology::Open(*options_.files, record));
  }
  Parts parts;
  TopologyTable table;
  table.parts.resize(2 * counts.by_type.size());
  for (const ListSet& set : sets) {
    TUPU_TRY_ASSIGN(TopologyCsr csr, saved_->Load(set));
    parts.push_back(MakePart(set, record.commit, std::move(csr), counts.next_vertex));
    table.parts[TopologyTable::SlotOf(set)] = parts.back();
  }
  TUPU_TRY(
      ReadAdjacencyLog(*source.kv, record.commit, counts.commit, [&](uint64_t commit, const AdjacencyChange& change) {
        table.AddToDeltas(commit, change, [](const TopologyPart&) {});
      }));
  for (const auto& part : parts) {
    const uint64_t edges = part->csr->num_edges() + static_cast<uint64_t>(GrowthOf(*part->delta, counts.commit));
    if (edges != counts.OfType(part->set.type)) return CorruptionOf("saved CSRs", "another number of edges");
  }
  return parts;
}

void Topology::EndBuild(uint64_t epoch, const TopologySource& source, const Parts& made) {
  std::lock_guard lock(mutex_);
  recording_ = false;
  if (epoch != epoch_) return;
  const GraphCounts& counts = source.counts;
  Parts parts = table_ ? table_->parts : Parts();
  parts.resize(std::max(parts.size(), 2 * counts.by_type.size()));
  TopologyTable added;
  added.parts.resize(parts.size());
  for (const auto& part : made) {
    const size_t slot = TopologyTable::SlotOf(part->set);
    added.parts[slot] = parts[slot] = part;
  }
  for (const Recorded& recorded : recorded_) {
    if (recorded.commit > counts.commit) AddChange(added, recorded.commit, recorded.change);
  }
  bool complete = std::all_of(parts.begin(), parts.end(), [](const auto& part) { return part != nullptr; });
  // A type that appeared during the build has no part, unless the next build makes one.
  for (const Recorded& recorded : recorded_)
    complete = complete && 2 * size_t{ToInteger(recorded.change.type)} < parts.size();
  recorded_ = {};
  ReplaceTable(std::move(parts), complete);
}

Status Topology::Build(std::span<const ListSet> sets) {
  std::lock_guard building(build_mutex_);
  if (stop_.load()) return {};
  std::vector<ListSet> chosen;
  uint64_t epoch = 0;
  TUPU_TRY_ASSIGN(const TopologySource source, BeginBuild(chosen, sets, epoch));
  if (chosen.empty()) return {};
  const auto parts = MakeParts(source, chosen);
  if (!parts) {
    std::lock_guard lock(mutex_);
    recording_ = false;
    recorded_ = {};
    broken_ = parts.error().code != ErrorCode::kCancelled;
    return parts.error();
  }
  EndBuild(epoch, source, *parts);
  TellBytes();
  return {};
}

// --- Saving ---

void Topology::ExpectSaved(const std::optional<SavedCsrRecord>& record) {
  std::lock_guard lock(mutex_);
  expects_saved_ = options_.files != nullptr && record && unusable_ != record;
}

bool Topology::IsUnusable(const SavedCsrRecord& record) const {
  std::lock_guard lock(mutex_);
  return unusable_ == record;
}

bool Topology::IsComplete() const {
  std::lock_guard lock(mutex_);
  return table_ != nullptr && table_->complete && latest_;
}

Result<SavedCsrRecord> Topology::Save() {
  std::lock_guard folding(fold_mutex_);
  std::shared_ptr<const TopologyTable> table;
  GraphCounts counts;
  {
    std::lock_guard lock(mutex_);
    if (options_.files == nullptr || table_ == nullptr || !table_->complete || !latest_) {
      return Error{ErrorCode::kUnsupported, "there are no CSRs of all edges that could be saved"};
    }
    table = table_;
    counts = latest_->counts;
  }
  CsrsToSave csrs;
  for (const auto& part : table->parts) csrs.sets.push_back(part->set);
  csrs.csr_of = [&](ListSet set) -> Result<TopologyCsr> {
    const TopologyPart& part = *table->Find(set);
    if (part.delta->size() == 0) return *part.csr;
    return FoldTopology(*part.csr, *part.delta, counts.commit, counts.next_vertex, counts.next_edge);
  };
  return SaveTopology(*options_.files, counts, csrs);
}

// --- Folding ---

bool Topology::NeedsFold(const TopologyPart& part) const {
  return part.delta->size() > std::clamp(part.csr->num_edges() / 20, kLeastFold, kMostChanges);
}

/// Folds deltas of so many changes, or with 0 those that are too long.
void Topology::Fold(uint64_t least_changes) {
  std::lock_guard folding(fold_mutex_);
  std::shared_ptr<const TopologyTable> table;
  {
    std::lock_guard lock(mutex_);
    table = table_;
  }
  if (table == nullptr) return;
  for (const auto& part : table->parts) {
    if (stop_.load()) return;
    if (part == nullptr) continue;
    if (least_changes > 0 ? part->delta->size() >= least_changes : NeedsFold(*part)) FoldPart(part);
  }
  TellBytes();
}

void Topology::FoldPart(const std::shared_ptr<const TopologyPart>& part) {
  uint64_t commit = 0;
  uint64_t next_vertex = 0;
  uint64_t next_edge = 0;
  {
    std::lock_guard lock(mutex_);
    if (!latest_) return;
    // What is published is applied, and its counts give the widths.
    commit = latest_->counts.commit;
    next_vertex = latest_->counts.next_vertex;
    next_edge = latest_->counts.next_edge;
  }
  if (commit <= part->commit) return;
  TopologyCsr csr = FoldTopology(*part->csr, *part->delta, commit, next_vertex, next_edge);
  auto folded = MakePart(part->set, commit, std::move(csr), next_vertex);
  std::lock_guard lock(mutex_);
  const size_t slot = TopologyTable::SlotOf(part->set);
  if (table_ == nullptr || slot >= table_->parts.size() || table_->parts[slot] != part) return;
  part->delta->CopyAfter(commit, *folded->delta);
  Parts parts = table_->parts;
  parts[slot] = std::move(folded);
  ReplaceTable(std::move(parts), table_->complete);
  if (UsedBytes() <= options_.budget_bytes) return;
  // It has outgrown the budget: this set is read from blocks again.
  parts = table_->parts;
  parts[slot].reset();
  ReplaceTable(std::move(parts), false);
}

}  // namespace tupu
