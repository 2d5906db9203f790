#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "loaders/csv/column_type.h"

namespace tupu {

class CsvReader;

enum class ColumnRole : uint8_t { kProperty, kId, kLabel, kStartId, kEndId, kType, kIgnore };

/// One cell of a header in the convention of neo4j-admin: `name:type[]`, `id:ID(Group){label:Firm,id-type:int}`,
/// `:IGNORE`.
struct CsvColumn {
  ColumnRole role = ColumnRole::kProperty;
  std::string name;    // of the property; empty: none is kept
  std::string group;   // of ids; empty: the data set's
  CsvColumnType type;  // of the property, or of the id (id-type)
  std::string label;   // {label:Firm} of an id: the vertices carry it
};

/// Errors: kUnsupported by name for forms that are known and not offered (point, vector, :ACTION, removal columns);
/// kInvalidArgument for everything else that is not one.
Result<CsvColumn> ParseCsvColumn(std::string_view text);

struct CsvHeader {
  std::vector<CsvColumn> columns;
  bool is_edges = false;  // otherwise vertices
};

/// Reads the row `reader` stands on as a header. Errors: of a column, at its place; columns that do not go together.
Result<CsvHeader> ParseCsvHeader(const CsvReader& reader);

/// True if a cell of the row names an :ID, :START_ID or :END_ID: the file is meant as a part of a graph.
bool LooksLikeCsvHeader(const CsvReader& reader);

}  // namespace tupu
