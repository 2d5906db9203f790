#include <tupu/value_json.h>

#include "engine/cli/row_writer.h"
#include "storage/csv/csv_quote.h"

namespace tupu {

namespace {

std::string FieldOf(const Value& value) {
  if (value.is_null()) return "";
  // An empty string is quoted, since an empty field is null.
  if (value.type() == ValueType::kString) return value.AsString().empty() ? "\"\"" : QuoteCsv(value.AsString());
  const std::string json = ToJson(value);
  // Temporal values are JSON strings: their text alone says the same.
  const bool bare_string = json.size() >= 2 && json.front() == '"';
  return QuoteCsv(bare_string ? std::string_view(json).substr(1, json.size() - 2) : json);
}

class CsvWriter : public RowWriter {
 public:
  explicit CsvWriter(OutputSink& sink) : sink_(sink) {}

  Status Begin(const std::vector<AnswerColumn>& columns) override {
    std::string line;
    for (size_t i = 0; i < columns.size(); ++i) line += (i > 0 ? "," : "") + QuoteCsv(columns[i].key);
    return columns.empty() ? Status() : sink_.Write(line + "\n");
  }

  Status Add(const Row& row) override {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) line += (i > 0 ? "," : "") + FieldOf(row[i]);
    return sink_.Write(line + "\n");
  }

  Status End() override { return {}; }

 private:
  OutputSink& sink_;
};

}  // namespace

std::unique_ptr<RowWriter> MakeCsvWriter(OutputSink& sink) {
  return std::make_unique<CsvWriter>(sink);
}

}  // namespace tupu
