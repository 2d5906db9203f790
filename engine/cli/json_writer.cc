#include <tupu/value_json.h>

#include "engine/cli/row_writer.h"

namespace tupu {

namespace {

class JsonWriter : public RowWriter {
 public:
  explicit JsonWriter(OutputSink& sink) : sink_(sink) {}

  Status Begin(const std::vector<AnswerColumn>& columns) override {
    List names;
    for (const AnswerColumn& column : columns) names.emplace_back(column.key);
    return sink_.Write("{\"columns\":" + ToJson(Value(std::move(names))) + ",\"rows\":[");
  }

  Status Add(const Row& row) override {
    TUPU_TRY(sink_.Write(first_ ? "\n" : ",\n"));
    first_ = false;
    return sink_.Write(ToJson(Value(List(row))));
  }

  Status End() override { return sink_.Write(first_ ? "]}\n" : "\n]}\n"); }

 private:
  OutputSink& sink_;
  bool first_ = true;
};

class JsonLinesWriter : public RowWriter {
 public:
  explicit JsonLinesWriter(OutputSink& sink) : sink_(sink) {}

  Status Begin(const std::vector<AnswerColumn>& columns) override {
    // Written by hand, since a Map would sort the columns by name.
    for (const AnswerColumn& column : columns) keys_.push_back(ToJson(Value(column.key)));
    return {};
  }

  Status Add(const Row& row) override {
    std::string line = "{";
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += ",";
      line += keys_[i] + ":" + ToJson(row[i]);
    }
    return sink_.Write(line + "}\n");
  }

  Status End() override { return {}; }

 private:
  OutputSink& sink_;
  std::vector<std::string> keys_;
};

}  // namespace

std::unique_ptr<RowWriter> MakeJsonWriter(OutputSink& sink) {
  return std::make_unique<JsonWriter>(sink);
}
std::unique_ptr<RowWriter> MakeJsonLinesWriter(OutputSink& sink) {
  return std::make_unique<JsonLinesWriter>(sink);
}

}  // namespace tupu
