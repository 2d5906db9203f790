#include "storage/base/checksum.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tupu {

namespace {

constexpr uint64_t kPrime1 = 0x9E3779B185EBCA87;
constexpr uint64_t kPrime2 = 0xC2B2AE3D27D4EB4F;
constexpr uint64_t kPrime3 = 0x165667B19E3779F9;
constexpr uint64_t kPrime4 = 0x85EBCA77C2B2AE63;
constexpr uint64_t kPrime5 = 0x27D4EB2F165667C5;
constexpr size_t kStripe = 32;

template <class T>
T Little(const char* bytes) {
  T v;
  std::memcpy(&v, bytes, sizeof(v));
  if constexpr (std::endian::native == std::endian::big)
    v = sizeof(v) == 8 ? __builtin_bswap64(v) : __builtin_bswap32(v);
  return v;
}

uint64_t Round(uint64_t lane, uint64_t input) {
  return std::rotl(lane + input * kPrime2, 31) * kPrime1;
}
uint64_t Merge(uint64_t hash, uint64_t lane) {
  return (hash ^ Round(0, lane)) * kPrime1 + kPrime4;
}

}  // namespace

Checksum64::Checksum64() : lanes_{kPrime1 + kPrime2, kPrime2, 0, uint64_t{0} - kPrime1}, waiting_{} {}

void Checksum64::Add(std::string_view bytes) {
  length_ += bytes.size();
  // In locals: the compiler cannot know that the bytes are not the lanes.
  uint64_t a = lanes_[0], b = lanes_[1], c = lanes_[2], d = lanes_[3];
  const auto take = [&](const char* at) {
    a = Round(a, Little<uint64_t>(at));
    b = Round(b, Little<uint64_t>(at + 8));
    c = Round(c, Little<uint64_t>(at + 16));
    d = Round(d, Little<uint64_t>(at + 24));
  };
  if (num_waiting_ > 0) {
    const size_t more = std::min(kStripe - num_waiting_, bytes.size());
    std::memcpy(waiting_ + num_waiting_, bytes.data(), more);
    num_waiting_ += more;
    bytes.remove_prefix(more);
    if (num_waiting_ < kStripe) return;
    take(waiting_);
    num_waiting_ = 0;
  }
  for (; bytes.size() >= kStripe; bytes.remove_prefix(kStripe)) take(bytes.data());
  if (!bytes.empty()) std::memcpy(waiting_, bytes.data(), bytes.size());
  num_waiting_ = bytes.size();
  lanes_[0] = a, lanes_[1] = b, lanes_[2] = c, lanes_[3] = d;
}

uint64_t Checksum64::Value() const {
  uint64_t hash = kPrime5;
  if (length_ >= kStripe) {
    hash = std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) + std::rotl(lanes_[3], 18);
    for (const uint64_t lane : lanes_) hash = Merge(hash, lane);
  }
  hash += length_;
  const char* at = waiting_;
  size_t rest = num_waiting_;
  for (; rest >= 8; at += 8, rest -= 8) hash = std::rotl(hash ^ Round(0, Little<uint64_t>(at)), 27) * kPrime1 + kPrime4;
  for (; rest >= 4; at += 4, rest -= 4) hash = std::rotl(hash ^ Little<uint32_t>(at) * kPrime1, 23) * kPrime2 + kPrime3;
  for (; rest > 0; ++at, --rest) hash = std::rotl(hash ^ static_cast<uint8_t>(*at) * kPrime5, 11) * kPrime1;
  hash = (hash ^ hash >> 33) * kPrime2;
  hash = (hash ^ hash >> 29) * kPrime3;
  return hash ^ hash >> 32;
}

}  // namespace tupu
