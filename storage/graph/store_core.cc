#include "storage/graph/store_core.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <new>

#include <fmt/format.h>

#include "storage/graph/adjacency_writer.h"
#include "storage/graph/index_reader.h"
#include "storage/graph/property_changes.h"
#include "storage/keys/bytes.h"

namespace tupu {

namespace {

template <class Id>
void AppendNamesFrom(std::vector<KvWrite>& batch, Dictionary dictionary, const NameTable<Id>& table, size_t& stored) {
  const size_t size = table.size();
  for (; stored < size; ++stored) {
    const auto id = static_cast<uint32_t>(stored);
    batch.push_back({Keyspace::kMeta, DictionaryKey(dictionary, id), std::string(table.GetName(static_cast<Id>(id)))});
  }
}

}  // namespace

StoreCore::StoreCore(std::unique_ptr<KvStore> kv, GraphStoreOptions options)
    : kv_(std::move(kv)),
      options_(options),
      budget_(std::make_shared<MemoryBudget>(options.cache_bytes,
                                             [store = kv_.get()](uint64_t bytes) { store->ReserveMemory(bytes); })),
      saved_csrs_(kv_->side_files()),
      topology_(std::make_shared<Topology>(TopologyOptions{
          .budget_bytes = budget_->takeable(),
          .files = kv_->side_files(),
          .on_bytes = [budget = budget_.get()](uint64_t bytes) { budget->SetTopology(bytes); },
      })),
      columns_(std::make_shared<PropertyCache>(budget_)) {
  // The budget may outlive the store, by queries.
  budget_->OnColumnsExceed([columns = std::weak_ptr(columns_)](uint64_t most_bytes) {
    if (const auto there = columns.lock()) there->ShrinkTo(most_bytes);
  });
}

StoreCore::~StoreCore() {
  // Nobody commits any more: transactions hold this. What fails costs a build after the next opening, no more.
  if (std::vector<KvWrite> batch; IsWorthSavingAtEnd() && SaveCsrsInto(batch)) {
    saved_csrs_.Settle(kv_->Write(batch, {}, options_.sync).has_value());
  }
  topology_->Stop();
  columns_->Stop();
  budget_->Stop();
}

std::shared_ptr<const GraphSnapshot> StoreCore::EnterWriter(const TransactionOptions& options) {
  if (options.read_only) {
    const std::scoped_lock lock(refresh_mutex_, mutex_);  // while the state is read anew there is none
    return published_;
  }
  std::unique_lock lock(mutex_);
  writer_left_.wait(lock, [&] { return !has_exclusive_writer_ && (!options.exclusive || writers_.empty()); });
  has_exclusive_writer_ = options.exclusive;
  if (options.isolation == Isolation::kSerializable) ++serializable_writers_;
  writers_.insert(published_->counts().commit);
  return published_;
}

void StoreCore::LeaveWriter(uint64_t base, const TransactionOptions& options) {
  if (options.read_only) return;
  {
    const std::scoped_lock lock(mutex_);
    writers_.erase(writers_.find(base));
    if (options.exclusive) has_exclusive_writer_ = false;
    if (options.isolation == Isolation::kSerializable) --serializable_writers_;
    history_.ForgetUpTo(writers_.empty() ? published_->counts().commit : *writers_.begin());
  }
  writer_left_.notify_all();
}

void StoreCore::AppendNewNames(std::vector<KvWrite>& batch, StoredNames& stored) const {
  AppendNamesFrom(batch, Dictionary::kLabel, names_->catalog.labels(), stored.labels);
  AppendNamesFrom(batch, Dictionary::kEdgeType, names_->catalog.edge_types(), stored.edge_types);
  AppendNamesFrom(batch, Dictionary::kPropertyKey, names_->catalog.property_keys(), stored.property_keys);
  AppendNamesFrom(batch, Dictionary::kIdGroup, names_->id_groups, stored.id_groups);
}

// --- Committing ---

Status StoreCore::Commit(CommitRequest& request) {
  if (!Enqueue(request)) request.turn->Await();
  if (!request.done) Lead(request);
  for (const auto& turn : request.to_wake) turn->Send();
  return std::move(request.status);
}

/// Commits groups, the first with `own` among it, until nobody waits or others shall lead.
void StoreCore::Lead(CommitRequest& own) {
  const auto begin = std::chrono::steady_clock::now();
  for (bool goes_on = true; goes_on;) {
    std::unique_lock lock(queue_mutex_);
    const Group group = TakeGroup();
    lock.unlock();
    CommitGroup(group);
    const bool is_late = std::chrono::steady_clock::now() - begin > kLongestLead;
    lock.lock();
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<ptrdiff_t>(group.size()));
    goes_on = !queue_.empty() && !is_late;
    const auto next = queue_.empty() || goes_on ? nullptr : queue_.front()->turn;
    lock.unlock();
    if (next != nullptr) next->Send();
    Wake(group, own);
  }
}

