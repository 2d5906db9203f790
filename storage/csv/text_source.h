#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <tupu/result.h>

namespace tupu {

/// The bytes of a text file, a piece at a time; gzip is unpacked on the way (told by its first bytes, not by its name).
/// Threads: one at a time.
class TextSource {
 public:
  virtual ~TextSource() = default;

  /// Fills `out` from its beginning; 0 is the end. Requires: !out.empty().
  /// Errors: kIo; kCorruption for damaged or cut off gzip data.
  virtual Result<size_t> Read(std::span<char> out) = 0;

  /// Bytes taken from the file so far, before unpacking: for progress.
  virtual uint64_t bytes_taken() const = 0;
};

/// Errors: kNotFound, kIo; kUnsupported for ZIP archives and other packings, by name.
Result<std::unique_ptr<TextSource>> OpenTextSource(const std::string& path);

/// `text` must outlive the source.
std::unique_ptr<TextSource> TextSourceOver(std::string_view text);

/// The first bytes of the file after unpacking, at most `limit`. Errors: as OpenTextSource and Read.
Result<std::string> ReadTextPrefix(const std::string& path, size_t limit);

}  // namespace tupu
