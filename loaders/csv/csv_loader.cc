#include "loaders/csv/csv_loader.h"

#include "loaders/csv/csv_rows.h"
#include "storage/csv/csv_reader.h"

namespace tupu {
namespace {

class ContextEnds : public EndResolver {
 public:
  explicit ContextEnds(const LoadContext& context) : context_(context) {}
  Result<VertexId> ResolveEnd(uint32_t group, std::string_view id, std::string_view end) override {
    return context_.ResolveEnd(group, id, end);
  }

 private:
  const LoadContext& context_;
};

/// Gives the rows of one file to the mergers.
class CsvFileLoader {
 public:
  CsvFileLoader(const PlannedFile& file, LoadContext& context)
      : file_(file), context_(context), name_(context.plan.names[file.name]), ends_(context) {}

  Status Load() {
    TUPU_TRY_ASSIGN(std::unique_ptr<TextSource> source, OpenTextSource(file_.path));
    CsvReader reader(std::move(source), name_, {.delimiter = context_.delimiter});
    TUPU_TRY_ASSIGN(shape_,
                    ReadCsvShape(file_, context_.plan, context_.delimiter, reader, context_.ids, context_.id_types));
    CsvRowParser parser(shape_, file_, context_.ids, context_.names, context_.options.source,
                        context_.options.array_delimiter);
    for (;;) {
      Result<bool> more = reader.Next();
      if (!more.has_value()) {
        if (reader.over()) return std::move(more).error();
        TUPU_TRY(context_.report.AddPlaced(name_, more.error()));
        continue;
      }
      if (!*more) break;
      size_t error_column = 0;
      const Status row = LoadRow(reader, parser, error_column);
      if (!row.has_value()) TUPU_TRY(context_.report.Add(name_, reader.PositionOf(error_column), row.error()));
      TUPU_TRY(context_.progress.Row([&] { return reader.bytes_taken(); }));
    }
    context_.progress.FileDone(file_.bytes);
    return {};
  }

 private:
  Status LoadRow(const CsvReader& reader, CsvRowParser& parser, size_t& error_column) {
    const bool is_edges = shape_.header.is_edges;
    const Status loaded = is_edges ? LoadEdge(reader, parser) : LoadVertex(reader, parser);
    error_column = parser.error_column();
    // What a merger finds wrong without the ontology is the row's own id.
    if (merging_ && !loaded.has_value() && loaded.error().code == ErrorCode::kInvalidArgument)
      error_column = shape_.IndexOf(ColumnRole::kId);
    return loaded;
  }

  Status LoadVertex(const CsvReader& reader, CsvRowParser& parser) {
    merging_ = false;
    TUPU_TRY_ASSIGN(const VertexRow row, parser.ParseVertex(reader));
    merging_ = true;
    return context_.vertices.Merge(row);
  }

  Status LoadEdge(const CsvReader& reader, CsvRowParser& parser) {
    merging_ = false;
    TUPU_TRY_ASSIGN(EdgeRow row, parser.ParseEdge(reader, ends_));
    merging_ = true;
    return context_.edges.Merge(std::move(row));
  }

  const PlannedFile& file_;
  LoadContext& context_;
  const std::string& name_;
  ContextEnds ends_;
  CsvShape shape_;
  bool merging_ = false;  // the row at hand was read without an error
};

}  // namespace

Status LoadCsvFile(const PlannedFile& file, LoadContext& context) {
  return CsvFileLoader(file, context).Load();
}

}  // namespace tupu
