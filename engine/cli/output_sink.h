#pragma once

#include <string>
#include <string_view>

#include <tupu/result.h>

namespace tupu {

/// Where results go: standard output or a file. Buffered; every failed write is an error (a full disk, a closed pipe).
///
/// A regular file appears under its name only at Close, whole: until then it is written beside itself, and dropped without
/// Close it leaves what stood there before. Devices and pipes are written to directly.
class OutputSink {
 public:
  /// Errors: kIo naming the file and why.
  static Result<OutputSink> OpenFile(const std::string& path);
  static OutputSink OfStandardOutput();
  /// Of an open file descriptor, not closed here; `name` for messages.
  static OutputSink Of(int descriptor, std::string name);

  OutputSink(OutputSink&& other) noexcept;
  OutputSink& operator=(OutputSink&&) = delete;
  ~OutputSink();

  /// Errors: kIo; BrokenPipe() when nobody reads any more.
  Status Write(std::string_view bytes);
  /// Writes what is still held back.
  Status Flush();
  /// Flush, and the file under its name. Nothing may be written afterwards.
  Status Close();

 private:
  OutputSink(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  Error Failure(int number) const;

  int descriptor_;
  std::string name_;       // as messages show it
  std::string temporary_;  // renamed to `name_` at Close; empty: written directly
  bool owned_ = false;
  std::string buffer_;
};

}  // namespace tupu
