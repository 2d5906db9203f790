#include "storage/keys/membership.h"

#include <memory>

#include <roaring/roaring.h>

#include "storage/keys/bytes.h"

namespace tupu {

namespace {

constexpr char kVersion = 1;
constexpr std::string_view kWhat = "label membership";

struct FreeBitmap {
  void operator()(roaring_bitmap_t* bitmap) const { roaring_bitmap_free(bitmap); }
};
using Bitmap = std::unique_ptr<roaring_bitmap_t, FreeBitmap>;

Result<Bitmap> Deserialize(std::string_view bytes) {
  if (bytes.empty()) return Bitmap(roaring_bitmap_create());
  if (bytes[0] != kVersion) return CorruptionOf(kWhat, "unknown version");
  bytes.remove_prefix(1);
  // The library reads the header of a container before it compares sizes, so the size is asked first.
  const size_t size = roaring_bitmap_portable_deserialize_size(bytes.data(), bytes.size());
  if (size == 0) return CorruptionOf(kWhat, "too short");
  if (size != bytes.size()) return CorruptionOf(kWhat, "bytes left over");
  Bitmap bitmap(roaring_bitmap_portable_deserialize_safe(bytes.data(), bytes.size()));
  if (!bitmap) return CorruptionOf(kWhat, "malformed");
  const uint64_t count = roaring_bitmap_get_cardinality(bitmap.get());
  if (count == 0 || count > 65'536 || roaring_bitmap_maximum(bitmap.get()) > UINT16_MAX) {
    return CorruptionOf(kWhat, "out of range");
  }
  return bitmap;
}

}  // namespace

Result<std::vector<uint16_t>> DecodeMembership(std::string_view bytes) {
  if (bytes.empty()) return CorruptionOf(kWhat, "empty");  // such a set has no key
  TUPU_TRY_ASSIGN(const Bitmap bitmap, Deserialize(bytes));
  std::vector<uint32_t> wide(roaring_bitmap_get_cardinality(bitmap.get()));
  roaring_bitmap_to_uint32_array(bitmap.get(), wide.data());
  std::vector<uint16_t> ids;
  ids.reserve(wide.size());
  for (const uint32_t id : wide) {
    if (id > UINT16_MAX || (!ids.empty() && id <= ids.back())) return CorruptionOf(kWhat, "not in order");
    ids.push_back(static_cast<uint16_t>(id));
  }
  return ids;
}

Result<std::string> UpdateMembership(std::string_view bytes, const std::vector<uint16_t>& added,
                                     const std::vector<uint16_t>& removed) {
  TUPU_TRY_ASSIGN(const Bitmap bitmap, Deserialize(bytes));
  for (const uint16_t id : added) roaring_bitmap_add(bitmap.get(), id);
  for (const uint16_t id : removed) roaring_bitmap_remove(bitmap.get(), id);
  std::string out;
  if (roaring_bitmap_is_empty(bitmap.get())) return out;
  roaring_bitmap_run_optimize(bitmap.get());
  out.resize(1 + roaring_bitmap_portable_size_in_bytes(bitmap.get()));
  out[0] = kVersion;
  roaring_bitmap_portable_serialize(bitmap.get(), out.data() + 1);
  return out;
}

}  // namespace tupu
