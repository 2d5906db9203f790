#include "storage/csr/topology.h"

#include <algorithm>
#include <chrono>

#include "storage/keys/bytes.h"

namespace tupu {

namespace {

// Costs as measured by tests/bench/adjacency_read.cc; they decide when a CSR is built, nothing else.
constexpr uint64_t kNanosecondsPerBlockRead = 2500;
constexpr uint64_t kNanosecondsPerEdge = 160;  // of a scan of both sides with two edges a list
constexpr uint64_t kNanosecondsPerSavedEdge = 8;
/// Build when reads of blocks have cost this part of building: by a thread of its own, so early is cheap.
constexpr uint64_t kEagerness = 4;
/// Below it nothing is built: a question or two after opening must not pay for a CSR.
constexpr uint64_t kLeastReads = 256;

constexpr uint64_t kLeastFold = 4096;
constexpr uint64_t kMostChanges = 1'000'000;

unsigned BuildThreads() {
  return std::clamp(std::thread::hardware_concurrency(), 1u, 4u);
}

ListSet SetAt(size_t slot) {
  return {static_cast<EdgeTypeId>(slot / 2), static_cast<AdjacencySide>(slot % 2)};
}

size_t EvidenceSlotOf(ListSet set, size_t slots) {
  return TopologyTable::SlotOf(set) % slots;
}

uint64_t EstimateBytesOf(const GraphCounts& counts, ListSet set) {
  // A delta takes its bits at once.
  return TopologyCsr::EstimateBytes(counts.next_vertex, counts.next_edge, counts.OfType(set.type)) +
         counts.next_vertex / 4;
}

/// Adds a change to the deltas of its two lists and shows them the part.
template <class Visitor>
void AddToDeltas(const TopologyTable& table, uint64_t commit, const AdjacencyChange& change, Visitor&& visitor) {
  const auto add = [&](AdjacencySide side, VertexId vertex, VertexId target) {
    const TopologyPart* part = table.Find({change.type, side});
    if (part == nullptr) return;
    part->delta->Add(commit, vertex, {ToInteger(target), ToInteger(change.edge)}, change.added);
    visitor(*part);
  };
  add(AdjacencySide::kOut, change.start, change.end);
  add(AdjacencySide::kIn, change.end, change.start);
}

/// By how much the delta makes the lists grow in all.
int64_t GrowthOf(const TopologyDelta& delta, uint64_t commit) {
  int64_t edges = 0;
  for (const VertexId vertex : delta.ChangedVertices()) edges += delta.GrowthOf(vertex, commit).edges;
  return edges;
}

}  // namespace

void TopologyPart::AppendSteps(VertexId vertex, uint64_t at, bool skip_self_loops, std::vector<Neighbour>& out) const {
  const TopologyCsr::Row row = csr->RowOf(vertex);
  RowChanges changes;
  if (!delta->MayHave(vertex) || !delta->Read(vertex, at, changes)) {
    csr->AppendSteps(row, vertex, set, skip_self_loops, out);
    return;
  }
  MergeRow(*csr, row, changes, [&](uint64_t target, uint64_t edge) {
    if (skip_self_loops && static_cast<VertexId>(target) == vertex) return;
    out.push_back(
        {static_cast<VertexId>(target), static_cast<EdgeId>(edge), set.type, set.side == AdjacencySide::kOut});
  });
}

uint64_t TopologyPart::DegreeOf(VertexId vertex, uint64_t at, bool skip_self_loops) const {
  const TopologyCsr::Row row = csr->RowOf(vertex);
  uint64_t degree = row.size() - (skip_self_loops ? csr->CountSelfLoops(row, vertex) : 0);
  if (!delta->MayHave(vertex)) return degree;
  const TopologyDelta::Growth growth = delta->GrowthOf(vertex, at);
  return degree + static_cast<uint64_t>(growth.edges - (skip_self_loops ? growth.self_loops : 0));
}

// --- The committer ---

void Topology::Restart(uint64_t commit) {
  {
    std::lock_guard lock(mutex_);
    table_.reset();
    latest_.reset();
    applied_ = commit;
    ++epoch_;
    broken_ = false;
    recorded_.clear();
    generation_.fetch_add(1, std::memory_order_release);
  }
  TellBytes();
}

void Topology::Apply(uint64_t commit, std::span<const AdjacencyChange> changes) {
  // Folding so much would cost what building costs.
  if (changes.size() > kMostChanges) return Restart(commit);
  std::lock_guard lock(mutex_);
  if (recording_) {
    for (const AdjacencyChange& change : changes) recorded_.push_back({commit, change});
  }
  if (table_ != nullptr) {
    size_t types = 0;
    for (const AdjacencyChange& change : changes) types = std::max(types, size_t{ToInteger(change.type)} + 1);
    AddTypesUpTo(types);
    for (const AdjacencyChange& change : changes) AddChange(*table_, commit, change);
  }
  applied_ = commit;
  if (fold_wanted_) Wake();
}

/// A type without a place in a complete table had no edge until now: its lists begin empty. Requires: mutex_.
void Topology::AddTypesUpTo(size_t types) {
  if (!table_->complete || types <= table_->num_types()) return;
  Parts parts = table_->parts;
  const uint64_t next_vertex = latest_ ? latest_->counts.next_vertex : 0;
  for (size_t slot = parts.size(); slot < 2 * types; ++slot) {
    parts.push_back(MakePart(SetAt(slot), applied_, TopologyCsrBuilder(0, 0).Finish(), next_vertex));
  }
  ReplaceTable(std::move(parts), true);
}

/// Requires: mutex_.
void Topology::AddChange(const TopologyTable& table, uint64_t commit, const AdjacencyChange& change) {
  AddToDeltas(table, commit, change, [&](const TopologyPart& part) { fold_wanted_ = fold_wanted_ || NeedsFold(part); });
}

void Topology::Publish(TopologySource source) {
  std::lock_guard lock(mutex_);
  if (stop_.load()) return;
  latest_ = std::move(source);
  published_.notify_all();
  // A quarter of the cost of a build, in reads of blocks.
  const uint64_t reads = EstimateBuildNanoseconds() / kEagerness / kNanosecondsPerBlockRead;
  reads_worth_building_.store(std::max(reads, kLeastReads), std::memory_order_relaxed);
}

void Topology::Stop() {
  stop_.store(true);
  {
    std::lock_guard lock(mutex_);
    wake_.notify_all();
    idle_.notify_all();
    published_.notify_all();
  }
  if (worker_.joinable()) worker_.join();
  std::scoped_lock ended(build_mutex_, fold_mutex_);  // by other threads
  std::lock_guard lock(mutex_);
  latest_.reset();  // lets the database close
}

// --- Readers ---

std::shared_ptr<const TopologyTable> Topology::Capture(uint64_t commit) const {
  std::lock_guard lock(mutex_);
  // A state that Apply was not told of cannot be served.
  return commit <= applied_ ? table_ : nullptr;
}

void Topology::CountBlockReads(ListSet set, uint64_t reads) {
  reads_of_set_[EvidenceSlotOf(set, kEvidenceSlots)].fetch_add(reads, std::memory_order_relaxed);
  const uint64_t before = block_reads_.fetch_add(reads, std::memory_order_relaxed);
  if (before + reads < reads_worth_building_.load(std::memory_order_relaxed)) return;
  block_reads_.store(0, std::memory_order_relaxed);
  std::lock_guard lock(mutex_);
  if (options_.budget_bytes == 0 || broken_ || recording_) return;
  build_wanted_ = true;
  Wake();
}

bool Topology::IsWorth(uint64_t reads) const {
  std::lock_guard lock(mutex_);
  return options_.budget_bytes > 0 && !broken_ && latest_ && reads >= kLeastReads &&
         reads * kNanosecondsPerBlockRead > EstimateBuildNanoseconds();
}

/// Requires: mutex_.
uint64_t Topology::EstimateBuildNanoseconds() const {
  return latest_ ? latest_->counts.edges * (expects_saved_ ? kNanosecondsPerSavedEdge : kNanosecondsPerEdge) : 0;
}

std::chrono::nanoseconds Topology::BuildCost() const {
  std::lock_guard lock(mutex_);
  return BuildCostOf(latest_ ? latest_->counts.edges : 0);
}

std::chrono::nanoseconds Topology::BuildCostOf(uint64_t edges) {
  return std::chrono::nanoseconds(edges * kNanosecondsPerEdge);
}

bool Topology::WouldHold(const GraphCounts& counts) const {
  uint64_t bytes = 0;
  for (size_t slot = 0; slot < 2 * counts.by_type.size(); ++slot) bytes += EstimateBytesOf(counts, SetAt(slot));
  return bytes <= options_.budget_bytes;
}

std::vector<AdjacencyForm> Topology::Forms() const {
  std::lock_guard lock(mutex_);
  std::vector<AdjacencyForm> forms;
  const std::vector<ListSet> to_map = expects_saved_ && latest_ && !broken_ ? ChooseSets({}) : std::vector<ListSet>();
  const size_t types = latest_ ? latest_->counts.by_type.size() : 0;
  for (size_t slot = 0; slot < std::max(2 * types, table_ ? table_->parts.size() : 0); ++slot) {
    const ListSet set = SetAt(slot);
    const TopologyPart* part = table_ ? table_->Find(set) : nullptr;
    if (part == nullptr) {
      forms.push_back({.set = set, .saved = std::find(to_map.begin(), to_map.end(), set) != to_map.end()});
      continue;
    }
    forms.push_back({.set = set,
                     .csr = true,
                     .from_file = part->csr->from_file(),
                     .edges = part->csr->num_edges(),
                     .bytes = part->bytes(),
                     .changes = part->delta->size(),
                     .commit = part->commit});
  }
  return forms;
}

uint64_t Topology::bytes() const {
  std::lock_guard lock(mutex_);
  return UsedBytes();
}

/// Requires: mutex_.
uint64_t Topology::UsedBytes() const {
  uint64_t used = 0;
  if (table_ == nullptr) return used;
  for (const auto& part : table_->parts) used += part ? part->bytes() : 0;
  return used;
}

void Topology::TellBytes() {
  if (options_.on_bytes) options_.on_bytes(bytes());
}

// --- Building ---

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
    for (size_t slot = 0; slot < 2 * counts.by_type.size(); ++slot) candidates.push_back(SetAt(slot));
    std::stable_sort(candidates.begin(), candidates.end(), [&](const ListSet& a, const ListSet& b) {
      const auto reads = [&](const ListSet& set) {
        return reads_of_set_[EvidenceSlotOf(set, kEvidenceSlots)].load(std::memory_order_relaxed);
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
        AddToDeltas(table, commit, change, [](const TopologyPart&) {});
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

// --- The thread of its own ---

/// Requires: mutex_.
void Topology::Wake() {
  if (stop_.load()) return;
  if (!worker_.joinable()) worker_ = std::thread([this] { Work(); });
  wake_.notify_one();
}

void Topology::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stop_.load() || build_wanted_ || fold_wanted_; });
    if (stop_.load()) return;
    const bool build = build_wanted_;
    build_wanted_ = fold_wanted_ = false;
    busy_ = true;
    lock.unlock();
    // What fails is left to the reader of blocks, who says what is wrong.
    if (build) (void)Build();
    Fold(0);
    lock.lock();
    busy_ = false;
    idle_.notify_all();
  }
}

