#include <new>

#include <tupu/database.h>

#include "engine/database/engine_access.h"
#include "loaders/load.h"
#include "storage/catalog/index_catalog.h"
#include "storage/graph/graph_store.h"

namespace tupu {

namespace {

LoaderOptions ToLoader(const LoadOptions& options) {
  LoaderOptions loader;
  loader.ontology_file = options.ontology_file;
  loader.source = options.source;
  loader.skip_bad = options.skip_bad;
  if (!options.report_file.empty()) loader.report_file = options.report_file;
  if (options.progress) {
    loader.progress = [progress = options.progress](uint64_t done, uint64_t total, LoadPhase) {
      progress(done, total);
    };
  }
  loader.cancellation = options.cancellation;
  return loader;
}

LoadSummary FromLoader(LoaderSummary loaded) {
  return {.nodes_created = loaded.vertices_created,
          .nodes_merged = loaded.vertices_merged,
          .nodes_unchanged = loaded.vertices_unchanged,
          .relationships_created = loaded.edges_created,
          .relationships_merged = loaded.edges_merged,
          .relationships_unchanged = loaded.edges_unchanged,
          .rows_skipped = loaded.rows_skipped,
          .report_file = std::move(loaded.report_file),
          .notices = std::move(loaded.notices),
          .bulk = loaded.bulk,
          .why_not_bulk = std::move(loaded.why_not_bulk)};
}

}  // namespace

Result<LoadSummary> Database::Load(const std::vector<std::string>& paths, const LoadOptions& options) {
  try {
    GraphStore& store = EngineAccess::Store(*this);
    TUPU_TRY_ASSIGN(LoaderSummary loaded, LoadInto(store, paths, ToLoader(options)));
    TUPU_TRY_ASSIGN(const std::shared_ptr<const GraphView> view, store.Snapshot());
    const bool changed =
        loaded.vertices_created + loaded.vertices_merged + loaded.edges_created + loaded.edges_merged > 0;
    // Indexes that stood before the data came would be judged by what they held then. The load is done all the same if
    // they cannot be counted: estimates alone rest on it.
    if (changed && !view->indexes().empty())
      (void)store.RefreshStatistics(StatisticsScope::kIndexes, options.cancellation);
    return FromLoader(std::move(loaded));
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kResourceExhausted,
                 "the load does not fit this machine's memory; nothing of it remains. Load it in several parts"};
  }
}

}  // namespace tupu
