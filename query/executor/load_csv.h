#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "query/executor/expression.h"
#include "query/executor/operator.h"
#include "storage/csv/csv_reader.h"

namespace tupu {

/// The file that LOAD CSV names, under `folder`: `name`, `sub/name` or `file:///name` with %XX for bytes.
/// Errors: kInvalidArgument where it does not name a file below the folder: an absolute name, `..`, a link that leads out,
/// any other URL; where no folder is given; kNotFound for a file that is not there.
Result<std::filesystem::path> ResolveImport(std::string_view name, const std::string& folder);

/// LOAD CSV: a row for each of the file, for each input row. Unquoted nothing is null, "" is an empty text.
/// Memory: a row of the file at a time. gzip is unpacked on the way.
class LoadCsv final : public RowExpander {
 public:
  struct Spec {
    ExpressionPtr source;
    ExpressionPtr delimiter;  // may be null: a comma
    bool with_headers = false;
    Slot row = 0;
    Slot line = 0;
    Slot file = 0;
  };
  LoadCsv(OperatorPtr input, Spec spec);

 protected:
  Status Begin(const Row& row) override;
  Result<size_t> Produce(const Row& row, size_t room, Batch& out) override;
  void CloseSelf() override;

 private:
  Status ReadHeaders();
  Result<Value> RowValue() const;

  Spec spec_;
  std::unique_ptr<CsvReader> reader_;  // null: nothing to read
  std::string path_;
  std::vector<std::string> headers_;
};

}  // namespace tupu
