#include "storage/keys/edge_places.h"

#include "storage/keys/bytes.h"

namespace tupu {

namespace {

constexpr uint8_t kVersion = 1;
constexpr std::string_view kWhat = "block of edge places";

uint64_t TypeCode(const std::optional<EdgePlace>& slot) {
  return slot ? uint64_t{ToInteger(slot->type)} + 1 : 0;
}

}  // namespace

Result<EdgePlaces> EdgePlaces::Decode(std::string_view bytes) {
  EdgePlaces places;
  if (bytes.empty()) return places;
  ByteReader reader(bytes);
  if (reader.U8() != kVersion) return CorruptionOf(kWhat, "unknown version");
  const uint64_t runs = reader.Varint();
  for (uint64_t i = 0; i < runs && reader.ok(); ++i) {
    const uint64_t code = reader.Varint();
    const uint64_t length = reader.Varint();
    if (code > UINT32_MAX || length == 0 || length > kEdgesPerPlaceBlock - places.slots_.size()) {
      reader.Fail();
      break;
    }
    std::optional<EdgePlace> slot;
    if (code > 0) slot = EdgePlace{VertexId{}, static_cast<EdgeTypeId>(code - 1)};
    places.slots_.insert(places.slots_.end(), length, slot);
  }
  uint64_t start = 0;
  for (auto& slot : places.slots_) {
    if (!slot) continue;
    start += static_cast<uint64_t>(reader.Signed());
    slot->start = static_cast<VertexId>(start);
  }
  TUPU_TRY(reader.Finish(kWhat));
  if (places.slots_.empty() || !places.slots_.back()) return CorruptionOf(kWhat, "ends in a missing slot");
  return places;
}

std::string EdgePlaces::Encode() const {
  std::string out;
  if (slots_.empty()) return out;
  std::string runs;
  uint64_t number_of_runs = 0;
  for (size_t i = 0; i < slots_.size();) {
    size_t end = i + 1;
    while (end < slots_.size() && TypeCode(slots_[end]) == TypeCode(slots_[i])) ++end;
    AppendVarint(runs, TypeCode(slots_[i]));
    AppendVarint(runs, end - i);
    ++number_of_runs;
    i = end;
  }
  out.push_back(static_cast<char>(kVersion));
  AppendVarint(out, number_of_runs);
  out.append(runs);
  uint64_t last = 0;
  for (const auto& slot : slots_) {
    if (!slot) continue;
    AppendSigned(out, static_cast<int64_t>(ToInteger(slot->start) - last));
    last = ToInteger(slot->start);
  }
  return out;
}

std::optional<EdgePlace> EdgePlaces::Find(EdgeId edge) const {
  const size_t slot = ToInteger(edge) % kEdgesPerPlaceBlock;
  return slot < slots_.size() ? slots_[slot] : std::nullopt;
}

void EdgePlaces::Set(EdgeId edge, std::optional<EdgePlace> place) {
  const size_t slot = ToInteger(edge) % kEdgesPerPlaceBlock;
  if (slot >= slots_.size()) slots_.resize(slot + 1);
  slots_[slot] = place;
  while (!slots_.empty() && !slots_.back()) slots_.pop_back();
}

void AppendWholePlaces(std::string& out, std::span<const EdgePlace> places) {
  uint64_t number_of_runs = 1;
  for (size_t i = 1; i < places.size(); ++i) number_of_runs += places[i].type != places[i - 1].type ? 1 : 0;
  out.push_back(static_cast<char>(kVersion));
  AppendVarint(out, number_of_runs);
  for (size_t i = 0; i < places.size();) {
    size_t end = i + 1;
    while (end < places.size() && places[end].type == places[i].type) ++end;
    AppendVarint(out, uint64_t{ToInteger(places[i].type)} + 1);
    AppendVarint(out, end - i);
    i = end;
  }
  char bytes[kEdgesPerPlaceBlock * kMaxVarintBytes];
  char* at = bytes;
  uint64_t last = 0;
  for (const EdgePlace& place : places) {
    at = PutVarint(at, ZigZag(static_cast<int64_t>(ToInteger(place.start) - last)));
    last = ToInteger(place.start);
  }
  out.append(bytes, static_cast<size_t>(at - bytes));
}

}  // namespace tupu