/// Wakes one member, which wakes the others: the leader has the next group to commit.
void StoreCore::Wake(const Group& group, const CommitRequest& leader) {
  CommitRequest* first = nullptr;
  for (CommitRequest* member : group) {
    if (member == &leader) continue;
    member->done = true;
    if (first == nullptr) {
      first = member;
    } else {
      first->to_wake.push_back(member->turn);
    }
  }
  if (first == nullptr) return;
  const auto turn = first->turn;
  turn->Send();
}

/// Whether the request is to lead.
bool StoreCore::Enqueue(CommitRequest& request) {
  const std::scoped_lock lock(queue_mutex_);
  queue_.push_back(&request);
  return queue_.size() == 1;
}

/// Requires: queue_mutex_ is held. The group stays in the queue until it is done, so that nobody else leads.
StoreCore::Group StoreCore::TakeGroup() const {
  constexpr uint64_t kMaxBytes = 8 << 20;  // a small commit does not wait for many large ones
  Group group;
  uint64_t bytes = 0;
  for (CommitRequest* request : queue_) {
    const uint64_t size = request->overlay.memory_bytes();
    const bool full = group.size() == kMostParts || bytes + size > kMaxBytes || request->schema != nullptr;
    if (!group.empty() && full) break;
    group.push_back(request);
    if (request->schema != nullptr) break;
    bytes += size;
  }
  return group;
}

