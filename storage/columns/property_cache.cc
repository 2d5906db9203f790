#include "storage/columns/property_cache.h"

#include <algorithm>
#include <new>

#include "storage/keys/property_row.h"

namespace tupu {

namespace {

// Costs as measured by tests/bench/property_read.cc; they decide when a column is built, nothing else.
constexpr uint64_t kNanosecondsPerRecordRead = 1800;
constexpr uint64_t kNanosecondsPerVertex = 300;
constexpr uint64_t kNanosecondsPerEdge = 170;
/// Build when reads of records have cost this part of building: by a thread of its own, so early is cheap.
constexpr uint64_t kEagerness = 4;
/// Below it nothing is built: a question or two after opening must not pay for a column.
constexpr uint64_t kLeastReads = 256;

constexpr uint64_t kLeastFold = 4096;
constexpr uint64_t kMostChanges = 1'000'000;

constexpr uint64_t kMostRefusals = 10;  // each asks for four times the evidence of the one before

size_t IndexOf(EntityKind entity) {
  return entity == EntityKind::kVertex ? 0 : 1;
}

size_t EvidenceSlotOf(const ColumnKey& key, size_t slots) {
  return (IndexOf(key.entity) + 2 * (uint64_t{ToInteger(key.key)} * 31 + ToInteger(key.type)) +
          (key.label ? 16 * (uint64_t{ToInteger(*key.label)} + 7) : 0)) %
         slots;
}

/// Whether a record holds them alike, letter by letter: 0.0 and -0.0 are two.
bool SameStored(const Value& a, const Value& b) {
  if (a.type() != b.type()) return false;
  if (a.is_null()) return true;
  std::string encoded;
  std::string other;
  AppendValue(encoded, a);
  AppendValue(other, b);
  return encoded == other;
}

/// What `change` leaves of `key`; nullopt: its row is damaged.
std::optional<Value> ValueAfter(const PropertyChange& change, const ColumnKey& column) {
  if (!change.row) return Value();
  if (column.label) {
    const bool has = std::binary_search(change.labels.begin(), change.labels.end(), *column.label);
    return has ? Value(true) : Value();
  }
  Result<Value> value = DecodeRowProperty(*change.row, column.key);
  if (!value) return std::nullopt;
  return std::move(*value);
}

bool Concerns(const PropertyChange& change, const ColumnKey& key) {
  return key.entity == change.entity && (change.entity == EntityKind::kVertex || key.type == change.type);
}

}  // namespace

// --- Reading ---

Result<Value> CachedColumn::Get(uint64_t id, uint64_t at) const {
  if (delta->MayHave(id)) {
    if (std::optional<Value> changed = delta->Find(id, at)) return std::move(*changed);
  }
  return column->Get(id);
}

std::shared_ptr<const CachedColumn> PropertyCache::Find(const ColumnKey& key, uint64_t commit) const {
  // A state that Apply was not told of cannot be served.
  if (!any_.load(std::memory_order_acquire) || commit > applied_.load(std::memory_order_acquire)) return nullptr;
  const std::shared_lock lock(columns_mutex_);
  const auto found = columns_->find(key);
  if (found == columns_->end() || found->second->commit > commit) return nullptr;
  found->second->reads.fetch_add(1, std::memory_order_relaxed);
  return found->second;
}

void PropertyCache::CountRecordReads(const ColumnKey& key, uint64_t reads) {
  std::atomic<uint64_t>& slot = reads_of_[EvidenceSlotOf(key, kEvidenceSlots)];
  const uint64_t before = slot.fetch_add(reads, std::memory_order_relaxed);
  const size_t entity = IndexOf(key.entity);
  if (before + reads < reads_worth_building_[entity].load(std::memory_order_relaxed)) return;
  slot.store(0, std::memory_order_relaxed);
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock || budget_ == nullptr || broken_[entity] || columns_->contains(key)) return;
  if (std::find(recording_.begin(), recording_.end(), key) != recording_.end()) return;
  if (const auto missing = reasons_missing_.find(key); missing != reasons_missing_.end() && --missing->second > 0)
    return;
  wanted_.insert(key);
  Wake();
}

std::vector<PropertyForm> PropertyCache::Forms() const {
  const std::lock_guard lock(mutex_);
  std::vector<PropertyForm> forms;
  for (const auto& [key, cached] : *columns_) {
    forms.push_back({.key = key,
                     .form = cached->column->form(),
                     .values = cached->column->num_values(),
                     .bytes = cached->bytes(),
                     .changes = cached->delta->size(),
                     .commit = cached->commit});
  }
  return forms;
}