void Topology::WaitUntilIdle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [&] { return stop_.load() || (!busy_ && !build_wanted_ && !fold_wanted_); });
}

// --- The view of a snapshot ---

void TopologyView::Refresh() const {
  std::lock_guard lock(mutex_);
  const uint64_t generation = topology_->generation();
  const auto current = topology_->Capture(commit_);
  const TopologyTable* const own = table_.load(std::memory_order_relaxed);
  auto next = std::make_shared<TopologyTable>();
  bool more = false;
  const size_t slots = std::max(own ? own->parts.size() : 0, current ? current->parts.size() : 0);
  bool all_usable = true;
  for (size_t slot = 0; slot < slots; ++slot) {
    // What is held is good for ever; a part that begins after this state is of no use to it.
    std::shared_ptr<const TopologyPart> part = own && slot < own->parts.size() ? own->parts[slot] : nullptr;
    if (part == nullptr && current && slot < current->parts.size() && current->parts[slot] &&
        current->parts[slot]->commit <= commit_) {
      part = current->parts[slot];
      more = true;
    }
    all_usable = all_usable && part != nullptr;
    next->parts.push_back(std::move(part));
  }
  next->complete = (own && own->complete) || (current && current->complete && all_usable);
  more = more || (next->complete && !(own && own->complete));
  if (more) {
    kept_.push_back(next);
    table_.store(next.get(), std::memory_order_release);
  }
  seen_.store(generation, std::memory_order_release);
}

}  // namespace tupu
