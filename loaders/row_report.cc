#include "loaders/row_report.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "storage/csv/csv_quote.h"

namespace tupu {
namespace {

std::string Place(std::string_view file, CsvPosition at) {
  return fmt::format("{}:{}:{}: ", file, at.line, at.column);
}

}  // namespace

Status RowReport::Add(std::string_view file, CsvPosition at, const Error& error) {
  const bool fault_of_row = error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kConstraint;
  if (skip_bad_ && fault_of_row) return WriteLine(file, at, error.message);
  Error placed = error;
  placed.message = Place(file, at) + error.message;
  placed.where = SourceSpan{static_cast<uint32_t>(at.line), static_cast<uint32_t>(at.column), 0, 0};
  return placed;
}

Status RowReport::AddPlaced(std::string_view file, const Error& error) {
  if (!error.where) return error;
  const CsvPosition at{error.where->line, error.where->column};
  const std::string place = Place(file, at);
  Error bare = error;
  if (bare.message.starts_with(place)) bare.message.erase(0, place.size());
  return Add(file, at, bare);
}

Status RowReport::WriteLine(std::string_view file, CsvPosition at, std::string_view reason) {
  if (file_ == nullptr) {
    file_.reset(std::fopen(path_.c_str(), "wb"));
    if (file_ == nullptr)
      return Error{ErrorCode::kIo, fmt::format("{}: the report of bad rows cannot be written: {}; name another file",
                                               path_, std::strerror(errno))};
    std::fputs("file,line,column,reason\n", file_.get());
  }
  ++rows_;
  const std::string line = fmt::format("{},{},{},{}\n", QuoteCsv(file), at.line, at.column, QuoteCsv(reason));
  std::fwrite(line.data(), 1, line.size(), file_.get());
  return {};
}

Status RowReport::Close() {
  if (file_ == nullptr) return {};
  const bool failed = std::fflush(file_.get()) != 0 || std::ferror(file_.get()) != 0;
  file_.reset();
  if (!failed) return {};
  return Error{ErrorCode::kIo,
               fmt::format("{}: the report of bad rows could not be written: {}", path_, std::strerror(errno))};
}

}  // namespace tupu
