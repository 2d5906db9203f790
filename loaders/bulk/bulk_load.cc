#include "loaders/bulk/bulk_load.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "loaders/bulk/bulk_rows.h"
#include "loaders/bulk/csv_chunks.h"
#include "loaders/bulk/turn_order.h"
#include "loaders/csv/csv_rows.h"
#include "loaders/load_context.h"
#include "loaders/ontology_merge.h"
#include "storage/bulk/graph_bulk_load.h"
#include "storage/bulk/task_list.h"
#include "storage/csv/csv_reader.h"
#include "storage/graph/graph_store.h"

namespace tupu {

namespace {

/// A row of the generated firm graph takes 37 bytes.
constexpr uint64_t kBytesPerEdgeRow = 32;
constexpr uint64_t kGzipRatio = 5;

/// What can be told before a row is read; empty: nothing stands against it. `changes`: the files change the ontology.
std::string WhyNotBulk(const GraphView& view, const LoadPlan& plan, bool changes) {
  if (changes && view.CountVertices(std::nullopt) > 0) return "the files change the ontology of stored data";
  for (const PlannedFile& file : plan.files) {
    if (file.form == FileForm::kJsonLines) return fmt::format("{} is JSON Lines", plan.names[file.name]);
  }
  return {};
}

uint64_t ExpectedEdges(const LoadPlan& plan) {
  uint64_t bytes = 0;
  for (const PlannedFile& file : plan.files) {
    if (file.form == FileForm::kCsvEdges) bytes += file.bytes * (file.path.ends_with(".gz") ? kGzipRatio : 1);
  }
  return bytes / kBytesPerEdgeRow;
}

/// One load: its threads take chunks of the files, read them side by side, and pass what must happen in file order (new
/// names, ids, reports) one after the other.
class BulkLoader {
 public:
  BulkLoader(GraphBulkLoad& load, const LoadPlan& plan, const std::string& delimiter, const LoaderOptions& options)
      : load_(load),
        plan_(plan),
        delimiter_(delimiter),
        options_(options),
        state_(load, plan, options),
        row_merge_(load.ontology(), load.base().catalog()) {
    for (const PlannedFile& file : plan.files) state_.bytes_total += file.bytes;
  }

  /// An empty text, or why the load must be given up.
  Result<std::string> Load() {
    for (const std::string_view key : {"sources", "aliases", "confidence"}) load_.InternPropertyKey(key);
    if (!load_.ontology().edge_types().empty()) load_.vertices().KeepLabelSets();
    TUPU_TRY(RunPhase(LoadPhase::kVertices));
    if (!state_.why_not.empty()) return state_.why_not;
    load_.BeginEdges(ExpectedEdges(plan_));
    load_.edges().SetMergeRows([this](EdgeTypeId type, std::string_view first, std::span<const std::string_view> later,
                                      std::string& merged) { return row_merge_.Merge(type, first, later, merged); });
    TUPU_TRY(RunPhase(LoadPhase::kEdges));
    if (!state_.why_not.empty()) return state_.why_not;
    TUPU_TRY(state_.report.Close());
    if (options_.progress) options_.progress(state_.bytes_total, state_.bytes_total, LoadPhase::kCommit);
    return load_.any_change() ? Commit() : std::string();
  }

  LoaderSummary Summary() const {
    LoaderSummary summary;
    summary.vertices_created = load_.vertices().next_vertex() - load_.vertices().first_vertex();
    summary.vertices_unchanged = state_.vertices_unchanged;
    summary.edges_created = state_.edges;
    summary.edges_merged = row_merge_.merged();
    summary.edges_unchanged = state_.meant.unchanged + row_merge_.unchanged();
    summary.rows_skipped = state_.report.rows();
    if (state_.report.rows() > 0) summary.report_file = state_.report.path();
    return summary;
  }

 private:
  Result<std::string> Commit() {
    load_.indexes().SetPlaces([this](EntityKind entity, uint64_t id) { return state_.TextOfPlace(entity, id); });
    const Status committed = load_.Commit(options_.cancellation);
    if (committed) return std::string();
    if (load_.edges().any_mistaken()) return std::string("the keys of two edges have one hash");
    // A transaction sees it row by row, and can pass over the second one.
    if (options_.skip_bad && load_.indexes().key_given_twice()) return std::string("two rows have one declared key");
    return committed.error();
  }

  /// A file being cut into chunks; the threads that work on its last chunks share it.
  struct OpenFile {
    const PlannedFile* file = nullptr;
    CsvShape shape;
    std::unique_ptr<CsvChunks> chunks;
  };
  struct Work {
    std::shared_ptr<const OpenFile> file;
    CsvChunk chunk;
    uint64_t number = 0;
  };

  Status RunPhase(LoadPhase phase) {
    phase_ = phase;
    order_ = std::make_unique<TurnOrder>();
    next_file_ = 0;
    next_number_ = 0;
    open_ = nullptr;
    const std::vector<std::function<Status()>> tasks(load_.options().threads, [this] { return RunThread(); });
    return RunTasks(tasks, tasks.size());
  }

  Status RunThread() {
    // Whatever ends this thread early, an exception too, must not leave the others waiting for its turn.
    struct StopUnlessDone {
      TurnOrder& order;
      bool done = false;
      ~StopUnlessDone() {
        if (!done) order.Stop();
      }
    } stop{*order_};
    BulkNames names(load_, order_.get());
    NameCells cells(names, options_.array_delimiter);
    BulkRows rows(state_, names, cells, delimiter_);
    Status done = phase_ == LoadPhase::kVertices ? WorkOnVertices(rows, names) : WorkOnEdges(rows, names);
    stop.done = done.has_value();
    return done;
  }

