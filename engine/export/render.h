#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <tupu/cancellation.h>
#include <tupu/result.h>

namespace tupu {

struct RenderLimits {
  std::chrono::milliseconds time{60'000};
  uint64_t memory_bytes = 2ull << 30;  // address space of the child
  std::string program = "dot";         // searched in PATH
};

/// Draws DOT text with Graphviz in a child process: Graphviz is not thread-safe and may run for minutes or crash on odd
/// graphs, neither of which must reach the caller.
///
/// Input   `format`: "svg" or "png".
/// Result  the bytes of the picture.
/// Errors  kNotFound if Graphviz is not installed (and how to install it); kResourceExhausted for the time or memory limit;
///         kCancelled; kIo for any other failure, with what Graphviz said.
/// Threads safe; each call has a child of its own.
Result<std::string> RenderDot(std::string_view dot, std::string_view format, const RenderLimits& limits,
                              const CancellationToken& cancellation);

}  // namespace tupu
