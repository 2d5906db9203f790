#include "loaders/load.h"

#include <chrono>
#include <memory>

#include "loaders/bulk/bulk_load.h"
#include "loaders/csv/csv_loader.h"
#include "loaders/jsonl/jsonl_loader.h"
#include "loaders/load_context.h"
#include "loaders/load_plan.h"
#include "loaders/ontology_merge.h"
#include "storage/csv/csv_reader.h"
#include "storage/graph/graph_store.h"
#include "storage/ontology/ontology.h"

namespace tupu {
namespace {

/// JSON Lines files are read once for their vertices and once for their edges.
uint64_t BytesToRead(const LoadPlan& plan) {
  uint64_t bytes = 0;
  for (const PlannedFile& file : plan.files) bytes += file.bytes * (file.form == FileForm::kJsonLines ? 2 : 1);
  return bytes;
}

/// Declares what the files declare, beside what the store had, and gives the result. True in `changed` if that is news.
Result<Ontology> DeclareOntologies(const LoadPlan& plan, GraphTransaction& transaction, bool& changed) {
  const std::string stored = transaction.view().ontology().json();
  std::string merged = stored;
  for (const std::string& ontology : plan.ontologies) merged = MergeOntologies(merged, ontology);
  changed = merged != stored;
  if (changed) TUPU_TRY(transaction.SetOntology(merged));
  return merged.empty() ? Result<Ontology>(Ontology()) : Ontology::Parse(merged);
}

Status LoadPhaseFiles(LoadPhase phase, LoadContext& context) {
  context.progress.EnterPhase(phase);
  for (const PlannedFile& file : context.plan.files) {
    TUPU_TRY(context.options.cancellation.Check());
    switch (file.form) {
      case FileForm::kCsvVertices:
        if (phase == LoadPhase::kVertices) TUPU_TRY(LoadCsvFile(file, context));
        break;
      case FileForm::kCsvEdges:
        if (phase == LoadPhase::kEdges) TUPU_TRY(LoadCsvFile(file, context));
        break;
      case FileForm::kJsonLines: TUPU_TRY(LoadJsonLinesFile(file, phase, context)); break;
    }
  }
  return {};
}

LoaderSummary Summarise(const VertexMerger& vertices, const EdgeMerger& edges, const RowReport& report) {
  LoaderSummary summary;
  summary.vertices_created = vertices.counts().created;
  summary.vertices_merged = vertices.counts().merged;
  summary.vertices_unchanged = vertices.counts().unchanged;
  summary.edges_created = edges.counts().created;
  summary.edges_merged = edges.counts().merged;
  summary.edges_unchanged = edges.counts().unchanged;
  summary.rows_skipped = report.rows();
  if (report.rows() > 0) summary.report_file = report.path();
  return summary;
}

Result<LoaderSummary> LoadByTransaction(GraphStore& store, const LoadPlan& plan, const std::string& delimiter,
                                        const LoaderOptions& options) {
  // A long load would lose all of its work to a conflict at its end.
  const TransactionOptions alone{.isolation = Isolation::kSnapshot, .read_only = false, .exclusive = true};
  TUPU_TRY_ASSIGN(const std::unique_ptr<GraphTransaction> transaction, store.BeginWrite(alone));
  bool ontology_changed = false;
  TUPU_TRY_ASSIGN(const Ontology ontology, DeclareOntologies(plan, *transaction, ontology_changed));
  VertexMerger vertices(*transaction, ontology, plan.names);
  EdgeMerger edges(*transaction, ontology, vertices, plan.names);
  RowReport report(options.skip_bad, options.report_file);
  LoadProgress progress(options, BytesToRead(plan));
  TransactionNames ids(*transaction, vertices);
  NameCells names(ids, options.array_delimiter);
  LoadContext context{options, plan,   delimiter, *transaction, ontology, vertices,
                      edges,   report, progress,  ids,          names,    {}};

  TUPU_TRY(LoadPhaseFiles(LoadPhase::kVertices, context));
  TUPU_TRY(vertices.Flush());
  TUPU_TRY(LoadPhaseFiles(LoadPhase::kEdges, context));
  TUPU_TRY(edges.Flush());
  TUPU_TRY(report.Close());

  progress.EnterPhase(LoadPhase::kCommit);
  progress.FileDone(0);
  // A load that brings nothing new must not write: the transaction is dropped.
  if (ontology_changed || transaction->counters().any()) TUPU_TRY(transaction->Commit());
  return Summarise(vertices, edges, report);
}

}  // namespace

Result<LoaderSummary> LoadInto(GraphStore& store, std::span<const std::string> paths, const LoaderOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  TUPU_TRY_ASSIGN(const std::string delimiter, ParseDelimiter(options.delimiter));
  TUPU_TRY_ASSIGN(const LoadPlan plan, PlanLoad(paths, options, delimiter));
  BulkOutcome outcome;
  outcome.why_not = "it was not asked for";
  if (options.bulk) {
    TUPU_TRY_ASSIGN(outcome, TryBulkLoad(store, plan, delimiter, options));
  }
  const bool bulk = outcome.summary.has_value();
  if (!bulk) {
    TUPU_TRY_ASSIGN(outcome.summary, LoadByTransaction(store, plan, delimiter, options));
  }
  LoaderSummary& summary = *outcome.summary;
  summary.bulk = bulk;
  summary.why_not_bulk = std::move(outcome.why_not);
  summary.notices = plan.notices;
  for (const PlannedFile& file : plan.files) summary.bytes += file.bytes;
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return std::move(summary);
}

}  // namespace tupu
