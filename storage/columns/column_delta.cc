#include "storage/columns/column_delta.h"

#include <algorithm>
#include <bit>

namespace tupu {

namespace {

uint64_t BytesOf(const Value& value) {
  if (value.type() == ValueType::kString) return value.AsString().size();
  if (value.type() != ValueType::kList) return 0;
  uint64_t bytes = 0;
  for (const Value& element : value.AsList()) bytes += sizeof(Value) + BytesOf(element);
  return bytes;
}

/// Position of the first change after `commit`.
template <class Changes>
auto EndAt(const Changes& changes, uint64_t commit) {
  return std::upper_bound(changes.begin(), changes.end(), commit,
                          [](uint64_t wanted, const auto& change) { return wanted < change.commit; });
}

}  // namespace

ColumnDelta::ColumnDelta(uint64_t next_id)
    : mask_(std::bit_ceil(std::max<uint64_t>(next_id, 64)) - 1), bits_((mask_ + 1) / 64) {}

void ColumnDelta::Add(uint64_t commit, uint64_t id, Value value) {
  bytes_.fetch_add(kBytesPerChange + BytesOf(value), std::memory_order_relaxed);
  {
    Shard& shard = shards_[id % kShards];
    const std::unique_lock lock(shard.mutex);
    shard.changes[id].push_back({commit, std::move(value)});
  }
  size_.fetch_add(1, std::memory_order_relaxed);
  const uint64_t bit = id & mask_;
  bits_[bit / 64].fetch_or(uint64_t{1} << (bit % 64), std::memory_order_release);
}

std::optional<Value> ColumnDelta::Find(uint64_t id, uint64_t commit) const {
  const Shard& shard = shards_[id % kShards];
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.changes.find(id);
  if (found == shard.changes.end()) return std::nullopt;
  const auto end = EndAt(found->second, commit);
  if (end == found->second.begin()) return std::nullopt;
  return (end - 1)->value;
}

std::vector<uint64_t> ColumnDelta::ChangedIds() const {
  std::vector<uint64_t> ids;
  for (const Shard& shard : shards_) {
    const std::shared_lock lock(shard.mutex);
    for (const auto& [id, changes] : shard.changes) ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

void ColumnDelta::CopyAfter(uint64_t commit, ColumnDelta& to) const {
  for (const Shard& shard : shards_) {
    const std::shared_lock lock(shard.mutex);
    for (const auto& [id, changes] : shard.changes) {
      for (auto at = EndAt(changes, commit); at != changes.end(); ++at) to.Add(at->commit, id, at->value);
    }
  }
}

}  // namespace tupu
