#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loaders/bulk/known_vertex_rows.h"
#include "loaders/bulk/ontology_row_check.h"
#include "loaders/csv/csv_rows.h"
#include "loaders/load_names.h"
#include "storage/bulk/external_id_map.h"
#include "storage/bulk/graph_bulk_load.h"
#include "storage/keys/property_row.h"

namespace tupu {

/// Reads chunks of plain rows straight into encoded batches, without a Value for each cell.
///
/// It knows the common forms only. Whatever else it meets (a doubled quote, a row of another width, a cell that is no
/// number, an end that is not there, a rule of the ontology that a row breaks) makes it give up the chunk, which is then
/// read row by row by CsvRowParser: that one alone decides what an error is.
/// Threads: one at a time.
class FastCsvRows {
 public:
  /// All must outlive it. `stored_ends`: ids of stored ends that its thread has read so far.
  FastCsvRows(const CsvShape& shape, const std::string& delimiter, GraphBulkLoad& load, LoadNames& names,
              NameCells& cells, OntologyRowCheck& check, ExternalIdMap& stored_ends, std::string_view source,
              char array_delimiter);

  /// False for headers with forms that it does not know.
  bool usable() const { return usable_; }
  /// Requires: a NUL behind the text. False: the chunk was given up, and what is in `batch` and `lines` means nothing.
  /// `lines`: of each row of the batch, counted from 0 at the chunk's begin.
  bool ReadVertices(std::string_view text, VertexBatch& batch, std::vector<uint32_t>& lines, KnownVertexRows& known);
  bool ReadEdges(std::string_view text, EdgeBatch& batch);

 private:
  struct Cell {
    std::string_view text;
    bool quoted = false;
  };
  struct Property {
    PropertyKeyId key{};
    size_t column = 0;  // kSource: the load's source
  };
  /// An end of an edge that is looked up: by its number or, if it has none, by its hash.
  struct WaitingEnd {
    std::string_view id;
    uint64_t number = 0;  // of ExternalIdMap
    uint64_t hash = 0;
  };
  struct WaitingEdge {
    WaitingEnd start;
    WaitingEnd end;
    std::string_view type_name;
    EdgeTypeId type{};
    size_t row_size = 0;
  };
  /// What a column of an edge file of the commonest form holds.
  enum class PlainColumn : uint8_t { kStart, kEnd, kType, kInteger, kFloat, kText, kIgnored };
  /// The row of an edge as it is put together.
  struct PlainRow;
  static constexpr size_t kSource = SIZE_MAX;

  bool ReadRow(const char*& at, const char* end);
  bool ReadCell(const char*& at, const char* end, Cell& cell) const;
  bool EncodeRow(std::string& row);
  bool EncodeCell(const Cell& cell, const CsvColumnType& type);
  bool AppendNumber(std::string_view text, const CsvColumnType& type);
  static bool IsPlainId(std::string_view text, const CsvColumnType& type);
  bool NameRow();
  bool AddVertex(const std::vector<LabelId>& labels, VertexBatch& batch);
  void PlanPlainColumns();
  bool ReadPlainEdge(const char*& at, const char* end, WaitingEdge& edge, std::string& rows) const;
  const char* EndOfCell(const char* at) const;
  const char* ReadPlainEnd(const char* at, const CsvColumnType& type, WaitingEnd& waiting) const;
  const char* ReadPlainProperty(const char* at, size_t column, PlainRow& row) const;
  EdgeTypeId TypeOf(std::string_view name);
  bool ReadAnyEdge(const char*& at, const char* end, WaitingEdge& edge, std::string& rows);
  void Prefetch(uint32_t group, WaitingEnd& end) const;
  std::optional<VertexId> Resolve(uint32_t group, const WaitingEnd& end);
  std::optional<VertexId> ResolveStored(uint32_t group, std::string_view id, uint64_t hash);
  bool CheckWaiting(EdgeTypeId type, VertexId start, VertexId end, std::string_view row);
  bool AddWaiting(EdgeBatch& batch);

  const CsvShape& shape_;
  GraphBulkLoad& load_;
  NameCells& cells_;
  OntologyRowCheck& check_;
  ExternalIdMap& stored_ends_;  // at most kMostStoredEnds
  const char delimiter_;
  const char array_delimiter_;
  std::array<bool, 256> stops_{};  // characters at which a cell may end
  bool usable_ = true;
  size_t id_ = 0;  // columns
  size_t end_id_ = 0;
  size_t label_or_type_ = SIZE_MAX;
  std::vector<Property> properties_;  // by key
  std::optional<PropertyKeyId> name_key_;
  std::optional<PropertyKeyId> aliases_key_;
  std::string source_value_;  // encoded

  std::vector<Cell> row_cells_;
  std::string values_;
  std::vector<RowEntry> entries_;
  std::string row_;
  std::vector<std::string> row_names_;
  std::vector<PlainColumn> plain_columns_;  // empty: the file is of another form
  std::string last_type_name_;
  EdgeTypeId last_type_{};
  std::vector<WaitingEdge> waiting_;
  const std::vector<LabelId>* last_labels_ = nullptr;
  uint32_t last_label_set_ = 0;
};

}  // namespace tupu
