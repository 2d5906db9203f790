#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace tupu {

/// Choices that a seed decides, the same on every machine.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed * 0x9e3779b97f4a7c15ull + 1) {}

  size_t Below(size_t end) { return static_cast<size_t>(engine_() % end); }
  int Between(int first, int last) { return first + static_cast<int>(Below(static_cast<size_t>(last - first + 1))); }
  bool Chance(int percent) { return Below(100) < static_cast<size_t>(percent); }

  template <class T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }
  const char* Pick(std::initializer_list<const char*> from) { return *(from.begin() + Below(from.size())); }

  /// An index, each as often as its weight says.
  size_t Weighted(std::initializer_list<int> weights) {
    int sum = 0;
    for (const int weight : weights) sum += weight;
    int drawn = Between(0, sum - 1);
    for (size_t i = 0;; ++i) {
      drawn -= *(weights.begin() + i);
      if (drawn < 0) return i;
    }
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace tupu
