#pragma once

#include <cstdint>

namespace tupu {

/// std::popcount calls a library function on processors of 2003, which we must still run on.
inline uint64_t CountBits(uint64_t v) {
  v = v - ((v >> 1) & 0x5555555555555555);
  v = (v & 0x3333333333333333) + ((v >> 2) & 0x3333333333333333);
  return (((v + (v >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101) >> 56;
}

}  // namespace tupu
