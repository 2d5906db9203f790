#include "storage/bulk/external_id_map.h"

#include <algorithm>

namespace tupu {

namespace {

constexpr size_t kFirstSlots = 1 << 12;

uint64_t Mix(uint64_t v) {
  // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
  v = (v ^ (v >> 30)) * 0xBF58476D1CE4E5B9ull;
  v = (v ^ (v >> 27)) * 0x94D049BB133111EBull;
  return v ^ (v >> 31);
}

template <class Word>
uint64_t LoadWord(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// The `size` <= 8 bytes, the first one lowest; loads that overlap take the place of a copy of variable length.
uint64_t Load(const char* at, size_t size) {
  if (size == 8) return LoadWord<uint64_t>(at);
  if (size >= 4) return LoadWord<uint32_t>(at) | LoadWord<uint32_t>(at + size - 4) << (8 * (size - 4));
  if (size == 0) return 0;
  const auto byte = [at](size_t i) { return uint64_t{static_cast<uint8_t>(at[i])}; };
  return byte(0) | byte(size / 2) << (8 * (size / 2)) | byte(size - 1) << (8 * (size - 1));
}

}  // namespace

ExternalIdMap::ExternalIdMap() : slots_(kFirstSlots), mask_(kFirstSlots - 1) {}

uint64_t ExternalIdMap::Hash(uint32_t group, std::string_view id) {
  uint64_t hash = group * 0x9E3779B97F4A7C15ull + id.size();
  for (; id.size() > 8; id.remove_prefix(8)) hash = Mix(hash ^ Load(id.data(), 8));
  return Mix(hash ^ Load(id.data(), id.size()));
}

ExternalIdMap::Key ExternalIdMap::KeyOf(uint64_t hash, uint32_t group, std::string_view id) {
  Key key;
  key.low = uint64_t{group} << 32;
  if (id.size() > kInline) {
    // A fingerprint; `low` gets the number of the long id, so it is left out of the comparison.
    key.high = (hash & ~uint64_t{0xff}) | kLong;
    return key;
  }
  const size_t first = id.size() < 4 ? id.size() : 4;
  key.low |= Load(id.data(), first);
  key.high = Load(id.data() + first, id.size() - first) << 8 | (id.size() + 1);
  return key;
}

bool ExternalIdMap::SameLong(const Slot& slot, std::string_view id) const {
  return long_ids_[static_cast<uint32_t>(slot.low)] == id;
}

/// The slot of the id, or the free one where it belongs.
size_t ExternalIdMap::SlotOf(uint64_t hash, const Key& key, std::string_view id) const {
  const bool is_long = (key.high & 0xff) == kLong;
  for (size_t at = hash & mask_;; at = (at + 1) & mask_) {
    const Slot& slot = slots_[at];
    if (slot.high == 0) return at;
    if (slot.high != key.high) continue;
    if (is_long ? slot.low >> 32 == key.low >> 32 && SameLong(slot, id) : slot.low == key.low) return at;
  }
}

uint64_t ExternalIdMap::NumberOf(std::string_view id) {
  if (id.empty() || id.size() > 18 || (id[0] == '0' && id.size() > 1)) return kNoNumber;
  uint64_t number = 0;
  for (const char c : id) {
    if (c < '0' || c > '9') return kNoNumber;
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  return number;
}

std::optional<VertexId> ExternalIdMap::Find(uint64_t hash, uint32_t group, std::string_view id) const {
  if (const auto vertex = FindNumber(group, NumberOf(id))) return vertex;
  return FindHashed(hash, group, id);
}

std::optional<VertexId> ExternalIdMap::FindHashed(uint64_t hash, uint32_t group, std::string_view id) const {
  const Slot& slot = slots_[SlotOf(hash, KeyOf(hash, group, id), id)];
  if (slot.high == 0) return std::nullopt;
  return static_cast<VertexId>(slot.vertex);
}

uint32_t* ExternalIdMap::PlaceOf(uint32_t group, uint64_t number, VertexId vertex) {
  constexpr uint64_t kAlways = 1 << 16;
  if (ToInteger(vertex) - first_vertex_ >= UINT32_MAX - 1 || group > size_ + kAlways) return nullptr;
  if (group >= arrays_.size()) arrays_.resize(group + 1);
  Array& array = arrays_[group];
  // At least an eighth of a long array is used.
  if (number >= std::max(kAlways, 8 * array.used)) return nullptr;
  if (number >= array.vertices.size()) array.vertices.resize(std::max(number + 1, 2 * array.vertices.size()));
  return &array.vertices[number];
}

bool ExternalIdMap::Insert(uint64_t hash, uint32_t group, std::string_view id, VertexId& vertex) {
  const uint64_t number = NumberOf(id);
  if (size_ == 0) first_vertex_ = ToInteger(vertex);
  auto known = FindNumber(group, number);
  if (!known && number != kNoNumber && hashes_numbers_) known = FindHashed(hash, group, id);
  if (known) {
    vertex = *known;
    return false;
  }
  if (uint32_t* const place = number == kNoNumber ? nullptr : PlaceOf(group, number, vertex)) {
    *place = static_cast<uint32_t>(ToInteger(vertex) - first_vertex_ + 1);
    ++arrays_[group].used;
    ++size_;
    return true;
  }
  hashes_numbers_ = hashes_numbers_ || number != kNoNumber;
  if (hashed_ * 8 >= slots_.size() * 5) Grow();
  const Key key = KeyOf(hash, group, id);
  Slot& slot = slots_[SlotOf(hash, key, id)];
  if (slot.high != 0) {
    vertex = static_cast<VertexId>(slot.vertex);
    return false;
  }
  slot = {key.low, key.high, ToInteger(vertex)};
  if ((key.high & 0xff) == kLong) {
    slot.low |= long_ids_.size();
    long_ids_.push_back(arena_.Add(id));
  }
  ++hashed_;
  ++size_;
  return true;
}

uint64_t ExternalIdMap::HashOf(const Slot& slot) const {
  const auto group = static_cast<uint32_t>(slot.low >> 32);
  if ((slot.high & 0xff) == kLong) return Hash(group, long_ids_[static_cast<uint32_t>(slot.low)]);
  char id[kInline];
  const size_t size = (slot.high & 0xff) - 1;
  std::memcpy(id, &slot.low, 4);
  const uint64_t rest = slot.high >> 8;
  std::memcpy(id + 4, &rest, kInline - 4);
  return Hash(group, {id, size});
}

void ExternalIdMap::Grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  mask_ = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.high == 0) continue;
    size_t at = HashOf(slot) & mask_;
    while (slots_[at].high != 0) at = (at + 1) & mask_;
    slots_[at] = slot;
  }
}

}  // namespace tupu