  Status WorkOnVertices(BulkRows& rows, BulkNames& names) {
    BulkVertices::Feed feed(load_.vertices(), load_.indexes());
    TUPU_TRY(WorkOnChunks(rows, names, [&] { return rows.PassVertices(feed); }));
    return feed.Finish();
  }

  Status WorkOnEdges(BulkRows& rows, BulkNames& names) {
    BulkEdges::Feed feed(load_.edges(), load_.indexes());
    TUPU_TRY(WorkOnChunks(rows, names, [&] { return rows.PassEdges(feed); }));
    return feed.Finish();
  }

  Status WorkOnChunks(BulkRows& rows, BulkNames& names, const std::function<Status()>& pass) {
    for (;;) {
      TUPU_TRY_ASSIGN(const std::optional<Work> work, TakeWork());
      if (!work) return {};
      names.BeginChunk(work->number);
      TUPU_TRY(rows.Read(work->file->shape, *work->file->file, work->chunk));
      if (!order_->Wait(work->number)) return {};
      TUPU_TRY(rows.TakeTurn(phase_));
      if (!state_.why_not.empty()) {
        order_->Stop();
        return {};
      }
      order_->Pass();
      TUPU_TRY(pass());
    }
  }

  /// The next chunk of the phase; nullopt: there is none, or the load was stopped.
  Result<std::optional<Work>> TakeWork() {
    const std::scoped_lock lock(work_mutex_);
    for (;;) {
      if (order_->stopped()) return std::optional<Work>();
      if (open_ == nullptr) {
        TUPU_TRY_ASSIGN(open_, OpenNextFile());
        if (open_ == nullptr) return std::optional<Work>();
      }
      TUPU_TRY_ASSIGN(std::optional<CsvChunk> chunk, open_->chunks->Next());
      if (chunk) return std::optional<Work>({open_, std::move(*chunk), next_number_++});
      open_ = nullptr;
    }
  }

  Result<std::shared_ptr<OpenFile>> OpenNextFile() {
    const FileForm form = phase_ == LoadPhase::kVertices ? FileForm::kCsvVertices : FileForm::kCsvEdges;
    while (next_file_ < plan_.files.size() && plan_.files[next_file_].form != form) ++next_file_;
    if (next_file_ == plan_.files.size()) return std::shared_ptr<OpenFile>();
    // The names of the header come after those of all rows before it.
    if (!order_->Wait(next_number_)) return std::shared_ptr<OpenFile>();
    auto open = std::make_shared<OpenFile>();
    open->file = &plan_.files[next_file_++];
    TUPU_TRY_ASSIGN(std::unique_ptr<TextSource> header_source, OpenTextSource(open->file->path));
    CsvReader header_reader(std::move(header_source), plan_.names[open->file->name], {.delimiter = delimiter_});
    BulkNames names(load_, nullptr);
    TUPU_TRY_ASSIGN(open->shape, ReadCsvShape(*open->file, plan_, delimiter_, header_reader, names, state_.id_types));
    state_.BeginFile(*open->file);
    TUPU_TRY_ASSIGN(std::unique_ptr<TextSource> source, OpenTextSource(open->file->path));
    open->chunks = std::make_unique<CsvChunks>(std::move(source), delimiter_);
    return open;
  }

  GraphBulkLoad& load_;
  const LoadPlan& plan_;
  const std::string& delimiter_;
  const LoaderOptions& options_;
  BulkLoadState state_;
  EdgeRowMerge row_merge_;

  LoadPhase phase_ = LoadPhase::kVertices;
  std::unique_ptr<TurnOrder> order_;  // of the phase
  std::mutex work_mutex_;
  size_t next_file_ = 0;
  uint64_t next_number_ = 0;
  std::shared_ptr<OpenFile> open_;
};

}  // namespace

Result<BulkOutcome> TryBulkLoad(GraphStore& store, const LoadPlan& plan, const std::string& delimiter,
                                const LoaderOptions& options) {
  BulkOutcome outcome;
  TUPU_TRY_ASSIGN(const auto view, store.Snapshot());
  const std::string stored = view->ontology().json();
  std::string merged = stored;
  for (const std::string& ontology : plan.ontologies) merged = MergeOntologies(merged, ontology);
  if (!merged.empty()) TUPU_TRY(Ontology::Parse(merged));
  outcome.why_not = WhyNotBulk(*view, plan, merged != stored);
  if (!outcome.why_not.empty()) return outcome;

  BulkLoadOptions bulk;
  bulk.threads = options.threads > 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  Result<std::unique_ptr<GraphBulkLoad>> load = store.BeginBulkLoad(bulk);
  if (!load) {
    if (load.error().code != ErrorCode::kUnsupported) return std::move(load).error();
    outcome.why_not = load.error().message;
    return outcome;
  }
  // Another writer may have been faster.
  if ((*load)->base().ontology().json() != stored) {
    outcome.why_not = "the ontology was changed meanwhile";
    return outcome;
  }
  outcome.why_not = WhyNotBulk((*load)->base(), plan, merged != stored);
  if (!outcome.why_not.empty()) return outcome;
  if (merged != stored) TUPU_TRY((*load)->SetOntology(merged));
  BulkLoader loader(**load, plan, delimiter, options);
  TUPU_TRY_ASSIGN(outcome.why_not, loader.Load());
  if (outcome.why_not.empty()) outcome.summary = loader.Summary();
  return outcome;
}

}  // namespace tupu
