#include "loaders/bulk/csv_chunks.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "storage/csv/csv_reader.h"

namespace tupu {

namespace {

constexpr size_t kChunkBytes = 256 << 10;
/// The first chunk of a file takes the slow way, as its header stands in it.
constexpr size_t kFirstChunkBytes = 1 << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Eight bytes a step.
uint64_t CountOf(std::string_view text, char c) {
  constexpr uint64_t kLow = 0x0101010101010101ull;
  constexpr uint64_t kSeven = 0x7f7f7f7f7f7f7f7full;
  uint64_t count = 0;
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, sizeof word);
    word ^= kLow * static_cast<uint8_t>(c);
    // The top bit of each byte that is zero.
    const uint64_t zeros = ~(((word & kSeven) + kSeven) | word | kSeven);
    count += (zeros >> 7) * kLow >> 56;
  }
  for (; i < text.size(); ++i) count += text[i] == c ? 1 : 0;
  return count;
}

}  // namespace

uint64_t CountLines(std::string_view text) {
  uint64_t count = CountOf(text, '\n');
  if (std::memchr(text.data(), '\r', text.size()) == nullptr) return count;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) ++count;
  }
  return count;
}

Status CsvChunks::Fill(size_t wanted) {
  size_t filled = buffer_.size();
  if (filled >= wanted || source_ended_) return {};
  buffer_.resize(wanted);
  while (filled < wanted) {
    Result<size_t> size = source_->Read(std::span(buffer_).subspan(filled));
    if (!size.has_value()) return std::move(size).error();
    source_ended_ = *size == 0;
    if (source_ended_) break;
    filled += *size;
  }
  buffer_.resize(filled);
  return {};
}

/// The end of the last whole row in the buffer; 0 if there is none.
size_t CsvChunks::FindCut() {
  const std::string_view text = buffer_;
  size_t cut = 0;
  const auto take_rows = [&](size_t begin, size_t end) {  // text without quoted fields
    const size_t line_end = text.substr(begin, end - begin).find_last_of("\n\r");
    if (line_end == std::string_view::npos) return;
    size_t row_end = begin + line_end + 1;
    // A CR at the very end may be half of a CRLF.
    if (text[row_end - 1] == '\r' && row_end == text.size()) {
      const size_t before = text.substr(begin, line_end).find_last_of("\n\r");
      if (before == std::string_view::npos) return;
      row_end = begin + before + 1;
    }
    if (text[row_end - 1] == '\r' && text[row_end] == '\n') ++row_end;
    cut = row_end;
  };
  size_t plain = 0;  // begin of the text since the last quoted field
  for (size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at)) {
    const std::string_view before = text.substr(0, at);
    const bool opens = before.empty() || before.back() == '\n' || before.back() == '\r' ||
                       before.ends_with(delimiter_) || (!started_ && before == kByteOrderMark);
    if (!opens) {
      ++at;
      continue;
    }
    take_rows(plain, at);
    size_t close = at + 1;
    for (;; close += 2) {
      close = text.find('"', close);
      // A quote at the end may be the first of two.
      if (close == std::string_view::npos || (close + 1 == text.size() && !source_ended_)) return cut;
      if (close + 1 == text.size() || text[close + 1] != '"') break;
    }
    plain = at = close + 1;
  }
  take_rows(plain, text.size());
  return cut;
}

Result<std::optional<CsvChunk>> CsvChunks::Next() {
  const size_t most = CsvOptions().max_row_bytes + kChunkBytes;
  size_t cut = 0;
  for (size_t wanted = started_ ? kChunkBytes : kFirstChunkBytes;; wanted *= 2) {
    TUPU_TRY(Fill(std::max(wanted, buffer_.size() + 1)));
    if (buffer_.empty()) return std::optional<CsvChunk>();
    if (source_ended_ || buffer_.size() > most) {
      cut = buffer_.size();
      break;
    }
    cut = FindCut();
    if (cut > 0) break;
  }
  CsvChunk chunk;
  chunk.is_first = !started_;
  chunk.first_line = line_;
  std::string rest = buffer_.substr(cut);
  buffer_.resize(cut);
  chunk.text = std::exchange(buffer_, std::move(rest));
  chunk.bytes = source_->bytes_taken() - bytes_told_;
  bytes_told_ += chunk.bytes;
  line_ += CountLines(chunk.text);
  started_ = true;
  return std::optional(std::move(chunk));
}

}  // namespace tupu
