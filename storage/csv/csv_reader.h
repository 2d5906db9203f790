#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "storage/csv/text_source.h"

namespace tupu {

/// A delimiter as users write it: one character, `TAB`, or a code point as `U+20AC`. The result is its UTF-8 form.
/// Errors: kInvalidArgument, also for a quote or a line end.
Result<std::string> ParseDelimiter(std::string_view name);

struct CsvOptions {
  std::string delimiter = ",";         // one code point, as ParseDelimiter gives it
  size_t max_row_bytes = 16ull << 20;  // a longer row is an error: mostly a quote that was never closed
  uint64_t first_line = 1;             // above 1: the text is a later part of its file
};

struct CsvField {
  std::string_view text;  // without quotes, doubled quotes made single
  bool quoted = false;    // tells "" from nothing
};

/// Where something stands in a file; lines and columns from 1, columns in code points.
struct CsvPosition {
  uint64_t line = 0;
  uint64_t column = 0;
};

/// Splits CSV text into rows of fields.
///
/// Form    RFC 4180: fields in quotes may hold delimiters, line ends and doubled quotes. Rows end with LF, CRLF or CR;
/// blank
///         lines are no rows; a byte order mark is dropped. Differs: a quote within an unquoted field is plain text.
///         NUL is a character like others. Text must be UTF-8.
/// Life    Next() until it gives false. fields() live until the next Next().
/// Cost    one pass over a buffer; no allocation per row or field.
/// Threads one at a time.
class CsvReader {
 public:
  /// `name` stands before the line in error messages.
  CsvReader(std::unique_ptr<TextSource> source, std::string name, CsvOptions options = {});

  /// Goes to the next row; false at the end.
  /// Errors: kInvalidArgument, the message beginning with "name:line:column: ", `where` set: text after a closing
  /// quote, text that is not UTF-8 (the row is passed over and reading may go on), a quote that is never closed
  /// (reading is over); kResourceExhausted for a row above the limit, kIo, kCorruption (reading is over).
  Result<bool> Next();

  /// Requires: the last Next() gave true.
  std::span<const CsvField> fields() const { return fields_; }
  /// Where field `index` begins; index fields().size() is the end of the row. Cost: a scan of the row.
  CsvPosition PositionOf(size_t index) const;
  /// The line on which the row begins.
  uint64_t line() const { return line_; }

  const std::string& name() const { return name_; }
  /// After an error that ends the reading.
  bool over() const { return over_; }
  /// After text behind a closing quote: the end of that row was taken to be the line's.
  bool guessed_row_end() const { return guessed_row_end_; }
  uint64_t bytes_taken() const { return source_->bytes_taken(); }

  /// "name:line:column: message", for errors of callers too.
  Error ErrorAt(CsvPosition position, std::string_view message, ErrorCode code = ErrorCode::kInvalidArgument) const;

 private:
  // What a look at the buffer found; kRow: a row, or a field of it.
  enum class Scan : uint8_t { kRow, kBlank, kEnd, kNeedMore, kUnclosedQuote, kTextAfterQuote };

  struct Span {
    size_t begin = 0;  // of the text: in the row, or in unescaped_
    size_t length = 0;
    size_t raw_begin = 0;  // of the field in the row, with its quote
    bool quoted = false;
    bool unescaped = false;
  };

  Status Start();
  Status Refill();
  void Advance();
  Scan ScanRow();
  Scan ScanField(size_t& at);
  Scan ScanPlain(size_t& at);
  Scan ScanQuoted(size_t& at);
  void AddQuoted(size_t raw_begin, std::string_view text, bool doubled);
  Status CheckRow();
  Status PassLine();
  void BuildFields();
  Error RowTooLong() const;
  CsvPosition PositionAt(size_t offset) const;  // from the row's begin

  std::unique_ptr<TextSource> source_;
  std::string name_;
  CsvOptions options_;

  std::string buffer_;  // [row_begin_, end_) is not yet taken
  size_t row_begin_ = 0;
  size_t row_end_ = 0;  // of the row scanned last, behind its line end
  size_t end_ = 0;
  size_t line_end_bytes_ = 0;
  size_t error_at_ = 0;  // in the buffer
  bool source_ended_ = false;
  bool started_ = false;
  bool over_ = false;
  bool guessed_row_end_ = false;

  uint64_t line_ = 1;
  std::vector<Span> spans_;
  std::vector<CsvField> fields_;
  std::string unescaped_;
};

}  // namespace tupu
