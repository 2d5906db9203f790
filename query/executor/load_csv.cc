#include "query/executor/load_csv.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace tupu {

namespace {

namespace fs = std::filesystem;

Error ImportError(ErrorCode code, std::string message, std::string hint = {}) {
  return {code, std::move(message), std::nullopt, "StatementError.ExternalResourceFailed", std::move(hint)};
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The path of a file URL, its %XX undone.
std::string DecodePercent(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0;
    if (!escape) {
      out.push_back(text[i]);
      continue;
    }
    out.push_back(static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])));
    i += 2;
  }
  return out;
}

/// Relative to the folder.
Result<std::string> NameWithin(std::string_view name) {
  constexpr std::string_view kFile = "file:";
  std::string path(name);
  if (name.starts_with(kFile)) {
    name.remove_prefix(kFile.size());
    if (name.starts_with("//") && !name.starts_with("///")) {
      return ImportError(ErrorCode::kInvalidArgument, "LOAD CSV reads no files of other machines",
                         "Write file:///name, or the name alone.");
    }
    name.remove_prefix(std::min(name.find_first_not_of('/'), name.size()));
    path = DecodePercent(name);
  } else if (name.find("://") != std::string_view::npos) {
    return ImportError(ErrorCode::kInvalidArgument,
                       fmt::format("LOAD CSV reads files of the import folder, no URLs: {}", name),
                       "Put the file into the folder and give its name.");
  }
  if (path.empty() || path.find('\0') != std::string::npos || fs::path(path).is_absolute()) {
    return ImportError(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is no name within the import folder", path),
                       "Names are relative to the folder: firms.csv, 2024/firms.csv.");
  }
  return path;
}

bool IsBelow(const fs::path& file, const fs::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return end == folder.end() && rest != file.end();
}

}  // namespace

Result<fs::path> ResolveImport(std::string_view name, const std::string& folder) {
  if (folder.empty()) {
    return ImportError(ErrorCode::kInvalidArgument, "LOAD CSV has no folder to read from",
                       "Name one with --import-dir DIR, or with QueryOptions::import_directory.");
  }
  TUPU_TRY_ASSIGN(const std::string relative, NameWithin(name));
  const fs::path asked(relative);
  if (std::any_of(asked.begin(), asked.end(), [](const fs::path& part) { return part == ".."; })) {
    return ImportError(ErrorCode::kInvalidArgument, fmt::format("\"{}\" leads out of the import folder", relative));
  }
  std::error_code failed;
  const fs::path root = fs::canonical(folder, failed);
  if (failed) return ImportError(ErrorCode::kNotFound, fmt::format("there is no import folder {}", folder));
  const fs::path file = fs::canonical(root / asked, failed);
  if (failed)
    return ImportError(ErrorCode::kNotFound, fmt::format("there is no file {} in the import folder", relative));
  if (!IsBelow(file, root)) {
    return ImportError(ErrorCode::kInvalidArgument, fmt::format("\"{}\" leads out of the import folder", relative),
                       "A link in the folder may point only to what is in it.");
  }
  if (!fs::is_regular_file(file, failed))
    return ImportError(ErrorCode::kInvalidArgument, fmt::format("{} is no file", relative));
  return file;
}

LoadCsv::LoadCsv(OperatorPtr input, Spec spec) : RowExpander(std::move(input)), spec_(std::move(spec)) {}

void LoadCsv::CloseSelf() {
  reader_.reset();
  RowExpander::CloseSelf();
}

Status LoadCsv::Begin(const Row& row) {
  reader_.reset();
  TUPU_TRY_ASSIGN(const Value source, spec_.source->Evaluate(row, context()));
  if (source.type() != ValueType::kString) {
    return ImportError(ErrorCode::kInvalidArgument,
                       fmt::format("the file of LOAD CSV is a STRING, not a {}", Name(source.type())));
  }
  TUPU_TRY_ASSIGN(const fs::path file, ResolveImport(source.AsString(), context().import_directory));
  CsvOptions options;
  if (spec_.delimiter) {
    TUPU_TRY_ASSIGN(const Value delimiter, spec_.delimiter->Evaluate(row, context()));
    if (delimiter.type() != ValueType::kString)
      return ImportError(ErrorCode::kInvalidArgument, "FIELDTERMINATOR is one character");
    TUPU_TRY_ASSIGN(options.delimiter, ParseDelimiter(delimiter.AsString()));
  }
  path_ = file.string();
  TUPU_TRY_ASSIGN(auto text, OpenTextSource(path_));
  reader_ = std::make_unique<CsvReader>(std::move(text), file.filename().string(), std::move(options));
  return spec_.with_headers ? ReadHeaders() : Status();
}

Status LoadCsv::ReadHeaders() {
  headers_.clear();
  TUPU_TRY_ASSIGN(const bool more, reader_->Next());
  if (!more) return {};
  std::set<std::string_view> seen;
  const std::span<const CsvField> fields = reader_->fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (!seen.insert(fields[i].text).second)
      return reader_->ErrorAt(reader_->PositionOf(i), fmt::format("two columns are named \"{}\"", fields[i].text));
    headers_.emplace_back(fields[i].text);
  }
  return {};
}

Result<Value> LoadCsv::RowValue() const {
  const auto value_of = [](const CsvField& field) {
    return field.text.empty() && !field.quoted ? Value() : Value(std::string(field.text));
  };
  const std::span<const CsvField> fields = reader_->fields();
  if (!spec_.with_headers) {
    List list;
    for (const CsvField& field : fields) list.push_back(value_of(field));
    return Value(std::move(list));
  }
  Map map;
  for (const std::string& header : headers_) map.emplace(header, Value());
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i < headers_.size()) {
      map[headers_[i]] = value_of(fields[i]);
    } else if (!fields[i].text.empty()) {
      return reader_->ErrorAt(reader_->PositionOf(i), fmt::format("the row has {} fields, and the header names {}",
                                                                  fields.size(), headers_.size()));
    }
  }
  return Value(std::move(map));
}

Result<size_t> LoadCsv::Produce(const Row&, size_t room, Batch& out) {
  if (!reader_) return size_t{0};
  size_t made = 0;
  for (; made < room; ++made) {
    TUPU_TRY_ASSIGN(const bool more, reader_->Next());
    if (!more) break;
    TUPU_TRY_ASSIGN(const Value value, RowValue());
    out.columns[spec_.row].Append(value);
    out.columns[spec_.line].AppendInteger(static_cast<int64_t>(reader_->line()));
    out.columns[spec_.file].Append(Value(path_));
  }
  if (made == 0) reader_.reset();
  return made;
}

}  // namespace tupu
