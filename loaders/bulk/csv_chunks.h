#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tupu/result.h>

#include "storage/csv/text_source.h"

namespace tupu {

/// The number of line ends; LF, CRLF and CR count one each.
uint64_t CountLines(std::string_view text);

/// Whole rows of a CSV file.
struct CsvChunk {
  std::string text;
  uint64_t first_line = 1;  // of the text in the file
  uint64_t bytes = 0;       // taken from the file for it: packed ones of a gzip file
  bool is_first = false;    // of its file: the header stands in it, if it has one of its own
};

/// Cuts a CSV file into chunks at the ends of rows, without splitting rows into fields: only quotes are followed, by the
/// rules of CsvReader, so that each chunk can be read by a thread of its own.
///
/// Exact for well-formed text. After text behind a closing quote (an error of its row) a cut may fall elsewhere than
/// CsvReader ends the row, so the chunk's reader must not go on after such an error.
class CsvChunks {
 public:
  /// `delimiter`: as ParseDelimiter gives it.
  CsvChunks(std::unique_ptr<TextSource> source, std::string delimiter)
      : source_(std::move(source)), delimiter_(std::move(delimiter)) {}

  /// nullopt at the end. A row above CsvOptions::max_row_bytes comes as it is, for the reader to refuse.
  /// Errors: kIo, kCorruption (damaged gzip).
  Result<std::optional<CsvChunk>> Next();

 private:
  Status Fill(size_t wanted);
  size_t FindCut();

  std::unique_ptr<TextSource> source_;
  const std::string delimiter_;
  std::string buffer_;  // not yet given out
  bool source_ended_ = false;
  bool started_ = false;
  uint64_t line_ = 1;
  uint64_t bytes_told_ = 0;
};

}  // namespace tupu
