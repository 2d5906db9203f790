#pragma once

#include <cstdint>

namespace tupu {

/// What a writer that will be killed tells of a commit that succeeded. Shorter than PIPE_BUF: it arrives whole.
struct Acknowledgement {
  uint64_t writer;
  uint64_t number;
};

}  // namespace tupu