namespace {

/// What an answer of another transaction may rest on.
std::vector<ConflictItem> TouchedItems(const GraphOverlay& overlay, const PreparedCommit& prepared) {
  std::vector<ConflictItem> items;
  for (const MembershipChange& change : prepared.memberships) {
    items.push_back(ItemOf(ItemKind::kMembers, ToInteger(change.label)));
  }
  const auto add_edge = [&](VertexId start, VertexId end, EdgeTypeId type) {
    items.push_back(ItemOf(ItemKind::kAdjacency, ToInteger(start)));
    items.push_back(ItemOf(ItemKind::kAdjacency, ToInteger(end)));
    items.push_back(ItemOf(ItemKind::kEdgesOfType, ToInteger(type)));
    items.push_back(ItemOf(ItemKind::kEdgesOfType, kAnyType));
  };
  for (const auto& edge : overlay.created_edges()) {
    if (!edge.deleted()) add_edge(edge.start, edge.end, edge.type);
  }
  for (const auto& [id, changed] : overlay.changed_edges()) {
    if (changed.deleted) add_edge(changed.reference.start, changed.reference.end, changed.reference.type);
  }
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

std::vector<std::string> IndexKeysOf(const std::vector<KvWrite>& writes) {
  std::vector<std::string> keys;
  for (const KvWrite& write : writes) {
    if (write.space == Keyspace::kIndex) keys.push_back(write.key);
  }
  return keys;
}

/// Numbers of `own` are those of its base with its own changes; unsigned arithmetic carries decreases.
void AddChanges(const GraphCounts& base, const GraphCounts& own, GraphCounts& total) {
  total.vertices += own.vertices - base.vertices;
  total.edges += own.edges - base.edges;
  for (uint32_t i = 0; i < own.by_label.size(); ++i) {
    const auto label = static_cast<LabelId>(i);
    total.AddToLabel(label, static_cast<int64_t>(own.OfLabel(label) - base.OfLabel(label)));
  }
  for (uint32_t i = 0; i < own.by_type.size(); ++i) {
    const auto type = static_cast<EdgeTypeId>(i);
    total.AddToType(type, static_cast<int64_t>(own.OfType(type) - base.OfType(type)));
  }
}

std::vector<AdjacencyChange> AdjacencyChangesOf(std::span<const GraphOverlay* const> overlays) {
  std::vector<AdjacencyChange> changes;
  for (const GraphOverlay* const overlay : overlays) {
    for (const auto& [id, edge] : overlay->changed_edges()) {
      const EdgeReference& reference = edge.reference;
      if (edge.deleted) changes.push_back({reference.start, reference.end, reference.type, reference.id, false});
    }
    size_t position = 0;
    for (const auto& edge : overlay->created_edges()) {
      if (!edge.deleted()) changes.push_back({edge.start, edge.end, edge.type, overlay->CreatedEdgeAt(position), true});
      ++position;
    }
  }
  return changes;
}

}  // namespace

void StoreCore::CommitGroup(const Group& group) {
  if (group.front()->schema != nullptr) {
    group.front()->status = WriteSchema(*group.front()->schema);
    return;
  }
  const Group accepted = Validate(group);
  if (accepted.empty()) return;
  Status status = WriteGroup(accepted);
  if (!status) Skip(accepted.back()->commit);
  for (CommitRequest* request : accepted) request->status = status;
}

/// Those that collide with no commit that they did not see, members before them included.
StoreCore::Group StoreCore::Validate(const Group& group) {
  Group accepted;
  const std::scoped_lock lock(mutex_);
  for (CommitRequest* request : group) {
    const PreparedCommit& prepared = request->prepared;
    const uint64_t base = request->overlay.base().counts().commit;
    const uint64_t latest = accepted.empty() ? published_->counts().commit : last_commit_;
    request->status = history_.Check(base, latest, prepared.footprint, request->reads);
    if (!request->status) continue;
    request->commit = ++last_commit_;
    accepted.push_back(request);
    if (group.size() == 1) break;
    // What comes later in the group is compared with it.
    history_.Add(request->commit, prepared.footprint);
    request->remembered = true;
    if (serializable_writers_ > 0) {
      history_.Add(request->commit, Touches{TouchedItems(request->overlay, prepared), IndexKeysOf(prepared.writes)});
      request->touches_remembered = true;
    }
  }
  return accepted;
}

Status StoreCore::WriteGroup(const Group& group) {
  const std::shared_ptr<const GraphSnapshot> latest = published();
  GraphCounts counts = latest->counts();
  std::shared_ptr<const Ontology> ontology = latest->shared_ontology();
  std::vector<KvWrite> batch;
  std::vector<MembershipChange> memberships;
  std::vector<const GraphOverlay*> overlays;
  std::vector<AdjacencyPart> parts;
  for (CommitRequest* request : group) {
    GraphOverlay& overlay = request->overlay;
    PreparedCommit& prepared = request->prepared;
    std::move(prepared.writes.begin(), prepared.writes.end(), std::back_inserter(batch));
    memberships.insert(memberships.end(), prepared.memberships.begin(), prepared.memberships.end());
    overlays.push_back(&overlay);
    parts.push_back({&overlay, &request->adjacency});
    AddChanges(overlay.base().counts(), overlay.counts(), counts);
    counts.next_vertex = std::max(counts.next_vertex, overlay.end_of_vertices());
    counts.next_edge = std::max(counts.next_edge, overlay.end_of_edges());
    if (overlay.ontology_changed()) ontology = overlay.shared_ontology();
  }
  counts.commit = group.back()->commit;
  TUPU_TRY(WriteMemberships(std::move(memberships), latest->kv(), batch));
  RecentPlaces recent;
  if (recent_places_commit_ == latest->counts().commit) recent = std::move(recent_places_);
  recent_places_commit_ = 0;
  TUPU_TRY(WriteAdjacency(parts, latest->kv(), counts.commit, list_changes_, recent, worker_, batch));
  StoredNames stored = stored_names_;
  AppendNewNames(batch, stored);
  if (ontology != latest->shared_ontology()) {
    batch.push_back({Keyspace::kMeta, std::string(kOntologyKey), ontology->json()});
  }
  batch.push_back({Keyspace::kMeta, std::string(kCountsKey), EncodeGraphCounts(counts)});
  const std::vector<AdjacencyChange> changes = AdjacencyChangesOf(overlays);
  if (saved_csrs_.record() && topology_->IsUnusable(*saved_csrs_.record())) saved_csrs_.Distrust();
  TUPU_TRY(saved_csrs_.Append(latest->kv(), counts.commit, changes, batch));
  // Before the write: after a failed one nobody can know what the disk kept, and no id may come to mean two things.
  for (CommitRequest* request : group) request->overlay.KeepIds();
  const Status written = kv_->Write(batch, {}, options_.sync);
  saved_csrs_.Settle(written.has_value());
  TUPU_TRY(written);
  stored_names_ = stored;
  recent_places_ = std::move(recent);
  recent_places_commit_ = counts.commit;
  topology_->Apply(counts.commit, changes);
  columns_->Apply(counts.commit, [&](const PropertyChangeVisitor& visit) { VisitPropertyChanges(overlays, visit); });
  seeks_->Apply(counts.commit, batch);
  return Publish(std::move(counts), std::move(ontology), latest->shared_schema(), group, batch);
}

Status StoreCore::CommitSchema(const std::function<Status(SchemaCommit&)>& change) {
  GraphOverlay nothing(published(), names_, ids_, nullptr);
  CommitRequest request(nothing);
  request.schema = &change;
  return Commit(request);
}

/// Called by the leader for a request that is alone in its group.
Status StoreCore::WriteSchema(const std::function<Status(SchemaCommit&)>& change) {
  const std::shared_ptr<const GraphSnapshot> latest = published();
  SchemaCommit commit{*latest, {}, {}, false};
  saved_csrs_.Settle(false);  // of a batch before, which came to nothing
  TUPU_TRY(change(commit));
  std::shared_ptr<const SchemaState> schema = latest->shared_schema();
  if (commit.changed) {
    schema = std::make_shared<const SchemaState>(std::move(*commit.changed));
    AppendSchema(commit.batch, *schema);
  }
  StoredNames stored = stored_names_;
  AppendNewNames(commit.batch, stored);
  GraphCounts counts = latest->counts();
  counts.commit = ++last_commit_;
  commit.batch.push_back({Keyspace::kMeta, std::string(kCountsKey), EncodeGraphCounts(counts)});
  const Status written = kv_->Write(commit.batch, {}, options_.sync);
  saved_csrs_.Settle(written.has_value());
  TUPU_TRY(written);
  stored_names_ = stored;
  topology_->Apply(counts.commit, {});
  columns_->Apply(counts.commit, [](const PropertyChangeVisitor&) {});
  seeks_->Apply(counts.commit, commit.batch);
  TUPU_TRY(Publish(counts, latest->shared_ontology(), std::move(schema), {}, {}));
  if (!commit.collides) return {};
  const std::scoped_lock lock(mutex_);
  Footprint footprint;
  footprint.changes_schema = true;
  history_.Add(counts.commit, footprint);
  return {};
}

Status StoreCore::CommitIngest(KvBulkWriter& writer, GraphCounts counts, std::shared_ptr<const Ontology> ontology,
                               const CsrsToSave* csrs) {
  const std::shared_ptr<const GraphSnapshot> latest = published();
  StoredNames stored = stored_names_;
  std::vector<KvWrite> meta;
  AppendNewNames(meta, stored);
  if (ontology != latest->shared_ontology()) {
    meta.push_back({Keyspace::kMeta, std::string(kOntologyKey), ontology->json()});
  }
  {
    const std::scoped_lock lock(mutex_);
    counts.commit = ++last_commit_;
  }
  meta.push_back({Keyspace::kMeta, std::string(kCountsKey), EncodeGraphCounts(counts)});
  TUPU_TRY(ReplaceSavedCsrs(counts, csrs, meta));
  std::sort(meta.begin(), meta.end(), [](const KvWrite& a, const KvWrite& b) { return a.key < b.key; });
  TUPU_TRY_ASSIGN(const std::unique_ptr<KvRun> run, writer.NewRun(Keyspace::kMeta));
  for (const KvWrite& write : meta) {
    TUPU_TRY(write.value ? run->Put(write.key, *write.value) : run->Delete(write.key));
  }
  TUPU_TRY(run->Finish());
  // As in a commit: the ids are spent before anyone can know whether the files were taken in.
  ids_.vertices.Reset(counts.next_vertex);
  ids_.edges.Reset(counts.next_edge);
  const Status ingested = writer.Ingest();
  saved_csrs_.Settle(ingested.has_value());
  TUPU_TRY(ingested);
  stored_names_ = stored;
  // No list of the changes: what was built before serves older snapshots only.
  topology_->Restart(counts.commit);
  topology_->ExpectSaved(saved_csrs_.record());
  columns_->Restart(counts.commit);
  seeks_->Restart(counts.commit);
  return Publish(std::move(counts), std::move(ontology), latest->shared_schema(), {}, {});
}

Status StoreCore::Publish(GraphCounts counts, std::shared_ptr<const Ontology> ontology,
                          std::shared_ptr<const SchemaState> schema, const Group& group,
                          const std::vector<KvWrite>& batch) {
  TUPU_TRY_ASSIGN(auto kv, kv_->Snapshot());
  auto snapshot = std::make_shared<const GraphSnapshot>(std::move(kv), names_, std::move(counts), std::move(ontology),
                                                        std::move(schema), topology_, columns_, seeks_);
  const std::scoped_lock lock(mutex_);
  Remember(group, batch);
  published_.swap(snapshot);
  return {};
}

/// The published state goes on under the number of a commit that came to nothing: whoever begins now does not collide with
/// that.
void StoreCore::Skip(uint64_t commit) {
  const std::shared_ptr<const GraphSnapshot> latest = published();
  GraphCounts counts = latest->counts();
  counts.commit = commit;
  topology_->Apply(commit, {});
  columns_->Apply(commit, [](const PropertyChangeVisitor&) {});
  auto snapshot =
      std::make_shared<const GraphSnapshot>(latest->shared_kv(), names_, std::move(counts), latest->shared_ontology(),
                                            latest->shared_schema(), topology_, columns_, seeks_);
  const std::scoped_lock lock(mutex_);
  published_.swap(snapshot);
}

/// For the writers that do not see this commit: all but the group itself. Requires: mutex_ is held.
void StoreCore::Remember(const Group& group, const std::vector<KvWrite>& batch) {
  if (writers_.size() <= group.size()) return;
  std::vector<std::string> keys;
  for (CommitRequest* request : group) {
    if (!request->remembered) history_.Add(request->commit, request->prepared.footprint);
    if (serializable_writers_ == 0 || request->touches_remembered) continue;
    if (keys.empty()) keys = IndexKeysOf(batch);
    history_.Add(request->commit, Touches{TouchedItems(request->overlay, request->prepared), keys});
  }
}

// --- Saved CSRs ---

/// Requires: nobody else commits.
Status StoreCore::SaveCsrsInto(std::vector<KvWrite>& batch) {
  try {
    TUPU_TRY_ASSIGN(const SavedCsrRecord record, topology_->Save());
    return saved_csrs_.Replace(published()->kv(), record, batch);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kResourceExhausted, "there is not enough memory to save CSRs; lower the cache memory"};
  }
}

