#include "loaders/csv/csv_loader.h"

#include <algorithm>

#include <fmt/format.h>

#include "loaders/csv/csv_header.h"
#include "loaders/merge/property_merge.h"
#include "storage/csv/csv_reader.h"

namespace tupu {
namespace {

/// Between the parts of a composite id: a control character that stands in no text people write.
constexpr char kIdSeparator = '\x1F';

Error Invalid(std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

/// Turns the rows of one file into vertex or edge rows.
class CsvFileLoader {
 public:
  CsvFileLoader(const PlannedFile& file, LoadContext& context)
      : file_(file), context_(context), name_(context.plan.names[file.name]) {}

  Status Load() {
    TUPU_TRY_ASSIGN(std::unique_ptr<TextSource> source, OpenTextSource(file_.path));
    CsvReader reader(std::move(source), name_, {.delimiter = context_.delimiter});
    TUPU_TRY(ReadHeader(reader));
    Prepare();
    for (;;) {
      Result<bool> more = reader.Next();
      if (!more.has_value()) {
        if (reader.over()) return std::move(more).error();
        TUPU_TRY(context_.report.AddPlaced(name_, more.error()));
        continue;
      }
      if (!*more) break;
      error_column_ = 0;
      const Status row = header_.is_edges ? ReadEdge(reader) : ReadVertex(reader);
      if (!row.has_value()) TUPU_TRY(context_.report.Add(name_, reader.PositionOf(error_column_), row.error()));
      TUPU_TRY(context_.progress.Row([&] { return reader.bytes_taken(); }));
    }
    context_.progress.FileDone(file_.bytes);
    return {};
  }

 private:
  Status ReadHeader(CsvReader& reader) {
    if (!file_.header_path.empty()) {
      TUPU_TRY_ASSIGN(std::unique_ptr<TextSource> source, OpenTextSource(file_.header_path));
      CsvReader header(std::move(source), file_.header_path, {.delimiter = context_.delimiter});
      return ParseHeaderRow(header);
    }
    return ParseHeaderRow(reader);
  }

  Status ParseHeaderRow(CsvReader& reader) {
    TUPU_TRY_ASSIGN(const bool any, reader.Next());
    if (!any) return reader.ErrorAt({1, 1}, "the header is missing");
    TUPU_TRY_ASSIGN(header_, ParseCsvHeader(reader));
    return {};
  }

  /// Resolves the names of the header once.
  void Prepare() {
    for (const CsvColumn& column : header_.columns) {
      const bool keeps = !column.name.empty() && column.role != ColumnRole::kIgnore;
      keys_.push_back(keeps ? context_.transaction.InternPropertyKey(column.name) : PropertyKeyId{});
    }
    id_group_ = GroupOf(ColumnRole::kId);
    start_group_ = GroupOf(ColumnRole::kStartId);
    end_group_ = GroupOf(ColumnRole::kEndId);
    for (CsvColumn& column : header_.columns) {
      if (header_.is_edges) {
        InheritIdType(column);
      } else if (column.role == ColumnRole::kId) {
        context_.id_types[id_group_] = column.type;
        if (!column.label.empty()) extra_labels_.push_back(context_.transaction.InternLabel(column.label));
      }
    }
    std::sort(extra_labels_.begin(), extra_labels_.end());
    extra_labels_.erase(std::unique(extra_labels_.begin(), extra_labels_.end()), extra_labels_.end());
    if (!header_.is_edges) return;
    const auto id = std::find_if(header_.columns.begin(), header_.columns.end(),
                                 [](const CsvColumn& column) { return column.role == ColumnRole::kId; });
    if (id == header_.columns.end()) return;
    const std::string property = id->name.empty() ? "id" : id->name;
    edge_id_ = context_.transaction.InternPropertyKey(property);
    keys_[static_cast<size_t>(id - header_.columns.begin())] = *edge_id_;
  }

  uint32_t GroupOf(ColumnRole role) {
    for (const CsvColumn& column : header_.columns) {
      if (column.role == role && !column.group.empty()) return context_.vertices.GroupIndex(column.group);
    }
    return context_.vertices.GroupIndex(context_.plan.data_sets[file_.data_set]);
  }

  /// "007" names the vertex 7 if its file says id-type:int.
  void InheritIdType(CsvColumn& column) {
    const bool is_end = column.role == ColumnRole::kStartId || column.role == ColumnRole::kEndId;
    if (!is_end || column.type.scalar != ScalarType::kString) return;
    const auto type = context_.id_types.find(column.role == ColumnRole::kStartId ? start_group_ : end_group_);
    if (type != context_.id_types.end()) column.type = type->second;
  }

  Status ReadVertex(const CsvReader& reader) {
    TUPU_TRY(CheckWidth(reader));
    VertexRow row;
    row.labels = extra_labels_;
    id_.clear();
    for (size_t i = 0; i < header_.columns.size(); ++i) {
      const CsvColumn& column = header_.columns[i];
      const CsvField& field = reader.fields()[i];
      switch (column.role) {
        case ColumnRole::kId: TUPU_TRY(AddIdPart(i, field, id_)); break;
        case ColumnRole::kLabel: AddLabels(field.text, row.labels); break;
        default: break;
      }
      TUPU_TRY(AddProperty(i, field, row.properties));
    }
    context_.AddSource(row.properties);
    SortProperties(row.properties);
    row.group = id_group_;
    row.id = id_;
    row.place = {file_.data_set, file_.name, reader.line()};
    return AtId(context_.vertices.Merge(row));
  }

  Status ReadEdge(const CsvReader& reader) {
    TUPU_TRY(CheckWidth(reader));
    EdgeRow row;
    id_.clear();
    end_id_.clear();
    size_t type_column = 0;
    for (size_t i = 0; i < header_.columns.size(); ++i) {
      const CsvField& field = reader.fields()[i];
      switch (header_.columns[i].role) {
        case ColumnRole::kStartId: TUPU_TRY(AddIdPart(i, field, id_)); break;
        case ColumnRole::kEndId: TUPU_TRY(AddIdPart(i, field, end_id_)); break;
        case ColumnRole::kType: type_column = i; break;
        case ColumnRole::kId: TUPU_TRY(CheckEdgeId(i, field)); break;
        default: break;
      }
      TUPU_TRY(AddProperty(i, field, row.properties));
    }
    TUPU_TRY(ResolveEnds(row));
    const std::string_view type = reader.fields()[type_column].text;
    error_column_ = type_column;
    if (type.empty()) return Invalid("the type is empty; give the edge a type");
    row.type = context_.names.Type(type);
    error_column_ = 0;
    context_.AddSource(row.properties);
    SortProperties(row.properties);
    row.id_property = edge_id_;
    row.place = {file_.data_set, file_.name, reader.line()};
    return AtId(context_.edges.Merge(std::move(row)));
  }

  /// What a merger finds wrong without the ontology is the row's own id.
  Status AtId(Status merged) {
    if (!merged.has_value() && merged.error().code == ErrorCode::kInvalidArgument)
      error_column_ = IndexOf(ColumnRole::kId);
    return merged;
  }

  Status CheckWidth(const CsvReader& reader) {
    const size_t fields = reader.fields().size();
    if (fields == header_.columns.size()) return {};
    error_column_ = std::min(fields, header_.columns.size());
    return Invalid(
        fmt::format("the row has {} fields, the header {}; quote fields that hold the delimiter, or fill up the row",
                    fields, header_.columns.size()));
  }

  Status AddIdPart(size_t index, const CsvField& field, std::string& id) {
    error_column_ = index;
    if (field.text.empty()) return Invalid("the id is empty; give every row an id");
    if (field.text.find(kIdSeparator) != std::string_view::npos)
      return Invalid("the id holds the control character U+001F; remove it");
    if (!id.empty()) id += kIdSeparator;
    const CsvColumnType& type = header_.columns[index].type;
    if (type.scalar == ScalarType::kString) {
      id += field.text;
    } else {
      TUPU_TRY_ASSIGN(const Value number, ParseColumnValue(field.text, type, context_.options.array_delimiter));
      id += std::to_string(number.AsInteger());
    }
    error_column_ = 0;
    return {};
  }

  Status CheckEdgeId(size_t index, const CsvField& field) {
    error_column_ = index;
    if (field.text.empty())
      return Invalid("the id of the edge is empty; give every row an id, or make the column :IGNORE");
    return {};
  }

  void AddLabels(std::string_view cell, std::vector<LabelId>& labels) {
    const std::vector<LabelId>& more = context_.names.Labels(cell);
    if (labels.empty()) {
      labels = more;
      return;
    }
    labels.insert(labels.end(), more.begin(), more.end());
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  }

  /// An empty cell is no property; "" is an empty text.
  Status AddProperty(size_t index, const CsvField& field, Properties& properties) {
    const CsvColumn& column = header_.columns[index];
    const bool kept = column.role == ColumnRole::kProperty ||
                      (column.role == ColumnRole::kId && (!column.name.empty() || header_.is_edges));
    const bool text = column.type.scalar == ScalarType::kString && !column.type.is_list;
    if (!kept || (field.text.empty() && !(field.quoted && text))) return {};
    Result<Value> value = ParseColumnValue(field.text, column.type, context_.options.array_delimiter);
    if (!value.has_value()) {
      error_column_ = index;
      Error error = std::move(value).error();
      error.message = fmt::format("column \"{}\": {}", column.name, error.message);
      return error;
    }
    properties.emplace_back(keys_[index], std::move(*value));
    return {};
  }

  Status ResolveEnds(EdgeRow& row) {
    error_column_ = IndexOf(ColumnRole::kStartId);
    TUPU_TRY_ASSIGN(row.start, context_.ResolveEnd(start_group_, id_, "start"));
    error_column_ = IndexOf(ColumnRole::kEndId);
    TUPU_TRY_ASSIGN(row.end, context_.ResolveEnd(end_group_, end_id_, "end"));
    return {};
  }

  size_t IndexOf(ColumnRole role) const {
    const auto found = std::find_if(header_.columns.begin(), header_.columns.end(),
                                    [&](const CsvColumn& column) { return column.role == role; });
    return static_cast<size_t>(found - header_.columns.begin());
  }

  const PlannedFile& file_;
  LoadContext& context_;
  const std::string& name_;
  CsvHeader header_;
  std::vector<PropertyKeyId> keys_;  // by column
  uint32_t id_group_ = 0;
  uint32_t start_group_ = 0;
  uint32_t end_group_ = 0;
  std::vector<LabelId> extra_labels_;
  std::optional<PropertyKeyId> edge_id_;
  size_t error_column_ = 0;  // of the row at hand
  std::string id_;           // the vertex's, or the start's
  std::string end_id_;
};

}  // namespace

Status LoadCsvFile(const PlannedFile& file, LoadContext& context) {
  return CsvFileLoader(file, context).Load();
}

}  // namespace tupu
