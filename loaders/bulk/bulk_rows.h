#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "loaders/bulk/csv_chunks.h"
#include "loaders/bulk/fast_csv_rows.h"
#include "loaders/bulk/known_edge_rows.h"
#include "loaders/bulk/known_vertex_rows.h"
#include "loaders/bulk/ontology_row_check.h"
#include "loaders/bulk/turn_order.h"
#include "loaders/csv/csv_rows.h"
#include "loaders/load.h"
#include "loaders/load_names.h"
#include "loaders/row_report.h"
#include "storage/bulk/external_id_map.h"
#include "storage/bulk/graph_bulk_load.h"

namespace tupu {

/// Names of a bulk load. A new name of a row waits until it is its chunk's turn, so that names get the ids that a
/// sequential load would give them.
class BulkNames : public LoadNames {
 public:
  /// `order`: null where it is the caller's turn anyway.
  BulkNames(GraphBulkLoad& load, TurnOrder* order) : load_(load), order_(order) {}
  void BeginChunk(uint64_t number) { number_ = number; }

  LabelId Label(std::string_view name) override;
  EdgeTypeId Type(std::string_view name) override;
  PropertyKeyId Key(std::string_view name) override;
  uint32_t Group(std::string_view name) override;

 private:
  void WaitForTurn() const;

  GraphBulkLoad& load_;
  TurnOrder* const order_;
  uint64_t number_ = 0;
};

/// What the threads of a bulk load share. Changed only by the thread whose turn it is.
struct BulkLoadState {
  BulkLoadState(GraphBulkLoad& bulk_load, const LoadPlan& load_plan, const LoaderOptions& loader_options)
      : load(bulk_load), plan(load_plan), options(loader_options), report(options.skip_bad, options.report_file) {}

  void GiveUp(std::string reason) {
    if (why_not.empty()) why_not = std::move(reason);
  }
  void BeginFile(const PlannedFile& file) { files.push_back({load.vertices().next_vertex(), &file}); }
  /// Where a vertex of the load was given.
  RowPlace PlaceOf(VertexId vertex) const;
  /// The same as "file:line"; of an edge, the file and the line from which on it stands.
  std::string TextOfPlace(EntityKind entity, uint64_t id) const;

  GraphBulkLoad& load;
  const LoadPlan& plan;
  const LoaderOptions& options;
  RowReport report;
  IdTypes id_types;
  std::string why_not;  // not empty: the load must be given up
  uint64_t bytes_total = 0;
  uint64_t bytes_done = 0;
  uint64_t edges = 0;                // new ones
  std::vector<bool> known_vertices;  // by id: stored ones that a row named
  uint64_t vertices_unchanged = 0;
  EdgesMeant meant;
  struct FileBegin {
    uint64_t first_vertex;
    const PlannedFile* file;
  };
  std::vector<FileBegin> files;  // in order
  struct EdgeChunk {
    uint64_t first_edge;
    uint64_t first_line;
    const PlannedFile* file;
  };
  std::vector<EdgeChunk> edge_chunks;  // in order
  std::vector<uint32_t> line_of;       // by vertex, from the load's first; lines from 2^32 on are told modulo it
};

/// One thread's chunk at hand: reads it, takes its turn, passes it on.
class BulkRows : private EndResolver {
 public:
  BulkRows(BulkLoadState& state, BulkNames& names, NameCells& cells, const std::string& delimiter);

  /// Reads all rows of the chunk, fast if they are plain. All must live until the chunk was passed on.
  Status Read(const CsvShape& shape, const PlannedFile& file, const CsvChunk& chunk);
  /// In file order: reports bad rows, gives ids. Errors: of the first bad row; kCancelled; kIo of the report.
  Status TakeTurn(LoadPhase phase);
  Status PassVertices(BulkVertices::Feed& feed) { return feed.Add(vertices_); }
  Status PassEdges(BulkEdges::Feed& feed) { return feed.Add(edges_, first_edge_); }

 private:
  struct BadRow {
    uint64_t line = 0;
    CsvPosition at;
    Error error;
    bool is_placed = false;  // the message names its place
    bool is_last = false;    // nothing can be read behind it
    std::string id;          // of a vertex row that broke the ontology: its id may be taken, which is told first
  };

  bool ReadFast();
  Status ReadSlowly();
  bool ReadNext(CsvReader& reader, Status& status);
  Status ReadVertex(const CsvReader& reader, CsvRowParser& parser);
  Status ReadEdge(const CsvReader& reader, CsvRowParser& parser);
  Result<VertexId> ResolveEnd(uint32_t group, std::string_view id, std::string_view end) override;
  CsvReader ReaderOf(const CsvChunk& chunk) const;
  Status PassHeader(CsvReader& reader) const;

  Status AdmitVertices();
  void AdmitKnownVertices();
  Status AddTakenIds();
  Error TakenId(std::string_view id, VertexId owner) const;
  bool IsOfAnotherDataSet(VertexId owner) const;
  Status ReportBadRows();

  BulkLoadState& state_;
  BulkNames& names_;
  NameCells& cells_;
  const std::string& delimiter_;
  OntologyRowCheck check_;
  ExternalIdMap stored_ends_;
  std::unique_ptr<FastCsvRows> fast_;
  const PlannedFile* fast_file_ = nullptr;  // that fast_ is for

  const CsvShape* shape_ = nullptr;  // of the chunk at hand
  const PlannedFile* file_ = nullptr;
  const CsvChunk* chunk_ = nullptr;
  VertexBatch vertices_;
  KnownVertexRows known_vertices_;
  std::vector<uint32_t> lines_;  // of the rows of vertices_, from the chunk's first
  EdgeBatch edges_;
  KnownEdgeRows known_edges_;
  EdgeId first_edge_{};
  std::vector<BadRow> bad_rows_;
  std::string why_not_;  // found while reading
};

}  // namespace tupu
