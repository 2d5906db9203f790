#include "loaders/csv/csv_rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "loaders/merge/property_merge.h"

namespace tupu {
namespace {

/// Between the parts of a composite id: a control character that stands in no text people write.
constexpr char kIdSeparator = '\x1F';

Error Invalid(std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

Result<CsvHeader> ReadHeaderRow(CsvReader& reader) {
  TUPU_TRY_ASSIGN(const bool any, reader.Next());
  if (!any) return reader.ErrorAt({1, 1}, "the header is missing");
  return ParseCsvHeader(reader);
}

Result<CsvHeader> ReadHeader(const PlannedFile& file, const std::string& delimiter, CsvReader& reader) {
  if (file.header_path.empty()) return ReadHeaderRow(reader);
  TUPU_TRY_ASSIGN(std::unique_ptr<TextSource> source, OpenTextSource(file.header_path));
  CsvReader header(std::move(source), file.header_path, {.delimiter = delimiter});
  return ReadHeaderRow(header);
}

uint32_t GroupOf(const CsvHeader& header, ColumnRole role, const std::string& data_set, LoadNames& names) {
  for (const CsvColumn& column : header.columns) {
    if (column.role == role && !column.group.empty()) return names.Group(column.group);
  }
  return names.Group(data_set);
}

/// An end takes the id type of its group unless it names one.
void InheritIdType(CsvColumn& column, const CsvShape& shape, const IdTypes& id_types) {
  const bool is_end = column.role == ColumnRole::kStartId || column.role == ColumnRole::kEndId;
  if (!is_end || column.type.scalar != ScalarType::kString) return;
  const auto type = id_types.find(column.role == ColumnRole::kStartId ? shape.start_group : shape.end_group);
  if (type != id_types.end()) column.type = type->second;
}

}  // namespace

size_t CsvShape::IndexOf(ColumnRole role) const {
  const auto found = std::find_if(header.columns.begin(), header.columns.end(),
                                  [&](const CsvColumn& column) { return column.role == role; });
  return static_cast<size_t>(found - header.columns.begin());
}

Result<CsvShape> ReadCsvShape(const PlannedFile& file, const LoadPlan& plan, const std::string& delimiter,
                              CsvReader& reader, LoadNames& names, IdTypes& id_types) {
  CsvShape shape;
  TUPU_TRY_ASSIGN(shape.header, ReadHeader(file, delimiter, reader));
  for (const CsvColumn& column : shape.header.columns) {
    const bool keeps = !column.name.empty() && column.role != ColumnRole::kIgnore;
    shape.keys.push_back(keeps ? names.Key(column.name) : PropertyKeyId{});
  }
  const std::string& data_set = plan.data_sets[file.data_set];
  if (!shape.header.is_edges) {
    shape.id_group = GroupOf(shape.header, ColumnRole::kId, data_set, names);
    for (const CsvColumn& column : shape.header.columns) {
      if (column.role != ColumnRole::kId) continue;
      id_types[shape.id_group] = column.type;
      if (!column.label.empty()) shape.extra_labels.push_back(names.Label(column.label));
    }
    std::sort(shape.extra_labels.begin(), shape.extra_labels.end());
    shape.extra_labels.erase(std::unique(shape.extra_labels.begin(), shape.extra_labels.end()),
                             shape.extra_labels.end());
    return shape;
  }
  shape.start_group = GroupOf(shape.header, ColumnRole::kStartId, data_set, names);
  shape.end_group = GroupOf(shape.header, ColumnRole::kEndId, data_set, names);
  for (CsvColumn& column : shape.header.columns) InheritIdType(column, shape, id_types);
  const size_t id = shape.IndexOf(ColumnRole::kId);
  if (id == shape.header.columns.size()) return shape;
  const std::string& name = shape.header.columns[id].name;
  shape.edge_id = names.Key(name.empty() ? "id" : name);
  shape.keys[id] = *shape.edge_id;
  return shape;
}

CsvRowParser::CsvRowParser(const CsvShape& shape, const PlannedFile& file, LoadNames& names, NameCells& cells,
                           std::string_view source, char array_delimiter)
    : shape_(shape), file_(file), names_(names), cells_(cells), source_(source), array_delimiter_(array_delimiter) {}

Result<VertexRow> CsvRowParser::ParseVertex(const CsvReader& reader) {
  error_column_ = 0;
  TUPU_TRY(CheckWidth(reader));
  VertexRow row;
  row.labels = shape_.extra_labels;
  id_.clear();
  for (size_t i = 0; i < shape_.header.columns.size(); ++i) {
    const CsvField& field = reader.fields()[i];
    switch (shape_.header.columns[i].role) {
      case ColumnRole::kId: TUPU_TRY(AddIdPart(i, field, id_)); break;
      case ColumnRole::kLabel: AddLabels(field.text, row.labels); break;
      default: break;
    }
    TUPU_TRY(AddProperty(i, field, row.properties));
  }
  AddSource(row.properties);
  SortProperties(row.properties);
  row.group = shape_.id_group;
  row.id = id_;
  row.place = {file_.data_set, file_.name, reader.line()};
  return row;
}

Result<EdgeRow> CsvRowParser::ParseEdge(const CsvReader& reader, EndResolver& ends) {
  error_column_ = 0;
  TUPU_TRY(CheckWidth(reader));
  EdgeRow row;
  id_.clear();
  end_id_.clear();
  size_t type_column = 0;
  for (size_t i = 0; i < shape_.header.columns.size(); ++i) {
    const CsvField& field = reader.fields()[i];
    switch (shape_.header.columns[i].role) {
      case ColumnRole::kStartId: TUPU_TRY(AddIdPart(i, field, id_)); break;
      case ColumnRole::kEndId: TUPU_TRY(AddIdPart(i, field, end_id_)); break;
      case ColumnRole::kType: type_column = i; break;
      case ColumnRole::kId: TUPU_TRY(CheckEdgeId(i, field)); break;
      default: break;
    }
    TUPU_TRY(AddProperty(i, field, row.properties));
  }
  error_column_ = shape_.IndexOf(ColumnRole::kStartId);
  TUPU_TRY_ASSIGN(row.start, ends.ResolveEnd(shape_.start_group, id_, "start"));
  error_column_ = shape_.IndexOf(ColumnRole::kEndId);
  TUPU_TRY_ASSIGN(row.end, ends.ResolveEnd(shape_.end_group, end_id_, "end"));
  const std::string_view type = reader.fields()[type_column].text;
  error_column_ = type_column;
  if (type.empty()) return Invalid("the type is empty; give the edge a type");
  row.type = cells_.Type(type);
  error_column_ = 0;
  AddSource(row.properties);
  SortProperties(row.properties);
  row.id_property = shape_.edge_id;
  row.place = {file_.data_set, file_.name, reader.line()};
  return row;
}

void CsvRowParser::AddSource(Properties& properties) {
  if (!source_.empty()) AddLoadSource(source_, names_.Key("sources"), properties);
}

Status CsvRowParser::CheckWidth(const CsvReader& reader) {
  const size_t fields = reader.fields().size();
  if (fields == shape_.header.columns.size()) return {};
  error_column_ = std::min(fields, shape_.header.columns.size());
  return Invalid(
      fmt::format("the row has {} fields, the header {}; quote fields that hold the delimiter, or fill up the row",
                  fields, shape_.header.columns.size()));
}

Status CsvRowParser::AddIdPart(size_t index, const CsvField& field, std::string& id) {
  error_column_ = index;
  if (field.text.empty()) return Invalid("the id is empty; give every row an id");
  if (field.text.find(kIdSeparator) != std::string_view::npos)
    return Invalid("the id holds the control character U+001F; remove it");
  if (!id.empty()) id += kIdSeparator;
  const CsvColumnType& type = shape_.header.columns[index].type;
  if (type.scalar == ScalarType::kString) {
    id += field.text;
  } else {
    TUPU_TRY_ASSIGN(const Value number, ParseColumnValue(field.text, type, array_delimiter_));
    id += std::to_string(number.AsInteger());
  }
  error_column_ = 0;
  return {};
}

Status CsvRowParser::CheckEdgeId(size_t index, const CsvField& field) {
  error_column_ = index;
  if (field.text.empty())
    return Invalid("the id of the edge is empty; give every row an id, or make the column :IGNORE");
  return {};
}

void CsvRowParser::AddLabels(std::string_view cell, std::vector<LabelId>& labels) {
  const std::vector<LabelId>& more = cells_.Labels(cell);
  if (labels.empty()) {
    labels = more;
    return;
  }
  labels.insert(labels.end(), more.begin(), more.end());
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

/// An empty cell is no property; "" is an empty text.
Status CsvRowParser::AddProperty(size_t index, const CsvField& field, Properties& properties) {
  const CsvColumn& column = shape_.header.columns[index];
  const bool kept = column.role == ColumnRole::kProperty ||
                    (column.role == ColumnRole::kId && (!column.name.empty() || shape_.header.is_edges));
  const bool text = column.type.scalar == ScalarType::kString && !column.type.is_list;
  if (!kept || (field.text.empty() && !(field.quoted && text))) return {};
  Result<Value> value = ParseColumnValue(field.text, column.type, array_delimiter_);
  if (!value.has_value()) {
    error_column_ = index;
    Error error = std::move(value).error();
    error.message = fmt::format("column \"{}\": {}", column.name, error.message);
    return error;
  }
  properties.emplace_back(shape_.keys[index], std::move(*value));
  return {};
}

}  // namespace tupu
