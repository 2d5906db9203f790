#include "storage/bulk/graph_bulk_load.h"

#include <functional>
#include <vector>

#include "storage/base/check.h"
#include "storage/bulk/task_list.h"
#include "storage/graph/store_core.h"

namespace tupu {

namespace {

/// Buckets of one run: some 100,000 edges both ways.
constexpr size_t kBucketsPerRun = 16;

constexpr TransactionOptions kAlone{.isolation = Isolation::kSnapshot, .read_only = false, .exclusive = true};

}  // namespace

GraphBulkLoad::GraphBulkLoad(std::shared_ptr<StoreCore> core, const BulkLoadOptions& options)
    : core_(std::move(core)), options_(options), no_schema_change_(core_->schema_mutex()) {
  base_ = core_->EnterWriter(kAlone);
  ontology_ = base_->shared_ontology();
  edge_counts_ = base_->counts();
}

GraphBulkLoad::~GraphBulkLoad() {
  core_->LeaveWriter(base_->counts().commit, kAlone);
}

Result<std::unique_ptr<GraphBulkLoad>> GraphBulkLoad::Begin(std::shared_ptr<StoreCore> core,
                                                            const BulkLoadOptions& options) {
  std::unique_ptr<GraphBulkLoad> load(new GraphBulkLoad(std::move(core), options));
  TUPU_TRY_ASSIGN(load->writer_, load->core_->kv().BulkWriter());
  load->pool_ = std::make_unique<SpillPool>(load->writer_->scratch_directory(), options.memory);
  load->vertices_ = std::make_unique<BulkVertices>(*load->pool_, load->base_);
  load->PrepareIndexes();
  return load;
}

void GraphBulkLoad::PrepareIndexes() {
  indexes_ = std::make_unique<BulkIndexes>(*pool_, base_, ontology_, options_.threads);
}

LabelId GraphBulkLoad::InternLabel(std::string_view name) {
  return core_->names()->catalog.labels().Intern(name);
}
EdgeTypeId GraphBulkLoad::InternEdgeType(std::string_view name) {
  return core_->names()->catalog.edge_types().Intern(name);
}
PropertyKeyId GraphBulkLoad::InternPropertyKey(std::string_view name) {
  return core_->names()->catalog.property_keys().Intern(name);
}
IdGroupId GraphBulkLoad::InternIdGroup(std::string_view name) {
  return core_->names()->id_groups.Intern(name);
}

Status GraphBulkLoad::SetOntology(std::string_view json) {
  TUPU_CHECK(base_->counts().vertices == 0);
  TUPU_TRY_ASSIGN(Ontology parsed, Ontology::Parse(json));
  for (const auto& [name, rule] : parsed.labels()) {
    if (rule.key.empty()) continue;
    InternLabel(name);
    for (const std::string& property : rule.key) InternPropertyKey(property);
  }
  for (const auto& [name, rule] : parsed.edge_types()) {
    if (rule.symmetric) InternEdgeType(name);
  }
  ontology_ = std::make_shared<const Ontology>(std::move(parsed));
  ontology_changed_ = true;
  PrepareIndexes();
  return {};
}

void GraphBulkLoad::BeginEdges(uint64_t expected) {
  edges_ = std::make_unique<BulkEdges>(*pool_, base_, vertices_->next_vertex(), expected);
}

EdgeId GraphBulkLoad::AdmitEdges(const EdgeBatch& batch) {
  const auto first = static_cast<EdgeId>(edge_counts_.next_edge);
  edge_counts_.next_edge += batch.size();
  edge_counts_.edges += batch.size();
  batch.CountTypes(edge_counts_);
  any_admitted_ = any_admitted_ || batch.size() > 0;
  return first;
}

Status GraphBulkLoad::WriteRuns(const CancellationToken& cancellation) {
  std::vector<std::function<Status()>> tasks;
  const auto add = [&](Keyspace space, std::function<Status(KvRun&)> write) {
    tasks.push_back([this, space, write = std::move(write)]() -> Status {
      TUPU_TRY_ASSIGN(const std::unique_ptr<KvRun> run, writer_->NewRun(space));
      TUPU_TRY(write(*run));
      return run->Finish();
    });
  };
  // The long ones first, so that no thread is left with one at the end.
  add(Keyspace::kEdge, [this](KvRun& run) { return edges_->WritePlaces(run); });
  for (size_t i = 0; i < vertices_->index_runs(); ++i) {
    add(Keyspace::kIndex, [this, i](KvRun& run) { return vertices_->WriteIndexRun(i, run); });
  }
  for (size_t i = 0; i < indexes_->runs(); ++i) {
    add(Keyspace::kIndex, [this, i](KvRun& run) { return indexes_->WriteRun(i, run); });
  }
  const size_t parts = options_.threads;
  for (size_t i = 0; i < parts; ++i) {
    add(Keyspace::kVertex, [this, i, parts](KvRun& run) { return vertices_->WriteRecords(i, parts, run); });
  }
  for (size_t begin = 0; begin < edges_->buckets(); begin += kBucketsPerRun) {
    const size_t end = std::min(begin + kBucketsPerRun, edges_->buckets());
    add(Keyspace::kAdjacency, [this, begin, end, &cancellation](KvRun& run) {
      return edges_->WriteLists(
          begin, end, [&] { return cancellation.Check(); }, csrs_.get(), run);
    });
  }
  return RunTasks(tasks, options_.threads);
}

/// As the load leaves them, but for the number of the commit.
GraphCounts GraphBulkLoad::Counts() const {
  GraphCounts counts = vertices_->counts();
  counts.next_edge = edge_counts_.next_edge;
  counts.edges = edge_counts_.edges;
  counts.by_type = edge_counts_.by_type;
  return counts;
}

Status GraphBulkLoad::Commit(const CancellationToken& cancellation) {
  TUPU_CHECK(edges_ != nullptr);
  const GraphCounts counts = Counts();
  if (base_->counts().edges == 0 && core_->WantsCsrsOf(counts)) {
    csrs_ = std::make_unique<BulkCsrs>(*pool_, counts.next_vertex, counts.next_edge);
  }
  TUPU_TRY(indexes_->CheckPresence());
  TUPU_TRY(WriteRuns(cancellation));
  TUPU_TRY(cancellation.Check());
  if (csrs_ == nullptr) return core_->CommitIngest(*writer_, counts, ontology_, nullptr);
  const CsrsToSave csrs{csrs_->sets(), [this](ListSet set) { return csrs_->Take(set); }};
  return core_->CommitIngest(*writer_, counts, ontology_, &csrs);
}

}  // namespace tupu
