#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace tupu {

/// A run of ids: [first, first + count).
struct IdRange {
  uint64_t first = 0;
  uint64_t count = 0;
};

/// Hands out the ids of new vertices or edges to transactions that run at once; the least free ones first, so that ids
/// stay dense. What a transaction took and did not commit comes back. Threads: safe.
class IdAllocator {
 public:
  /// Ids below `next` were given out before.
  void Reset(uint64_t next) {
    const std::scoped_lock lock(mutex_);
    next_ = next;
    free_.clear();
  }

  /// Between 1 and `count` ids.
  IdRange Take(uint64_t count) {
    const std::scoped_lock lock(mutex_);
    if (free_.empty()) {
      next_ += count;
      return {next_ - count, count};
    }
    const auto least = free_.begin();
    const IdRange range{least->first, std::min(count, least->second)};
    const IdRange rest{least->first + range.count, least->second - range.count};
    free_.erase(least);
    if (rest.count > 0) free_.emplace(rest.first, rest.count);
    return range;
  }

  /// Requires: taken before, and no commit uses an id of it.
  void GiveBack(IdRange range) {
    if (range.count == 0) return;
    const std::scoped_lock lock(mutex_);
    auto at = free_.emplace(range.first, range.count).first;
    if (const auto after = std::next(at); after != free_.end() && after->first == at->first + at->second) {
      at->second += after->second;
      free_.erase(after);
    }
    if (at != free_.begin()) {
      const auto before = std::prev(at);
      if (before->first + before->second == at->first) {
        before->second += at->second;
        free_.erase(at);
        at = before;
      }
    }
    if (at->first + at->second == next_) {
      next_ = at->first;
      free_.erase(at);
    }
  }

 private:
  std::mutex mutex_;
  uint64_t next_ = 0;
  std::map<uint64_t, uint64_t> free_;  // first -> count; no two adjoin, none ends at next_
};

/// The two number series of a store.
struct EntityIds {
  IdAllocator vertices;
  IdAllocator edges;
};

/// The ids that one transaction gave to what it created, and the positions of these in its arrays.
/// One range as a rule; more where several transactions take ids at once. Threads: one.
class CreatedIds {
 public:
  explicit CreatedIds(IdAllocator& allocator) : allocator_(allocator) {}
  ~CreatedIds() { GiveBackFrom(committed_ ? size_ : 0); }
  CreatedIds(const CreatedIds&) = delete;
  CreatedIds& operator=(const CreatedIds&) = delete;

  /// The id for the next position.
  uint64_t Append() {
    if (runs_.empty() || size_ == runs_.back().position + runs_.back().range.count) Grow();
    const Run& run = runs_.back();
    return run.range.first + (size_++ - run.position);
  }

  size_t size() const { return size_; }

  std::optional<size_t> PositionOf(uint64_t id) const {
    if (id < least_ || runs_.empty()) return std::nullopt;
    if (runs_.size() == 1) return Within(runs_.front(), id);
    const auto after = std::upper_bound(by_id_.begin(), by_id_.end(), id,
                                        [&](uint64_t wanted, uint32_t run) { return wanted < runs_[run].range.first; });
    return after == by_id_.begin() ? std::nullopt : Within(runs_[*(after - 1)], id);
  }

  /// Requires: position < size().
  uint64_t IdAt(size_t position) const {
    if (runs_.size() == 1) return runs_.front().range.first + position;
    const auto after = std::upper_bound(runs_.begin(), runs_.end(), position,
                                        [](size_t wanted, const Run& run) { return wanted < run.position; });
    const Run& run = *(after - 1);
    return run.range.first + (position - run.position);
  }

  /// One above the greatest id in use, 0 without any.
  uint64_t end() const {
    uint64_t end = 0;
    for (const Run& run : runs_) {
      const uint64_t used = std::min<uint64_t>(run.range.count, size_ - run.position);
      if (used > 0) end = std::max(end, run.range.first + used);
    }
    return end;
  }

  /// From now on the ids belong to the store.
  void Keep() { committed_ = true; }

 private:
  struct Run {
    IdRange range;
    size_t position;  // of its first id
  };
  static constexpr uint64_t kLargestTake = 1 << 16;

  std::optional<size_t> Within(const Run& run, uint64_t id) const {
    const uint64_t offset = id - run.range.first;  // wraps for a lesser id
    if (offset >= run.range.count || run.position + offset >= size_) return std::nullopt;
    return run.position + offset;
  }

  void Grow() {
    // As many as there are: few ranges for a load, one id for a transaction of one edge.
    const IdRange range = allocator_.Take(std::clamp<uint64_t>(size_, 1, kLargestTake));
    least_ = std::min(least_, range.first);
    if (!runs_.empty() && runs_.back().range.first + runs_.back().range.count == range.first) {
      runs_.back().range.count += range.count;
      return;
    }
    runs_.push_back({range, size_});
    const auto run = static_cast<uint32_t>(runs_.size() - 1);
    const auto at = std::upper_bound(by_id_.begin(), by_id_.end(), range.first, [&](uint64_t wanted, uint32_t other) {
      return wanted < runs_[other].range.first;
    });
    by_id_.insert(at, run);
  }

  void GiveBackFrom(size_t position) {
    for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
      const uint64_t used =
          position <= run->position ? 0 : std::min<uint64_t>(run->range.count, position - run->position);
      allocator_.GiveBack({run->range.first + used, run->range.count - used});
    }
  }

  IdAllocator& allocator_;
  std::vector<Run> runs_;        // by position
  std::vector<uint32_t> by_id_;  // indexes of runs_, by first id
  uint64_t least_ = UINT64_MAX;
  size_t size_ = 0;
  bool committed_ = false;
};

}  // namespace tupu