uint64_t PropertyCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return UsedBytes();
}

// --- The committer ---

void PropertyCache::Restart(uint64_t commit) {
  const std::lock_guard lock(mutex_);
  ReplaceColumns({});
  latest_.reset();
  applied_.store(commit, std::memory_order_release);
  ++epoch_;
  broken_ = {};
  recorded_.clear();
  refusals_.clear();
  reasons_missing_.clear();
  KeepWithinBudget();
}

void PropertyCache::Apply(uint64_t commit, const std::function<void(const PropertyChangeVisitor&)>& visit_changes) {
  const std::lock_guard lock(mutex_);
  if (!columns_->empty() || !recording_.empty()) {
    visit_changes([&](const PropertyChange& change) { ApplyChange(commit, change); });
    KeepWithinBudget();
    bool fold = false;
    for (const auto& [key, cached] : *columns_) fold = fold || NeedsFold(*cached);
    if (fold) {
      fold_wanted_ = true;
      Wake();
    }
  }
  applied_.store(commit, std::memory_order_release);
}

/// Requires: mutex_.
void PropertyCache::ApplyChange(uint64_t commit, const PropertyChange& change) {
  for (const ColumnKey& key : recording_) {
    if (!Concerns(change, key)) continue;
    std::optional<Value> value = ValueAfter(change, key);
    if (!value || recorded_.size() > kMostChanges) {
      ++epoch_;  // what is being built will not be used
      recording_.clear();
      recorded_ = {};
      break;
    }
    recorded_.push_back({commit, key, change.id, std::move(*value)});
  }
  // A copy: a column that cannot go on is dropped meanwhile.
  const std::shared_ptr<const Columns> columns = columns_;
  for (const auto& [key, cached] : *columns) {
    if (!Concerns(change, key)) continue;
    std::optional<Value> value = ValueAfter(change, key);
    const Result<Value> before = cached->Get(change.id, UINT64_MAX);
    // Folding so much would cost what building costs.
    if (!value || !before || cached->delta->size() > kMostChanges) {
      Drop(key);
    } else if (!SameStored(*before, *value)) {
      cached->delta->Add(commit, change.id, std::move(*value));
    }
  }
}

void PropertyCache::Publish(TopologySource source) {
  const std::lock_guard lock(mutex_);
  if (stop_.load()) return;
  latest_ = std::move(source);
  published_.notify_all();
  // A quarter of the cost of a build, in reads of records.
  const auto reads_worth = [](uint64_t nanoseconds) {
    return std::max(nanoseconds / kEagerness / kNanosecondsPerRecordRead, kLeastReads);
  };
  reads_worth_building_[0].store(reads_worth(latest_->counts.vertices * kNanosecondsPerVertex),
                                 std::memory_order_relaxed);
  reads_worth_building_[1].store(reads_worth(latest_->counts.edges * kNanosecondsPerEdge), std::memory_order_relaxed);
}

void PropertyCache::Stop() {
  stop_.store(true);
  {
    const std::lock_guard lock(mutex_);
    wake_.notify_all();
    idle_.notify_all();
    published_.notify_all();
  }
  if (worker_.joinable()) worker_.join();
  const std::scoped_lock ended(build_mutex_, fold_mutex_);  // by other threads
  const std::lock_guard lock(mutex_);
  latest_.reset();  // lets the database close
}

// --- Memory ---

/// Requires: mutex_.
void PropertyCache::ReplaceColumns(Columns columns) {
  any_.store(!columns.empty(), std::memory_order_release);
  auto replaced = std::make_shared<const Columns>(std::move(columns));
  const std::unique_lock lock(columns_mutex_);
  columns_.swap(replaced);
}

/// Requires: mutex_.
void PropertyCache::Drop(const ColumnKey& key) {
  Columns columns = *columns_;
  columns.erase(key);
  ReplaceColumns(std::move(columns));
}

/// Requires: mutex_.
bool PropertyCache::DropLeastRead() {
  const auto least = std::min_element(columns_->begin(), columns_->end(), [](const auto& a, const auto& b) {
    return a.second->reads.load(std::memory_order_relaxed) < b.second->reads.load(std::memory_order_relaxed);
  });
  if (least == columns_->end()) return false;
  Drop(ColumnKey(least->first));
  return true;
}

/// Requires: mutex_.
uint64_t PropertyCache::UsedBytes() const {
  uint64_t used = 0;
  for (const auto& [key, cached] : *columns_) used += cached->bytes();
  return used;
}

