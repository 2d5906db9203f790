#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include <tupu/result.h>

#include "storage/csv/csv_reader.h"

namespace tupu {

/// Decides what a bad row means: the end of the load, or a line in the report file (CSV: file,line,column,reason).
/// The file is made when the first row is passed over.
class RowReport {
 public:
  RowReport(bool skip_bad, std::string path) : skip_bad_(skip_bad), path_(std::move(path)) {}

  /// `error` has no place before its message. Gives it back with the place, unless the row may be passed over.
  /// Only kInvalidArgument and kConstraint are faults of a row; kIo if the report cannot be written.
  Status Add(std::string_view file, CsvPosition at, const Error& error);
  /// The same for an error that names its place, as those of CsvReader do.
  Status AddPlaced(std::string_view file, const Error& error);
  /// Errors: kIo.
  Status Close();

  uint64_t rows() const { return rows_; }
  const std::string& path() const { return path_; }

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  Status WriteLine(std::string_view file, CsvPosition at, std::string_view reason);

  bool skip_bad_;
  std::string path_;
  uint64_t rows_ = 0;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

}  // namespace tupu
