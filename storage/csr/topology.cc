#include "storage/csr/topology.h"

#include <algorithm>
#include <chrono>

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

}  // namespace

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
    parts.push_back(MakePart(TopologyTable::SetAt(slot), applied_, TopologyCsrBuilder(0, 0).Finish(), next_vertex));
  }
  ReplaceTable(std::move(parts), true);
}

/// Requires: mutex_.
void Topology::AddChange(const TopologyTable& table, uint64_t commit, const AdjacencyChange& change) {
  table.AddToDeltas(commit, change, [&](const TopologyPart& part) { fold_wanted_ = fold_wanted_ || NeedsFold(part); });
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
  reads_of_set_[EvidenceSlotOf(set)].fetch_add(reads, std::memory_order_relaxed);
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
  for (size_t slot = 0; slot < 2 * counts.by_type.size(); ++slot)
    bytes += EstimateBytesOf(counts, TopologyTable::SetAt(slot));
  return bytes <= options_.budget_bytes;
}

std::vector<AdjacencyForm> Topology::Forms() const {
  std::lock_guard lock(mutex_);
  std::vector<AdjacencyForm> forms;
  const std::vector<ListSet> to_map = expects_saved_ && latest_ && !broken_ ? ChooseSets({}) : std::vector<ListSet>();
  const size_t types = latest_ ? latest_->counts.by_type.size() : 0;
  for (size_t slot = 0; slot < std::max(2 * types, table_ ? table_->parts.size() : 0); ++slot) {
    const ListSet set = TopologyTable::SetAt(slot);
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