bool StoreCore::WantsCsrsOf(const GraphCounts& counts) const {
  return kv_->side_files() != nullptr && Topology::BuildCostOf(counts.edges) >= options_.csr_worth_saving &&
         topology_->WouldHold(counts);
}

/// A load is not described by changes: it brings a file, or there is none from now on. A file that cannot be written costs
/// a build later, not the load.
Status StoreCore::ReplaceSavedCsrs(const GraphCounts& counts, const CsrsToSave* csrs, std::vector<KvWrite>& batch) {
  const auto latest = published();
  std::optional<SavedCsrRecord> saved;
  try {
    if (csrs != nullptr) {
      const Result<SavedCsrRecord> record = SaveTopology(*kv_->side_files(), counts, *csrs);
      if (record) saved = *record;
    }
  } catch (const std::bad_alloc&) {
    saved.reset();
  }
  return saved ? saved_csrs_.Replace(latest->kv(), *saved, batch) : saved_csrs_.End(latest->kv(), batch);
}

/// The next one to open the store would have to build them, or to lay long changes over the file.
bool StoreCore::IsWorthSavingAtEnd() {
  if (options_.read_only || !topology_->IsComplete() || topology_->BuildCost() < options_.csr_worth_saving)
    return false;
  const std::optional<SavedCsrRecord>& record = saved_csrs_.record();
  if (!record || topology_->IsUnusable(*record)) return true;
  const Result<uint64_t> changes = saved_csrs_.CountChanges(published()->kv());
  return !changes || *changes > SavedCsrLog::MostChanges(*record) / 4;
}

Result<SavedCsrs> StoreCore::SaveCsrs(CsrSaving when) {
  if (kv_->side_files() == nullptr) return Error{ErrorCode::kUnsupported, "a database in memory saves nothing"};
  if (when == CsrSaving::kIfWorthIt && topology_->BuildCost() < options_.csr_worth_saving) return SavedCsrs();
  TUPU_TRY(topology_->Build());
  SavedCsrs saved;
  TUPU_TRY(CommitSchema([&](SchemaCommit& commit) -> Status {
    if (!topology_->IsComplete()) return {};  // the cache memory is too small
    const Status done = SaveCsrsInto(commit.batch);
    if (done) saved = {saved_csrs_.pending().length, saved_csrs_.pending().commit};
    return done;
  }));
  return saved;
}

bool StoreCore::HasSavedCsrs(const SavedCsrRecord& record) const {
  const auto files = kv_->side_files();
  return files != nullptr && !topology_->IsUnusable(record) && SavedTopology::Open(*files, record).has_value();
}

}  // namespace tupu
