#include "storage/csv/csv_reader.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "storage/base/utf8.h"

namespace tupu {
namespace {

constexpr size_t kBufferBytes = 256 << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsLineEnd(char c) {
  return c == '\n' || c == '\r';
}

/// LF, CRLF and CR count one each.
uint64_t CountLineEnds(std::string_view text) {
  uint64_t count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) ++count;
  }
  return count;
}

/// Offset of the first byte that is not UTF-8, or text.size(); ASCII goes by eight bytes a step.
size_t FindInvalidUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    uint64_t word;
    if (i + sizeof word <= text.size()) {
      std::memcpy(&word, text.data() + i, sizeof word);
      if ((word & 0x8080808080808080ull) == 0) {
        i += sizeof word;
        continue;
      }
    }
    const Utf8Character character = DecodeUtf8(text.substr(i));
    if (!character.code_point) return i;
    i += character.length;
  }
  return text.size();
}

Error BadDelimiter(std::string_view name) {
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("\"{}\" is not a delimiter; give one character other than a quote or a line end, TAB, or a "
                           "code point as U+20AC",
                           name)};
}

}  // namespace

Result<std::string> ParseDelimiter(std::string_view name) {
  if (name == "TAB" || name == "\\t") return std::string("\t");
  std::string delimiter(name);
  if (name.starts_with("U+")) {
    uint32_t code_point = 0;
    const char* end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data() + 2, end, code_point, 16);
    const bool surrogate = code_point >= 0xD800 && code_point < 0xE000;
    if (error != std::errc() || stop != end || code_point > 0x10FFFF || surrogate) return BadDelimiter(name);
    delimiter.clear();
    AppendUtf8(delimiter, code_point);
  }
  const bool one_character = IsValidUtf8(delimiter) && CountCodePoints(delimiter) == 1;
  if (!one_character || delimiter == "\"" || IsLineEnd(delimiter[0]) || delimiter[0] == '\0') return BadDelimiter(name);
  return delimiter;
}

CsvReader::CsvReader(std::unique_ptr<TextSource> source, std::string name, CsvOptions options)
    : source_(std::move(source)), name_(std::move(name)), options_(std::move(options)), line_(options_.first_line) {}

Result<bool> CsvReader::Next() {
  if (over_) return false;
  if (!started_) TUPU_TRY(Start());
  for (;;) {
    Advance();
    switch (ScanRow()) {
      case Scan::kRow:
        TUPU_TRY(CheckRow());
        BuildFields();
        return true;
      case Scan::kBlank: break;
      case Scan::kNeedMore: TUPU_TRY(Refill()); break;
      case Scan::kEnd: over_ = true; return false;
      case Scan::kUnclosedQuote:
        over_ = true;
        return ErrorAt(PositionAt(error_at_ - row_begin_),
                       "the quote that opens here is never closed; close it, or double it if it belongs to the text");
      case Scan::kTextAfterQuote: {
        const Error error = ErrorAt(PositionAt(error_at_ - row_begin_),
                                    "text follows a closing quote; double the quotes that belong to the text (\"\")");
        TUPU_TRY(PassLine());
        return error;
      }
    }
  }
}

Status CsvReader::Start() {
  started_ = true;
  buffer_.resize(kBufferBytes);
  while (end_ < kByteOrderMark.size() && !source_ended_) TUPU_TRY(Refill());
  const bool marked = options_.first_line == 1 && std::string_view(buffer_.data(), end_).starts_with(kByteOrderMark);
  if (marked) row_begin_ = row_end_ = kByteOrderMark.size();
  return {};
}

