#include "storage/kv/internal/table_check.h"

#include <optional>
#include <string>
#include <string_view>

namespace tupu {

namespace {

constexpr uint64_t kFooter = 53;  // checksum type (1), two handles (40), version (4), magic number (8)
constexpr std::string_view kMagic = "\xf7\xcf\xf4\x85\xb7\x41\xe2\x88";
constexpr std::string_view kProperties = "rocksdb.properties";
constexpr uint64_t kMostBytes = 1 << 20;  // of a block that is looked at here
constexpr uint64_t kNumber = 4;           // bytes of a number at the end of a block

/// Takes numbers off the front of bytes; nullopt from the first failure on.
class Front {
 public:
  explicit Front(std::string_view bytes) : rest_(bytes) {}

  std::optional<uint64_t> Varint() {
    uint64_t v = 0;
    for (int shift = 0; shift < 63 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      v |= uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return v;
    }
    rest_ = {};
    return std::nullopt;
  }
  std::optional<std::string_view> Bytes(uint64_t size) {
    if (size > rest_.size()) return std::nullopt;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

struct Handle {
  uint64_t offset;
  uint64_t size;
};

std::optional<Handle> HandleAt(Front& bytes) {
  const auto offset = bytes.Varint();
  const auto size = bytes.Varint();
  if (!offset || !size) return std::nullopt;
  return Handle{*offset, *size};
}

std::optional<std::string> ReadAt(rocksdb::FSRandomAccessFile& file, uint64_t offset, uint64_t size) {
  std::string bytes(size, '\0');
  rocksdb::Slice read;
  if (!file.Read(offset, size, {}, &read, bytes.data(), nullptr).ok() || read.size() != size) return std::nullopt;
  return read.ToString();
}

std::optional<std::string> ReadBlock(rocksdb::FSRandomAccessFile& file, uint64_t file_size, const Handle& handle) {
  if (handle.size < kNumber || handle.size > kMostBytes || handle.offset > file_size ||
      handle.size > file_size - handle.offset) {
    return std::nullopt;
  }
  return ReadAt(file, handle.offset, handle.size);
}

uint32_t LastNumber(std::string_view block) {
  uint32_t number = 0;
  for (uint64_t i = 0; i < kNumber; ++i) {
    number |= uint32_t{static_cast<unsigned char>(block[block.size() - kNumber + i])} << (8 * i);
  }
  return number;
}

/// The value of kProperties in the block that lists the others: entries whose keys leave out what they share with the one
/// before, then the places of the entries, then their number.
std::optional<Handle> FindProperties(std::string_view block) {
  const uint64_t numbers = (uint64_t{LastNumber(block)} + 1) * kNumber;
  if (numbers > block.size()) return std::nullopt;
  Front entries(block.substr(0, block.size() - numbers));
  std::string key;
  while (!entries.empty()) {
    const auto shared = entries.Varint();
    const auto rest = entries.Varint();
    const auto value_size = entries.Varint();
    if (!shared || !rest || !value_size || *shared > key.size()) return std::nullopt;
    const auto suffix = entries.Bytes(*rest);
    const auto value = entries.Bytes(*value_size);
    if (!suffix || !value) return std::nullopt;
    key.resize(*shared);
    key.append(*suffix);
    Front handle(*value);
    if (key == kProperties) return HandleAt(handle);
  }
  return std::nullopt;
}

}  // namespace

rocksdb::IOStatus CheckTableProperties(rocksdb::FSRandomAccessFile& file, uint64_t size) {
  constexpr uint32_t kHashIndex = 1u << 31;  // which no block of properties has
  const rocksdb::IOStatus fine = rocksdb::IOStatus::OK();
  if (size < kFooter) return fine;
  const auto footer = ReadAt(file, size - kFooter, kFooter);
  if (!footer || !footer->ends_with(kMagic)) return fine;
  Front handles(std::string_view(*footer).substr(1));
  const auto list = HandleAt(handles);
  if (!list) return fine;
  const auto list_block = ReadBlock(file, size, *list);
  if (!list_block) return fine;
  const auto properties = FindProperties(*list_block);
  if (!properties) return fine;
  const auto block = ReadBlock(file, size, *properties);
  if (!block || (LastNumber(*block) & kHashIndex) == 0) return fine;
  return rocksdb::IOStatus::Corruption("the block of properties is damaged");
}

}  // namespace tupu
