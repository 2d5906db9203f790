#pragma once

// Invariants of our own code. User input never reaches one: it gets an Error.

namespace tupu {
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);
}

/// Always on: cheap, and a wrong answer would be worse than a stop.
#define TUPU_CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::tupu::CheckFailed(#condition, __FILE__, __LINE__))

/// Debug builds only, for hot loops.
#ifdef NDEBUG
#define TUPU_DCHECK(condition) void(0)
#else
#define TUPU_DCHECK(condition) TUPU_CHECK(condition)
#endif
