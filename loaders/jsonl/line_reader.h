#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <tupu/result.h>

#include "storage/csv/text_source.h"

namespace tupu {

/// The lines of a text, without their ends. Threads: one at a time.
class LineReader {
 public:
  LineReader(std::unique_ptr<TextSource> source, std::string name, size_t max_line_bytes = 64 << 20)
      : source_(std::move(source)), name_(std::move(name)), max_line_bytes_(max_line_bytes) {}

  /// False at the end. Errors: of the source; kResourceExhausted for a line above the limit.
  Result<bool> Next();

  /// Lives until the next Next().
  std::string_view line() const { return line_; }
  uint64_t number() const { return number_; }
  uint64_t bytes_taken() const { return source_->bytes_taken(); }

 private:
  std::unique_ptr<TextSource> source_;
  std::string name_;
  size_t max_line_bytes_;
  std::string buffer_;  // [begin_, end_) is not yet taken
  size_t begin_ = 0;
  size_t end_ = 0;
  bool source_ended_ = false;
  std::string_view line_;
  uint64_t number_ = 0;
};

}  // namespace tupu
