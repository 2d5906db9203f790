#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <tupu/result.h>

namespace tupu {

// Keys are big-endian, so that bytes sort as numbers do; values use varints (7 bits a byte, low bits first) and, where
// a column is of fixed width, little-endian numbers.

inline constexpr bool kLittleEndian = std::endian::native == std::endian::little;

/// The number whose bytes in memory are those of `v`, the highest (or lowest) one first. By hand, since compilers make
/// loops over bytes of it.
inline uint32_t BigEndian(uint32_t v) {
  return kLittleEndian ? __builtin_bswap32(v) : v;
}
inline uint64_t BigEndian(uint64_t v) {
  return kLittleEndian ? __builtin_bswap64(v) : v;
}
inline uint64_t LittleEndian(uint64_t v) {
  return kLittleEndian ? v : __builtin_bswap64(v);
}

inline void AppendU32(std::string& out, uint32_t v) {
  v = BigEndian(v);
  out.append(reinterpret_cast<const char*>(&v), sizeof v);
}

inline void AppendU64(std::string& out, uint64_t v) {
  v = BigEndian(v);
  out.append(reinterpret_cast<const char*>(&v), sizeof v);
}

inline constexpr size_t kMaxVarintBytes = 10;

/// Writes at `at`, which has room for kMaxVarintBytes; gives the end.
inline char* PutVarint(char* at, uint64_t v) {
  for (; v >= 0x80; v >>= 7) *at++ = static_cast<char>(v | 0x80);
  *at++ = static_cast<char>(v);
  return at;
}

inline void AppendVarint(std::string& out, uint64_t v) {
  if (v < 0x80) {
    out.push_back(static_cast<char>(v));
    return;
  }
  char bytes[kMaxVarintBytes];
  out.append(bytes, static_cast<size_t>(PutVarint(bytes, v) - bytes));
}

/// Small numbers of either sign become small unsigned ones.
constexpr uint64_t ZigZag(int64_t v) {
  return (static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63);
}
constexpr int64_t UnZigZag(uint64_t v) {
  return static_cast<int64_t>(v >> 1) ^ -static_cast<int64_t>(v & 1);
}

inline void AppendSigned(std::string& out, int64_t v) {
  AppendVarint(out, ZigZag(v));
}

inline void AppendSized(std::string& out, std::string_view bytes) {
  AppendVarint(out, bytes.size());
  out.append(bytes);
}

/// `width` low bytes of `v`, little-endian.
inline void AppendFixed(std::string& out, uint64_t v, int width) {
  v = LittleEndian(v);
  out.append(reinterpret_cast<const char*>(&v), static_cast<size_t>(width));
}

/// Requires: bytes holds `width` bytes at `at`.
inline uint64_t FixedAt(std::string_view bytes, size_t at, int width) {
  uint64_t v = 0;
  if (width == 8) {
    std::memcpy(&v, bytes.data() + at, 8);
    return LittleEndian(v);
  }
  for (int i = 0; i < width; ++i) v |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[at + i])) << (8 * i);
  return v;
}

/// Text within a composite key: ordered as the text is, and no text is a prefix of another (00 becomes 00 FF, 00 01
/// ends).
void AppendOrderedText(std::string& out, std::string_view text);

/// The least key above all keys that start with `prefix`; nullopt when there is none.
std::optional<std::string> PrefixUpperBound(std::string_view prefix);

/// Error of a decoder: "<what>: <why>".
Error CorruptionOf(std::string_view what, std::string_view why);

/// Takes numbers off the front of bytes. The first failure sticks: every later read gives 0, and Finish reports it.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  uint8_t U8() { return Take(1) ? static_cast<uint8_t>(taken_[0]) : 0; }
  uint32_t U32() {
    if (!Take(4)) return 0;
    uint32_t v = 0;
    std::memcpy(&v, taken_.data(), sizeof v);
    return BigEndian(v);
  }
  uint64_t U64() {
    if (!Take(8)) return 0;
    uint64_t v = 0;
    std::memcpy(&v, taken_.data(), sizeof v);
    return BigEndian(v);
  }
  uint64_t Varint() {
    uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      if (shift == 63 && byte > 1) break;  // more than 64 bits
      v |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return v;
    }
    Fail();
    return 0;
  }
  int64_t Signed() { return UnZigZag(Varint()); }
  uint64_t Fixed(int width) { return Take(static_cast<size_t>(width)) ? FixedAt(taken_, 0, width) : 0; }
  std::string_view Bytes(uint64_t size) { return Take(size) ? taken_ : std::string_view(); }
  std::string_view Sized() { return Bytes(Varint()); }
  std::string_view Rest() { return Bytes(rest_.size()); }

  void Fail() {
    failed_ = true;
    rest_ = {};
  }
  bool ok() const { return !failed_; }
  size_t remaining() const { return rest_.size(); }

  /// kCorruption after a failed read or when bytes are left over.
  Status Finish(std::string_view what) const {
    if (failed_) return CorruptionOf(what, "too short or out of range");
    if (!rest_.empty()) return CorruptionOf(what, "bytes left over");
    return {};
  }

 private:
  bool Take(uint64_t size) {
    if (size > rest_.size()) {
      Fail();
      return false;
    }
    taken_ = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
  std::string_view taken_;
  bool failed_ = false;
};

}  // namespace tupu