/// Requires: mutex_.
void PropertyCache::KeepWithinBudget() {
  if (budget_ == nullptr) return;
  while (!budget_->SetColumns(UsedBytes() + staged_bytes_)) {
    if (!DropLeastRead()) return;
  }
}

void PropertyCache::ShrinkTo(uint64_t most_bytes) {
  const std::lock_guard lock(mutex_);
  // What is in the making is asked for anew by its builder, and is refused.
  while (UsedBytes() + staged_bytes_ > most_bytes && DropLeastRead()) continue;
  if (budget_ != nullptr) budget_->SetColumns(UsedBytes() + staged_bytes_);
}

/// Whether columns in the making may hold so much. Columns that nobody read since the last build make room.
bool PropertyCache::MayStage(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  while (true) {
    if (budget_->SetColumns(UsedBytes() + bytes)) {
      staged_bytes_ = bytes;
      return true;
    }
    staged_bytes_ = 0;
    const bool idle = std::any_of(columns_->begin(), columns_->end(),
                                  [](const auto& entry) { return entry.second->reads.load() == 0; });
    if (!idle || !DropLeastRead()) return false;
  }
}

// --- Building ---

std::shared_ptr<const CachedColumn> PropertyCache::MakeCached(const ColumnKey& key, uint64_t commit,
                                                              PropertyColumn column, const GraphCounts& counts) const {
  auto cached = std::make_shared<CachedColumn>();
  cached->key = key;
  cached->commit = commit;
  cached->column = std::make_shared<const PropertyColumn>(std::move(column));
  cached->delta =
      std::make_shared<ColumnDelta>(key.entity == EntityKind::kVertex ? counts.next_vertex : counts.next_edge);
  return cached;
}

Status PropertyCache::Build(std::span<const ColumnKey> keys) {
  const std::lock_guard building(build_mutex_);
  if (stop_.load() || budget_ == nullptr) return {};
  TUPU_TRY(BuildEntity(keys, EntityKind::kVertex));
  return BuildEntity(keys, EntityKind::kEdge);
}

/// Requires: build_mutex_.
Status PropertyCache::BuildEntity(std::span<const ColumnKey> wanted, EntityKind entity) {
  std::vector<ColumnKey> keys;
  std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(keys),
               [&](const ColumnKey& key) { return key.entity == entity; });
  uint64_t epoch = 0;
  TUPU_TRY_ASSIGN(const TopologySource source, BeginBuild(keys, epoch));
  if (keys.empty()) return {};
  const auto build = [&]() -> Status {
    try {
      TUPU_TRY_ASSIGN(auto columns, BuildPropertyColumns(
                                        source, keys, [this](uint64_t bytes) { return MayStage(bytes); }, stop_));
      EndBuild(epoch, source, keys, std::move(columns));
      return {};
    } catch (const std::bad_alloc&) {
      return Error{ErrorCode::kResourceExhausted, "there is not enough memory for a column; lower the cache memory"};
    }
  };
  const Status built = build();
  if (!built) AbandonBuild(keys, built.error().code == ErrorCode::kCorruption);
  return built;
}

/// Starts recording, then waits for a state from which on everything is recorded.
Result<TopologySource> PropertyCache::BeginBuild(std::vector<ColumnKey>& keys, uint64_t& epoch) {
  std::unique_lock lock(mutex_);
  epoch = epoch_;
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::erase_if(keys, [&](const ColumnKey& key) { return columns_->contains(key); });
  if (keys.empty()) return TopologySource{};
  if (!latest_) return Error{ErrorCode::kUnsupported, "there is no state to build a column from"};
  recording_ = keys;
  recorded_.clear();
  const uint64_t from = applied_.load();
  // A commit is applied a moment before it is published.
  const bool published = published_.wait_for(lock, std::chrono::seconds(10), [&] {
    return stop_.load() || epoch_ != epoch || (latest_ && latest_->counts.commit >= from);
  });
  if (!published || stop_.load() || epoch_ != epoch) {
    recording_.clear();
    return Error{ErrorCode::kCancelled, "a column's making was stopped"};
  }
  return *latest_;
}

