#include "storage/csv/text_source.h"

#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include <fmt/format.h>

namespace tupu {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

Error IoError(const std::string& path, std::string_view what, int number) {
  return Error{ErrorCode::kIo, fmt::format("{}: {}: {}", path, what, std::strerror(number))};
}

class PlainSource final : public TextSource {
 public:
  PlainSource(File file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  Result<size_t> Read(std::span<char> out) override {
    const size_t size = std::fread(out.data(), 1, out.size(), file_.get());
    if (size == 0 && std::ferror(file_.get()) != 0) return IoError(path_, "cannot be read", errno);
    bytes_taken_ += size;
    return size;
  }
  uint64_t bytes_taken() const override { return bytes_taken_; }

 private:
  File file_;
  std::string path_;
  uint64_t bytes_taken_ = 0;
};

class GzipSource final : public TextSource {
 public:
  static Result<std::unique_ptr<TextSource>> Open(std::unique_ptr<TextSource> packed, std::string path) {
    auto source = std::unique_ptr<GzipSource>(new GzipSource(std::move(packed), std::move(path)));
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    if (inflateInit2(&source->stream_, kGzipOnly) != Z_OK)
      return Error{ErrorCode::kResourceExhausted, "no memory to unpack " + source->path_};
    source->initialised_ = true;
    return std::unique_ptr<TextSource>(std::move(source));
  }
  ~GzipSource() override {
    if (initialised_) inflateEnd(&stream_);
  }

  Result<size_t> Read(std::span<char> out) override {
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(std::min(out.size(), size_t{1} << 30));
    const uInt wanted = stream_.avail_out;
    while (stream_.avail_out == wanted) {
      TUPU_TRY_ASSIGN(const bool more, Fill());
      if (!more) {
        if (within_member_) return Damaged("is cut off");
        return size_t{0};
      }
      TUPU_TRY(Inflate());
    }
    unpacked_ += wanted - stream_.avail_out;
    return size_t{wanted - stream_.avail_out};
  }
  uint64_t bytes_taken() const override { return packed_->bytes_taken(); }

 private:
  GzipSource(std::unique_ptr<TextSource> packed, std::string path)
      : packed_(std::move(packed)), path_(std::move(path)) {}

  /// False: no packed bytes are left.
  Result<bool> Fill() {
    if (stream_.avail_in > 0) return true;
    TUPU_TRY_ASSIGN(const size_t size, packed_->Read(input_));
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(size);
    return size > 0;
  }

  Status Inflate() {
    within_member_ = true;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {  // gzip files may be concatenated
      within_member_ = false;
      inflateReset(&stream_);
      return {};
    }
    if (code == Z_OK || code == Z_BUF_ERROR) return {};
    return Damaged(stream_.msg == nullptr ? "is damaged" : fmt::format("is damaged ({})", stream_.msg));
  }

  Error Damaged(std::string_view what) const {
    return Error{ErrorCode::kCorruption,
                 fmt::format("{}: the gzip data {} after {} unpacked bytes; fetch the file again (gzip -t tests it)",
                             path_, what, unpacked_)};
  }

  std::unique_ptr<TextSource> packed_;
  std::string path_;
  z_stream stream_ = {};
  bool initialised_ = false;
  bool within_member_ = false;
  uint64_t unpacked_ = 0;
  std::array<char, 1 << 16> input_;
};

class MemorySource final : public TextSource {
 public:
  explicit MemorySource(std::string_view text) : text_(text) {}
  Result<size_t> Read(std::span<char> out) override {
    const size_t size = std::min(out.size(), text_.size() - taken_);
    std::memcpy(out.data(), text_.data() + taken_, size);
    taken_ += size;
    return size;
  }
  uint64_t bytes_taken() const override { return taken_; }

 private:
  std::string_view text_;
  size_t taken_ = 0;
};

struct Packing {
  std::string_view magic;
  std::string_view name;
};
constexpr std::string_view kGzip = "\x1f\x8b";
constexpr std::array<Packing, 5> kRefused = {{{"PK\x03\x04", "ZIP"},
                                              {"\x28\xb5\x2f\xfd", "Zstandard"},
                                              {"BZh", "bzip2"},
                                              {std::string_view("\xfd"
                                                                "7zXZ\0",
                                                                6),
                                               "xz"},
                                              {"\x04\x22\x4d\x18", "LZ4"}}};

}  // namespace

Result<std::unique_ptr<TextSource>> OpenTextSource(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return Error{ErrorCode::kNotFound, path + ": there is no such file; check the path"};
    return IoError(path, "cannot be opened", errno);
  }
  if (S_ISDIR(status.st_mode)) return Error{ErrorCode::kIo, path + ": is a folder, not a file"};
  File file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return IoError(path, "cannot be opened", errno);

  std::array<char, 8> head = {};
  const std::string_view start(head.data(), std::fread(head.data(), 1, head.size(), file.get()));
  std::rewind(file.get());
  for (const Packing& packing : kRefused) {
    if (!start.starts_with(packing.magic)) continue;
    return Error{ErrorCode::kUnsupported,
                 fmt::format("{}: {} files are not supported; unpack it, or pack it with gzip", path, packing.name)};
  }
  std::unique_ptr<TextSource> plain = std::make_unique<PlainSource>(std::move(file), path);
  if (!start.starts_with(kGzip)) return plain;
  return GzipSource::Open(std::move(plain), path);
}

std::unique_ptr<TextSource> TextSourceOver(std::string_view text) {
  return std::make_unique<MemorySource>(text);
}

Result<std::string> ReadTextPrefix(const std::string& path, size_t limit) {
  TUPU_TRY_ASSIGN(const std::unique_ptr<TextSource> source, OpenTextSource(path));
  std::string text;
  std::array<char, 1 << 14> piece;
  while (text.size() < limit) {
    TUPU_TRY_ASSIGN(const size_t size,
                    source->Read(std::span(piece).first(std::min(piece.size(), limit - text.size()))));
    if (size == 0) break;
    text.append(piece.data(), size);
  }
  return text;
}

}  // namespace tupu