/// Moves the row that was begun to the front and reads on behind it.
Status CsvReader::Refill() {
  if (end_ - row_begin_ > options_.max_row_bytes) {
    over_ = true;
    return RowTooLong();
  }
  std::memmove(buffer_.data(), buffer_.data() + row_begin_, end_ - row_begin_);
  end_ -= row_begin_;
  row_begin_ = row_end_ = 0;
  if (end_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
  Result<size_t> size = source_->Read(std::span(buffer_).subspan(end_));
  if (!size.has_value()) {
    over_ = true;
    return std::move(size).error();
  }
  source_ended_ = *size == 0;
  end_ += *size;
  return {};
}

/// Leaves the row behind that was scanned last.
void CsvReader::Advance() {
  if (row_end_ == row_begin_) return;
  const bool quoted = std::any_of(spans_.begin(), spans_.end(), [](const Span& span) { return span.quoted; });
  line_ += quoted ? CountLineEnds(std::string_view(buffer_).substr(row_begin_, row_end_ - row_begin_))
                  : static_cast<uint64_t>(line_end_bytes_ > 0);
  row_begin_ = row_end_;
}

CsvReader::Scan CsvReader::ScanRow() {
  spans_.clear();
  unescaped_.clear();
  size_t at = row_begin_;
  if (at == end_) return source_ended_ ? Scan::kEnd : Scan::kNeedMore;
  for (;;) {
    if (const Scan field = ScanField(at); field != Scan::kRow) return field;
    if (at == end_ || IsLineEnd(buffer_[at])) break;
    at += options_.delimiter.size();
  }
  // A CR at the end of the buffer may be half of a CRLF.
  if (!source_ended_ && (at == end_ || (buffer_[at] == '\r' && at + 1 == end_))) return Scan::kNeedMore;
  line_end_bytes_ = at == end_ ? 0 : buffer_[at] == '\r' && at + 1 < end_ && buffer_[at + 1] == '\n' ? 2 : 1;
  row_end_ = at + line_end_bytes_;
  const bool blank = spans_.size() == 1 && spans_[0].length == 0 && !spans_[0].quoted;
  return blank ? Scan::kBlank : Scan::kRow;
}

CsvReader::Scan CsvReader::ScanField(size_t& at) {
  return at < end_ && buffer_[at] == '"' ? ScanQuoted(at) : ScanPlain(at);
}

CsvReader::Scan CsvReader::ScanPlain(size_t& at) {
  const size_t begin = at;
  const std::string_view delimiter = options_.delimiter;
  const std::string_view filled(buffer_.data(), end_);
  for (; at < end_; ++at) {
    const char c = filled[at];
    if (IsLineEnd(c)) break;
    if (c != delimiter[0]) continue;
    if (delimiter.size() == 1 || filled.substr(at).starts_with(delimiter)) break;
    if (end_ - at < delimiter.size() && !source_ended_) return Scan::kNeedMore;
  }
  spans_.push_back({begin - row_begin_, at - begin, begin - row_begin_, false, false});
  return Scan::kRow;
}

CsvReader::Scan CsvReader::ScanQuoted(size_t& at) {
  const size_t open = at;
  const std::string_view filled(buffer_.data(), end_);
  bool doubled = false;
  size_t close = open + 1;
  for (;; close += 2) {
    close = filled.find('"', close);
    if (close == std::string_view::npos) {
      error_at_ = open;
      return source_ended_ ? Scan::kUnclosedQuote : Scan::kNeedMore;
    }
    if (close + 1 == end_ && !source_ended_) return Scan::kNeedMore;
    if (close + 1 == end_ || filled[close + 1] != '"') break;
    doubled = true;
  }
  AddQuoted(open, filled.substr(open + 1, close - open - 1), doubled);
  at = close + 1;
  if (at == end_ || IsLineEnd(filled[at]) || filled.substr(at).starts_with(options_.delimiter)) return Scan::kRow;
  if (end_ - at < options_.delimiter.size() && !source_ended_) return Scan::kNeedMore;
  error_at_ = at;
  return Scan::kTextAfterQuote;
}

void CsvReader::AddQuoted(size_t raw_begin, std::string_view text, bool doubled) {
  if (!doubled) {
    spans_.push_back({raw_begin + 1 - row_begin_, text.size(), raw_begin - row_begin_, true, false});
    return;
  }
  // Beside the buffer, so that the row stays as it is in the file and positions can be counted in it.
  const size_t begin = unescaped_.size();
  for (size_t i = 0; i < text.size(); ++i) {
    unescaped_ += text[i];
    if (text[i] == '"') ++i;
  }
  spans_.push_back({begin, unescaped_.size() - begin, raw_begin - row_begin_, true, true});
}

Status CsvReader::CheckRow() {
  const std::string_view row(buffer_.data() + row_begin_, row_end_ - row_begin_);
  if (row.size() > options_.max_row_bytes) {
    over_ = true;
    return RowTooLong();
  }
  const size_t invalid = FindInvalidUtf8(row);
  if (invalid == row.size()) return {};
  return ErrorAt(PositionAt(invalid),
                 fmt::format("byte 0x{:02X} is not UTF-8; convert the file first, as iconv -f GB18030 -t UTF-8 does",
                             static_cast<unsigned char>(row[invalid])));
}

/// Leaves the rest of the line behind after an error in it. Requires: error_at_ is in it.
Status CsvReader::PassLine() {
  guessed_row_end_ = true;
  for (size_t passed = error_at_ - row_begin_;;) {
    const char* rest = buffer_.data() + row_begin_ + passed;
    const char* stop = std::find_if(rest, static_cast<const char*>(buffer_.data()) + end_, IsLineEnd);
    passed = static_cast<size_t>(stop - buffer_.data()) - row_begin_;
    row_end_ = row_begin_ + passed;
    if (source_ended_ || row_end_ + 1 < end_) break;
    TUPU_TRY(Refill());
  }
  const std::string_view left(buffer_.data() + row_end_, end_ - row_end_);
  line_end_bytes_ = left.starts_with("\r\n") ? 2 : left.empty() ? 0 : 1;
  row_end_ += line_end_bytes_;
  return {};
}

void CsvReader::BuildFields() {
  fields_.clear();
  for (const Span& span : spans_) {
    const char* text = span.unescaped ? unescaped_.data() : buffer_.data() + row_begin_;
    fields_.push_back({std::string_view(text + span.begin, span.length), span.quoted});
  }
}

CsvPosition CsvReader::PositionOf(size_t index) const {
  return PositionAt(index < spans_.size() ? spans_[index].raw_begin : row_end_ - row_begin_ - line_end_bytes_);
}

CsvPosition CsvReader::PositionAt(size_t offset) const {
  const std::string_view before(buffer_.data() + row_begin_, offset);
  const size_t line_end = before.find_last_of("\r\n");
  const std::string_view line = line_end == std::string_view::npos ? before : before.substr(line_end + 1);
  return {line_ + CountLineEnds(before), 1 + CountCodePoints(line)};
}

Error CsvReader::RowTooLong() const {
  return ErrorAt({line_, 1},
                 fmt::format("the row that begins here is longer than {} bytes; look for a quote that is never closed",
                             options_.max_row_bytes),
                 ErrorCode::kResourceExhausted);
}

Error CsvReader::ErrorAt(CsvPosition position, std::string_view message, ErrorCode code) const {
  Error error{code, fmt::format("{}:{}:{}: {}", name_, position.line, position.column, message)};
  error.where = SourceSpan{static_cast<uint32_t>(position.line), static_cast<uint32_t>(position.column), 0, 0};
  return error;
}

}  // namespace tupu
