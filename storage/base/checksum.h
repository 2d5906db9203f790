#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tupu {

/// XXH64 of bytes that come in pieces: finds damage, not intent. About 8 bytes a cycle.
/// Source: Yann Collet, github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
class Checksum64 {
 public:
  Checksum64();
  void Add(std::string_view bytes);
  /// Of all that was added; may be asked for more than once.
  uint64_t Value() const;

 private:
  uint64_t lanes_[4];
  char waiting_[32];  // less than a stripe
  size_t num_waiting_ = 0;
  uint64_t length_ = 0;
};

inline uint64_t Checksum64Of(std::string_view bytes) {
  Checksum64 checksum;
  checksum.Add(bytes);
  return checksum.Value();
}

}  // namespace tupu
