#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <tupu/value.h>

#include "query/executor/memory_tracker.h"

namespace tupu {

/// A set of rows of values, equal in the sense of grouping; each gets a dense index in the order of arrival.
/// Open addressing over indexes, so growing moves no value.
class KeyTable {
 public:
  explicit KeyTable(size_t width = 0) : width_(width) {}

  /// The index of `key`, and whether it is new. Requires: key.size() is the width.
  Result<std::pair<uint32_t, bool>> Add(std::span<const Value> key, MemoryCharge& charge);
  /// The index of `key`, or -1.
  int64_t Find(std::span<const Value> key) const;

  size_t size() const { return hashes_.size(); }
  std::span<const Value> key(size_t index) const { return {values_.data() + index * width_, width_}; }

 private:
  size_t PlaceOf(std::span<const Value> key, size_t hash) const;  // where it is, or where it would go
  void Grow();

  size_t width_;
  std::vector<Value> values_;
  std::vector<size_t> hashes_;
  std::vector<uint32_t> places_;  // index + 1; 0 is free; a power of two, at most half full
};

}  // namespace tupu
