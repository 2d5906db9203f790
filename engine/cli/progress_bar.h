#pragma once

#include <chrono>
#include <cstdint>

namespace tupu {

/// A bar on a terminal, redrawn at most ten times a second; nothing anywhere else.
class ProgressBar {
 public:
  explicit ProgressBar(int descriptor);
  void Show(uint64_t done, uint64_t total);
  /// Takes the bar off the line.
  void Clear();

 private:
  int descriptor_;
  bool on_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace tupu
