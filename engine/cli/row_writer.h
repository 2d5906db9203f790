#pragma once

#include <memory>
#include <string>
#include <vector>

#include <tupu/row.h>

#include "engine/cli/output_format.h"
#include "engine/cli/output_sink.h"

namespace tupu {

struct AnswerColumn {
  std::string key;      // in json, jsonl and csv: the same in every language
  std::string heading;  // in a table; empty: the key
};

/// Writes an answer row by row in one text format. Begin once, any number of Add, End once.
/// Errors: those of the sink, which must outlive the writer.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  virtual Status Begin(const std::vector<AnswerColumn>& columns) = 0;
  virtual Status Add(const Row& row) = 0;
  virtual Status End() = 0;
};

struct TableLook {
  int width = 0;  // columns of the terminal: longer cells are cut; 0: nothing is
  bool colour = false;
};

std::unique_ptr<RowWriter> MakeTableWriter(OutputSink& sink, const TableLook& look);
/// One object: {"columns": [...], "rows": [[...], ...]}.
std::unique_ptr<RowWriter> MakeJsonWriter(OutputSink& sink);
/// One object per row: {"column": value, ...}. Columns of one name: the last one wins, as in any JSON object.
std::unique_ptr<RowWriter> MakeJsonLinesWriter(OutputSink& sink);
/// RFC 4180 with "\n" line ends: a header, strings as they are, null as an empty field, lists, maps and entities as JSON.
std::unique_ptr<RowWriter> MakeCsvWriter(OutputSink& sink);
/// Requires: `format` is no picture.
std::unique_ptr<RowWriter> MakeRowWriter(OutputFormat format, OutputSink& sink, const TableLook& look);

}  // namespace tupu
