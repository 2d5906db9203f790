#include "engine/export/csv_folder.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tupu/value_json.h>

#include "storage/csv/csv_quote.h"

namespace tupu {

namespace {

namespace fs = std::filesystem;

// The type of a column while its values are looked at.
struct ColumnType {
  std::string name;  // as the header writes it; empty: no value seen yet
  bool list = false;
};

std::string TypeName(ValueType type) {
  switch (type) {
    case ValueType::kBoolean: return "boolean";
    case ValueType::kInteger: return "long";
    case ValueType::kFloat: return "double";
    case ValueType::kDate: return "date";
    case ValueType::kLocalTime: return "localtime";
    case ValueType::kTime: return "time";
    case ValueType::kLocalDateTime: return "localdatetime";
    case ValueType::kDateTime: return "datetime";
    case ValueType::kDuration: return "duration";
    default: return "string";
  }
}

void Widen(ColumnType& column, const Value& value) {
  if (value.type() == ValueType::kList) {
    column.list = true;
    for (const Value& item : value.AsList()) Widen(column, item);
    return;
  }
  const std::string name = TypeName(value.type());
  const auto numeric = [](const std::string& type) { return type == "long" || type == "double"; };
  if (column.name.empty()) {
    column.name = name;
  } else if (column.name != name) {
    column.name = numeric(column.name) && numeric(name) ? "double" : "string";
  }
}

using Columns = std::map<std::string, ColumnType>;

void WidenAll(Columns& columns, const Map& properties) {
  for (const auto& [key, value] : properties) Widen(columns[key], value);
}

// An empty text is quoted, since an empty field is no value.
std::string Quoted(std::string_view text) {
  return text.empty() ? "\"\"" : QuoteCsv(text);
}

std::string ScalarText(const Value& value) {
  if (value.type() == ValueType::kString) return value.AsString();
  std::string json = ToJson(value);  // temporal values are JSON strings
  if (json.size() >= 2 && json.front() == '"') json = json.substr(1, json.size() - 2);
  return json;
}

Result<std::string> FieldText(const std::string& key, const Value& value) {
  if (value.type() == ValueType::kMap)
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("property {} is a map, which CSV cannot carry; take jsonl", key)};
  if (value.type() != ValueType::kList) return ScalarText(value);
  std::vector<std::string> items;
  for (const Value& item : value.AsList()) {
    std::string text = ScalarText(item);
    if (item.type() == ValueType::kList || text.find(';') != std::string::npos)
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("the list {} holds {}, which CSV cannot carry; take jsonl", key, item.ToString())};
    items.push_back(std::move(text));
  }
  return fmt::format("{}", fmt::join(items, ";"));
}

// One of the two files: written beside its place, moved there by Finish.
class CsvFile {
 public:
  CsvFile(const fs::path& path) : path_(path), part_(path.string() + ".part"), out_(part_, std::ios::binary) {}
  ~CsvFile() {
    std::error_code ignored;
    if (!finished_) fs::remove(part_, ignored);
  }
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  Status WriteHeader(std::string_view fixed, const Columns& columns) {
    std::string line(fixed);
    for (const auto& [key, type] : columns)
      line +=
          "," + Quoted(fmt::format("{}:{}{}", key, type.name.empty() ? "string" : type.name, type.list ? "[]" : ""));
    return WriteLine(line);
  }

  Status WriteRow(std::string line, const Columns& columns, const Map& properties) {
    for (const auto& [key, type] : columns) {
      line += ',';
      const auto found = properties.find(key);
      if (found == properties.end()) continue;
      TUPU_TRY_ASSIGN(const std::string field, FieldText(key, found->second));
      line += Quoted(field);
    }
    return WriteLine(line);
  }

  Status Finish() {
    out_.close();
    if (out_.fail()) return Failure();
    std::error_code error;
    fs::rename(part_, path_, error);
    if (error) return Error{ErrorCode::kIo, fmt::format("cannot write {}: {}", path_.string(), error.message())};
    finished_ = true;
    return {};
  }

 private:
  Status WriteLine(const std::string& line) {
    out_ << line << '\n';
    return out_ ? Status() : Failure();
  }
  Error Failure() const {
    return Error{ErrorCode::kIo, fmt::format("cannot write {}: {}", path_.string(), std::strerror(errno))};
  }

  fs::path path_;
  fs::path part_;
  std::ofstream out_;
  bool finished_ = false;
};

std::string Labels(const Vertex& vertex) {
  return vertex.labels.empty() ? std::string() : Quoted(fmt::format("{}", fmt::join(vertex.labels, ";")));
}

}  // namespace

Status WriteCsvFolder(const std::string& folder,
                      const std::function<Status(const VertexVisitor&, const EdgeVisitor&)>& visit) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return Error{ErrorCode::kIo, fmt::format("cannot make the folder {}: {}", folder, error.message())};
  Columns of_nodes;
  Columns of_relationships;
  TUPU_TRY(visit(
      [&](const Vertex& vertex) {
        WidenAll(of_nodes, vertex.properties);
        return Status();
      },
      [&](const Edge& edge) {
        WidenAll(of_relationships, edge.properties);
        return Status();
      }));
  CsvFile nodes(fs::path(folder) / "nodes.csv");
  CsvFile relationships(fs::path(folder) / "relationships.csv");
  TUPU_TRY(nodes.WriteHeader(":ID,:LABEL", of_nodes));
  TUPU_TRY(relationships.WriteHeader(":START_ID,:END_ID,:TYPE", of_relationships));
  TUPU_TRY(visit(
      [&](const Vertex& vertex) {
        return nodes.WriteRow(fmt::format("{},{}", ToInteger(vertex.id), Labels(vertex)), of_nodes, vertex.properties);
      },
      [&](const Edge& edge) {
        return relationships.WriteRow(
            fmt::format("{},{},{}", ToInteger(edge.start), ToInteger(edge.end), Quoted(edge.type)), of_relationships,
            edge.properties);
      }));
  TUPU_TRY(nodes.Finish());
  return relationships.Finish();
}

}  // namespace tupu
