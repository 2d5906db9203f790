#include "query/executor/key_table.h"

#include "query/value/compare.h"

namespace tupu {

namespace {

size_t HashOfKey(std::span<const Value> key) {
  size_t hash = 0x9e3779b97f4a7c15ull;
  for (const Value& value : key) hash = (hash ^ HashOf(value)) * 0xff51afd7ed558ccdull;
  return hash ^ (hash >> 32);
}

}  // namespace

size_t KeyTable::PlaceOf(std::span<const Value> wanted, size_t hash) const {
  const size_t mask = places_.size() - 1;
  size_t place = hash & mask;
  while (places_[place] != 0) {
    const size_t index = places_[place] - 1;
    if (hashes_[index] == hash) {
      const std::span<const Value> have = key(index);
      size_t column = 0;
      while (column < width_ && Equivalent(have[column], wanted[column])) ++column;
      if (column == width_) break;
    }
    place = (place + 1) & mask;
  }
  return place;
}

void KeyTable::Grow() {
  const size_t capacity = places_.empty() ? 64 : places_.size() * 2;
  places_.assign(capacity, 0);
  for (size_t index = 0; index < hashes_.size(); ++index) {
    size_t place = hashes_[index] & (capacity - 1);
    while (places_[place] != 0) place = (place + 1) & (capacity - 1);
    places_[place] = static_cast<uint32_t>(index + 1);
  }
}

Result<std::pair<uint32_t, bool>> KeyTable::Add(std::span<const Value> wanted, MemoryCharge& charge) {
  if (hashes_.size() * 2 >= places_.size()) Grow();
  const size_t hash = HashOfKey(wanted);
  const size_t place = PlaceOf(wanted, hash);
  if (places_[place] != 0) return std::pair<uint32_t, bool>(places_[place] - 1, false);
  uint64_t bytes = sizeof(size_t) + 2 * sizeof(uint32_t);
  for (const Value& value : wanted) bytes += EstimateBytes(value);
  TUPU_TRY(charge.Add(bytes));
  hashes_.push_back(hash);
  values_.insert(values_.end(), wanted.begin(), wanted.end());
  places_[place] = static_cast<uint32_t>(hashes_.size());
  return std::pair<uint32_t, bool>(static_cast<uint32_t>(hashes_.size() - 1), true);
}

int64_t KeyTable::Find(std::span<const Value> wanted) const {
  if (places_.empty()) return -1;
  return static_cast<int64_t>(places_[PlaceOf(wanted, HashOfKey(wanted))]) - 1;
}

}  // namespace tupu
