#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "loaders/csv/csv_header.h"
#include "loaders/load_names.h"
#include "loaders/load_plan.h"
#include "loaders/merge/edge_merger.h"
#include "loaders/merge/vertex_merger.h"
#include "storage/csv/csv_reader.h"

namespace tupu {

/// Types of the ids of each group, as vertex files declared them: "007" names the vertex 7 if its file says
/// id-type:int.
using IdTypes = std::map<uint32_t, CsvColumnType>;

/// The header of a file with its names resolved: all that its rows need.
struct CsvShape {
  CsvHeader header;
  std::vector<PropertyKeyId> keys;  // by column
  uint32_t id_group = 0;
  uint32_t start_group = 0;
  uint32_t end_group = 0;
  std::vector<LabelId> extra_labels;  // of the id columns; sorted
  std::optional<PropertyKeyId> edge_id;

  size_t IndexOf(ColumnRole role) const;
};

/// Reads the header of `file`, from its header file or as the first row of `reader`. A vertex file's id type goes into
/// `id_types`. Errors: of the header, at its place.
Result<CsvShape> ReadCsvShape(const PlannedFile& file, const LoadPlan& plan, const std::string& delimiter,
                              CsvReader& reader, LoadNames& names, IdTypes& id_types);

/// Finds the vertex of an edge's end.
class EndResolver {
 public:
  virtual ~EndResolver() = default;
  /// Errors: kInvalidArgument if there is none. `end`: "start" or "end".
  virtual Result<VertexId> ResolveEnd(uint32_t group, std::string_view id, std::string_view end) = 0;
};

/// Turns the rows of one file into vertex or edge rows.
class CsvRowParser {
 public:
  /// `source`: put into `sources` of rows that name none; empty: nothing. All must outlive it.
  CsvRowParser(const CsvShape& shape, const PlannedFile& file, LoadNames& names, NameCells& cells,
               std::string_view source, char array_delimiter);

  /// The row that `reader` stands on; `id` of the result lives until the next call. Errors: of the row, without its
  /// place; error_column() says which.
  Result<VertexRow> ParseVertex(const CsvReader& reader);
  Result<EdgeRow> ParseEdge(const CsvReader& reader, EndResolver& ends);
  size_t error_column() const { return error_column_; }
  /// Of the vertex row parsed last, also when it failed behind its id.
  const std::string& id() const { return id_; }

 private:
  Status CheckWidth(const CsvReader& reader);
  Status AddIdPart(size_t index, const CsvField& field, std::string& id);
  Status CheckEdgeId(size_t index, const CsvField& field);
  void AddLabels(std::string_view cell, std::vector<LabelId>& labels);
  Status AddProperty(size_t index, const CsvField& field, Properties& properties);
  void AddSource(Properties& properties);

  const CsvShape& shape_;
  const PlannedFile& file_;
  LoadNames& names_;
  NameCells& cells_;
  const std::string_view source_;
  const char array_delimiter_;
  size_t error_column_ = 0;  // of the row at hand
  std::string id_;           // the vertex's, or the start's
  std::string end_id_;
};

}  // namespace tupu
