#include "engine/cli/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "engine/cli/terminal.h"

namespace tupu {

namespace {

// A bar that cannot be drawn is not worth an error.
void Draw(int descriptor, const std::string& text) {
  [[maybe_unused]] const ssize_t ignored = ::write(descriptor, text.data(), text.size());
}

}  // namespace

ProgressBar::ProgressBar(int descriptor) : descriptor_(descriptor), on_(IsTerminal(descriptor)) {}

void ProgressBar::Show(uint64_t done, uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (!on_ || now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  constexpr int kWidth = 40;
  const double part = total == 0 ? 0.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const int full = static_cast<int>(part * kWidth);
  std::string bar;
  for (int i = 0; i < kWidth; ++i) bar += i < full ? "█" : "░";
  Draw(descriptor_, fmt::format("\r{} {:3.0f} %", bar, part * 100));
  shown_ = true;
}

void ProgressBar::Clear() {
  if (!shown_) return;
  Draw(descriptor_, "\r\x1b[K");
  shown_ = false;
}

}  // namespace tupu