void PropertyCache::EndBuild(uint64_t epoch, const TopologySource& source, std::span<const ColumnKey> keys,
                             std::vector<std::optional<PropertyColumn>> built) {
  const std::lock_guard lock(mutex_);
  const std::vector<Recorded> recorded = std::exchange(recorded_, {});
  recording_.clear();
  staged_bytes_ = 0;
  if (epoch != epoch_) return KeepWithinBudget();
  Columns columns = *columns_;
  for (const auto& [key, cached] : columns) cached->reads.store(0, std::memory_order_relaxed);
  Columns added;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!built[i]) {
      const uint64_t refusals = std::min(++refusals_[keys[i]], kMostRefusals);
      reasons_missing_[keys[i]] = uint64_t{1} << (2 * refusals);
      continue;
    }
    added[keys[i]] = MakeCached(keys[i], source.counts.commit, std::move(*built[i]), source.counts);
    added[keys[i]]->reads.store(1, std::memory_order_relaxed);
    reasons_missing_.erase(keys[i]);
  }
  for (const Recorded& change : recorded) {
    const auto found = added.find(change.key);
    if (found != added.end() && change.commit > source.counts.commit)
      found->second->delta->Add(change.commit, change.id, change.value);
  }
  columns.merge(added);
  ReplaceColumns(std::move(columns));
  KeepWithinBudget();
}

void PropertyCache::AbandonBuild(std::span<const ColumnKey> keys, bool broken) {
  const std::lock_guard lock(mutex_);
  recording_.clear();
  recorded_ = {};
  staged_bytes_ = 0;
  broken_[IndexOf(keys[0].entity)] = broken;
  KeepWithinBudget();
}

// --- Folding ---

bool PropertyCache::NeedsFold(const CachedColumn& cached) const {
  return cached.delta->size() > std::clamp(cached.column->num_values() / 20, kLeastFold, kMostChanges);
}

/// Folds deltas of so many changes, or with 0 those that are too long.
void PropertyCache::Fold(uint64_t least_changes) {
  const std::lock_guard folding(fold_mutex_);
  std::shared_ptr<const Columns> columns;
  {
    const std::lock_guard lock(mutex_);
    columns = columns_;
  }
  for (const auto& [key, cached] : *columns) {
    if (stop_.load()) return;
    if (least_changes > 0 ? cached->delta->size() >= least_changes : NeedsFold(*cached)) FoldColumn(cached);
  }
}

void PropertyCache::FoldColumn(const std::shared_ptr<const CachedColumn>& cached) {
  GraphCounts counts;
  {
    const std::lock_guard lock(mutex_);
    if (!latest_) return;
    counts = latest_->counts;  // what is published is applied
  }
  if (counts.commit <= cached->commit) return;
  PropertyColumnBuilder builder(cached->key.entity == EntityKind::kVertex ? counts.next_vertex : counts.next_edge);
  bool whole = true;
  const auto add = [&](uint64_t id) {
    const Result<Value> value = cached->Get(id, counts.commit);
    whole = whole && value.has_value();
    if (value && !value->is_null()) builder.Append(id, *value);
  };
  cached->column->VisitIds(add);
  for (const uint64_t id : cached->delta->ChangedIds()) {
    if (cached->column->PositionOf(id) == PropertyColumn::kNone) add(id);
  }
  Result<PropertyColumn> column = builder.Finish();
  const std::lock_guard lock(mutex_);
  const auto found = columns_->find(cached->key);
  if (found == columns_->end() || found->second != cached) return;
  if (!whole || !column) return Drop(cached->key);
  auto folded = MakeCached(cached->key, counts.commit, std::move(*column), counts);
  folded->reads.store(cached->reads.load());
  cached->delta->CopyAfter(counts.commit, *folded->delta);
  Columns columns = *columns_;
  columns[cached->key] = std::move(folded);
  ReplaceColumns(std::move(columns));
  KeepWithinBudget();
}

// --- The thread of its own ---

/// Requires: mutex_.
void PropertyCache::Wake() {
  if (stop_.load()) return;
  if (!worker_.joinable()) worker_ = std::thread([this] { Work(); });
  wake_.notify_one();
}

void PropertyCache::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stop_.load() || !wanted_.empty() || fold_wanted_; });
    if (stop_.load()) return;
    const std::vector<ColumnKey> wanted(wanted_.begin(), wanted_.end());
    wanted_.clear();
    fold_wanted_ = false;
    busy_ = true;
    lock.unlock();
    // What fails is left to the reader of records, who says what is wrong.
    if (!wanted.empty()) (void)Build(wanted);
    try {
      Fold(0);
    } catch (const std::bad_alloc&) {  // the delta stays; the next commit asks again
    }
    lock.lock();
    busy_ = false;
    idle_.notify_all();
  }
}

void PropertyCache::WaitUntilIdle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [&] { return stop_.load() || (!busy_ && wanted_.empty() && !fold_wanted_); });
}

}  // namespace tupu
