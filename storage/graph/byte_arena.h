#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace tupu {

/// Keeps bytes until it is destroyed; what it gave out does not move. Chunks grow to a MiB: a transaction adds one row as
/// a rule, a load millions.
class ByteArena {
 public:
  std::string_view Add(std::string_view bytes) {
    if (bytes.empty()) return {"", 0};  // never null: null means something to the callers
    if (bytes.size() > left_) Grow(bytes.size());
    char* const at = next_;
    std::memcpy(at, bytes.data(), bytes.size());
    next_ += bytes.size();
    left_ -= bytes.size();
    return {at, bytes.size()};
  }

  /// Everything that it gave out is void. Keeps one chunk.
  void Clear() {
    if (chunks_.empty()) return;
    chunks_.erase(chunks_.begin(), chunks_.end() - 1);
    left_ = size_ = last_size_;
    next_ = chunks_.back().get();
  }

  /// What its chunks occupy.
  uint64_t size() const { return size_; }

 private:
  static constexpr size_t kFirstChunk = 1 << 10;
  static constexpr size_t kLargestChunk = 1 << 20;

  void Grow(size_t needed) {
    // A large value gets a chunk of its own and leaves the current one as it is spent.
    left_ = std::max(needed, std::clamp<size_t>(size_, kFirstChunk, kLargestChunk));
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
    next_ = chunks_.back().get();
    size_ += left_;
    last_size_ = left_;
  }

  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  uint64_t size_ = 0;
  uint64_t last_size_ = 0;  // of the last chunk
};

}  // namespace tupu
