#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace tupu {

/// A hash to be summed: every input bit reaches every output bit.
/// Source: the finaliser of SplitMix64, Steele, Lea, Flood (2014).
inline uint64_t MixBits(uint64_t v) {
  v += 0x9e3779b97f4a7c15;
  v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9;
  v = (v ^ v >> 27) * 0x94d049bb133111eb;
  return v ^ v >> 31;
}
inline uint64_t HashNumbers(uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
  return MixBits(MixBits(MixBits(MixBits(a) ^ b) ^ c) ^ d);
}
inline uint64_t HashBytes(std::string_view bytes, uint64_t seed = 0) {
  uint64_t hash = MixBits(seed ^ bytes.size());
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    hash = MixBits(hash ^ word);
  }
  uint64_t rest = 0;
  std::memcpy(&rest, bytes.data(), bytes.size());
  return MixBits(hash ^ rest);
}

/// Compares bags of items that come in any order, without keeping them: each item adds its hash to the sum of its bucket
/// on its side. Items that belong together must share a bucket.
class BucketSums {
 public:
  static constexpr uint32_t kBuckets = 1 << 16;

  explicit BucketSums(size_t sides) : sums_(sides * kBuckets) {}

  static uint32_t BucketOf(uint64_t group_hash) { return static_cast<uint32_t>(group_hash >> 48); }
  void Add(size_t side, uint32_t bucket, uint64_t item_hash) { sums_[side * kBuckets + bucket] += item_hash; }
  bool Differ(size_t a, size_t b, uint32_t bucket) const {
    return sums_[a * kBuckets + bucket] != sums_[b * kBuckets + bucket];
  }

 private:
  std::vector<uint64_t> sums_;
};

/// Buckets chosen for a second pass.
class BucketChoice {
 public:
  BucketChoice() : chosen_(BucketSums::kBuckets) {}
  void Choose(uint32_t bucket) { chosen_[bucket] = true; }
  bool Has(uint32_t bucket) const { return chosen_[bucket]; }

 private:
  std::vector<bool> chosen_;
};

}  // namespace tupu
