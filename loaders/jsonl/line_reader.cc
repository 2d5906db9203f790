#include "loaders/jsonl/line_reader.h"

#include <cstring>

#include <fmt/format.h>

namespace tupu {

Result<bool> LineReader::Next() {
  constexpr size_t kBufferBytes = 256 << 10;
  size_t looked = begin_;
  for (;;) {
    const std::string_view filled(buffer_.data(), end_);
    const size_t stop = filled.find('\n', looked);
    if (stop != std::string_view::npos || (source_ended_ && begin_ < end_)) {
      line_ = filled.substr(begin_, stop == std::string_view::npos ? stop : stop - begin_);
      if (line_.ends_with('\r')) line_.remove_suffix(1);
      if (number_ == 0 && line_.starts_with("\xEF\xBB\xBF")) line_.remove_prefix(3);
      begin_ = stop == std::string_view::npos ? end_ : stop + 1;
      ++number_;
      return true;
    }
    if (source_ended_) return false;
    if (end_ - begin_ > max_line_bytes_) {
      return Error{ErrorCode::kResourceExhausted,
                   fmt::format("{}:{}:1: the line is longer than {} bytes; put each entity on a line of its own", name_,
                               number_ + 1, max_line_bytes_)};
    }
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    looked = end_;
    if (end_ + kBufferBytes > buffer_.size()) buffer_.resize(std::max(end_ * 2, end_ + kBufferBytes));
    TUPU_TRY_ASSIGN(const size_t size, source_->Read(std::span(buffer_).subspan(end_)));
    source_ended_ = size == 0;
    end_ += size;
  }
}

}  // namespace tupu
