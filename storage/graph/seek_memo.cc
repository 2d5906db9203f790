#include "storage/graph/seek_memo.h"

#include <algorithm>
#include <functional>

namespace tupu {

namespace {

constexpr size_t kIdBytes = 8;  // what a key of an index entry ends in

uint64_t HashOfPrefix(std::string_view prefix) {
  return std::hash<std::string_view>()(prefix);
}

}  // namespace

void SeekMemo::Restart(uint64_t commit) {
  since_.store(commit, std::memory_order_release);
}

void SeekMemo::Apply(uint64_t commit, std::span<const KvWrite> writes) {
  for (const KvWrite& write : writes) {
    if (write.space != Keyspace::kIndex || write.key.size() <= kIdBytes) continue;
    const std::string_view prefix = std::string_view(write.key).substr(0, write.key.size() - kIdBytes);
    changed_[HashOfPrefix(prefix) % kBuckets].store(commit, std::memory_order_release);
  }
}

bool SeekMemo::Holds(const Answer& answer, uint64_t hash, std::string_view prefix, uint64_t commit) const {
  if (answer.hash != hash || answer.prefix != prefix) return false;
  const uint64_t least = std::min(answer.commit, commit);
  return least >= since_.load(std::memory_order_acquire) &&
         least >= changed_[hash % kBuckets].load(std::memory_order_acquire);
}

bool SeekMemo::Find(std::string_view prefix, uint64_t commit, std::vector<uint64_t>& ids) const {
  const uint64_t hash = HashOfPrefix(prefix);
  const size_t set = hash / kBuckets % (kPlaces / kWays);
  const std::lock_guard lock(locks_[set % kLocks]);
  for (size_t way = 0; way < kWays; ++way) {
    const Answer& answer = answers_[set * kWays + way];
    if (!Holds(answer, hash, prefix, commit)) continue;
    ids.assign(answer.ids.begin(), answer.ids.end());
    return true;
  }
  return false;
}

void SeekMemo::Add(std::string_view prefix, uint64_t commit, std::span<const uint64_t> ids) {
  if (prefix.empty() || prefix.size() > kLongestPrefix || ids.size() > kMostIds) return;
  const uint64_t hash = HashOfPrefix(prefix);
  const size_t set = hash / kBuckets % (kPlaces / kWays);
  const std::lock_guard lock(locks_[set % kLocks]);
  Answer* place = &answers_[set * kWays];
  for (size_t way = 0; way < kWays; ++way) {
    Answer& each = answers_[set * kWays + way];
    if (each.hash == hash && each.prefix == prefix) {
      place = &each;
      break;
    }
    if (each.commit < place->commit) place = &each;  // the elder one goes
  }
  if (place->prefix == prefix && place->commit > commit) return;
  place->hash = hash;
  place->commit = commit;
  place->prefix.assign(prefix);
  place->ids.assign(ids.begin(), ids.end());
}

}  // namespace tupu
